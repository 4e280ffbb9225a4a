//! A second opinion: what two resolvers say of the same, held against each other, answer by answer and verdict by verdict.
//!
//! Each is asked alone and taken at its word ([`Session::believing`](crate::session::Session::believing)). What one of them could
//! not be asked is never a difference. Blocklists are left out: they refuse public resolvers, and say different things to
//! different askers.
//!
//! Why two answers differ is told by what the resolvers say:
//!
//! - **broken signatures**: one says SERVFAIL, and that the signatures do not hold (RFC 8914 section 4.7 on), or answers once
//!   signatures are left unchecked (RFC 4035 section 3.2.2); the other one answers;
//! - **filtered**: one says that it withholds the answer or refuses it, has an address that leads nowhere, or denies without the
//!   SOA that says for how long (RFC 2308 section 5); the other one has records;
//! - **rewritten**: one has an address that it also has for a name that cannot exist (RFC 6761 section 6.4), or one of a local
//!   network, and the other one does not;
//! - **still spreading**: both answer, and an answer may still be kept.

use std::net::IpAddr;

use crate::{
    check::CheckId,
    cx::Cx,
    dns::{Failure, Name, Outcome, Query, Rdata, Rtype, is_inside},
    facts::{Ask, Fact, Facts, Question, Step},
    report::{CheckVerdict, Report},
    resolver_trust::absent,
    table::Table,
};

words! {
    /// Why two resolvers say different things.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Difference {
        /// One does not believe the signatures of the zone, the other one does not look at them.
        BrokenSignatures = "broken-signatures",
        /// One withholds the answer.
        Filtered = "filtered",
        /// One puts an address of its own in place of the answer.
        Rewritten = "rewritten",
        /// One still has the answer from before a change.
        Spreading = "spreading",
        /// No answer is kept any longer, and they differ all the same.
        Unexplained = "unexplained",
    }
    key "opinion.{}"
}

impl Difference {
    /// The key of the text that says what to do.
    #[must_use]
    pub fn key_of_text(self) -> String {
        format!("{}.text", self.key())
    }
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one that was asked first.
    First,
    /// The second.
    Second,
}

/// What one resolver said.
#[derive(Clone, Copy, Debug)]
pub struct Said<'a> {
    /// When, in seconds since 1970.
    pub unix: i64,
    /// All that it said.
    pub facts: &'a Facts,
}

/// Until when answers may be kept that differ, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptUntil {
    /// Then one of the two asks anew: mostly the one with the old answer, for what is kept longer was asked later.
    pub one: i64,
    /// Then both have: from here on they say the same.
    pub both: i64,
}

/// An answer in which the two differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerRow {
    /// What was asked.
    pub query: Query,
    /// Why.
    pub difference: Difference,
    /// Whose doing it is, if it is one's.
    pub whose: Option<Which>,
    /// Until when it may be so, where an answer says for how long it may be kept.
    pub until: Option<KeptUntil>,
    /// What the first says.
    pub first: Outcome,
    /// What the second says.
    pub second: Outcome,
}

/// A question that one of them could not be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unasked {
    /// What was asked.
    pub query: Query,
    /// Whom.
    pub whom: Which,
    /// Why there is no answer.
    pub failure: Failure,
}

/// What two resolvers say, held against each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opinion {
    /// How many questions both answered, or failed alike.
    pub compared: usize,
    /// Where they differ, by name and type.
    pub rows: Vec<AnswerRow>,
    /// What could not be compared.
    pub unasked: Vec<Unasked>,
    /// So many addresses of others differ, which is no sign of anything: large providers give each place its own.
    pub by_place: usize,
}

/// A check of which the two make different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerdictRow {
    /// The check.
    pub check: CheckId,
    /// What came of it with the answers of the first.
    pub first: CheckVerdict,
    /// And of the second.
    pub second: CheckVerdict,
}

/// Asks what shows whether a resolver makes up addresses.
///
/// # Errors
/// [`crate::facts::Pending`] if that is not known yet.
pub fn control(cx: &Cx<'_>) -> Step<()> {
    absent().map_or(Ok(()), |query| cx.ask(&query).map(drop))
}

