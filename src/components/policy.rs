//! The field into which the MTA-STS policy file is pasted, where the browser could not read it.

use mail_triage_browser::words::args;
use mail_triage_engine::{
    input::limits::InputField, policy_file::PolicyFile, view::transport_security::mta_sts::StsPlaces,
};
use yew::prelude::{Callback, Html, Properties, component};

use super::{
    kept::{Kept, use_kept},
    on::typed,
    page_context::{PageContext, external},
};
use crate::{
    components::h::{el, part},
    panels::policy::compared,
};

/// What the panel works with.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// What was pasted before.
    pub kept: Kept<String>,
    /// Where the policy stands.
    pub places: StsPlaces,
    /// Why the browser has not read the file; none while it is on its way.
    pub file: Option<PolicyFile>,
    /// Told what is to be compared; nothing takes it back.
    pub compare: Callback<Option<String>>,
}

/// The field, and why it is needed.
#[component]
pub fn Policy(props: &Props) -> Html {
    let page = &props.page;
    let held = use_kept(&props.kept);
    let text = held.get();
    let area = part("textarea", "policy-text")
        .put("name", "policy")
        .put("rows", "6")
        .put("spellcheck", "false")
        .put("autocomplete", "off")
        .put("placeholder", "version: STSv1\nmode: enforce\n…")
        .value(&text);
    let enter = {
        let held = held.clone();
        move |text| held.change(|pasted| *pasted = text)
    };
    let compare = {
        let (held, compare) = (held.clone(), props.compare.clone());
        move || {
            let text = compared(&held.get());
            compare.emit(text);
        }
    };
    part("div", "policy")
        .maybe(why(page, props.file.as_ref(), props.places.host.as_str()).map(|why| el("p").text(why)))
        .with(el("p").with(external(&props.places.url(), page.say("sts.open"))))
        .with(part("label", "field").with(page.el("span", "sts.paste")).with(typed(area, enter)))
        .maybe(page.long(InputField::Policy, &text))
        .with(part("div", "actions").with(page.button("quiet", "sts.compare", compare)))
        .into()
}

/// Why the browser has not read the file.
fn why(page: &PageContext, file: Option<&PolicyFile>, host: &str) -> Option<String> {
    match file {
        None => Some(page.say("sts.reading")),
        Some(PolicyFile::Unreadable) => Some(page.say("sts.unreadable")),
        Some(PolicyFile::TooLong) => Some(page.with("sts.too-long", "host", host)),
        Some(PolicyFile::NotPublic) => Some(page.with("sts.not-public", "host", host)),
        Some(PolicyFile::Refused(status)) => {
            let values = args([("host", host.into()), ("status", u64::from(*status).into())]);
            Some(page.fill("sts.refused", &values))
        }
        Some(PolicyFile::NotAsked | PolicyFile::Read(_) | PolicyFile::Pasted(_)) => None,
    }
}
