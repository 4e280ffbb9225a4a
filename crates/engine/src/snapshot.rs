//! What was seen, to be shown to somebody else: the facts of a check, what it was about, and when.
//!
//! A report is a function of its facts, so they are all that has to be kept. A snapshot goes into links, which people send to
//! each other: what is the user's own is not in it (see [`Snapshot::of`]), and what comes from a link is as hostile as anything
//! else from outside: [`Snapshot::unpack`] takes no more than its octets say and gives an error for everything else.

use std::{net::IpAddr, rc::Rc};

use crate::{
    driver::Driver,
    facts::{Ask, Facts, Question, Redaction, UnpackError},
    knowledge::Knowledge,
    octets::{Reader, Writer},
    policy_file::PolicyFile,
    route::{CheckRequest, MAX_VALUES},
    session::Session,
    target::{ListKeys, Target},
};

/// The version that is written. Earlier ones are read as well.
pub const VERSION: u8 = 1;
/// The longest snapshot that is read, in octets: a run of all checks keeps less.
pub const MAX_OCTETS: usize = 512 * 1024;
/// The longest text of a target, in octets: of a name (RFC 1035 section 2.3.4).
const MAX_TEXT: usize = 255;

/// What a check saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// What was checked, without what is the user's own.
    pub target: Target,
    /// When it was checked, in seconds since 1970 (UTC).
    pub unix: u64,
    /// What was learnt.
    pub facts: Facts,
}

impl Snapshot {
    /// What a check has seen, as somebody else may see it: without the part of an e-mail address that names a person, the
    /// address of the user's own connection and what lists say of it, keys and answers to questions with keys, what was pasted,
    /// and whom the pasted message was for. What is left gives a report of its own, and only what that asks is kept.
    #[must_use]
    pub fn of(session: &Session, knowledge: &Rc<Knowledge>, unix: u64) -> Self {
        let target =
            Target { local_part: None, connection_ip: None, recipient: None, ..session.target().clone() };
        let mut facts = session.facts().clone();
        if let Some(domain) = &target.domain
            && let Ok(PolicyFile::Pasted(_)) = facts.ask_policy(domain)
        {
            facts.forget(&Question::Policy(domain.clone()));
        }
        let asked = Session::new(target.clone(), knowledge.clone(), ListKeys::default());
        let run = Driver::start(asked, Box::new(facts), Box::new(|_| ()));
        let facts = run.session().facts().clone();
        Self { target, unix, facts }
    }

    /// The check again, over what was seen: nothing is asked of anybody.
    #[must_use]
    pub fn run(&self, knowledge: Rc<Knowledge>) -> Driver {
        let session = Session::new(self.target.clone(), knowledge, ListKeys::default());
        Driver::start(session, Box::new(self.facts.clone()), Box::new(|_| ()))
    }

    /// The check that asks for the same anew.
    #[must_use]
    pub fn request(&self) -> CheckRequest {
        CheckRequest {
            what: self.target.to_string(),
            ips: match &self.target.domain {
                Some(_) => self.target.ips.clone(),
                None => self.target.ips.iter().skip(1).copied().collect(),
            },
            connection_ip: None,
            selectors: self.target.selectors.clone(),
            helo: self.target.helo.clone(),
            receiving_too: self.target.receiving_too,
            tried: Vec::new(),
        }
    }

    /// As octets, to be compressed by whoever sends them.
    #[must_use]
    pub fn pack(&self) -> Vec<u8> {
        let Self { target, unix, facts } = self;
        let mut to = Writer(vec![VERSION]);
        to.number(*unix);
        to.text(target.domain.as_ref().map_or("", |domain| domain.as_str()));
        to.text(target.helo.as_ref().map_or("", |helo| helo.as_str()));
        to.number(target.ips.len() as u64);
        target.ips.iter().for_each(|ip| to.text(&ip.to_string()));
        to.number(target.selectors.len() as u64);
        target.selectors.iter().for_each(|selector| to.text(selector));
        to.number(u64::from(target.receiving_too));
        to.0.extend(facts.pack(Redaction::default()));
        to.0
    }

    /// Reads what [`Snapshot::pack`] has written.
    ///
    /// # Errors
    /// Why the octets are no snapshot.
    pub fn unpack(octets: &[u8]) -> Result<Self, UnpackError> {
        let (version, rest) = octets.split_first().ok_or(UnpackError::Damaged)?;
        if *version != VERSION {
            return Err(UnpackError::Version(*version));
        }
        if octets.len() > MAX_OCTETS {
            return Err(UnpackError::Damaged);
        }
        let mut from = Reader(rest);
        let (target, unix) = head(&mut from).ok_or(UnpackError::Damaged)?;
        Ok(Self { target, unix, facts: Facts::unpack(from.0)? })
    }
}

/// What stands before the facts.
fn head(from: &mut Reader<'_>) -> Option<(Target, u64)> {
    let unix = from.number()?;
    let name = |from: &mut Reader<'_>| {
        let text = short(from)?;
        Some(if text.is_empty() { None } else { Some(crate::dns::Name::parse(&text).ok()?) })
    };
    let (domain, helo) = (name(from)?, name(from)?);
    let ips: Vec<IpAddr> = from.list(|from| short(from)?.parse().ok())?;
    let selectors = from.list(short)?;
    let receiving_too = from.flag()?;
    let is_asked = domain.is_some() || !ips.is_empty();
    let fits = ips.len() <= MAX_VALUES + 1 && selectors.len() <= MAX_VALUES;
    (is_asked && fits)
        .then_some((Target { domain, helo, ips, selectors, receiving_too, ..Target::default() }, unix))
}

fn short(from: &mut Reader<'_>) -> Option<String> {
    from.text().filter(|text| text.len() <= MAX_TEXT)
}
