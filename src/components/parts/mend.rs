//! A change of the zone as somebody makes it: where to click, what to take away, what goes into which field of the
//! form, how long to wait.

use std::ops::Range;

use crate::components::{
    h::{El, el, part},
    on::typed,
    scene::Scene,
};
use mail_triage_browser::words::args;
use mail_triage_engine::{
    around::ChangeContext,
    bounds,
    build::diff,
    change::{Fix, Safety},
    check::{Code, Subject},
    dns::{Name, Rtype},
    host_form::{HostForm, TTL},
    record::{dmarc::is_record, spf::is_spf},
    report::FindingReport,
    route::{BuildKind, building, slimming},
    visible::visible,
};

/// Parts of a text.
type Marks = Vec<Range<usize>>;

/// Where records are kept that nobody recognised and the user did not say.
const NOWHERE: &str = "?";
/// Where one of several hosts is recognised and the user has not said which.
const OPEN: &str = "";

/// What to do, in the order of doing it.
pub fn mend(scene: &Scene, finding: &FindingReport, fix: &Fix, around: &ChangeContext) -> El {
    let decide = fix.safety == Safety::Decide;
    // Where there is something to choose, the way to the builder stands beside the choice.
    let builder = builder(scene, fix).filter(|_| finding.code != Code::Spf090);
    let also = &finding.also;
    let part = part("div", "fix")
        .with(scene.el("h4", "fix.title"))
        .maybe(decide.then(|| part("p", "note").text(scene.say("fix.decide"))))
        .maybe(builder);
    steps(scene, part, fix, also, around)
}

/// The way to the builder from a record with too many lookups, where who sends is to be chosen. Whoever is there already
/// is choosing.
pub fn choice(scene: &Scene, finding: &FindingReport) -> Option<El> {
    let Subject::Name(domain) = &finding.subject else { return None };
    if finding.code != Code::Spf090 || scene.route.asked().is_none() {
        return None;
    }
    let domain = domain.as_str();
    let link = part("a", "quiet button").set("href", slimming(domain)).text(scene.say("fix.choose"));
    Some(el("p").with(link))
}

/// The way to another record than the proposed one.
fn builder(scene: &Scene, fix: &Fix) -> Option<El> {
    let text = fix.publish.first().filter(|_| fix.rtype == Rtype::Txt && !scene.is_example)?;
    let domain = fix.owner.as_str();
    let (kind, domain) = match domain.strip_prefix("_dmarc.") {
        Some(domain) if is_record(text) => (BuildKind::Dmarc, domain),
        None if is_spf(text.as_bytes()) => (BuildKind::Spf, domain),
        _ => return None,
    };
    let link = el("a").set("href", building(kind, domain)).text(scene.say("fix.builder"));
    Some(el("p").with(link))
}

/// The steps, behind what is in `before` already. What has to go elsewhere goes first: beside an alias nothing can be added.
pub fn steps(scene: &Scene, before: El, fix: &Fix, also: &[Fix], around: &ChangeContext) -> El {
    let at = host_form(scene, around);
    let mut steps = vec![place(scene, fix, around, &at)];
    // Half a recipe takes a record away and puts none in its place.
    if fix.rtype != Rtype::Ptr && at.undecided().is_some() {
        return before.with(part("ol", "howto").all(steps));
    }
    let (gone, come) = changes(fix);
    let replaces = fix.remove.len() == 1 && fix.publish.len() == 1;
    for other in also {
        let unmarked = vec![Marks::new(); bounds::shown(&other.remove, bounds::SHOWN_RECORDS).0.len()];
        steps.push(old(scene, other, &at, false, &unmarked));
    }
    if !fix.remove.is_empty() {
        steps.push(old(scene, fix, &at, replaces, &gone));
    }
    if !fix.publish.is_empty() {
        steps.push(new(scene, fix, around, &at, replaces, &come));
    }
    steps.push(wait(scene, around));
    before.with(part("ol", "howto").all(steps))
}

fn step(title: String) -> El {
    el("li").with(part("p", "howto-title").text(title))
}

/// The host whose form is filled in.
fn host_form<'a>(scene: &'a Scene, around: &'a ChangeContext) -> HostForm<'a> {
    let hosts = scene.knowledge.as_ref().map(|knowledge| &knowledge.dns_hosts);
    HostForm::new(hosts, around, scene.kept_at.as_deref())
}

