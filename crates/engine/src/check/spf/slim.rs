//! Which terms of a record with too many lookups can go without taking the right to send from anybody.
//!
//! A term goes only where the survey proves that it adds no address: it stands there twice, it leads to nothing, its
//! hosts are inside what another term lets send, or the record that it names is read elsewhere in the tree. Whatever
//! hides an open or failed lookup (macros, `exists`, `ptr`, SERVFAIL) may add addresses, and stays.

use super::tree::passes;
use crate::{
    dns::{Name, Network},
    record::spf::{Mechanism, Qualifier, Term, TermKind},
    spf::{
        MAX_LOOKUPS, MAX_VOIDS, Survey,
        survey::{Branch, RecordState, TermPlace},
    },
    table::Table,
};

/// What can go from the domain's own record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RemovableTerms {
    /// Positions of the terms, in their order.
    pub(super) gone: Vec<usize>,
    /// Whether no name may be a slip of the pen: everything that goes is said elsewhere in the record.
    pub(super) certain: bool,
    /// Lookups without them.
    pub(super) lookups: usize,
}

/// Why a term can go, in the order in which terms are taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RemovalReason {
    /// The same term stands before it.
    Twice,
    /// It lets nobody send.
    Nothing,
    /// `a` or `mx` whose addresses another term lets send.
    Covered,
    /// The record that it includes is read for another term.
    InTree,
}

impl RemovableTerms {
    /// What can go; never a term that names a record of which `theirs` holds, unless it stands there twice.
    pub(super) fn of(survey: &Survey, theirs: &dyn Fn(&Name) -> bool) -> Self {
        let twice = twice(survey);
        let slim = Search { survey, theirs, only_before: false, gone: Vec::new(), twice: &twice };
        let (search, certain) = slim.run();
        // A sender that matches early passes although the rest is broken. Where the rest stays broken, only what is said
        // before may take the place of a term.
        let (search, certain) = match search.is_sound() {
            true => (search, certain),
            false => Search { survey, theirs, only_before: true, gone: Vec::new(), twice: &twice }.run(),
        };
        let lookups = search.lookups();
        let mut gone = search.gone;
        gone.sort_unstable();
        Self { gone, certain, lookups }
    }
}

struct Search<'a> {
    survey: &'a Survey,
    theirs: &'a dyn Fn(&Name) -> bool,
    /// Whether only terms that are read before it may take the place of a term.
    only_before: bool,
    gone: Vec<usize>,
    /// Whether each term stands before it already.
    twice: &'a [bool],
}

