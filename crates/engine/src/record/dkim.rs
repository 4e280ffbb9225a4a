//! DKIM keys (RFC 6376 section 3.6.1, RFC 8301, RFC 8463).
//!
//! A key is one TXT record at `<selector>._domainkey.<domain>`. [`Key::read`] takes the record with its strings,
//! because a fault of many keys is a semicolon lost where one string ends and the next begins.

mod der;

use super::{
    Span,
    tags::{Tag, TagErrorKind, TagList},
};
use crate::{dns::Txt, steps};
use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// A key record as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// The text of the record, its strings joined.
    pub text: String,
    /// What the key is.
    pub material: Material,
    /// Where it stands: the value of `p=`.
    pub material_span: Span,
    /// Flag `y`: the domain is trying DKIM out.
    pub testing: Option<Span>,
    /// Flag `s`: the key is not for subdomains.
    pub strict: Option<Span>,
    /// What is wrong with the record.
    pub errors: Vec<KeyError>,
}

/// What a key is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Material {
    /// There is none that could be read; [`Key::errors`] says why.
    #[default]
    Unknown,
    /// `p=` is empty: the key is withdrawn, signatures with it are void.
    Revoked,
    /// RSA with a modulus of so many bits.
    Rsa(u32),
    /// Ed25519 (RFC 8463).
    Ed25519,
}

/// Something wrong with a key record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyError {
    /// What is wrong.
    pub kind: KeyErrorKind,
    /// The faulty part.
    pub span: Span,
}

words! {
    /// What can be wrong with a key record.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum KeyErrorKind {
        /// The list of tags cannot be read there.
        List(TagErrorKind) = ..,
        /// Quotation marks became part of the record.
        Quotes = "quotes",
        /// Backslashes became part of the record.
        Backslashes = "backslashes",
        /// A semicolon is missing where one string ends and the next begins.
        Seam = "seam",
        /// `v=` is there, but not in front.
        VersionNotFirst = "version-not-first",
        /// `v=` says something other than `DKIM1`; such a record must be discarded.
        VersionUnknown = "version-unknown",
        /// There is no `p=`.
        NoKey = "no-key",
        /// `k=` names an algorithm that no verifier knows.
        AlgorithmUnknown = "algorithm-unknown",
        /// `p=` holds characters that are not base64, or too few.
        NotBase64 = "not-base64",
        /// `p=` holds the marker lines of a key file.
        Armour = "armour",
        /// `p=` is not a public key of the algorithm.
        NotAKey = "not-a-key",
        /// `h=` leaves out SHA-256, the only hash in use (RFC 8301 section 3.1).
        NoUsableHash = "no-usable-hash",
        /// `s=` leaves out e-mail.
        NotForMail = "not-for-mail",
    }
    key "dkim.problem.{}"
}

impl KeyErrorKind {
    /// Whether it is the key itself that cannot be read, not the record around it.
    #[must_use]
    pub fn is_about_the_key(self) -> bool {
        matches!(self, Self::NotBase64 | Self::Armour | Self::NotAKey)
    }
}

/// Base64 as verifiers take it: a missing `=` at the end harms nobody.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

impl Key {
    /// Reads a record. Never fails: what is wrong is among the errors.
    #[must_use]
    pub fn read(txt: &Txt) -> Self {
        let text = txt.text().into_owned();
        let mut end = 0;
        let seams: Vec<usize> = txt
            .strings()
            .map(|string| {
                end += string.len();
                end
            })
            // Where octets were replaced the places no longer fit.
            .filter(|&at| at > 0 && at < text.len() && text.len() == txt.octets().len())
            .collect();
        Self::parse(text, &seams)
    }

    /// Reads a text. `seams` are the places where its strings meet.
    #[must_use]
    pub fn parse(text: String, seams: &[usize]) -> Self {
        let mut key = Self::default();
        key.body(&text, seams);
        key.errors.sort_by_key(|error| (error.span, error.kind.as_str()));
        key.text = text;
        key
    }

