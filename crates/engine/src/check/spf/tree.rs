//! What the record leads to: how many lookups it takes, and branches that are dead, empty, broken or endless.

use super::{OwnRecord, about, ask_ahead, is_well, own, rewrite, rewritten, slim::RemovableTerms};
use crate::{
    change::Safety,
    check::{Arg, Code, Cx, Finding, Findings, Level},
    dns::{Name, Query, Rdata, Rtype, is_inside},
    facts::{Ask, Step},
    record::spf::{Qualifier, Term, TermKind},
    spf::{
        MAX_LOOKUPS, MAX_VOIDS, Survey,
        survey::{Branch, RecordState, TermPlace},
    },
    table::Table,
    view::{self, addresses, mx, provider},
};

/// From so many lookups on, one more service can break the record.
const CLOSE: usize = 9;
/// Servers of the domain's own that are looked up; more would spend the budget of the whole run.
const OWN_SERVERS: usize = 16;

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>) -> Step<()> {
    let survey = view::spf::tree(cx, own.domain)?;
    unknown(cx, findings, own, &survey);
    dead_ends(cx, findings, own, &survey);
    too_many_hosts(cx, findings, own, &survey);
    voids(cx, findings, own, &survey);
    let lookups = lookups(cx, findings, own, &survey);
    open(cx, findings, own, &survey);
    let servers = cx.section(|| own_servers(cx, findings, own, &survey));
    let provider = cx.section(|| mailbox_provider(cx, findings, own, &survey));
    servers.and(provider).and(lookups)
}

/// All is well: said last, when nothing else was found.
pub(super) fn in_order(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>) -> Step<()> {
    if !is_well(findings) || own.record.lets_nobody_send() {
        return Ok(());
    }
    let survey = view::spf::tree(cx, own.domain)?;
    let finding = about(Code::Spf320, own.domain).arg("n", survey.lookups()).label(
        own.domain,
        Rtype::Txt,
        &own.text,
        0..0,
    );
    cx.found(findings, finding);
    Ok(())
}

/// A finding about a term somewhere in the tree, with its record.
fn at(own: &OwnRecord<'_>, survey: &Survey, code: Code, place: TermPlace) -> Finding {
    let node = &survey.nodes[place.node];
    let term = node.record.terms[place.term];
    about(code, own.domain)
        .arg("term", node.branches[place.term].text.as_str())
        .arg("at", &node.domain)
        .label(&node.domain, Rtype::Txt, &node.text, term.span.range())
}

/// Lookups that failed, once for each branch of the domain's own record.
fn unknown(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>, survey: &Survey) {
    let mut said = Table::default();
    for (place, _, branch) in survey.branches() {
        let below = branch.leads_to.map(|node| survey.nodes[node].state);
        let failure = match below {
            Some(RecordState::Failed(failure)) => Some(failure),
            _ => branch.failed,
        };
        if let Some(failure) = failure
            && said.insert(survey.branch_of(place), ())
        {
            cx.found(findings, at(own, survey, Code::Spf340, place).because(failure));
        }
    }
}

/// Whether what matches a term may send.
pub(super) fn passes(term: Term) -> bool {
    matches!(term.directive(), Some((Qualifier::Pass, _)))
}

/// Records that are named but missing, impossible, broken or part of a circle; each name once.
fn dead_ends(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>, survey: &Survey) {
    let mut said: Table<&Name, ()> = Table::default();
    let cut = PrunedRecord::of(own, survey);
    let slips = survey.root().branches.iter().any(|branch| branch.impossible);
    let mended = slips.then(|| rewrite::repaired(&own.text)).flatten().filter(|(text, _)| *text != own.text);
    for (place, _, branch) in survey.branches() {
        if branch.impossible {
            let finding = at(own, survey, Code::Spf380, place);
            // In the domain's own record it may be a slip of the pen.
            let finding = match &mended {
                Some((text, _)) if place.node == 0 => rewritten(finding, own, text.clone(), Safety::Decide),
                _ => cut.offered(own, place, finding),
            };
            cx.found(findings, finding);
        }
        let Some(target) = branch.leads_to.map(|node| &survey.nodes[node]) else { continue };
        if !survey.gives_up(branch) || !said.insert(&target.domain, ()) {
            continue;
        }
        let finding = match target.state {
            RecordState::Nothing => at(own, survey, Code::Spf130, place),
            RecordState::Circle => at(own, survey, Code::Spf150, place),
            RecordState::Several(_) => {
                at(own, survey, Code::Spf140, place).arg("what", Arg::key("spf.broken.several"))
            }
            _ => {
                let finding = at(own, survey, Code::Spf140, place).arg("what", Arg::key("spf.broken.syntax"));
                match target.record.breaking() {
                    Some(error) => {
                        finding.label(&target.domain, Rtype::Txt, &target.text, error.span.range())
                    }
                    None => finding,
                }
            }
        };
        let finding = finding.arg("target", &target.domain);
        cx.found(findings, cut.offered(own, place, finding));
    }
}

