//! What pages are made from.

use std::{collections::BTreeMap, fs, io, path::Path};

use mail_triage_engine::{
    bounce::Reader,
    check::Code,
    knowledge::{Knowledge, SmtpCodes, Value, files},
    text::LANGUAGES,
};
use serde_json::from_str;

use crate::{
    sample::{self, Sample},
    scenario::{self, Shown},
    words::Words,
};

/// Everything that pages say.
pub struct Source {
    /// The languages, the first one first.
    pub languages: Vec<Words>,
    /// What is known of providers, hosts and lists.
    pub knowledge: Knowledge,
    /// Causes of errors, and how servers name them.
    pub codes: SmtpCodes,
    /// An example of each finding.
    pub shown: BTreeMap<Code, Shown>,
    /// An example of each cause, by its id.
    pub samples: BTreeMap<String, Sample>,
}

impl Source {
    /// Reads the repository at `root`.
    ///
    /// # Errors
    ///
    /// A file that is not there, or does not hold what it should.
    pub fn read(root: &Path) -> io::Result<Self> {
        let value = |place: &str| -> io::Result<Value> {
            Ok(from_str(&fs::read_to_string(root.join("www").join(place))?)?)
        };
        let mut read = Vec::new();
        for place in files::OF_CHECKS {
            read.push((place, value(place)?));
        }
        let file = |place| read.iter().find(|(known, _)| *known == place).map(|(_, file)| file);
        let knowledge = Knowledge::from_files(file).ok_or_else(|| io::Error::other("no knowledge"))?;
        let mut codes = SmtpCodes::default();
        for place in [files::SMTP_CODES, files::SMTP_WORDS].iter().chain(&files::SMTP_WORDS_BY_SCRIPT) {
            let more: SmtpCodes = from_str(&fs::read_to_string(root.join("www").join(place))?)?;
            codes = if codes.collected.is_empty() { more } else { codes.with(more) };
        }
        let languages = LANGUAGES.iter().map(|&(language, _)| Words::read(root, language));
        let shown = scenario::shown(root, &knowledge)?;
        let samples = sample::samples(root, &Reader::new(codes.clone()), &knowledge.blocklists)?;
        Ok(Self { languages: languages.collect::<io::Result<_>>()?, knowledge, codes, shown, samples })
    }
}
