//! The texts of a language, and its plural forms.

use std::{cell::RefCell, rc::Rc};

use js_sys::{Array, Intl::PluralRules, Object};

use super::browser;
use crate::{
    knowledge::Read,
    table::Table,
    text::{Arg, Args, Catalog, LANGUAGES},
};

/// Where the chosen language is kept.
const STORED: &str = "mail-triage.lang";

/// The texts of one language. Cheap to clone; handed down to every component.
#[derive(Clone)]
pub struct Words(Rc<Inner>);

struct Inner {
    language: &'static str,
    catalog: Catalog,
    complete: bool,
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Words {
    /// Fetches the texts of a language, or of the first one if that fails. There is no copy in the program: it would
    /// weigh as much as the file, and what cannot fetch the one could not have fetched the other. The texts of
    /// findings are a file of their own, which a page without a report does not need; `complete` asks for both.
    pub async fn fetch(base: &str, language: &'static str, complete: bool) -> Self {
        for language in [language, LANGUAGES[0].0] {
            if let Some(texts) = browser::fetch_json(format!("{base}locales/{language}.json")).await {
                use_plurals_of(language);
                let page = Self::new(language, Read::read(&texts), false);
                return if complete { page.completed(base).await.unwrap_or(page) } else { page };
            }
        }
        Self::new(LANGUAGES[0].0, Table::default(), false)
    }

    /// These texts and those of findings; none if they cannot be had.
    pub async fn completed(&self, base: &str) -> Option<Self> {
        let language = self.0.language;
        let file = browser::fetch_json(format!("{base}locales/{language}.report.json")).await?;
        let mut texts: Table<String, String> = Read::read(&file);
        for (key, text) in self.0.catalog.texts() {
            texts.insert(key.clone(), text.clone());
        }
        Some(Self::new(language, texts, true))
    }

    fn new(language: &'static str, texts: Table<String, String>, complete: bool) -> Self {
        Self(Rc::new(Inner { language, catalog: Catalog::new(texts, Table::default()), complete }))
    }

    /// Whether the texts of findings are among them.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.0.complete
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

/// The language of the product that fits a tag.
#[must_use]
pub fn known(tag: &str) -> Option<&'static str> {
    let tag = tag.to_ascii_lowercase();
    let first = tag.split('-').next()?;
    LANGUAGES.iter().map(|&(language, _)| language).find(|language| {
        let language = language.to_ascii_lowercase();
        language == tag || language.split('-').next() == Some(first)
    })
}

/// The language to begin with: what the link says, what was chosen before, what the browser prefers.
#[must_use]
pub fn preferred(link: Option<&str>) -> &'static str {
    let stored = browser::stored(STORED);
    let languages = browser::window().map(|window| window.navigator().languages()).unwrap_or_default();
    let wanted = languages.iter().filter_map(|tag| tag.as_string());
    let mut tags = link.map(str::to_owned).into_iter().chain(stored).chain(wanted);
    tags.find_map(|tag| known(&tag)).unwrap_or(LANGUAGES[0].0)
}

/// Keeps the choice, and tells the document.
pub fn remember(language: &str) {
    browser::store(STORED, Some(language));
    announce(language);
}

/// Tells the document which language it is in.
pub fn announce(language: &str) {
    if let Some(root) = browser::document().and_then(|document| document.document_element()) {
        let _ = root.set_attribute("lang", language);
    }
}

thread_local! {
    static PLURALS: RefCell<Option<PluralRules>> = const { RefCell::new(None) };
}

fn use_plurals_of(language: &str) {
    let rules = PluralRules::new(&Array::of1(&language.into()), &Object::new());
    PLURALS.with_borrow_mut(|plurals| *plurals = Some(rules));
}

/// The CLDR plural category of a number in the language in use.
#[must_use]
pub fn plural(n: u64) -> &'static str {
    let category = PLURALS.with_borrow(|plurals| {
        let rules = plurals.as_ref()?;
        Some(String::from(rules.select(n as f64)))
    });
    let all = ["zero", "one", "two", "few", "many"];
    all.into_iter().find(|known| category.as_deref() == Some(known)).unwrap_or("other")
}
