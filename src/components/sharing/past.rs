//! Checks of earlier visits: opened, compared, deleted, and whether any are kept.

use mail_triage_browser::{clock, dom};
use mail_triage_engine::{knowledge::Knowledge, report::headline::HeadlineVerdict, text::Args};
use yew::prelude::{Html, Properties, UseStateHandle, component, html, use_state};

use super::compared::Compared;
use crate::{
    components::{
        h::{El, On, el, part},
        page_context::PageContext,
        shared::Shared,
    },
    panels::past::{PastCheck, PastChecks},
    shell::past,
};

/// What the list is shown with.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// Lists, providers and DNS hosts.
    pub knowledge: Shared<Knowledge>,
}

/// What is shown now.
#[derive(Clone)]
struct Shown {
    checks: PastChecks,
    /// Whether checks are kept.
    on: bool,
    /// The browser does not let the page keep anything.
    refused: bool,
    /// Those that are picked to be compared, by time and name.
    picked: Vec<(i64, String)>,
}

impl Shown {
    fn now() -> Self {
        Self { checks: past::kept(), on: past::is_on(), refused: false, picked: Vec::new() }
    }

    /// The two that are picked, the earlier one first, where they are of the same name.
    fn pair(&self) -> Option<(&PastCheck, &PastCheck)> {
        let is_picked = |check: &&PastCheck| self.is_picked(check);
        let picked: Vec<&PastCheck> = self.checks.iter().filter(is_picked).collect();
        match picked.as_slice() {
            [later, earlier] if later.what == earlier.what => Some((earlier, later)),
            _ => None,
        }
    }

    fn is_picked(&self, check: &PastCheck) -> bool {
        self.picked.iter().any(|(unix, what)| (*unix, what) == (check.unix, &check.what))
    }
}

/// The list.
#[component]
pub fn PastPanel(props: &Props) -> Html {
    let page = &props.page;
    let shown = use_state(Shown::now);
    let rows: Vec<El> = shown.checks.iter().map(|check| row(page, &shown, check)).collect();
    let empty = rows.is_empty();
    let more = rows.len() > 1;
    let compared = shown.pair().map(|(earlier, later)| {
        html! {
            <Compared
                key={format!("{} {}", earlier.unix, later.unix)}
                page={page.clone()}
                knowledge={props.knowledge.clone()}
                earlier={earlier.clone()}
                later={later.clone()}
            />
        }
    });
    part("div", "past")
        .with(page.el("h2", "ui.past"))
        .with(part("p", "note").text(page.say("past.note")))
        .with(switch(page, &shown))
        .maybe(shown.refused.then(|| part("p", "error").put("role", "alert").text(page.say("past.refused"))))
        .maybe(empty.then(|| page.el("p", "past.none")))
        .maybe(more.then(|| part("p", "note").text(page.say("past.pick"))))
        .maybe((!empty).then(|| part("ul", "past-list").all(rows)))
        .node(compared.unwrap_or_default())
        .maybe((!empty).then(|| all(page, &shown)))
        .into()
}

/// Whether checks are kept.
fn switch(page: &PageContext, shown: &UseStateHandle<Shown>) -> El {
    let set = shown.clone();
    let choice = el("input").put("type", "checkbox").checked(shown.on).on(
        On::Change,
        std::rc::Rc::new(move |event| {
            if let Some(on) = dom::checked(event) {
                let done = past::switch(on);
                set.set(Shown { on: past::is_on(), refused: !done, ..(*set).clone() });
            }
        }),
    );
    part("label", "choice").with(choice).with(page.el("span", "past.keep"))
}

/// One check: what it said, and what can be done with it.
fn row(page: &PageContext, shown: &UseStateHandle<Shown>, check: &PastCheck) -> El {
    let id = (check.unix, check.what.clone());
    let (set, picked) = (shown.clone(), id.clone());
    let pick = el("input")
        .put("type", "checkbox")
        .set("aria-label", page.fill("past.pick.one", &about(check)))
        .checked(shown.is_picked(check))
        .on(
            On::Change,
            std::rc::Rc::new(move |event| {
                let mut now = (*set).clone();
                now.picked.retain(|other| *other != picked);
                if dom::checked(event) == Some(true) {
                    now.picked.push(picked.clone());
                }
                set.set(now);
            }),
        );
    let set = shown.clone();
    let delete = page
        .button("link", "past.delete", move || {
            let (unix, what) = &id;
            let mut checks = past::kept();
            checks.remove(*unix, what);
            let done = past::keep(&checks);
            set.set(Shown { refused: !done, ..Shown::now() });
        })
        .set("aria-label", page.fill("past.delete.one", &about(check)));
    let open =
        el("a").set("href", format!("#/seen/{}", check.seen)).text(page.fill("past.row", &about(check)));
    el("li")
        .key(&format!("{} {}", check.unix, check.what))
        .with(pick)
        .with(el("span").with(open).with(part("span", "note").text(headline(page, check))))
        .with(delete)
}

/// Deletes all of them.
fn all(page: &PageContext, shown: &UseStateHandle<Shown>) -> El {
    let set = shown.clone();
    page.button("quiet", "past.delete.all", move || {
        let done = past::keep(&PastChecks::default());
        set.set(Shown { refused: !done, ..Shown::now() });
    })
}

/// What was checked, and when.
fn about(check: &PastCheck) -> Args {
    let mut args = Args::default();
    args.set("what", check.what.as_str().into());
    args.set("time", clock::local_time(check.unix).into());
    args
}

/// What the headline of a check said.
fn headline(page: &PageContext, check: &PastCheck) -> String {
    let mut args = Args::default();
    args.set("subject", check.what.as_str().into());
    args.set("provider", check.what.as_str().into());
    let n = if check.verdict == HeadlineVerdict::WorthMending { check.improve } else { check.stops };
    args.set("n", n.into());
    page.fill(&check.verdict.key(), &args)
}
