//! The way of a message: its `Received` fields (RFC 5321 section 4.4).

use std::net::IpAddr;

use serde::Serialize;

use crate::{
    dmarc::suffix,
    dns::{Name, is_public},
    message::{Date, Headers},
};

/// Hops that are read; a message with more went in a circle.
pub const MOST_HOPS: usize = 200;
/// Seconds by which clocks may disagree before it is worth a word.
const SKEW: i64 = 3;

/// One server that took the message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Hop {
    /// The name that the handing server gave (HELO).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub helo: Option<String>,
    /// The name its address leads to, as the taking server saw it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_name: Option<String>,
    /// Its address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_ip: Option<IpAddr>,
    /// The server that took the message and wrote the field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// How: `ESMTPS` and the like (RFC 3848).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// Whether the field says that the connection was encrypted.
    pub tls: bool,
    /// Whether the field says that the sender had signed in.
    pub signed_in: bool,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Date>,
    /// Seconds since the hop before; none without both times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delay: Option<i64>,
    /// Whether it is dated before the hop before it: one of the clocks is wrong.
    pub skewed: bool,
    /// Whether the address is one of a local network, or there is none: a step inside somebody's own house.
    pub internal: bool,
    /// The field as it stands. Untrusted.
    pub text: String,
}

/// The hops in the order of time.
#[must_use]
pub fn hops(headers: &Headers) -> Vec<Hop> {
    let mut hops: Vec<Hop> = super::each(headers, "Received", MOST_HOPS, |header| parse(&header.value));
    hops.reverse();
    let mut before: Option<i64> = None;
    for hop in &mut hops {
        let Some(time) = hop.time else { continue };
        hop.delay = before.map(|before| time.unix - before);
        hop.skewed = hop.delay.is_some_and(|delay| delay < -SKEW);
        before = Some(time.unix);
    }
    hops
}

/// A piece of a field between two of its words: what stands there, and its comments.
#[derive(Default)]
struct Clause {
    words: Vec<String>,
    comments: Vec<String>,
}

fn parse(value: &str) -> Hop {
    // A field of another length is no field; the date stands at its end.
    let (body, date) = value.rsplit_once(';').unwrap_or((value, ""));
    let date = if date.is_empty() { None } else { Date::parse(date) };
    let clauses = clauses(body);
    let clause = |name: &str| clauses.iter().find(|(known, _)| *known == name).map(|(_, clause)| clause);
    let word = |name: &str| clause(name).and_then(|clause| clause.words.first().cloned());
    let mut hop = Hop {
        by: word("by").map(|by| by.trim_matches(['[', ']', ',']).to_owned()),
        with: word("with"),
        time: date,
        text: value.chars().take(2000).collect(),
        ..Hop::default()
    };
    if let Some(from) = clause("from") {
        read_from(from, &mut hop);
    }
    let lower = body.to_ascii_lowercase();
    let with = hop.with.as_deref().unwrap_or_default().to_ascii_lowercase();
    hop.tls = with.ends_with("smtps")
        || with.ends_with("smtpsa")
        || with.ends_with("lmtps")
        || with == "https"
        || ["version=tls", "using tls", "(tls", "cipher="].iter().any(|mark| lower.contains(mark));
    hop.signed_in = with.ends_with('a') && with.contains("smtp")
        || lower.contains("authenticated sender")
        || lower.contains("authenticated bits")
        || lower.contains("(auth");
    hop.internal = !hop.from_ip.is_some_and(is_public);
    hop
}

/// `from HELO (name [address])` in the forms of the servers.
fn read_from(from: &Clause, hop: &mut Hop) {
    let first = from.words.first().map(|word| word.trim_matches(['[', ']', ',']).to_owned());
    let first_ip = from.words.first().and_then(|word| ip(word));
    for comment in &from.comments {
        let greeting = after_word(comment, "helo").or_else(|| after_word(comment, "ehlo"));
        for word in comment.split([' ', '\t', ',']).filter(|word| !word.is_empty()) {
            // Exim: `(helo=laptop)`, qmail: `(HELO laptop)`, others `(EHLO laptop)`.
            let lower = word.to_ascii_lowercase();
            if let Some(name) = lower.strip_prefix("helo=").or_else(|| lower.strip_prefix("ehlo=")) {
                hop.helo = Some(name.to_owned());
            } else if hop.from_ip.is_none()
                && let Some(ip) = ip(word)
            {
                hop.from_ip = Some(ip);
            } else if hop.from_name.is_none()
                && !lower.starts_with("ident")
                && lower.contains('.')
                && !lower.contains(['=', '@', ':'])
                && greeting.as_deref() != Some(word)
            {
                hop.from_name = Some(lower.trim_end_matches('.').to_owned());
            }
        }
        if let Some(name) = greeting
            && hop.helo.is_none()
        {
            hop.helo = Some(name.to_ascii_lowercase());
            // Then what stands in front of the comment is no greeting but the reverse name.
            hop.from_name = first
                .clone()
                .filter(|name| name.contains('.') && first_ip.is_none())
                .or(hop.from_name.take());
        }
    }
    hop.from_ip = hop.from_ip.or(first_ip);
    if hop.helo.is_none() {
        hop.helo = first.map(|name| name.to_ascii_lowercase());
    }
    hop.from_name = hop.from_name.take().filter(|name| name != "unknown");
}

