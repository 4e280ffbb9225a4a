//! May reports about one domain be sent to another, and can they arrive (RFC 9990 section 4, RFC 9991 section 5)?

use serde::Serialize;

use super::{texts, walk};
use crate::{
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    record::dmarc::{Dmarc, ReportUri, is_record},
};

/// Whether a domain agrees to get reports about another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Permission {
    /// Both have the same organizational domain: no permission is needed.
    Own,
    /// It agrees, and may have named another of its addresses.
    Given {
        /// Where its agreement stands.
        asked: Name,
    },
    /// It agrees, but names an address at yet another domain: nobody gets reports.
    Diverted {
        /// Where its agreement stands.
        asked: Name,
        /// The other domain.
        to: Name,
    },
    /// It has not agreed: reports are not sent.
    Missing {
        /// Where its agreement would stand; `None` if that name would be too long to exist.
        asked: Option<Name>,
    },
    /// The lookup failed.
    Unknown {
        /// The name that could not be looked up.
        asked: Name,
        /// Why.
        failure: Failure,
    },
}

/// Whether a domain can receive mail at all (RFC 5321 section 5.1, RFC 7505).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
pub enum Mailbox {
    /// It has a mail exchanger, or an address to fall back to.
    Reachable,
    /// It says that it takes no mail: a null MX.
    Refuses,
    /// It has neither a mail exchanger nor an address, or does not exist.
    Nowhere,
    /// The lookup failed.
    Unknown {
        /// The name that could not be looked up.
        asked: Name,
        /// Why.
        failure: Failure,
    },
}

/// Which of the two kinds of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportKind {
    /// `rua`: a summary a day.
    Aggregate,
    /// `ruf`: single failures.
    Failure,
}

impl ReportKind {
    /// The tag.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::Aggregate => "rua",
            Self::Failure => "ruf",
        }
    }
}

/// The name at which `target` agrees to reports about `domain`.
#[must_use]
pub fn permission_name(domain: &Name, target: &Name) -> Option<Name> {
    target.under(&format!("{domain}._report._dmarc")).ok()
}

/// Whether `target` agrees to get reports about `domain`, whose organizational domain is `organizational`.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) while an answer is missing.
pub fn permission(
    ask: &dyn Ask,
    domain: &Name,
    organizational: &Name,
    target: &Name,
    kind: ReportKind,
) -> Step<Permission> {
    if target == domain {
        return Ok(Permission::Own);
    }
    // An organizational domain is the name itself or stands above it: whoever is not below ours has another one.
    if target.is_within(organizational) {
        let theirs = walk::walk(ask, target)?.organizational();
        if let Some(failure) = theirs.unsure {
            let asked = walk::question(target).map_or_else(|| target.clone(), |query| query.name);
            return Ok(Permission::Unknown { asked, failure });
        }
        if theirs.name == *organizational {
            return Ok(Permission::Own);
        }
    }
    let Some(asked) = permission_name(domain, target) else {
        return Ok(Permission::Missing { asked: None });
    };
    let outcome = ask.ask(&Query::new(asked.clone(), Rtype::Txt))?;
    if let Some(failure) = outcome.failure() {
        return Ok(Permission::Unknown { asked, failure });
    }
    let agreements: Vec<String> = texts(outcome).filter(|text| is_record(text)).collect();
    if agreements.is_empty() {
        return Ok(Permission::Missing { asked: Some(asked) });
    }
    let to = agreements.iter().find_map(|text| {
        let record = Dmarc::parse(text);
        let uris = if kind == ReportKind::Aggregate { &record.rua } else { &record.ruf };
        uris.iter().filter_map(ReportUri::mail_domain).find(|&other| other != target).cloned()
    });
    Ok(match to {
        Some(to) => Permission::Diverted { asked, to },
        None => Permission::Given { asked },
    })
}

/// Whether mail to `target` can arrive.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) while an answer is missing.
pub fn mailbox(ask: &dyn Ask, target: &Name) -> Step<Mailbox> {
    let query = Query::new(target.clone(), Rtype::Mx);
    match ask.ask(&query)? {
        Outcome::Failed(failed) => {
            return Ok(Mailbox::Unknown { asked: query.name, failure: failed.failure });
        }
        outcome @ Outcome::Records(_) => {
            let refuses = outcome.exchanges().next().is_none();
            return Ok(if refuses { Mailbox::Refuses } else { Mailbox::Reachable });
        }
        Outcome::NxDomain(_) => return Ok(Mailbox::Nowhere),
        Outcome::NoData(_) => {}
    }
    let addresses = [Rtype::A, Rtype::Aaaa].map(|rtype| Query::new(target.clone(), rtype));
    let outcomes = ask.ask_all(&addresses)?;
    if outcomes.iter().any(|outcome| !outcome.records().is_empty()) {
        return Ok(Mailbox::Reachable);
    }
    let failure = outcomes.iter().find_map(|outcome| outcome.failure());
    Ok(failure.map_or(Mailbox::Nowhere, |failure| Mailbox::Unknown { asked: target.clone(), failure }))
}
