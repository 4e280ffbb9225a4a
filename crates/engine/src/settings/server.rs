//! The field for the outgoing server.

use std::net::IpAddr;

use super::{Around, Field, Judged, Lookup, Remark, Typed, Verdict, filled, fits};
use crate::text::Arg;

/// First labels of hosts that hand mail out instead of taking it.
const INCOMING: [&str; 6] = ["imap", "imaps", "pop", "pop3", "pops", "incoming"];
/// So many letters differ in a typing error.
const NEAR: usize = 2;

pub(super) fn judge(typed: &Typed, around: &Around<'_>) -> Vec<Judged> {
    let text = typed.server.as_str();
    if text.is_empty() {
        return Vec::new();
    }
    let of = |verdict, remark| Judged::new(Field::Server, verdict, remark).arg("text", short(text));
    let provider = || around.provider.map_or("", |provider| provider.name.as_str());
    if let Some(judged) = shape(text, around) {
        return vec![judged];
    }
    let known = known(text, around);
    let right = known.as_ref().is_some_and(|judged| judged.verdict == Verdict::Right);
    let mut all: Vec<Judged> = known.into_iter().collect();
    match around.lookup {
        // What was looked up counts more than what is like it.
        Some(Lookup::Missing) => {
            let suggestion = all.first().and_then(|judged| judged.suggestion.clone());
            all =
                vec![of(Verdict::Wrong, Remark::ServerMissing).suggest(suggestion.or_else(|| around.host()))];
        }
        Some(Lookup::Failed(failure)) => {
            let why = Arg::key(failure.key());
            let status = u64::from(failure.number().unwrap_or_default());
            all.push(of(Verdict::Unknown, Remark::ServerUnchecked).arg("why", why).arg("status", status));
        }
        Some(Lookup::Found) if !right => all.push(of(Verdict::Unknown, Remark::ServerFound)),
        Some(Lookup::Found) | None => {}
    }
    if all.is_empty() {
        all.push(match around.host() {
            Some(host) => of(Verdict::Doubtful, Remark::ServerDiffers)
                .arg("provider", provider())
                .arg("right", host.clone())
                .suggest(Some(host)),
            None => of(Verdict::Unknown, Remark::ServerUnknown),
        });
    }
    all
}

/// What can be seen without knowing anything.
fn shape(text: &str, around: &Around<'_>) -> Option<Judged> {
    let wrong = |remark, right: Option<String>| {
        let judged = Judged::new(Field::Server, Verdict::Wrong, remark).arg("text", short(text));
        Some(judged.suggest(right))
    };
    let name = |text: &str| super::host(text).map(|name| name.to_string());
    if let Some((_, rest)) = text.split_once("://") {
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
        return wrong(Remark::ServerIsUrl, name(host));
    }
    if text.contains('@') {
        return wrong(Remark::ServerIsAddress, around.host());
    }
    if text.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        let judged = Judged::new(Field::Server, Verdict::Doubtful, Remark::ServerIsIp);
        return Some(judged.arg("text", short(text)).suggest(around.host()));
    }
    if let Some((host, port)) = text.split_once(':')
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        return wrong(Remark::ServerWithPort, name(host));
    }
    if name(text).is_none() {
        return wrong(Remark::ServerIsNoName, around.host());
    }
    let first = text.split('.').next().unwrap_or_default();
    // A provider may well call its outgoing server so.
    if INCOMING.contains(&first) && around.services(text).next().is_none() {
        let smtp =
            around.host().or_else(|| around.provider.is_none().then(|| text.replacen(first, "smtp", 1)));
        return wrong(Remark::ServerIsIncoming, smtp);
    }
    None
}

/// What follows from provider, domain and other providers.
fn known(text: &str, around: &Around<'_>) -> Option<Judged> {
    let of = |verdict, remark| Judged::new(Field::Server, verdict, remark).arg("text", short(text));
    let name = around.provider.map_or("", |provider| provider.name.as_str());
    if let Some(service) = around.services(text).next() {
        return Some(match &service.via {
            Some(via) => of(Verdict::Right, Remark::ServerVia).arg("program", via.as_str()),
            None => of(Verdict::Right, Remark::ServerMatches).arg("provider", name),
        });
    }
    if around.published.iter().any(|server| server.host == text) {
        return Some(of(Verdict::Right, Remark::ServerPublished));
    }
    // A name that resolves is somebody's server, however much it looks like another one.
    let resolves = matches!(around.lookup, Some(Lookup::Found));
    let mut own = around.services("").filter_map(|service| filled(&service.host, around.domain.as_deref()));
    if let Some(near) = own.find(|host| !resolves && is_near(host, text)) {
        return Some(
            of(Verdict::Doubtful, Remark::ServerIsNearMiss)
                .arg("provider", name)
                .arg("right", near.as_str())
                .suggest(Some(near)),
        );
    }
    let others = &around.providers?.providers;
    let other = others.iter().find(|other| {
        other.smtp.iter().any(|service| !service.host.starts_with("mail.{") && fits(&service.host, text))
    })?;
    match around.provider {
        Some(_) => Some(
            of(Verdict::Doubtful, Remark::ServerOfOther)
                .arg("other", other.name.as_str())
                .arg("provider", name)
                .suggest(around.host()),
        ),
        None => Some(of(Verdict::Right, Remark::ServerMatches).arg("provider", other.name.as_str())),
    }
}

/// As much of a typed text as is shown.
fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Whether two names are a typing error apart: letters changed, added, left out or swapped (Damerau).
fn is_near(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len().abs_diff(b.len()) > NEAR || a.len() < 8 {
        return false;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = above[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(above[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().is_some_and(|&distance| distance <= NEAR)
}
