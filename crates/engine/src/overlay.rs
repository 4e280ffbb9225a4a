//! A world in which the DNS was changed: changed record sets over another source of answers.
//!
//! Whoever asks an [`Overlay`] gets the answer that a resolver would give once the change is published:
//!
//! - A changed record set is what the change says, and what the change leaves beside it.
//! - An alias of the change is followed, and so is one of the source that leads to a changed name (RFC 1034 section
//!   3.6.2). Where the change puts records of a type at a name that is an alias, those stand for that type.
//! - A name with a record at it or below it exists (RFC 8020): it has no data of other types, and no wildcard answers for
//!   it any more (RFC 4592 section 3.3.1). Below the closest name that exists a wildcard answers, old or new.
//! - What the source could not look up stays unknown, unless the change says all of it.
//!
//! What no answer tells is not guessed: a name whose last known record is taken away still exists, for it may have
//! records nobody asked for or names below it; say [`Overlay::remove_name`] where it is gone. And that an answer came from
//! a wildcard is known only where its owner is the wildcard, as in a [`Zone`](crate::zone::Zone): a wildcard without data
//! of a type looks as if the name itself had none.

use std::{cell::OnceCell, cmp::Ordering};

use crate::{
    change::Fix,
    dns::{Answer, Failure, Meta, Name, Negative, Outcome, Query, Rdata, Record, Rtype, Txt, gathered},
    facts::{Ask, Facts, Question, Step},
    table::Table,
};

/// The TTL of a record that is not published yet, in seconds.
pub const TTL: u32 = 3600;

/// Aliases and wildcards that are followed for one answer.
const MOST_HOPS: usize = 16;

/// A source of answers in which some record sets are changed.
pub struct Overlay<'a> {
    below: Box<dyn Ask + 'a>,
    changes: Table<(Name, Rtype), Change>,
    removed: Vec<Name>,
    made: MadeAnswers,
}

/// What is done to the records of one name and type.
enum Change {
    /// They are these and no others; none if the set is taken away.
    Set(Vec<Record>),
    /// Records are taken away and others added; what stands beside them stays.
    Edit { remove: Vec<Gone>, add: Vec<Record> },
}

/// A record that is taken away.
enum Gone {
    /// The one with this text.
    Text(String),
    /// The one with these data.
    Data(Rdata),
}

impl Gone {
    fn is(&self, data: &Rdata) -> bool {
        match self {
            Self::Text(text) => data.txt().is_some_and(|txt| *text == txt.text()),
            // However its text is split into strings.
            Self::Data(gone) => match (gone.txt(), data.txt()) {
                (Some(gone), Some(txt)) => gone.octets() == txt.octets(),
                _ => gone == data,
            },
        }
    }
}

impl Change {
    fn added(&self) -> &[Record] {
        match self {
            Self::Set(records) | Self::Edit { add: records, .. } => records,
        }
    }
}

/// One step on the way to an answer.
enum Hop {
    /// The source's answer holds.
    Below(Outcome),
    /// This is the answer.
    Made(Outcome),
    /// The name is an alias of the next one. With what the source says of that, if it has said so already.
    Alias { target: Name, said: Option<Outcome>, changed: bool },
    /// A wildcard answers for the name. With what the source says of that, if it has said so already.
    Wildcard { name: Name, said: Option<Outcome> },
}

impl<'a> Overlay<'a> {
    /// The source `below`, with nothing changed yet.
    #[must_use]
    pub fn new(below: impl Ask + 'a) -> Self {
        Self {
            below: Box::new(below),
            changes: Table::default(),
            removed: Vec::new(),
            made: MadeAnswers::default(),
        }
    }

    /// The source `below` with `fix` made. Nothing changes where the records of the fix are no texts, and where those
    /// that stand beside them could not be looked up.
    #[must_use]
    pub fn with_fix(below: impl Ask + 'a, fix: &Fix) -> Self {
        let mut overlay = Self::new(below);
        if fix.rtype == Rtype::Txt {
            let record = |text: &String| Record {
                owner: fix.owner.clone(),
                ttl: TTL,
                data: Rdata::Txt(Txt::new([text.as_bytes()])),
            };
            let add = fix.publish.iter().map(record).collect();
            let remove = fix.remove.iter().cloned().map(Gone::Text).collect();
            let edit = Change::Edit { remove, add };
            overlay.changes.insert((fix.owner.clone(), fix.rtype), edit);
        }
        overlay
    }

