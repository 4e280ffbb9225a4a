//! The field for the outgoing server.

use std::net::IpAddr;

use super::{
    EnteredSettings, FieldFinding, FieldVerdict, HostLookup, SettingsContext, SettingsField, SettingsRemark,
    filled, fits,
};
use crate::text::Arg;

/// First labels of hosts that hand mail out instead of taking it.
const INCOMING: [&str; 6] = ["imap", "imaps", "pop", "pop3", "pops", "incoming"];
/// So many letters differ in a typing error.
const NEAR: usize = 2;

pub(super) fn judge(typed: &EnteredSettings, around: &SettingsContext<'_>) -> Vec<FieldFinding> {
    let text = typed.server.as_str();
    if text.is_empty() {
        return Vec::new();
    }
    let of =
        |verdict, remark| FieldFinding::new(SettingsField::Server, verdict, remark).arg("text", short(text));
    let provider = || around.provider.map_or("", |provider| provider.name.as_str());
    if let Some(judged) = shape(text, around) {
        return vec![judged];
    }
    let known = known(text, around);
    let right = known.as_ref().is_some_and(|judged| judged.verdict == FieldVerdict::Right);
    let mut all: Vec<FieldFinding> = known.into_iter().collect();
    match around.lookup {
        // What was looked up counts more than what is like it.
        Some(HostLookup::Missing) => {
            let suggestion = all.first().and_then(|judged| judged.suggestion.clone());
            all = vec![
                of(FieldVerdict::Wrong, SettingsRemark::ServerMissing)
                    .suggest(suggestion.or_else(|| around.host())),
            ];
        }
        Some(HostLookup::Failed(failure)) => {
            let why = Arg::key(failure.key());
            let status = u64::from(failure.number().unwrap_or_default());
            all.push(
                of(FieldVerdict::Unknown, SettingsRemark::ServerUnchecked)
                    .arg("why", why)
                    .arg("status", status),
            );
        }
        Some(HostLookup::Found) if !right => all.push(of(FieldVerdict::Unknown, SettingsRemark::ServerFound)),
        Some(HostLookup::Found) | None => {}
    }
    if all.is_empty() {
        all.push(match around.host() {
            Some(host) => of(FieldVerdict::Doubtful, SettingsRemark::ServerDiffers)
                .arg("provider", provider())
                .arg("right", host.clone())
                .suggest(Some(host)),
            None => of(FieldVerdict::Unknown, SettingsRemark::ServerUnknown),
        });
    }
    all
}

/// What can be seen without knowing anything.
fn shape(text: &str, around: &SettingsContext<'_>) -> Option<FieldFinding> {
    let wrong = |remark, right: Option<String>| {
        let judged =
            FieldFinding::new(SettingsField::Server, FieldVerdict::Wrong, remark).arg("text", short(text));
        Some(judged.suggest(right))
    };
    let name = |text: &str| super::host(text).map(|name| name.to_string());
    if let Some((_, rest)) = text.split_once("://") {
        let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
        return wrong(SettingsRemark::ServerIsUrl, name(host));
    }
    if text.contains('@') {
        return wrong(SettingsRemark::ServerIsAddress, around.host());
    }
    if text.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        let judged =
            FieldFinding::new(SettingsField::Server, FieldVerdict::Doubtful, SettingsRemark::ServerIsIp);
        return Some(judged.arg("text", short(text)).suggest(around.host()));
    }
    if let Some((host, port)) = text.split_once(':')
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        return wrong(SettingsRemark::ServerWithPort, name(host));
    }
    if name(text).is_none() {
        return wrong(SettingsRemark::ServerIsNoName, around.host());
    }
    let first = text.split('.').next().unwrap_or_default();
    // A provider may well call its outgoing server so.
    if INCOMING.contains(&first) && around.services(text).next().is_none() {
        let smtp =
            around.host().or_else(|| around.provider.is_none().then(|| text.replacen(first, "smtp", 1)));
        return wrong(SettingsRemark::ServerIsIncoming, smtp);
    }
    None
}

/// What follows from provider, domain and other providers.
fn known(text: &str, around: &SettingsContext<'_>) -> Option<FieldFinding> {
    let of =
        |verdict, remark| FieldFinding::new(SettingsField::Server, verdict, remark).arg("text", short(text));
    let name = around.provider.map_or("", |provider| provider.name.as_str());
    if let Some(service) = around.services(text).next() {
        return Some(match &service.via {
            Some(via) => of(FieldVerdict::Right, SettingsRemark::ServerVia).arg("program", via.as_str()),
            None => of(FieldVerdict::Right, SettingsRemark::ServerMatches).arg("provider", name),
        });
    }
    if around.published.iter().any(|server| server.host == text) {
        return Some(of(FieldVerdict::Right, SettingsRemark::ServerPublished));
    }
    // A name that resolves is somebody's server, however much it looks like another one.
    let resolves = matches!(around.lookup, Some(HostLookup::Found));
    let mut own = around.services("").filter_map(|service| filled(&service.host, around.domain.as_deref()));
    if let Some(near) = own.find(|host| !resolves && is_near(host, text)) {
        return Some(
            of(FieldVerdict::Doubtful, SettingsRemark::ServerIsNearMiss)
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
            of(FieldVerdict::Doubtful, SettingsRemark::ServerOfOther)
                .arg("other", other.name.as_str())
                .arg("provider", name)
                .suggest(around.host()),
        ),
        None => {
            Some(of(FieldVerdict::Right, SettingsRemark::ServerMatches).arg("provider", other.name.as_str()))
        }
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
