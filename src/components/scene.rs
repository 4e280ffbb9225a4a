//! What findings and changes of the zone are drawn with, on the page and in a panel.

use std::{cell::Cell, ops::Deref, rc::Rc};

use mail_triage_browser::dom;
use mail_triage_engine::{
    bounds,
    check::Arg,
    dns::{OWN_RESOLVER, Query},
    input::limits::InputField,
    knowledge::{Knowledge, Resolvers},
    route::Route,
    visible::visible,
};
use yew::prelude::Callback;

use super::{
    page_context::{self, PageContext},
    shared::Shared,
};
use crate::components::h::{El, On, el};

/// What is known, and what whoever reads a finding can do.
#[derive(Clone, PartialEq)]
pub struct SceneProps {
    /// The words of the page, and its clipboard.
    pub page: PageContext,
    /// Lists, providers and DNS hosts, once they are fetched.
    pub knowledge: Option<Shared<Knowledge>>,
    /// The resolvers that there are.
    pub resolvers: Shared<Resolvers>,
    /// What the address of the page says.
    pub route: Route,
    /// Whether an example is shown, which asks nobody.
    pub is_example: bool,
    /// Where the user says that the records are kept: an id of `dns-hosts.json`, or a word that is none.
    pub kept_at: Option<String>,
    /// Told where that is.
    pub keep_at: Callback<String>,
    /// Shows the result of this name.
    pub see: Callback<String>,
    /// Goes back from the result of this name to the list of causes.
    pub to_causes: Callback<String>,
    /// Asks these again, or all that failed.
    pub retry: Callback<Option<Rc<[Query]>>>,
    /// Asks everything anew.
    pub again: Callback<()>,
}

/// One drawing of it.
pub struct Scene {
    props: SceneProps,
    /// Stands before the numbers of this drawing.
    prefix: &'static str,
    /// Numbers for elements that need an id of their own.
    ids: Cell<u32>,
    /// Lookups that may still be shown, see [`PAGE_LOOKUPS`](bounds::PAGE_LOOKUPS).
    pub lookups: Cell<usize>,
}

impl Deref for Scene {
    type Target = SceneProps;

    fn deref(&self) -> &SceneProps {
        &self.props
    }
}

impl Scene {
    /// A drawing; `prefix` tells its ids from those of others that are shown at the same time.
    pub fn new(props: SceneProps, prefix: &'static str) -> Self {
        Self { props, prefix, ids: Cell::new(0), lookups: Cell::new(bounds::PAGE_LOOKUPS) }
    }

    /// The text under a key.
    pub fn say(&self, key: &str) -> String {
        self.page.say(key)
    }

    /// The text under a key with one placeholder.
    pub fn with(&self, key: &str, name: &'static str, value: impl Into<Arg>) -> String {
        self.page.with(key, name, value)
    }

    /// The text under a key about a number, in the right plural form.
    pub fn count(&self, key: &str, n: usize) -> String {
        self.page.with(key, "n", n)
    }

    /// That there are so many more than are shown, if there are any.
    pub fn more(&self, n: usize) -> Option<El> {
        (n > 0).then(|| el("p").put("class", "note").text(self.page.words.more(n)))
    }

    /// That no more than a part of what stands in a field is read, where it is longer.
    pub fn long(&self, field: InputField, text: &str) -> Option<El> {
        self.page.long(field, text)
    }

    /// An element with the text under a key.
    pub fn el(&self, tag: &'static str, key: &str) -> El {
        self.page.el(tag, key)
    }

    /// A link out of the page, in a tab of its own and without a trace of where it was clicked.
    pub fn external(&self, url: &str, text: impl Into<String>) -> El {
        page_context::external(url, text)
    }

    /// A fact and where it comes from: `source, date`.
    pub fn source(&self, url: &str, date: &str) -> El {
        page_context::source(url, date)
    }

    /// A record, name or command line that can be copied whole.
    pub fn record(&self, text: &str) -> El {
        let text = visible(text);
        self.copyable(el("code").text(&*text), &text)
    }

    /// What stands for a text that can be copied, with the button that copies it.
    pub fn copyable(&self, shown: El, text: &str) -> El {
        let id = self.ids.get();
        self.ids.set(id + 1);
        self.page.copyable(format!("{}{id}", self.prefix), shown, text)
    }

    /// A table: the keys of the column heads under `ui.col.`, or whole ones, and rows whose first cell names the row.
    pub fn table(&self, heads: &[&'static str], rows: Vec<(String, Vec<El>)>) -> El {
        self.page.table(heads, rows)
    }

    /// What a resolver is called.
    pub fn resolver_name(&self, id: &str) -> String {
        if id == OWN_RESOLVER {
            return self.say("resolver.own");
        }
        self.resolvers.by_id(id).map_or(id, |resolver| resolver.name.as_str()).to_owned()
    }
}

/// The link, telling `then` when it is pressed; not where it is to be opened elsewhere.
pub fn follow(link: El, then: &Callback<String>, name: String) -> El {
    let then = then.clone();
    link.on(
        On::Click,
        Rc::new(move |event| {
            if !dom::opens_elsewhere(event) {
                event.prevent_default();
                then.emit(name.clone());
            }
        }),
    )
}
