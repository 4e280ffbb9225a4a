//! The tree of an SPF record as rows: one a branch, in the order in which a receiver reads them.
//!
//! A row knows how many lookups a receiver has made when it gets there, if nothing matched before. So the row at which
//! the count goes beyond ten is *the* branch that breaks the record, and not just one of many.

use std::net::IpAddr;

use serde::Serialize;

use super::senders;
use crate::{
    check::{Cx, Level},
    dns::{Failure, Name, Query, Rtype},
    facts::Ask,
    knowledge::Knowledge,
    record::spf::{DomainSpec, Kind, Mechanism, Qualifier, Record, Term, parse},
    spf::{
        Effect, Evaluation, Input, MAX_LOOKUPS, MAX_VOIDS, Selected, SpfResult, Survey, evaluate, select,
        survey,
        survey::{Branch, Place, State},
    },
};

/// Rows of a tree; the rest is counted. Only the ways of addresses are followed beyond.
pub const MAX_ROWS: usize = 40;

/// The tree of a domain's SPF record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpfTree {
    /// The branches in the order of reading, each behind its parent; the first is the domain itself.
    pub rows: Vec<Row>,
    /// Lookups of a receiver that matches nowhere.
    pub lookups: usize,
    /// Whether there may be more: something could not be looked up, or the tree is larger than what is read of it.
    pub at_least: bool,
    /// Terms that lead to nothing.
    pub voids: usize,
    /// Whether the domain's own record has a mistake. Receivers follow none of it then, and nothing is counted.
    pub mistake: bool,
    /// Branches that have no row.
    pub left_out: usize,
    /// Providers that may send, whichever of their servers it is: proper names. None where the record is an error for
    /// receivers.
    pub services: Vec<String>,
    /// The ways of sending addresses through the tree.
    pub paths: Vec<Path>,
}

/// A branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Row {
    /// The row it hangs on; none for the first.
    pub parent: Option<usize>,
    /// How many rows are above it.
    pub depth: usize,
    /// What it stands for.
    pub what: What,
    /// The term as written, empty for the domain itself. Untrusted.
    pub term: String,
    /// The provider behind it, a proper name.
    pub who: Option<String>,
    /// Whether the term itself is one of the ten lookups.
    pub asks: bool,
    /// Lookups that come before it.
    pub before: usize,
    /// Lookups it adds, those of everything below it included.
    pub cost: usize,
    /// Addresses and ranges that it names.
    pub networks: usize,
    /// What is wrong or worth knowing.
    pub marks: Vec<Mark>,
}

/// What a branch stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", content = "name", rename_all = "kebab-case")]
pub enum What {
    /// The domain.
    Domain(String),
    /// The record of another name is included.
    Include(String),
    /// The record of another name takes over.
    Redirect(String),
    /// The hosts that receive the mail of a name.
    Mx(String),
    /// The addresses of a host.
    Host(String),
    /// The reverse name of the sender.
    Ptr,
    /// A question made anew for each message.
    Exists,
    /// Addresses written out.
    Addresses,
    /// Everybody else.
    All(Qualifier),
    /// Not understood.
    Broken,
}

words! {
    /// What is wrong with a branch, or worth knowing.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(tag = "kind", content = "detail", rename_all = "kebab-case")]
    pub enum Mark {
        /// The lookup with which the record goes beyond ten.
        Exceeds = "exceeds",
        /// The record that it names does not exist.
        NoRecord = "no-record",
        /// There are so many records, and one is allowed.
        Several(usize) = "several",
        /// There is a mistake in it, or in the record that it names.
        Mistake = "mistake",
        /// It leads back to a record above.
        Circle = "circle",
        /// An `mx` with more than ten hosts.
        TooManyHosts = "too-many-hosts",
        /// With this one too many lookups lead to nothing.
        TooManyVoids = "too-many-voids",
        /// It lets the whole world send.
        Open = "open",
        /// Its lookup failed.
        Unknown(Failure) = "unknown",
        /// Its lookup leads to nothing.
        Void = "void",
        /// It stands where no receiver gets to.
        Ignored = "ignored",
        /// What it leads to differs from message to message.
        Depends = "depends",
    }
    key "spf-tree.mark.{}"
}

impl Mark {
    /// How much it matters.
    #[must_use]
    pub fn level(self) -> Level {
        match self {
            Self::Unknown(_) => Level::Unknown,
            Self::Void => Level::Improve,
            Self::Ignored | Self::Depends => Level::Info,
            _ => Level::Stops,
        }
    }
}

