//! A record that is changed tag by tag, and several made one (RFC 9989 section 4.7).
//!
//! Tags that a change does not touch keep their place and their value, those that nobody knows included. A record that is
//! not changed stays as it was written.

use std::{cmp::Reverse, fmt};

use super::{Dmarc, DmarcReading, Policy, PolicyTag, ReportUri, is_record, read};
use crate::{bounds, record::tags::TagList};

/// The record with which everybody begins: it only watches. It names no address for reports, for one that nobody reads
/// would be invented.
pub const FIRST: &str = "v=DMARC1; p=none";

/// A record that is being changed. Shows as its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DmarcEdit {
    text: String,
}

impl Default for DmarcEdit {
    /// A record that says nothing but what it is; receivers do nothing with it.
    fn default() -> Self {
        Self::parse("v=DMARC1")
    }
}

impl DmarcEdit {
    /// The record that `text` is.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        Self { text: text.to_owned() }
    }

    /// A record that says what `text` was meant to say: put right where that can be told ([`Dmarc::cleaned`]), else its
    /// tags behind the version that receivers read.
    #[must_use]
    pub fn meant(text: &str) -> Self {
        if let Some(cleaned) = Dmarc::parse(text).cleaned() {
            return Self { text: cleaned.text };
        }
        if is_record(text) {
            return Self::parse(text);
        }
        let rest = Self::parse(text).without("v").text;
        let Self { text: version } = Self::default();
        Self { text: if rest.is_empty() { version } else { format!("{version}; {rest}") } }
    }

    /// With this value: in the place of the tag if it is there, else at the end (`p` behind `v`). A tag that is there more
    /// than once is there once afterwards.
    #[must_use]
    pub fn with(self, name: &str, value: &str) -> Self {
        self.set(name, Some(value))
    }

    /// Without the tag.
    #[must_use]
    pub fn without(self, name: &str) -> Self {
        self.set(name, None)
    }

    /// As [`DmarcEdit::with`], or as [`DmarcEdit::without`] where there is no value.
    #[must_use]
    pub fn set(self, name: &str, value: Option<&str>) -> Self {
        let mut value = value.map(|value| format!("{name}={value}"));
        let mut pairs: Vec<String> = Vec::new();
        for tag in &TagList::parse(&self.text).tags {
            if !tag.is(name) {
                pairs.push(format!("{}={}", tag.name.to_ascii_lowercase(), tag.value));
            } else if let Some(pair) = value.take() {
                pairs.push(pair);
            }
        }
        if let Some(pair) = value {
            let end = if name == "p" { pairs.len().min(1) } else { pairs.len() };
            pairs.insert(end, pair);
        }
        Self { text: pairs.join("; ") }
    }

    /// The record as one that only watches: receivers are asked to do nothing with mail that fails. What is said of names
    /// that do not exist stays, for no mail of the domain's own comes from there.
    #[must_use]
    pub fn watching(self) -> Self {
        let acts_below =
            Dmarc::parse(&self.text).sp.and_then(|sp| sp.value).is_some_and(|sp| sp != Policy::None);
        let watching = self.with("p", Policy::None.as_str()).without("t");
        if acts_below { watching.without("sp") } else { watching }
    }

    /// The record as one that refuses everything, put right. One policy that nobody can read takes the force out of the
    /// whole record, so such a tag goes.
    #[must_use]
    pub fn refusing(self) -> Self {
        let mut refusing = self.with("p", Policy::Reject.as_str()).without("t");
        for tag in ["sp", "np"] {
            let read = Dmarc::parse(&refusing.text);
            let given = if tag == "sp" { read.sp } else { read.np };
            if given.is_some_and(|given| given.value.is_none()) {
                refusing = refusing.without(tag);
            }
        }
        refusing.put_right()
    }

    /// The record put right ([`Dmarc::cleaned`]); as it is where nobody can tell what was meant.
    #[must_use]
    pub fn put_right(self) -> Self {
        let cleaned = Dmarc::parse(&self.text).cleaned();
        cleaned.map_or(self, |cleaned| Self { text: cleaned.text })
    }

    /// One record in place of several texts, of which receivers read none (RFC 9989 section 4.10): the one that says most,
    /// with the addresses for reports that only the others name, behind its own. Of two that say as much it is the gentler
    /// one, so that no mail is refused that was not; the order in which they came says nothing.
    ///
    /// Only records are made one if there are any, else texts that were meant as one; none where there is neither.
    #[must_use]
    pub fn merged<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Option<Self> {
        let (mut records, mut meant) = (Vec::new(), Vec::new());
        for text in texts {
            match read(text.as_ref()) {
                DmarcReading::Record(_) => records.push(text.as_ref().to_owned()),
                DmarcReading::NearMiss(miss) => meant.extend(miss.repaired),
                DmarcReading::Other => {}
            }
        }
        let mut texts = if records.is_empty() { meant } else { records };
        let (best, _) = texts.iter().enumerate().max_by_key(|(_, text)| weight(text))?;
        let best = Self { text: texts.swap_remove(best) };
        texts.sort();
        Some(["rua", "ruf"].into_iter().fold(best, |record, tag| record.with_reports_of(tag, &texts)))
    }

    /// With the addresses that `others` name in `tag` and this one does not. To whom a report may go each receiver finds out
    /// itself (RFC 9990 section 4), so none is left out here but what is no address.
    fn with_reports_of(self, tag: &str, others: &[String]) -> Self {
        fn reports<'r, 'a>(record: &'r Dmarc<'a>, tag: &str) -> &'r [ReportUri<'a>] {
            if tag == "rua" { &record.rua } else { &record.ruf }
        }
        let own = Dmarc::parse(&self.text);
        let mut known: Vec<String> = reports(&own, tag).iter().map(|uri| uri.text.to_owned()).collect();
        let before = known.len();
        for other in others {
            for uri in reports(&Dmarc::parse(other), tag).iter().filter(|uri| uri.is_valid()) {
                // The bound comes first: beyond it nothing is compared.
                if known.len() < bounds::MENDED && !known.iter().any(|one| one.eq_ignore_ascii_case(uri.text))
                {
                    known.push(uri.text.to_owned());
                }
            }
        }
        if known.len() == before {
            return self;
        }
        let known: Vec<String> = known.into_iter().filter(|text| !text.is_empty()).collect();
        self.with(tag, &known.join(","))
    }
}

