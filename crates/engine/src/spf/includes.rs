//! Whom a domain includes, without looking behind everybody it includes.

use super::{Selected, select, target};
use crate::{
    bounds,
    dns::{Name, Network, Query, Rtype},
    facts::{Ask, Pending, Step},
    record::spf::{DomainSpec, DualCidr, Mechanism, Qualifier, SpfRecord, TermKind, parse},
    table::Table,
};

/// Records that are read at most.
const MAX_RECORDS: usize = 20;

/// What the domain's own records say of who sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnRecords {
    /// Names that are included or redirected to.
    pub names: Vec<Name>,
    /// Those of them, and the domain itself, whose records were read here.
    pub read: Vec<Name>,
    /// Whom the records let send (`pass`) by an address or a host, in their order.
    pub senders: Vec<NamedSender>,
    /// There are senders beside those and the ones in [`OwnRecords::names`]: names that depend on the message, everybody, what
    /// passes by half only, or what was not read.
    pub others: bool,
}

/// Somebody whom a record names as a sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedSender {
    /// An address, or a range of them (`ip4`, `ip6`).
    Network(Network),
    /// A host (`a`), with how many bits of its addresses count.
    Host(Name, DualCidr),
    /// The hosts that receive mail for a name (`mx`), likewise.
    Receivers(Name, DualCidr),
}

/// Names that the domain itself includes or redirects to: in its own record, and in those of records below the domain
/// or behind a redirect, which it keeps in order. By these a provider is recognised; what providers include in turn is
/// their business and is not asked for.
///
/// # Errors
/// [`Pending`] if an answer is missing; everything that can be asked by then was asked.
pub fn includes(ask: &dyn Ask, domain: &Name) -> Step<Vec<Name>> {
    own(ask, domain, |_| false).map(|own| own.names)
}

/// As [`includes`], with what else the same records say. What `foreign` knows as somebody else's is not read, even behind
/// a redirect.
///
/// # Errors
/// [`Pending`] if an answer is missing; everything that can be asked by then was asked.
pub fn own(ask: &dyn Ask, domain: &Name, foreign: impl Fn(&Name) -> bool) -> Step<OwnRecords> {
    let mut gathering = Gathering {
        domain,
        found: OwnRecords::default(),
        records: vec![(domain.clone(), true)],
        queued: Table::from_iter([(domain.clone(), ())]),
        named: Table::default(),
    };
    let mut terms = 0;
    let mut at = 0;
    let mut pending = Ok(());
    while let Some((own, redirected)) = gathering.records.get(at).cloned().filter(|_| at < MAX_RECORDS) {
        at += 1;
        gathering.found.read.push(own.clone());
        let Ok(outcome) = ask.ask(&Query::new(own.clone(), Rtype::Txt)) else {
            pending = Err(Pending);
            continue;
        };
        gathering.found.others |= outcome.failure().is_some();
        let Selected::One(txt) = select(outcome) else { continue };
        let text = txt.text();
        let record = parse(&text);
        terms += record.terms.len();
        if terms > bounds::TREE_TERMS {
            gathering.found.others = true;
            continue;
        }
        gathering.record(&own, &text, &record, redirected, &foreign);
    }
    gathering.found.others |= gathering.records.len() > MAX_RECORDS;
    pending.map(|()| gathering.found)
}

/// What the records say that were read so far.
struct Gathering<'a> {
    domain: &'a Name,
    found: OwnRecords,
    /// Records to read, with whether only redirects lead there.
    records: Vec<(Name, bool)>,
    queued: Table<Name, ()>,
    named: Table<Name, ()>,
}

impl Gathering<'_> {
    /// Takes the record of `own`; `redirected` is whether only redirects lead there.
    fn record(
        &mut self,
        own: &Name,
        text: &str,
        record: &SpfRecord,
        redirected: bool,
        foreign: &impl Fn(&Name) -> bool,
    ) {
        let end = record.all().map(|(index, _)| index);
        for (index, term) in record.terms.iter().enumerate() {
            let counts = end.is_none_or(|end| index < end);
            let (spec, redirect) = match term.kind {
                TermKind::Redirect(spec) if end.is_none() => (spec, true),
                TermKind::Directive(_, Mechanism::Include(spec)) if counts => (spec, false),
                TermKind::Directive(qualifier, Mechanism::All) => {
                    self.found.others |= qualifier == Qualifier::Pass;
                    continue;
                }
                TermKind::Directive(qualifier, mechanism) if counts && qualifier != Qualifier::Fail => {
                    let sender = sender(self.domain, own, mechanism, text);
                    match sender.filter(|_| qualifier == Qualifier::Pass) {
                        Some(sender) => self.found.senders.push(sender),
                        None => self.found.others = true,
                    }
                    continue;
                }
                _ => continue,
            };
            match target::fixed(self.domain, own, spec, text) {
                Some(name) => self.leads_to(name, redirected && redirect, foreign),
                None => self.found.others = true,
            }
        }
    }

    fn leads_to(&mut self, name: Name, redirected: bool, foreign: &impl Fn(&Name) -> bool) {
        let kept = redirected || name.is_within(self.domain);
        if kept && !foreign(&name) && self.queued.insert(name.clone(), ()) {
            self.records.push((name.clone(), redirected));
        }
        if self.named.insert(name.clone(), ()) {
            self.found.names.push(name);
        }
    }
}