fn after_word(text: &str, word: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    words.find(|found| found.eq_ignore_ascii_case(word))?;
    words.next().map(|name| name.trim_matches(['[', ']', ')', '(']).to_owned())
}

/// An address in brackets or bare, with `IPv6:` in front or a port behind.
fn ip(word: &str) -> Option<IpAddr> {
    let word = word.trim_matches(['[', ']', '(', ')', ',', ';']);
    let word = word.split(']').next().unwrap_or(word);
    let bare =
        if word.get(..5).is_some_and(|tag| tag.eq_ignore_ascii_case("ipv6:")) { &word[5..] } else { word };
    let bare = bare.split('%').next().unwrap_or(bare);
    if let Ok(ip) = bare.parse::<IpAddr>() {
        return Some(ip.to_canonical());
    }
    let (host, port) = bare.rsplit_once(':')?;
    (port.bytes().all(|b| b.is_ascii_digit()))
        .then(|| host.parse::<std::net::Ipv4Addr>().ok().map(IpAddr::V4))?
}

/// The pieces of a field by the words `from`, `by`, `via`, `with`, `id`, `for`; each counts once.
fn clauses(body: &str) -> Vec<(&'static str, Clause)> {
    const WORDS: [&str; 6] = ["from", "by", "via", "with", "id", "for"];
    let mut clauses: Vec<(&'static str, Clause)> = Vec::new();
    let mut depth = 0usize;
    let mut word = String::new();
    let mut comment = String::new();
    let close = |word: &mut String, clauses: &mut Vec<(&'static str, Clause)>| {
        if word.is_empty() {
            return;
        }
        let known = WORDS.iter().find(|known| word.eq_ignore_ascii_case(known));
        match known.filter(|known| !clauses.iter().any(|(name, _)| name == *known)) {
            Some(name) => clauses.push((name, Clause::default())),
            None => {
                if let Some((_, clause)) = clauses.last_mut() {
                    clause.words.push(std::mem::take(word));
                }
            }
        }
        word.clear();
    };
    // Longer fields are no work of servers.
    for c in body.chars().take(4000) {
        match c {
            '(' => {
                depth += 1;
                if depth == 1 {
                    close(&mut word, &mut clauses);
                    comment.clear();
                    continue;
                }
                comment.push(' ');
            }
            ')' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    if let Some((_, clause)) = clauses.last_mut() {
                        clause.comments.push(std::mem::take(&mut comment));
                    }
                    continue;
                }
                comment.push(' ');
            }
            _ if depth > 0 => comment.push(c),
            _ if c.is_whitespace() => close(&mut word, &mut clauses),
            _ => word.push(c),
        }
    }
    close(&mut word, &mut clauses);
    // A comment that is never closed is one all the same.
    if depth > 0
        && let Some((_, clause)) = clauses.last_mut()
    {
        clause.comments.push(comment);
    }
    clauses
}

/// The registered domain of a host, by which a house is known; `google.com` for the addresses Google writes instead of
/// names.
pub(super) fn house(host: &str) -> Option<String> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if host.starts_with("2002:a") {
        return Some("google.com".to_owned());
    }
    let name = Name::parse(&host).ok()?;
    if name.labels().count() < 2 || host.parse::<IpAddr>().is_ok() {
        return None;
    }
    let house = suffix::registered(&name).0.to_string();
    // Two houses of one owner.
    Some(match house.as_str() {
        "office365.com" | "microsoft.com" | "mx.microsoft" | "hotmail.com" | "outlook.office365.com" => {
            "outlook.com".to_owned()
        }
        "googlemail.com" => "google.com".to_owned(),
        "yahoodns.net" | "aol.com" => "yahoo.com".to_owned(),
        "me.com" | "mac.com" => "icloud.com".to_owned(),
        _ => house,
    })
}

