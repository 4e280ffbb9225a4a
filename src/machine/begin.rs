//! From the address of the page to a run.

use mail_triage_engine::{
    dns::Name,
    route::{Building, CheckRequest, View},
    target::Target,
};

use super::{
    Machine,
    check::{About, Check, Detail, Kind, Order, Outcome, Run, Waits},
    effect::Effect,
    files::Need,
    form::Sentence,
    reader::is_message,
    routes::{IGNORED, Look},
    state::EXAMPLES,
};

impl Machine<'_> {
    /// Starts the check at hand because a person wants it.
    pub(super) fn pressed(&mut self) {
        self.state.turn.allowed = true;
        let look = Look::at_results(&self.state.route, true, false);
        self.state.look = look.or(self.state.look.take());
        self.begin();
    }

    /// Starts what the address asks for. Whatever ran before is cancelled.
    pub(super) fn begin(&mut self) {
        match self.state.route.view.clone() {
            View::Home if self.state.asked_recipient().is_none() => {
                self.idle();
                if self.asks_for_consent() {
                    self.look_at_notices();
                }
            }
            // An address that opens the field: what then happens there is none of the address.
            View::Message => {
                self.idle();
                self.state.route.view = View::Home;
                self.rewrite();
                self.do_(Effect::OpenMessage);
            }
            View::Example(id) if !EXAMPLES.contains(&id.as_str()) => {
                self.idle();
                let values = [("name", "#".into()), ("text", id.as_str().into())];
                self.state.notes.push(Sentence::with(IGNORED, values));
            }
            View::Many if !self.state.files.has(Need::Tools, self.state.language) => self.wait(),
            View::Many => {
                self.idle();
                if self.asks_for_consent() {
                    self.look_at_notices();
                }
            }
            _ if self.state.reader.is_none() => self.wait(),
            // An error was pasted that names no sender: the run is about the recipient's domain alone.
            View::Home => self.live(Target::default()),
            View::Check(asked) => self.check(&asked),
            View::Build(building) => self.build(&building),
            View::Example(id) => self.example(id),
            View::Seen(_) => self.seen(),
        }
    }

    /// Goes back to the question.
    pub(super) fn idle(&mut self) {
        self.state.check = Check::Idle;
        self.do_(Effect::End);
    }

    /// Until the files are there.
    fn wait(&mut self) {
        self.do_(Effect::End);
        self.state.form.error = None;
        self.state.check = Check::Waiting(Waits::Files);
        // Texts of findings, and what draws them, are fetched while answers are awaited.
        let only_looks_up = matches!(self.state.route.view, View::Check(_) | View::Home);
        self.need(if only_looks_up { Need::Lookups } else { self.state.need() });
    }

    /// Starts the check that the address asks for. An e-mail address stands only in the box.
    fn check(&mut self, asked: &CheckRequest) {
        let Some(reader) = self.state.reader else { return };
        let mut asked = asked.clone();
        // What names people goes out of the address: a link may have been written elsewhere.
        if let Some(piece) = (reader.piece)(&asked.what).filter(|piece| *piece != asked.what) {
            asked.what = piece;
            self.state.route.view = View::Check(asked.clone());
            self.rewrite();
        }
        let typed = &self.state.form.text.what;
        if reader.is_what(typed, &asked.what) {
            asked.what.clone_from(typed);
        }
        match (reader.target)(&asked) {
            Ok((target, notes)) => {
                self.state.notes.retain(|note| note.key.starts_with(IGNORED));
                self.state.notes.extend(notes);
                if self.asks_for_consent() {
                    self.look_at_notices();
                } else {
                    self.live(target);
                }
            }
            // A number that looked like a name until the engine was there. It is read, and goes into no link either.
            Err(sentence) if is_message(&sentence) => {
                self.idle();
                self.state.route.view = View::Home;
                self.rewrite();
                self.do_(Effect::ReadMessage(asked.what));
            }
            Err(sentence) => {
                self.idle();
                self.state.form.error = Some(sentence);
            }
        }
    }

    /// Starts a live check, or waits for what it needs.
    fn live(&mut self, target: Target) {
        if !self.state.files.has(Need::Lookups, self.state.language) {
            return self.wait();
        }
        if self.may_begin() {
            let recipient = self.state.asked_recipient().cloned();
            self.start(Kind::Live, Target { recipient, ..target });
        }
    }

    /// Shows an example from records that came with the page.
    fn example(&mut self, id: String) {
        if !self.state.files.has(Need::Example, self.state.language) {
            return self.wait();
        }
        self.start(Kind::Example(id), Target::default());
    }

    /// Shows what an earlier check saw.
    fn seen(&mut self) {
        if !self.state.files.has(Need::Seen, self.state.language) {
            return self.wait();
        }
        self.start(Kind::Seen, Target::default());
    }

    /// The user wants the check again. What an earlier one saw is asked anew by a check of its own.
    pub(super) fn again(&mut self, fresh: bool) {
        if self.state.is_seen() {
            return self.submit(self.state.form.text.clone());
        }
        self.state.fresh |= fresh;
        self.pressed();
    }

    /// Goes to the page on which a record is put together. What stands there now is looked up, unless the run at hand has.
    fn build(&mut self, building: &Building) {
        let Some(reader) = self.state.reader else { return };
        if !self.state.files.has(Need::Check, self.state.language) {
            return self.wait();
        }
        let asked = CheckRequest { what: building.what.clone(), ..CheckRequest::default() };
        let domain = match (reader.target)(&asked) {
            Ok((Target { domain: Some(domain), .. }, _)) => domain,
            Ok(_) => return self.cannot_build(Sentence::plain("build.error.domain")),
            Err(sentence) => return self.cannot_build(sentence),
        };
        if building.what.contains('@') {
            let what = domain.to_string();
            self.state.route.view = View::Build(Building { what: what.clone(), ..building.clone() });
            self.state.form.text.what = what;
            self.rewrite();
        }
        if self.asks_for_consent() {
            return;
        }
        let resolver = self.state.effective_resolver();
        let about = self.state.check.run().and_then(|run| run.about.as_ref());
        let about = about.filter(|about| about.target.domain.as_ref() == Some(&domain)).cloned();
        let through_same = about.as_ref().is_some_and(|about| about.resolver == resolver);
        let holds = match self.state.check.run().map(|run| &run.kind) {
            Some(Kind::Live) => true,
            Some(Kind::Build(kind)) => *kind == building.kind,
            Some(Kind::Example(_) | Kind::Seen) | None => false,
        };
        let known = holds && through_same && !self.state.fresh;
        self.do_(Effect::Build(Some((building.clone(), domain.clone())), self.state.fresh));
        if !known {
            if !self.may_begin() {
                return;
            }
            self.start(Kind::Build(building.kind), said(about, domain));
        }
        self.do_(Effect::BuildOn);
    }

    fn cannot_build(&mut self, sentence: Sentence) {
        self.do_(Effect::Build(None, false));
        self.state.form.error = Some(sentence);
        self.idle();
    }

    /// Starts a run in place of the one before.
    fn start(&mut self, kind: Kind, target: Target) {
        self.state.turn.runs += 1;
        let run = self.state.turn.runs;
        let is_recorded = kind.is_recorded();
        let about = About { target, resolver: self.state.effective_resolver() };
        self.state.trust.question = None;
        self.state.form.error = None;
        self.state.check = Check::Running(Run {
            number: run,
            about: (!is_recorded).then(|| about.clone()),
            kind: kind.clone(),
            unix: None,
            report: None,
            detail: Detail::default(),
            outcome: Outcome::default().into(),
        });
        // What is recorded asks nobody, so it is never asked anew.
        let fresh = !is_recorded && std::mem::take(&mut self.state.fresh);
        self.do_(Effect::Start(Box::new(Order { run, kind, about, fresh })));
        self.need(self.state.need());
    }

    /// Whether the check at hand may begin now. If not, it waits for its turn or for a person, and the page shows that.
    fn may_begin(&mut self) -> bool {
        let turn = &mut self.state.turn;
        if turn.allowed {
            return true;
        }
        if turn.framed {
            self.idle();
            self.state.check = Check::Waiting(Waits::Person);
            self.look_at_notices();
            return false;
        }
        if turn.resting {
            self.idle();
            self.state.check = Check::Waiting(Waits::Turn);
            return false;
        }
        turn.resting = true;
        turn.allowed = true;
        turn.rests += 1;
        let rests = turn.rests;
        self.do_(Effect::Rest(rests));
        true
    }

    /// The second after a check that began by itself is over.
    pub(super) fn rested(&mut self, rest: u32) {
        if rest != self.state.turn.rests {
            return;
        }
        self.state.turn.resting = false;
        if matches!(self.state.check, Check::Waiting(Waits::Turn)) {
            self.begin();
        }
    }
}

/// What the user said of the domain before, such as the addresses that send, is in the record that is proposed.
fn said(about: Option<About>, domain: Name) -> Target {
    about.map_or_else(|| Target::domain(domain), |about| about.target)
}
