//! The texts of a language.

use std::{fs, io, path::Path};

use mail_triage_engine::{
    check::FindingText,
    report::FindingReport,
    text::{Arg, Args, Catalog, Plural, close_up},
};

/// The parts of a catalog: that of the page, and the files beside it.
const PARTS: [&str; 4] = ["", ".report", ".bounce", ".pages"];

/// The texts of a language, with its plural forms.
pub struct Words {
    /// Its tag.
    pub language: &'static str,
    catalog: Catalog,
}

impl Words {
    /// Reads the catalogs of a language from `www/locales`.
    pub(crate) fn read(root: &Path, language: &'static str) -> io::Result<Self> {
        let mut texts: Vec<(String, String)> = Vec::new();
        for part in PARTS {
            let path = root.join(format!("www/locales/{language}{part}.json"));
            let file: std::collections::BTreeMap<String, String> =
                serde_json::from_str(&fs::read_to_string(path)?)?;
            texts.extend(file);
        }
        Ok(Self { language, catalog: Catalog::new(texts.into_iter().collect()) })
    }

    /// The catalog behind it.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// The plural forms of the language (CLDR): English has two, Chinese has one.
    #[must_use]
    pub fn plural(&self) -> Plural {
        match self.language {
            "en" => |n| if n == 1 { "one" } else { "other" },
            _ => |_| "other",
        }
    }

    /// The text under a key.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.fill(key, &Args::default())
    }

    /// The text under a key with its placeholders filled.
    #[must_use]
    pub fn fill(&self, key: &str, args: &Args) -> String {
        close_up(&self.catalog.say(key, args, self.plural()))
    }

    /// The text under a key with one placeholder.
    #[must_use]
    pub fn with(&self, key: &str, name: &'static str, value: impl Into<Arg>) -> String {
        let mut args = Args::default();
        args.set(name, value.into());
        self.fill(key, &args)
    }

    /// Whether there is a text under this key.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.catalog.get(key).is_some() || self.catalog.get(&format!("{key}.other")).is_some()
    }

    /// A text of a finding, if its code has one.
    #[must_use]
    pub fn of(&self, finding: &FindingReport, text: FindingText) -> Option<String> {
        let key = finding.code.key(text);
        self.has(&key).then(|| self.fill(&key, &finding.args))
    }
}
