//! What a code means: what `describe` brings.

use serde::Serialize;

use mail_triage_engine::{
    check::{Code, FindingText, Level},
    text::Catalog,
};

use crate::refusal::{Refusal, RefusalCode};
#[cfg(test)]
use crate::types;

/// What a finding of a code means, in one language. Its texts have placeholders such as `{domain}`, which the findings of a
/// report fill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CodeDescription {
    /// The code.
    #[cfg_attr(test, schemars(with = "types::Code"))]
    pub code: Code,
    /// Its name for people who read code.
    pub slug: &'static str,
    /// How much it matters, unless a finding says otherwise.
    #[cfg_attr(test, schemars(with = "types::Level"))]
    pub level: Level,
    /// How likely it is the reason that mail does not arrive, 0 to 100.
    pub weight: u8,
    /// Where the rule comes from.
    pub source: &'static str,
    /// What was found.
    pub title: String,
    /// Why it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub why: Option<String>,
    /// What to do.
    #[serde(rename = "do", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "String"))]
    pub advice: Option<String>,
}

/// Describes a code in the words of `catalog`.
///
/// # Errors
/// If there is no such code.
pub fn describe(code: &str, catalog: &Catalog) -> Result<CodeDescription, Refusal> {
    let code = Code::from_id(code)
        .ok_or_else(|| Refusal::new(RefusalCode::Code, format!("there is no finding of the code {code}")))?;
    let text = |text: FindingText| {
        let key = code.key(text);
        catalog.get(&key).or_else(|| catalog.get(&format!("{key}.other"))).map(str::to_owned)
    };
    Ok(CodeDescription {
        code,
        slug: code.slug(),
        level: code.level(),
        weight: code.weight(),
        source: code.source(),
        title: text(FindingText::Title).unwrap_or_default(),
        why: text(FindingText::Why),
        advice: text(FindingText::Do),
    })
}

#[cfg(test)]
mod tests {
    use mail_triage_engine::{
        knowledge::{Read, Value},
        text::LANGUAGES,
    };

    use super::*;

    #[test]
    fn every_code_has_a_title_in_every_language() {
        for (language, _) in LANGUAGES {
            let file = format!("{}/../../www/locales/{language}.report.json", env!("CARGO_MANIFEST_DIR"));
            let texts: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
            let catalog = Catalog::new(Read::read(&texts));
            for code in Code::all() {
                let described = describe(code.id(), &catalog).unwrap();
                assert!(!described.title.is_empty(), "{} in {language}", code.id());
            }
        }
        assert_eq!(describe("SPF-1", &Catalog::default()).unwrap_err().code, RefusalCode::Code);
    }
}
