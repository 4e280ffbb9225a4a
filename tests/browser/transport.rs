//! The browser side in a browser: transport, run. `fetch` is replaced, so nothing is asked of anybody.

use std::{cell::Cell, rc::Rc};

use js_sys::{JSON, Reflect};
use mail_triage_browser::{
    data,
    doh::{self, DohReply, Endpoint},
    fetch::Fetch,
    log::{Request, RequestResult, RequestSubject, Requests},
    policy,
    transport::{LookupOptions, Lookups, Transport},
    words,
};
use mail_triage_engine::{
    bounds::LOG_ROWS,
    dns::{Failure, Name, Outcome, OwnAddress, Query, Rtype, whoami},
    driver::Driver,
    facts::{Ask, Question},
    policy_file::PolicyFile,
    session::Session,
    target::{ListKeys, Target},
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
  calls = []; aborted = 0; read = 0; cancelled = 0;
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
// A body without end: as fast as it is read, or one octet and then nothing.
let read = 0;
let cancelled = 0;
export function endless(type, fast) {
  restore();
  globalThis.fetch = async (request) => {
    const body = new ReadableStream({
      start(to) { request.signal.addEventListener("abort", () => { aborted += 1; try { to.error(request.signal.reason); } catch {} }); },
      pull(to) {
        if (!fast && read > 0) return new Promise(() => {});
        const piece = new Uint8Array(fast ? 16384 : 1);
        read += piece.length;
        to.enqueue(piece);
      },
      cancel() { cancelled += 1; },
    });
    return new Response(body, { headers: { "content-type": type } });
  };
  if (!fast) globalThis.setTimeout = (f) => real.setTimeout.call(globalThis, f, 0);
}
export function octets_read() { return read; }
export function cancels() { return cancelled; }
// As `nobody`, each answer a moment later: how many requests were under way at most, all and those whose name ends with
// one of the zones.
let most = [0, 0];
export function nobody_slowly(zones) {
  const at_once = globalThis.fetch;
  const under_way = [0, 0];
  most = [0, 0];
  zones = JSON.parse(zones);
  globalThis.fetch = async (request) => {
    const dns = new URL(request.url).searchParams.get("dns");
    const octets = Uint8Array.from(atob(dns.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
    let name = "";
    for (let at = 12; octets[at]; at += 1 + octets[at])
      name += String.fromCharCode(...octets.slice(at + 1, at + 1 + octets[at])) + ".";
    const list = zones.some((zone) => name.endsWith(`.${zone}.`));
    const change = (by) => {
      under_way[0] += by;
      under_way[1] += list ? by : 0;
      most = most.map((m, i) => Math.max(m, under_way[i]));
    };
    change(1);
    await new Promise((done) => real.setTimeout.call(globalThis, done, 3));
    change(-1);
    return at_once(request);
  };
}
export function most_at_once() { return JSON.stringify(most); }
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
    fn nobody_slowly(zones: &str);
    fn most_at_once() -> String;
    fn endless(kind: &str, fast: bool);
    fn octets_read() -> u32;
    fn cancels() -> u32;
    fn requests() -> String;
    fn aborts() -> u32;
}

const DNS: &str = "application/dns-message";

fn query() -> Query {
    Query::new(Name::parse("example.org").unwrap(), Rtype::Mx)
}

async fn ask(fresh: bool) -> DohReply {
    let endpoint = Endpoint { id: "test".into(), url: "https://dns.example/dns-query".into() };
    doh::ask(
        &Fetch::default(),
        &endpoint,
        &Question::Records(query()),
        fresh,
        &AbortController::new().unwrap(),
    )
    .await
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
        doh::ask(
            &Fetch::default(),
            &endpoint,
            &Question::Records(query()),
            false,
            &AbortController::new().unwrap(),
        )
        .await
        .outcome
        .failure()
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
    let session = Session::new(Target::domain(query().name), Rc::default(), ListKeys::default());
    let changes = Rc::new(Cell::new(0));
    let endpoints = vec![Endpoint { id: "test".into(), url: "https://dns.example/dns-query".into() }];
    let transport = Transport::default();
    let lookups = Lookups::new(&transport, endpoints, ListKeys::default(), LookupOptions::default());
    let count = changes.clone();
    let changed = Box::new(move |_: &Session| count.set(count.get() + 1));
    let run = Driver::start(session, Box::new(lookups.clone()), changed);
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
    let log = transport.log();
    assert_eq!(log.made(), made, "what was sent is told, answered or not");
    let cut_off = |request: &Request| {
        matches!(request.what, RequestSubject::Records(_)) && request.result == RequestResult::Cancelled
    };
    assert!(log.iter().all(cut_off), "{log:?}");
    let requests = lookups.requests();
    let kept_once = log.iter().zip(requests.iter()).all(|(one, other)| std::ptr::eq(one, other));
    assert!(kept_once && requests.made() == made);
    restore();
}

#[wasm_bindgen_test]
async fn the_limits_hold_over_all_runs() {
    nobody(&files());
    let knowledge = Rc::new(data::knowledge("").await.unwrap());
    let zones: Vec<&str> = knowledge.blocklists.lists.iter().map(|list| list.zone.as_str()).collect();
    nobody_slowly(&serde_json::to_string(&zones).unwrap());
    let transport = Transport::default();
    let (done, ended) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(None)));
    let all = js_sys::Promise::new(&mut |resolve, _| ended.set(Some(resolve)));
    let mut runs = Vec::new();
    for name in ["one.example.org", "two.example.org", "three.example.org"] {
        let mut target = Target::domain(Name::parse(name).unwrap());
        target.ips = vec!["11.22.33.44".parse().unwrap()];
        let session = Session::new(target, knowledge.clone(), ListKeys::default());
        let endpoints = vec![Endpoint { id: "test".into(), url: "https://dns.example/dns-query".into() }];
        let (done, ended) = (done.clone(), ended.clone());
        let changed = move |session: &Session| {
            done.set(done.get() + usize::from(session.is_done()));
            if done.get() == 3
                && let Some(end) = ended.take()
            {
                end.call0(&JsValue::UNDEFINED).unwrap();
            }
        };
        let lookups = Lookups::new(&transport, endpoints, ListKeys::default(), LookupOptions::default());
        runs.push(Driver::start(session, Box::new(lookups), Box::new(changed)));
    }
    JsFuture::from(all).await.unwrap();
    assert_eq!(most_at_once(), "[16,8]");
    drop(runs);
    restore();
}

