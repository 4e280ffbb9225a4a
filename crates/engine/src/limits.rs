//! Does what somebody sends fit the limits of the provider?
//!
//! [`compare`] holds the habit of a sender ([`Habit`]) against every limit that is known of the provider: how much of
//! it is used, which one is reached first, when it is free again, how the refusal reads, and the ways out. All as data,
//! in the order of the provider's list. A number that nobody publishes stays unknown ([`LimitOutcome::Unpublished`]): nothing
//! here is estimated, and what depends on something that was not asked says so ([`LimitCondition`]).

mod alternatives;
mod amount;
mod proof;
mod read;
mod reset;

pub use self::{
    alternatives::{Alternatives, Upgrade},
    amount::{Window, as_sent},
    proof::{Proof, proof},
    read::{Unreadable, count, megabytes},
    reset::Reset,
};
use crate::knowledge::{Limit, LimitKind, Provider, Providers};

words! {
    /// What mail is sent for; it decides whether it goes out at once, and whether the recipients differ.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum SendingKind {
        /// People write to people, over the day.
        #[default]
        People = "people",
        /// A shop or program writes when something happens.
        Shop = "shop",
        /// The same message to many, in one go.
        Newsletter = "newsletter",
    }
    key "calc.sending.{}"
}

/// Which account somebody has with the provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Account {
    /// Not said: every number counts.
    #[default]
    Unknown,
    /// Neither on trial nor one of the plans that the provider's numbers name.
    Ordinary,
    /// On trial, or on the free plan.
    Trial,
    /// The plan of this proper name.
    Plan(String),
}

impl Account {
    /// Which ones there are to choose from at a provider; none where its numbers make no difference.
    #[must_use]
    pub fn choices(provider: &Provider) -> Vec<Self> {
        let mut choices = Vec::new();
        for limit in &provider.limits {
            if let Some(plan) = &limit.plan {
                let plan = Self::Plan(plan.clone());
                if !choices.contains(&plan) {
                    choices.push(plan);
                }
            }
        }
        if provider.limits.iter().any(|limit| limit.trial.is_some()) {
            choices.push(Self::Trial);
        }
        if !choices.is_empty() {
            choices.push(Self::Ordinary);
        }
        choices
    }

    /// Which of a limit's two numbers count for it: the ordinary one, the one on trial.
    fn counts(&self, limit: &Limit) -> (bool, bool) {
        match (self, &limit.plan) {
            (Self::Unknown, _) => (true, true),
            (Self::Plan(mine), Some(plan)) => (mine == plan, false),
            (Self::Ordinary | Self::Trial, Some(_)) => (false, false),
            (Self::Trial, None) => (limit.trial.is_none(), true),
            (Self::Ordinary | Self::Plan(_), None) => (true, false),
        }
    }
}

/// What somebody sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Habit {
    /// Messages a day.
    pub messages: u64,
    /// Recipients of each message, copies included.
    pub recipients: u64,
    /// Size of the attachments of one message, in thousandths of a megabyte, as they lie on the disk.
    pub attachments: u64,
    /// What it is for.
    pub sending: SendingKind,
    /// With which account.
    pub account: Account,
}

/// What came of one comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LimitOutcome {
    /// The limit is passed.
    Breaks,
    /// It is passed under a condition that was not asked for ([`LimitCondition`]).
    Depends,
    /// It has room.
    Fits,
    /// The provider does not say the number.
    Unpublished,
    /// It counts something that is not sent here.
    Other,
}

/// On what it depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitCondition {
    /// If everything goes out within one span of the limit: spread out it fits.
    AtOnce {
        /// So many spans are needed at least.
        spans: u64,
    },
    /// If the account is given the low end of the range.
    LowEnd,
    /// If it is sent by a program and not in webmail.
    ByProgram,
    /// If all recipients are at other domains.
    AllOutside,
    /// If every recipient is another one.
    AllDifferent,
    /// If nobody was written to before.
    AllNew,
    /// If as much is sent on thirty days.
    EveryDay,
}

/// A limit and how much of it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitRow<'a> {
    /// The limit.
    pub limit: &'a Limit,
    /// Whether `number` is the one for accounts on trial.
    pub trial: bool,
    /// The number, the low end of a range; in thousandths where sizes are compared.
    pub number: u64,
    /// What is used, in the same unit.
    pub used: u64,
    /// What came of it.
    pub state: LimitOutcome,
    /// On what it depends.
    pub when: Option<LimitCondition>,
    /// The message of the day that is the first one refused, counted from one.
    pub refused: Option<u64>,
}

impl LimitRow<'_> {
    /// How much of the limit is used, in per cent, rounded up once it is passed; none where there is no number.
    #[must_use]
    pub fn share(&self) -> Option<u64> {
        let hundred = self.used.saturating_mul(100);
        match self.number {
            0 => None,
            number if self.used > number => Some(hundred.div_ceil(number)),
            number => Some(hundred / number),
        }
    }

    /// By how much the limit is passed.
    #[must_use]
    pub fn over(&self) -> u64 {
        self.used.saturating_sub(self.number)
    }
}

/// The whole answer.
#[derive(Clone, Debug)]
pub struct LimitComparison<'a> {
    /// All limits of the provider that count for the account.
    pub rows: Vec<LimitRow<'a>>,
    /// The position of the one that is reached first, among those that are or may be passed.
    pub first: Option<usize>,
    /// When the one that is reached first is free again.
    pub reset: Option<Reset>,
    /// How its refusal reads, if that is known.
    pub proof: Option<&'static Proof>,
    /// What can be done.
    pub ways: Alternatives<'a>,
    /// Size of one message's attachments as they travel, in thousandths of a megabyte.
    pub as_sent: u64,
}

/// Compares.
#[must_use]
pub fn compare<'a>(providers: &'a Providers, provider: &'a Provider, habit: &Habit) -> LimitComparison<'a> {
    let mut rows = Vec::new();
    for limit in provider.limits.iter().filter(|limit| limit.kind != LimitKind::WaitHours) {
        let (ordinary, trial) = habit.account.counts(limit);
        if ordinary {
            rows.push(amount::row(limit, limit.value, limit.max, false, habit));
        }
        if let Some(number) = limit.trial.filter(|_| trial) {
            rows.push(amount::row(limit, Some(number), None, true, habit));
        }
    }
    let first = first(&rows);
    let row = first.map(|at| &rows[at]);
    LimitComparison {
        reset: row.and_then(|row| Reset::of(provider, row.limit)),
        proof: row.and_then(|row| proof(&provider.id, row.limit.kind)),
        ways: alternatives::ways(providers, provider, &rows, row, habit),
        first,
        rows,
        as_sent: as_sent(habit.attachments),
    }
}

/// What stops the first message comes before what stops the thousandth: limits of one message, then those of short
/// spans, and among equals the one that is overdrawn the most.
fn first(rows: &[LimitRow<'_>]) -> Option<usize> {
    let broken = rows.iter().enumerate().filter(|(_, row)| row.state <= LimitOutcome::Depends);
    let order = |row: &LimitRow<'_>| {
        let share = row.share().unwrap_or(u64::MAX);
        (row.state, Window::of(row.limit.kind), u64::MAX - share)
    };
    broken.min_by_key(|(_, row)| order(row)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests;
