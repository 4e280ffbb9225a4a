//! What receivers wrote down: `Authentication-Results` (RFC 8601), `Received-SPF` (RFC 7208 section 9.1), ARC (RFC 8617).

use std::net::IpAddr;

use serde::Serialize;

use super::received::house;
use crate::{
    dns::Name,
    message::{self, Headers},
};

/// Fields that are read of one kind.
const MOST: usize = 50;

/// One `Authentication-Results` field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthResults {
    /// Who says so (authserv-id); none where the field names nobody, as Microsoft's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Whether it can be believed.
    pub trust: Trust,
    /// What was found.
    pub results: Vec<AuthResult>,
    /// The address that was judged, where a comment names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<IpAddr>,
}

words! {
    /// Whether a field was written by the receiver's own servers (RFC 8601 section 5). The words are `header.trust.<word>`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum Trust {
        /// Its id belongs to the servers that took the message at the end.
        Receiver = "receiver",
        /// Somebody else wrote it: anybody could.
        Stranger = "stranger",
        /// There is no `Received` field to tell by.
        #[default]
        Unknown = "unknown",
    }
    key "header.trust.{}"
}

/// One result.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AuthResult {
    /// `spf`, `dkim`, `dmarc`, `arc`, ... in lower case.
    pub method: String,
    /// `pass`, `fail`, ... in lower case.
    pub result: String,
    /// The reason, as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Properties such as `header.d`, in lower case, with their values.
    #[serde(serialize_with = "as_map")]
    pub properties: Vec<(String, String)>,
    /// Its comments.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

fn as_map<S: serde::Serializer>(pairs: &[(String, String)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(pairs.iter().map(|(name, value)| (name, value)))
}

impl AuthResult {
    /// A property, such as `header.d`.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The domain in a property that may hold an address.
    #[must_use]
    pub fn domain(&self, name: &str) -> Option<Name> {
        let value = self.property(name)?.trim_matches(['<', '>', '"']);
        Name::parse(value.rsplit('@').next()?).ok().filter(|name| !name.is_root())
    }
}

impl AuthResults {
    /// The results of one method.
    pub fn of<'a>(&'a self, method: &'a str) -> impl Iterator<Item = &'a AuthResult> {
        self.results.iter().filter(move |result| result.method == method)
    }
}

/// Reads a field.
pub(super) fn parse(value: &str, receivers: &[String]) -> AuthResults {
    let mut results = AuthResults::default();
    let value: String = value.chars().take(16_000).collect();
    for (index, piece) in pieces(&value).into_iter().enumerate().take(60) {
        let comment = piece.comments.join(" ");
        results.ip = results.ip.or_else(|| address_in(&comment));
        let mut words = words(&piece.text).into_iter();
        let Some(first) = words.next() else { continue };
        let Some((method, result)) = first.split_once('=') else {
            if index == 0 {
                results.id = Some(first.to_ascii_lowercase());
            }
            continue;
        };
        let mut found = AuthResult {
            // `dkim/1`
            method: method.split('/').next().unwrap_or(method).to_ascii_lowercase(),
            result: unquoted(result).to_ascii_lowercase(),
            comment,
            ..AuthResult::default()
        };
        for word in words {
            let Some((name, value)) = word.split_once('=') else { continue };
            let (name, value) = (name.to_ascii_lowercase(), unquoted(value));
            if name == "reason" {
                found.reason = Some(value);
            } else {
                if matches!(name.as_str(), "smtp.remote-ip" | "policy.iprev" | "smtp.client-ip") {
                    results.ip = results.ip.or_else(|| value.parse().ok());
                }
                found.properties.push((name, value));
            }
        }
        results.results.push(found);
    }
    results.trust = trust(results.id.as_deref(), receivers);
    results
}

fn trust(id: Option<&str>, receivers: &[String]) -> Trust {
    if receivers.is_empty() {
        return Trust::Unknown;
    }
    let house = match id {
        // Microsoft's servers name nobody.
        None => Some("outlook.com".to_owned()),
        Some(id) => house(id),
    };
    match house {
        Some(house) if receivers.contains(&house) => Trust::Receiver,
        _ => Trust::Stranger,
    }
}

/// A part of a field between semicolons, its comments apart.
#[derive(Default)]
struct FieldPart {
    text: String,
    comments: Vec<String>,
}

fn pieces(value: &str) -> Vec<FieldPart> {
    let mut pieces = vec![FieldPart::default()];
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    let mut comment = String::new();
    for c in value.chars() {
        let skip = std::mem::replace(&mut escaped, false);
        let Some(piece) = pieces.last_mut() else { break };
        match c {
            '\\' if !skip => escaped = true,
            '"' if !skip && depth == 0 => {
                quoted = !quoted;
                piece.text.push(c);
            }
            '(' if !quoted && !skip => {
                depth += 1;
                if depth > 1 {
                    comment.push(c);
                }
            }
            ')' if !quoted && !skip && depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    piece.comments.push(std::mem::take(&mut comment));
                    piece.text.push(' ');
                } else {
                    comment.push(c);
                }
            }
            ';' if depth == 0 && !quoted => pieces.push(FieldPart::default()),
            _ if depth > 0 => comment.push(c),
            _ => piece.text.push(c),
        }
    }
    pieces
}

