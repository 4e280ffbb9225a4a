//! The field for the encryption: what fits the port.

use super::{Around, Encryption, Field, Judged, Remark, Typed, Verdict};

pub(super) fn judge(typed: &Typed, around: &Around<'_>) -> Vec<Judged> {
    if typed.encryption == Encryption::Unset {
        return Vec::new();
    }
    let port = typed.port.parse::<u16>().ok();
    let wanted = wanted(port, typed, around);
    let of = |verdict, remark| {
        let suggestion = wanted.filter(|&wanted| wanted != typed.encryption).map(Encryption::as_str);
        Judged::new(Field::Encryption, verdict, remark).arg("port", typed.port.as_str()).suggest(suggestion)
    };
    let judged = match (typed.encryption, wanted) {
        (Encryption::Plain, Some(_)) => of(Verdict::Wrong, Remark::EncryptionIsMissing),
        (Encryption::Plain, None) => {
            let mut judged = of(Verdict::Wrong, Remark::EncryptionIsMissing);
            judged.suggestion = Some(Encryption::Tls.as_str().to_owned());
            judged
        }
        (_, None) => of(Verdict::Unknown, Remark::EncryptionUnknown),
        (chosen, Some(wanted)) if chosen == wanted => of(Verdict::Right, Remark::EncryptionMatches),
        (_, Some(Encryption::Tls)) => of(Verdict::Wrong, Remark::EncryptionFromStart),
        (..) => of(Verdict::Wrong, Remark::EncryptionAfterStart),
    };
    vec![judged]
}

/// What the port wants: as the provider says, else as it is everywhere (RFC 8314 section 3.3, RFC 6409).
fn wanted(port: Option<u16>, typed: &Typed, around: &Around<'_>) -> Option<Encryption> {
    let port = port?;
    let known = around.ports(&typed.server).into_iter().find(|(known, _)| *known == port);
    known.map(|(_, security)| security.into()).or(match port {
        465 => Some(Encryption::Tls),
        25 | 587 => Some(Encryption::StartTls),
        _ => None,
    })
}
