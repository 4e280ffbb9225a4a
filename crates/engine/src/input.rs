//! What was typed or pasted into the one box: a domain, an e-mail address, a web address or an IP address, with
//! whatever clung to it on the way.
//!
//! ```
//! use mail_triage_engine::input::read;
//!
//! let reading = read(" “Anna” <Anna@Example．ORG>, ", |_| None).unwrap();
//! assert_eq!(reading.target.domain.unwrap().as_str(), "example.org");
//! assert_eq!(reading.target.local_part.unwrap(), "Anna");
//! ```

mod clean;
mod fields;
pub mod limits;
mod literal;
mod sentence;

use std::net::IpAddr;

use crate::{
    dns::{Name, NameError, is_public},
    percent,
    target::Target,
    text::{Arg, Args},
};

use clean::{clean, trim, words};
use literal::Literal;

pub use fields::{read_ips, read_selectors};

/// What was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputReading {
    /// What to ask about: a domain, perhaps with a local part or selectors, or one address.
    pub target: Target,
    /// The piece of the text that may stand in a link: the name or the IP address alone, as it was typed, of an e-mail
    /// address what stands behind the `@`. What stood before or beside it names people.
    pub piece: String,
    /// What was changed on the way and is worth saying.
    pub notes: Vec<InputNote>,
}

words! {
    /// Something that was changed while reading. Its sentence is under `input.note.<slug>`.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum InputNote {
        /// `www.example.org` was typed; mail is sent from `example.org`.
        Www {
            /// As typed.
            given: Name,
            /// What is asked about.
            used: Name,
        } = "www",
        /// The name of a record was typed, such as `_dmarc.example.org`.
        Service {
            /// As typed.
            given: Name,
            /// What is asked about.
            used: Name,
        } = "service",
        /// An internationalised name was typed; the DNS knows it in ASCII (RFC 5890).
        Ascii {
            /// As typed.
            given: String,
            /// What is asked about.
            used: Name,
        } = "ascii",
    }
    key "input.note.{}"
}

words! {
    /// Why nothing was understood. Its sentence, under `input.error.<slug>`, says what was expected.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum InputError {
        /// Nothing but blanks and punctuation.
        Empty = "empty",
        /// Several lines or sentences: a pasted error message, perhaps.
        LooksLikeMessage = "looks-like-message",
        /// Several names or addresses.
        Several(Vec<String>) = "several",
        /// A single word such as `example`.
        NoDot(String) = "no-dot",
        /// `anna@` and nothing behind it.
        NothingAfterAt = "nothing-after-at",
        /// Characters that no domain has, or two dots in a row.
        BadName(String) = "bad-name",
        /// More than 253 characters, or 63 between two dots (RFC 1035 section 2.3.4).
        TooLong(String) = "too-long",
        /// A name of a private network, such as `printer.local` (RFC 6761, RFC 6762, RFC 8375).
        LocalName(String) = "local-name",
        /// An address that no mail on the Internet comes from.
        PrivateAddress(IpAddr) = "private-address",
        /// Four numbers that are no address, such as `300.1.1.1`.
        BadAddress(String) = "bad-address",
        /// A network such as `192.0.2.0/24`.
        Range(String) = "range",
        /// A name in another script that has no ASCII form.
        NotConverted(String) = "not-converted",
    }
    key "input.error.{}"
}

/// Reads what stands in the one box.
///
/// `to_ascii` gives the ASCII form of an internationalised name (RFC 5890); it is not called for names in ASCII.
///
/// # Errors
/// An [`InputError`] that says what is the matter.
pub fn read(input: &str, to_ascii: impl Fn(&str) -> Option<String>) -> Result<InputReading, InputError> {
    if limits::InputField::Box.is_longer(input) {
        return Err(InputError::LooksLikeMessage);
    }
    let text = clean(input);
    let mut lines = text.lines().filter(|line| !trim(line).is_empty());
    let line = lines.next().ok_or(InputError::Empty)?;
    if lines.next().is_some() || sentence::is_sentence(line) {
        return Err(InputError::LooksLikeMessage);
    }
    word(&the_word(line)?, &to_ascii, MAX_TAGS)
}

impl InputNote {
    /// Values for its sentence.
    #[must_use]
    pub fn args(&self) -> Args {
        let (given, used) = match self {
            Self::Www { given, used } | Self::Service { given, used } => (given.to_string(), used),
            Self::Ascii { given, used } => (given.clone(), used),
        };
        let mut args = Args::default();
        args.set("given", given.into());
        args.set("used", used.into());
        args
    }
}

