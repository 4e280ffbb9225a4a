//! The link to a check as a QR code, for the camera of another device.

use yew::prelude::{Html, Properties, component, use_memo};

use crate::{
    components::{
        h::{el, part},
        page_context::PageContext,
    },
    panels::code::code,
};

/// What is shown as a code.
#[derive(PartialEq, Properties)]
pub struct Props {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// The link.
    pub link: String,
}

/// The code; or that the link is too long for one.
#[component]
pub fn LinkCode(props: &Props) -> Html {
    let page = &props.page;
    let shape = use_memo(props.link.clone(), |link| code(link));
    let head = part("div", "code").with(page.el("h2", "share.code"));
    let Some(shape) = shape.as_ref() else {
        return head.with(page.el("p", "share.code.long")).into();
    };
    let svg = part("svg", "qr")
        .set("viewBox", format!("0 0 {0} {0}", shape.size))
        .put("role", "img")
        .set("aria-label", page.say("share.code"))
        .put("shape-rendering", "crispEdges")
        .with(part("path", "light").set("d", format!("M0 0h{0}v{0}H0z", shape.size)))
        .with(part("path", "dark").set("d", shape.path.clone()));
    head.with(page.el("p", "share.code.note"))
        .with(svg)
        .with(el("div").with(page.record("qr-link".to_owned(), &props.link)))
        .into()
}
