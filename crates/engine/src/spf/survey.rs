//! The whole tree of a domain's SPF record, without a message (RFC 7208).
//!
//! Where an evaluation stops at the first match, a survey looks behind every branch: what each costs, whom it lets
//! send, what is wrong with it. Names that depend on a message (`exists:%{i}...`) are not followed. The questions are
//! those of an evaluation, for both address families.

use serde::Serialize;

use super::{MAX_LOOKUPS, MAX_MX_HOSTS, MAX_VOIDS, Selected, select, target};
use crate::{
    bounds,
    dns::{Failure, Name, Network, Outcome, Query, Rdata, Rtype},
    facts::{Ask, Pending, Step},
    record::spf::{DomainSpec, DualCidr, Mechanism, Qualifier, SpfRecord, Term, TermKind, parse},
    table::Table,
};

/// Records a survey reads at most; honest trees have fewer than 30.
pub const MAX_NODES: usize = 60;
/// Hosts a survey asks addresses of at most: more than ten lookups with ten hosts each, so that a tree that is cut is
/// always one with too many lookups.
pub const MAX_HOSTS: usize = 120;
/// How wide a range may be for its addresses to be listed one by one: three free bits, a `/29`.
pub const LISTED_BITS: u8 = 3;

/// A domain's SPF record and every record it leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Survey {
    /// The records in the order of their distance; the first is the domain's own.
    pub nodes: Vec<Node>,
    /// Whether the tree goes on beyond what a survey reads.
    pub cut: bool,
}

/// A record in the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Node {
    /// Where it stands.
    pub domain: Name,
    /// The term that led here; `None` for the domain's own record.
    pub from: Option<TermPlace>,
    /// How many includes and redirects lead here.
    pub depth: usize,
    /// Whether what it lets pass may send in the domain's name.
    pub authorises: bool,
    /// What was found.
    pub state: RecordState,
    /// Its text, empty if there is no single record. Untrusted.
    pub text: String,
    /// The text as terms.
    #[serde(skip)]
    pub record: SpfRecord,
    /// What came of each term, in their order.
    pub branches: Vec<Branch>,
    /// What its terms cost together, those of the records it leads to included.
    pub lookups: usize,
}

/// The place of a term in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TermPlace {
    /// Position of the record in [`Survey::nodes`].
    pub node: usize,
    /// Position of the term in the record.
    pub term: usize,
}

/// What was found where a record should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "detail")]
pub enum RecordState {
    /// A record, perhaps with errors.
    Record,
    /// No record.
    Nothing,
    /// So many records, where one is allowed.
    Several(usize),
    /// Not known.
    Failed(Failure),
    /// A domain that stands above it already.
    Circle,
}

/// What came of a term.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Branch {
    /// The term as written.
    pub text: String,
    /// Whether an evaluation can get here: nothing behind `all` counts, no `redirect` beside it.
    pub reached: bool,
    /// Lookups it adds to the ten that are allowed, those of the record it leads to included.
    pub cost: usize,
    /// Whether it comes back empty, in both address families.
    pub void: bool,
    /// A lookup of its own that failed.
    pub failed: Option<Failure>,
    /// The addresses it stands for, as far as they do not depend on a message.
    pub networks: Vec<Network>,
    /// Whether what it asks depends on the message.
    pub depends: bool,
    /// Whether it is an `mx` with more than ten hosts.
    pub too_many_hosts: bool,
    /// Whether it is an `include` or `redirect` of a name about which no question can be asked: such a name has no
    /// record (section 4.3), so the whole evaluation ends with an error.
    pub impossible: bool,
    /// The record it leads to, a position in [`Survey::nodes`].
    pub leads_to: Option<usize>,
}

/// Looks at the whole tree of `domain`.
///
/// # Errors
/// [`Pending`] if an answer is missing; everything that can be asked by then was asked.
pub fn survey(ask: &dyn Ask, domain: &Name) -> Step<Survey> {
    let mut surveyor = Surveyor {
        ask,
        domain,
        done: Survey { nodes: vec![Node::new(domain.clone(), None, 0, true)], cut: false },
        hosts: 0,
        terms: 0,
        networks: 0,
        pending: false,
    };
    let mut at = 0;
    while at < surveyor.done.nodes.len() {
        surveyor.visit(at);
        at += 1;
    }
    if surveyor.pending {
        return Err(Pending);
    }
    surveyor.done.add_up();
    Ok(surveyor.done)
}