/// Where the records are kept.
fn place(scene: &Scene, fix: &Fix, around: &ChangeContext, at: &HostForm<'_>) -> El {
    if fix.rtype == Rtype::Ptr {
        return step(scene.say("fix.ptr")).with(scene.el("p", "fix.ptr.note"));
    }
    let mut place = step(scene.say("fix.open"));
    if around.zone.is_none() {
        let owner = scene.with("fix.elsewhere", "name", &fix.owner);
        place = place.with(part("p", "note").text(owner));
    }
    let undecided = at.undecided();
    if let Some(several) = undecided {
        place = place.with(scene.el("p", &format!("host.{}.path", several.id)));
    }
    place = place.with(choose(scene, at));
    if undecided.is_some() {
        return place;
    }
    let Some(host) = at.host else {
        let servers = if around.servers.is_empty() { "fix.open.unknown" } else { "fix.open.servers" };
        let text = scene.with(servers, "servers", mail_triage_engine::check::Arg::list(&around.servers));
        return place.with(el("p").text(text));
    };
    let mut links = part("p", "links");
    if let Some(panel) = &host.panel {
        links = links.with(scene.external(panel, scene.with("fix.panel", "host", host.name.as_str())));
    }
    if let Some(help) = &host.help {
        links = links.with(scene.external(help, scene.say("fix.help")));
    }
    place.with(scene.el("p", &format!("host.{}.path", host.id))).with(links)
}

/// The choice of the host, with the recognised one first.
fn choose(scene: &Scene, at: &HostForm<'_>) -> El {
    let Some(knowledge) = &scene.knowledge else { return el("div") };
    let open = at.undecided().is_some();
    let current = at.host.map_or(if open { OPEN } else { NOWHERE }, |host| host.id.as_str());
    let hosts = &knowledge.dns_hosts;
    let known = at.recognised();
    let several = known.map_or(&[][..], |known| &known.one_of);
    let option = |id: &str, name: String| {
        el("option").key(id).set("value", id.to_owned()).flag("selected", id == current).text(name)
    };
    let mut options: Vec<El> = Vec::new();
    if open {
        options.push(option(OPEN, scene.say("fix.host.choose")));
    }
    if let Some(known) = known.filter(|_| several.is_empty()) {
        options.push(option(&known.id, scene.with("fix.host.recognised", "host", known.name.as_str())));
    }
    let first = several.iter().filter_map(|id| hosts.by_id(id));
    options.extend(first.map(|host| option(&host.id, host.name.clone())));
    options.push(option(NOWHERE, scene.say("fix.host.other")));
    let others = hosts.hosts.iter().filter(|host| host.one_of.is_empty() && !several.contains(&host.id));
    for host in others {
        if known.is_none_or(|known| known.id != host.id) {
            options.push(option(&host.id, host.name.clone()));
        }
    }
    let select = el("select").key(current).all(options);
    let keep_at = scene.keep_at.clone();
    let select = typed(select, move |id| keep_at.emit(id));
    part("label", "field").with(scene.el("span", "fix.host")).with(select)
}

/// What is gone from each old text, and what is new in each new one.
fn changes(fix: &Fix) -> (Vec<Marks>, Vec<Marks>) {
    let old = fix.remove.join(" ");
    let new = fix.publish.join(" ");
    let (remove, _) = bounds::shown(&fix.remove, bounds::SHOWN_RECORDS);
    let gone = remove.iter().map(|text| diff(text, &new).0).collect();
    let come = fix.publish.iter().map(|text| diff(&old, text).1).collect();
    (gone, come)
}

/// A text with parts of it marked.
fn marked(text: &str, marks: &[Range<usize>], tag: &'static str) -> El {
    let mut code = el("code");
    let mut at = 0;
    // Where nothing stays there is nothing to compare, and where nearly everything changes nobody compares.
    let whole =
        marks.iter().map(Range::len).sum::<usize>() * 4 > text.len() * 3 || marks.len() > bounds::MARKS;
    for mark in marks.iter().filter(|_| !whole) {
        if let (Some(before), Some(part)) = (text.get(at..mark.start), text.get(mark.clone())) {
            code = code.text(visible(before)).with(el(tag).text(visible(part)));
            at = mark.end;
        }
    }
    code.text(visible(text.get(at..).unwrap_or_default()))
}

/// The record that goes, or that gets another value.
fn old(scene: &Scene, fix: &Fix, at: &HostForm<'_>, replaces: bool, gone: &[Marks]) -> El {
    let title = if replaces { scene.say("fix.find") } else { scene.count("fix.remove", fix.remove.len()) };
    let mut item = step(title);
    for (text, marks) in fix.remove.iter().zip(gone) {
        let shown = at.fields(fix, text);
        let name = if shown.name.is_empty() { scene.say("fix.name.empty") } else { shown.name };
        let place = [("type", fix.rtype.to_string().into()), ("name", name.into())];
        item = item
            .with(part("p", "record-label").text(scene.page.words.with("fix.find.place", place)))
            .with(scene.copyable(marked(text, marks, "del"), &visible(text)));
    }
    item.maybe(scene.more(fix.remove.len().saturating_sub(gone.len())))
}