impl Search<'_> {
    fn run(mut self) -> (Self, bool) {
        let mut certain = true;
        for why in
            [RemovalReason::Twice, RemovalReason::Nothing, RemovalReason::Covered, RemovalReason::InTree]
        {
            // Of two that say the same the first stays.
            for index in (0..self.survey.root().branches.len()).rev() {
                if !self.gone.contains(&index) && self.can_go(index, why) {
                    self.gone.push(index);
                    certain &= why != RemovalReason::Nothing;
                }
            }
        }
        (self, certain)
    }

    fn lookups(&self) -> usize {
        let cost: usize = self.gone.iter().map(|&index| self.survey.root().branches[index].cost).sum();
        self.survey.lookups().saturating_sub(cost)
    }

    /// Whether receivers read the rest to its end.
    fn is_sound(&self) -> bool {
        let root = self.survey.root();
        let stays = |index: usize| !self.gone.contains(&index);
        let readable = (0..root.branches.len()).filter(|&index| stays(index) && root.branches[index].reached);
        let voids = self
            .survey
            .branches()
            .filter(|&(place, _, branch)| branch.void && stays(self.survey.branch_of(place)));
        self.lookups() <= MAX_LOOKUPS
            && voids.count() <= MAX_VOIDS
            && readable
                .into_iter()
                .all(|index| is_known(self.survey, root.record.terms[index], &root.branches[index]))
    }

    fn can_go(&self, index: usize, why: RemovalReason) -> bool {
        let root = self.survey.root();
        let (term, branch) = (root.record.terms[index], &root.branches[index]);
        if !branch.reached || branch.cost == 0 || matches!(term.kind, TermKind::Redirect(_)) {
            return false;
        }
        match why {
            RemovalReason::Twice => self.twice[index],
            RemovalReason::Nothing => {
                !self.is_theirs(branch) && !self.survey.cut && adds_nothing(self.survey, term, branch)
            }
            RemovalReason::Covered => {
                let hosts = matches!(
                    term.kind,
                    TermKind::Directive(Qualifier::Pass, Mechanism::A(..) | Mechanism::Mx(..))
                );
                hosts
                    && is_known(self.survey, term, branch)
                    && self.is_plain()
                    && branch.networks.iter().all(|&network| self.is_covered(network, index))
            }
            RemovalReason::InTree => {
                matches!(term.kind, TermKind::Directive(Qualifier::Pass, Mechanism::Include(_)))
                    && !self.is_theirs(branch)
                    && is_known(self.survey, term, branch)
                    && self.is_plain()
                    && self.is_read_elsewhere(branch, index)
            }
        }
    }

    fn is_theirs(&self, branch: &Branch) -> bool {
        branch.leads_to.is_some_and(|node| (self.theirs)(&self.survey.nodes[node].domain))
    }

    /// Whether the addresses of the tree are a plain union: nothing is cut off or open to everybody, and the domain's own
    /// record refuses nobody before its end.
    fn is_plain(&self) -> bool {
        !self.survey.cut && self.survey.open_by().is_none() && only_lets_in(self.survey, 0)
    }

    /// Whether a term in the tree is sure to be read in place of that at `index`.
    fn stands_in(&self, place: TermPlace, index: usize) -> bool {
        let own = self.survey.branch_of(place);
        // A redirect is read when nothing matched, wherever it stands.
        let redirect = matches!(self.survey.root().record.terms[own].kind, TermKind::Redirect(_));
        own != index
            && !self.gone.contains(&own)
            && (!self.only_before || !redirect && own < index)
            && self.survey.nodes[place.node].authorises
            && self.way_up(place).all(|node| only_lets_in(self.survey, node))
    }

    /// The records from a place up to the domain's own.
    fn way_up(&self, place: TermPlace) -> impl Iterator<Item = usize> {
        let from = |&node: &usize| self.survey.nodes[node].from.map(|from| from.node);
        std::iter::successors(Some(place.node), from)
    }

    fn is_covered(&self, network: Network, index: usize) -> bool {
        self.survey.branches().any(|(place, term, branch)| {
            passes(term)
                && branch.networks.iter().any(|n| n.prefix <= network.prefix && n.contains(network.first))
                && self.stands_in(place, index)
        })
    }

    fn is_read_elsewhere(&self, branch: &Branch, index: usize) -> bool {
        let Some(target) = branch.leads_to.map(|node| &self.survey.nodes[node]) else { return false };
        self.survey.nodes.iter().any(|node| {
            node.domain == target.domain
                && node.authorises
                && node.state == RecordState::Record
                && node.from.is_some_and(|from| self.stands_in(from, index))
        })
    }
}

/// Whether the same term stands before it, for each term of the domain's own record.
fn twice(survey: &Survey) -> Vec<bool> {
    let mut known: Table<String, ()> = Table::default();
    let twice = survey.root().branches.iter().map(|branch| {
        let text = branch.text.trim_start_matches('+');
        // The case of a macro letter has a meaning (section 7.3).
        let text = if text.contains('%') { text.to_owned() } else { text.to_ascii_lowercase() };
        !known.insert(text, ())
    });
    twice.collect()
}

/// Whether a record refuses nobody whom a later term lets in: every term but `all` lets send.
fn only_lets_in(survey: &Survey, node: usize) -> bool {
    survey.nodes[node].reached().all(|(term, _)| {
        matches!(term.directive(), None | Some((Qualifier::Pass, _))) || term.all().is_some()
    })
}

/// Whether everything behind a term was looked up, has an answer and is the same for every message.
fn is_known(survey: &Survey, term: Term, branch: &Branch) -> bool {
    let asks_anew = matches!(term.kind, TermKind::Directive(_, Mechanism::Exists(_))) && !branch.void;
    if branch.failed.is_some()
        || branch.depends
        || asks_anew
        || survey.gives_up(branch)
        || matches!(term.all(), Some(Qualifier::Pass))
    {
        return false;
    }
    match branch.leads_to {
        Some(node) => {
            let node = &survey.nodes[node];
            node.state == RecordState::Record
                && node.reached().all(|(term, branch)| is_known(survey, term, branch))
        }
        None => true,
    }
}

/// Whether a term lets nobody send for certain: the name that it includes has no record or is the domain itself, or all
/// behind it is known and holds no address.
fn adds_nothing(survey: &Survey, term: Term, branch: &Branch) -> bool {
    let state = branch.leads_to.map(|node| survey.nodes[node].state);
    let gone = branch.impossible || matches!(state, Some(RecordState::Nothing | RecordState::Circle));
    gone || is_known(survey, term, branch) && is_empty(survey, branch)
}

fn is_empty(survey: &Survey, branch: &Branch) -> bool {
    branch.networks.is_empty()
        && branch
            .leads_to
            .is_none_or(|node| survey.nodes[node].reached().all(|(_, branch)| is_empty(survey, branch)))
}