/// The way of one address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Path {
    /// The address.
    pub ip: IpAddr,
    /// What a receiver finds.
    pub result: SpfResult,
    /// The rows from the domain to where it is decided.
    pub rows: Vec<usize>,
}

impl SpfTree {
    /// The tree of `domain`; none if there is no single record, or not all of it is known yet.
    #[must_use]
    pub fn of(cx: &Cx<'_>, domain: &Name) -> Option<Self> {
        let outcome = cx.ask(&Query::new(domain.clone(), Rtype::Txt)).ok()?;
        let Selected::One(txt) = select(outcome) else { return None };
        let text = txt.text();
        let record = parse(&text);
        if record.breaking().is_some() {
            return Some(Self::broken(domain, &text, &record));
        }
        let first = cx.first();
        let survey = survey(&first, domain).ok()?;
        let local_part = cx.target.local_part.as_deref().unwrap_or("postmaster");
        let helo = cx.target.helo.as_ref().unwrap_or(domain).as_str();
        let evaluations: Vec<(IpAddr, Evaluation<'_>)> = senders(cx)
            .filter_map(|ip| {
                let input = Input { local_part, domain: domain.as_str(), ..Input::new(ip, "", helo) };
                Some((ip, evaluate(&first, &input).ok()?))
            })
            .collect();
        Some(Self::new(&survey, &evaluations, cx.knowledge))
    }

    /// The tree of a survey, with the ways of messages through it.
    #[must_use]
    pub fn new(survey: &Survey, evaluations: &[(IpAddr, Evaluation<'_>)], knowledge: &Knowledge) -> Self {
        let ways: Vec<Vec<Place>> =
            evaluations.iter().map(|(_, evaluation)| way(survey, evaluation)).collect();
        let root = survey.root();
        let mut grower = Grower {
            survey,
            knowledge,
            must: ways.iter().flatten().copied().collect(),
            tree: Self {
                rows: vec![Row::new(None, 0, What::Domain(root.domain.to_string()))],
                lookups: survey.lookups(),
                at_least: survey.cut,
                ..Self::default()
            },
            places: vec![None],
            before: 0,
        };
        grower.tree.rows[0].cost = survey.lookups();
        grower.node(0, 0);
        let Grower { mut tree, places, .. } = grower;
        // Of a record that is an error for receivers nobody may say that it lets a provider send.
        if survey.is_error() {
            tree.services.clear();
        }
        tree.paths = evaluations
            .iter()
            .zip(&ways)
            .map(|((ip, evaluation), way)| {
                let below = way.iter().filter_map(|place| places.iter().position(|at| *at == Some(*place)));
                let rows = std::iter::once(0).chain(below).collect();
                Path { ip: *ip, result: evaluation.result, rows }
            })
            .collect();
        tree
    }

    /// The terms of a record that receivers do not follow.
    fn broken(domain: &Name, text: &str, record: &Record) -> Self {
        let mut tree = Self {
            rows: vec![Row::new(None, 0, What::Domain(domain.to_string()))],
            mistake: true,
            ..Self::default()
        };
        for term in &record.terms {
            let span = term.span;
            let inside = |at: u32| at >= span.start && at < span.end;
            let faulty = record.errors.iter().any(|error| error.fault.breaks() && inside(error.span.start));
            let Some(what) = what(*term, text, domain.as_str()).or(faulty.then_some(What::Broken)) else {
                continue;
            };
            if tree.rows.len() >= MAX_ROWS && !faulty || tree.rows.len() >= 2 * MAX_ROWS {
                tree.left_out += 1;
                continue;
            }
            let marks = if faulty { vec![Mark::Mistake] } else { Vec::new() };
            let row = Row { term: span.of(text).to_owned(), marks, ..Row::new(Some(0), 1, what) };
            tree.rows.push(row);
        }
        tree
    }

    /// Whether receivers give up because of the number of lookups.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.lookups > MAX_LOOKUPS
    }

    /// How many rows have a mark of this level; that there are too many lookups is said by their number.
    #[must_use]
    pub fn marked(&self, level: Level) -> usize {
        let counts = |mark: &Mark| mark.level() == level && *mark != Mark::Exceeds;
        self.rows.iter().filter(|row| row.marks.iter().any(counts)).count()
    }

    /// The positions of the rows that hang on a row.
    pub fn children(&self, row: usize) -> impl Iterator<Item = usize> {
        (0..self.rows.len()).filter(move |&at| self.rows[at].parent == Some(row))
    }
}

impl Row {
    fn new(parent: Option<usize>, depth: usize, what: What) -> Self {
        Self {
            parent,
            depth,
            what,
            term: String::new(),
            who: None,
            asks: false,
            before: 0,
            cost: 0,
            networks: 0,
            marks: Vec::new(),
        }
    }

    /// The mark that matters most.
    #[must_use]
    pub fn worst(&self) -> Option<Mark> {
        self.marks.iter().copied().min_by_key(|mark| mark.level())
    }

    /// Whether its own lookup is one too many.
    #[must_use]
    pub fn is_beyond(&self) -> bool {
        self.asks && self.before >= MAX_LOOKUPS
    }
}

struct Grower<'a> {
    survey: &'a Survey,
    knowledge: &'a Knowledge,
    /// Terms that need a row of their own, because an address gets there.
    must: Vec<Place>,
    tree: SpfTree,
    /// The term of each row.
    places: Vec<Option<Place>>,
    before: usize,
}

impl Grower<'_> {
    /// Adds the branches of a record below `parent`.
    fn node(&mut self, at: usize, parent: usize) {
        let node = &self.survey.nodes[at];
        let terms = || node.record.terms.iter().copied().zip(&node.branches).enumerate();
        let is_redirect = |term: &Term| matches!(term.kind, Kind::Redirect(_));
        // A redirect is followed when nothing matched, wherever it stands.
        for (index, (term, branch)) in terms().filter(|(_, (term, _))| !is_redirect(term)) {
            self.term(Place { node: at, term: index }, term, branch, parent);
        }
        for (index, (term, branch)) in terms().filter(|(_, (term, _))| is_redirect(term)) {
            self.term(Place { node: at, term: index }, term, branch, parent);
        }
    }