    /// Whether a text at a selector is meant as a key at all: a wildcard may put anything there.
    #[must_use]
    pub fn is_meant(text: &str) -> bool {
        let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '\t' | '"' | '\\')).collect();
        let lower = bare.to_ascii_lowercase();
        match lower.strip_prefix("v=") {
            Some(version) => version.starts_with("dkim"),
            None => lower.starts_with("p=") || lower.starts_with("k=") || lower.contains(";p="),
        }
    }

    /// Whether verifiers can use it: readable, not withdrawn, and long enough (RFC 8301 section 3.2).
    #[must_use]
    pub fn works(&self) -> bool {
        let fatal = |error: &KeyError| error.kind != KeyErrorKind::List(TagErrorKind::Empty);
        !self.errors.iter().any(fatal)
            && match self.material {
                Material::Rsa(bits) => bits >= 1024,
                Material::Ed25519 => true,
                Material::Revoked | Material::Unknown => false,
            }
    }

    /// The record with what is surely a slip mended: quotation marks, backslashes, key-file markers, a semicolon lost
    /// at a seam, a version that is not in front. `None` if that does not make a key that works.
    #[must_use]
    pub fn repaired(&self, seams: &[usize]) -> Option<String> {
        if self.errors.is_empty() {
            return None;
        }
        let mut text = String::with_capacity(self.text.len() + 4);
        let seam = self.errors.iter().find(|error| error.kind == KeyErrorKind::Seam);
        let cut = seam.and_then(|error| seams.iter().find(|&&at| at == error.span.range().end)).copied();
        for (at, c) in self.text.char_indices() {
            if Some(at) == cut {
                text.push_str("; ");
            }
            if !matches!(c, '"' | '\\') {
                text.push(c);
            }
        }
        for marker in ["-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"] {
            text = text.replace(marker, "");
        }
        let list = TagList::parse(&text);
        let version = list.tags.iter().filter(|tag| tag.name == "v");
        let others = list.tags.iter().filter(|tag| tag.name != "v" && !tag.name.is_empty());
        let written: Vec<String> = version
            .take(1)
            .chain(others)
            .map(|tag| {
                let blank = |c: &char| !c.is_ascii_whitespace();
                let value: String = match tag.name {
                    "p" => tag.value.chars().filter(blank).collect(),
                    _ => tag.value.to_owned(),
                };
                format!("{}={value}", tag.name)
            })
            .collect();
        let mended = written.join("; ");
        let key = Self::parse(mended.clone(), &[]);
        (key.works() && key.errors.is_empty()).then_some(mended)
    }

    fn error(&mut self, kind: KeyErrorKind, span: Span) {
        self.errors.push(KeyError { kind, span });
    }

    fn body(&mut self, text: &str, seams: &[usize]) {
        for (mark, kind) in [('"', KeyErrorKind::Quotes), ('\\', KeyErrorKind::Backslashes)] {
            if let Some(at) = text.find(mark) {
                self.error(kind, Span::new(at, at + 1));
            }
        }
        let list = TagList::parse(text);
        if let Some(seam) = seam(text, &list, seams) {
            self.error(KeyErrorKind::Seam, seam);
            return;
        }
        // A mark that is already named explains what else cannot be read.
        let marked = !self.errors.is_empty();
        if !marked {
            for error in &list.errors {
                self.error(KeyErrorKind::List(error.kind), error.span);
            }
        }
        // Names are case-sensitive here (RFC 6376 section 3.2).
        let get = |name: &str| list.tags.iter().find(|tag| tag.name == name);
        self.version(&list, marked);
        self.flags(get("t"));
        let words = |tag: &Tag<'_>| -> Vec<String> {
            tag.value.split(':').map(|word| word.trim().to_ascii_lowercase()).collect()
        };
        if let Some(tag) = get("h").filter(|tag| !words(tag).iter().any(|word| word == "sha256")) {
            self.error(KeyErrorKind::NoUsableHash, tag.span());
        }
        if let Some(tag) =
            get("s").filter(|tag| !words(tag).iter().any(|word| word == "*" || word == "email"))
        {
            self.error(KeyErrorKind::NotForMail, tag.span());
        }
        let algorithm = get("k").map_or("rsa", |tag| tag.value).trim_matches('\\').to_ascii_lowercase();
        let known = matches!(algorithm.as_str(), "rsa" | "ed25519");
        let key = get("p");
        if let Some(tag) = get("k").filter(|_| !known) {
            self.error(KeyErrorKind::AlgorithmUnknown, tag.span());
        }
        match key {
            Some(tag) => {
                self.material_span = tag.value_span;
                if known {
                    self.material(tag, algorithm == "ed25519");
                }
            }
            None if marked => {}
            None => self.error(KeyErrorKind::NoKey, Span::new(0, text.len())),
        }
    }

    fn version(&mut self, list: &TagList<'_>, marked: bool) {
        let Some(at) = list.tags.iter().position(|tag| tag.name == "v") else { return };
        let tag = &list.tags[at];
        if tag.value != "DKIM1" && !marked {
            self.error(KeyErrorKind::VersionUnknown, tag.span());
        } else if at > 0 {
            self.error(KeyErrorKind::VersionNotFirst, tag.span());
        }
    }

    fn flags(&mut self, tag: Option<&Tag<'_>>) {
        let Some(tag) = tag else { return };
        for flag in tag.value.split(':') {
            match flag.trim() {
                "y" => self.testing = Some(tag.span()),
                "s" => self.strict = Some(tag.span()),
                // Unknown flags are ignored (RFC 6376 section 3.6.1).
                _ => {}
            }
        }
    }

    fn material(&mut self, tag: &Tag<'_>, ed25519: bool) {
        let value: String =
            tag.value.chars().filter(|c| !c.is_ascii_whitespace() && !matches!(c, '"' | '\\')).collect();
        if value.is_empty() {
            self.material = Material::Revoked;
            return;
        }
        if tag.value.contains("-----") {
            self.error(KeyErrorKind::Armour, tag.value_span);
            return;
        }
        let Ok(octets) = BASE64.decode(&value) else {
            let bad = |c: char| {
                !c.is_ascii_alphanumeric()
                    && !matches!(c, '+' | '/' | '=' | '"' | '\\')
                    && !c.is_ascii_whitespace()
            };
            let span = match tag.value.char_indices().find(|&(_, c)| bad(c)) {
                Some((at, c)) => {
                    let start = tag.value_span.start as usize + at;
                    Span::new(start, start + c.len_utf8())
                }
                None => tag.value_span,
            };
            self.error(KeyErrorKind::NotBase64, span);
            return;
        };
        self.material = match (ed25519, octets.len()) {
            (true, 32) => Material::Ed25519,
            (true, _) => Material::Unknown,
            (false, _) => der::rsa_bits(&octets).map_or(Material::Unknown, Material::Rsa),
        };
        if self.material == Material::Unknown {
            self.error(KeyErrorKind::NotAKey, tag.value_span);
        }
    }
}

/// Seams that are looked at; a key has two or three.
const MOST_SEAMS: usize = 100;

/// The part around a seam at which a semicolon is missing: `k=rsa` `p=...` joins to one value `rsap=...`. The end of
/// the span is the seam.
fn seam(text: &str, list: &TagList<'_>, seams: &[usize]) -> Option<Span> {
    let missing = list.tags.iter().all(|tag| tag.name != "p");
    for &at in seams.iter().take(MOST_SEAMS).filter(|&&at| text.is_char_boundary(at)) {
        let (before, after) = text.split_at(at);
        steps::took(text.len());
        let open = !before.trim_end().is_empty() && !before.trim_end().ends_with(';');
        let name = after.trim_start().split('=').next().unwrap_or_default().trim_end();
        // Inside `p=` any letters may stand before an equals sign; so only a list without a key is suspected.
        if open && missing && after.contains('=') && matches!(name, "p" | "k" | "t" | "s" | "h" | "n") {
            let start = before.rfind(';').map_or(0, |semicolon| semicolon + 1);
            let start = start + (before[start..].len() - before[start..].trim_start().len());
            return Some(Span::new(start, at));
        }
    }
    None
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
