//! DMARC policy records (RFC 9989 sections 4.7 and 4.8).
//!
//! A TXT record is a DMARC record when its first tag is `v` with exactly the value `DMARC1`; everything else is
//! ignored by receivers. [`read`] also knows texts that were meant to be one. Inside a record, errors cost only the
//! tag they are in, with one exception: a `p`, `sp` or `np` that is not a policy takes the force out of the whole
//! record (section 4.10.1, see [`Dmarc::effect`]).

mod clean;
mod edit;
mod uri;
mod version;

pub use clean::Cleaned;
pub use edit::{DmarcEdit, FIRST};
pub use uri::{ReportUri, UriKind, UriProblem};
pub use version::{DmarcNearMiss, VersionFault};

use serde::Serialize;

use super::{
    Span,
    tags::{Tag, TagList},
};

/// Tags of RFC 9989, in the order in which records are usually written.
pub const TAGS: [&str; 11] = ["v", "p", "sp", "np", "t", "psd", "adkim", "aspf", "rua", "ruf", "fo"];
/// Tags of RFC 7489 that RFC 9989 made historic.
pub const HISTORIC: [&str; 3] = ["pct", "rf", "ri"];

words! {
    /// What a domain owner asks receivers to do with mail that fails DMARC. Ordered by strictness.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Policy {
        /// Nothing.
        None = "none",
        /// Treat it as suspicious: usually the spam folder.
        Quarantine = "quarantine",
        /// Refuse it.
        Reject = "reject",
    }
    key "dmarc.policy.{}"
}

words! {
    /// How near two names must be to count as the same owner (RFC 9989 section 4.4).
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub enum AlignmentMode {
        /// The same organizational domain.
        #[default]
        Relaxed = "relaxed",
        /// The same name.
        Strict = "strict",
    }
}

/// Whether the domain is one under which others register theirs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Psd {
    /// `psd=y`: it is; the organizational domain is one label below.
    Yes,
    /// `psd=n`: it is not; it is the organizational domain of itself and everything below.
    No,
    /// `psd=u` or nothing said.
    #[default]
    Unsaid,
}

words! {
    /// Which policy tag speaks for a name.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum PolicyTag {
        /// `p`: the domain itself, and subdomains without a tag of their own.
        P = "p",
        /// `sp`: subdomains that exist.
        Sp = "sp",
        /// `np`: subdomains that do not exist.
        Np = "np",
    }
    key "dmarc.tag.{}"
}

words! {
    /// What a record does with the policies in it (RFC 9989 section 4.10.1).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Effect {
        /// They count as written.
        AsWritten = "as-written",
        /// A policy tag is missing or not valid; because reports are asked for, the record counts as `p=none`.
        AsNone = "as-none",
        /// A policy tag is missing or not valid, and no reports are asked for: receivers leave DMARC alone.
        Nothing = "nothing",
    }
    key "dmarc.effect.{}"
}

/// A tag that is in the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TagValue<T> {
    /// What it says; `None` if that is not a value the tag can have.
    pub value: Option<T>,
    /// Where the whole pair stands.
    pub span: Span,
}

/// A DMARC record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dmarc<'a> {
    /// The text.
    pub text: &'a str,
    /// Every pair as written, and what is wrong with the list.
    pub list: TagList<'a>,
    /// `p`.
    pub p: Option<TagValue<Policy>>,
    /// `sp`.
    pub sp: Option<TagValue<Policy>>,
    /// `np`.
    pub np: Option<TagValue<Policy>>,
    /// `t`: testing, one level less strict than written.
    pub t: Option<TagValue<bool>>,
    /// `psd`.
    pub psd: Option<TagValue<Psd>>,
    /// `adkim`.
    pub adkim: Option<TagValue<AlignmentMode>>,
    /// `aspf`.
    pub aspf: Option<TagValue<AlignmentMode>>,
    /// `fo`: only whether it can be read.
    pub fo: Option<TagValue<()>>,
    /// Where aggregate reports go.
    pub rua: Vec<ReportUri<'a>>,
    /// Where failure reports go.
    pub ruf: Vec<ReportUri<'a>>,
}

/// What a TXT record is, for DMARC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DmarcReading<'a> {
    /// A record that receivers read.
    Record(Box<Dmarc<'a>>),
    /// Meant as one, and ignored by receivers.
    NearMiss(DmarcNearMiss),
    /// Something else.
    Other,
}

/// Reads the text of a TXT record.
#[must_use]
pub fn read(text: &str) -> DmarcReading<'_> {
    if version::is_exact(text) {
        return DmarcReading::Record(Box::new(Dmarc::parse(text)));
    }
    version::near_miss(text).map_or(DmarcReading::Other, DmarcReading::NearMiss)
}