/// The hop at which the last house took the message: from the end of the way back to the first hop that came from the
/// outside.
pub(super) fn handed_over(hops: &[Hop]) -> Option<usize> {
    let last = hops.iter().rev().find_map(|hop| house(hop.by.as_deref()?));
    for (at, hop) in hops.iter().enumerate().rev() {
        if hop.internal {
            continue;
        }
        // The greeting is whatever the sender likes to say: it counts where the house already had the message.
        let greeting = || {
            let before = hops.get(at.checked_sub(1)?)?.by.as_deref().and_then(house);
            hop.helo.as_deref().filter(|_| before == last)
        };
        let from = hop.from_name.as_deref().or_else(greeting).and_then(house);
        let is_own = from.is_some() && from == last;
        if !is_own {
            return Some(at);
        }
    }
    // Mail inside one house.
    hops.iter().rposition(|hop| !hop.internal)
}

/// The houses that the receiver's servers belong to: from the hop at which it was handed over to the end.
pub(super) fn receivers(hops: &[Hop], handed_over: Option<usize>) -> Vec<String> {
    let mut houses: Vec<String> = Vec::new();
    // Where no hop tells, the last server alone is the receiver's: anybody may have written the rest.
    let first = handed_over.unwrap_or(hops.len().saturating_sub(1));
    for hop in &hops[first.min(hops.len())..] {
        if let Some(house) = hop.by.as_deref().and_then(house)
            && !houses.contains(&house)
        {
            houses.push(house);
        }
    }
    houses
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> (String, String, String, String) {
        let hop = parse(text);
        let text = |part: Option<String>| part.unwrap_or_default();
        (text(hop.helo), text(hop.from_name), text(hop.from_ip.map(|ip| ip.to_string())), text(hop.by))
    }

    fn four(a: &str, b: &str, c: &str, d: &str) -> (String, String, String, String) {
        (a.into(), b.into(), c.into(), d.into())
    }

    #[test]
    fn the_forms_of_the_servers() {
        let wanted = four("mail.shop.example", "mail.shop.example", "11.22.33.44", "mx.google.com");
        assert_eq!(
            from(
                "from mail.shop.example (mail.shop.example. [11.22.33.44]) by mx.google.com with ESMTPS id x for <b@gmail.com> (version=TLS1_3 cipher=a bits=256/256); Fri, 20 Nov 2026 01:12:33 -0800 (PST)"
            ),
            wanted
        );
        assert_eq!(
            from(
                "from laptop (unknown [11.22.33.44]) by mail.shop.example (Postfix) with ESMTPSA id 4F2A; Fri, 20 Nov 2026 09:12:33 +0800 (CST)"
            ),
            four("laptop", "", "11.22.33.44", "mail.shop.example")
        );
        assert_eq!(
            from(
                "from [11.22.33.44] (helo=laptop) by mx.shop.example with esmtpsa (TLS1.3) tls TLS_AES (Exim 4.96) (envelope-from <a@b.example>) id 1vL; Fri, 20 Nov 2026 01:12:33 +0000"
            ),
            four("laptop", "", "11.22.33.44", "mx.shop.example")
        );
        assert_eq!(
            from(
                "from host.shop.example (HELO laptop) (11.22.33.44) by 0 with SMTP; 20 Nov 2026 01:12:33 -0000"
            ),
            four("laptop", "host.shop.example", "11.22.33.44", "0")
        );
        assert_eq!(
            from(
                "from AM0PR02.eurprd02.prod.outlook.com (2603:10a6:208::1) by DB9PR06.eurprd06.prod.outlook.com (2603:10a6:10::2) with Microsoft SMTP Server (version=TLS1_2, cipher=x) id 15.20; Fri, 20 Nov 2026 01:12:33 +0000"
            ),
            four(
                "am0pr02.eurprd02.prod.outlook.com",
                "",
                "2603:10a6:208::1",
                "DB9PR06.eurprd06.prod.outlook.com"
            )
        );
        assert_eq!(
            from("by 2002:a05:6a10:1234 with SMTP id abc; Fri, 20 Nov 2026 01:12:33 -0800"),
            four("", "", "", "2002:a05:6a10:1234")
        );
        assert_eq!(
            from(
                "from 11.22.33.44 (EHLO mail.shop.example) by 10.253.1.1 with SMTPs (version=TLS1_3); Fri, 20 Nov 2026 01:12:33 +0000"
            ),
            four("mail.shop.example", "", "11.22.33.44", "10.253.1.1")
        );
        assert!(parse("from a (b [11.22.33.44]) by c with ESMTPSA id x").signed_in);
        assert!(parse("from a (b [11.22.33.44]) by c with ESMTPS id x").tls);
    }

    #[test]
    fn nonsense_is_a_hop_without_anything() {
        for text in ["", ";", "((((", ")", "from", "from by with id", "from ( by ) ; x", "by\u{0}"] {
            let hop = parse(text);
            assert!(hop.internal && hop.from_ip.is_none(), "{text}");
        }
    }
}
