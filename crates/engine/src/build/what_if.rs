//! Facts of a world in which a change is made already.

use crate::{
    check::Fix,
    dns::{Answer, Meta, Negative, Outcome, Query, Rdata, Record, Rtype, Txt},
    facts::{Ask, Facts, Step},
};

/// The TTL that a record gets which is not there yet, in seconds.
pub const TTL: u32 = 3600;

/// A source of outcomes in which one change is made; everything else is as it was.
pub struct WhatIf<'a, A> {
    under: &'a A,
    changed: Option<(Query, Outcome)>,
}

impl<'a, A: Ask> WhatIf<'a, A> {
    /// `under` with `fix` made. Nothing changes where the records beside it are not known, or where the records to
    /// publish are of a kind that cannot be read from text here.
    #[must_use]
    pub fn new(under: &'a A, fix: &Fix) -> Self {
        let query = Query::new(fix.owner.clone(), fix.rtype);
        let outcome = under.ask(&query).ok().and_then(|before| changed(before, fix));
        Self { under, changed: outcome.map(|outcome| (query, outcome)) }
    }
}

impl<A: Ask> Ask for WhatIf<'_, A> {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        match &self.changed {
            Some((known, outcome)) if known == query => Ok(outcome),
            _ => self.under.ask(query),
        }
    }
}

/// What is known, with `fix` made: for a whole run over it.
#[must_use]
pub fn what_if(facts: &Facts, fix: &Fix) -> Facts {
    let mut facts = facts.clone();
    let query = Query::new(fix.owner.clone(), fix.rtype);
    let nothing = Outcome::NoData(Negative::default());
    let before = facts.get(&query).filter(|before| before.failure().is_none()).unwrap_or(&nothing);
    if let Some(outcome) = changed(before, fix) {
        facts.insert(query, outcome);
    }
    // Whoever asked through an alias sees the change as well.
    let stands_there = |query: &Query, outcome: &Outcome| {
        query.rtype == fix.rtype
            && !outcome.chain().is_empty()
            && outcome.records().first().is_some_and(|record| record.owner == fix.owner)
    };
    let aliases = facts.iter().filter(|(query, outcome)| stands_there(query, outcome));
    let behind = |outcome: &Outcome| {
        let mut changed = changed(outcome, fix)?;
        if let Outcome::Records(Answer { chain, .. }) | Outcome::NoData(Negative { chain, .. }) = &mut changed
        {
            *chain = outcome.chain().to_vec();
        }
        Some(changed)
    };
    let aliases = aliases.filter_map(|(query, outcome)| Some((query.clone(), behind(outcome)?)));
    for (query, outcome) in aliases.collect::<Vec<_>>() {
        facts.insert(query, outcome);
    }
    facts
}

/// The records at the owner after the change.
fn changed(before: &Outcome, fix: &Fix) -> Option<Outcome> {
    if before.failure().is_some() || fix.rtype != Rtype::Txt {
        return None;
    }
    let kept = before.records().iter().filter(|record| {
        record.data.txt().is_none_or(|txt| !fix.remove.iter().any(|text| *text == txt.text()))
    });
    let mut records: Vec<Record> = kept.cloned().collect();
    records.extend(fix.publish.iter().map(|text| Record {
        owner: fix.owner.clone(),
        ttl: TTL,
        data: Rdata::Txt(Txt::new([text.as_bytes()])),
    }));
    Some(match records.is_empty() {
        true => Outcome::NoData(Negative::default()),
        false => Outcome::Records(Answer { records, chain: Vec::new(), meta: Meta::default() }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{check::Safety, dns::Name, zone::Zone};

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    fn fix(remove: &[&str], publish: &[&str]) -> Fix {
        let texts = |all: &[&str]| all.iter().map(|&text| text.to_owned()).collect();
        Fix {
            owner: name("example.org"),
            rtype: Rtype::Txt,
            remove: texts(remove),
            publish: texts(publish),
            safety: Safety::Safe,
        }
    }

    fn texts(ask: &impl Ask) -> Vec<String> {
        let outcome = ask.ask(&Query::new(name("example.org"), Rtype::Txt)).unwrap();
        outcome.records().iter().map(|record| record.data.txt().unwrap().text().into_owned()).collect()
    }

    #[test]
    fn the_change_is_made_and_what_stands_beside_it_stays() {
        let zone = Zone::parse("example.org. TXT \"a=1\"\nexample.org. TXT \"v=spf1 mx -all\"\n").unwrap();
        let fix = fix(&["v=spf1 mx -all"], &["v=spf1 -all"]);
        assert_eq!(texts(&WhatIf::new(&zone, &fix)), ["a=1", "v=spf1 -all"]);
        let mut facts = Facts::default();
        let query = Query::new(name("example.org"), Rtype::Txt);
        facts.insert(query.clone(), zone.ask(&query).unwrap().clone());
        assert_eq!(texts(&what_if(&facts, &fix)), ["a=1", "v=spf1 -all"]);
    }

    #[test]
    fn who_asked_through_an_alias_sees_the_change() {
        let zone = Zone::parse("example.org. CNAME a.example.\na.example. TXT \"v=spf1 mx -all\"\n").unwrap();
        let mut facts = Facts::default();
        let query = Query::new(name("example.org"), Rtype::Txt);
        let outcome = zone.ask(&query).unwrap().clone();
        facts.insert(query, outcome.clone());
        let fix = fix(&["v=spf1 mx -all"], &["v=spf1 a -all"]).behind_alias(&outcome).unwrap();
        assert_eq!(fix.owner, name("a.example"));
        let mended = what_if(&facts, &fix);
        assert_eq!(texts(&mended), ["v=spf1 a -all"]);
        let chain =
            |facts: &Facts| facts.ask(&Query::new(name("example.org"), Rtype::Txt)).unwrap().chain().to_vec();
        assert_eq!(chain(&mended), outcome.chain(), "it is an alias still");
    }

    #[test]
    fn the_last_record_leaves_an_empty_name() {
        let zone = Zone::parse("example.org. TXT \"v=spf1 mx -all\"\n").unwrap();
        assert_eq!(texts(&WhatIf::new(&zone, &fix(&["v=spf1 mx -all"], &[]))), Vec::<String>::new());
    }

    #[test]
    fn what_could_not_be_looked_up_stays_unknown_unless_a_run_is_asked_for() {
        let zone = Zone::parse("example.org TXT SERVFAIL\n").unwrap();
        let query = Query::new(name("example.org"), Rtype::Txt);
        let made = fix(&[], &["v=spf1 -all"]);
        assert!(WhatIf::new(&zone, &made).ask(&query).unwrap().failure().is_some());
        assert_eq!(texts(&what_if(&Facts::default(), &made)), ["v=spf1 -all"]);
    }
}
