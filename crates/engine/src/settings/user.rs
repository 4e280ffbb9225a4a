//! The field for the user name.

use super::{EnteredSettings, FieldFinding, FieldVerdict, SettingsContext, SettingsField, SettingsRemark};
use crate::{dns::Name, knowledge::ProviderKind};

/// Services where everybody has the same user name, as their instructions say.
const FIXED: [(&str, &str); 2] = [("sendgrid", "apikey"), ("resend", "resend")];

pub(super) fn judge(typed: &EnteredSettings, around: &SettingsContext<'_>) -> Vec<FieldFinding> {
    let text = typed.user.as_str();
    if text.is_empty() {
        return Vec::new();
    }
    let short: String = text.chars().take(60).collect();
    let of =
        |verdict, remark| FieldFinding::new(SettingsField::User, verdict, remark).arg("text", short.as_str());
    let provider = around.provider.map_or("", |provider| provider.name.as_str());
    let fixed = around.provider.and_then(|provider| FIXED.iter().find(|(id, _)| *id == provider.id));
    if let Some((_, word)) = fixed {
        let (verdict, suggestion) = match text == *word {
            true => (FieldVerdict::Right, None),
            false => (FieldVerdict::Wrong, Some(*word)),
        };
        let judged = of(verdict, SettingsRemark::UserIsFixed).arg("provider", provider).arg("right", *word);
        return vec![judged.suggest(suggestion)];
    }
    if around.provider.is_some_and(|provider| provider.kind == ProviderKind::Esp) {
        return vec![of(FieldVerdict::Unknown, SettingsRemark::UserOfService).arg("provider", provider)];
    }
    let judged = match text.rsplit_once('@') {
        None => {
            let whole = domain(around).map(|domain| format!("{text}@{domain}"));
            of(FieldVerdict::Doubtful, SettingsRemark::UserWithoutDomain)
                .suggest(whole.filter(|_| is_local_part(text)))
        }
        Some((local, domain)) if !is_local_part(local) || !is_domain(domain) => {
            of(FieldVerdict::Wrong, SettingsRemark::UserIsNoAddress)
        }
        Some((_, theirs)) => match &around.domain {
            Some(domain) if !belongs(theirs, domain) => {
                of(FieldVerdict::Doubtful, SettingsRemark::UserOfOtherDomain).arg("domain", domain.as_str())
            }
            _ => of(FieldVerdict::Right, SettingsRemark::UserIsAddress),
        },
    };
    vec![judged]
}

/// What stands behind the @: the domain asked about, else the provider's own where it has just one.
fn domain<'a>(around: &'a SettingsContext<'_>) -> Option<&'a str> {
    let own = || match around.provider.map(|provider| &provider.domains[..]) {
        Some([only]) => Some(only.as_str()),
        _ => None,
    };
    around.domain.as_deref().or_else(own)
}

/// Mailboxes are often at the domain above the one that mail is checked for, or the other way round.
fn belongs(domain: &str, other: &str) -> bool {
    match (Name::parse(domain), Name::parse(other)) {
        (Ok(domain), Ok(other)) => domain.is_within_or_above(&other),
        _ => false,
    }
}

fn is_local_part(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "@,;:<>()\"".contains(c))
}

fn is_domain(text: &str) -> bool {
    // An internationalised name is one too.
    !text.is_ascii() || Name::parse(text).is_ok_and(|name| name.is_host_name() && text.contains('.'))
}
