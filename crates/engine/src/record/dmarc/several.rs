//! Which of several texts to go on from. Receivers read none of several records (RFC 9989 section 4.7).

use super::{Dmarc, Reading, ReportUri, read};

/// The text to go on from: a record rather than one that only was meant, and the one that says most. Of two that say as much
/// the last.
#[must_use]
pub fn best<'t>(texts: impl Iterator<Item = &'t String>) -> Option<String> {
    let readable = texts.filter_map(|text| match read(text) {
        Reading::Record(_) => Some((true, text.clone())),
        Reading::NearMiss(miss) => miss.repaired.map(|text| (false, text)),
        Reading::Other => None,
    });
    readable.max_by_key(|(record, text)| (*record, weight(text))).map(|(_, text)| text)
}

/// How much a record says that one would not like to lose: a policy first, then where reports go.
#[must_use]
pub fn weight(text: &str) -> (bool, bool) {
    let record = Dmarc::parse(text);
    (record.p.is_some_and(|p| p.value.is_some()), record.rua.iter().any(ReportUri::is_valid))
}