/// Whether receivers take the text for a DMARC record (RFC 9989 section 4.10 steps 2 and 6).
#[must_use]
pub fn is_record(text: &str) -> bool {
    version::is_exact(text)
}

impl Policy {
    /// Reads it as receivers do: in any case.
    fn read(value: &str) -> Option<Self> {
        Self::from_word(&value.to_ascii_lowercase())
    }

    /// One level less strict, as `t=y` asks for (RFC 9989 section 4.7).
    #[must_use]
    pub fn one_lower(self) -> Self {
        match self {
            Self::Reject => Self::Quarantine,
            Self::Quarantine | Self::None => Self::None,
        }
    }
}

impl<'a> Dmarc<'a> {
    /// Reads a record, whatever its version says.
    #[must_use]
    pub fn parse(text: &'a str) -> Self {
        let list = TagList::parse(text);
        let uris = |name| list.get(name).map(|tag| uri::list(text, tag.value_span)).unwrap_or_default();
        Self {
            text,
            p: given(&list, "p", Policy::read),
            sp: given(&list, "sp", Policy::read),
            np: given(&list, "np", Policy::read),
            t: given(&list, "t", |word| choice(word, &[("y", true), ("n", false)])),
            psd: given(&list, "psd", |word| {
                choice(word, &[("y", Psd::Yes), ("n", Psd::No), ("u", Psd::Unsaid)])
            }),
            adkim: given(&list, "adkim", mode),
            aspf: given(&list, "aspf", mode),
            fo: given(&list, "fo", failure_options),
            rua: uris("rua"),
            ruf: uris("ruf"),
            list,
        }
    }

    /// The record put right: one of each tag, `p` behind `v`, addresses with `mailto:` and without a size, no
    /// historic tags, no values that are none. Nothing if a policy cannot be told.
    #[must_use]
    pub fn cleaned(&self) -> Option<Cleaned> {
        clean::cleaned(self)
    }

    /// The tag that the unknown tag `name` was probably meant to be: one letter differs, and the record lacks it.
    #[must_use]
    pub fn misspelt(&self, name: &str) -> Option<&'static str> {
        clean::misspelt(&self.list, name)
    }

    /// What the record does with its policies.
    #[must_use]
    pub fn effect(&self) -> Effect {
        let valid = |tag: &Option<TagValue<Policy>>| tag.is_none_or(|given| given.value.is_some());
        if self.p.is_some() && [&self.p, &self.sp, &self.np].into_iter().all(valid) {
            Effect::AsWritten
        } else if self.rua.iter().any(ReportUri::is_valid) {
            Effect::AsNone
        } else {
            Effect::Nothing
        }
    }

    /// The policy for the domain itself (`P`), for subdomains that exist (`Sp`) or for those that do not (`Np`), and
    /// the tag that says it: `np` falls back to `sp`, and `sp` to `p`. `None` where the record has no effect.
    #[must_use]
    pub fn policy_for(&self, tag: PolicyTag) -> Option<(Policy, PolicyTag)> {
        match self.effect() {
            Effect::Nothing => return None,
            Effect::AsNone => return Some((Policy::None, PolicyTag::P)),
            Effect::AsWritten => {}
        }
        let said = |given: Option<TagValue<Policy>>, tag| given.and_then(|given| Some((given.value?, tag)));
        let p = || said(self.p, PolicyTag::P);
        let sp = || said(self.sp, PolicyTag::Sp);
        match tag {
            PolicyTag::P => p(),
            PolicyTag::Sp => sp().or_else(p),
            PolicyTag::Np => said(self.np, PolicyTag::Np).or_else(sp).or_else(p),
        }
    }

    /// Whether the policies are only tested (`t=y`).
    #[must_use]
    pub fn is_testing(&self) -> bool {
        self.t.and_then(|given| given.value).unwrap_or(false)
    }

    /// What the record says of being a public suffix.
    #[must_use]
    pub fn psd(&self) -> Psd {
        self.psd.and_then(|given| given.value).unwrap_or_default()
    }

    /// How near a DKIM signature's domain must be.
    #[must_use]
    pub fn adkim(&self) -> AlignmentMode {
        self.adkim.and_then(|given| given.value).unwrap_or_default()
    }

    /// How near the envelope sender's domain must be.
    #[must_use]
    pub fn aspf(&self) -> AlignmentMode {
        self.aspf.and_then(|given| given.value).unwrap_or_default()
    }
}

fn given<T>(list: &TagList<'_>, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<TagValue<T>> {
    list.get(name).map(|tag: &Tag<'_>| TagValue { value: read(tag.value), span: tag.span() })
}

fn choice<T: Copy>(word: &str, choices: &[(&str, T)]) -> Option<T> {
    choices.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|&(_, value)| value)
}

