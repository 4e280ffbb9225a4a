//! How mail is judged: from the From line by way of SPF and DKIM to DMARC, and what receivers do then.

use super::senders;
use crate::{
    components::{
        h::{El, el, part},
        ui::Ui,
    },
    machine::{Event, Field},
    shell::state::Action,
};
use mail_triage_engine::{
    check::{Arg, Args},
    dns::Failure,
    picture::judgement::{
        AlignmentMatch, Chance, DkimOutcome, DmarcVerdict, MailJudgement, RequestedPolicy, SenderJudgement,
        SpfOutcome,
    },
    spf::SpfResult,
};

/// So many names of keys are shown.
const MOST_NAMES: usize = 6;

/// The picture.
pub fn judged(ui: &Ui<'_>, judged: &MailJudgement) -> El {
    let Some(sender) = picked(ui, judged) else {
        return el("div");
    };
    let say = Say { ui, judged, sender };
    part("div", "judged")
        .with(part("p", "judged-say").text(say.outcome()))
        .maybe(sender.ip.is_none().then(|| ask(ui, &sender.spf)).flatten())
        .with(
            part("div", "flow")
                .with(say.mail())
                .with(wires(&[50], &[25, 75], &[say.spf_state(), say.dkim_state()]))
                .with(part("div", "pair").with(say.spf()).with(say.dkim()))
                .with(wires(&[25, 75], &[50], &[say.spf_state(), say.dkim_state()]))
                .with(say.dmarc())
                .with(say.fork())
                .with(say.places()),
        )
        .with(part("p", "note").text(ui.say("judge.note")))
}

/// The sender that is followed.
fn picked<'a>(ui: &Ui<'_>, judged: &'a MailJudgement) -> Option<&'a SenderJudgement> {
    let picked = judged.senders.iter().find(|sender| sender.ip.is_some() && sender.ip == ui.state.picked);
    picked.or(judged.senders.first())
}

/// The verdict in a few words, and its level.
pub fn headline(ui: &Ui<'_>, judged: &MailJudgement) -> (String, &'static str) {
    let Some(sender) = picked(ui, judged) else {
        return (String::new(), "info");
    };
    (ui.say(&verdict_key(judged, sender)), level(sender))
}

/// Without a rule there is no verdict of DMARC, only what SPF and DKIM say.
fn verdict_key(judged: &MailJudgement, sender: &SenderJudgement) -> String {
    if sender.is_parked() && sender.verdict == DmarcVerdict::Fail {
        return "judge.verdict.parked".to_owned();
    }
    let without = judged.rule == RequestedPolicy::Nothing
        && matches!(sender.verdict, DmarcVerdict::Pass | DmarcVerdict::Fail);
    format!("judge.verdict.{}{}", sender.verdict.as_str(), if without { ".no-rule" } else { "" })
}

fn level(sender: &SenderJudgement) -> &'static str {
    match sender.verdict {
        DmarcVerdict::Pass => "pass",
        DmarcVerdict::IfSigned | DmarcVerdict::IfSender => "info",
        DmarcVerdict::IfSignedUnseen => "improve",
        DmarcVerdict::Fail if sender.is_parked() => "info",
        DmarcVerdict::Fail => "stops",
        DmarcVerdict::Unknown => "unknown",
    }
}

/// Offers addresses where none was given and one is needed.
fn ask(ui: &Ui<'_>, spf: &SpfOutcome) -> Option<El> {
    if *spf != SpfOutcome::NoAddress {
        return None;
    }
    let services = ui
        .state
        .machine
        .outcome()
        .and_then(|outcome| outcome.pictures.spf.as_ref())
        .map_or(&[][..], |tree| &tree.services);
    let who =
        (!services.is_empty()).then(|| el("p").text(ui.with("judge.services", "names", Arg::list(services))));
    if ui.state.machine.example().is_some() {
        return who.map(|who| part("div", "judged-ask").with(who));
    }
    let known = ui.report().map(|report| &report.views.sending);
    let known =
        known.map(|sending| [&sending.addresses[..], &sending.offers[..]].concat()).unwrap_or_default();
    let key = if known.is_empty() { "judge.ask.type" } else { "judge.ask" };
    let mut offers = senders::choices(ui, &known);
    let enter = ui.button("quiet", "judge.ask.enter", Action::Do(Event::Edit(Field::Ip))).key("enter");
    offers.push(enter);
    Some(
        part("div", "judged-ask")
            .maybe(who)
            .with(part("p", "no-print").text(ui.say(key)))
            .with(part("div", "choices").all(offers)),
    )
}

