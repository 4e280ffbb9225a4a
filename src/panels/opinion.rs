//! Whom to ask for a second opinion, and what has come of it.

use mail_triage_engine::{
    dns::Query,
    facts::{Facts, Question},
    knowledge::Resolvers,
    opinion::{Opinion, Said, Unasked, VerdictRow, compare, verdicts},
    report::Report,
    route::is_resolver_address,
};

/// Who may be second: those that stand in for others first. The first is not asked twice.
pub fn seconds(resolvers: &Resolvers, first: &str) -> Vec<String> {
    let mut seconds: Vec<String> = Vec::new();
    for resolver in resolvers.chain().chain(&resolvers.resolvers) {
        if resolver.id != first && !seconds.contains(&resolver.id) {
            seconds.push(resolver.id.clone());
        }
    }
    seconds
}

/// Whom the user wants to be second.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Second {
    /// An id of the list, or an address.
    pub whom: String,
    /// What is typed as the address of another one, while that is wanted.
    pub typed: Option<String>,
    /// What was typed is no address.
    pub is_wrong: bool,
}

impl Second {
    /// The first of those that there are.
    pub fn new(seconds: &[String]) -> Self {
        Self { whom: seconds.first().cloned().unwrap_or_default(), ..Self::default() }
    }

    /// The user chose one of the list; an empty id is an address that is to be typed. Whether somebody is to be asked.
    pub fn choose(&mut self, id: &str) -> bool {
        self.is_wrong = false;
        self.typed = id.is_empty().then(String::new);
        if !id.is_empty() {
            id.clone_into(&mut self.whom);
        }
        !id.is_empty()
    }

    /// The user types an address.
    pub fn enter(&mut self, text: String) {
        self.typed = Some(text);
        self.is_wrong = false;
    }

    /// The user wants what was typed asked, or the same as before. Whether somebody is to be asked.
    pub fn take(&mut self) -> bool {
        let Some(typed) = self.typed.as_deref().map(str::trim) else { return true };
        self.is_wrong = !is_resolver_address(typed);
        if !self.is_wrong {
            self.whom = typed.to_owned();
        }
        !self.is_wrong
    }
}

/// What one of the two has said.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// When it was asked, in seconds since 1970.
    pub unix: i64,
    /// Lookups done, and known to be needed.
    pub progress: (usize, usize),
    /// All that it said, and what the checks make of it; none while answers are awaited.
    pub all: Option<(Facts, Report)>,
}

/// Both held against each other.
#[derive(Debug, PartialEq)]
pub struct Compared {
    /// Answer by answer.
    pub opinion: Opinion,
    /// Check by check.
    pub verdicts: Vec<VerdictRow>,
}

impl Compared {
    /// Once both have said everything.
    pub fn of([first, second]: &[Answers; 2]) -> Option<Self> {
        let ((first_facts, first_report), (second_facts, second_report)) =
            (first.all.as_ref()?, second.all.as_ref()?);
        let said = |answers: &Answers, facts| Said { unix: answers.unix, facts };
        let domain = first_report.target.domain.as_ref();
        Some(Self {
            opinion: compare(said(first, first_facts), said(second, second_facts), domain),
            verdicts: verdicts(first_report, second_report),
        })
    }
}

/// Of what was learnt, all that no resolver said.
pub fn without_records(facts: &Facts) -> Facts {
    let mut facts = facts.clone();
    facts.retain(|question, _| !matches!(question, Question::Records(_)));
    facts
}

/// What could not be asked of whom, by the reason: the questions of each.
pub fn unasked(opinion: &Opinion) -> Vec<(&Unasked, Vec<&Query>)> {
    let mut groups: Vec<(&Unasked, Vec<&Query>)> = Vec::new();
    for one in &opinion.unasked {
        match groups.iter_mut().find(|(of, _)| (of.whom, of.failure) == (one.whom, one.failure)) {
            Some((_, queries)) => queries.push(&one.query),
            None => groups.push((one, vec![&one.query])),
        }
    }
    groups
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use mail_triage_engine::{
        dns::OWN_RESOLVER,
        session::Session,
        target::{ListKeys, Target},
    };

    use super::*;

    fn resolvers() -> Resolvers {
        serde_json::from_str(include_str!("../../www/data/resolvers.json")).unwrap()
    }

    #[test]
    fn the_second_is_the_next_of_the_chain_and_never_the_first() {
        let seconds = |first| seconds(&resolvers(), first);
        assert_eq!(seconds("cloudflare")[0], "google");
        assert_eq!(seconds("google")[0], "cloudflare");
        assert_eq!(seconds(OWN_RESOLVER)[0], "cloudflare");
        assert_eq!(seconds("seby").len(), resolvers().resolvers.len() - 1);
    }

    #[test]
    fn an_address_is_asked_once_it_is_one() {
        let mut second = Second::new(&seconds(&resolvers(), "cloudflare"));
        assert_eq!((second.whom.clone(), second.take()), ("google".to_owned(), true));
        assert!(!second.choose(""), "it is to be typed first");
        second.enter("dns.example".to_owned());
        assert!(!second.take() && second.is_wrong);
        assert_eq!(second.whom, "google");
        second.enter(" https://dns.example/dns-query ".to_owned());
        assert!(second.take() && !second.is_wrong);
        assert_eq!(second.whom, "https://dns.example/dns-query");
        assert!(second.choose("dnssb"));
        assert_eq!((second.whom.as_str(), second.typed), ("dnssb", None));
    }

    #[test]
    fn nothing_is_compared_before_both_are_heard() {
        let session = Session::new(Target::default(), Rc::default(), ListKeys::default());
        let heard = Answers { all: Some((Facts::default(), session.report())), ..Answers::default() };
        assert_eq!(Compared::of(&[heard.clone(), Answers::default()]), None);
        assert!(Compared::of(&[heard.clone(), heard]).is_some());
    }
}
