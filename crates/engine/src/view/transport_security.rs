//! What protects mail on its way to the domain: MTA-STS and its policy file (RFC 8461), reports about it (RFC 8460), and the
//! certificates that the receiving hosts name in the DNS (DANE, RFC 7672).
//!
//! It asks for the record at `_mta-sts.`, and where that announces a policy for the host that serves it, who may issue its
//! certificate, and the file; for the record at `_smtp._tls.`; and for the TLSA records of each receiving host.

pub mod dane;
mod issuers;
pub mod mta_sts;

use self::{dane::Receivers, mta_sts::MtaSts};
use super::{
    domain,
    published::{Published, published},
};
use crate::{cx::Cx, dns::Name, facts::Step, policy_file::PolicyFile, record::tls_rpt::TlsRpt};

/// What protects mail on its way to a domain, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportSecurity {
    /// The encryption that the domain demands of senders; none where its name is too long for a label in front.
    pub mta_sts: Option<MtaSts>,
    /// The record that says where reports about encryption go; none while it is not known.
    pub tls_rpt: Option<Published>,
    /// What the receiving hosts prove by DNS; none while it is not known.
    pub dane: Option<Receivers>,
}

impl TransportSecurity {
    /// The MTA-STS policy file; none while it is on its way.
    #[must_use]
    pub fn policy(&self) -> Option<&PolicyFile> {
        self.mta_sts.as_ref()?.policy.as_ref()
    }
}

/// What protects mail on its way to the target's domain; none without a domain, or where it does not exist.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known whether there is such a domain.
pub(crate) fn view(cx: &Cx<'_>) -> Step<Option<TransportSecurity>> {
    let Some(domain) = &cx.target.domain else { return Ok(None) };
    if domain::is_gone(cx)? {
        return Ok(None);
    }
    Ok(Some(TransportSecurity {
        mta_sts: mta_sts::view(cx, domain),
        tls_rpt: tls_rpt_name(domain).and_then(|name| tls_rpt(cx, &name).ok()),
        dane: dane::view(cx, domain).ok(),
    }))
}

/// The name at which the record about reports stands (RFC 8460 section 3); none where it would be too long.
pub(crate) fn tls_rpt_name(domain: &Name) -> Option<Name> {
    domain.under("_smtp._tls").ok()
}

/// The record that says where reports about encryption go (TLS-RPT, RFC 8460), at `name`.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn tls_rpt(cx: &Cx<'_>, name: &Name) -> Step<Published> {
    published(cx, name, "v=TLSRPTv1", TlsRpt::is_meant)
}
