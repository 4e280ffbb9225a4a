//! DMARC of a domain: the policy that applies and where it was found, what stands at its own name, and whether SPF and DKIM
//! are such that more may be asked of receivers (RFC 9989).

mod ready;
mod site;

use crate::{
    cx::Cx,
    dmarc::{self, PolicyDiscovery},
    dns::{Name, Query, Rtype},
};

pub use ready::{Lack, lacks};
pub(crate) use ready::{Presence, dkim, lack, spf};
pub(crate) use site::{DmarcSite, next};

/// Where the record of `domain` stands. Too long a name has no record, so nothing is ever found there.
pub(crate) fn record_name(domain: &Name) -> Name {
    domain.under("_dmarc").unwrap_or_else(|_| domain.clone())
}

/// The question for the record of `domain`.
pub(crate) fn query(domain: &Name) -> Query {
    Query::new(record_name(domain), Rtype::Txt)
}

/// Which policy applies to the target, as far as it is known.
pub(crate) fn view(cx: &Cx<'_>) -> Option<PolicyDiscovery> {
    dmarc::discover(cx, cx.target.domain.as_ref()?).ok()
}