/// Words, of which `a = b` is one and quotes may hold blanks.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for c in text.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                word.push(c);
            }
            _ if c.is_whitespace() && !quoted => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(c),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    let mut joined: Vec<String> = Vec::new();
    for word in words {
        match joined.last_mut() {
            Some(last) if last.ends_with('=') || word.starts_with('=') => last.push_str(&word),
            _ => joined.push(word),
        }
    }
    joined
}

fn unquoted(text: &str) -> String {
    text.trim_matches('"').to_owned()
}

/// The address in a comment: `sender IP is 11.22.33.44`, `designates 11.22.33.44 as permitted sender`.
fn address_in(comment: &str) -> Option<IpAddr> {
    comment.split([' ', '=', ',', '[', ']']).find_map(|word| word.trim_end_matches(['.', ')']).parse().ok())
}

/// One `Received-SPF` field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceivedSpf {
    /// The result, in lower case.
    pub result: String,
    /// The address that was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<IpAddr>,
    /// The domain that was judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<Name>,
    /// Who judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receiver: Option<String>,
    /// What it says to it.
    pub comment: String,
    /// Whether it stands above the line of the hand-over, where nobody but the receiver wrote.
    pub own: bool,
}

impl ReceivedSpf {
    /// The same as `Authentication-Results` would say it.
    pub(super) fn as_result(&self) -> AuthResult {
        let domain = self.domain.iter().map(|domain| ("smtp.mailfrom".to_owned(), domain.to_string()));
        AuthResult {
            method: "spf".to_owned(),
            result: self.result.clone(),
            properties: domain.collect(),
            comment: self.comment.clone(),
            ..AuthResult::default()
        }
    }
}

pub(super) fn received_spf(value: &str) -> ReceivedSpf {
    let value: String = value.chars().take(4000).collect();
    let mut read = ReceivedSpf::default();
    for (index, piece) in pieces(&value).into_iter().enumerate() {
        let mut words = words(&piece.text);
        if index == 0 {
            read.comment = piece.comments.join(" ");
            if !words.is_empty() {
                read.result = words.remove(0).to_ascii_lowercase();
            }
        }
        for word in words {
            let Some((name, value)) = word.split_once('=') else { continue };
            let value = unquoted(value);
            match name.to_ascii_lowercase().as_str() {
                "client-ip" => read.ip = value.parse().ok(),
                "envelope-from" => {
                    read.domain = value
                        .trim_matches(['<', '>'])
                        .rsplit('@')
                        .next()
                        .and_then(|name| Name::parse(name).ok());
                }
                "receiver" => read.receiver = Some(value),
                _ => {}
            }
        }
    }
    read.ip = read.ip.or_else(|| address_in(&read.comment));
    read
}

/// What one forwarder vouches for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArcSet {
    /// Its number, from 1.
    pub instance: u32,
    /// The domain that sealed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sealed_by: Option<Name>,
    /// Whether the forwarder found those before it in order (`cv=`): `none`, `pass` or `fail`.
    pub chain: String,
    /// What it found itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub results: Option<AuthResults>,
}

