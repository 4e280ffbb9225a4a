//! The life of a check.

use std::rc::Rc;

use mail_triage_engine::{
    picture::Pictures,
    report::{Report, changes::Change},
    route::BuildKind,
    target::Target,
};

/// How far the check is.
#[derive(Debug, Default)]
pub enum Check {
    /// Nothing was asked.
    #[default]
    Idle,
    /// It cannot begin yet.
    Waiting(Waits),
    /// Answers are awaited.
    Running(Run),
    /// All is in.
    Done(Run),
    /// It was stopped before that.
    Stopped(Run),
}

/// What a check waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Waits {
    /// For what reads the form that was sent.
    Form {
        /// The address asks for a check too, which waits behind it.
        address_too: bool,
    },
    /// For files.
    Files,
    /// For its turn: another one began by itself less than a second ago.
    Turn,
    /// For a person, because the page stands in a frame of somebody else's.
    Person,
    /// For the user to say whether the resolver at this address may be asked, which a link names.
    Consent(String),
}

/// A check under way, or at its end.
#[derive(Debug)]
pub struct Run {
    /// Its number.
    pub number: u32,
    /// What it is about, and through whom; none for an example.
    pub about: Option<About>,
    /// What kind of run it is.
    pub kind: Kind,
    /// When it began, in seconds since 1970; none for an example.
    pub unix: Option<i64>,
    /// What was found by now.
    pub report: Option<Rc<Report>>,
    /// How much of it is shown.
    pub detail: Detail,
    /// What is shown beside the report, once it has come to its end.
    pub outcome: Rc<Outcome>,
}

/// How far a check is, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was asked, or the user has to say something first.
    Idle,
    /// Files or answers are awaited.
    Running,
    /// All is in, or it was stopped.
    Done,
}

/// What a run is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// What is checked.
    pub target: Target,
    /// The resolver that was chosen; none for the first of the list.
    pub resolver: Option<String>,
}

/// How much of a run is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Headline and findings: until then the time goes to the lookups.
    #[default]
    Findings,
    /// The steps too, with what there is to do by hand, for it takes long.
    Steps,
    /// Everything, long tables and pictures too: it has come to its end once. They stay during a retry.
    All,
}

/// How a run came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Everything was asked.
    Done,
    /// It was stopped.
    Stopped,
}

/// What is shown of a run beside its report.
#[derive(Debug, Default, PartialEq)]
pub struct Outcome {
    /// What can be drawn of it.
    pub pictures: Pictures,
    /// Resolvers that did not answer everything, and those that were asked in their place.
    pub stand_ins: Option<(Vec<String>, Vec<String>)>,
    /// What became of what the check before had found, if it was about the same.
    pub since: Option<Since>,
}

/// What became of what an earlier check of the same had found.
#[derive(Debug, PartialEq)]
pub struct Since {
    /// When that was, in seconds since 1970.
    pub unix: i64,
    /// What it had found.
    pub before: Rc<Report>,
    /// What became of that, and what is new.
    pub changes: Vec<Change>,
}

/// A run to be begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Its number.
    pub run: u32,
    /// What kind of run.
    pub kind: Kind,
    /// What it is about; nothing yet for an example.
    pub about: About,
    /// Everything is asked anew.
    pub fresh: bool,
}

impl Kind {
    /// Whether it asks nobody.
    pub fn is_recorded(&self) -> bool {
        matches!(self, Self::Example(_) | Self::Seen)
    }
}

/// Kinds of runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// All checks, through a resolver.
    Live,
    /// An example from records that came with the page.
    Example(String),
    /// What an earlier check saw, out of a link.
    Seen,
    /// What has to be known before a record can be put together.
    Build(BuildKind),
}

impl Run {
    /// The recorded example that it shows.
    pub fn example(&self) -> Option<&str> {
        match &self.kind {
            Kind::Example(id) => Some(id),
            Kind::Live | Kind::Seen | Kind::Build(_) => None,
        }
    }
}

impl Check {
    /// The run, if there is one.
    pub fn run(&self) -> Option<&Run> {
        match self {
            Self::Running(run) | Self::Done(run) | Self::Stopped(run) => Some(run),
            Self::Idle | Self::Waiting(_) => None,
        }
    }

    pub(super) fn run_mut(&mut self) -> Option<&mut Run> {
        match self {
            Self::Running(run) | Self::Done(run) | Self::Stopped(run) => Some(run),
            Self::Idle | Self::Waiting(_) => None,
        }
    }

    /// Takes the run out.
    pub(super) fn take_run(&mut self) -> Option<Run> {
        match std::mem::take(self) {
            Self::Running(run) | Self::Done(run) | Self::Stopped(run) => Some(run),
            other => {
                *self = other;
                None
            }
        }
    }

    /// How far it is, in one word.
    pub fn phase(&self) -> Phase {
        match self {
            Self::Idle | Self::Waiting(Waits::Person | Waits::Consent(_)) => Phase::Idle,
            Self::Waiting(_) | Self::Running(_) => Phase::Running,
            Self::Done(_) | Self::Stopped(_) => Phase::Done,
        }
    }

    /// How much of it is shown.
    pub fn detail(&self) -> Detail {
        self.run().map_or(Detail::Findings, |run| run.detail)
    }

    /// What was found.
    pub fn report(&self) -> Option<&Rc<Report>> {
        self.run()?.report.as_ref()
    }
}