/// The domain's own record without its dead ends; `redirect` stays, without it the record would say nothing.
struct PrunedRecord {
    /// Positions of the dead ends.
    dead: Vec<usize>,
    text: String,
}

impl PrunedRecord {
    fn of(own: &OwnRecord<'_>, survey: &Survey) -> Self {
        let branches = own.record.terms.iter().zip(&survey.root().branches).enumerate();
        let dead: Vec<usize> = branches
            .filter(|(_, (term, branch))| {
                branch.reached && !matches!(term.kind, TermKind::Redirect(_)) && survey.gives_up(branch)
            })
            .map(|(index, _)| index)
            .collect();
        let text = own.without(&dead);
        Self { dead, text }
    }

    /// `finding` with that as its fix, if it is about one of them.
    fn offered(&self, own: &OwnRecord<'_>, place: TermPlace, finding: Finding) -> Finding {
        if place.node != 0 || !self.dead.contains(&place.term) {
            return finding;
        }
        rewritten(finding, own, self.text.clone(), Safety::Decide)
    }
}

fn too_many_hosts(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>, survey: &Survey) {
    let cut = PrunedRecord::of(own, survey);
    for (place, ..) in survey.branches().filter(|(_, _, branch)| branch.too_many_hosts) {
        let finding = at(own, survey, Code::Spf160, place);
        cx.found(findings, cut.offered(own, place, finding));
    }
}

/// Terms that lead to nothing. Two are allowed, and none is of any use.
fn voids(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>, survey: &Survey) {
    let empty: Vec<_> = survey.branches().filter(|(_, _, branch)| branch.void).collect();
    let Some((first, _, _)) = empty.first() else { return };
    let mine: Vec<usize> = empty.iter().filter(|(at, ..)| at.node == 0).map(|(at, ..)| at.term).collect();
    let code = if empty.len() > MAX_VOIDS { Code::Spf110 } else { Code::Spf120 };
    let mut finding = about(code, own.domain)
        .arg("n", empty.len())
        .arg("terms", Arg::list(empty.iter().map(|(_, _, branch)| &branch.text)))
        .arg("at", &survey.nodes[first.node].domain);
    for (place, ..) in &empty {
        let node = &survey.nodes[place.node];
        let span = node.record.terms[place.term].span.range();
        finding = finding.label(&node.domain, Rtype::Txt, &node.text, span);
    }
    if !mine.is_empty() {
        finding = rewritten(finding, own, own.without(&mine), Safety::Decide);
    } else if code == Code::Spf120 {
        // In a record of somebody else, and within the limit: nothing to do.
        finding = finding.rated(Level::Info, 0);
    }
    cx.found(findings, finding);
}

/// How many lookups the record takes.
fn lookups(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>, survey: &Survey) -> Step<()> {
    let count = survey.lookups();
    if count > MAX_LOOKUPS {
        return too_many_lookups(cx, findings, own, survey);
    }
    if count >= CLOSE {
        let asking = survey.root().branches.iter().filter(|branch| branch.cost > 0);
        let finding = about(Code::Spf100, own.domain)
            .arg("n", count)
            .arg("most", MAX_LOOKUPS)
            .arg("branches", costs(asking.collect()))
            .label(own.domain, Rtype::Txt, &own.text, 0..0);
        cx.found(findings, finding);
    }
    Ok(())
}

