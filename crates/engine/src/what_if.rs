//! What would be found if some records were others: changes of the zone that somebody tries before they are published.
//!
//! The changes lie as an [`Overlay`] over what a run has learnt. [`after`] says what is known then, so that all checks run at
//! once; what the changed records lead to and nobody has asked before comes through [`Tried`], a source over another source.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use crate::{
    change::{Fix, Safety},
    dns::{Name, Outcome, Query, Rdata, Rtype},
    facts::{Ask, Fact, Facts, Pending, Question, Step, fact},
    overlay::{Overlay, facts_after},
    source::{Deliver, Source},
    zone::read_data,
};

/// Types whose records can be tried; the others are made by whoever runs the name servers.
pub const TYPES: [Rtype; 9] = [
    Rtype::Txt,
    Rtype::Mx,
    Rtype::A,
    Rtype::Aaaa,
    Rtype::Cname,
    Rtype::Ptr,
    Rtype::Tlsa,
    Rtype::Srv,
    Rtype::Caa,
];

/// A change of the records of one type at one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetChange {
    /// The name.
    pub owner: Name,
    /// The type, one of [`TYPES`].
    pub rtype: Rtype,
    /// Which records are taken away.
    pub remove: Vec<Rdata>,
    /// Which are added.
    pub add: Vec<Rdata>,
}

impl SetChange {
    /// The same as something to be done: texts as forms of DNS hosts want them.
    #[must_use]
    pub fn fix(&self) -> Fix {
        Fix::at(&self.owner, self.rtype, Safety::Safe)
            .removing(self.remove.iter().map(value))
            .publishing(self.add.iter().map(value))
    }

    /// The change that `fix` is. `None` if its texts are not records of its type, or not of a type that can be tried.
    #[must_use]
    pub fn of_fix(fix: &Fix) -> Option<Self> {
        let read = |texts: &[String]| -> Option<Vec<Rdata>> {
            texts.iter().map(|text| read_value(fix.rtype, text)).collect()
        };
        Some(Self {
            owner: fix.owner.clone(),
            rtype: fix.rtype,
            remove: read(&fix.remove)?,
            add: read(&fix.publish)?,
        })
    }

    /// Each record that goes or comes, as a link holds it: `-TXT example.org v=spf1 -all`.
    pub fn words(&self) -> impl Iterator<Item = String> {
        let word = |sign, data| format!("{sign}{} {} {}", self.rtype, self.owner, value(data));
        let gone = self.remove.iter().map(move |data| word('-', data));
        gone.chain(self.add.iter().map(move |data| word('+', data)))
    }

    /// The changes that the words of a link say, one a name and type; words that cannot be read are left out.
    #[must_use]
    pub fn of_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Vec<Self> {
        let mut changes: Vec<Self> = Vec::new();
        for (is_new, owner, rtype, data) in words.into_iter().filter_map(read_word) {
            let same = |change: &&mut Self| (&change.owner, change.rtype) == (&owner, rtype);
            let at = changes.iter_mut().find(same);
            let change = match at {
                Some(change) => change,
                None => {
                    changes.push(Self { owner, rtype, remove: Vec::new(), add: Vec::new() });
                    let Some(last) = changes.last_mut() else { break };
                    last
                }
            };
            if is_new { change.add.push(data) } else { change.remove.push(data) }
        }
        changes
    }
}

fn read_word(word: &str) -> Option<(bool, Name, Rtype, Rdata)> {
    let (is_new, rest) = match word.strip_prefix('+') {
        Some(rest) => (true, rest),
        None => (false, word.strip_prefix('-')?),
    };
    let (rtype, rest) = rest.split_once(' ')?;
    let (owner, text) = rest.split_once(' ')?;
    let rtype = Rtype::from_mnemonic(rtype).filter(|rtype| TYPES.contains(rtype))?;
    Some((is_new, Name::parse(owner).ok()?, rtype, read_value(rtype, text)?))
}

/// The record as a form of a DNS host has it: a TXT record as its bare text.
#[must_use]
pub fn value(data: &Rdata) -> String {
    match data {
        Rdata::Txt(txt) => txt.text().into_owned(),
        other => other.to_string(),
    }
}

/// Reads what stands in such a form. `None` if it is no record of this type, or of none that can be tried.
#[must_use]
pub fn read_value(rtype: Rtype, text: &str) -> Option<Rdata> {
    if rtype == Rtype::Txt {
        return (!text.is_empty()).then(|| Rdata::Txt(crate::dns::Txt::new([text.as_bytes()])));
    }
    TYPES.contains(&rtype).then(|| read_data(rtype, text.trim()))?
}

/// What is done to the records of one type at one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Some go and others come; what stands beside them stays.
    Edit(SetChange),
    /// Whatever stood there, they are these and no others.
    Replace {
        /// The name.
        owner: Name,
        /// The type.
        rtype: Rtype,
        /// All records there are afterwards.
        records: Vec<Rdata>,
    },
}

impl From<SetChange> for Change {
    fn from(change: SetChange) -> Self {
        Self::Edit(change)
    }
}

