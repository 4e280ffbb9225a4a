//! When a check may begin. What a person presses begins at once. An address that changes by itself may be the work of a
//! page that opened this one, or holds it in a frame: inside a frame of somebody else's nothing begins before a person
//! presses, and elsewhere a second lies between two checks that begin by themselves. The last address counts.

use yew::prelude::Context;

use super::{App, jobs::Job, state::Phase, view::Look};
use mail_triage_browser::clock;

/// Milliseconds between two checks that begin by themselves.
const APART: f64 = 1_000.0;

impl App {
    /// Whether the check at hand may begin now. If not, it waits for its turn or for a person, and the page shows that.
    pub fn may_begin(&mut self, ctx: &Context<Self>) -> bool {
        if self.allowed {
            return true;
        }
        if self.state.framed {
            self.idle();
            self.state.held = true;
            self.ask(ctx);
            return false;
        }
        let left = self.began + APART - clock::now();
        if left > 0.0 {
            self.idle();
            self.state.phase = Phase::Running;
            self.turns += 1;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a second")]
            self.job(ctx, Job::Turn(self.turns, left.ceil() as u32));
            return false;
        }
        self.began = clock::now();
        self.allowed = true;
        true
    }

    /// Starts the check at hand because a person wants it.
    pub fn pressed(&mut self, ctx: &Context<Self>) {
        self.allowed = true;
        self.look = Look::at_results(&self.state.route, true).or(self.look.take());
        self.begin(ctx);
    }
}
