//! The rows of a tree, put together branch by branch.

use super::{BranchKind, BranchMark, MAX_ROWS, SpfTree, TreeRow};
use crate::{
    knowledge::Knowledge,
    record::spf::{DomainSpec, Mechanism, Qualifier, Term, TermKind},
    spf::{
        Evaluation, MAX_LOOKUPS, MAX_VOIDS, Survey, TermEffect,
        survey::{Branch, RecordState, TermPlace},
    },
};

/// A tree that grows, and where it is in the survey.
pub(super) struct Grower<'a> {
    survey: &'a Survey,
    knowledge: &'a Knowledge,
    /// Terms that need a row of their own, because an address gets there.
    must: Vec<TermPlace>,
    pub(super) tree: SpfTree,
    /// The term of each row.
    pub(super) places: Vec<Option<TermPlace>>,
    before: usize,
}

impl<'a> Grower<'a> {
    /// The tree of `survey`, grown. Each of `must` has a row.
    pub(super) fn grown(survey: &'a Survey, knowledge: &'a Knowledge, must: Vec<TermPlace>) -> Self {
        let tree = SpfTree {
            rows: vec![TreeRow::new(None, 0, BranchKind::Domain(survey.root().domain.to_string()))],
            lookups: survey.lookups(),
            at_least: survey.cut,
            ..SpfTree::default()
        };
        let mut grower = Self { survey, knowledge, must, tree, places: vec![None], before: 0 };
        grower.tree.rows[0].cost = survey.lookups();
        grower.node(0, 0);
        grower
    }

    /// Adds the branches of a record below `parent`.
    fn node(&mut self, at: usize, parent: usize) {
        let node = &self.survey.nodes[at];
        let terms = || node.record.terms.iter().copied().zip(&node.branches).enumerate();
        let is_redirect = |term: &Term| matches!(term.kind, TermKind::Redirect(_));
        // A redirect is followed when nothing matched, wherever it stands.
        for (index, (term, branch)) in terms().filter(|(_, (term, _))| !is_redirect(term)) {
            self.term(TermPlace { node: at, term: index }, term, branch, parent);
        }
        for (index, (term, branch)) in terms().filter(|(_, (term, _))| is_redirect(term)) {
            self.term(TermPlace { node: at, term: index }, term, branch, parent);
        }
    }

