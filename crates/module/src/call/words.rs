//! Reports in words: `render`, `documentOf` and `describe`.

use std::rc::Rc;

use wasm_bindgen::JsValue;

use mail_triage_browser::{json, words::plural_of};
use mail_triage_engine::{
    document::Document,
    driver::Driver,
    knowledge::{Knowledge, Value},
    reading::Written,
    report::Report,
    session::Session,
    target::ListKeys,
};

use super::{at_hand::facts_of, catalog, checks::Checks, object};
use crate::{description, form, options, refusal::Refusal};

/// What says a report in words, as a table: the program brings it in a chunk of its own.
pub struct Words {
    /// The report in a form for people.
    pub render: fn(&Checks, &Writing, &str) -> Result<JsValue, Refusal>,
    /// The parts of the report as somebody reads it.
    pub parts: fn(&Checks, &Writing) -> Result<JsValue, Refusal>,
    /// What a code means.
    pub describe: fn(&str, &Texts) -> Result<JsValue, Refusal>,
}

/// What the program of the checks brings through its door.
pub static WORDS: Words = Words { render, parts, describe };

/// A language, and its texts.
#[derive(Clone)]
pub struct Texts {
    /// Its tag.
    pub lang: String,
    /// The texts by their keys.
    pub texts: JsValue,
}

/// What a report is written from, as it was passed.
#[derive(Clone)]
pub struct Writing {
    /// A report that was finished.
    pub report: JsValue,
    /// The language.
    pub texts: Texts,
    /// The options.
    pub options: JsValue,
}

fn render(checks: &Checks, passed: &Writing, format: &str) -> Result<JsValue, Refusal> {
    let form = form::Form::named(format)?;
    Ok(form.write(&document(checks, passed)?).into())
}

fn parts(checks: &Checks, passed: &Writing) -> Result<JsValue, Refusal> {
    Ok(object(&form::parts(&document(checks, passed)?)).unwrap_or_default())
}

fn describe(code: &str, texts: &Texts) -> Result<JsValue, Refusal> {
    let (catalog, _) = catalog(&texts.lang, &texts.texts)?;
    Ok(object(&description::describe(code, &catalog)?).unwrap_or_default())
}

fn document(checks: &Checks, passed: &Writing) -> Result<Document, Refusal> {
    let reading = form::reading(&json::tree(&passed.options))?;
    let (catalog, language) = catalog(&passed.texts.lang, &passed.texts.texts)?;
    let report = report(&checks.knowledge, &json::tree(&passed.report))?;
    let plural = plural_of(language);
    let written = Written {
        report: &report,
        knowledge: &checks.knowledge,
        catalog: &catalog,
        plural,
        seen: "",
        kept_at: None,
    };
    Ok(written.read_by(reading))
}

/// The report again, with what its object does not hold: the same facts give the same report.
fn report(knowledge: &Rc<Knowledge>, report: &Value) -> Result<Report, Refusal> {
    let target = options::target_of_report(report)?;
    let facts = facts_of(report)?;
    let session = Session::new(target, knowledge.clone(), ListKeys::default());
    let run = Driver::start(session, Box::new(facts), Box::new(|_| ()));
    Ok(run.session().report())
}