/// Of what was learnt, all that this resolver said itself, and what is no record; not what `is_list` names. What it could not be
/// asked, or was not believed, is to be asked again.
#[must_use]
pub fn said_by(resolver: &str, facts: &Facts, is_list: impl Fn(&Query) -> bool) -> Facts {
    let mut said = facts.clone();
    said.retain(|question, fact| match (question, fact) {
        (Question::Records(query), Fact::Records(outcome)) => {
            outcome.meta().resolver == resolver
                && outcome.failure().is_none_or(is_word_of_resolver)
                && !is_list(query)
        }
        _ => true,
    });
    said
}

/// Holds two against each other. What only one of them was asked is left out: it follows from an answer that differs, or from
/// nothing else. `domain` is what was checked.
#[must_use]
pub fn compare(first: Said<'_>, second: Said<'_>, domain: Option<&Name>) -> Opinion {
    let made_up = [made_up(first.facts), made_up(second.facts)];
    let mut opinion = Opinion::default();
    for (query, one) in first.facts.records() {
        let Some(other) = second.facts.get(query) else { continue };
        let pair = Pair { query, first, second, outcomes: [one, other], made_up: &made_up, domain };
        pair.judge(&mut opinion);
    }
    opinion
}

/// The checks of which the answers of two resolvers make different things.
#[must_use]
pub fn verdicts(first: &Report, second: &Report) -> Vec<VerdictRow> {
    let rows = first.checks.iter().filter_map(|one| {
        let other = second.checks.iter().find(|other| other.id == one.id)?;
        let row = VerdictRow { check: one.id, first: one.verdict, second: other.verdict };
        (row.first != row.second).then_some(row)
    });
    rows.collect()
}

/// Addresses that a resolver has for a name that cannot exist.
fn made_up(facts: &Facts) -> Vec<IpAddr> {
    let outcome = absent().and_then(|query| facts.get(&query));
    outcome.map(|outcome| outcome.addresses().collect()).unwrap_or_default()
}

/// Two outcomes of one question.
struct Pair<'a> {
    query: &'a Query,
    first: Said<'a>,
    second: Said<'a>,
    outcomes: [&'a Outcome; 2],
    made_up: &'a [Vec<IpAddr>; 2],
    domain: Option<&'a Name>,
}