    /// Makes `data` the records of type `rtype` at `name`; without any the set is taken away.
    pub fn set(&mut self, name: &Name, rtype: Rtype, data: impl IntoIterator<Item = Rdata>) {
        let record = |data| Record { owner: name.clone(), ttl: TTL, data };
        let records = data.into_iter().map(record).collect();
        self.changes.insert((name.clone(), rtype), Change::Set(records));
        self.made = MadeAnswers::default();
    }

    /// Takes the records with the data `remove` away from those of type `rtype` at `name` and adds others; what stands beside
    /// them stays, and what was changed there before is changed further. Nothing changes where that could not be looked up.
    pub fn edit(
        &mut self,
        name: &Name,
        rtype: Rtype,
        remove: impl IntoIterator<Item = Rdata>,
        add: impl IntoIterator<Item = Rdata>,
    ) {
        let record = |data| Record { owner: name.clone(), ttl: TTL, data };
        let remove: Vec<Gone> = remove.into_iter().map(Gone::Data).collect();
        let key = (name.clone(), rtype);
        let mut change =
            self.changes.remove(&key).unwrap_or(Change::Edit { remove: Vec::new(), add: Vec::new() });
        match &mut change {
            Change::Set(added) | Change::Edit { add: added, .. } => {
                added.retain(|record| !remove.iter().any(|gone| gone.is(&record.data)));
                added.extend(add.into_iter().map(record));
            }
        }
        if let Change::Edit { remove: gone, .. } = &mut change {
            gone.extend(remove);
        }
        self.changes.insert(key, change);
        self.made = MadeAnswers::default();
    }

    /// Takes `name` away with everything at it and below it, except what the change itself puts there.
    pub fn remove_name(&mut self, name: Name) {
        self.removed.push(name);
        self.made = MadeAnswers::default();
    }

    /// The answer to `query`; `None` if it is the same as before the change.
    fn answer(&self, query: &Query) -> Step<Option<Outcome>> {
        let (mut at, mut said) = (query.clone(), None);
        let mut chain = Vec::new();
        let mut is_changed = false;
        for _ in 0..MOST_HOPS {
            match self.hop(&at, said.take())? {
                Hop::Below(_) if !is_changed => return Ok(None),
                Hop::Below(outcome) | Hop::Made(outcome) => return Ok(Some(behind(chain, outcome))),
                Hop::Alias { target, said: known, changed } => {
                    is_changed |= changed;
                    chain.push(std::mem::replace(&mut at.name, target));
                    said = known;
                }
                Hop::Wildcard { name, said: known } => {
                    // Where the source said so itself, nothing is changed by going there.
                    is_changed |= known.is_none();
                    at.name = name;
                    said = known;
                }
            }
        }
        Ok(is_changed.then(|| Outcome::failed(Failure::ServFail)))
    }

    fn hop(&self, asked: &Query, said: Option<Outcome>) -> Step<Hop> {
        let name = &asked.name;
        let change = self.changes.get(&(name.clone(), asked.rtype));
        if let Some(Change::Set(records)) = change
            && !records.is_empty()
        {
            return Ok(Hop::Made(set_of(records.clone())));
        }
        let added = change.is_some_and(|change| !change.added().is_empty());
        if let Some(target) = self.new_alias(asked).filter(|_| !added) {
            return Ok(Hop::Alias { target, said: None, changed: true });
        }
        let below = match said {
            Some(said) => said,
            None => self.below.ask(asked)?.clone(),
        };
        let wildcard = wildcard_behind(&below, name);
        let own = below.chain().is_empty() && wildcard.is_none() && !self.is_removed(name);
        match change {
            Some(Change::Edit { remove, add }) if own || !add.is_empty() => {
                return Ok(self.edited(name, below, own, remove, add));
            }
            Some(Change::Set(_)) if own && !below.is_gone() => return Ok(Hop::Made(no_data())),
            _ => {}
        }
        if self.is_removed(name) || wildcard.is_some() || below.is_gone() {
            return if self.is_made(name) {
                Ok(Hop::Made(no_data()))
            } else {
                self.absent(asked, below, wildcard)
            };
        }
        self.alias_below(asked, below)
    }

    /// The records after an edit. What stands at the end of an alias, or comes from a wildcard, is not the name's `own`.
    fn edited(&self, name: &Name, below: Outcome, own: bool, remove: &[Gone], add: &[Record]) -> Hop {
        if below.failure().is_some() && !self.is_removed(name) {
            return Hop::Below(below);
        }
        let goes = |record: &&Record| remove.iter().any(|gone| gone.is(&record.data));
        let kept = below.records().iter().filter(|record| own && !goes(record));
        let records: Vec<Record> = kept.chain(add).cloned().collect();
        match records.is_empty() {
            false => Hop::Made(set_of(records)),
            true if below.is_gone() && !self.is_made(name) => Hop::Below(below),
            true => Hop::Made(no_data()),
        }
    }

