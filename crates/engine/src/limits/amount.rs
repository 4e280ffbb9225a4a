//! How much of one limit is used.

use super::{Habit, LimitCondition, LimitOutcome, LimitRow, SendingKind};
use crate::knowledge::{Limit, LimitKind};

/// The span over which a limit counts, the shortest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// One message.
    Message,
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A month.
    Month,
}

impl Window {
    /// The span of a kind of limit.
    #[must_use]
    pub fn of(kind: LimitKind) -> Self {
        match kind {
            LimitKind::RecipientsPerMessage
            | LimitKind::RecipientsPerMessageSmtp
            | LimitKind::ExternalRecipientsPerMessage
            | LimitKind::MessageSize
            | LimitKind::BulkForbidden
            | LimitKind::Other => Self::Message,
            LimitKind::MessagesPerSecond | LimitKind::RecipientsPerSecond => Self::Second,
            LimitKind::MessagesPerMinute | LimitKind::RecipientsPerMinute => Self::Minute,
            LimitKind::MessagesPerHour
            | LimitKind::ExternalMessagesPerHour
            | LimitKind::InternalMessagesPerHour
            | LimitKind::RecipientsPerHour => Self::Hour,
            LimitKind::MessagesPerDay
            | LimitKind::RecipientsPerDay
            | LimitKind::ExternalRecipientsPerDay
            | LimitKind::UniqueRecipientsPerDay
            | LimitKind::ExternalUniqueRecipientsPerDay
            | LimitKind::NewRecipientsPerDay
            | LimitKind::RelaysPerDay
            | LimitKind::WaitHours
            | LimitKind::SharedDailyQuota => Self::Day,
            LimitKind::MessagesPerMonth | LimitKind::RecipientsPerMonth => Self::Month,
        }
    }

    /// Hours of it, where it is some hours long.
    #[must_use]
    pub fn hours(self) -> Option<u32> {
        match self {
            Self::Hour => Some(1),
            Self::Day => Some(24),
            Self::Message | Self::Second | Self::Minute | Self::Month => None,
        }
    }

    /// How many of it a day has, where it is shorter than a day.
    fn in_a_day(self) -> u64 {
        match self {
            Self::Second => 86_400,
            Self::Minute => 1_440,
            Self::Hour => 24,
            Self::Message | Self::Day | Self::Month => 1,
        }
    }
}

/// Days for which a monthly number is reckoned.
const DAYS: u64 = 30;

/// The size of attachments as they travel: base64 makes four characters of three octets, and a line break follows
/// every 76 of them (RFC 2045 section 6.8).
#[must_use]
pub fn as_sent(attachments: u64) -> u64 {
    let (grown, lines) = (4 * 78, 3 * 76);
    u64::try_from((u128::from(attachments) * grown).div_ceil(lines)).unwrap_or(u64::MAX)
}

/// Compares one number of a limit.
pub(super) fn row<'a>(
    limit: &'a Limit,
    number: Option<u32>,
    max: Option<u32>,
    trial: bool,
    habit: &Habit,
) -> LimitRow<'a> {
    let scale = if limit.kind == LimitKind::MessageSize { 1_000 } else { 1 };
    let low = u64::from(number.unwrap_or_default()) * scale;
    let high = max.map_or(low, |max| u64::from(max) * scale);
    let used = used(limit.kind, habit);
    let (state, when) = match (limit.kind, number, used) {
        (LimitKind::BulkForbidden, ..) if habit.sending == SendingKind::Newsletter => {
            (LimitOutcome::Breaks, None)
        }
        (LimitKind::BulkForbidden, ..) => (LimitOutcome::Other, None),
        (LimitKind::SharedDailyQuota | LimitKind::Other, ..) | (_, None, _) => {
            (LimitOutcome::Unpublished, None)
        }
        (_, _, None) => (LimitOutcome::Other, None),
        (kind, Some(_), Some(used)) => judge(kind, low, high, used, habit),
    };
    let counted = matches!(state, LimitOutcome::Breaks | LimitOutcome::Depends) && low > 0;
    LimitRow {
        limit,
        trial,
        number: low,
        used: used.unwrap_or_default(),
        state,
        when,
        refused: counted.then(|| refused(limit.kind, low, habit)).flatten(),
    }
}

