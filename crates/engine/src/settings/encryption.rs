//! The field for the encryption: what fits the port.

use super::{
    Encryption, EnteredSettings, FieldFinding, FieldVerdict, SettingsContext, SettingsField, SettingsRemark,
};

pub(super) fn judge(typed: &EnteredSettings, around: &SettingsContext<'_>) -> Vec<FieldFinding> {
    if typed.encryption == Encryption::Unset {
        return Vec::new();
    }
    let port = typed.port.parse::<u16>().ok();
    let wanted = wanted(port, typed, around);
    let of = |verdict, remark| {
        let suggestion = wanted.filter(|&wanted| wanted != typed.encryption).map(Encryption::as_str);
        FieldFinding::new(SettingsField::Encryption, verdict, remark)
            .arg("port", typed.port.as_str())
            .suggest(suggestion)
    };
    let judged = match (typed.encryption, wanted) {
        (Encryption::Plain, Some(_)) => of(FieldVerdict::Wrong, SettingsRemark::EncryptionIsMissing),
        (Encryption::Plain, None) => {
            let mut judged = of(FieldVerdict::Wrong, SettingsRemark::EncryptionIsMissing);
            judged.suggestion = Some(Encryption::Tls.as_str().to_owned());
            judged
        }
        (_, None) => of(FieldVerdict::Unknown, SettingsRemark::EncryptionUnknown),
        (chosen, Some(wanted)) if chosen == wanted => {
            of(FieldVerdict::Right, SettingsRemark::EncryptionMatches)
        }
        (_, Some(Encryption::Tls)) => of(FieldVerdict::Wrong, SettingsRemark::EncryptionFromStart),
        (..) => of(FieldVerdict::Wrong, SettingsRemark::EncryptionAfterStart),
    };
    vec![judged]
}

/// What the port wants: as the provider says, else as it is everywhere (RFC 8314 section 3.3, RFC 6409).
fn wanted(port: Option<u16>, typed: &EnteredSettings, around: &SettingsContext<'_>) -> Option<Encryption> {
    let port = port?;
    let known = around.ports(&typed.server).into_iter().find(|(known, _)| *known == port);
    known.map(|(_, security)| security.into()).or(match port {
        465 => Some(Encryption::Tls),
        25 | 587 => Some(Encryption::StartTls),
        _ => None,
    })
}