/// Whom a mechanism of the record of `own` names; `None` if that depends on the message, or on other records.
fn sender(domain: &Name, own: &Name, mechanism: Mechanism, text: &str) -> Option<NamedSender> {
    let name = |spec: Option<DomainSpec>| match spec {
        None => Some(own.clone()),
        Some(spec) => target::fixed(domain, own, spec, text),
    };
    match mechanism {
        Mechanism::Ip4(ip, prefix) => Some(NamedSender::Network(Network::new(ip.into(), prefix))),
        Mechanism::Ip6(ip, prefix) => Some(NamedSender::Network(Network::new(ip.into(), prefix))),
        Mechanism::A(spec, width) => name(spec).map(|name| NamedSender::Host(name, width)),
        Mechanism::Mx(spec, width) => name(spec).map(|name| NamedSender::Receivers(name, width)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use crate::{dns::Outcome, zone::Zone};

    /// Notes which records are read.
    struct Noting(Zone, RefCell<Vec<String>>);

    impl Ask for Noting {
        fn ask(&self, query: &Query) -> Step<&Outcome> {
            self.1.borrow_mut().push(query.name.to_string());
            self.0.ask(query)
        }
    }

    fn find(zone: &str) -> (Vec<String>, Vec<String>) {
        let noting = Noting(Zone::parse(zone).unwrap(), RefCell::default());
        let found = includes(&noting, &Name::parse("example.org").unwrap()).unwrap();
        (found.iter().map(Name::to_string).collect(), noting.1.into_inner())
    }

    #[test]
    fn records_below_the_domain_and_behind_redirects_count_and_those_of_others_do_not() {
        let (names, read) = find(
            "example.org. TXT \"v=spf1 include:a.example include:_own.example.org ~include:%{i}.x.example ~all include:late.example\"\n\
             _own.example.org. TXT \"v=spf1 include:b.example include:_spf.%{o} include:example.org\"\n\
             a.example. TXT \"v=spf1 include:c.example -all\"\n",
        );
        assert_eq!(names, ["a.example", "_own.example.org", "b.example", "_spf.example.org", "example.org"]);
        assert_eq!(read, ["example.org", "_own.example.org", "_spf.example.org"]);
        let (names, _) = find(
            "example.org. TXT \"v=spf1 redirect=other.example\"\n\
             other.example. TXT \"v=spf1 include:send.example -all\"\n\
             send.example. TXT \"v=spf1 include:deep.example -all\"\n",
        );
        assert_eq!(names, ["other.example", "send.example"]);
    }

    #[test]
    fn whom_a_record_names_is_told_from_whom_it_merely_lets_in() {
        let own = |terms: &str| {
            let zone = Zone::parse(&format!("example.org. TXT \"v=spf1 {terms}\"\n")).unwrap();
            let found = own(&zone, &Name::parse("example.org").unwrap(), |_| false).unwrap();
            let senders: Vec<String> = found.senders.iter().map(shown).collect();
            (found.names.len(), senders.join(" "), found.others)
        };
        let said = |names, senders: &str, others| (names, senders.to_owned(), others);
        assert_eq!(own("include:a.example ~all"), said(1, "", false));
        assert_eq!(own("mx include:a.example -all"), said(1, "mx:example.org", false));
        assert_eq!(own("-ip4:192.0.2.1 include:a.example ?all"), said(1, "", false));
        assert_eq!(
            own("a:mail.%{d} ip4:192.0.2.1/24 -all"),
            said(0, "a:mail.example.org 192.0.2.0/24", false)
        );
        assert_eq!(
            own("a mx:b.example ip6:2001:db8::1"),
            said(0, "a:example.org mx:b.example 2001:db8::1", false)
        );
        for terms in ["~ip6:2001:db8::1", "?a", "exists:%{i}.b.example", "ptr", "a:%{i}.b.example"] {
            assert_eq!(own(&format!("include:a.example {terms} -all")), said(1, "", true), "{terms}");
        }
        assert_eq!(own("include:a.example +all"), said(1, "", true));
        assert_eq!(own("include:a.example include:%{i}.b.example -all"), said(1, "", true));
        assert_eq!(own("include:a.example -all ip4:192.0.2.1"), said(1, "", false));
    }

    fn shown(named: &NamedSender) -> String {
        match named {
            NamedSender::Network(network) => network.to_string(),
            NamedSender::Host(name, _) => format!("a:{name}"),
            NamedSender::Receivers(name, _) => format!("mx:{name}"),
        }
    }

    #[test]
    fn what_is_somebody_elses_is_not_read_behind_a_redirect() {
        let zone = "example.org. TXT \"v=spf1 redirect=spf.host.example\"\n\
                    spf.host.example. TXT \"v=spf1 ip4:192.0.2.1 -all\"\n";
        let zone = Zone::parse(zone).unwrap();
        let domain = Name::parse("example.org").unwrap();
        let host = Name::parse("spf.host.example").unwrap();
        let all = own(&zone, &domain, |_| false).unwrap();
        assert_eq!((all.senders.len(), all.read), (1, vec![domain.clone(), host.clone()]));
        let ours = own(&zone, &domain, |name| *name == host).unwrap();
        assert_eq!((ours.names, ours.read, ours.senders), (vec![host], vec![domain], vec![]));
    }

    #[test]
    fn no_record_and_two_records_include_nobody() {
        assert!(find("example.org. A 192.0.2.1\n").0.is_empty());
        let two = "example.org. TXT \"v=spf1 include:a.example -all\"\n TXT \"v=spf1 -all\"\n";
        assert!(find(two).0.is_empty());
    }
}
