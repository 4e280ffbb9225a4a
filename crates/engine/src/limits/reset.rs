//! When a limit that was reached is free again.

use super::Window;
use crate::knowledge::{Counting, Limit, LimitKind, Provider};

/// What is known of it. No provider of the list publishes a time of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// Waiting does not help: the limit is one of each message.
    Never,
    /// The provider counts the hours before: room comes back bit by bit, all of it after so many hours.
    Rolling {
        /// Hours.
        hours: u32,
    },
    /// The provider stops the account for as long as this.
    Stopped {
        /// Hours at most.
        hours: u32,
    },
    /// How it counts is not published. However it does, nothing is left of the span so many hours after the last
    /// message.
    Span {
        /// Hours at most.
        hours: u32,
    },
    /// Seconds or minutes: sending slower is enough.
    Slower,
    /// Not published, and the span is no number of hours.
    Unknown,
}

impl Reset {
    /// For this limit of the provider.
    pub(super) fn of(provider: &Provider, limit: &Limit) -> Option<Self> {
        let window = Window::of(limit.kind);
        let stopped = provider.limit(LimitKind::WaitHours).and_then(|wait| wait.value);
        Some(match (window, window.hours()) {
            (Window::Message, _) => Self::Never,
            (Window::Second | Window::Minute, _) => Self::Slower,
            // However it counts, an account that is stopped waits until it is let go.
            (Window::Day, Some(_)) if let Some(hours) = stopped => Self::Stopped { hours },
            (_, Some(hours)) if limit.reset == Counting::Rolling => Self::Rolling { hours },
            (_, Some(hours)) => Self::Span { hours },
            (_, None) => Self::Unknown,
        })
    }

    /// Hours after which there is room again at the latest.
    #[must_use]
    pub fn hours(self) -> Option<u32> {
        match self {
            Self::Rolling { hours } | Self::Stopped { hours } | Self::Span { hours } => Some(hours),
            Self::Never | Self::Slower | Self::Unknown => None,
        }
    }
}
