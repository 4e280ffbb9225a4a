//! The texts of a language, and its plural forms.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Intl::PluralRules, Object};

pub use mail_triage_engine::text::known;

use crate::{dom, json, storage};
use mail_triage_engine::{
    knowledge::{Read, Value},
    table::Table,
    text::{Arg, Args, Catalog, LANGUAGES, Plural},
};

/// Where the chosen language is kept.
const STORED: &str = "mail-triage.lang";

/// The texts of one language. Cheap to clone; handed down to every component.
#[derive(Clone)]
pub struct Words(Rc<Inner>);

struct Inner {
    language: &'static str,
    catalog: Catalog,
    /// The further files whose texts are among them.
    parts: Vec<&'static str>,
}

/// The file with the texts of findings and of what draws them, fetched with the first check.
pub const FINDINGS: &str = "report";
/// The file with the texts for pasted messages.
pub const BOUNCES: &str = "bounce";
/// The file with the texts for messages to whoever can help.
pub const TICKETS: &str = "ticket";
/// The file with the texts for changes that are tried, second opinions and many domains.
pub const TOOLS: &str = "tools";

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Words {
    /// Fetches the texts of a language, or of the first one if that fails. There is no copy in the program: it would
    /// weigh as much as the file, and what cannot fetch the one could not have fetched the other. What a first visit
    /// does not need stands in files of its own; `parts` names those that are wanted too.
    pub async fn fetch(base: &str, language: &'static str, parts: &[&'static str]) -> Self {
        for language in [language, LANGUAGES[0].0] {
            if let Some(texts) = json::fetch_json(format!("{base}locales/{language}.json")).await {
                let mut words = Self::new(language, Read::read(&texts), Vec::new());
                for &part in parts {
                    if let Some(texts) = Self::part(base, language, part).await {
                        words = words.with_part(part, &texts);
                    }
                }
                return words;
            }
        }
        Self::new(LANGUAGES[0].0, Table::default(), Vec::new())
    }

    /// Fetches a further file of a language; none if it cannot be had.
    pub async fn part(base: &str, language: &'static str, part: &'static str) -> Option<Value> {
        json::fetch_json(format!("{base}locales/{language}.{part}.json")).await
    }

    /// These texts and those of a further file.
    #[must_use]
    pub fn with_part(&self, part: &'static str, texts: &Value) -> Self {
        let mut all: Table<String, String> = Read::read(texts);
        for (key, text) in self.0.catalog.texts() {
            all.insert(key.clone(), text.clone());
        }
        let mut parts = self.0.parts.clone();
        parts.push(part);
        Self::new(self.0.language, all, parts)
    }

    fn new(language: &'static str, texts: Table<String, String>, parts: Vec<&'static str>) -> Self {
        Self(Rc::new(Inner { language, catalog: Catalog::new(texts), parts }))
    }

    /// The further files whose texts are among them.
    #[must_use]
    pub fn parts(&self) -> &[&'static str] {
        &self.0.parts
    }

    /// Whether the texts of a further file are among them.
    #[must_use]
    pub fn has_part(&self, part: &str) -> bool {
        self.0.parts.contains(&part)
    }

    /// The tag of the language.
    #[must_use]
    pub fn language(&self) -> &'static str {
        self.0.language
    }

    /// The catalog behind it.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.0.catalog
    }

    /// Whether there is a text under this key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.catalog.get(key).is_some()
    }

    /// The text under a key.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.0.catalog.get(key).unwrap_or(key).to_owned()
    }

    /// The text under a key with placeholders.
    #[must_use]
    pub fn fill(&self, key: &str, args: &Args) -> String {
        self.0.catalog.say(key, args, plural)
    }

    /// That there are so many more than are shown.
    pub fn more(&self, n: usize) -> String {
        self.0.catalog.more(n, plural)
    }

    /// The text under a key with the placeholders given here.
    #[must_use]
    pub fn with<const N: usize>(&self, key: &str, values: [(&'static str, Arg); N]) -> String {
        self.fill(key, &args(values))
    }
}

/// Placeholders and their values.
#[must_use]
pub fn args<const N: usize>(values: [(&'static str, Arg); N]) -> Args {
    let mut args = Args::default();
    for (name, value) in values {
        args.set(name, value);
    }
    args
}

/// The language to begin with: what the link says, what was chosen before, what the browser prefers.
#[must_use]
pub fn preferred(link: Option<&str>) -> &'static str {
    let stored = storage::stored(STORED);
    let languages = dom::window().map(|window| window.navigator().languages()).unwrap_or_default();
    let wanted = languages.iter().filter_map(|tag| tag.as_string());
    let mut tags = link.map(str::to_owned).into_iter().chain(stored).chain(wanted);
    tags.find_map(|tag| known(&tag)).unwrap_or(LANGUAGES[0].0)
}

/// Keeps the choice, and tells the document.
pub fn remember(language: &str) {
    storage::store(STORED, Some(language));
    announce(language);
}

/// Takes the plural forms of a language, and tells the document which one it is in.
pub fn announce(language: &str) {
    PLURALS.with_borrow_mut(|plurals| *plurals = Some(plurals_of(language)));
    if let Some(root) = dom::document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("lang", language);
    }
}

thread_local! {
    static PLURALS: RefCell<Option<PluralRules>> = const { RefCell::new(None) };
    static OTHER_PLURALS: RefCell<Option<PluralRules>> = const { RefCell::new(None) };
}

fn plurals_of(language: &str) -> PluralRules {
    PluralRules::new(&Array::of1(&language.into()), &Object::new())
}

/// The CLDR plural category of a number in the language in use.
#[must_use]
pub fn plural(n: u64) -> &'static str {
    PLURALS.with_borrow(|plurals| category(plurals.as_ref(), n))
}

/// What gives plural categories in another language than the one in use; one such language at a time.
#[must_use]
pub fn plural_of(language: &str) -> Plural {
    OTHER_PLURALS.with_borrow_mut(|plurals| *plurals = Some(plurals_of(language)));
    |n| OTHER_PLURALS.with_borrow(|plurals| category(plurals.as_ref(), n))
}

fn category(plurals: Option<&PluralRules>, n: u64) -> &'static str {
    let category = plurals.map(|rules| String::from(rules.select(n as f64)));
    let all = ["zero", "one", "two", "few", "many"];
    all.into_iter().find(|known| category.as_deref() == Some(known)).unwrap_or("other")
}
