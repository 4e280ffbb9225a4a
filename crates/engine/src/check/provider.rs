//! Who is the mail with?
//!
//! Objective: name the mailbox provider, so that its limits, settings and support can be shown, and tell a filter in
//! front of it apart. Inputs: MX hosts, SPF includes, `providers.json`. Procedure: a consumer domain (gmail.com)
//! names its provider itself; otherwise MX decides, and where a filter or forwarder stands there, the SPF record.
//! Nothing is guessed: what is not recognised is said to be not recognised.

use super::{Arg, Code, Cx, Finding, Findings};
use crate::{
    facts::Step,
    view::{KnownEntry, provider},
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let (Some(domain), Some(found)) = (&cx.target.domain, provider::view(cx)?) else { return Ok(()) };
    let named = |code: Code, provider: &KnownEntry| {
        Finding::new(code, domain)
            .arg("domain", domain)
            .arg("provider", provider.name.as_str())
            .arg("id", provider.id.as_str())
    };
    if let Some(provider) = found.of_consumer_domain() {
        cx.found(findings, named(Code::Prv050, provider));
        return Ok(());
    }
    if let Some(provider) = &found.mailbox {
        cx.found(findings, named(Code::Prv010, provider));
    }
    if let Some(provider) = &found.gateway {
        cx.found(findings, named(Code::Prv020, provider));
    }
    let others = found.senders.iter().filter(|&sender| found.mailbox.as_ref() != Some(sender));
    let others: Vec<&str> = others.map(|sender| sender.name.as_str()).collect();
    if !others.is_empty() {
        let finding =
            Finding::new(Code::Prv030, domain).arg("n", others.len()).arg("providers", Arg::list(others));
        cx.found(findings, finding);
    }
    if found.mailbox.is_none() && found.gateway.is_none() {
        let finding = match found.failed {
            Some(failure) => Finding::new(Code::Prv060, domain).because(failure),
            None => Finding::new(Code::Prv040, domain),
        };
        cx.found(findings, finding.arg("domain", domain));
    }
    Ok(())
}