/// The record to publish, field by field.
fn new(
    scene: &Scene,
    fix: &Fix,
    around: &ChangeContext,
    at: &HostForm<'_>,
    replaces: bool,
    come: &[Marks],
) -> El {
    let key = if replaces { "fix.change" } else { "fix.add" };
    let mut item = step(scene.say(key));
    for (text, marks) in fix.publish.iter().zip(come) {
        item = item.with(form(scene, fix, around, at, text, if replaces { marks } else { &[] }));
        if at.host.is_some_and(|host| host.refuses(fix.rtype, text)) {
            item = item.with(part("p", "error").text(scene.say("fix.refused")));
        }
    }
    if let Some(lookups) = around.lookups {
        let values = [("before", lookups.before.unwrap_or_default().into()), ("after", lookups.after.into())];
        let differs = lookups.before.is_some_and(|before| before != lookups.after);
        let key = if differs { "fix.lookups" } else { "fix.lookups.new" };
        let level = if lookups.after > mail_triage_engine::spf::MAX_LOOKUPS { "stops" } else { "pass" };
        let text = scene.page.words.fill(key, &args(values));
        item = item.with(el("p").with(part("span", "state").put("data-level", level).text(text)));
    }
    item
}

/// One row a field, each with what copies it exactly.
fn form(
    scene: &Scene,
    fix: &Fix,
    around: &ChangeContext,
    at: &HostForm<'_>,
    text: &str,
    marks: &[Range<usize>],
) -> El {
    let fields = at.fields(fix, text);
    let name_note = note_of_name(scene, fix, around, &fields.name);
    let value = if fields.value == text {
        scene.copyable(marked(text, marks, "ins"), &visible(text))
    } else {
        scene.record(&fields.value)
    };
    let name = match fields.name.is_empty() {
        true => part("p", "leave-empty").text(scene.say("fix.name.leave-empty")),
        false => scene.record(&fields.name),
    };
    let row = |key: &str, shown: El, note: Option<String>| {
        let entry = el("dd").with(shown).maybe(note.map(|note| part("span", "note").text(note)));
        el("div")
            .set("data-field", key.to_owned())
            .with(scene.el("dt", &format!("fix.field.{key}")))
            .with(entry)
    };
    let mut list = part("dl", "paste");
    list = list.with(row("type", scene.record(&fields.rtype.to_string()), None));
    list = list.with(row("name", name, name_note));
    if let Some(priority) = fields.priority {
        list = list.with(row("priority", scene.record(&priority.to_string()), None));
    }
    list.with(row("value", value, None)).with(row(
        "ttl",
        scene.record(&TTL.to_string()),
        Some(scene.say("fix.ttl.note")),
    ))
}

/// What stands for the domain, or that its end is added by the form.
fn note_of_name(scene: &Scene, fix: &Fix, around: &ChangeContext, name: &str) -> Option<String> {
    let zone: &Name = around.zone.as_ref()?;
    let whole = fix.owner.as_str();
    let key = match name {
        "@" => "fix.name.at",
        "" => "fix.name.none",
        name if name == whole => return None,
        _ => "fix.name.relative",
    };
    Some(scene.page.words.with(key, [("zone", zone.into()), ("whole", whole.into())]))
}

/// How long the old answer lives on, and the button to look again.
fn wait(scene: &Scene, around: &ChangeContext) -> El {
    let text = match around.wait {
        Some(seconds) => {
            let (unit, n) = duration(seconds);
            let time = mail_triage_engine::check::Arg::key(unit);
            scene.page.words.with("fix.wait.known", [("time", time), ("n", u64::from(n).into())])
        }
        None => scene.say("fix.wait.unknown"),
    };
    let again = scene.again.clone();
    step(scene.say("fix.wait")).with(el("p").text(text)).with(scene.page.button(
        "quiet",
        "ui.again",
        move || again.emit(()),
    ))
}

/// Seconds as people say them: the key of the unit, and how many of it.
fn duration(seconds: u32) -> (&'static str, u32) {
    match seconds {
        0..=5_400 => ("fix.minutes", seconds.div_ceil(60).max(1)),
        5_401..=172_800 => ("fix.hours", seconds.div_ceil(3_600)),
        _ => ("fix.days", seconds.div_ceil(86_400)),
    }
}