impl InputError {
    /// Values for its sentence: `{part}`, the piece that it speaks of, or `{parts}`.
    #[must_use]
    pub fn args(&self) -> Args {
        let mut args = Args::default();
        match self {
            Self::Empty | Self::LooksLikeMessage | Self::NothingAfterAt => {}
            Self::Several(parts) => args.set("parts", Arg::list(parts.iter().map(|part| shown(part)))),
            Self::PrivateAddress(ip) => args.set("part", (*ip).into()),
            Self::NoDot(part)
            | Self::BadName(part)
            | Self::TooLong(part)
            | Self::LocalName(part)
            | Self::BadAddress(part)
            | Self::Range(part)
            | Self::NotConverted(part) => args.set("part", shown(part).into()),
        }
        args
    }
}

/// A display name and an address have fewer words than a sentence.
const MAX_WORDS: usize = 6;
/// How many words with a colon may stand in front: `E-mail:mailto:`.
const MAX_TAGS: usize = 2;

/// Words in front of addresses, besides those with `mail` in them: of message headers (RFC 5322 section 3.6) and forms.
const ADDRESS_LABELS: [&str; 12] = [
    "acct",
    "address",
    "bcc",
    "cc",
    "contact",
    "from",
    "recipient",
    "reply-to",
    "sender",
    "sip",
    "to",
    "xmpp",
];

/// Endings that exist only inside private networks, or nowhere (RFC 6761, RFC 6762, RFC 7686, and the ones ICANN
/// keeps back because routers and companies use them).
const LOCAL_ENDINGS: [&str; 12] = [
    "corp",
    "home",
    "home.arpa",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "private",
];

