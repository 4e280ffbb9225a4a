//! One check for another page, from its options to the report.

use std::{cell::RefCell, pin::Pin, rc::Rc};

use js_sys::{Function, Promise, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsError, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, DomException};

use mail_triage_browser::{
    address, data, json,
    run::{How, Run, Shared, Source},
};
use mail_triage_engine::{
    asked::WrongField,
    knowledge::{Knowledge, Read, Value},
    report::Report,
    route::{Asked, MAX_VALUES, is_resolver_address},
    session::Session,
    target::{Keys, Target},
};

thread_local! {
    /// However many checks another page wants at a time, lists and resolvers are not asked more at a time.
    static SHARED: Shared = Shared::default();
}

/// A check under way.
pub type Running = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// Does what [`super::check`] promises.
pub fn run(target: String, options: JsValue, on_update: Option<Function>) -> Running {
    // Boxed, so that its states are not written out in what is there from the start.
    Box::pin(run_now(target, options, on_update))
}

#[expect(clippy::too_many_lines, reason = "grown before there was a limit")]
async fn run_now(target: String, options: JsValue, on_update: Option<Function>) -> Result<JsValue, JsValue> {
    let fields = json::tree(&options);
    let target = read_target(&target, &fields)?;
    let base = String::read(fields.field("base"));
    let knowledge = data::knowledge(&base).await.ok_or_else(|| error("data files cannot be fetched"))?;
    let resolver = read_resolver(&fields, &knowledge)?;
    let endpoints = data::endpoints(&knowledge.resolvers, resolver);
    let mut session = Session::new(target, Rc::new(knowledge), Keys::default());
    if let Some(text) = fields.field("mtaStsPolicy").text() {
        session.paste_policy(Some(text.to_owned()));
    }
    let signal =
        Reflect::get(&options, &"signal".into()).ok().and_then(|it| it.dyn_into::<AbortSignal>().ok());

    let place: Rc<RefCell<Option<Run>>> = Rc::default();
    let finished: Rc<RefCell<Option<Function>>> = Rc::default();
    let ended = Promise::new(&mut |done, _| *finished.borrow_mut() = Some(done));
    let finish = Rc::new(move || {
        if let Some(done) = finished.borrow_mut().take() {
            let _ = done.call0(&JsValue::UNDEFINED);
        }
    });
    let changed = {
        let (place, finish) = (place.clone(), finish.clone());
        move || {
            let place = place.borrow();
            let Some(run) = place.as_ref() else { return };
            if let Some(tell) = &on_update
                && let Ok(report) = object(&run.report())
            {
                let _ = tell.call1(&JsValue::UNDEFINED, &report);
            }
            if run.is_done() {
                finish();
            }
        }
    };
    let read = bool::read(fields.field("readPolicy"));
    let how = How { reads_policy: read, ..How::default() };
    let shared = SHARED.with(Shared::clone);
    let run = Run::start(session, Source::Live(endpoints), Keys::default(), how, shared, changed);
    if run.is_done() {
        finish();
    }
    *place.borrow_mut() = Some(run);
    let abort = Closure::<dyn Fn()>::new(move || finish());
    let told: &Function = abort.as_ref().unchecked_ref();
    // The signal is the caller's, and so is its `onabort`.
    if let Some(signal) = &signal {
        let _ = signal.add_event_listener_with_callback("abort", told);
    }
    let aborted = || signal.as_ref().is_some_and(AbortSignal::aborted);
    let ended = if aborted() { Ok(JsValue::UNDEFINED) } else { JsFuture::from(ended).await };
    // It may outlive this call, and with it what it would tell.
    if let Some(signal) = &signal {
        let _ = signal.remove_event_listener_with_callback("abort", told);
    }
    ended?;
    // Taken out of its place, the run ends with this function, whatever is still in flight.
    let run = place.borrow_mut().take().ok_or_else(|| error("nothing ran"))?;
    if aborted() {
        return Err(aborted_error());
    }
    object(&run.report())
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
        Asked::of_fields(text, &list("ips"), &list("selectors"), helo).map_err(|wrong| match wrong {
            WrongField::Ips(wrong) => wrong_option("ips", &wrong.join(" ")),
            WrongField::Selectors(wrong) => wrong_option("selectors", &wrong.join(" ")),
            WrongField::Helo(wrong) => wrong_option("helo", &wrong),
        })?;
    for (name, length) in [("ips", asked.ips.len()), ("selectors", asked.selectors.len())] {
        if length > MAX_VALUES {
            return Err(wrong_option(name, &format!("more than {MAX_VALUES}")));
        }
    }
    let asked = Asked { receiving_too: bool::read(options.field("receivingToo")), ..asked };
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

/// What a promise of `fetch` fails with when its signal aborts.
fn aborted_error() -> JsValue {
    DomException::new_with_message_and_name("aborted", "AbortError").map_or_else(|error| error, JsValue::from)
}

fn object(report: &Report) -> Result<JsValue, JsValue> {
    report
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|_| error("the report cannot be written"))
}

fn error(text: &str) -> JsValue {
    JsError::new(text).into()
}