    fn term(&mut self, place: TermPlace, term: Term, branch: &Branch, parent: usize) {
        let node = &self.survey.nodes[place.node];
        let Some(what) = what(term, &node.text, node.domain.as_str()) else { return };
        let wanted = self.must.contains(&place);
        let plain = match what {
            // What a provider says of everybody else decides nothing, and its addresses are counted.
            BranchKind::All(Qualifier::Pass) if node.authorises => false,
            BranchKind::All(_) | BranchKind::Addresses => place.node != 0,
            _ => false,
        };
        if what == BranchKind::Addresses {
            self.tree.rows[parent].networks += usize::from(place.node != 0);
        }
        if !wanted && (plain || !branch.reached && !term.is_lookup()) {
            return;
        }
        if what == BranchKind::Addresses && !wanted && self.joins(parent) {
            return;
        }
        let asks = branch.reached && term.is_lookup();
        let row = TreeRow {
            term: branch.text.clone(),
            who: self.who(place, branch),
            asks,
            before: self.before,
            cost: branch.cost,
            networks: branch.networks.len(),
            marks: self.marks(&what, term, branch),
            ..TreeRow::new(Some(parent), self.tree.rows[parent].depth + 1, what)
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
    fn serves(&mut self, row: &TreeRow, branch: &Branch) {
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
            Some(last) if last.what == BranchKind::Addresses && last.parent == Some(parent) && !decides => {
                last.networks += 1;
                true
            }
            _ => false,
        }
    }

    /// The provider behind an include; below a row that names it already it need not be said again.
    fn who(&self, place: TermPlace, branch: &Branch) -> Option<String> {
        let child = &self.survey.nodes[branch.leads_to?];
        let providers = &self.knowledge.providers;
        let provider = providers.by_spf_include(child.domain.as_str())?;
        let above = self.survey.nodes[place.node].from.map(|_| &self.survey.nodes[place.node].domain);
        let known = above.and_then(|above| providers.by_spf_include(above.as_str()));
        known.is_none_or(|known| known.id != provider.id).then(|| provider.name.clone())
    }

    fn marks(&mut self, what: &BranchKind, term: Term, branch: &Branch) -> Vec<BranchMark> {
        let mut marks = Vec::new();
        if !branch.reached {
            return vec![BranchMark::Ignored];
        }
        if term.is_lookup() && self.before == MAX_LOOKUPS {
            marks.push(BranchMark::Exceeds);
        }
        if let Some(child) = branch.leads_to.map(|child| &self.survey.nodes[child]) {
            match child.state {
                RecordState::Record if child.record.breaking().is_some() => marks.push(BranchMark::Mistake),
                RecordState::Record => {}
                RecordState::Nothing => marks.push(BranchMark::NoRecord),
                RecordState::Several(n) => marks.push(BranchMark::Several(n)),
                RecordState::Failed(failure) => marks.push(BranchMark::Unknown(failure)),
                RecordState::Circle => marks.push(BranchMark::Circle),
            }
        }
        if let Some(failure) = branch.failed {
            marks.push(BranchMark::Unknown(failure));
        }
        if branch.impossible {
            marks.push(BranchMark::NoRecord);
        }
        if branch.too_many_hosts {
            marks.push(BranchMark::TooManyHosts);
        }
        if branch.void {
            self.tree.voids += 1;
            marks.push(BranchMark::Void);
            if self.tree.voids == MAX_VOIDS + 1 {
                marks.push(BranchMark::TooManyVoids);
            }
        }
        if *what == BranchKind::Broken {
            marks.push(BranchMark::Mistake);
        }
        if *what == BranchKind::All(Qualifier::Pass) {
            marks.push(BranchMark::Open);
        }
        if branch.depends && !matches!(what, BranchKind::Exists | BranchKind::Ptr) {
            marks.push(BranchMark::Depends);
        }
        self.tree.at_least |= marks.iter().any(|mark| matches!(mark, BranchMark::Unknown(_)));
        marks
    }
}

/// What a term stands for; nothing for modifiers that decide nothing.
pub(super) fn what(term: Term, text: &str, domain: &str) -> Option<BranchKind> {
    let own = |spec: Option<DomainSpec>| spec.map_or(domain, |spec| spec.of(text)).to_owned();
    Some(match term.kind {
        TermKind::Directive(qualifier, mechanism) => match mechanism {
            Mechanism::All => BranchKind::All(qualifier),
            Mechanism::Include(spec) => BranchKind::Include(spec.of(text).to_owned()),
            Mechanism::A(spec, _) => BranchKind::Host(own(spec)),
            Mechanism::Mx(spec, _) => BranchKind::Mx(own(spec)),
            Mechanism::Ptr(_) => BranchKind::Ptr,
            Mechanism::Exists(_) => BranchKind::Exists,
            Mechanism::Ip4(..) | Mechanism::Ip6(..) => BranchKind::Addresses,
        },
        TermKind::Redirect(spec) => BranchKind::Redirect(spec.of(text).to_owned()),
        TermKind::Broken => BranchKind::Broken,
        TermKind::Explanation(_) | TermKind::Unknown { .. } => return None,
    })
}

/// The terms of the tree by which a message was decided, from the domain's own record on.
pub(super) fn way(survey: &Survey, evaluation: &Evaluation<'_>) -> Vec<TermPlace> {
    // The trace speaks of records in the order of reading: find each one in the tree, and the entry that led to it.
    let mut nodes = vec![None; evaluation.records.len()];
    let mut leads = vec![None; evaluation.trace.len()];
    if let Some(first) = nodes.first_mut() {
        *first = Some(0);
    }
    let mut next = 1;
    for (at, entry) in evaluation.trace.iter().enumerate() {
        let Some((term, _)) = evaluation.term(entry) else { continue };
        let nested =
            matches!(term.kind, TermKind::Redirect(_) | TermKind::Directive(_, Mechanism::Include(_)));
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
            .rposition(|entry| entry.record as usize == record && entry.effect != TermEffect::NotMatched);
        let Some(at) = deciding else { break };
        way.push(TermPlace { node, term: evaluation.trace[at].term as usize });
        match leads[at] {
            Some(led) if led > record => record = led,
            _ => break,
        }
    }
    way
}