/// Runs a session to its end.
async fn finished(session: Session, lookups: &Lookups) -> Driver {
    let ended: Rc<Cell<Option<js_sys::Function>>> = Rc::default();
    let end = js_sys::Promise::new(&mut |resolve, _| ended.set(Some(resolve)));
    let changed = move |session: &Session| {
        if session.is_done()
            && let Some(end) = ended.take()
        {
            end.call0(&JsValue::UNDEFINED).unwrap();
        }
    };
    let run = Driver::start(session, Box::new(lookups.clone()), Box::new(changed));
    if !run.is_done() {
        JsFuture::from(end).await.unwrap();
    }
    run
}

/// What comes of asking the resolver called so for the address of this connection, and what each request brought.
async fn own_address(resolver: &str) -> (Option<OwnAddress>, Vec<RequestResult>) {
    let endpoints = vec![Endpoint { id: resolver.into(), url: "https://dns.example/dns-query".into() }];
    let lookups =
        Lookups::new(&Transport::default(), endpoints, ListKeys::default(), LookupOptions::default());
    let run = finished(Session::asking(|cx| cx.ask_own_address().map(drop)), &lookups).await;
    let requests = lookups.requests();
    assert!(
        requests.iter().all(|request| request.what == RequestSubject::OwnAddress && request.whom == resolver)
    );
    (
        run.session().facts().ask_own_address().ok().copied(),
        requests.iter().map(|request| request.result).collect(),
    )
}

#[wasm_bindgen_test]
async fn the_own_address_is_asked_like_all_else_and_of_nobody_but_who_can_tell() {
    let mut answer = whoami::question();
    (answer[2], answer[3], answer[7]) = (0x81, 0x80, 1);
    answer.extend(b"\xc0\x0c\0\x10\0\x03\0\0\0\0\0\x0a\x09192.0.2.7");
    respond(200, DNS, &answer);
    let known = OwnAddress::Known("192.0.2.7".parse().unwrap());
    assert_eq!(own_address(whoami::RESOLVER).await, (Some(known), vec![RequestResult::Records(1)]));
    assert_eq!(own_address("quad9").await, (Some(OwnAddress::NotAsked), vec![]));
    respond(200, "text/html", b"<html>");
    let not_dns = Failure::NotDns;
    assert_eq!(
        own_address(whoami::RESOLVER).await,
        (Some(OwnAddress::Failed(not_dns)), vec![RequestResult::Failed(not_dns)])
    );
    hang(true);
    let late = Failure::TimedOut;
    assert_eq!(
        own_address(whoami::RESOLVER).await,
        (Some(OwnAddress::Failed(late)), vec![RequestResult::Failed(late); 2]),
        "what may pass is tried once more"
    );
    restore();
}

