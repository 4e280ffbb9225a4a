//! `check`, `whatIf`, `render` and `describe`.

use std::{cell::OnceCell, rc::Rc};

use serde::Serialize;
use wasm_bindgen::JsValue;

use mail_triage_browser::{
    address,
    fetch::Fetch,
    host::{Callable, Function, Running, set, tell},
    json,
    transport::{LookupOptions, Transport},
    words::plural_of,
};
use mail_triage_engine::{
    document::Document,
    driver::Driver,
    knowledge::{Knowledge, Value},
    reading::Written,
    report::{Progress, Report},
    session::Session,
    source::Source,
    target::ListKeys,
    what_if::{Tried, after},
};

use super::{brought, catalog, object, refused, source};
use crate::{
    changes, description, facts_text, form,
    options::{self, OF_CHECK, OF_WHAT_IF, Options},
    refusal::{Refusal, RefusalCode},
};

/// What several calls have in common: what is known of the world, and the limits over all that is asked.
pub struct Checks {
    knowledge: Rc<Knowledge>,
    transport: Transport,
}

impl Checks {
    /// Reads the knowledge files, by their places; requests are sent by `fetch`, or by that of the page.
    ///
    /// # Errors
    /// If one of the files is missing.
    pub fn new(files: &JsValue, fetch: Option<Function>) -> Result<Self, JsValue> {
        let files = json::tree(files);
        let file = |place: &str| match files.field(place) {
            Value::Null => None,
            file => Some(file),
        };
        let missing = || refused(&Refusal::new(RefusalCode::Files, "a file of the package cannot be read"));
        let knowledge = Rc::new(Knowledge::from_files(file).ok_or_else(missing)?);
        Ok(Self { knowledge, transport: Transport::by(fetch.map(Fetch::by).unwrap_or_default()) })
    }

    /// Checks a target.
    #[must_use]
    pub fn check(&self, target: String, passed: JsValue, on_update: Option<Function>) -> Running {
        let (knowledge, transport) = (self.knowledge.clone(), self.transport.clone());
        // Boxed, so that its states are not written out in what starts it.
        Box::pin(async move {
            let value = json::tree(&passed);
            let (session, source) = prepare(&target, &value, &passed, &knowledge, &transport)
                .map_err(|refusal| refused(&refusal))?;
            run(session, source, &passed, on_update).await
        })
    }

    /// The report as it would be with a changed zone. What the report's facts do not tell is asked of the source in `passed`.
    #[must_use]
    pub fn what_if(&self, report: &JsValue, changes: &JsValue, passed: JsValue) -> Running {
        let (report, changes) = (json::tree(report), json::tree(changes));
        let (knowledge, transport) = (self.knowledge.clone(), self.transport.clone());
        Box::pin(async move {
            let value = json::tree(&passed);
            let prepared = || {
                let mut known = facts_text::read(facts_of(&report)?)?;
                // Where nobody was asked, somebody can be now.
                known.retain(|question, fact| fact != question.not_asked());
                let (target, changes) = (options::target_of_report(&report)?, changes::read(&changes)?);
                let options = Options::read(&value, &OF_WHAT_IF)?;
                let source = source_of_checks(options, &passed, &transport, &knowledge)?;
                let facts = after(&known, &changes);
                let session = Session::with_facts(target, knowledge.clone(), ListKeys::default(), facts);
                Ok((session, Tried::new(changes, Rc::new(known.into()), source)))
            };
            let (session, source) = prepared().map_err(|refusal: Refusal| refused(&refusal))?;
            run(session, Box::new(source), &passed, None).await
        })
    }

    /// The report in a form for people.
    ///
    /// # Errors
    /// If the report, the form, the language or an option cannot be read.
    pub fn render(
        &self,
        report: &JsValue,
        format: &str,
        lang: &str,
        texts: &JsValue,
        passed: &JsValue,
    ) -> Result<String, JsValue> {
        let written = || {
            let form = form::Form::named(format)?;
            Ok(form.write(&self.document(report, lang, texts, passed)?))
        };
        written().map_err(|refusal: Refusal| refused(&refusal))
    }

    /// The parts of the report as somebody reads it.
    ///
    /// # Errors
    /// If the report, the language or an option cannot be read.
    pub fn parts(
        &self,
        report: &JsValue,
        lang: &str,
        texts: &JsValue,
        passed: &JsValue,
    ) -> Result<JsValue, JsValue> {
        brought(self.document(report, lang, texts, passed).map(|document| form::parts(&document)))
    }

    fn document(
        &self,
        report: &JsValue,
        lang: &str,
        texts: &JsValue,
        passed: &JsValue,
    ) -> Result<Document, Refusal> {
        let reading = form::reading(&json::tree(passed))?;
        let (catalog, language) = catalog(lang, texts)?;
        let report = self.report(&json::tree(report))?;
        let plural = plural_of(language);
        let written = Written {
            report: &report,
            knowledge: &self.knowledge,
            catalog: &catalog,
            plural,
            seen: "",
            kept_at: None,
        };
        Ok(written.read_by(reading))
    }

    /// The report again, with what its object does not hold: the same facts give the same report.
    fn report(&self, report: &Value) -> Result<Report, Refusal> {
        let target = options::target_of_report(report)?;
        let facts = facts_text::read(facts_of(report)?)?;
        let session = Session::new(target, self.knowledge.clone(), ListKeys::default());
        let run = Driver::start(session, Box::new(facts), Box::new(|_| ()));
        Ok(run.session().report())
    }
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

/// Describes a code.
///
/// # Errors
/// If there is no such code, or the language cannot be read.
pub fn describe(code: &str, lang: &str, texts: &JsValue) -> Result<JsValue, JsValue> {
    brought(catalog(lang, texts).and_then(|(catalog, _)| description::describe(code, &catalog)))
}

fn prepare(
    target: &str,
    value: &Value,
    passed: &JsValue,
    knowledge: &Rc<Knowledge>,
    transport: &Transport,
) -> Result<(Session, Box<dyn Source>), Refusal> {
    let options = Options::read(value, &OF_CHECK)?;
    let target = options::target(target, options, address::to_ascii)?;
    let source = source_of_checks(options, passed, transport, knowledge)?;
    let mut session = Session::new(target, knowledge.clone(), ListKeys::default());
    if let Some(text) = options.text("policy")? {
        session.paste_policy(Some(text.to_owned()));
    }
    Ok((session, source))
}

fn source_of_checks(
    options: Options<'_>,
    passed: &JsValue,
    transport: &Transport,
    knowledge: &Knowledge,
) -> Result<Box<dyn Source>, Refusal> {
    let how = LookupOptions { reads_policy: options.flag("readPolicy")?, ..LookupOptions::default() };
    source::source(options, passed, transport, &knowledge.resolvers, how)
}

/// Asks until all is known, or until the signal in `passed` aborts.
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
    finished(&run.session())
}

/// The whole report, with the facts it rests on.
fn finished(session: &Session) -> Result<JsValue, JsValue> {
    let report = object(&session.report())?;
    set(&report, "facts", &facts_text::write(session.facts()).into());
    Ok(report)
}

fn facts_of(report: &Value) -> Result<&str, Refusal> {
    let none = || Refusal::new(RefusalCode::Report, "this is no report of a run that was finished");
    report.field("facts").text().ok_or_else(none)
}