impl fmt::Display for DmarcEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// How much a record says that one would not like to lose: a policy first, then where reports go. Of records that say as
/// much, the gentler one weighs more; the text decides between equals, so that their order does not.
fn weight(text: &str) -> impl Ord + use<> {
    let record = Dmarc::parse(text);
    let policies = [PolicyTag::P, PolicyTag::Sp, PolicyTag::Np].map(|tag| record.policy_for(tag));
    (
        record.p.is_some_and(|p| p.value.is_some()),
        record.rua.iter().any(ReportUri::is_valid),
        Reverse(policies.map(|said| said.map(|(policy, _)| policy))),
        text.to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(texts: &[&str]) -> Option<String> {
        DmarcEdit::merged(texts).map(|record| record.to_string())
    }

    #[test]
    fn a_changed_record_keeps_what_was_not_changed() {
        let edit = || DmarcEdit::parse("v=DMARC1;p=none ; X-Own=1; pct=50;rua=mailto:a@example.org;");
        assert_eq!(edit().to_string(), "v=DMARC1;p=none ; X-Own=1; pct=50;rua=mailto:a@example.org;");
        assert_eq!(
            edit().with("p", "quarantine").without("pct").with("t", "y").to_string(),
            "v=DMARC1; p=quarantine; x-own=1; rua=mailto:a@example.org; t=y"
        );
        assert_eq!(
            DmarcEdit::parse("v=DMARC1; rua=x").with("p", "none").to_string(),
            "v=DMARC1; p=none; rua=x"
        );
        let twice = DmarcEdit::parse("v=DMARC1; p=none; p=reject");
        assert_eq!(twice.clone().with("p", "none").to_string(), "v=DMARC1; p=none");
        assert_eq!(twice.without("p").to_string(), "v=DMARC1");
    }

    #[test]
    fn what_was_meant_is_a_record() {
        for (text, record) in [
            ("v=dmarc1; p=none", "v=DMARC1; p=none"),
            ("v=DMARC1; p=monitor", "v=DMARC1; p=monitor"),
            (
                "v=dmarc1; p=monitor; rua=mailto:d@example.org",
                "v=DMARC1; p=monitor; rua=mailto:d@example.org",
            ),
            ("p=monitor", "v=DMARC1; p=monitor"),
            ("", "v=DMARC1; p=none"),
        ] {
            assert_eq!(DmarcEdit::meant(text).to_string(), record, "{text}");
        }
    }

    #[test]
    fn a_record_watches_or_refuses() {
        let text = "v=DMARC1; p=quarantine; sp=reject; np=reject; t=y; rua=mailto:d@example.org";
        assert_eq!(
            DmarcEdit::parse(text).watching().to_string(),
            "v=DMARC1; p=none; np=reject; rua=mailto:d@example.org"
        );
        assert_eq!(
            DmarcEdit::parse("v=DMARC1; p=none; sp=foo; np=bar; t=y; rua=d@example.org")
                .refusing()
                .to_string(),
            "v=DMARC1; p=reject; rua=mailto:d@example.org"
        );
    }

    #[test]
    fn records_merge_into_the_one_that_says_most_with_the_addresses_of_the_others() {
        let none = "v=DMARC1; p=none; rua=mailto:a@example.org; ruf=mailto:f@example.org; fo=1";
        let silent = "v=DMARC1;p=reject";
        assert_eq!(merged(&[silent, none]).as_deref(), Some(none), "nothing is lost with the other one");
        let other = "v=DMARC1; p=reject; rua=mailto:A@example.org, mailto:b@example.net!10m,nobody; ruf=mailto:g@example.net";
        let both = "v=DMARC1; p=none; rua=mailto:a@example.org,mailto:b@example.net; \
                    ruf=mailto:f@example.org,mailto:g@example.net; fo=1";
        assert_eq!(merged(&[none, other]).as_deref(), Some(both));
        assert_eq!(merged(&[other, none]).as_deref(), Some(both), "whatever their order");
        assert_eq!(
            merged(&["v=DMARC1; rua=mailto:a@example.org", "v=DMARC1; p=none"]).as_deref(),
            Some("v=DMARC1; p=none; rua=mailto:a@example.org")
        );
    }

    #[test]
    fn beside_a_record_nothing_counts_that_only_was_meant() {
        let record = "v=DMARC1; p=none";
        assert_eq!(
            merged(&["v=dmarc1; p=none; rua=mailto:a@example.org", record, "x"]).as_deref(),
            Some(record)
        );
        assert_eq!(
            merged(&["v=dmarc1; p=reject", "DMARC1; p=none; rua=mailto:a@example.org"]).as_deref(),
            Some("v=DMARC1; p=none; rua=mailto:a@example.org")
        );
        assert_eq!(merged(&["hello"]), None);
        assert_eq!(merged(&[]), None);
    }

    #[test]
    fn of_records_that_say_as_much_the_gentler_one_stays_in_any_order() {
        let (gentle, strict) = ("v=DMARC1; p=none", "v=DMARC1; p=reject");
        assert_eq!(merged(&[gentle, strict]).as_deref(), Some(gentle));
        assert_eq!(merged(&[strict, gentle]).as_deref(), Some(gentle));
        let (one, other) = ("v=DMARC1; p=none; fo=1", "v=DMARC1; p=none; fo=d");
        assert_eq!(merged(&[one, other]), merged(&[other, one]));
    }
}
