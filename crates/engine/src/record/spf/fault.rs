//! What can be wrong with a record.

use serde::Serialize;

use crate::record::Span;

/// Something wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Error {
    /// The faulty part.
    pub span: Span,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a part of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The text does not begin with `v=spf1` and a blank (RFC 7208 section 4.5).
    NoVersion,
    /// A character that is not ASCII: a dash or quote of a word processor, an invisible character.
    NotAscii,
    /// A tab, line break or other control character; only blanks separate terms.
    Control,
    /// No mechanism has this name.
    UnknownMechanism,
    /// `redirect:` or `exp:`; modifiers are written with `=`.
    ModifierWithColon,
    /// A qualifier in front of a modifier.
    QualifiedModifier,
    /// `redirect` or `exp` for the second time (section 6).
    Repeated,
    /// A mechanism or modifier that needs a domain has none.
    MissingDomain,
    /// `ip4` or `ip6` without an address.
    MissingAddress,
    /// Something behind a mechanism that takes nothing there: `all:x`, `-all;`.
    Unexpected,
    /// A prefix length where none may be: `include:example.org/24`.
    UnexpectedPrefix,
    /// A macro that section 7 does not know.
    Macro,
    /// A macro that is allowed in explanations only: `%{c}`, `%{r}`, `%{t}`.
    ExplanationMacro,
    /// A single word, or a name whose last label is no top-level domain.
    TopLabel,
    /// An address where a domain has to be: `a:192.0.2.1`.
    AddressAsDomain,
    /// Not an IPv4 address (four numbers of 0 to 255 without leading zeros).
    Ip4,
    /// Not an IPv6 address.
    Ip6,
    /// `ip4` with an IPv6 address.
    Ip6InIp4,
    /// `ip6` with an IPv4 address.
    Ip4InIp6,
    /// Not a prefix length: leading zero, no digits, or in the wrong place.
    Prefix,
    /// A prefix length beyond 32 or 128.
    PrefixTooLong,
    /// Two dots in a row, or one in front: no such name can exist.
    EmptyLabel,
    /// More than 63 characters between two dots: no such name can exist.
    LongLabel,
    /// More than 253 characters: no such name can exist.
    LongName,
}

impl Fault {
    /// Every fault.
    pub const ALL: &'static [Self] = &[
        Self::NoVersion,
        Self::NotAscii,
        Self::Control,
        Self::UnknownMechanism,
        Self::ModifierWithColon,
        Self::QualifiedModifier,
        Self::Repeated,
        Self::MissingDomain,
        Self::MissingAddress,
        Self::Unexpected,
        Self::UnexpectedPrefix,
        Self::Macro,
        Self::ExplanationMacro,
        Self::TopLabel,
        Self::AddressAsDomain,
        Self::Ip4,
        Self::Ip6,
        Self::Ip6InIp4,
        Self::Ip4InIp6,
        Self::Prefix,
        Self::PrefixTooLong,
        Self::EmptyLabel,
        Self::LongLabel,
        Self::LongName,
    ];

    /// Whether receivers answer `permerror` because of it, wherever it stands. The others are names that fit the grammar
    /// but cannot exist: the term never matches (section 4.8 leaves the result open), and only an `include` or
    /// `redirect` that an evaluation gets to is an error, for there is no record (section 4.3).
    #[must_use]
    pub fn breaks(self) -> bool {
        !matches!(self, Self::EmptyLabel | Self::LongLabel | Self::LongName)
    }

    /// The end of the locale key `spf.fault.<slug>`.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::NoVersion => "no-version",
            Self::NotAscii => "not-ascii",
            Self::Control => "control",
            Self::UnknownMechanism => "unknown-mechanism",
            Self::ModifierWithColon => "modifier-with-colon",
            Self::QualifiedModifier => "qualified-modifier",
            Self::Repeated => "repeated",
            Self::MissingDomain => "missing-domain",
            Self::MissingAddress => "missing-address",
            Self::Unexpected => "unexpected",
            Self::UnexpectedPrefix => "unexpected-prefix",
            Self::Macro => "macro",
            Self::ExplanationMacro => "explanation-macro",
            Self::TopLabel => "top-label",
            Self::AddressAsDomain => "address-as-domain",
            Self::Ip4 => "ip4",
            Self::Ip6 => "ip6",
            Self::Ip6InIp4 => "ip6-in-ip4",
            Self::Ip4InIp6 => "ip4-in-ip6",
            Self::Prefix => "prefix",
            Self::PrefixTooLong => "prefix-too-long",
            Self::EmptyLabel => "empty-label",
            Self::LongLabel => "long-label",
            Self::LongName => "long-name",
        }
    }
}
