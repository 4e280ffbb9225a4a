//! What becomes of a choice: the new record is checked as if it were published, once it has stayed as it is for a moment.

use std::rc::Rc;

use mail_triage_engine::{
    around::ChangeContext,
    check::{Code, dmarc_place},
    dns::Query,
    driver::Driver,
    facts::Facts,
    knowledge::Knowledge,
    overlay::facts_with_fix,
    report::Report,
    route::BuildKind,
    session::Session,
    target::ListKeys,
    view::{
        dmarc::{Lack, lacks},
        mail_use::names_sender,
    },
};

use super::{Base, Building, Props, State};
use crate::{
    components::{asking::Asking, kept::Held, settled::once_settled, shared::Shared},
    panels::builder::{Builder as Record, Stage, choose::Choose},
};

/// The record that is put together, and what its checks take.
#[derive(Clone)]
pub struct Weighing {
    held: Held<State>,
    asking: Asking,
    knowledge: Option<Rc<Knowledge>>,
    keys: ListKeys,
    base: Option<Shared<Base>>,
    mailbox: Option<String>,
}

impl Weighing {
    /// Of a panel.
    pub fn new(held: &Held<State>, props: &Props) -> Self {
        Self {
            held: held.clone(),
            asking: props.asking.clone(),
            knowledge: props.knowledge().cloned(),
            keys: props.keys.clone(),
            base: props.base.clone(),
            mailbox: props.mailbox.clone(),
        }
    }

    /// Begins with a record, or goes on with it; once it is known what stands there now, the choices can begin.
    pub fn begin(&self, building: &Building, base: Option<&Shared<Base>>) {
        if self.held.get().building.as_ref() != Some(building) {
            let Building { kind, domain, slim, .. } = building.clone();
            self.held.change(|state| {
                state.record = Some(Record::new(kind, domain, slim));
                state.building = Some(building.clone());
                state.what_if = None;
            });
        }
        let (Some(base), Some(knowledge)) = (base, &self.knowledge) else { return };
        let is_ready = self.held.get().record.as_ref().is_some_and(|record| record.stage == Stage::Ready);
        let mut changed = false;
        self.held.change(|state| {
            let Some(record) = &mut state.record else { return };
            if is_ready {
                // The user may have said meanwhile that the domain sends.
                changed = names_sender(&base.target) && record.sends_after_all();
            } else {
                self.read(record, base, knowledge);
                changed = record.stage == Stage::Ready;
            }
        });
        if changed {
            self.weigh();
        }
    }

    /// Reads what stands there now.
    fn read(&self, record: &mut Record, base: &Base, knowledge: &Rc<Knowledge>) {
        let kind = record.kind;
        let needed = |check: &str| Record::needs(kind, check);
        let (target, facts) = (base.target.clone(), base.facts.clone());
        let session = Session::only(needed, target, knowledge.clone(), self.keys.clone(), facts);
        let report = session.report();
        let mailbox = self.mailbox.as_ref().and_then(|id| knowledge.providers.by_id(id));
        record.begin(&session.cx(), &report, mailbox);
        let too_many = report.findings().find(|(_, finding)| finding.code == Code::Spf090);
        if let Some(slim) = too_many.and_then(|(_, finding)| finding.fix.as_ref()).filter(|_| record.slim) {
            record.give_up(slim);
        }
        record.place = dmarc_place(&session.cx()).filter(|_| kind == BuildKind::Dmarc);
    }

    /// The user chose or typed something.
    pub fn choose(&self, choose: &Choose) {
        let Some(knowledge) = &self.knowledge else { return };
        let mut change = None;
        self.held.change(|state| {
            let Some(record) = &mut state.record else { return };
            if record.take(choose, &knowledge.providers) {
                record.checking = true;
                record.change += 1;
                change = Some(record.change);
            }
        });
        let Some(change) = change else { return };
        let (held, weighing) = (self.held.clone(), self.clone());
        let is_current = move || held.get().record.as_ref().is_some_and(|record| record.change == change);
        once_settled(is_current, move || weighing.weigh());
    }

    /// Checks the record as if it were published.
    fn weigh(&self) {
        let (Some(knowledge), Some(base)) = (&self.knowledge, &self.base) else { return };
        let facts = known(base, self.held.get().what_if.as_deref());
        let mut record = None;
        self.held.change(|state| {
            if let Some(ready) = state.record.as_mut().filter(|record| record.stage == Stage::Ready) {
                ready.checking = true;
                record = Some((ready.kind, ready.fix()));
                state.what_if = None;
            }
        });
        let Some((kind, fix)) = record else { return };
        let judges = |check: &str| Record::judges(kind, check);
        let facts = facts_with_fix(&facts, &fix);
        let session = Session::only(judges, base.target.clone(), knowledge.clone(), self.keys.clone(), facts);
        let weighing = self.clone();
        let answered = move |session: &Session| weighing.take(Weighed::of(session));
        let run = self.asking.ask_with(self.keys.clone(), session, answered);
        self.take(Weighed::of(&run.session()));
        self.held.change(|state| state.what_if = Some(Rc::new(run)));
    }

    /// Takes what is known of the new record by now.
    fn take(&self, weighed: Weighed) {
        let Some(base) = &self.base else { return };
        let mut facts = base.facts.without_failures();
        add(&mut facts, &weighed.facts);
        self.held.change(|state| {
            let Some(record) = &mut state.record else { return };
            // While a later choice settles, this is about an earlier one.
            record.around = ChangeContext::of(&facts, &record.fix());
            if weighed.is_done {
                record.checking = false;
                record.report = Some(weighed.report);
                record.lack = weighed.lack;
            }
        });
    }

    /// Asks again what could not be found out about the record; `false` where it is not that, but what stands there now.
    pub fn retry(&self, queries: Option<&[Query]>) -> bool {
        let mut is_ready = false;
        self.held.change(|state| {
            let Some(record) = state.record.as_mut().filter(|_| state.what_if.is_some()) else { return };
            is_ready = record.stage == Stage::Ready;
            record.checking |= is_ready;
        });
        let run = self.held.get().what_if.clone().filter(|_| is_ready);
        run.map(|run| run.retry(queries)).is_some()
    }
}

/// What the checks say of a record.
struct Weighed {
    is_done: bool,
    report: Report,
    lack: Option<Lack>,
    /// What they learnt.
    facts: Facts,
}

impl Weighed {
    fn of(session: &Session) -> Self {
        let mut report = session.report();
        // Whoever puts a record together changes the answers, not the result.
        for finding in report.checks.iter_mut().flat_map(|check| &mut check.findings) {
            finding.fix = None;
        }
        let facts = session.facts().without_failures();
        Self { is_done: session.is_done(), report, lack: lacks(&session.cx()), facts }
    }
}

/// Everything that is known, the answers to what earlier choices led to included.
fn known(base: &Base, what_if: Option<&Driver>) -> Facts {
    let mut facts = base.facts.without_failures();
    if let Some(what_if) = what_if {
        add(&mut facts, &what_if.session().facts().without_failures());
    }
    facts
}

/// Adds answers. What stands there now is not replaced by what might.
fn add(facts: &mut Facts, more: &Facts) {
    for (question, fact) in more.iter() {
        if !facts.knows(question) {
            facts.learn(question.clone(), fact.clone());
        }
    }
}
