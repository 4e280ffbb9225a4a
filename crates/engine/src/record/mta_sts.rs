//! MTA-STS: the record that announces a policy, and the policy file (RFC 8461 section 3).
//!
//! The file is at `https://mta-sts.<domain>/.well-known/mta-sts.txt`. A web page cannot read it unless its server
//! allows that, so it is parsed from pasted text.

use super::{
    Span,
    tags::{TagErrorKind, TagList},
    version,
};
use crate::{dns::Name, input::limits, steps};

/// The longest time a policy may be kept, in seconds: about a year (RFC 8461 section 3.2).
pub const MAX_AGE_LIMIT: u64 = 31_557_600;
/// Below this a policy is forgotten between two messages: a day, in seconds.
pub const MAX_AGE_SHORT: u64 = 86_400;

/// A record at `_mta-sts.<domain>` as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StsRecord {
    /// Version of the policy: a change of it makes senders fetch the policy anew.
    pub id: Option<String>,
    /// What is wrong with the record.
    pub errors: Vec<StsRecordError>,
}

/// Something wrong with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StsRecordError {
    /// What is wrong.
    pub kind: StsRecordErrorKind,
    /// The faulty part.
    pub span: Span,
}

words! {
    /// What can be wrong with a record.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum StsRecordErrorKind {
        /// The list of tags cannot be read there.
        List(TagErrorKind) = ..,
        /// It does not begin with exactly `v=STSv1` and a semicolon.
        Version = "version",
        /// There is no `id=`.
        NoId = "no-id",
        /// `id=` is not 1 to 32 letters and digits.
        BadId = "bad-id",
    }
    key "record.problem.{}"
}

impl StsRecord {
    /// Whether a text is meant as such a record, in any case and with blanks in front.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        version::has_version(text, "sts")
    }

    /// Reads a record. Never fails: what is wrong is among the errors.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut record = Self::default();
        let list = TagList::parse(text);
        for error in &list.errors {
            record.error(StsRecordErrorKind::List(error.kind), error.span);
        }
        if let Some(span) = version::wrong_version(text, &list, "STSv1") {
            record.error(StsRecordErrorKind::Version, span);
        }
        match list.get("id") {
            None => record.error(StsRecordErrorKind::NoId, Span::new(0, text.len())),
            Some(tag) => {
                let good = (1..=32).contains(&tag.value.len())
                    && tag.value.bytes().all(|octet| octet.is_ascii_alphanumeric());
                if !good {
                    record.error(StsRecordErrorKind::BadId, tag.span());
                }
                record.id = Some(tag.value.to_owned());
            }
        }
        record
    }

    /// The record with what is surely a slip mended: the version, and other characters in the id. `None` if that
    /// leaves a fault.
    #[must_use]
    pub fn repaired(text: &str) -> Option<String> {
        let list = TagList::parse(text);
        let id: String = list.get("id")?.value.chars().filter(char::is_ascii_alphanumeric).collect();
        let mended = format!("v=STSv1; id={id}");
        Self::parse(&mended).errors.is_empty().then_some(mended)
    }

    fn error(&mut self, kind: StsRecordErrorKind, span: Span) {
        self.errors.push(StsRecordError { kind, span });
    }
}

/// A policy file as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StsPolicy {
    /// What senders do when a check fails.
    pub mode: Option<StsMode>,
    /// Seconds for which senders keep the policy.
    pub max_age: Option<u64>,
    /// Hosts that may receive, with where they stand; `*.` in front stands for one label.
    pub mx: Vec<(String, Span)>,
    /// What is wrong with the file.
    pub errors: Vec<PolicyError>,
}

/// What senders do when a receiving host does not fit the policy (RFC 8461 section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StsMode {
    /// They do not deliver to it.
    Enforce,
    /// They deliver, and report.
    Testing,
    /// There is no policy any more.
    None,
}

/// Something wrong with a policy file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// What is wrong.
    pub kind: PolicyErrorKind,
    /// The faulty part.
    pub span: Span,
}

words! {
    /// What can be wrong with a policy file.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum PolicyErrorKind {
        /// A web page and no policy.
        Html = "html",
        /// A line without a colon.
        NoColon = "no-colon",
        /// There is no `version: STSv1`.
        Version = "version",
        /// There is no `mode`.
        NoMode = "no-mode",
        /// `mode` is none of the three words.
        BadMode = "bad-mode",
        /// There is no `max_age`.
        NoMaxAge = "no-max-age",
        /// `max_age` is not a number up to [`MAX_AGE_LIMIT`].
        BadMaxAge = "bad-max-age",
        /// There is no `mx`.
        NoMx = "no-mx",
        /// An `mx` that is no host name, or has a star elsewhere than in front.
        BadMx = "bad-mx",
    }
    key "record.problem.{}"
}

