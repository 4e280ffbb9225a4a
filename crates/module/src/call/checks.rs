//! `check`, and what is done with a report.

use std::{cell::OnceCell, rc::Rc};

use serde::Serialize;
use wasm_bindgen::JsValue;

use mail_triage_browser::{
    address,
    fetch::Fetch,
    host::{Callable, Function, Running, set, tell},
    json,
    transport::{LookupOptions, Transport},
};
use mail_triage_engine::{
    driver::Driver,
    knowledge::{Knowledge, Value},
    report::Progress,
    session::Session,
    source::Source,
    target::ListKeys,
};

use super::{
    Door,
    at_hand::{AtHand, WhatIf},
    behind, object, refused, source,
    words::{Texts, Words, Writing},
};
use crate::{
    facts_text,
    options::{self, OF_CHECK, Options},
    refusal::{Refusal, RefusalCode},
};

/// What several calls have in common: what is known of the world, and the limits over all that is asked.
pub struct Checks {
    pub(super) knowledge: Rc<Knowledge>,
    transport: Transport,
    at_hand: Door<AtHand>,
    words: Door<Words>,
}

impl Checks {
    /// Reads the knowledge files, by their places; requests are sent by `fetch`, or by that of the page. The
    /// doors lead to what a check does not take.
    ///
    /// # Errors
    /// If one of the files is missing.
    pub fn new(
        files: &JsValue,
        fetch: Option<Function>,
        at_hand: Door<AtHand>,
        words: Door<Words>,
    ) -> Result<Self, JsValue> {
        let files = json::tree(files);
        let file = |place: &str| match files.field(place) {
            Value::Null => None,
            file => Some(file),
        };
        let missing = || refused(&Refusal::new(RefusalCode::Files, "a file of the package cannot be read"));
        let knowledge = Rc::new(Knowledge::from_files(file).ok_or_else(missing)?);
        let transport = Transport::by(fetch.map(Fetch::by).unwrap_or_default());
        Ok(Self { knowledge, transport, at_hand, words })
    }

    /// Checks a target.
    #[must_use]
    pub fn check(self: Rc<Self>, target: String, passed: JsValue, on_update: Option<Function>) -> Running {
        // Boxed, so that its states are not written out in what starts it.
        Box::pin(async move {
            let value = json::tree(&passed);
            let (session, options) = self.prepared(&target, &value).map_err(|refusal| refused(&refusal))?;
            let source = if options.names_what_is_at_hand() {
                (behind(self.at_hand).await?.source)(options)
            } else {
                self.lookups(options, &passed)
            };
            let source = source.map_err(|refusal| refused(&refusal))?;
            run(session, source, &passed, on_update).await
        })
    }

    /// The report as it would be with a changed zone. What the report's facts do not tell is asked of the source in the options.
    #[must_use]
    pub fn what_if(self: Rc<Self>, passed: WhatIf) -> Running {
        Box::pin(async move {
            let prepared = (behind(self.at_hand).await?.what_if)(&self, &passed);
            let (session, source) = prepared.map_err(|refusal| refused(&refusal))?;
            run(session, source, &passed.options, None).await
        })
    }

    /// The report in a form for people.
    #[must_use]
    pub fn render(self: Rc<Self>, passed: Writing, format: String) -> Running {
        said(self.words, move |words| (words.render)(&self, &passed, &format))
    }

    /// The parts of the report as somebody reads it.
    #[must_use]
    pub fn parts(self: Rc<Self>, passed: Writing) -> Running {
        said(self.words, move |words| (words.parts)(&self, &passed))
    }

    fn prepared<'v>(&self, target: &str, value: &'v Value) -> Result<(Session, Options<'v>), Refusal> {
        let options = Options::read(value, &OF_CHECK)?;
        self.whom(options)?;
        let target = options::target(target, options, address::to_ascii)?;
        let mut session = Session::new(target, self.knowledge.clone(), ListKeys::default());
        if let Some(text) = options.text("policy")? {
            session.paste_policy(Some(text.to_owned()));
        }
        Ok((session, options))
    }

    /// Resolvers, as the options say.
    ///
    /// # Errors
    /// If an option cannot be read.
    pub(super) fn lookups(&self, options: Options<'_>, passed: &JsValue) -> Result<Box<dyn Source>, Refusal> {
        let (resolver, how) = self.whom(options)?;
        source::lookups(resolver, passed, &self.transport, &self.knowledge.resolvers, how)
    }

    /// Whom the options would have asked, and how. Where what is at hand answers, they can be wrong all the same.
    ///
    /// # Errors
    /// If they cannot be read.
    pub(super) fn whom<'v>(&self, options: Options<'v>) -> Result<(Option<&'v str>, LookupOptions), Refusal> {
        let resolver = options.resolver(|id| self.knowledge.resolvers.by_id(id).is_some())?;
        let reads_policy = options.flag("readPolicy")?;
        Ok((resolver, LookupOptions { reads_policy, ..LookupOptions::default() }))
    }
}

/// Describes a code.
#[must_use]
pub fn describe(code: String, texts: Texts, words: Door<Words>) -> Running {
    said(words, move |words| (words.describe)(&code, &texts))
}

/// What comes of words, which do not wait.
fn said(
    words: Door<Words>,
    make: impl FnOnce(&'static Words) -> Result<JsValue, Refusal> + 'static,
) -> Running {
    Box::pin(async move { make(behind(words).await?).map_err(|refusal| refused(&refusal)) })
}

/// What the caller is told of a check that goes on, beside the function that gives the report so far.
#[derive(Serialize)]
struct Update {
    progress: Progress,
}

/// Tells the caller how far a check is. A report so far takes its time to be written, so that is left to who asks for it.
struct Updates {
    on_update: Function,
    /// Gives the report so far, while the check goes on.
    report: Callable,
}

impl Updates {
    fn new(on_update: Function, run: &Rc<OnceCell<Driver>>) -> Self {
        // The run holds what it tells, which is not to hold the run.
        let run = Rc::downgrade(run);
        let report = Callable::new(move || {
            let run = run.upgrade();
            let report = run.as_ref().and_then(|run| object(&run.get()?.session().report()).ok());
            report.unwrap_or_default()
        });
        Self { on_update, report }
    }

    fn tell(&self, session: &Session) {
        if let Ok(update) = object(&Update { progress: session.progress() }) {
            set(&update, "report", self.report.function());
            tell(&self.on_update, &update);
        }
    }
}

/// Asks until all is known, or until the signal in `passed` aborts. Gives the whole report, with the facts it rests on.
async fn run(
    session: Session,
    source: Box<dyn Source>,
    passed: &JsValue,
    on_update: Option<Function>,
) -> Result<JsValue, JsValue> {
    // It ends with this function, whatever is still in flight.
    let run: Rc<OnceCell<Driver>> = Rc::default();
    let updates = on_update.map(|on_update| Updates::new(on_update, &run));
    let end = source::End::of(passed);
    let told = end.told();
    let changed = move |session: &Session| {
        if let Some(updates) = &updates {
            updates.tell(session);
        }
        if session.is_done() {
            told.come();
        }
    };
    let run = run.get_or_init(|| Driver::start(session, source, Box::new(changed)));
    if run.is_done() {
        end.told().come();
    }
    end.wait().await?;
    let session = run.session();
    let report = object(&session.report())?;
    set(&report, "facts", &facts_text::write(session.facts()).into());
    Ok(report)
}
