//! Addresses: links, Back and Forward, and what is brought into view.

use mail_triage_engine::{
    route::{IgnoredReason, Route, View},
    text,
};

use super::{
    Machine,
    check::{Check, Phase, Waits},
    effect::{Effect, Place, When},
    form::{Form, Sentence},
    state::Connection,
};

/// The id of the headline of the results.
pub const HEADLINE: &str = "headline";
/// The id of what stands above them: notes, questions.
pub const NOTICES: &str = "notices";
/// What the ids of the rows in the list of causes begin with.
pub const CAUSE: &str = "cause-";
/// The id of the heading of the page on which a record is put together.
const BUILD: &str = "build-title";
/// What is said of a part of a link that was left out; the keys of its variants begin with it.
pub const IGNORED: &str = "ui.ignored";

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
    /// Where whoever goes to this address wants to look. Whoever is `typing` something meanwhile is left alone, unless it was
    /// `pressed`.
    pub(super) fn at_results(route: &Route, pressed: bool, typing: bool) -> Option<Self> {
        if !route.has_findings() || !pressed && typing {
            return None;
        }
        Some(route.finding.clone().map_or(Self::Headline { pressed }, Self::Finding))
    }
}

impl Machine<'_> {
    /// The address changed: by a link, by the form, by Back and Forward.
    pub(super) fn routed(&mut self, fragment: &str, pressed: bool, typing: bool) {
        let before = std::mem::take(&mut self.state.route);
        self.go(fragment);
        let route = &self.state.route;
        if let Some(language) = route.lang.as_deref().and_then(text::known)
            && language != self.state.wanted_language
        {
            self.speak(language);
        }
        let what = |route: &Route| route.asked().map(|asked| asked.what.clone());
        if what(&before) != what(&self.state.route) {
            // The answer belongs to the check that it was asked for.
            self.state.beside.connection = Connection::Unknown;
            self.do_(Effect::ForgetConnection);
        }
        if before.view != self.state.route.view {
            self.forget_seen();
        }
        let same = before.view == self.state.route.view && before.resolver == self.state.route.resolver;
        // Whoever is typing keeps the form.
        self.state.form.open = !pressed && typing;
        if !same || pressed {
            self.state.turn.allowed = pressed;
        }
        if !same || self.state.check.run().is_none() {
            self.state.look = Look::at_results(&self.state.route, pressed, typing);
            self.begin();
        } else {
            self.look_again(&before);
        }
        if matches!((&before.view, &self.state.route.view), (View::Check(_), View::Build(_))) {
            self.show(Place::Reveal(BUILD.to_owned()), When::Always);
        }
    }

    /// Takes an address in.
    fn go(&mut self, fragment: &str) {
        let (route, ignored) = Route::parse(fragment);
        let state = &mut *self.state;
        state.notes.clear();
        let more: usize = ignored.iter().map(|ignored| ignored.more).sum();
        for ignored in ignored {
            let (key, most) = match ignored.why {
                IgnoredReason::TooMany(most) => ("ui.ignored.many", most),
                IgnoredReason::Unknown => (IGNORED, 0),
            };
            let mut note = Sentence::about(key, "text", &ignored.value);
            note.args.set("name", ignored.name.into());
            note.args.set("most", most.into());
            state.notes.push(note);
        }
        if more > 0 {
            state.notes.push(Sentence::with("ui.ignored.more", [("n", more.into())]));
        }
        let text = &mut state.form.text;
        match &route.view {
            View::Check(check) => {
                let typed = std::mem::replace(text, Form::of(check)).what;
                // What was typed stays in the box: the address of the page has only the piece that counts.
                if state.reader.is_some_and(|reader| reader.is_what(&typed, &check.what)) {
                    text.what = typed;
                }
            }
            View::Build(building) => text.what.clone_from(&building.what),
            _ => {}
        }
        state.route = route;
        state.form.error = None;
        self.know_resolvers();
    }

    /// Writes the route into the address of the page.
    pub(super) fn rewrite(&mut self) {
        self.do_(Effect::Rewrite(self.state.route.to_string()));
    }

    pub(super) fn show(&mut self, place: Place, when: When) {
        self.do_(Effect::Show(place, when));
    }

    /// The results have changed: what was waited for may be there.
    pub(super) fn look(&mut self) {
        let ended = self.state.phase() == Phase::Done && self.state.is_settled();
        match self.state.look.take() {
            Some(Look::Headline { pressed }) => {
                let when = if pressed { When::Always } else { When::UnlessTyping };
                self.show(Place::Headline(HEADLINE), when);
            }
            Some(Look::Finding(name)) if ended => self.show(Place::Finding(name), When::Always),
            waits => self.state.look = waits,
        }
        if ended && self.state.trust.question.is_some() {
            self.show(Place::Reveal(NOTICES.to_owned()), When::WhereFocused(HEADLINE));
        }
    }

    /// The address names another result of the same check, or none any more: then it is the list that is gone back to.
    fn look_again(&mut self, before: &Route) {
        match (&before.finding, self.state.route.finding.clone()) {
            (_, Some(name)) => {
                self.state.look = Some(Look::Finding(name));
                self.look();
            }
            (Some(name), None) => self.show(Place::Focus(format!("{CAUSE}{name}")), When::Always),
            (None, None) => {}
        }
    }

    /// The user wants to see a result from the list of causes: it becomes a part of the address, and Back leads to the
    /// list again.
    pub(super) fn see(&mut self, name: String) {
        let route = self.state.route.with_finding(Some(name.clone()));
        if route == self.state.route {
            self.show(Place::Finding(name), When::Always);
        } else {
            self.do_(Effect::GoTo(route.to_string()));
        }
    }

    /// The user goes back from a result to the list of causes, whether the address names the result or not.
    pub(super) fn back_to_causes(&mut self, name: &str) {
        if self.state.route.finding.is_some() {
            self.do_(Effect::GoTo(self.state.route.with_finding(None).to_string()));
        } else {
            self.show(Place::Focus(format!("{CAUSE}{name}")), When::Always);
        }
    }

    /// Brings the question that stands above the results into view, which nothing goes on without.
    pub(super) fn look_at_notices(&mut self) {
        self.state.look = None;
        self.show(Place::Reveal(NOTICES.to_owned()), When::UnlessTyping);
    }

    /// Whether the link names a resolver that the user has to agree to first: then the check waits for that.
    pub(super) fn asks_for_consent(&mut self) -> bool {
        let Some(address) = self.state.unconfirmed_resolver() else { return false };
        self.idle();
        self.state.check = Check::Waiting(Waits::Consent(address));
        true
    }
}
