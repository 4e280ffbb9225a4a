//! Whom and what the message is about.

use super::Writer;
use crate::{
    bounce::{BounceFact, FactKind},
    check::{Args, Code, Subject},
    contact::{
        ContactParty,
        party::{claimed, contact, listing, owner},
    },
    dns::Rtype,
    report::FindingReport,
};

/// Senders, or recipients, that are named.
const MOST_PEOPLE: usize = 3;

impl Writer<'_> {
    /// What is wrong with the name of the address, where its owner is asked to mend that.
    pub(super) fn unnamed(&self) -> Option<&FindingReport> {
        if *self.party != ContactParty::AddressOwner {
            return None;
        }
        let ip = owner(self.case)?.ip;
        let codes = [Code::Ptr030, Code::Ptr050, Code::Ptr070, Code::Ptr080];
        let mut findings = self.case.report?.findings().map(|(_, finding)| finding);
        findings.find(|finding| codes.contains(&finding.code) && finding.subject == Subject::from(ip))
    }

    /// The name that the address is to have, as far as one is known that leads to it.
    fn wanted_name(&self) -> Option<String> {
        let fix = self.unnamed()?.fix.as_ref().filter(|fix| fix.rtype == Rtype::Ptr);
        let proposed = fix.and_then(|fix| fix.publish.first().cloned());
        proposed.or_else(|| self.fact(FactKind::Helo).map(|fact| fact.value.clone()))
    }

    /// A text of the party with what it is about.
    pub(super) fn filled(&self, what: &str) -> String {
        self.filled_in(&format!("ticket.{what}.{}", self.party.as_str()))
    }

    /// The text under `key` with what the message is about.
    pub(super) fn filled_in(&self, key: &str) -> String {
        let mut args = Args::default();
        args.set("domain", self.domain().unwrap_or_else(|| self.say("ticket.gap")).into());
        let subject = self.listed().or_else(|| self.address()).or_else(|| self.domain());
        args.set("subject", subject.unwrap_or_else(|| self.say("ticket.gap")).into());
        let list = contact(self.party, self.case).name;
        args.set("list", list.unwrap_or_else(|| self.say("ticket.gap")).into());
        let network = owner(self.case).and_then(|owner| owner.network.clone());
        args.set("network", network.unwrap_or_else(|| self.say("ticket.gap")).into());
        args.set("host", self.wanted_name().unwrap_or_else(|| self.say("ticket.gap")).into());
        self.catalog.say(key, &args, self.plural)
    }

    /// What is on the list.
    fn listed(&self) -> Option<String> {
        let ContactParty::List(id) = self.party else { return None };
        let found = self.case.report.and_then(|report| listing(id, report));
        found.map(|finding| finding.subject.to_string()).or_else(|| claimed(self.case))
    }

    fn fact(&self, kind: FactKind) -> Option<&BounceFact> {
        self.case.reading?.facts.iter().find(|fact| fact.kind == kind)
    }

    /// The sender's domain.
    fn domain(&self) -> Option<String> {
        let run = self.case.report.and_then(|report| report.target.domain.as_ref());
        let run = run.map(ToString::to_string);
        run.or_else(|| self.fact(FactKind::Domain).map(|fact| fact.value.clone()))
    }

    /// The address that sends.
    fn address(&self) -> Option<String> {
        let of_owner =
            owner(self.case).filter(|_| *self.party == ContactParty::AddressOwner).map(|owner| owner.ip);
        let run = of_owner.or_else(|| self.case.report?.views.sending.ips().next()).map(|ip| ip.to_string());
        run.or_else(|| self.fact(FactKind::SendingIp).map(|fact| fact.value.clone()))
    }

    pub(super) fn who(&mut self) {
        self.head("ticket.who");
        let gap = self.say("ticket.gap");
        let domain = self.domain().unwrap_or(gap);
        self.row("domain", &domain);
        if let Some(address) = self.address() {
            self.row("ip", &address);
        }
        if *self.party == ContactParty::AddressOwner
            && let Some(owner) = owner(self.case)
        {
            let number = owner.number.map(|number| format!("AS{number}"));
            let of = [owner.network.clone(), number, owner.name.clone()];
            let of: Vec<String> = of.into_iter().flatten().collect();
            if !of.is_empty() {
                self.row("network", &of.join(", "));
            }
        }
        if let Some(helo) = self.fact(FactKind::Helo).map(|fact| fact.value.clone()) {
            self.row("helo", &helo);
        }
        if let Some(provider) = self.case.provider.filter(|_| *self.party != ContactParty::Mailbox) {
            self.row("provider", &provider.name.clone());
        }
        self.people();
        if let Some(by) = self.verdict.and_then(|verdict| verdict.provider.as_ref())
            && *self.party != ContactParty::Postmaster
        {
            let by = by.name.clone();
            self.row("by", &by);
        }
        if let Some(host) = self.fact(FactKind::RemoteHost).map(|fact| fact.value.clone())
            && !matches!(self.party, ContactParty::List(_) | ContactParty::DnsHost)
        {
            let host = self.shown(&host);
            self.row("server", &host);
        }
    }

    /// The sender and the recipients of the message, or that they are left out.
    fn people(&mut self) {
        for (kind, label) in [(FactKind::Sender, "sender"), (FactKind::Recipient, "recipient")] {
            let facts = self.case.reading.iter().flat_map(|reading| &reading.facts);
            let values = facts.filter(|fact| fact.kind == kind).map(|fact| fact.value.as_str());
            let values: Vec<&str> = values.take(MOST_PEOPLE).collect();
            if values.is_empty() {
                continue;
            }
            let value =
                if self.wishes.third_parties { values.join(", ") } else { self.say("ticket.left-out") };
            self.row(label, &value);
        }
    }
}
