//! What to do when a limit is in the way: wait, get a larger account, use a service made for it.

use super::{Habit, LimitCondition, LimitOutcome, LimitRow, Window, amount};
use crate::knowledge::{Limit, LimitKind, Provider, ProviderKind, Providers};

/// So many services are named.
const MOST_SERVICES: usize = 6;

/// The ways out.
#[derive(Clone, Debug, Default)]
pub struct Alternatives<'a> {
    /// Divide the list: so many messages instead of one.
    pub split: Option<u64>,
    /// Accounts at the same provider with a number that is large enough.
    pub upgrades: Vec<Upgrade<'a>>,
    /// Services made for sending, with what they give for nothing where that is known.
    pub services: Vec<(&'a Provider, Option<&'a Limit>)>,
    /// They send for a domain of one's own only: an address at the provider's domain cannot move there.
    pub own_domain: bool,
}

/// An account with a larger number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upgrade<'a> {
    /// Its proper name; none for an ordinary account instead of one on trial.
    pub plan: Option<&'a str>,
    /// Its number, the low end of a range.
    pub number: u32,
    /// The high end.
    pub max: Option<u32>,
}

pub(super) fn ways<'a>(
    providers: &'a Providers,
    provider: &'a Provider,
    rows: &[LimitRow<'a>],
    first: Option<&LimitRow<'a>>,
    habit: &Habit,
) -> Alternatives<'a> {
    let Some(row) = first else { return Alternatives::default() };
    let per_message = Window::of(row.limit.kind) == Window::Message;
    let split = (per_message && row.limit.kind != LimitKind::MessageSize && row.number > 0)
        .then(|| row.used.div_ceil(row.number));
    // A larger number of messages is no help where each message is too large for any of them.
    let services =
        if row.limit.kind == LimitKind::MessageSize { Vec::new() } else { services(providers, provider) };
    Alternatives {
        split,
        upgrades: upgrades(provider, rows, row, habit),
        own_domain: !services.is_empty() && !provider.domains.is_empty(),
        services,
    }
}

/// Numbers of the same kind under which what is sent fits.
fn upgrades<'a>(
    provider: &'a Provider,
    rows: &[LimitRow<'a>],
    row: &LimitRow<'a>,
    habit: &Habit,
) -> Vec<Upgrade<'a>> {
    let mut found = Vec::new();
    for limit in provider.limits.iter().filter(|limit| limit.kind == row.limit.kind) {
        let Some(number) = limit.value else { continue };
        let other = amount::row(limit, Some(number), limit.max, false, habit);
        let same = limit == row.limit && !row.trial;
        let holds =
            matches!((other.state, other.when), (LimitOutcome::Fits, _) | (_, Some(LimitCondition::LowEnd)));
        // The ordinary account is one already where nothing was said of it.
        let counted =
            rows.iter().any(|row| row.limit == limit && !row.trial && row.state == LimitOutcome::Fits);
        let news = limit.plan.is_some() || row.trial || !counted;
        if holds && !same && news {
            found.push(Upgrade { plan: limit.plan.as_deref(), number, max: limit.max });
        }
    }
    found
}

fn services<'a>(providers: &'a Providers, provider: &Provider) -> Vec<(&'a Provider, Option<&'a Limit>)> {
    let all = providers.providers.iter();
    let services = all
        .filter(|other| other.kind == ProviderKind::Esp && !other.smtp.is_empty() && other.id != provider.id);
    let free = |other: &'a Provider| {
        let kinds = [LimitKind::MessagesPerDay, LimitKind::MessagesPerMonth];
        kinds.iter().find_map(|&kind| other.limit(kind)).filter(|limit| limit.plan.is_some())
    };
    services.take(MOST_SERVICES).map(|other| (other, free(other))).collect()
}
