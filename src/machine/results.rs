//! From what a run says to what is shown.

use std::rc::Rc;

use mail_triage_engine::{
    dns::Query,
    report::Report,
    route::{CheckRequest, View},
};

use super::{
    Machine,
    check::{Check, Detail, End, Outcome, Phase, Run},
    effect::Effect,
    form::Form,
};

impl Machine<'_> {
    /// The run at hand, if it is the one of this number. What an earlier one still says is left unheard.
    fn run(&mut self, number: u32) -> Option<&mut Run> {
        self.state.check.run_mut().filter(|run| run.number == number)
    }

    /// A run has begun.
    pub(super) fn began(&mut self, number: u32, unix: Option<i64>, example: Option<CheckRequest>) {
        let Some(run) = self.run(number) else { return };
        run.unix = unix;
        if let Some(asked) = example {
            self.state.form.text = Form::of(&asked);
        }
    }

    /// Takes what is known in a run.
    pub(super) fn told(&mut self, number: u32, report: Rc<Report>, end: Option<End>, patient: bool) {
        if self.run(number).is_none() {
            return;
        }
        let Some(mut run) = self.state.check.take_run() else { return };
        run.report = Some(report);
        if patient {
            run.detail = run.detail.max(Detail::Steps);
        }
        let settled = run.detail == Detail::All;
        self.state.check = match end {
            None => Check::Running(run),
            Some(End::Done) => Check::Done(run),
            Some(End::Stopped) => Check::Stopped(run),
        };
        if end.is_some() {
            self.do_(Effect::Fill { run: number, at_once: settled });
        }
        self.look();
    }

    /// Takes what is shown of a run after its end.
    pub(super) fn filled(&mut self, number: u32, outcome: Rc<Outcome>, asks_for_keys: Option<String>) {
        // It may have been begun again meanwhile.
        if self.state.phase() != Phase::Done {
            return;
        }
        let Some(run) = self.run(number) else { return };
        run.detail = Detail::All;
        run.outcome = outcome;
        self.state.trust.question = asks_for_keys;
        self.look();
    }

    /// The user stops the check.
    pub(super) fn stop(&mut self) {
        if let Check::Running(run) = &self.state.check {
            let number = run.number;
            self.do_(Effect::Cancel(number));
        }
    }

    /// The user wants failed lookups asked again.
    pub(super) fn retry(&mut self, queries: Option<Rc<[Query]>>) {
        if self.state.is_seen() {
            return self.again(false);
        }
        // The record that is put together asks again by itself; what the page asks for it is asked anew.
        if matches!(self.state.route.view, View::Build(_)) {
            self.state.fresh = true;
            return self.pressed();
        }
        match std::mem::take(&mut self.state.check) {
            Check::Running(run) | Check::Done(run) => {
                let number = run.number;
                self.state.check = Check::Running(run);
                self.do_(Effect::Retry(number, queries));
            }
            // It was stopped: what it has learnt is kept, the rest is asked.
            check => {
                self.state.check = check;
                self.pressed();
            }
        }
    }
}