/// Lines between one row of boxes and the next. `state` is the state of each line.
fn wires(from: &[u32], to: &[u32], states: &[&'static str]) -> El {
    let lines = states.iter().enumerate().map(|(at, state)| {
        let start = from.get(at).or(from.first()).copied().unwrap_or(50);
        let end = to.get(at).or(to.first()).copied().unwrap_or(50);
        el("path")
            .put("class", "wire")
            .put("data-state", state)
            .set("d", format!("M{start} 0C{start} 14 {end} 10 {end} 24"))
    });
    part("svg", "wires")
        .put("viewBox", "0 0 100 24")
        .put("preserveAspectRatio", "none")
        .put("aria-hidden", "true")
        .all(lines.collect())
}

struct Say<'a> {
    ui: &'a Ui<'a>,
    judged: &'a MailJudgement,
    sender: &'a SenderJudgement,
}

impl Say<'_> {
    fn args(&self) -> Args {
        let mut args = Args::default();
        args.set("from", (&self.judged.from).into());
        if let Some(ip) = self.sender.ip {
            args.set("ip", ip.into());
        }
        args
    }

    fn say(&self, key: &str) -> String {
        self.ui.state.words.fill(key, &self.args())
    }

    fn because(&self, key: &str, failure: Option<Failure>) -> String {
        let Some(failure) = failure else { return self.say(&format!("{key}.plain")) };
        let mut args = self.args();
        args.set("reason", Arg::key(failure.key()));
        args.set("status", u64::from(failure.number().unwrap_or_default()).into());
        self.ui.state.words.fill(key, &args)
    }

    fn outcome(&self) -> String {
        let mut args = self.args();
        let rule = match &self.judged.rule {
            RequestedPolicy::Policy { policy, .. } => policy.as_str(),
            RequestedPolicy::Nothing => "nothing",
            RequestedPolicy::Unknown(_) => "unknown",
        };
        args.set("end", Arg::key(format!("judge.end.{rule}")));
        if self.sender.is_parked() && self.sender.verdict == DmarcVerdict::Fail {
            return self.ui.state.words.fill("judge.say.parked", &args);
        }
        let mut key = format!("judge.say.{}", self.sender.verdict.as_str());
        let about_one = matches!(
            self.sender.verdict,
            DmarcVerdict::Pass | DmarcVerdict::Fail | DmarcVerdict::IfSigned | DmarcVerdict::IfSignedUnseen
        );
        if self.sender.ip.is_none() && about_one {
            key.push_str(".anyone");
        }
        self.ui.state.words.fill(&key, &args)
    }

    fn mail(&self) -> El {
        let sent = match self.sender.ip {
            Some(_) => self.say("judge.sent"),
            None => self.ui.say("judge.sent.unknown"),
        };
        part("div", "box mail")
            .with(part("p", "box-title").text(self.ui.say("judge.from")))
            .with(part("p", "box-name").text(self.judged.from.to_string()))
            .with(part("p", "note").text(self.ui.with("judge.envelope", "name", &self.judged.envelope)))
            .with(part("p", "note").text(sent))
    }

    fn spf_state(&self) -> &'static str {
        match &self.sender.spf {
            SpfOutcome::Result(SpfResult::Pass, _) => aligned("yes", self.judged.spf_match),
            SpfOutcome::Result(..) => "no",
            SpfOutcome::NoAddress => "if",
            SpfOutcome::Unknown(_) => "unknown",
        }
    }

    fn dkim_state(&self) -> &'static str {
        match &self.judged.dkim {
            DkimOutcome::Ready(_) | DkimOutcome::NotFound(_) => aligned("if", self.judged.dkim_match),
            DkimOutcome::Unusable(_) | DkimOutcome::Absent => "no",
            DkimOutcome::Unknown(_) => "unknown",
        }
    }

    /// A box: its title, whether it counts, and what there is to say.
    fn box_(&self, title: &str, state: &'static str) -> El {
        let level = match state {
            "yes" => "pass",
            // That nothing vouches for mail of a domain without mail is as it should be.
            "no" if self.sender.is_parked() => "not-applicable",
            "no" => "stops",
            "if" => "info",
            _ => "unknown",
        };
        let word = part("p", "state").text(self.ui.say(&format!("judge.word.{state}")));
        part("div", "box")
            .put("data-level", level)
            .put("data-state", state)
            .with(part("p", "box-title").text(self.ui.say(title)))
            .with(word)
    }

    fn spf(&self) -> El {
        let (text, term) = match &self.sender.spf {
            SpfOutcome::Result(SpfResult::PermError, term) if self.sender.ip.is_some() => {
                (self.say("judge.spf.permerror.for"), term.as_ref())
            }
            SpfOutcome::Result(
                result @ (SpfResult::Pass | SpfResult::Fail | SpfResult::SoftFail | SpfResult::Neutral),
                term,
            ) if self.sender.ip.is_none() => (self.say(&format!("{}.anyone", result.key())), term.as_ref()),
            SpfOutcome::Result(result, term) => (self.say(&result.key()), term.as_ref()),
            SpfOutcome::NoAddress => (self.say("judge.spf.no-address"), None),
            SpfOutcome::Unknown(failure) => (self.because("judge.spf.unknown", *failure), None),
        };
        let term = term.map(|term| {
            let label = format!("{} ", self.ui.say("judge.spf.because"));
            part("p", "note").text(label).with(el("code").text(term.as_str()))
        });
        let align = matches!(self.sender.spf, SpfOutcome::Result(SpfResult::Pass, _) | SpfOutcome::NoAddress)
            .then(|| part("p", "note").text(self.align("spf", self.judged.spf_match)));
        self.box_("judge.spf", self.spf_state()).with(el("p").text(text)).maybe(term).maybe(align)
    }

    fn dkim(&self) -> El {
        let (text, selectors): (String, &[String]) = match &self.judged.dkim {
            DkimOutcome::Ready(names) => (self.ui.count("judge.dkim.ready", names.len()), names),
            DkimOutcome::Unusable(names) => (self.say("judge.dkim.unusable"), names),
            DkimOutcome::Absent => (self.say("judge.dkim.absent"), &[]),
            DkimOutcome::NotFound(tried) => (self.ui.count("judge.dkim.not-found", *tried), &[]),
            DkimOutcome::Unknown(failure) => (self.because("judge.dkim.unknown", *failure), &[]),
        };
        let names = (!selectors.is_empty()).then(|| {
            let mut line = part("p", "note").text(format!("{} ", self.ui.say("judge.dkim.selectors")));
            for (at, name) in selectors.iter().take(MOST_NAMES).enumerate() {
                line = line.text(if at > 0 { ", " } else { "" }).with(el("code").text(name.as_str()));
            }
            line.text(if selectors.len() > MOST_NAMES { " …" } else { "" })
        });
        let align = matches!(self.judged.dkim, DkimOutcome::Ready(_) | DkimOutcome::NotFound(_))
            .then(|| part("p", "note").text(self.align("dkim", self.judged.dkim_match)));
        self.box_("judge.dkim", self.dkim_state()).with(el("p").text(text)).maybe(names).maybe(align)
    }

    fn align(&self, which: &str, matching: AlignmentMatch) -> String {
        match (matching.aligned, matching.strict) {
            (None, _) => self.say("judge.align.unknown"),
            (Some(false), _) => self.say(&format!("judge.align.{which}.no")),
            (Some(true), true) => self.say(&format!("judge.align.{which}.strict")),
            (Some(true), false) => self.say(&format!("judge.align.{which}.relaxed")),
        }
    }

    fn dmarc(&self) -> El {
        let verdict = self.sender.verdict;
        let rule = match &self.judged.rule {
            RequestedPolicy::Policy { policy, .. } => self.say(&format!("judge.rule.{}", policy.as_str())),
            RequestedPolicy::Nothing => self.say("judge.rule.nothing"),
            RequestedPolicy::Unknown(failure) => self.because("judge.rule.unknown", Some(*failure)),
        };
        let mut text = el("p").text(rule);
        if let RequestedPolicy::Policy { by, testing, .. } = &self.judged.rule {
            if let Some(by) = by {
                text = text.text(" ").text(self.ui.with("judge.rule.by", "name", by));
            }
            if *testing {
                text = text.text(" ").text(self.ui.say("judge.rule.testing"));
            }
        }
        let state = self.say(&verdict_key(self.judged, self.sender));
        part("div", "box dmarc")
            .put("data-level", level(self.sender))
            .set("data-verdict-of-dmarc", verdict.as_str().to_owned())
            .with(part("p", "box-title").text(self.ui.say("judge.dmarc")))
            .with(part("p", "state").text(state))
            .with(text)
            .with(part("p", "note").text(self.ui.say("judge.one")))
    }

    fn ends(&self) -> [(&'static str, Chance); 3] {
        let fate = self.sender.fate;
        [("inbox", fate.inbox), ("junk", fate.junk), ("refused", fate.refused)]
    }

    fn fork(&self) -> El {
        let states = self.ends().map(|(place, chance)| match chance {
            Chance::Yes if place != "inbox" => "lost",
            _ => chance.as_str(),
        });
        wires(&[50], &[17, 50, 83], &states)
    }

    fn places(&self) -> El {
        let places = self.ends().into_iter().map(|(place, chance)| {
            part("li", "box fate")
                .key(place)
                .set("data-place", place.to_owned())
                .put("data-chance", chance.as_str())
                .with(part("p", "box-title").text(self.ui.say(&format!("judge.place.{place}"))))
                .with(part("p", "chance").text(self.ui.say(&chance.key())))
        });
        el("div")
            .with(part("p", "hide").text(self.ui.say("judge.places")))
            .with(part("ul", "fates").all(places.collect()))
    }
}

fn aligned(state: &'static str, matching: AlignmentMatch) -> &'static str {
    match matching.aligned {
        Some(true) => state,
        Some(false) => "no",
        None => "unknown",
    }
}