struct Surveyor<'a> {
    ask: &'a dyn Ask,
    domain: &'a Name,
    done: Survey,
    hosts: usize,
    /// Terms and addresses so far, see [`bounds::TREE_TERMS`] and [`bounds::TREE_NETWORKS`].
    terms: usize,
    networks: usize,
    pending: bool,
}

impl<'a> Surveyor<'a> {
    fn ask(&mut self, name: Name, rtype: Rtype) -> Option<&'a Outcome> {
        let outcome = self.ask.ask(&Query::new(name, rtype));
        self.pending |= outcome.is_err();
        outcome.ok()
    }

    fn visit(&mut self, at: usize) {
        let node = &self.done.nodes[at];
        let domain = node.domain.clone();
        if self.is_circle(at) {
            self.done.nodes[at].state = RecordState::Circle;
            return;
        }
        let Some(outcome) = self.ask(domain.clone(), Rtype::Txt) else { return };
        let node = &mut self.done.nodes[at];
        let text = match select(outcome) {
            Selected::One(txt) => txt.text().into_owned(),
            Selected::Nothing | Selected::NoneAmongOthers => return node.state = RecordState::Nothing,
            Selected::Several(all) => return node.state = RecordState::Several(all.len()),
            Selected::Failed(failure) => return node.state = RecordState::Failed(failure),
        };
        let (authorises, depth) = (node.authorises, node.depth);
        let record = parse(&text);
        self.terms += record.terms.len();
        if self.terms > bounds::TREE_TERMS {
            return self.done.nodes[at].state = RecordState::Failed(Failure::TooLarge);
        }
        let end = record.all().map(|(index, _)| index);
        let mut branches = Vec::with_capacity(record.terms.len());
        for (index, &term) in record.terms.iter().enumerate() {
            let reached = match term.kind {
                TermKind::Redirect(_) => end.is_none(),
                _ => end.is_none_or(|end| index <= end),
            };
            let mut branch = Branch { text: term.span.of(&text).to_owned(), reached, ..Branch::default() };
            if reached {
                branch.cost = usize::from(term.is_lookup());
                let leads_to = self.follow(&mut branch, term, &domain, &text);
                branch.leads_to = leads_to.and_then(|name| {
                    let from = TermPlace { node: at, term: index };
                    let passes = !matches!(
                        term.kind,
                        TermKind::Directive(Qualifier::Fail | Qualifier::SoftFail | Qualifier::Neutral, _)
                    );
                    self.grow(Node::new(name, Some(from), depth + 1, authorises && passes))
                });
            }
            branches.push(branch);
        }
        let node = &mut self.done.nodes[at];
        (node.text, node.record, node.branches) = (text, record, branches);
    }

    fn is_circle(&self, at: usize) -> bool {
        let nodes = &self.done.nodes;
        let mut above = nodes[at].from;
        while let Some(from) = above {
            if nodes[from.node].domain == nodes[at].domain {
                return true;
            }
            above = nodes[from.node].from;
        }
        false
    }

    fn grow(&mut self, node: Node) -> Option<usize> {
        if self.done.nodes.len() >= MAX_NODES {
            self.done.cut = true;
            return None;
        }
        self.done.nodes.push(node);
        Some(self.done.nodes.len() - 1)
    }

    /// Asks what the term asks; the result is the name of the record it leads to.
    fn follow(&mut self, branch: &mut Branch, term: Term, domain: &Name, text: &str) -> Option<Name> {
        match term.kind {
            TermKind::Redirect(spec) | TermKind::Directive(_, Mechanism::Include(spec)) => {
                let name = self.target(branch, Some(spec), domain, text);
                branch.impossible = name.is_none() && !branch.depends;
                return name;
            }
            TermKind::Directive(_, Mechanism::Ip4(ip, prefix)) => {
                branch.networks.push(Network::new(ip.into(), prefix));
            }
            TermKind::Directive(_, Mechanism::Ip6(ip, prefix)) => {
                branch.networks.push(Network::new(ip.into(), prefix));
            }
            TermKind::Directive(_, Mechanism::A(spec, cidr)) => {
                let name = self.target(branch, spec, domain, text)?;
                branch.void = self.host(branch, name, cidr);
            }
            TermKind::Directive(_, Mechanism::Mx(spec, cidr)) => {
                let name = self.target(branch, spec, domain, text)?;
                self.mx(branch, name, cidr);
            }
            TermKind::Directive(_, Mechanism::Exists(spec)) => {
                let name = self.target(branch, Some(spec), domain, text)?;
                match self.ask(name, Rtype::A)? {
                    Outcome::Records(_) => {}
                    Outcome::NoData(_) | Outcome::NxDomain(_) => branch.void = true,
                    Outcome::Failed(failed) => branch.failed = Some(failed.failure),
                }
            }
            // The names of an address are asked only where there is an address.
            TermKind::Directive(_, Mechanism::Ptr(_)) => branch.depends = true,
            TermKind::Directive(_, Mechanism::All)
            | TermKind::Explanation(_)
            | TermKind::Unknown { .. }
            | TermKind::Broken => {}
        }
        None
    }

    fn target(
        &self,
        branch: &mut Branch,
        spec: Option<DomainSpec>,
        domain: &Name,
        text: &str,
    ) -> Option<Name> {
        let Some(spec) = spec else { return Some(domain.clone()) };
        if !spec.is_fixed(text) {
            branch.depends = true;
            return None;
        }
        target::fixed(self.domain, domain, spec, text)
    }

    /// Adds the addresses of a host; the result is whether it has none.
    fn host(&mut self, branch: &mut Branch, name: Name, cidr: DualCidr) -> bool {
        if self.hosts >= MAX_HOSTS {
            self.done.cut = true;
            return false;
        }
        self.hosts += 1;
        let v4 = self.ask(name.clone(), Rtype::A);
        let v6 = self.ask(name, Rtype::Aaaa);
        let outcomes = [v4, v6].into_iter().flatten();
        for outcome in outcomes.clone() {
            if let Some(failure) = outcome.failure() {
                branch.failed = Some(failure);
            }
            self.networks += outcome.records().len();
            if self.networks > bounds::TREE_NETWORKS {
                branch.failed = Some(Failure::TooLarge);
                continue;
            }
            for record in outcome.records() {
                match record.data {
                    Rdata::A(ip) => branch.networks.push(Network::new(ip.into(), cidr.v4)),
                    Rdata::Aaaa(ip) => branch.networks.push(Network::new(ip.into(), cidr.v6)),
                    _ => {}
                }
            }
        }
        outcomes.clone().any(|outcome| matches!(outcome, Outcome::NxDomain(_)))
            || (outcomes.clone().count() == 2 && outcomes.into_iter().all(Outcome::is_void))
    }

    fn mx(&mut self, branch: &mut Branch, name: Name, cidr: DualCidr) {
        let answer = match self.ask(name, Rtype::Mx) {
            Some(Outcome::Records(answer)) => answer,
            Some(Outcome::NoData(_) | Outcome::NxDomain(_)) => return branch.void = true,
            Some(Outcome::Failed(failed)) => return branch.failed = Some(failed.failure),
            None => return,
        };
        if answer.records.len() > MAX_MX_HOSTS {
            branch.too_many_hosts = true;
            return;
        }
        for record in &answer.records {
            if let Rdata::Mx { exchange, .. } = &record.data
                && !exchange.is_root()
            {
                branch.void |= self.host(branch, exchange.clone(), cidr);
            }
        }
    }
}

