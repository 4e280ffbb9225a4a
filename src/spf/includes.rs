//! Whom a domain includes, without looking behind everybody it includes.

use super::{Selected, select, target};
use crate::{
    bounds,
    dns::{Name, Query, Rtype},
    facts::{Ask, Pending, Step},
    record::spf::{DualCidr, Kind, Mechanism, Qualifier, parse},
    table::Table,
};

/// Records that are read at most.
const MAX_RECORDS: usize = 20;

/// What the domain's own records say of who sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// Names that are included or redirected to.
    pub names: Vec<Name>,
    /// The hosts that receive the domain's mail send it too.
    pub mx: bool,
    /// There are senders beside those: addresses, hosts, names that depend on the message, everybody, or what was not
    /// read.
    pub others: bool,
}

/// Names that the domain itself includes or redirects to: in its own record, and in those of records below the domain
/// or behind a redirect, which it keeps in order. By these a provider is recognised; what providers include in turn is
/// their business and is not asked for.
///
/// # Errors
/// [`Pending`] if an answer is missing; everything that can be asked by then was asked.
pub fn includes(ask: &dyn Ask, domain: &Name) -> Step<Vec<Name>> {
    own(ask, domain).map(|own| own.names)
}

/// As [`includes`], with what else the same records say.
///
/// # Errors
/// [`Pending`] if an answer is missing; everything that can be asked by then was asked.
pub fn own(ask: &dyn Ask, domain: &Name) -> Step<Own> {
    let mut found = Own::default();
    // Records to read, with whether only redirects lead there.
    let mut records = vec![(domain.clone(), true)];
    let mut queued: Table<Name, ()> = Table::from_iter([(domain.clone(), ())]);
    let mut named: Table<Name, ()> = Table::default();
    let mut terms = 0;
    let mut at = 0;
    let mut pending = Ok(());
    while let Some((own, redirected)) = records.get(at).cloned().filter(|_| at < MAX_RECORDS) {
        at += 1;
        let Ok(outcome) = ask.ask(&Query::new(own.clone(), Rtype::Txt)) else {
            pending = Err(Pending);
            continue;
        };
        found.others |= outcome.failure().is_some();
        let Selected::One(txt) = select(outcome) else { continue };
        let text = txt.text();
        let record = parse(&text);
        terms += record.terms.len();
        if terms > bounds::TREE_TERMS {
            found.others = true;
            continue;
        }
        let end = record.all().map(|(index, _)| index);
        for (index, term) in record.terms.iter().enumerate() {
            let counts = end.is_none_or(|end| index < end);
            let (spec, redirect) = match term.kind {
                Kind::Redirect(spec) if end.is_none() => (spec, true),
                Kind::Directive(_, Mechanism::Include(spec)) if counts => (spec, false),
                Kind::Directive(Qualifier::Fail, _) => continue,
                Kind::Directive(_, Mechanism::Mx(None, width))
                    if counts && own == *domain && width == DualCidr::default() =>
                {
                    found.mx = true;
                    continue;
                }
                Kind::Directive(qualifier, Mechanism::All) => {
                    found.others |= qualifier == Qualifier::Pass;
                    continue;
                }
                Kind::Directive(..) => {
                    found.others |= counts;
                    continue;
                }
                _ => continue,
            };
            let Some(name) = target::fixed(domain, &own, spec, &text) else {
                found.others = true;
                continue;
            };
            let redirected = redirected && redirect;
            if (redirected || name.is_within(domain)) && queued.insert(name.clone(), ()) {
                records.push((name.clone(), redirected));
            }
            if named.insert(name.clone(), ()) {
                found.names.push(name);
            }
        }
    }
    found.others |= records.len() > MAX_RECORDS;
    pending.map(|()| found)
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
    fn senders_beside_those_that_are_included_are_noticed() {
        let own = |terms: &str| {
            let zone = Zone::parse(&format!("example.org. TXT \"v=spf1 {terms}\"\n")).unwrap();
            let found = own(&zone, &Name::parse("example.org").unwrap()).unwrap();
            (found.names.len(), found.mx, found.others)
        };
        assert_eq!(own("include:a.example ~all"), (1, false, false));
        assert_eq!(own("mx include:a.example -all"), (1, true, false));
        assert_eq!(own("-ip4:192.0.2.1 include:a.example ?all"), (1, false, false));
        assert_eq!(own("redirect=a.example"), (1, false, false));
        for terms in [
            "ip4:192.0.2.1",
            "~ip6:2001:db8::1",
            "a",
            "mx/24",
            "mx:b.example",
            "exists:%{i}.b.example",
            "ptr",
        ] {
            assert_eq!(own(&format!("include:a.example {terms} -all")), (1, false, true), "{terms}");
        }
        assert_eq!(own("include:a.example +all"), (1, false, true));
        assert_eq!(own("include:a.example include:%{i}.b.example -all"), (1, false, true));
        assert_eq!(own("include:a.example -all ip4:192.0.2.1"), (1, false, false));
    }

    #[test]
    fn no_record_and_two_records_include_nobody() {
        assert!(find("example.org. A 192.0.2.1\n").0.is_empty());
        let two = "example.org. TXT \"v=spf1 include:a.example -all\"\n TXT \"v=spf1 -all\"\n";
        assert!(find(two).0.is_empty());
    }
}