/// How much of what it counts is used; none where that is not sent.
fn used(kind: LimitKind, habit: &Habit) -> Option<u64> {
    let all = habit.messages.saturating_mul(habit.recipients);
    Some(match kind {
        LimitKind::MessagesPerDay
        | LimitKind::RelaysPerDay
        | LimitKind::MessagesPerHour
        | LimitKind::MessagesPerMinute
        | LimitKind::MessagesPerSecond
        | LimitKind::ExternalMessagesPerHour => habit.messages,
        LimitKind::MessagesPerMonth => habit.messages.saturating_mul(DAYS),
        LimitKind::RecipientsPerMonth => all.saturating_mul(DAYS),
        LimitKind::RecipientsPerDay
        | LimitKind::RecipientsPerHour
        | LimitKind::RecipientsPerMinute
        | LimitKind::RecipientsPerSecond
        | LimitKind::ExternalRecipientsPerDay
        | LimitKind::UniqueRecipientsPerDay
        | LimitKind::ExternalUniqueRecipientsPerDay
        | LimitKind::NewRecipientsPerDay => all,
        LimitKind::RecipientsPerMessage
        | LimitKind::RecipientsPerMessageSmtp
        | LimitKind::ExternalRecipientsPerMessage => habit.recipients,
        LimitKind::MessageSize => as_sent(habit.attachments),
        // Newsletters and shops write to strangers; of people it is not known.
        LimitKind::InternalMessagesPerHour
        | LimitKind::WaitHours
        | LimitKind::SharedDailyQuota
        | LimitKind::BulkForbidden
        | LimitKind::Other => return None,
    })
}

fn judge(
    kind: LimitKind,
    low: u64,
    high: u64,
    used: u64,
    habit: &Habit,
) -> (LimitOutcome, Option<LimitCondition>) {
    if used <= low {
        return (LimitOutcome::Fits, None);
    }
    let spans = Window::of(kind).in_a_day();
    let people = habit.sending == SendingKind::People;
    let newsletter = habit.sending == SendingKind::Newsletter;
    let when = match kind {
        // More than a whole day holds: spreading it out does not help.
        _ if spans > 1 && used > high.saturating_mul(spans) => None,
        _ if spans > 1 && !newsletter => Some(LimitCondition::AtOnce { spans: used.div_ceil(low.max(1)) }),
        _ if used <= high => Some(LimitCondition::LowEnd),
        LimitKind::RecipientsPerMessageSmtp | LimitKind::RelaysPerDay if people => {
            Some(LimitCondition::ByProgram)
        }
        LimitKind::ExternalRecipientsPerDay | LimitKind::ExternalRecipientsPerMessage if people => {
            Some(LimitCondition::AllOutside)
        }
        // The recipients of one message differ in any case.
        LimitKind::UniqueRecipientsPerDay | LimitKind::ExternalUniqueRecipientsPerDay
            if !newsletter && habit.recipients <= high =>
        {
            Some(LimitCondition::AllDifferent)
        }
        LimitKind::ExternalUniqueRecipientsPerDay if people => Some(LimitCondition::AllOutside),
        LimitKind::NewRecipientsPerDay => Some(LimitCondition::AllNew),
        LimitKind::MessagesPerMonth | LimitKind::RecipientsPerMonth => Some(LimitCondition::EveryDay),
        _ => None,
    };
    (if when.is_some() { LimitOutcome::Depends } else { LimitOutcome::Breaks }, when)
}

/// Which message of the day is the first that does not pass.
fn refused(kind: LimitKind, number: u64, habit: &Habit) -> Option<u64> {
    match kind {
        LimitKind::MessagesPerDay | LimitKind::RelaysPerDay => Some(number.saturating_add(1)),
        LimitKind::RecipientsPerDay | LimitKind::ExternalRecipientsPerDay => {
            number.checked_div(habit.recipients).map(|whole| whole.saturating_add(1))
        }
        _ => None,
    }
}