    fn term(&mut self, place: Place, term: Term, branch: &Branch, parent: usize) {
        let node = &self.survey.nodes[place.node];
        let Some(what) = what(term, &node.text, node.domain.as_str()) else { return };
        let wanted = self.must.contains(&place);
        let plain = match what {
            // What a provider says of everybody else decides nothing, and its addresses are counted.
            What::All(Qualifier::Pass) if node.authorises => false,
            What::All(_) | What::Addresses => place.node != 0,
            _ => false,
        };
        if what == What::Addresses {
            self.tree.rows[parent].networks += usize::from(place.node != 0);
        }
        if !wanted && (plain || !branch.reached && !term.is_lookup()) {
            return;
        }
        if what == What::Addresses && !wanted && self.joins(parent) {
            return;
        }
        let asks = branch.reached && term.is_lookup();
        let row = Row {
            term: branch.text.clone(),
            who: self.who(place, branch),
            asks,
            before: self.before,
            cost: branch.cost,
            networks: branch.networks.len(),
            marks: self.marks(&what, term, branch),
            ..Row::new(Some(parent), self.tree.rows[parent].depth + 1, what)
        };
        self.before += usize::from(asks);
        self.serves(&row, branch);
        if self.tree.rows.len() >= MAX_ROWS && !wanted {
            self.tree.left_out += 1;
            self.before += branch.cost - usize::from(asks);
            return;
        }
        self.tree.rows.push(row);
        self.places.push(Some(place));
        if let Some(child) = branch.leads_to {
            let parent = self.tree.rows.len() - 1;
            self.node(child, parent);
        }
    }

    /// Notes the provider of a row, if its servers may send: found in time, and nothing is wrong with it.
    fn serves(&mut self, row: &Row, branch: &Branch) {
        let allowed = branch.leads_to.is_some_and(|child| self.survey.nodes[child].authorises);
        if let Some(who) = &row.who
            && allowed
            && row.marks.is_empty()
            && row.before + row.cost <= MAX_LOOKUPS
            && !self.tree.services.contains(who)
        {
            self.tree.services.push(who.clone());
        }
    }

    /// Addresses that stand side by side are one row, unless one of them decides.
    fn joins(&mut self, parent: usize) -> bool {
        let place = self.places.last().copied().flatten();
        let decides = place.is_some_and(|place| self.must.contains(&place));
        match self.tree.rows.last_mut() {
            Some(last) if last.what == What::Addresses && last.parent == Some(parent) && !decides => {
                last.networks += 1;
                true
            }
            _ => false,
        }
    }

    /// The provider behind an include; below a row that names it already it need not be said again.
    fn who(&self, place: Place, branch: &Branch) -> Option<String> {
        let child = &self.survey.nodes[branch.leads_to?];
        let providers = &self.knowledge.providers;
        let provider = providers.by_spf_include(child.domain.as_str())?;
        let above = self.survey.nodes[place.node].from.map(|_| &self.survey.nodes[place.node].domain);
        let known = above.and_then(|above| providers.by_spf_include(above.as_str()));
        known.is_none_or(|known| known.id != provider.id).then(|| provider.name.clone())
    }