/// The beginning of a long text, for a sentence about it.
fn shown(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// The one word of a line that says what to ask about.
fn the_word(line: &str) -> Result<String, InputError> {
    let all: Vec<&str> = words(line).collect();
    match all[..] {
        [] => return Err(InputError::Empty),
        [word] => return Ok(word.to_owned()),
        _ => {}
    }
    if all.len() > MAX_WORDS {
        return Err(InputError::LooksLikeMessage);
    }
    if let Some((_, tail)) = line.rsplit_once('<')
        && let Some((address, after)) = tail.split_once('>')
        && trim(after).is_empty()
        && !trim(address).is_empty()
        && !trim(address).contains(' ')
    {
        return Ok(trim(address).to_owned());
    }
    if let Some(joined) = joined(line) {
        return Ok(joined);
    }
    let mut candidates: Vec<&str> = all.iter().copied().filter(|word| word.contains('@')).collect();
    if candidates.is_empty() {
        candidates = all.iter().copied().filter(|word| could_be(word)).collect();
    }
    candidates.sort();
    candidates.dedup();
    match candidates[..] {
        // The name of a company has one or two words.
        [] if all.len() > 2 => Err(InputError::LooksLikeMessage),
        [] => Err(InputError::NoDot(trim(line).to_owned())),
        [word] => Ok(word.to_owned()),
        _ => Err(InputError::Several(candidates.iter().map(|&word| word.to_owned()).collect())),
    }
}

fn could_be(word: &str) -> bool {
    literal::read(word).is_some() || word.contains("://") || word.trim_matches('.').contains('.')
}

/// The line without the blanks that keyboards of telephones put beside `@` and `.`, if it then is one word.
fn joined(line: &str) -> Option<String> {
    let mut out = String::new();
    for piece in trim(line).split_whitespace() {
        let before = out.rsplit('@').next().unwrap_or(&out);
        let glued = out.is_empty()
            || out.ends_with('@')
            || piece.starts_with('@')
            || (out.ends_with('.') || piece.starts_with('.'))
                && !(before.trim_matches('.').contains('.') && piece.trim_matches('.').contains('.'));
        if !glued || piece.contains([',', ';', '|']) {
            return None;
        }
        out.push_str(piece);
    }
    Some(out)
}

fn word(
    word: &str,
    to_ascii: &dyn Fn(&str) -> Option<String>,
    tags: usize,
) -> Result<InputReading, InputError> {
    match literal::read(word) {
        Some(Literal::Address(ip)) => return address(ip, None),
        Some(Literal::Range) => return Err(InputError::Range(word.to_owned())),
        None => {}
    }
    if let Some((_, rest)) = word.split_once("://") {
        let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
        return host(authority.rsplit('@').next().unwrap_or(authority), None, to_ascii);
    }
    // `mailto:`, `E-mail:` and whatever else may stand in front.
    if let Some((tag, rest)) = word.split_once(':')
        && tags > 0
        && !tag.contains(['.', '@', '['])
        && rest.contains(['.', '@', '%'])
    {
        let rest = decoded(rest.split('?').next().unwrap_or(rest));
        let known = trim(&rest);
        // `anna:secret@example.org`: what may be a password goes nowhere.
        let known = if is_label(tag) { known } else { known.rsplit('@').next().unwrap_or(known) };
        return self::word(known, to_ascii, tags - 1);
    }
    if let Some((local, domain)) = word.rsplit_once('@') {
        let local = trim(local);
        // No local part has a colon (RFC 5322 section 3.2.3): `anna.b:secret` is a name and what may be a password.
        let local = (!local.is_empty() && !local.contains(['@', ':'])).then(|| local.to_owned());
        return match trim(domain) {
            "" => Err(InputError::NothingAfterAt),
            _ => host(domain, local, to_ascii),
        };
    }
    host(word, None, to_ascii)
}

/// Whether a word with a colon behind it says that an address follows. In other scripts nobody writes names of accounts.
fn is_label(tag: &str) -> bool {
    let tag = tag.to_ascii_lowercase();
    !tag.is_ascii() || tag.contains("mail") || ADDRESS_LABELS.contains(&tag.as_str())
}

/// The text with `%40` and the like decoded, as far as they are UTF-8.
fn decoded(text: &str) -> String {
    match String::from_utf8(percent::decode(text)) {
        Ok(text) => clean(&text),
        Err(_) => text.to_owned(),
    }
}

fn address(ip: IpAddr, local_part: Option<String>) -> Result<InputReading, InputError> {
    if !is_public(ip) {
        return Err(InputError::PrivateAddress(ip));
    }
    let target = Target { ips: vec![ip], local_part, ..Target::default() };
    Ok(InputReading { target, piece: ip.to_string(), notes: Vec::new() })
}

/// Reads a host, perhaps with port and path behind it.
fn host(
    text: &str,
    local_part: Option<String>,
    to_ascii: &dyn Fn(&str) -> Option<String>,
) -> Result<InputReading, InputError> {
    if let Some(Literal::Address(ip)) = literal::read(text) {
        return address(ip, local_part);
    }
    let text = text.split(['/', '?', '#', '\\', ':']).next().unwrap_or(text);
    let text = trim(text);
    if text.is_empty() {
        return Err(InputError::Empty);
    }
    let mut notes = Vec::new();
    let given = if text.is_ascii() {
        name(text, text)?
    } else {
        let ascii = to_ascii(text).ok_or_else(|| InputError::NotConverted(text.to_owned()))?;
        if let Some(Literal::Address(ip)) = literal::read(&ascii) {
            return address(ip, local_part);
        }
        let used = name(trim(&ascii), text)?;
        notes.push(InputNote::Ascii { given: text.to_owned(), used: used.clone() });
        used
    };
    let mut target = Target { local_part, ..Target::default() };
    let mut used = given.clone();
    if let Some(service) = service(&given) {
        used = service.domain;
        target.selectors = service.selector.into_iter().collect();
        notes = vec![InputNote::Service { given, used: used.clone() }];
    } else if target.local_part.is_none()
        && let Some(rest) = given.as_str().strip_prefix("www.")
        && rest.contains('.')
    {
        used = name(rest, text)?;
        notes = vec![InputNote::Www { given, used: used.clone() }];
    }
    check(&used, text)?;
    target.domain = Some(used);
    Ok(InputReading { target, piece: text.to_owned(), notes })
}

struct Service {
    domain: Name,
    selector: Option<String>,
}

/// The domain that a name such as `s1._domainkey.example.org` belongs to.
fn service(given: &Name) -> Option<Service> {
    let labels: Vec<&str> = given.labels().collect();
    let last = labels.iter().rposition(|label| label.starts_with('_'))?;
    let domain = Name::parse(&labels[last + 1..].join(".")).ok().filter(|domain| !domain.is_root())?;
    let selector =
        (labels[last] == "_domainkey").then(|| fields::selector(&labels[..last].join("."))).flatten();
    Some(Service { domain, selector })
}

fn name(text: &str, typed: &str) -> Result<Name, InputError> {
    Name::parse(text).map_err(|error| match error {
        NameError::LongLabel | NameError::TooLong => InputError::TooLong(typed.to_owned()),
        NameError::EmptyLabel | NameError::BadCharacter => InputError::BadName(typed.to_owned()),
    })
}

/// Whether a name can be a mail domain of the public DNS.
fn check(name: &Name, typed: &str) -> Result<(), InputError> {
    let typed = || typed.to_owned();
    let text = name.as_str();
    let last = name.labels().next_back().unwrap_or_default();
    if !name.is_host_name() {
        Err(InputError::BadName(typed()))
    } else if last.bytes().all(|b| b.is_ascii_digit()) && text.contains('.') {
        Err(InputError::BadAddress(typed()))
    } else if LOCAL_ENDINGS.iter().any(|ending| name.in_front_of(ending).is_some())
        && (text.contains('.') || text == "localhost")
    {
        Err(InputError::LocalName(typed()))
    } else if !text.contains('.') {
        Err(InputError::NoDot(typed()))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
