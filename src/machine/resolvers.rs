//! Which resolver is asked, and which may see the user's keys.

use std::rc::Rc;

use mail_triage_engine::{
    knowledge::Resolvers,
    route::{is_on_this_machine, is_resolver_address},
};

use super::{
    Machine,
    check::{Check, Waits},
    effect::Effect,
    form::Sentence,
    routes::IGNORED,
    state::State,
};

/// Which resolver is asked.
#[derive(Clone, Debug, Default)]
pub struct Resolver {
    /// Those that can be chosen.
    pub list: Rc<Resolvers>,
    /// The one that was chosen: an id or an address; none for the first of the list.
    pub chosen: Option<String>,
    /// Addresses that the user agreed to.
    pub accepted: Vec<String>,
}

/// Who may see the user's keys for lists: the resolver that the user has chosen, the one that was named when a key was
/// put in, and those that the user agreed to when asked. A key is a part of the name that is looked up, so whoever runs a
/// resolver sees it; one that a link names, or that stands in for another, gets none unasked.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// Resolvers that may, besides the one that was chosen.
    pub entrusted: Vec<String>,
    /// Resolvers that may not.
    pub distrusted: Vec<String>,
    /// The resolver that would see them, until the user has said whether it may.
    pub question: Option<String>,
}

impl State {
    /// The resolver to ask first: what a link names and may name, else what was chosen.
    pub fn effective_resolver(&self) -> Option<String> {
        let Resolver { list, chosen, accepted } = &self.resolver;
        let named = self.route.resolver.as_ref();
        let allowed = named.filter(|named| list.by_id(named).is_some() || accepted.contains(named));
        allowed.or(chosen.as_ref()).cloned()
    }

    /// The resolver that would be asked first, as it is chosen: an id, or an address.
    pub fn first_resolver(&self) -> String {
        self.effective_resolver().or_else(|| self.resolver.list.chain.first().cloned()).unwrap_or_default()
    }

    /// Whether lookups have nowhere to go: a resolver on this machine needs no network.
    pub fn is_offline(&self) -> bool {
        !self.online && !self.effective_resolver().is_some_and(|resolver| is_on_this_machine(&resolver))
    }

    /// The address of a resolver that the link names, where the user has not agreed to it.
    pub(super) fn unconfirmed_resolver(&self) -> Option<String> {
        let named = self.route.resolver.as_ref().filter(|named| is_resolver_address(named))?;
        let known = self.resolver.accepted.contains(named) || self.resolver.chosen.as_ref() == Some(named);
        (!known).then(|| named.clone())
    }
}

impl Machine<'_> {
    /// Leaves out a resolver that a link or an earlier visit names and that is none, once the list is there.
    pub(super) fn know_resolvers(&mut self) {
        let State { resolver, route, notes, .. } = &mut *self.state;
        let list = &resolver.list;
        let is_unknown =
            |id: &String| !list.resolvers.is_empty() && list.by_id(id).is_none() && !is_resolver_address(id);
        if let Some(named) = route.resolver.take_if(|named| is_unknown(named)) {
            let mut note = Sentence::about(IGNORED, "text", &named);
            note.args.set("name", "resolver".into());
            notes.push(note);
        }
        if resolver.chosen.take_if(|kept| is_unknown(kept)).is_some() {
            self.do_(Effect::KeepResolver(None));
        }
    }

    /// The user says whether the resolver of a link may be used. It is not kept: the next visit asks again.
    pub(super) fn accept(&mut self, yes: bool) {
        let Check::Waiting(Waits::Consent(address)) = &self.state.check else { return };
        if yes {
            self.state.resolver.accepted.push(address.clone());
        } else {
            self.state.route.resolver = None;
            self.rewrite();
        }
        self.pressed();
    }

    /// The user chose a resolver, and it answers.
    pub(super) fn choose_resolver(&mut self, choice: String) {
        let before = self.state.effective_resolver();
        let waits = self.state.resolver_in_question().is_some();
        if self.state.route.resolver.as_ref() != Some(&choice) {
            // The choice counts, not what a link said.
            self.state.route.resolver = None;
            self.rewrite();
        }
        self.state.resolver.accepted.push(choice.clone());
        self.do_(Effect::KeepResolver(Some(choice.clone())));
        self.state.resolver.chosen = Some(choice);
        // A link may have named another one than was kept.
        if waits || self.state.effective_resolver() != before {
            self.begin();
        }
    }

    /// A key was put in, or taken back, beside the name of the resolver that will see it.
    pub(super) fn keys_changed(&mut self, any: bool) {
        if any {
            let who = self.state.first_resolver();
            // One that a link names is asked about again in the next visit.
            if self.state.route.resolver.as_ref() != Some(&who) {
                self.do_(Effect::KeepEntrusted(Some(who.clone())));
            }
            if !self.state.trust.entrusted.contains(&who) {
                self.state.trust.entrusted.push(who);
            }
        } else {
            self.state.trust.entrusted.clear();
            self.do_(Effect::KeepEntrusted(None));
        }
        self.state.turn.allowed = true;
        self.begin();
    }

    /// The user said whether the resolver in question may see the keys. It is not kept: the next visit asks again.
    pub(super) fn entrust(&mut self, yes: bool) {
        let Some(who) = self.state.trust.question.take() else { return };
        if yes {
            self.state.trust.entrusted.push(who);
            self.state.turn.allowed = true;
            self.begin();
        } else {
            self.state.trust.distrusted.push(who);
        }
    }
}
