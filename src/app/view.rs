//! What is brought into view: the headline after a check was asked for, a result that a link names, a question.

use yew::prelude::Context;

use super::{
    App,
    jobs::Job,
    state::{Phase, State},
};
use mail_triage_browser::{address, dom};
use mail_triage_engine::route::Route;

/// The id of the headline of the results.
pub const HEADLINE: &str = "headline";
/// The id of the line that says what was asked.
pub const ASKED: &str = "asked";
/// The id of the line that says which message is explained.
pub const ASKED_OF_PASTE: &str = "asked-of-paste";
/// The id of what stands above them: notes, questions.
pub const NOTICES: &str = "notices";
/// What the ids of the rows in the list of causes begin with.
pub const CAUSE: &str = "cause-";

/// What is to be brought into view, once it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look {
    /// The headline, as soon as there is one.
    Headline {
        /// Whether a person asked for it: else whoever types meanwhile is left alone.
        pressed: bool,
    },
    /// The result of this name, once the check has come to its end.
    Finding(String),
}

impl Look {
    /// Where whoever goes to this address wants to look. Whoever types something meanwhile is left alone, unless it was
    /// `pressed`.
    pub fn at_results(route: &Route, pressed: bool) -> Option<Self> {
        if !route.has_findings() || !pressed && dom::is_typing() {
            return None;
        }
        Some(route.finding.clone().map_or(Self::Headline { pressed }, Self::Finding))
    }
}

impl State {
    /// The address of what is shown, for somebody else.
    pub fn link(&self) -> String {
        address::address_with(&self.route.to_share().with_finding(None).to_string())
    }
}

impl App {
    /// The results have changed: what was waited for may be there.
    pub fn look(&mut self, ctx: &Context<Self>) {
        let ended = self.state.phase == Phase::Done && self.state.settled;
        match self.look.take() {
            Some(Look::Headline { pressed }) if pressed || !dom::is_typing() => {
                self.job(ctx, Job::Headline(HEADLINE));
            }
            Some(Look::Headline { .. }) => {}
            Some(Look::Finding(name)) if ended => self.reveal_finding(ctx, &name),
            waits => self.look = waits,
        }
        if ended && self.state.key_question.is_some() && dom::has_focus(HEADLINE) {
            self.job(ctx, Job::Reveal(NOTICES.to_owned()));
        }
    }

    /// The address names another result of the same check, or none any more: then it is the list that is gone back to.
    pub fn look_again(&mut self, ctx: &Context<Self>, before: &Route) {
        match (&before.finding, self.state.route.finding.clone()) {
            (_, Some(name)) => {
                self.look = Some(Look::Finding(name));
                self.look(ctx);
            }
            (Some(name), None) => self.job(ctx, Job::Focus(format!("{CAUSE}{name}"))),
            (None, None) => {}
        }
    }

    /// The user wants to see a result from the list of causes: it becomes a part of the address, and Back leads to the
    /// list again.
    pub fn see(&mut self, ctx: &Context<Self>, name: String) {
        let route = self.state.route.with_finding(Some(name.clone()));
        if route == self.state.route {
            self.reveal_finding(ctx, &name);
        } else {
            address::go_to(&route.to_string());
        }
    }

    /// The user goes back from a result to the list of causes, whether the address names the result or not.
    pub fn go_to_causes(&self, ctx: &Context<Self>, name: &str) {
        if self.state.route.finding.is_some() {
            address::go_to(&self.state.route.with_finding(None).to_string());
        } else {
            self.job(ctx, Job::Focus(format!("{CAUSE}{name}")));
        }
    }

    /// Shows a result; the headline where it is not there any more.
    fn reveal_finding(&self, ctx: &Context<Self>, name: &str) {
        let (program, report) = (self.state.program, self.state.report.as_ref());
        match program.zip(report).and_then(|(program, report)| (program.element_of)(report, name)) {
            Some(id) => self.job(ctx, Job::Reveal(id)),
            None => self.job(ctx, Job::Headline(HEADLINE)),
        }
    }

    /// Brings the question that stands above the results into view, which nothing goes on without.
    pub fn ask(&mut self, ctx: &Context<Self>) {
        self.look = None;
        if !dom::is_typing() {
            self.job(ctx, Job::Reveal(NOTICES.to_owned()));
        }
    }
}
