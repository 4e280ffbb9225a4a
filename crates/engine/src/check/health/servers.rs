//! Do the name servers exist?

use super::{Code, Cx, Finding, Findings};
use crate::{
    dns::{Name, Outcome, Query, Rtype},
    facts::{Ask, Pending, Step},
};

/// Name servers that are looked up; a zone seldom has more.
const MAX_SERVERS: usize = 8;

/// Looks up the addresses of name servers. Whether each was found and is no alias; servers that could not be looked
/// up count neither way, and where there are more than are looked up, not all were found.
pub(super) fn look_up(cx: &Cx<'_>, findings: &mut Findings, zone: &Name, servers: &[Name]) -> Step<bool> {
    let mut pending = Ok(());
    let mut all_there = servers.len() <= MAX_SERVERS;
    for server in servers.iter().take(MAX_SERVERS) {
        match cx.section(|| one(cx, findings, zone, server)) {
            Ok(there) => all_there &= there,
            Err(Pending) => pending = Err(Pending),
        }
    }
    pending.map(|()| all_there)
}

fn one(cx: &Cx<'_>, findings: &mut Findings, zone: &Name, server: &Name) -> Step<bool> {
    let queries = [Query::new(server.clone(), Rtype::A), Query::new(server.clone(), Rtype::Aaaa)];
    let outcomes = cx.ask_all(&queries)?;
    let about = |code| Finding::new(code, server).arg("server", server).arg("zone", zone);
    if outcomes.iter().any(|outcome| !outcome.chain().is_empty()) {
        cx.found(findings, about(Code::Nsh040));
        return Ok(false);
    }
    let found = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Records(_)));
    match outcomes.iter().find_map(|outcome| outcome.failure()) {
        _ if found => {}
        None => cx.found(findings, about(Code::Nsh030)),
        // One thing to know, however many of them it is.
        Some(failure) => {
            cx.found(findings, Finding::new(Code::Nsh140, zone).arg("domain", zone).because(failure));
        }
    }
    Ok(found)
}