/// What can go without harm is marked, and the record without it is proposed; who else sends is listed with the cost, for
/// the reader to choose. The mailbox provider is never among them.
fn too_many_lookups(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>, survey: &Survey) -> Step<()> {
    let recognised = cx.section(|| provider::recognise(cx, own.domain))?;
    // While it is not known who receives the mail, each provider that is named may be the one.
    let unsure = cx.ask(&mx::query(own.domain))?.failure().is_some();
    let by_name = |name: &Name| cx.knowledge.providers.by_spf_include(name.as_str());
    let keepers = || [recognised.mailbox, recognised.gateway].into_iter().flatten();
    let keeper = |name: &Name| by_name(name).filter(|known| keepers().any(|keeper| keeper.id == known.id));
    let slim =
        RemovableTerms::of(survey, &|name| keeper(name).is_some() || unsure && by_name(name).is_some());
    let root = survey.root();
    let kept = root.branches.iter().enumerate().filter(|(at, _)| !slim.gone.contains(at));
    let kept =
        kept.map(|(_, branch)| (branch, branch.leads_to.and_then(|to| keeper(&survey.nodes[to].domain))));
    let mailbox = kept.clone().find_map(|(_, keeper)| keeper);
    let senders: Vec<&Branch> = kept
        .filter(|(branch, keeper)| branch.cost > 0 && keeper.is_none())
        .map(|(branch, _)| branch)
        .collect();
    let enough = slim.lookups <= MAX_LOOKUPS;
    let safety = if enough && slim.certain { Safety::Safe } else { Safety::Decide };
    let text = own.without(&slim.gone);
    let mut finding = rewritten(about(Code::Spf090, own.domain), own, text, safety);
    let offered = finding.fix.is_some();
    if !offered {
        finding = finding.label(own.domain, Rtype::Txt, &own.text, 0..0);
    }
    for &at in slim.gone.iter().filter(|_| offered) {
        finding = finding.label(own.domain, Rtype::Txt, &own.text, root.record.terms[at].span.range());
    }
    let finding = finding
        .arg("n", survey.lookups())
        .arg("most", MAX_LOOKUPS)
        .arg("after", slim.lookups)
        .arg("mailbox", mailbox.map_or("", |mailbox| mailbox.name.as_str()))
        .arg("way", way_out(offered, enough, !senders.is_empty()))
        .arg("keep", what_stays(offered && enough, mailbox.is_some(), !senders.is_empty()))
        .arg("branches", costs(senders));
    cx.found(findings, finding);
    Ok(())
}

/// What there is to be done, in words.
fn way_out(offered: bool, enough: bool, choice: bool) -> Arg {
    match (offered, enough, choice) {
        (true, false, true) => Arg::key("spf.slim.helps"),
        (true, ..) => Arg::key("spf.slim.enough"),
        (false, _, true) => Arg::key("spf.slim.none"),
        (false, _, false) => "".into(),
    }
}

/// What has to stay, in words.
fn what_stays(solved: bool, mailbox: bool, choice: bool) -> Arg {
    match (solved || choice, mailbox) {
        (_, false) => "".into(),
        (true, true) => Arg::key("spf.slim.keep"),
        (false, true) => Arg::key("spf.slim.theirs"),
    }
}

/// Terms with what each costs, the dearest first.
fn costs(mut branches: Vec<&Branch>) -> Arg {
    branches.sort_by_key(|branch| std::cmp::Reverse(branch.cost));
    Arg::list(branches.iter().map(|branch| format!("{} ({})", branch.text, branch.cost)))
}

/// `+all` or a very wide range in a record that the domain takes over. Those in its own are said already.
fn open(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>, survey: &Survey) {
    if let Some(place) = survey.open_by().filter(|place| place.node != 0) {
        cx.found(findings, at(own, survey, Code::Spf170, place));
    }
    let wide = |&(place, term, _): &(TermPlace, Term, &Branch)| {
        place.node != 0 && survey.nodes[place.node].authorises && own::is_wide(term)
    };
    if let Some((place, ..)) = survey.branches().find(wide) {
        cx.found(findings, at(own, survey, Code::Spf180, place));
    }
}