/// `below` with the changes made, in this order.
pub fn overlay<'a>(below: impl Ask + 'a, changes: &[Change]) -> Overlay<'a> {
    let mut overlay = Overlay::new(below);
    for change in changes.iter().cloned() {
        match change {
            Change::Edit(SetChange { owner, rtype, remove, add }) => {
                overlay.edit(&owner, rtype, remove, add);
            }
            Change::Replace { owner, rtype, records } => overlay.set(&owner, rtype, records),
        }
    }
    overlay
}

/// What is known once the changes are made.
#[must_use]
pub fn after(known: &Facts, changes: &[Change]) -> Facts {
    if changes.is_empty() {
        return known.clone();
    }
    facts_after(known, &overlay(known, changes))
}

/// A source in which the changes are made. What stands below it is asked of another source, each question once over all that
/// share what is `known`.
pub struct Tried(Rc<Inner>);

struct Inner {
    changes: Vec<Change>,
    /// What stands there without the changes.
    known: Rc<RefCell<Facts>>,
    below: Box<dyn Source>,
    asked: RefCell<Vec<Question>>,
    waiting: RefCell<Vec<(Question, bool)>>,
    bring: RefCell<Option<Deliver>>,
}

impl Tried {
    /// The changes over what is `known`, and over `below` for the rest.
    #[must_use]
    pub fn new(changes: Vec<Change>, known: Rc<RefCell<Facts>>, below: Box<dyn Source>) -> Self {
        Self(Rc::new(Inner {
            changes,
            known,
            below,
            asked: RefCell::default(),
            waiting: RefCell::default(),
            bring: RefCell::default(),
        }))
    }
}

impl Source for Tried {
    fn connect(&self, bring: Deliver) {
        *self.0.bring.borrow_mut() = Some(bring);
        let inner = Rc::downgrade(&self.0);
        self.0.below.connect(Box::new(move |answers| {
            if let Some(inner) = Weak::upgrade(&inner) {
                inner.take_in(answers);
            }
        }));
    }

    fn answer(&self, question: &Question, is_list: bool) -> Option<Fact> {
        let fact = self.0.look_up(question, is_list);
        if fact.is_none() {
            self.0.waiting.borrow_mut().push((question.clone(), is_list));
        }
        fact
    }

    fn distrust(&self, resolver: &str) -> bool {
        self.0.below.distrust(resolver)
    }

    fn renew(&self) {
        self.0.known.borrow_mut().retain(|_, fact| !fact.is_failure());
        self.0.below.renew();
    }

    fn cancel(&self) {
        self.0.below.cancel();
    }
}

impl Inner {
    /// The answer, once everything is known that it takes; what is not is on its way then.
    fn look_up(&self, question: &Question, is_list: bool) -> Option<Fact> {
        loop {
            let missing = match self.look(question) {
                Ok(fact) => return Some(fact),
                Err(missing) if missing.is_empty() => return Some(question.not_asked().clone()),
                Err(missing) => missing,
            };
            let mut waits = false;
            for question in missing {
                if self.asked.borrow().contains(&question) {
                    waits = true;
                    continue;
                }
                match self.below.answer(&question, is_list) {
                    Some(fact) => self.known.borrow_mut().learn(question, fact),
                    None => {
                        self.asked.borrow_mut().push(question);
                        waits = true;
                    }
                }
            }
            if waits {
                return None;
            }
        }
    }

    /// The answer from what is known, or what is missing for it.
    fn look(&self, question: &Question) -> Result<Fact, Vec<Question>> {
        let known = self.known.borrow();
        let noting = Noting { facts: &known, missing: RefCell::default() };
        let answer = fact(&overlay(&noting, &self.changes), question);
        answer.map_err(|Pending| noting.missing.into_inner())
    }

    fn take_in(&self, answers: Vec<(Question, Fact)>) {
        for (question, fact) in answers {
            self.asked.borrow_mut().retain(|asked| *asked != question);
            self.known.borrow_mut().learn(question, fact);
        }
        let waiting = self.waiting.take();
        let mut told = Vec::new();
        for (question, is_list) in waiting {
            match self.look_up(&question, is_list) {
                Some(fact) => told.push((question, fact)),
                None => self.waiting.borrow_mut().push((question, is_list)),
            }
        }
        if let Some(bring) = self.bring.borrow().as_ref().filter(|_| !told.is_empty()) {
            bring(told);
        }
    }
}

/// Facts, noting what is asked for and not among them.
struct Noting<'a> {
    facts: &'a Facts,
    missing: RefCell<Vec<Question>>,
}

impl Noting<'_> {
    fn note(&self, question: Question) -> Pending {
        let mut missing = self.missing.borrow_mut();
        if !missing.contains(&question) {
            missing.push(question);
        }
        Pending
    }
}

impl Ask for Noting<'_> {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        self.facts.ask(query).map_err(|_| self.note(Question::Records(query.clone())))
    }

    fn ask_beside(&self, question: &Question) -> Step<&Fact> {
        self.facts.ask_beside(question).map_err(|_| self.note(question.clone()))
    }
}

/// A source that says nothing yet: what it is asked stays open until somebody else is asked.
pub struct Silence;

impl Source for Silence {
    fn answer(&self, _: &Question, _: bool) -> Option<Fact> {
        None
    }
}

#[cfg(test)]
mod tests;