    /// Follows the alias that the source names, if it does.
    fn alias_below(&self, asked: &Query, mut below: Outcome) -> Step<Hop> {
        let Some(at) = below.chain().first().cloned() else { return Ok(Hop::Below(below)) };
        if self.changes.has(&(asked.name.clone(), Rtype::Cname)) {
            // The alias is gone, and beside it nothing stood (RFC 2181 section 10.1).
            return Ok(Hop::Made(no_data()));
        }
        let target = match (below.chain().get(1), &below) {
            (Some(next), _) => Some(next.clone()),
            (None, Outcome::Records(answer)) => answer.records.first().map(|record| record.owner.clone()),
            (None, _) if !self.may_concern(asked, &below) => None,
            // A denial does not say whom it is about.
            (None, _) => {
                alias_target(self.below.ask(&Query { name: at, rtype: Rtype::Cname, ..asked.clone() })?)
            }
        };
        let Some(target) = target else { return Ok(Hop::Below(below)) };
        if let Outcome::Records(Answer { chain, .. })
        | Outcome::NoData(Negative { chain, .. })
        | Outcome::NxDomain(Negative { chain, .. }) = &mut below
        {
            chain.remove(0);
        }
        Ok(Hop::Alias { target, said: Some(below), changed: false })
    }

    /// Whether the `denial` at the end of an alias may be about a name where the change makes a difference. Where the source
    /// knows the changed name for another one, it need not be asked where the alias leads.
    fn may_concern(&self, asked: &Query, denial: &Outcome) -> bool {
        let gone = matches!(denial, Outcome::NxDomain(_));
        let concerns = |(key, change): (&(Name, Rtype), &Change)| {
            let (owner, rtype) = key;
            let adds = !change.added().is_empty() && (gone || *rtype == asked.rtype);
            let before = Query { name: owner.clone(), rtype: *rtype, ..asked.clone() };
            *rtype == Rtype::Cname
                || adds
                    && self.below.ask(&before).map_or(true, |before| match before {
                        Outcome::Records(_) => false,
                        Outcome::NoData(_) => !gone,
                        Outcome::NxDomain(_) | Outcome::Failed(_) => true,
                    })
        };
        !self.removed.is_empty() || self.changes.iter().any(concerns)
    }

    /// The answer for a name that does not exist: that of the wildcard below its closest ancestor that does
    /// (RFC 4592 section 3.3.1), if there is one. `wildcard` is the one that the source used.
    fn absent(&self, asked: &Query, below: Outcome, wildcard: Option<Name>) -> Step<Hop> {
        let name = &asked.name;
        let removed = self.is_removed(name);
        if wildcard.is_none() && !removed && !self.has_wildcard_over(name) {
            return Ok(Hop::Below(below));
        }
        let mut at = name.parent();
        while let Some(ancestor) = at {
            let source = ancestor.under("*").ok();
            let used = wildcard.is_some() && wildcard == source;
            if used || self.exists(&ancestor, asked, wildcard.is_none())? {
                let answers = |source: &Name| used || removed || self.is_made(source);
                if let Some(name) = source.filter(|source| source != name && answers(source)) {
                    return Ok(Hop::Wildcard { name, said: used.then_some(below) });
                }
                break;
            }
            at = ancestor.parent();
        }
        Ok(match below.is_gone() {
            true => Hop::Below(below),
            false => Hop::Made(Outcome::NxDomain(Negative::default())),
        })
    }

    /// Whether `ancestor` of the name asked about exists; `ask` if the source may have to say so.
    fn exists(&self, ancestor: &Name, asked: &Query, ask: bool) -> Step<bool> {
        if self.is_made(ancestor) {
            return Ok(true);
        }
        if !ask || self.is_removed(ancestor) {
            return Ok(false);
        }
        Ok(!self.below.ask(&Query { name: ancestor.clone(), ..asked.clone() })?.is_gone())
    }

    /// The target of the alias that the change puts at the name.
    fn new_alias(&self, asked: &Query) -> Option<Name> {
        if asked.rtype == Rtype::Cname {
            return None;
        }
        let records = self.changes.get(&(asked.name.clone(), Rtype::Cname))?.added();
        records.iter().find_map(target_of)
    }

    /// Whether the change puts a record at `name` or below it.
    fn is_made(&self, name: &Name) -> bool {
        let mut added = self.changes.iter().filter(|(_, change)| !change.added().is_empty());
        added.any(|((owner, _), _)| owner.is_within(name))
    }

    fn is_removed(&self, name: &Name) -> bool {
        self.removed.iter().any(|gone| name.is_within(gone))
    }