#[wasm_bindgen_test]
async fn what_went_wrong_is_shared_while_somebody_asks_and_forgotten_by_whoever_begins_alone() {
    let transport = Transport::default();
    let lookups = |ids: [&str; 2]| {
        let endpoint = |id: &str| Endpoint { id: id.into(), url: format!("https://{id}.example/dns-query") };
        Lookups::new(&transport, ids.map(endpoint).to_vec(), ListKeys::default(), LookupOptions::default())
    };
    let ask = || Session::asking(|cx| cx.ask(&query()).map(drop));
    let whom =
        |lookups: &Lookups| lookups.requests().iter().map(|request| request.whom.clone()).collect::<Vec<_>>();
    respond(200, "text/html", b"<html>");
    let first = lookups(["one", "two"]);
    let beside = lookups(["one", "three"]);
    drop(finished(ask(), &first).await);
    assert_eq!(whom(&first), ["one", "two"]);
    drop(finished(ask(), &beside).await);
    assert_eq!(whom(&beside), ["three", "one"], "who has just failed comes last");
    let later = lookups(["one", "two"]);
    drop(finished(ask(), &later).await);
    assert_eq!(whom(&later), ["one", "two"]);
    restore();
}

#[wasm_bindgen_test]
fn the_list_of_requests_keeps_the_last_and_counts_the_rest() {
    let mut requests = Requests::default();
    for millis in 0..LOG_ROWS as u32 + 5 {
        let (what, whom) = (RequestSubject::OwnAddress, String::new());
        requests.push(Rc::new(Request { what, whom, millis, result: RequestResult::NoData }));
    }
    assert_eq!((requests.left_out(), requests.made()), (5, LOG_ROWS + 5));
    let kept: Vec<u32> = requests.iter().map(|request| request.millis).collect();
    assert_eq!(kept, (5..LOG_ROWS as u32 + 5).collect::<Vec<_>>());
}

#[wasm_bindgen_test]
async fn a_body_is_read_to_its_limit_and_no_further() {
    endless(DNS, true);
    assert_eq!(failure().await, Some(Failure::Malformed));
    assert!(octets_read() < 150_000, "{} octets were read", octets_read());
    assert_eq!((cancels(), aborts()), (1, 1));
    endless("text/plain", true);
    assert_eq!(policy().await, Err(PolicyFile::TooLong));
    assert!(octets_read() < 150_000, "{} octets were read", octets_read());
    assert_eq!((cancels(), aborts()), (1, 1));
    endless("text/html", true);
    assert_eq!((failure().await, aborts()), (Some(Failure::NotDns), 1), "nor is one read that is of no use");
    restore();
}

#[wasm_bindgen_test]
async fn a_body_that_does_not_come_ends_in_time() {
    endless(DNS, false);
    assert_eq!(failure().await, Some(Failure::TimedOut));
    endless("text/plain", false);
    assert_eq!(policy().await, Err(PolicyFile::Unreadable));
    restore();
}

#[wasm_bindgen_test]
async fn the_longest_body_is_read_whole() {
    respond(200, DNS, &[0; 65_535]);
    assert_eq!(failure().await, Some(Failure::Malformed), "it is no answer, but it was read");
    assert_eq!(aborts(), 0);
    respond(200, "text/plain", &[b'x'; 65_536]);
    assert_eq!(policy().await.unwrap().len(), 65_536);
    respond(200, "text/plain", &[b'x'; 65_537]);
    assert_eq!(policy().await, Err(PolicyFile::TooLong));
    respond(200, "text/plain", b"\xef\xbb\xbfversion: STSv1\n");
    assert_eq!(policy().await.as_deref(), Ok("version: STSv1\n"), "a mark at the beginning is no part of it");
    respond(404, "text/plain", b"");
    assert_eq!(policy().await, Err(PolicyFile::Refused(404)));
    restore();
}

async fn policy() -> Result<String, PolicyFile> {
    let url = "https://mta-sts.example.org/.well-known/mta-sts.txt";
    match policy::read(&Fetch::default(), url, false, &AbortController::new().unwrap()).await {
        PolicyFile::Read(text) => Ok(text),
        other => Err(other),
    }
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
    respond(404, "text/html", b"not here");
    assert_eq!(policy().await, Err(PolicyFile::Refused(404)));
    reject();
    assert_eq!(policy().await, Err(PolicyFile::Unreadable));
    hang(true);
    assert_eq!((policy().await, aborts()), (Err(PolicyFile::Unreadable), 1));
    restore();
}

#[wasm_bindgen_test]
fn languages_are_found_by_their_tags() {
    assert_eq!(words::known("zh-TW"), Some("zh-Hant"));
    assert_eq!(words::known("en-GB"), Some("en"));
    assert_eq!(words::known("fr"), None);
    assert_eq!(words::plural(1), "other", "no language in use yet");
}
