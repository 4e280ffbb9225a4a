//! The choice of a resolver: what is tried before it is used, and what came of that.

use mail_triage_engine::{
    facts::{Ask, Step},
    knowledge::Resolvers,
    resolver_trust::Probe,
    route::is_resolver_address,
};

/// How far the choice is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// An address is being typed.
    #[default]
    Typing,
    /// One of the list is tried; there is nothing to be typed.
    TryingListed,
    /// What was typed is tried.
    TryingTyped,
    /// What was typed is no address.
    NoAddress,
    /// The resolver gave no answer, or none that a truthful one gives.
    NotTruthful,
}

/// A resolver that is being chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ResolverChoice {
    /// Which of the choices of this visit it is; the first has the number 1.
    number: u32,
    address: String,
    stage: Stage,
}

impl ResolverChoice {
    /// Whether another choice was made since.
    pub fn is_before(&self, number: u32) -> bool {
        self.number < number
    }

    /// A choice begins: with an id of the list, which is tried at once, or with nothing, to be typed.
    pub fn begin(&mut self, number: u32, choice: &str) {
        let stage = if choice.is_empty() { Stage::Typing } else { Stage::TryingListed };
        *self = Self { number, address: choice.to_owned(), stage };
    }

    /// What stands in the field.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// How far it is.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// The user types. What is tried meanwhile does not count any more.
    pub fn enter(&mut self, text: String) {
        self.address = text;
        self.stage = Stage::Typing;
    }

    /// The address of what was chosen or typed, which is to be tried now; none, and it is said, where it is none.
    pub fn start(&mut self, resolvers: &Resolvers) -> Option<String> {
        self.address = self.address.trim().to_owned();
        let listed = resolvers.by_id(&self.address).map(|resolver| resolver.url.clone());
        let url = listed.or_else(|| is_resolver_address(&self.address).then(|| self.address.clone()));
        self.stage = match (&url, self.stage) {
            (None, _) => Stage::NoAddress,
            (Some(_), Stage::TryingListed) => Stage::TryingListed,
            (Some(_), _) => Stage::TryingTyped,
        };
        url
    }

    /// It does not answer as it should.
    pub fn refuse(&mut self) {
        self.stage = Stage::NotTruthful;
    }
}

/// Whether a resolver answers, and does not hold back or change answers, as far as is known. One question after the other:
/// what is not met ends it. A resolver that denied what everybody knows would deny other names too: that a domain has no mail
/// would be its own invention.
///
/// # Errors
/// While an answer is awaited.
pub fn trial(ask: &impl Ask) -> Step<bool> {
    for probe in Probe::all() {
        if !probe.is_met(ask.ask(&probe.query)?) {
            return Ok(false);
        }
    }
    Ok(true)
}

#[cfg(test)]
mod tests {
    use mail_triage_engine::{
        dns::{Failure, Outcome},
        facts::Facts,
        knowledge::Resolver,
        zone::Zone,
    };

    use super::*;

    fn listed() -> Resolvers {
        let one = Resolver {
            id: "one".to_owned(),
            url: "https://one.example/dns-query".to_owned(),
            ..Resolver::default()
        };
        Resolvers { resolvers: vec![one], ..Resolvers::default() }
    }

    #[test]
    fn one_of_the_list_is_tried_at_once_and_asks_for_no_address() {
        let mut choice = ResolverChoice::default();
        assert!(choice.is_before(1));
        choice.begin(1, "one");
        assert!(!choice.is_before(1) && choice.is_before(2));
        assert_eq!(choice.start(&listed()).as_deref(), Some("https://one.example/dns-query"));
        assert_eq!(choice.stage(), Stage::TryingListed);
        choice.refuse();
        assert_eq!((choice.stage(), choice.address()), (Stage::NotTruthful, "one"));
    }

    #[test]
    fn what_is_typed_is_tried_if_it_is_an_address() {
        let mut choice = ResolverChoice::default();
        choice.begin(1, "");
        choice.enter(" dns.example ".to_owned());
        assert_eq!(choice.start(&listed()), None);
        assert_eq!((choice.stage(), choice.address()), (Stage::NoAddress, "dns.example"));
        choice.enter("https://dns.example/dns-query ".to_owned());
        assert_eq!(choice.stage(), Stage::Typing);
        assert_eq!(choice.start(&listed()).as_deref(), Some("https://dns.example/dns-query"));
        assert_eq!(choice.stage(), Stage::TryingTyped);
    }

    #[test]
    fn typing_ends_a_trial() {
        let mut choice = ResolverChoice::default();
        choice.begin(1, "one");
        choice.start(&listed());
        choice.enter("https://".to_owned());
        assert_eq!(choice.stage(), Stage::Typing);
    }

    #[test]
    fn a_trial_asks_one_question_after_the_other_and_ends_with_what_is_not_met() {
        let zone = Zone::parse(
            ". 300 NS a.root-servers.net.\ngmail.com. 300 MX 5 mx.example.\ngmail.com. 300 TXT \"v=spf1 -all\"\n",
        )
        .unwrap();
        let mut facts = Facts::default();
        let mut asked = 0;
        for probe in Probe::all() {
            assert!(trial(&facts).is_err());
            facts.insert(probe.query.clone(), zone.ask(&probe.query).unwrap().clone());
            asked += 1;
        }
        assert_eq!((trial(&facts), asked), (Ok(true), Probe::all().len()));
        let mut facts = Facts::default();
        facts.insert(Probe::all()[0].query.clone(), Outcome::failed(Failure::TimedOut));
        assert_eq!(trial(&facts), Ok(false));
    }
}