/// The sets, by number.
pub(super) fn arc(headers: &Headers, receivers: &[String]) -> Vec<ArcSet> {
    let mut sets: Vec<ArcSet> = Vec::new();
    let number = |value: &str| {
        let tag = value.split(';').next()?.split_once('=')?;
        (tag.0.trim().eq_ignore_ascii_case("i")).then(|| tag.1.trim().parse::<u32>().ok())?
    };
    for seal in headers.all("ARC-Seal").take(MOST) {
        let tags = message::tags(&seal.value);
        let tag = |name: &str| tags.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        if let Some(instance) = tag("i").and_then(|value| value.parse().ok()) {
            sets.push(ArcSet {
                instance,
                sealed_by: tag("d").and_then(|domain| Name::parse(domain).ok()),
                chain: tag("cv").unwrap_or_default().to_ascii_lowercase(),
                results: None,
            });
        }
    }
    for field in headers.all("ARC-Authentication-Results").take(MOST) {
        let Some(instance) = number(&field.value) else { continue };
        let rest = field.value.split_once(';').map_or("", |(_, rest)| rest);
        let results = Some(parse(rest, receivers));
        match sets.iter_mut().find(|set| set.instance == instance) {
            Some(set) => set.results = results,
            None => sets.push(ArcSet { instance, results, ..ArcSet::default() }),
        }
    }
    sets.sort_by_key(|set| set.instance);
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn google_and_others() {
        let results = parse(
            "mx.google.com; dkim=pass header.i=@shop.example header.s=sel1 header.b=\"a;b\"; \
             spf=softfail (google.com: domain of transitioning anna@shop.example does not designate 11.22.33.44 as permitted sender) smtp.mailfrom=anna@shop.example; \
             dmarc=fail (p=REJECT sp=NONE dis=NONE) header.from=shop.example",
            &["google.com".to_owned()],
        );
        assert_eq!((results.id.as_deref(), results.trust), (Some("mx.google.com"), Trust::Receiver));
        assert_eq!(results.ip, Some("11.22.33.44".parse().unwrap()));
        let dkim = results.of("dkim").next().unwrap();
        assert_eq!((dkim.result.as_str(), dkim.property("header.b")), ("pass", Some("a;b")));
        assert_eq!(dkim.domain("header.i").unwrap().as_str(), "shop.example");
        assert_eq!(results.of("spf").next().unwrap().result, "softfail");
        assert_eq!(results.of("dmarc").next().unwrap().comment, "p=REJECT sp=NONE dis=NONE");
    }

    #[test]
    fn microsoft_names_nobody() {
        let results = parse(
            "spf=fail (sender IP is 11.22.33.44) smtp.mailfrom=shop.example; dkim=none (message not signed) header.d=none;dmarc=fail action=oreject header.from=shop.example;compauth=fail reason=000",
            &["outlook.com".to_owned()],
        );
        assert_eq!((results.id.as_deref(), results.trust), (None, Trust::Receiver));
        assert_eq!(results.ip, Some("11.22.33.44".parse().unwrap()));
        assert_eq!(results.of("compauth").next().unwrap().reason.as_deref(), Some("000"));
        assert_eq!(results.of("dmarc").next().unwrap().property("action"), Some("oreject"));
    }

    #[test]
    fn only_the_receivers_own_is_believed() {
        let text = "evil.example; dkim=pass header.d=shop.example";
        assert_eq!(parse(text, &["google.com".to_owned()]).trust, Trust::Stranger);
        assert_eq!(parse(text, &[]).trust, Trust::Unknown);
        assert_eq!(parse("dkim=pass", &["google.com".to_owned()]).trust, Trust::Stranger);
    }

    #[test]
    fn other_forms_and_nonsense() {
        let read = received_spf(
            "Pass (protection.outlook.com: domain of shop.example designates 11.22.33.44 as permitted sender) receiver=protection.outlook.com; client-ip=11.22.33.44; helo=mail.shop.example; pr=C",
        );
        assert_eq!((read.result.as_str(), read.ip), ("pass", Some("11.22.33.44".parse().unwrap())));
        for text in ["", ";;;", "a; =;b=", "(((", "\"", "x; none", "1; dkim=\"pass"] {
            let _ = (parse(text, &[]), received_spf(text));
        }
        assert_eq!(parse("mx.example; none", &[]).results, []);
        let spaced = parse("mx.example; spf = pass smtp.mailfrom = a@b.example", &[]);
        assert_eq!(spaced.of("spf").next().unwrap().domain("smtp.mailfrom").unwrap().as_str(), "b.example");
    }
}