/// The domain runs its own mail server, and its record does not let it send. That can be as it should be.
fn own_servers(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>, survey: &Survey) -> Step<()> {
    if own.record.lets_nobody_send() || survey.open_by().is_some() {
        return Ok(());
    }
    let outcome = cx.ask(&Query::new(own.domain.clone(), Rtype::Mx))?;
    let mut hosts: Vec<&Name> = outcome
        .records()
        .iter()
        .filter_map(|record| match &record.data {
            Rdata::Mx { exchange, .. } if exchange.is_within(own.domain) => Some(exchange),
            _ => None,
        })
        .collect();
    let more = hosts.len() > OWN_SERVERS;
    hosts.truncate(OWN_SERVERS);
    if hosts.is_empty() {
        return Ok(());
    }
    cx.ask(&view::spf::query(own.domain))?;
    let recognised = provider::recognise(cx, own.domain)?;
    if recognised.mailbox.is_some() || recognised.gateway.is_some() {
        return Ok(());
    }
    let found: Vec<Step<addresses::Addresses>> =
        hosts.iter().map(|host| addresses::addresses(cx, host)).collect();
    let found = found.into_iter().collect::<Step<Vec<_>>>()?;
    let ips: Vec<_> =
        found.iter().flat_map(|host| host.all.iter().copied()).filter(|&ip| !is_inside(ip)).collect();
    // What was not found out is not "not covered".
    let unsure = survey.cut
        || more
        || found.iter().any(|host| host.unknown().is_some())
        || survey
            .branches()
            .any(|(_, _, branch)| branch.failed.is_some() || branch.depends || branch.too_many_hosts)
        || survey.nodes.iter().any(|node| matches!(node.state, RecordState::Failed(_)));
    let senders = survey.senders();
    let covered = ips.iter().any(|&ip| senders.iter().any(|sender| sender.network.contains(ip)));
    if ips.is_empty() || covered || unsure {
        return Ok(());
    }
    let finding = about(Code::Spf310, own.domain)
        .arg("hosts", Arg::list(hosts))
        .arg("ips", Arg::list(&ips))
        .label(own.domain, Rtype::Txt, &own.text, 0..0);
    cx.found(findings, rewritten(finding, own, with_mx(own), Safety::Decide));
    Ok(())
}

/// The mailboxes are with a provider that asks its customers to name it in their record, and this one does not.
fn mailbox_provider(cx: &Cx<'_>, findings: &mut Findings, own: &OwnRecord<'_>, survey: &Survey) -> Step<()> {
    let recognised = provider::recognise(cx, own.domain)?;
    let Some(mailbox) = recognised.mailbox.filter(|_| recognised.gateway.is_none()) else { return Ok(()) };
    let hosts = mx::host_names(cx, own.domain)?;
    let hosts: Vec<&str> = hosts.iter().map(Name::as_str).collect();
    let Some(include) = mailbox.spf_to_publish(&hosts).and_then(include_of) else { return Ok(()) };
    let theirs = |name: &Name| {
        cx.knowledge.providers.by_spf_include(name.as_str()).is_some_and(|known| known.id == mailbox.id)
    };
    // What is not known, or depends on the message, may be theirs.
    let unsure = survey.cut
        || survey.open_by().is_some()
        || survey.branches().any(|(_, _, branch)| branch.failed.is_some() || branch.depends)
        || survey
            .nodes
            .iter()
            .any(|node| matches!(node.state, RecordState::Failed(_)) || theirs(&node.domain));
    if unsure || own.record.lets_nobody_send() {
        return Ok(());
    }
    let finding = about(Code::Spf350, own.domain)
        .arg("provider", mailbox.name.as_str())
        .arg("term", include)
        .label(own.domain, Rtype::Txt, &own.text, 0..0);
    let finding = rewritten(finding, own, own.edit().with_first(include).to_string(), Safety::Decide);
    cx.found(findings, finding.clone());
    ask_ahead(cx, &finding);
    Ok(())
}

/// The term with which a provider wants to be named, unless there is something in it for the user to fill in.
fn include_of(text: &str) -> Option<&str> {
    let term = text.split(' ').find(|term| term.starts_with("include:"))?;
    (!term.contains(['{', '<', '%'])).then_some(term)
}

/// The record with `mx` in front.
fn with_mx(own: &OwnRecord<'_>) -> String {
    own.edit().with_first("mx").to_string()
}