impl Node {
    fn new(domain: Name, from: Option<TermPlace>, depth: usize, authorises: bool) -> Self {
        Self {
            domain,
            from,
            depth,
            authorises,
            state: RecordState::Record,
            text: String::new(),
            record: SpfRecord::default(),
            branches: Vec::new(),
            lookups: 0,
        }
    }

    /// Terms that an evaluation can get to, with what came of them.
    pub fn reached(&self) -> impl Iterator<Item = (Term, &Branch)> {
        self.record.terms.iter().copied().zip(&self.branches).filter(|(_, branch)| branch.reached)
    }
}

/// Somebody who may send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PermittedNetwork {
    /// The addresses.
    pub network: Network,
    /// The term that lets them.
    pub by: TermPlace,
}

impl Survey {
    /// Adds up the costs, from the leaves to the root.
    fn add_up(&mut self) {
        for at in (0..self.nodes.len()).rev() {
            let mut total = 0;
            for index in 0..self.nodes[at].branches.len() {
                if let Some(child) = self.nodes[at].branches[index].leads_to {
                    let below = self.nodes[child].lookups;
                    self.nodes[at].branches[index].cost += below;
                }
                total += self.nodes[at].branches[index].cost;
            }
            self.nodes[at].lookups = total;
        }
    }

