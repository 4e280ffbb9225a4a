//! Where a change belongs, how long the old answer lives on, and what the new record costs.

use serde::Serialize;

use crate::{
    change::Fix,
    dns::{Name, Outcome, Query, Rdata, Rtype},
    facts::Ask,
    overlay::Overlay,
    record::spf::is_spf,
    spf::{Survey, survey},
};

/// What the facts say around a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct ChangeContext {
    /// The zone that holds the record: the closest name at or above it that is known to have name servers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<Name>,
    /// The zone's name servers, by which its host is recognised.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub servers: Vec<Name>,
    /// Seconds for which the resolver that was asked goes on giving the old answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait: Option<u32>,
    /// What an SPF record costs, if everything that decides it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookups: Option<LookupCount>,
}

/// Lookups of the ten that are allowed (RFC 7208 section 4.6.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LookupCount {
    /// With the record as it is; none where there is no single record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<usize>,
    /// With the new record.
    pub after: usize,
}

impl ChangeContext {
    /// What `facts` say around `fix`. Nothing is asked.
    #[must_use]
    pub fn of(facts: &dyn Ask, fix: &Fix) -> Self {
        let (zone, servers) = zone(facts, &fix.owner).unzip();
        let wait = facts.ask(&Query::new(fix.owner.clone(), fix.rtype)).ok().and_then(Outcome::lives);
        Self { zone, servers: servers.unwrap_or_default(), wait, lookups: lookups(facts, fix) }
    }
}

fn zone(facts: &dyn Ask, owner: &Name) -> Option<(Name, Vec<Name>)> {
    let mut at = Some(owner.clone());
    while let Some(name) = at.filter(|name| name.labels().count() >= 2) {
        let outcome = facts.ask(&Query::new(name.clone(), Rtype::Ns));
        // An alias brings the name servers of its target.
        if let Ok(outcome @ Outcome::Records(answer)) = outcome
            && answer.chain.is_empty()
        {
            let servers = outcome.records().iter().filter_map(|record| match &record.data {
                Rdata::Ns(server) => Some(server.clone()),
                _ => None,
            });
            let mut servers: Vec<Name> = servers.collect();
            servers.sort();
            return Some((name, servers));
        }
        at = name.parent();
    }
    None
}

fn lookups(facts: &dyn Ask, fix: &Fix) -> Option<LookupCount> {
    if fix.rtype != Rtype::Txt || !fix.publish.iter().any(|text| is_spf(text.as_bytes())) {
        return None;
    }
    let count = |survey: Survey| (!survey.cut && !survey.root().text.is_empty()).then(|| survey.lookups());
    let after = survey(&Overlay::with_fix(facts, fix), &fix.owner).ok().and_then(count)?;
    let before = survey(facts, &fix.owner).ok().and_then(count);
    Some(LookupCount { before, after })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{change::Safety, dns::Negative, facts::Facts, zone::Zone};

    fn facts(zone: &str, asked: &[(&str, Rtype)]) -> Facts {
        let zone = Zone::parse(zone).unwrap();
        let mut facts = Facts::default();
        for &(name, rtype) in asked {
            let query = Query::new(Name::parse(name).unwrap(), rtype);
            facts.insert(query.clone(), zone.ask(&query).unwrap().clone());
        }
        facts
    }

    fn spf(owner: &str, remove: &[&str], publish: &str) -> Fix {
        Fix::at(&Name::parse(owner).unwrap(), Rtype::Txt, Safety::Safe)
            .removing(remove.iter().copied())
            .publishing([publish])
    }

    const ZONE: &str = "example.org. SOA ns. host. 1 300\n\
        example.org. 900 NS ns2.host.example.\nexample.org. 900 NS ns1.host.example.\n\
        example.org. 1200 TXT \"v=spf1 include:a.example include:b.example -all\"\n\
        a.example. TXT \"v=spf1 mx -all\"\na.example. MX 1 m.a.example.\nm.a.example. A 11.22.33.4\n";

    #[test]
    fn the_zone_is_the_closest_name_with_name_servers() {
        let facts = facts(
            ZONE,
            &[
                ("www.example.org", Rtype::Ns),
                ("example.org", Rtype::Ns),
                ("example.org", Rtype::Txt),
                ("_dmarc.www.example.org", Rtype::Txt),
            ],
        );
        let around = ChangeContext::of(&facts, &spf("_dmarc.www.example.org", &[], "v=DMARC1; p=none"));
        assert_eq!(around.zone.unwrap().as_str(), "example.org");
        let servers: Vec<_> = around.servers.iter().map(Name::as_str).collect();
        assert_eq!(servers, ["ns1.host.example", "ns2.host.example"]);
        assert_eq!(ChangeContext::of(&facts, &spf("other.example", &[], "x")), ChangeContext::default());
    }

    #[test]
    fn the_old_answer_is_remembered_as_long_as_the_facts_say() {
        let mut facts = facts(ZONE, &[("example.org", Rtype::Txt)]);
        let nothing = Outcome::NxDomain(Negative { ttl: Some(300), ..Negative::default() });
        facts.insert(Query::new(Name::parse("_dmarc.example.org").unwrap(), Rtype::Txt), nothing);
        assert_eq!(ChangeContext::of(&facts, &spf("example.org", &[], "v=spf1 -all")).wait, Some(1200));
        let new = ChangeContext::of(&facts, &spf("_dmarc.example.org", &[], "v=DMARC1; p=none"));
        assert_eq!(new.wait, Some(300));
    }

    #[test]
    fn the_cost_is_counted_where_everything_is_known() {
        let old = "v=spf1 include:a.example include:b.example -all";
        let known = [
            ("example.org", Rtype::Txt),
            ("a.example", Rtype::Txt),
            ("a.example", Rtype::Mx),
            ("m.a.example", Rtype::A),
            ("m.a.example", Rtype::Aaaa),
        ];
        let mut asked = known.to_vec();
        let fix = spf("example.org", &[old], "v=spf1 include:a.example -all");
        let without_b = ChangeContext::of(&facts(ZONE, &asked), &fix);
        assert_eq!(without_b.lookups, Some(LookupCount { before: None, after: 2 }));
        asked.push(("b.example", Rtype::Txt));
        let with_b = ChangeContext::of(&facts(ZONE, &asked), &fix);
        assert_eq!(with_b.lookups, Some(LookupCount { before: Some(3), after: 2 }));
        let unknown = spf("example.org", &[old], "v=spf1 include:c.example -all");
        assert_eq!(ChangeContext::of(&facts(ZONE, &asked), &unknown).lookups, None);
    }
}