    fn marks(&mut self, what: &What, term: Term, branch: &Branch) -> Vec<Mark> {
        let mut marks = Vec::new();
        if !branch.reached {
            return vec![Mark::Ignored];
        }
        if term.is_lookup() && self.before == MAX_LOOKUPS {
            marks.push(Mark::Exceeds);
        }
        if let Some(child) = branch.leads_to.map(|child| &self.survey.nodes[child]) {
            match child.state {
                State::Record if child.record.breaking().is_some() => marks.push(Mark::Mistake),
                State::Record => {}
                State::Nothing => marks.push(Mark::NoRecord),
                State::Several(n) => marks.push(Mark::Several(n)),
                State::Failed(failure) => marks.push(Mark::Unknown(failure)),
                State::Circle => marks.push(Mark::Circle),
            }
        }
        if let Some(failure) = branch.failed {
            marks.push(Mark::Unknown(failure));
        }
        if branch.impossible {
            marks.push(Mark::NoRecord);
        }
        if branch.too_many_hosts {
            marks.push(Mark::TooManyHosts);
        }
        if branch.void {
            self.tree.voids += 1;
            marks.push(Mark::Void);
            if self.tree.voids == MAX_VOIDS + 1 {
                marks.push(Mark::TooManyVoids);
            }
        }
        if *what == What::Broken {
            marks.push(Mark::Mistake);
        }
        if *what == What::All(Qualifier::Pass) {
            marks.push(Mark::Open);
        }
        if branch.depends && !matches!(what, What::Exists | What::Ptr) {
            marks.push(Mark::Depends);
        }
        self.tree.at_least |= marks.iter().any(|mark| matches!(mark, Mark::Unknown(_)));
        marks
    }
}

/// What a term stands for; nothing for modifiers that decide nothing.
fn what(term: Term, text: &str, domain: &str) -> Option<What> {
    let own = |spec: Option<DomainSpec>| spec.map_or(domain, |spec| spec.of(text)).to_owned();
    Some(match term.kind {
        Kind::Directive(qualifier, mechanism) => match mechanism {
            Mechanism::All => What::All(qualifier),
            Mechanism::Include(spec) => What::Include(spec.of(text).to_owned()),
            Mechanism::A(spec, _) => What::Host(own(spec)),
            Mechanism::Mx(spec, _) => What::Mx(own(spec)),
            Mechanism::Ptr(_) => What::Ptr,
            Mechanism::Exists(_) => What::Exists,
            Mechanism::Ip4(..) | Mechanism::Ip6(..) => What::Addresses,
        },
        Kind::Redirect(spec) => What::Redirect(spec.of(text).to_owned()),
        Kind::Broken => What::Broken,
        Kind::Explanation(_) | Kind::Unknown { .. } => return None,
    })
}

/// The terms of the tree by which a message was decided, from the domain's own record on.
fn way(survey: &Survey, evaluation: &Evaluation<'_>) -> Vec<Place> {
    // The trace speaks of records in the order of reading: find each one in the tree, and the entry that led to it.
    let mut nodes = vec![None; evaluation.records.len()];
    let mut leads = vec![None; evaluation.trace.len()];
    if let Some(first) = nodes.first_mut() {
        *first = Some(0);
    }
    let mut next = 1;
    for (at, entry) in evaluation.trace.iter().enumerate() {
        let Some((term, _)) = evaluation.term(entry) else { continue };
        let nested = matches!(term.kind, Kind::Redirect(_) | Kind::Directive(_, Mechanism::Include(_)));
        if !nested || next >= nodes.len() {
            continue;
        }
        let branch = nodes[entry.record as usize]
            .and_then(|node: usize| survey.nodes[node].branches.get(entry.term as usize));
        nodes[next] = branch.and_then(|branch| branch.leads_to);
        leads[at] = Some(next);
        next += 1;
    }
    let mut way = Vec::new();
    let mut record = 0;
    while let Some(node) = nodes.get(record).copied().flatten() {
        let deciding = evaluation
            .trace
            .iter()
            .rposition(|entry| entry.record as usize == record && entry.effect != Effect::NotMatched);
        let Some(at) = deciding else { break };
        way.push(Place { node, term: evaluation.trace[at].term as usize });
        match leads[at] {
            Some(led) if led > record => record = led,
            _ => break,
        }
    }
    way
}