    /// Whether the change holds a wildcard that might answer for `name`.
    fn has_wildcard_over(&self, name: &Name) -> bool {
        self.changes.iter().any(|((owner, _), _)| {
            is_wildcard(owner) && owner.parent().is_some_and(|parent| name.is_within(&parent))
        })
    }
}

/// What is known once `fix` is made, for a whole run. What was not known before is not known then either.
#[must_use]
pub fn facts_with_fix(known: &Facts, fix: &Fix) -> Facts {
    facts_after(known, &Overlay::with_fix(known, fix))
}

/// What is known once everything is made that `after`, which lies over `known`, changes. What was not known before is not
/// known then either, and where a change may decide what has not been asked yet, the old answer is not known any more.
#[must_use]
pub fn facts_after(known: &Facts, after: &Overlay<'_>) -> Facts {
    let changed = after.changes.iter().map(|((name, rtype), _)| Query::new(name.clone(), *rtype));
    let mut facts = known.clone();
    for query in known.records().map(|(query, _)| query.clone()).chain(changed) {
        match after.answer(&query) {
            Ok(Some(outcome)) => facts.insert(query, outcome),
            Ok(None) => {}
            Err(_) => facts.forget(&Question::Records(query)),
        }
    }
    facts
}

impl Ask for Overlay<'_> {
    fn ask(&self, query: &Query) -> Step<&Outcome> {
        if let Some(outcome) = self.made.get(query) {
            return Ok(outcome);
        }
        match self.answer(query)? {
            Some(outcome) => Ok(self.made.keep(query, outcome)),
            None => self.below.ask(query),
        }
    }

    fn below(&self) -> Option<&dyn Ask> {
        Some(&*self.below)
    }
}

/// `outcome` at the end of the aliases in `chain`.
fn behind(mut chain: Vec<Name>, mut outcome: Outcome) -> Outcome {
    if let Outcome::Records(Answer { chain: rest, meta, .. })
    | Outcome::NoData(Negative { chain: rest, meta, .. })
    | Outcome::NxDomain(Negative { chain: rest, meta, .. }) = &mut outcome
        && !chain.is_empty()
    {
        // Nobody vouches for the whole of it any more.
        meta.authentic = false;
        chain.append(rest);
        *rest = chain;
    }
    outcome
}

fn set_of(records: Vec<Record>) -> Outcome {
    match gathered(records.len(), records.into_iter().map(Ok)) {
        Ok(records) => Outcome::Records(Answer { records, chain: Vec::new(), meta: Meta::default() }),
        Err(failure) => Outcome::failed(failure),
    }
}

fn no_data() -> Outcome {
    Outcome::NoData(Negative::default())
}

fn target_of(record: &Record) -> Option<Name> {
    match &record.data {
        Rdata::Cname(target) => Some(target.clone()),
        _ => None,
    }
}

fn alias_target(outcome: &Outcome) -> Option<Name> {
    outcome.records().iter().find_map(target_of)
}

/// The wildcard that `outcome` names as the one that answered for `name`.
fn wildcard_behind(outcome: &Outcome, name: &Name) -> Option<Name> {
    let owner = outcome.chain().first().or(outcome.records().first().map(|record| &record.owner))?;
    (is_wildcard(owner) && owner != name).then(|| owner.clone())
}

fn is_wildcard(name: &Name) -> bool {
    name.as_str().starts_with("*.")
}

/// Answers that were made. Each stays where it is once it is kept, so that it can be lent while others come.
#[derive(Default)]
struct MadeAnswers(OnceCell<Box<MadeAnswer>>);

struct MadeAnswer {
    query: Query,
    outcome: Outcome,
    less: MadeAnswers,
    more: MadeAnswers,
}

impl MadeAnswers {
    /// The place of `query`, empty if it is not kept.
    fn place(&self, query: &Query) -> &Self {
        let mut at = self;
        while let Some(kept) = at.0.get() {
            at = match query.cmp(&kept.query) {
                Ordering::Less => &kept.less,
                Ordering::Equal => break,
                Ordering::Greater => &kept.more,
            };
        }
        at
    }

    fn get(&self, query: &Query) -> Option<&Outcome> {
        self.place(query).0.get().map(|kept| &kept.outcome)
    }

    fn keep(&self, query: &Query, outcome: Outcome) -> &Outcome {
        let kept = || {
            let (less, more) = (Self::default(), Self::default());
            Box::new(MadeAnswer { query: query.clone(), outcome, less, more })
        };
        &self.place(query).0.get_or_init(kept).outcome
    }
}

#[cfg(test)]
mod tests;
