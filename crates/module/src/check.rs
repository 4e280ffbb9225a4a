//! One check for another page, from its options to the report.

use std::rc::Rc;

use serde::Serialize;
use wasm_bindgen::{JsError, JsValue};

use mail_triage_browser::{
    address, data,
    host::{Ended, Function, Running, Signal, abort_error, tell},
    json,
    transport::{LookupOptions, Lookups, Transport},
};
use mail_triage_engine::{
    check_request::WrongField,
    driver::Driver,
    knowledge::{Knowledge, Read, Value},
    report::Report,
    route::{CheckRequest, MAX_VALUES, is_resolver_address},
    session::Session,
    target::{ListKeys, Target},
};

thread_local! {
    /// However many checks another page wants at a time, lists and resolvers are not asked more at a time.
    static TRANSPORT: Transport = Transport::default();
}

/// Does what [`super::check`] promises.
pub fn run(target: String, options: JsValue, on_update: Option<Function>) -> Running {
    // Boxed, so that its states are not written out in what is there from the start.
    Box::pin(run_now(target, options, on_update))
}

async fn run_now(target: String, options: JsValue, on_update: Option<Function>) -> Result<JsValue, JsValue> {
    let (session, lookups) = prepare(&target, &json::tree(&options)).await?;
    let end = Ended::default();
    let signal = Signal::listen(&options, end.clone());
    let is_aborted = || signal.as_ref().is_some_and(Signal::is_aborted);
    // It ends with this function, whatever is still in flight.
    let run = Driver::start(session, Box::new(lookups), following(on_update, end.clone()));
    if !run.is_done() && !is_aborted() {
        end.wait().await;
    }
    if is_aborted() {
        return Err(abort_error());
    }
    let report = run.session().report();
    object(&report)
}

/// What is asked, and of whom.
async fn prepare(target: &str, options: &Value) -> Result<(Session, Lookups), JsValue> {
    let target = read_target(target, options)?;
    let base = String::read(options.field("base"));
    let knowledge = data::knowledge(&base).await.ok_or_else(|| error("data files cannot be fetched"))?;
    let resolver = read_resolver(options, &knowledge)?;
    let endpoints = data::endpoints(&knowledge.resolvers, resolver);
    let how =
        LookupOptions { reads_policy: bool::read(options.field("readPolicy")), ..LookupOptions::default() };
    let lookups = TRANSPORT.with(|transport| Lookups::new(transport, endpoints, ListKeys::default(), how));
    let mut session = Session::new(target, Rc::new(knowledge), ListKeys::default());
    if let Some(text) = options.field("mtaStsPolicy").text() {
        session.paste_policy(Some(text.to_owned()));
    }
    Ok((session, lookups))
}

/// What is done after each burst of answers: the page that calls is told, if it wants to be, and the end of the run noted.
fn following(on_update: Option<Function>, end: Ended) -> Box<dyn Fn(&Session)> {
    Box::new(move |session| {
        if let Some(on_update) = &on_update
            && let Ok(report) = object(&session.report())
        {
            tell(on_update, &report);
        }
        if session.is_done() {
            end.come();
        }
    })
}

/// Every option there is.
const OPTIONS: [&str; 9] =
    ["ips", "selectors", "helo", "resolver", "receivingToo", "readPolicy", "mtaStsPolicy", "signal", "base"];

/// What is asked about. A wrong option is never dropped: another page would take the report for an answer to it.
fn read_target(text: &str, options: &Value) -> Result<Target, JsValue> {
    if let Value::Map(fields) = options
        && let Some((name, _)) = fields.iter().find(|(name, _)| !OPTIONS.contains(&name.as_str()))
    {
        return Err(wrong_option(name, "there is no such option"));
    }
    let list = |name| Vec::<String>::read(options.field(name)).join(" ");
    let helo = options.field("helo").text().unwrap_or_default();
    let asked =
        CheckRequest::of_fields(text, &list("ips"), &list("selectors"), helo).map_err(
            |wrong| match wrong {
                WrongField::Ips(wrong) => wrong_option("ips", &wrong.join(" ")),
                WrongField::Selectors(wrong) => wrong_option("selectors", &wrong.join(" ")),
                WrongField::Helo(wrong) => wrong_option("helo", &wrong),
            },
        )?;
    for (name, length) in [("ips", asked.ips.len()), ("selectors", asked.selectors.len())] {
        if length > MAX_VALUES {
            return Err(wrong_option(name, &format!("more than {MAX_VALUES}")));
        }
    }
    let asked = CheckRequest { receiving_too: bool::read(options.field("receivingToo")), ..asked };
    Ok(asked.read(address::to_ascii).map_err(|wrong| error(wrong.as_str()))?.target)
}

/// Whom to ask, by an id of `resolvers.json` or an address.
fn read_resolver<'o>(options: &'o Value, knowledge: &Knowledge) -> Result<Option<&'o str>, JsValue> {
    let resolver = options.field("resolver").text();
    let known = |id: &&str| is_resolver_address(id) || knowledge.resolvers.by_id(id).is_some();
    match resolver {
        Some(id) if !known(&id) => Err(wrong_option("resolver", id)),
        resolver => Ok(resolver),
    }
}

fn wrong_option(name: &str, what: &str) -> JsValue {
    error(&format!("option {name}: {what}"))
}

fn object(report: &Report) -> Result<JsValue, JsValue> {
    report
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|_| error("the report cannot be written"))
}

fn error(text: &str) -> JsValue {
    JsError::new(text).into()
}