impl Pair<'_> {
    fn judge(&self, opinion: &mut Opinion) {
        let [one, other] = self.outcomes;
        match (one.failure(), other.failure()) {
            (Some(failed), Some(too)) if failed == too && is_word_of_resolver(failed) => {
                opinion.compared += 1
            }
            (None, None) => {
                opinion.compared += 1;
                self.answers(opinion);
            }
            (failed, too) => self.failed(failed, too, opinion),
        }
    }

    /// One of them, or both, have no answer.
    fn failed(&self, first: Option<Failure>, second: Option<Failure>, opinion: &mut Opinion) {
        let why = match (first, second) {
            (Some(failure), None) => self.withheld(Which::First, failure),
            (None, Some(failure)) => self.withheld(Which::Second, failure),
            _ => None,
        };
        if let Some((difference, whose)) = why {
            opinion.compared += 1;
            return opinion.rows.push(self.row(difference, Some(whose)));
        }
        for (whom, failure) in [(Which::First, first), (Which::Second, second)] {
            let query = self.query.clone();
            opinion.unasked.extend(failure.map(|failure| Unasked { query, whom, failure }));
        }
    }

    /// Why `which` gives no answer where the other one does, if that says something.
    fn withheld(&self, which: Which, failure: Failure) -> Option<(Difference, Which)> {
        match failure {
            Failure::Filtered | Failure::Refused => Some((Difference::Filtered, which)),
            Failure::ServFail if self.is_bogus(which) => Some((Difference::BrokenSignatures, which)),
            _ => None,
        }
    }

    /// Whether what fails with `which` fails because of signatures.
    fn is_bogus(&self, which: Which) -> bool {
        let (said, outcome) = match which {
            Which::First => (self.first, self.outcomes[0]),
            Which::Second => (self.second, self.outcomes[1]),
        };
        let says_so = outcome.meta().ede.iter().any(|ede| (6..=12).contains(&ede.code));
        let mut at = Some(self.query.name.clone());
        while let (false, Some(name)) = (says_so, &at) {
            let unchecked = [Rtype::Soa, Rtype::Mx, Rtype::Txt, self.query.rtype]
                .map(|rtype| said.facts.get(&Query::unchecked(name.clone(), rtype)));
            if unchecked.into_iter().flatten().any(|outcome| outcome.failure().is_none()) {
                return true;
            }
            at = name.parent();
        }
        says_so
    }

    /// Both answer.
    fn answers(&self, opinion: &mut Opinion) {
        let [one, other] = self.outcomes;
        // The serial of a zone changes by itself.
        let both_soa = self.query.rtype == Rtype::Soa && !one.is_void() && !other.is_void();
        if both_soa || one.is_void() && other.is_void() || is_same(one, other) {
            return;
        }
        if let Some((difference, whose)) = self.made() {
            return opinion.rows.push(self.row(difference, Some(whose)));
        }
        let is_own = self.domain.is_some_and(|domain| self.query.name.is_within(domain));
        if is_address(self.query) && !is_own && !one.is_void() && !other.is_void() {
            opinion.by_place += 1;
            return;
        }
        let difference = if self.until().is_some() { Difference::Spreading } else { Difference::Unexplained };
        opinion.rows.push(self.row(difference, None));
    }

    /// Which of them has made its answer itself, if one has.
    fn made(&self) -> Option<(Difference, Which)> {
        let [one, other] = self.outcomes;
        let sides = [(Which::First, one, other), (Which::Second, other, one)];
        let which = |is_made: &dyn Fn(Which, &Outcome) -> bool| {
            let side = sides.iter().find(|(at, mine, theirs)| is_made(*at, mine) && !is_made(*at, theirs));
            side.map(|(at, ..)| *at)
        };
        let nowhere = which(&|_, outcome| outcome.addresses().any(leads_nowhere));
        // A denial that nobody may keep does not come from the zone.
        let denied = || which(&|_, outcome| outcome.is_void() && outcome.lives().is_none());
        let inside = || which(&|_, outcome| outcome.addresses().any(is_inside));
        let made_up = || {
            which(&|at, outcome| {
                let [first, second] = self.made_up;
                let made_up = if at == Which::First { first } else { second };
                outcome.addresses().any(|ip| made_up.contains(&ip))
            })
        };
        let filtered = nowhere.or_else(denied).map(|which| (Difference::Filtered, which));
        filtered.or_else(|| inside().or_else(made_up).map(|which| (Difference::Rewritten, which)))
    }

    /// Until when the answers may be kept.
    fn until(&self) -> Option<KeptUntil> {
        let ends = |said: Said<'_>, outcome: &Outcome| {
            outcome.lives().filter(|&lives| lives > 0).map(|lives| said.unix + i64::from(lives))
        };
        let [one, other] = self.outcomes;
        match (ends(self.first, one), ends(self.second, other)) {
            (Some(one), Some(other)) => Some(KeptUntil { one: one.min(other), both: one.max(other) }),
            (Some(end), None) | (None, Some(end)) => Some(KeptUntil { one: end, both: end }),
            (None, None) => None,
        }
    }

    fn row(&self, difference: Difference, whose: Option<Which>) -> AnswerRow {
        let [first, second] = self.outcomes.map(Clone::clone);
        let until = self.until().filter(|_| difference == Difference::Spreading);
        AnswerRow { query: self.query.clone(), difference, whose, until, first, second }
    }
}

/// Whether a failure is what a resolver says, and not that nothing came from it.
fn is_word_of_resolver(failure: Failure) -> bool {
    matches!(failure, Failure::ServFail | Failure::Refused | Failure::Filtered | Failure::Rcode(_))
}

/// Addresses that filters put in place of what they withhold.
fn leads_nowhere(ip: IpAddr) -> bool {
    ip.is_unspecified() || ip.is_loopback()
}

fn is_address(query: &Query) -> bool {
    matches!(query.rtype, Rtype::A | Rtype::Aaaa)
}

/// Whether both have the same records, in whatever order.
fn is_same(one: &Outcome, other: &Outcome) -> bool {
    let mut data: Table<Rdata, usize> = Table::default();
    for (at, record) in other.records().iter().enumerate() {
        data.insert(record.data.clone(), at);
    }
    let has = one.records().iter().all(|record| data.get(&record.data).is_some());
    // Each record is there once (RFC 2181 section 5).
    has && one.records().len() == other.records().len()
}

#[cfg(test)]
mod tests;
