//! The browser side in a browser: transport, run, API. `fetch` is replaced, so nothing is asked of anybody.

use std::{cell::Cell, rc::Rc};

use js_sys::{JSON, Reflect};
use mail_triage::{
    dns::{Failure, Name, Outcome, Query, Rtype},
    session::Session,
    target::{Keys, Target},
    web::{
        api,
        doh::{self, Answered, Endpoint},
        policy::{self, PolicyFile},
        run::{self, Asked, Brought, How, Log, Run, Source},
        words,
    },
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

#[wasm_bindgen(inline_js = r#"
const real = { fetch: globalThis.fetch, setTimeout: globalThis.setTimeout };
let calls = [];
let aborted = 0;
function note(request) {
  calls.push({ url: request.url, accept: request.headers.get("accept"), credentials: request.credentials, cache: request.cache,
    referrer: request.referrerPolicy, redirect: request.redirect });
}
const onLine = Object.getOwnPropertyDescriptor(Navigator.prototype, "onLine");
export function network(there) {
  Object.defineProperty(Navigator.prototype, "onLine", { ...onLine, get: () => there });
}
export function restore() {
  calls = []; aborted = 0;
  Object.defineProperty(Navigator.prototype, "onLine", onLine);
  globalThis.fetch = real.fetch; globalThis.setTimeout = real.setTimeout;
}
export function respond(status, type, body) {
  restore();
  // A view of memory that is about to change.
  body = body.slice();
  globalThis.fetch = async (request) => {
    note(request);
    return new Response(body, { status, headers: { "content-type": type, "retry-after": "7" } });
  };
}
export function reject() {
  restore();
  globalThis.fetch = () => Promise.reject(new TypeError("no network"));
}
export function hang(at_once) {
  restore();
  globalThis.fetch = (request) => new Promise((_, no) => {
    note(request);
    request.signal.addEventListener("abort", () => { aborted += 1; no(new DOMException("aborted", "AbortError")); });
  });
  if (at_once) globalThis.setTimeout = (f) => real.setTimeout.call(globalThis, f, 0);
}
// Every name does not exist; files are those given.
export function nobody(files) {
  restore();
  files = JSON.parse(files);
  globalThis.fetch = async (request) => {
    const url = new URL(request.url);
    const file = files[url.pathname.split("/").pop()];
    if (file !== undefined) return new Response(file, { headers: { "content-type": "application/json" } });
    note(request);
    const text = url.searchParams.get("dns").replaceAll("-", "+").replaceAll("_", "/");
    const octets = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    let end = 12;
    while (octets[end]) end += 1 + octets[end];
    const answer = octets.slice(0, end + 5);
    answer.set([0x81, 0x83], 2);
    answer.set([0, 1, 0, 0, 0, 0, 0, 0], 4);
    return new Response(answer, { headers: { "content-type": "application/dns-message" } });
  };
}
export function requests() { return JSON.stringify(calls); }
export function aborts() { return aborted; }
"#)]
extern "C" {
    fn restore();
    fn network(there: bool);
    fn respond(status: u16, kind: &str, body: &[u8]);
    fn reject();
    fn hang(at_once: bool);
    fn nobody(files: &str);
    fn requests() -> String;
    fn aborts() -> u32;
}

const DNS: &str = "application/dns-message";

fn query() -> Query {
    Query::new(Name::parse("example.org").unwrap(), Rtype::Mx)
}

async fn ask(fresh: bool) -> Answered {
    let endpoint = Endpoint { id: "test".into(), url: "https://dns.example/dns-query".into() };
    doh::ask(&endpoint, &query(), fresh, &AbortController::new().unwrap()).await
}

async fn failure() -> Option<Failure> {
    ask(false).await.outcome.failure()
}

/// `example.org MX`, answered with nothing, or another question.
fn empty_answer(name: &[u8; 13]) -> Vec<u8> {
    let mut octets = vec![0, 0, 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0];
    octets.extend(name);
    octets.extend([0, 15, 0, 1]);
    octets
}

#[wasm_bindgen_test]
async fn a_question_is_a_get_of_rfc_8484_and_its_answer_is_read() {
    respond(200, DNS, &empty_answer(b"\x07example\x03org\0"));
    let answered = ask(true).await;
    assert!(matches!(answered.outcome, Outcome::NoData(_)));
    assert_eq!(answered.outcome.meta().resolver, "test");
    assert!(answered.outcome.meta().millis.is_some());
    let request = requests();
    assert!(
        request.contains("dns-query?dns=AAABAAABAAAAAAABB2V4YW1wbGUDb3JnAAAPAAEAACkE0AAAgAAAAA\""),
        "{request}"
    );
    for part in [r#""accept":"application/dns-message""#, r#""credentials":"omit""#, r#""cache":"reload""#] {
        assert!(request.contains(part), "{request}");
    }
}

#[wasm_bindgen_test]
async fn every_kind_of_failure_has_its_name() {
    respond(200, "text/html", b"<html>Welcome to our hotel</html>");
    assert_eq!(failure().await, Some(Failure::NotDns));
    respond(503, DNS, b"");
    assert_eq!(failure().await, Some(Failure::Http(503)));
    respond(429, DNS, b"");
    let limited = ask(false).await;
    assert_eq!((limited.outcome.failure(), limited.retry_after), (Some(Failure::RateLimited), Some(7)));
    respond(200, DNS, b"\0\0\x81");
    assert_eq!(failure().await, Some(Failure::Malformed));
    respond(200, DNS, &empty_answer(b"\x07EXAMPLE\x03net\0"));
    assert_eq!(failure().await, Some(Failure::WrongQuestion));
    reject();
    assert_eq!(failure().await, Some(Failure::Network));
    restore();
}

#[wasm_bindgen_test]
async fn without_a_network_this_machine_can_still_be_asked() {
    let ask = async |url: &str| {
        let endpoint = Endpoint { id: "test".into(), url: url.into() };
        doh::ask(&endpoint, &query(), false, &AbortController::new().unwrap()).await.outcome.failure()
    };
    let (here, there) = ("http://127.0.0.1:8053/dns-query", "https://dns.example/dns-query");
    respond(200, DNS, &empty_answer(b"\x07example\x03org\0"));
    network(false);
    assert_eq!((ask(there).await, requests().as_str()), (Some(Failure::Offline), "[]"));
    assert_eq!(ask(here).await, None);
    assert!(requests().contains(here));
    reject();
    network(false);
    assert_eq!(ask(here).await, Some(Failure::Network), "it does not run, and no network would help");
    restore();
}

#[wasm_bindgen_test]
async fn no_answer_in_time_ends_the_request() {
    hang(true);
    assert_eq!(failure().await, Some(Failure::TimedOut));
    assert_eq!(aborts(), 1);
    restore();
}

#[wasm_bindgen_test]
async fn a_run_that_is_dropped_asks_and_says_nothing_more() {
    hang(false);
    let session = Session::new(Target::domain(query().name), Rc::default(), Keys::default());
    let changes = Rc::new(Cell::new(0));
    let endpoints = vec![Endpoint { id: "test".into(), url: "https://dns.example/dns-query".into() }];
    let log = Log::default();
    let run = Run::start(session, Source::Live(endpoints), Keys::default(), How::default(), log.clone(), {
        let changes = changes.clone();
        move || changes.set(changes.get() + 1)
    });
    // One turn of the event loop: the requests are made.
    JsFuture::from(js_sys::Promise::resolve(&JsValue::NULL)).await.unwrap();
    let made = requests().matches("dns.example").count();
    assert!(made > 0);
    drop(run);
    let (done, wait) = (Rc::new(Cell::new(false)), js_sys::Promise::resolve(&JsValue::NULL));
    JsFuture::from(wait).await.unwrap();
    done.set(true);
    assert_eq!((aborts() as usize, changes.get()), (made, 0));
    assert_eq!(requests().matches("dns.example").count(), made);
    let log = log.borrow();
    assert_eq!(log.len(), made, "what was sent is told, answered or not");
    let cut_off = |request: &run::Request| {
        matches!(request.what, Asked::Records(_)) && request.result == Brought::Cancelled
    };
    assert!(log.iter().all(cut_off), "{log:?}");
    restore();
}

async fn policy() -> Result<String, PolicyFile> {
    let url = "https://mta-sts.example.org/.well-known/mta-sts.txt";
    policy::read(url, false, &AbortController::new().unwrap()).await
}

#[wasm_bindgen_test]
async fn a_policy_is_read_without_a_word_about_who_asks() {
    respond(200, "text/plain", b"version: STSv1\n");
    assert_eq!(policy().await.as_deref(), Ok("version: STSv1\n"));
    let request = requests();
    for part in [
        r#""credentials":"omit""#,
        r#""referrer":"no-referrer""#,
        r#""redirect":"error""#,
        "mta-sts.example.org",
    ] {
        assert!(request.contains(part), "{request}");
    }
    respond(200, "text/plain", &[b'x'; 70_000]);
    assert_eq!(policy().await.unwrap().len(), 65_536);
    respond(404, "text/html", b"not here");
    assert_eq!(policy().await, Err(PolicyFile::Refused(404)));
    reject();
    assert_eq!(policy().await, Err(PolicyFile::Unreadable));
    hang(true);
    assert_eq!((policy().await, aborts()), (Err(PolicyFile::Unreadable), 1));
    restore();
}

fn files() -> String {
    let files = [
        ("resolvers.json", include_str!("../../www/data/resolvers.json")),
        ("blocklists.json", include_str!("../../www/data/blocklists.json")),
        ("providers.json", include_str!("../../www/data/providers.json")),
        ("selectors.json", include_str!("../../www/data/selectors.json")),
        ("dns-hosts.json", include_str!("../../www/data/dns-hosts.json")),
    ];
    let object = js_sys::Object::new();
    for (name, text) in files {
        Reflect::set(&object, &name.into(), &text.into()).unwrap();
    }
    JSON::stringify(&object).unwrap().into()
}

#[wasm_bindgen_test]
async fn the_checks_are_a_function_of_the_module() {
    nobody(&files());
    let updates = Rc::new(Cell::new(0));
    let count = {
        let updates = updates.clone();
        Closure::<dyn Fn(JsValue)>::new(move |report: JsValue| {
            assert!(report.is_object());
            updates.set(updates.get() + 1);
        })
    };
    let tell = count.as_ref().unchecked_ref::<js_sys::Function>().clone();
    let report = api::check("gone.example.org".into(), JsValue::UNDEFINED, Some(tell));
    let report = JsFuture::from(report).await.unwrap();
    let text = String::from(JSON::stringify(&report).unwrap());
    assert!(text.contains(r#""code":"DOM-010""#), "{text}");
    assert!(text.contains(r#""running":false"#) && text.contains(r#""version":1"#), "{text}");
    assert!(updates.get() > 0);
    restore();
}

#[wasm_bindgen_test]
async fn a_signal_stays_its_callers() {
    nobody(&files());
    let controller = AbortController::new().unwrap();
    let told = Rc::new(Cell::new(0));
    let count = {
        let told = told.clone();
        Closure::<dyn Fn()>::new(move || told.set(told.get() + 1))
    };
    controller.signal().set_onabort(Some(count.as_ref().unchecked_ref()));
    let options = js_sys::Object::new();
    Reflect::set(&options, &"signal".into(), &controller.signal()).unwrap();
    let report = api::check("gone.example.org".into(), options.into(), None);
    assert!(JsFuture::from(report).await.is_ok());
    controller.abort();
    assert_eq!(told.get(), 1, "what the caller listens with was replaced");
    restore();
}

#[wasm_bindgen_test]
async fn what_cannot_be_checked_is_refused() {
    nobody(&files());
    for (target, options) in
        [("", ""), ("no dots here at all, just words", ""), ("example.org", r#"{"ips":["x"]}"#)]
    {
        let options = JSON::parse(options).unwrap_or(JsValue::UNDEFINED);
        assert!(JsFuture::from(api::check(target.into(), options, None)).await.is_err(), "{target}");
    }
    nobody("{}");
    restore();
}

#[wasm_bindgen_test]
fn languages_are_found_by_their_tags() {
    assert_eq!(words::known("zh-TW"), Some("zh-Hant"));
    assert_eq!(words::known("en-GB"), Some("en"));
    assert_eq!(words::known("fr"), None);
    assert_eq!(words::plural(1), "other", "no language in use yet");
}
