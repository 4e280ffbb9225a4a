//! What can be wrong with a record.

use serde::Serialize;

use crate::record::Span;

/// Something wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SpfError {
    /// The faulty part.
    pub span: Span,
    /// What is wrong with it.
    pub fault: Fault,
}

words! {
    /// What is wrong with a part of a record.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Fault {
        /// The text does not begin with `v=spf1` and a blank (RFC 7208 section 4.5).
        NoVersion = "no-version",
        /// A character that is not ASCII: a dash or quote of a word processor, an invisible character.
        NotAscii = "not-ascii",
        /// A tab, line break or other control character; only blanks separate terms.
        Control = "control",
        /// No mechanism has this name.
        UnknownMechanism = "unknown-mechanism",
        /// `redirect:` or `exp:`; modifiers are written with `=`.
        ModifierWithColon = "modifier-with-colon",
        /// A qualifier in front of a modifier.
        QualifiedModifier = "qualified-modifier",
        /// `redirect` or `exp` for the second time (section 6).
        Repeated = "repeated",
        /// A mechanism or modifier that needs a domain has none.
        MissingDomain = "missing-domain",
        /// `ip4` or `ip6` without an address.
        MissingAddress = "missing-address",
        /// Something behind a mechanism that takes nothing there: `all:x`, `-all;`.
        Unexpected = "unexpected",
        /// A prefix length where none may be: `include:example.org/24`.
        UnexpectedPrefix = "unexpected-prefix",
        /// A macro that section 7 does not know.
        Macro = "macro",
        /// A macro that is allowed in explanations only: `%{c}`, `%{r}`, `%{t}`.
        ExplanationMacro = "explanation-macro",
        /// A single word, or a name whose last label is no top-level domain.
        TopLabel = "top-label",
        /// An address where a domain has to be: `a:192.0.2.1`.
        AddressAsDomain = "address-as-domain",
        /// Not an IPv4 address (four numbers of 0 to 255 without leading zeros).
        Ip4 = "ip4",
        /// Not an IPv6 address.
        Ip6 = "ip6",
        /// `ip4` with an IPv6 address.
        Ip6InIp4 = "ip6-in-ip4",
        /// `ip6` with an IPv4 address.
        Ip4InIp6 = "ip4-in-ip6",
        /// Not a prefix length: leading zero, no digits, or in the wrong place.
        Prefix = "prefix",
        /// A prefix length beyond 32 or 128.
        PrefixTooLong = "prefix-too-long",
        /// Two dots in a row, or one in front: no such name can exist.
        EmptyLabel = "empty-label",
        /// More than 63 characters between two dots: no such name can exist.
        LongLabel = "long-label",
        /// More than 253 characters: no such name can exist.
        LongName = "long-name",
    }
    key "spf.fault.{}"
}

impl Fault {
    /// Whether receivers answer `permerror` because of it, wherever it stands. The others are names that fit the grammar
    /// but cannot exist: the term never matches (section 4.8 leaves the result open), and only an `include` or
    /// `redirect` that an evaluation gets to is an error, for there is no record (section 4.3).
    #[must_use]
    pub fn breaks(self) -> bool {
        !matches!(self, Self::EmptyLabel | Self::LongLabel | Self::LongName)
    }
}
