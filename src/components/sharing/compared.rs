//! Two checks of the same name held against each other.

use std::rc::Rc;

use mail_triage_browser::{clock, compress, words};
use mail_triage_engine::{
    knowledge::Knowledge,
    report::{
        Report,
        changes::{Since, compare},
    },
    report_text::row_title,
    snapshot::{MAX_OCTETS, Snapshot},
    text::Args,
};
use yew::{
    platform::spawn_local,
    prelude::{Html, Properties, component, use_effect_with, use_state},
};

use crate::{
    components::{
        h::{El, el, part},
        page_context::PageContext,
        shared::Shared,
    },
    panels::past::PastCheck,
};

/// The two checks.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// Lists, providers and DNS hosts.
    pub knowledge: Shared<Knowledge>,
    /// The first of them.
    pub earlier: PastCheck,
    /// The other one.
    pub later: PastCheck,
}

/// What the two checks have found, or that one of them cannot be read.
type Reports = Option<(Rc<Report>, Rc<Report>)>;

/// What became of each cause between the two.
#[component]
pub fn Compared(props: &Props) -> Html {
    let page = &props.page;
    let read = use_state(|| None::<Reports>);
    let fetch = {
        let (set, knowledge) = (read.clone(), props.knowledge.clone());
        let (earlier, later) = (props.earlier.seen.clone(), props.later.seen.clone());
        move |(): &()| {
            spawn_local(async move {
                let (before, after) = (report(&earlier, &knowledge).await, report(&later, &knowledge).await);
                set.set(Some(before.zip(after)));
            });
        }
    };
    use_effect_with((), fetch);
    let mut args = Args::default();
    args.set("what", props.later.what.as_str().into());
    args.set("before", clock::local_time(props.earlier.unix).into());
    args.set("after", clock::local_time(props.later.unix).into());
    let section =
        part("section", "since").put("id", "past-compared").set("aria-label", page.say("past.compare"));
    let section = section.with(el("h3").text(page.fill("past.compared", &args)));
    match &*read {
        None => section.put("aria-busy", "true"),
        Some(None) => section.with(page.el("p", "ui.error.seen")),
        Some(Some((before, after))) => section.with(changes(page, before, after)),
    }
    .into()
}

/// The check again, over what it saw; none if that cannot be read.
async fn report(seen: &str, knowledge: &Shared<Knowledge>) -> Option<Rc<Report>> {
    let octets = compress::expand(seen, MAX_OCTETS).await?;
    let snapshot = Snapshot::unpack(&octets).ok()?;
    let run = snapshot.run(knowledge.rc().clone());
    let report = run.session().report();
    Some(Rc::new(report))
}

fn changes(page: &PageContext, before: &Report, after: &Report) -> El {
    let rows = compare(before, after).into_iter().enumerate().filter_map(|(at, change)| {
        let of = match change.since {
            Since::New | Since::Same => after,
            Since::Mended | Since::NotChecked => before,
        };
        let title = row_title(of, &change.row, page.words.catalog(), words::plural)?;
        let (level, key) = match change.since {
            Since::Mended => ("pass", "since.mended"),
            Since::NotChecked => ("unknown", "since.not-checked"),
            Since::New => (change.level.as_str(), "since.new"),
            Since::Same => (change.level.as_str(), "since.same"),
        };
        let state = part("span", "state").put("data-level", level).text(page.say(key));
        let row = el("li").key(&at.to_string()).put("data-since", change.since.as_str());
        Some(row.with(state).text(" ").text(title))
    });
    let rows: Vec<El> = rows.collect();
    if rows.is_empty() { page.el("p", "past.same") } else { el("ul").all(rows) }
}