/// What a pasted policy means for the domain's receiving hosts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyJudgement {
    /// The policy as it was read.
    pub policy: StsPolicy,
    /// Receiving hosts that the policy does not cover: senders who follow it do not deliver there.
    pub unmatched: Vec<Name>,
}

/// Reads a pasted policy and holds the receiving hosts against it. No more than [`limits::InputField::Policy`] is read.
#[must_use]
pub fn judge_policy(text: &str, mx_hosts: &[Name]) -> PolicyJudgement {
    let policy = StsPolicy::parse(limits::InputField::Policy.part(text));
    let unmatched = mx_hosts.iter().filter(|host| !policy.covers(host)).cloned().collect();
    PolicyJudgement { policy, unmatched }
}

impl StsPolicy {
    /// Reads a policy file. Never fails: what is wrong is among the errors.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let mut policy = Self::default();
        steps::took(text.len());
        let all = Span::new(0, text.len());
        if text.trim_start().starts_with('<') {
            policy.error(PolicyErrorKind::Html, all);
            return policy;
        }
        let mut has_version = false;
        let mut start = 0;
        for line in text.split('\n') {
            let from = start + (line.len() - line.trim_start().len());
            start += line.len() + 1;
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            let span = Span::new(from, from + line.len());
            match line.split_once(':').map(|(key, value)| (key.trim(), value.trim())) {
                None => policy.error(PolicyErrorKind::NoColon, span),
                Some(("version", value)) => {
                    if !std::mem::replace(&mut has_version, true) && value != "STSv1" {
                        policy.error(PolicyErrorKind::Version, span);
                    }
                }
                Some((key, value)) => policy.field(key, value, span),
            }
        }
        policy.miss(has_version);
        policy
    }

    /// Takes a field. Later doubles do not count, and unknown fields are for the future (RFC 8461 section 3.2).
    fn field(&mut self, key: &str, value: &str, span: Span) {
        match key {
            "mode" if self.mode.is_none() => {
                self.mode = match value {
                    "enforce" => Some(StsMode::Enforce),
                    "testing" => Some(StsMode::Testing),
                    "none" => Some(StsMode::None),
                    _ => return self.error(PolicyErrorKind::BadMode, span),
                };
            }
            "max_age" if self.max_age.is_none() => {
                let digits = !value.is_empty() && value.bytes().all(|octet| octet.is_ascii_digit());
                self.max_age = value.parse().ok().filter(|&age| digits && age <= MAX_AGE_LIMIT);
                if self.max_age.is_none() {
                    self.error(PolicyErrorKind::BadMaxAge, span);
                }
            }
            "mx" => {
                let host = value.strip_prefix("*.").unwrap_or(value);
                if Name::parse(host).is_ok_and(|name| name.is_host_name()) {
                    self.mx.push((value.trim_end_matches('.').to_ascii_lowercase(), span));
                } else {
                    self.error(PolicyErrorKind::BadMx, span);
                }
            }
            _ => {}
        }
    }

    /// Says which fields are missing. One that is there and cannot be read is not.
    fn miss(&mut self, has_version: bool) {
        let mut miss = |is_missing: bool, bad: Option<PolicyErrorKind>, kind: PolicyErrorKind| {
            if is_missing && !self.errors.iter().any(|error| Some(error.kind) == bad) {
                self.errors.push(PolicyError { kind, span: Span::default() });
            }
        };
        miss(!has_version, None, PolicyErrorKind::Version);
        miss(self.mode.is_none(), Some(PolicyErrorKind::BadMode), PolicyErrorKind::NoMode);
        miss(self.max_age.is_none(), Some(PolicyErrorKind::BadMaxAge), PolicyErrorKind::NoMaxAge);
        let needs_mx = self.mx.is_empty() && self.mode != Some(StsMode::None);
        miss(needs_mx, Some(PolicyErrorKind::BadMx), PolicyErrorKind::NoMx);
    }

    /// Whether a receiving host fits one of the policy's (RFC 8461 section 4.1).
    #[must_use]
    pub fn covers(&self, host: &Name) -> bool {
        steps::took(self.mx.len());
        self.mx.iter().any(|(pattern, _)| matches(pattern, host))
    }

    fn error(&mut self, kind: PolicyErrorKind, span: Span) {
        self.errors.push(PolicyError { kind, span });
    }
}

