//! Facts as text: what a report carries, and what `check` and others take in its place.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use mail_triage_engine::facts::{Facts, Redaction};

use crate::refusal::{Refusal, RefusalCode};

/// Facts as text (base64url, RFC 4648 section 5, of [`Facts::pack`]).
#[must_use]
pub fn write(facts: &Facts) -> String {
    URL_SAFE_NO_PAD.encode(facts.pack(Redaction::default()))
}

/// Facts from text.
///
/// # Errors
/// If the text is damaged, or of another version.
pub fn read(text: &str) -> Result<Facts, Refusal> {
    let damaged = |what: &str| Refusal::new(RefusalCode::Facts, format!("the facts cannot be read: {what}"));
    let octets = URL_SAFE_NO_PAD.decode(text).map_err(|_| damaged("not base64url"))?;
    Facts::unpack(&octets).map_err(|_| damaged("damaged or of another version"))
}

#[cfg(test)]
mod tests {
    use mail_triage_engine::{
        dns::{Name, Query, Rtype},
        facts::Ask,
        zone::Zone,
    };

    use super::*;

    #[test]
    fn what_was_learnt_comes_back() {
        let zone = Zone::parse("example.org. 300 TXT \"v=spf1 -all\"\n").unwrap();
        let query = Query::new(Name::parse("example.org").unwrap(), Rtype::Txt);
        let mut facts = Facts::default();
        facts.insert(query.clone(), zone.ask(&query).unwrap().clone());
        assert_eq!(read(&write(&facts)).unwrap(), facts);
    }

    #[test]
    fn damage_is_said() {
        for text in ["?", "", "AAAA"] {
            assert_eq!(read(text).unwrap_err().code, RefusalCode::Facts, "{text}");
        }
    }
}
