//! Signs that a domain sends mail, whatever its MX and SPF records say: before anybody is told to say that it does not.

use super::{Cx, dmarc};
use crate::{
    dns::{Name, Query, Rdata, Rtype},
    facts::{Ask, Step},
};

/// Whether the domain names a server for outgoing mail (RFC 6186, RFC 8314), or has a DKIM key.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(super) fn sends(cx: &Cx<'_>, domain: &Name) -> Step<bool> {
    let services = ["_submissions._tcp", "_submission._tcp"];
    let names = services.iter().filter_map(|label| domain.under(label).ok());
    let queries: Vec<Query> = names.map(|name| Query::new(name, Rtype::Srv)).collect();
    let (services, key) = (cx.ask_all(&queries), dmarc::has_dkim_key(cx, domain));
    let offered = services?
        .iter()
        .flat_map(|outcome| outcome.records())
        .any(|record| matches!(&record.data, Rdata::Srv { target, .. } if !target.is_root()));
    Ok(offered || key?)
}
