//! Elements by function calls.
//!
//! They make the same virtual nodes as the macro `html!`, which writes the construction of every node out in place. Measured
//! on the calculator, some 45 elements, with nothing else changed: with `html!` the file it is in has 15 KB more, 4.4 KB
//! compressed; all panels would have about 25 KB more. What the first paint has of components, some sixty elements, is written with `html!`
//! and has 4.9 KB more for it, compressed. In a panel `html!` is for putting a component in its place. A text goes through
//! [`El::text`], in which everything can be seen.

use std::{borrow::Cow, rc::Rc};

use mail_triage_browser::dom::Event;
use yew::html::Html;
use yew::virtual_dom::{AttrValue, Listener, ListenerKind, VList, VNode, VTag, VText};

use mail_triage_engine::visible::visible_lines;

/// An element under construction.
pub struct El(Box<Inner>);

struct Inner {
    tag: VTag,
    children: Vec<VNode>,
}

/// An element with this tag.
pub fn el(tag: &'static str) -> El {
    El(Box::new(Inner { tag: VTag::new(tag), children: Vec::new() }))
}

/// An element with this tag and class.
pub fn part(tag: &'static str, class: &'static str) -> El {
    el(tag).put("class", class)
}

impl El {
    /// With an attribute that never changes.
    pub fn put(mut self, name: &'static str, value: &'static str) -> Self {
        self.0.tag.add_attribute(name, AttrValue::Static(value));
        self
    }

    /// With an attribute.
    pub fn set(mut self, name: &'static str, value: String) -> Self {
        self.0.tag.add_attribute(name, AttrValue::Rc(value.into()));
        self
    }

    /// With an attribute that counts by being there.
    pub fn flag(self, name: &'static str, on: bool) -> Self {
        if on { self.put(name, "") } else { self }
    }

    /// With what the user sees in it and may change: the value of an input.
    pub fn value(mut self, value: &str) -> Self {
        // Copied once: it may be long.
        self.0.tag.set_value(AttrValue::Rc(Rc::from(value)));
        self
    }

    /// Ticked or not.
    pub fn checked(mut self, on: bool) -> Self {
        self.0.tag.set_checked(on);
        self
    }

    /// With a key, for elements of a list that changes.
    pub fn key(mut self, key: &str) -> Self {
        self.0.tag.key = Some(key.into());
        self
    }

    /// With text, which is never markup, and in which everything can be seen.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.push_text(text.into());
        self
    }

    fn push_text(&mut self, text: String) {
        let shown = if let Cow::Owned(shown) = visible_lines(&text) { shown } else { text };
        self.0.children.push(VNode::VText(VText::new(shown)));
    }

    /// With another element in it.
    pub fn with(mut self, child: El) -> Self {
        self.0.children.push(child.into());
        self
    }

    /// With a component in it, or whatever else a component draws.
    pub fn node(mut self, child: Html) -> Self {
        self.0.children.push(child);
        self
    }

    /// With another element, or a place for it.
    pub fn maybe(mut self, child: Option<El>) -> Self {
        self.0.children.push(child.map_or_else(nothing, VNode::from));
        self
    }

    /// With a list of elements, whose length may change.
    pub fn all(mut self, children: Vec<El>) -> Self {
        let children: Vec<VNode> = children.into_iter().map(VNode::from).collect();
        self.0.children.push(VNode::VList(Rc::new(VList::from(children))));
        self
    }

    /// With something that happens on an event.
    pub fn on(mut self, kind: On, then: Rc<dyn Fn(&Event)>) -> Self {
        self.0.tag.add_listener(Rc::new(Handler { kind, then }));
        self
    }
}

/// Keeps a place in the list of children, so that what comes after it stays the same element.
fn nothing() -> VNode {
    VNode::VList(Rc::new(VList::new()))
}

impl From<El> for VNode {
    fn from(El(inner): El) -> Self {
        let Inner { mut tag, children } = *inner;
        if let Some(place) = tag.children_mut()
            && !children.is_empty()
        {
            *place = VNode::VList(Rc::new(VList::from(children)));
        }
        VNode::VTag(Rc::new(tag))
    }
}

/// The events that the page listens to.
#[derive(Clone, Copy)]
pub enum On {
    /// Pressed.
    Click,
    /// Ticked, or its tick taken away.
    Change,
    /// Typed or chosen.
    Input,
    /// A form was sent.
    Submit,
    /// Something was pasted.
    Paste,
    /// Folded or unfolded.
    Toggle,
}

struct Handler {
    kind: On,
    then: Rc<dyn Fn(&Event)>,
}

impl Listener for Handler {
    fn kind(&self) -> ListenerKind {
        match self.kind {
            On::Click => ListenerKind::onclick,
            On::Change => ListenerKind::onchange,
            On::Input => ListenerKind::oninput,
            On::Submit => ListenerKind::onsubmit,
            On::Paste => ListenerKind::onpaste,
            On::Toggle => ListenerKind::ontoggle,
        }
    }

    fn handle(&self, event: Event) {
        (self.then)(&event);
    }

    fn passive(&self) -> bool {
        false
    }
}
