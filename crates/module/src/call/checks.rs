//! `check`, `whatIf`, `render` and `describe`.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use mail_triage_browser::{
    address,
    fetch::Fetch,
    host::{Function, Running, set, tell},
    json,
    transport::{LookupOptions, Transport},
    words::plural_of,
};
use mail_triage_engine::{
    document::Document,
    driver::Driver,
    knowledge::{Knowledge, Value},
    reading::Written,
    report::Report,
    session::Session,
    target::ListKeys,
};

use super::{brought, catalog, object, refused, source};
use crate::{
    changes, description, facts_text, form,
    options::{self, OF_CHECK, Options},
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
            let tell_of = move |session: &Session| {
                if let Some(on_update) = &on_update
                    && let Ok(report) = object(&session.report())
                {
                    tell(on_update, &report);
                }
            };
            let end = source::End::of(&passed);
            let told = end.told();
            let changed = move |session: &Session| {
                tell_of(session);
                if session.is_done() {
                    told.come();
                }
            };
            // It ends with this function, whatever is still in flight.
            let run = Driver::start(session, source, Box::new(changed));
            if run.is_done() {
                end.told().come();
            }
            end.wait().await?;
            finished(&run.session())
        })
    }

    /// The report as it would be with a changed zone. Nothing is asked: what the report's facts do not tell is not known.
    ///
    /// # Errors
    /// If the report or a change cannot be read.
    pub fn what_if(&self, report: &JsValue, changes: &JsValue) -> Result<JsValue, JsValue> {
        let changed = || {
            let report = json::tree(report);
            let facts = facts_text::read(facts_of(&report)?)?;
            let overlay = changes::overlay(facts, &json::tree(changes))?;
            Ok((options::target_of_report(&report)?, overlay))
        };
        let (target, overlay) = changed().map_err(|refusal| refused(&refusal))?;
        let session = Session::new(target, self.knowledge.clone(), ListKeys::default());
        let run = Driver::start(session, Box::new(overlay), Box::new(|_| ()));
        finished(&run.session())
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
) -> Result<(Session, Box<dyn mail_triage_engine::source::Source>), Refusal> {
    let options = Options::read(value, &OF_CHECK)?;
    let target = options::target(target, options, address::to_ascii)?;
    let how = LookupOptions { reads_policy: options.flag("readPolicy")?, ..LookupOptions::default() };
    let source = source::source(options, passed, transport, &knowledge.resolvers, how)?;
    let mut session = Session::new(target, knowledge.clone(), ListKeys::default());
    if let Some(text) = options.text("policy")? {
        session.paste_policy(Some(text.to_owned()));
    }
    Ok((session, source))
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
