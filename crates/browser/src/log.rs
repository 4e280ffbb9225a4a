//! What was asked of others in a visit.

use std::{collections::VecDeque, rc::Rc};

use mail_triage_engine::{
    bounds::LOG_ROWS,
    dns::{Failure, Outcome, Query},
    policy_file::PolicyFile,
};

/// Requests in the order in which they ended, the last [`LOG_ROWS`] of them. What stands in several such lists, that of the
/// visit and that of a run, is kept once.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    kept: VecDeque<Rc<Request>>,
    left_out: usize,
}

impl Requests {
    /// Adds one; the oldest goes if there are too many.
    pub fn push(&mut self, request: Rc<Request>) {
        if self.kept.len() >= LOG_ROWS {
            self.kept.pop_front();
            self.left_out += 1;
        }
        self.kept.push_back(request);
    }

    /// Those that are kept, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Request> {
        self.kept.iter().map(Rc::as_ref)
    }

    /// How many older ones are not kept any more.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// How many were made.
    #[must_use]
    pub fn made(&self) -> usize {
        self.left_out + self.kept.len()
    }
}

/// One request that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What was asked for.
    pub what: RequestSubject,
    /// Which resolver was asked, or which host.
    pub whom: String,
    /// How long it took, in milliseconds.
    pub millis: u32,
    /// What came of it.
    pub result: RequestResult,
}

impl Request {
    /// What went wrong, if something did.
    #[must_use]
    pub fn failure(&self) -> Option<Failure> {
        match self.result {
            RequestResult::Failed(failure) => Some(failure),
            _ => None,
        }
    }
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestSubject {
    /// Records, without keys of the user's own in their name.
    Records(Query),
    /// The address that the question came from.
    OwnAddress,
    /// The file at this address.
    File(String),
}

/// What a request brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestResult {
    /// So many records.
    Records(usize),
    /// The name has no such record.
    NoData,
    /// The name does not exist.
    NxDomain,
    /// Nothing that could be used.
    Failed(Failure),
    /// Nothing: the user had no more use for it before an answer came.
    Cancelled,
    /// The file.
    File,
    /// Nothing that a web page may read.
    Unreadable,
    /// This HTTP status in place of the file.
    Refused(u16),
    /// More than a file of its kind may hold.
    TooLong,
}

impl RequestResult {
    /// What came of a lookup.
    #[must_use]
    pub fn records(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Records(answer) => Self::Records(answer.records.len()),
            Outcome::NoData(_) => Self::NoData,
            Outcome::NxDomain(_) => Self::NxDomain,
            Outcome::Failed(failed) => Self::Failed(failed.failure),
        }
    }

    /// What came of asking for the policy file.
    #[must_use]
    pub fn file(file: &PolicyFile) -> Self {
        match *file {
            PolicyFile::Read(_) => Self::File,
            PolicyFile::Refused(status) => Self::Refused(status),
            PolicyFile::TooLong => Self::TooLong,
            _ => Self::Unreadable,
        }
    }
}
