//! What may be published of a record that receivers did not read so far.

use crate::{
    change::Safety,
    check::Cx,
    dmarc::PolicyDiscovery,
    dns::Name,
    facts::Step,
    record::dmarc::{Dmarc, DmarcEdit, Policy},
    view::dmarc::lack,
};

/// A record that receivers did not read so far and that will act once they do.
pub(super) struct RevivedRecord {
    /// As it was meant where its own mail is not lost by that, else one that only watches.
    pub record: DmarcEdit,
    /// Whether it asks for less than was meant.
    pub watches: bool,
}

impl RevivedRecord {
    /// The locale key of what to know before it is published.
    pub fn note(&self) -> &'static str {
        if self.watches { "dmarc.then.watches" } else { "dmarc.then.acts" }
    }

    /// Harmless is only what asks for nothing, as it was meant.
    pub fn safety(&self) -> Safety {
        let text = self.record.to_string();
        let record = Dmarc::parse(&text);
        let mut policies = [record.p, record.sp, record.np].into_iter().flatten();
        let harmless = policies.all(|given| given.value.is_none_or(|policy| policy == Policy::None));
        if harmless && !self.watches { Safety::Safe } else { Safety::Decide }
    }
}

/// What may be published at `domain` of a record that was `meant`. Of another domain than the one that is looked at nobody
/// knows whether it is ready.
pub(super) fn begin(
    cx: &Cx<'_>,
    discovery: &PolicyDiscovery,
    domain: &Name,
    meant: DmarcEdit,
    parked: Step<bool>,
) -> Step<RevivedRecord> {
    let text = meant.to_string();
    let record = Dmarc::parse(&text);
    let acts = [record.p, record.sp]
        .iter()
        .any(|given| given.and_then(|given| given.value).is_some_and(|policy| policy != Policy::None));
    let ready = || Ok(*domain == discovery.domain && (parked? || lack(cx, domain)?.is_none()));
    Ok(if !acts || ready()? {
        RevivedRecord { record: meant, watches: false }
    } else {
        RevivedRecord { record: meant.watching(), watches: true }
    })
}