/// A star stands for exactly one label.
fn matches(pattern: &str, host: &Name) -> bool {
    match pattern.strip_prefix("*.") {
        Some(parent) => host.as_str().split_once('.').is_some_and(|(_, rest)| rest == parent),
        None => host.as_str() == pattern,
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\n\
                        mx: backupmx.example.com\r\nmax_age: 604800\r\n";

    fn names(texts: &[&str]) -> Vec<Name> {
        texts.iter().map(|text| Name::parse(text).unwrap()).collect()
    }

    fn record_errors(text: &str) -> Vec<(&'static str, &str)> {
        StsRecord::parse(text).errors.iter().map(|e| (e.kind.as_str(), e.span.of(text))).collect()
    }

    fn policy_errors(text: &str) -> Vec<(&'static str, &str)> {
        StsPolicy::parse(text).errors.iter().map(|e| (e.kind.as_str(), e.span.of(text))).collect()
    }

    #[test]
    fn the_record_of_the_rfc() {
        assert_eq!(StsRecord::parse("v=STSv1; id=20160831085700Z;").id.as_deref(), Some("20160831085700Z"));
        assert!(record_errors("v=STSv1; id=20160831085700Z;").is_empty());
        assert_eq!(record_errors("v=STSv1;"), [("no-id", "v=STSv1;")]);
        assert_eq!(record_errors("v=STSv1; id=2016-08-31"), [("bad-id", "id=2016-08-31")]);
        assert_eq!(record_errors("v=STSv1; id="), [("bad-id", "id=")]);
        assert_eq!(record_errors("v=stsv1; id=1"), [("version", "v=stsv1")]);
        assert_eq!(record_errors("v=STSv1 id=1"), [("version", "v=STSv1 id=1"), ("no-id", "v=STSv1 id=1")]);
    }

    #[test]
    fn slips_are_mended_and_nothing_is_guessed() {
        let mended = |text| StsRecord::repaired(text);
        assert_eq!(mended("v=STSv1; id=2016-08-31").unwrap(), "v=STSv1; id=20160831");
        assert_eq!(mended("v=stsv1;id=1;").unwrap(), "v=STSv1; id=1");
        assert_eq!(mended("v=STSv1; id="), None);
        assert_eq!(mended("v=STSv1"), None);
    }

    #[test]
    fn the_policy_of_the_rfc() {
        let judged =
            judge_policy(GOOD, &names(&["mail.example.com", "mx1.example.net", "backupmx.example.com"]));
        assert!(judged.policy.errors.is_empty() && judged.unmatched.is_empty());
        assert_eq!((judged.policy.mode, judged.policy.max_age), (Some(StsMode::Enforce), Some(604_800)));
    }

    #[test]
    fn a_star_is_one_label_and_nothing_else() {
        let judged = judge_policy(GOOD, &names(&["a.b.example.net", "example.net", "x.example.net"]));
        assert_eq!(judged.unmatched, names(&["a.b.example.net", "example.net"]));
    }

    #[test]
    fn what_is_wrong_with_a_policy_is_named() {
        assert_eq!(
            policy_errors("version: STSv2\nmode: on\nmx: mail.*.com\nmax_age: 99999999\nhello"),
            [
                ("version", "version: STSv2"),
                ("bad-mode", "mode: on"),
                ("bad-mx", "mx: mail.*.com"),
                ("bad-max-age", "max_age: 99999999"),
                ("no-colon", "hello"),
            ]
        );
        assert_eq!(policy_errors("<!doctype html>"), [("html", "<!doctype html>")]);
        let missing: Vec<_> = policy_errors("").iter().map(|e| e.0).collect();
        assert_eq!(missing, ["version", "no-mode", "no-max-age", "no-mx"]);
        assert!(policy_errors("version: STSv1\nmode: none\nmax_age: 86400").is_empty(), "needs no mx");
        assert_eq!(
            policy_errors("version: STSv1\nmode: none\nmax_age: -1"),
            [("bad-max-age", "max_age: -1")]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_every_place_is_at_character_boundaries(
            text in "(version|mode|mx|max_age|[:*. \r\n é<a-z0-9]){0,40}"
        ) {
            let hosts = names(&["mx.example.org"]);
            for error in judge_policy(&text, &hosts).policy.errors {
                prop_assert!(text.get(error.span.range()).is_some());
            }
            for error in StsRecord::parse(&text).errors {
                prop_assert!(text.get(error.span.range()).is_some());
            }
        }
    }
}