    /// The domain's own record.
    #[must_use]
    pub fn root(&self) -> &Node {
        // A survey begins with the root and never removes anything.
        &self.nodes[0]
    }

    /// Lookups of an evaluation that matches nowhere. Those behind failed lookups and names that depend on the message
    /// are not in it.
    #[must_use]
    pub fn lookups(&self) -> usize {
        self.root().lookups
    }

    /// Whether receivers give up at a term for another reason than too many lookups (RFC 7208 sections 4.6.4 and 5.2).
    #[must_use]
    pub fn gives_up(&self, branch: &Branch) -> bool {
        let broken = branch.leads_to.is_some_and(|node| {
            let node = &self.nodes[node];
            match node.state {
                RecordState::Record => node.record.breaking().is_some(),
                RecordState::Nothing | RecordState::Several(_) | RecordState::Circle => true,
                RecordState::Failed(_) => false,
            }
        });
        broken || branch.too_many_hosts || branch.impossible
    }

    /// Whether receivers that read the record to its end report an error (`permerror`): too many lookups, too many that
    /// lead to nothing, or a term at which they give up.
    #[must_use]
    pub fn is_error(&self) -> bool {
        let voids = self.branches().filter(|(_, _, branch)| branch.void).count();
        let own = &self.root().record;
        self.lookups() > MAX_LOOKUPS
            || voids > MAX_VOIDS
            || own.breaking().is_some()
            || self.branches().any(|(_, _, branch)| self.gives_up(branch))
    }

    /// Every term that an evaluation can get to, with its place.
    pub fn branches(&self) -> impl Iterator<Item = (TermPlace, Term, &Branch)> {
        self.nodes.iter().enumerate().flat_map(|(node, record)| {
            record.record.terms.iter().zip(&record.branches).enumerate().filter_map(
                move |(term, (&parsed, branch))| {
                    branch.reached.then_some((TermPlace { node, term }, parsed, branch))
                },
            )
        })
    }

    /// Everybody who may send, nearest record first. With [`Survey::open_by`] it is the whole world.
    #[must_use]
    pub fn senders(&self) -> Vec<PermittedNetwork> {
        let mut senders: Vec<PermittedNetwork> = Vec::new();
        let mut known: Table<Network, ()> = Table::default();
        for (by, term, branch) in self.branches() {
            let passes = matches!(term.directive(), Some((Qualifier::Pass, _)));
            if !passes || !self.nodes[by.node].authorises {
                continue;
            }
            for &network in &branch.networks {
                if known.insert(network, ()) {
                    senders.push(PermittedNetwork { network, by });
                }
            }
        }
        senders
    }

    /// The term by which everybody may send, if there is one: a `+all`, in the domain's own record or in one that it
    /// takes over.
    #[must_use]
    pub fn open_by(&self) -> Option<TermPlace> {
        let mut branches = self.branches();
        branches.find_map(|(place, term, _)| {
            (self.nodes[place.node].authorises && term.all() == Some(Qualifier::Pass)).then_some(place)
        })
    }

    /// The branch of the domain's own record that a place in the tree belongs to.
    #[must_use]
    pub fn branch_of(&self, place: TermPlace) -> usize {
        let mut place = place;
        while let Some(from) = self.nodes.get(place.node).and_then(|node| node.from) {
            place = from;
        }
        place.term
    }
}