fn mode(word: &str) -> Option<AlignmentMode> {
    choice(word, &[("r", AlignmentMode::Relaxed), ("s", AlignmentMode::Strict)])
}

/// `0` or `1`, `d` and `s`, set apart by colons, each at most once. RFC 7489 allowed `0` and `1` together; receivers
/// still read that, so it is not called wrong here.
fn failure_options(word: &str) -> Option<()> {
    let options: Vec<&str> = word.split(':').map(str::trim).collect();
    let known = |option: &&str| ["0", "1", "d", "s"].iter().any(|known| known.eq_ignore_ascii_case(option));
    let once = |(at, option): (usize, &&str)| !options[..at].iter().any(|o| o.eq_ignore_ascii_case(option));
    (options.iter().all(known) && options.iter().enumerate().all(once)).then_some(())
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record(text: &str) -> Dmarc<'_> {
        match read(text) {
            DmarcReading::Record(record) => *record,
            other => panic!("{text}: {other:?}"),
        }
    }

    fn policies(text: &str) -> [Option<(Policy, PolicyTag)>; 3] {
        [PolicyTag::P, PolicyTag::Sp, PolicyTag::Np].map(|tag| record(text).policy_for(tag))
    }

    #[test]
    fn np_falls_back_to_sp_and_sp_to_p() {
        use {Policy::*, PolicyTag::*};
        let reject = Some((Reject, P));
        assert_eq!(policies("v=DMARC1; p=reject"), [reject; 3]);
        assert_eq!(policies("v=DMARC1;p=Reject;sp=NONE"), [reject, Some((None, Sp)), Some((None, Sp))]);
        assert_eq!(
            policies("v=DMARC1; p=none; np=reject"),
            [Some((None, P)), Some((None, P)), Some((Reject, Np))]
        );
    }

    #[test]
    fn a_policy_that_is_none_takes_the_force_out_of_the_record() {
        let as_none = [Some((Policy::None, PolicyTag::P)); 3];
        for text in ["p=rejct", "p=reject; sp=rejct", "p=reject; np=", "sp=reject", ""] {
            let bare = format!("v=DMARC1; {text}");
            assert_eq!(policies(&bare), [None; 3], "{bare}");
            let reporting = format!("v=DMARC1; rua=mailto:a@example.org; {text}");
            assert_eq!(policies(&reporting), as_none, "{reporting}");
            let broken = format!("v=DMARC1; rua=a@example.org; {text}");
            assert_eq!(policies(&broken), [None; 3], "{broken}");
        }
    }

    #[test]
    fn other_values_that_are_none_leave_the_default() {
        let read = record("v=DMARC1; p=reject; adkim=x; aspf=S; t=yes; psd=Y; fo=0:d:s");
        assert_eq!((read.adkim(), read.aspf()), (AlignmentMode::Relaxed, AlignmentMode::Strict));
        let said = record("v=DMARC1; p=reject; adkim=s; aspf=r");
        assert_eq!((said.adkim(), said.aspf()), (AlignmentMode::Strict, AlignmentMode::Relaxed));
        assert!(!read.is_testing() && read.t.is_some_and(|t| t.value.is_none()));
        assert_eq!(read.psd(), Psd::Yes);
        assert!(read.fo.is_some_and(|fo| fo.value.is_some()));
        for bad in ["2", "", "d:d", "0:", "ds"] {
            assert_eq!(failure_options(bad), None, "{bad}");
        }
    }

    #[test]
    fn places_are_those_of_the_whole_pair() {
        let text = "v=DMARC1; p = rejct ; rua=mailto:a@example.org";
        assert_eq!(record(text).p.unwrap().span.of(text), "p = rejct");
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_every_place_is_at_character_boundaries(
            text in "(v=DMARC1;)?([a-z]{1,5}=|[pr]=|rua=|mailto:|[;,@! “é]|\\PC){0,20}",
        ) {
            let read = Dmarc::parse(&text);
            for uri in read.rua.iter().chain(&read.ruf) {
                prop_assert_eq!(uri.span.of(&text), uri.text);
                prop_assert!(uri.size.is_none_or(|size| text.get(size.range()).is_some()));
            }
            for given in [read.p, read.sp, read.np].into_iter().flatten() {
                prop_assert!(text.get(given.span.range()).is_some());
            }
            if let DmarcReading::NearMiss(miss) = super::read(&text) {
                prop_assert!(text.get(miss.span.range()).is_some());
                prop_assert!(miss.repaired.is_none_or(|text| is_record(&text)));
            }
        }
    }
}
