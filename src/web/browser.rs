//! Small things that a browser gives.

use std::{cell::Cell, rc::Rc};

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, JSON, JsString, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    ClipboardEvent, Document, DragEvent, Element, Event, File, HtmlElement, HtmlInputElement, Storage,
    TextDecoder, Url, Window,
};

use crate::{
    input::limits::MESSAGE,
    knowledge::{Read, Value},
};

pub fn window() -> Option<Window> {
    web_sys::window()
}

pub fn document() -> Option<Document> {
    window()?.document()
}

pub fn element(id: &str) -> Option<Element> {
    document()?.get_element_by_id(id)
}

/// What stands in the text field called `id`, and whether it has the focus.
pub fn typed(id: &str) -> Option<(String, bool)> {
    let field: HtmlInputElement = element(id)?.dyn_into().ok()?;
    let focused = document()?.active_element().is_some_and(|active| active.id() == id);
    Some((field.value(), focused))
}

/// What was sent before the program was there, if it is no name: `boot.js` keeps it.
pub fn sent() -> Option<PastedText> {
    let sent = Reflect::get(&js_sys::global(), &"mailTriageSent".into()).ok()?;
    sent.dyn_ref().map(PastedText::of)
}

/// Puts the focus into the field called `id`, the caret behind its text.
pub fn focus(id: &str) {
    let Some(field) = element(id) else { return };
    if let Some(field) = field.dyn_ref::<HtmlElement>() {
        let _ = field.focus();
    }
    if let Some(field) = field.dyn_ref::<HtmlInputElement>() {
        let end = u32::try_from(field.value().encode_utf16().count()).unwrap_or(u32::MAX);
        let _ = field.set_selection_range(end, end);
    }
}

/// Milliseconds since the page was opened.
pub fn now() -> f64 {
    window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

/// What the browser says about the network. It may say "online" wrongly; "offline" means that nothing but this machine
/// can be reached.
pub fn is_online() -> bool {
    window().is_none_or(|window| window.navigator().on_line())
}

/// Seconds since 1970.
pub fn unix() -> i64 {
    #[allow(clippy::cast_possible_truncation, reason = "saturates, as it should")]
    let seconds = (js_sys::Date::now() / 1000.0) as i64;
    seconds
}

/// A point in time, in seconds since 1970, as this browser's clock and zone have it: year first, 24 hours, the same in
/// every language.
pub fn local_time(unix: i64) -> String {
    let options = Object::new();
    for (name, value) in [
        ("year", "numeric"),
        ("month", "2-digit"),
        ("day", "2-digit"),
        ("hour", "2-digit"),
        ("minute", "2-digit"),
        ("timeZoneName", "short"),
    ] {
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    #[allow(clippy::cast_precision_loss, reason = "dates are far below 2^53")]
    let then = js_sys::Date::new(&(unix as f64 * 1000.0).into());
    String::from(then.to_locale_string("sv-SE", &options))
}

/// A time, in milliseconds since 1970, as this browser's clock and zone have it, in the words of a language; `parts`
/// are options of `Intl.DateTimeFormat`.
pub fn time(millis: f64, parts: &[(&str, &str)], language: &str) -> String {
    let options = Object::new();
    for &(name, value) in parts {
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    String::from(js_sys::Date::new(&millis.into()).to_locale_string(language, &options))
}

/// Weekday and time so many hours from now.
pub fn in_hours(hours: u32, language: &str) -> String {
    let parts = [("weekday", "long"), ("hour", "numeric"), ("minute", "2-digit"), ("timeZoneName", "short")];
    time(js_sys::Date::now() + f64::from(hours) * 3_600_000.0, &parts, language)
}

fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

/// A value kept in this browser. Storage may be forbidden: then nothing is kept.
pub fn stored(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Keeps a value in this browser, or forgets it.
pub fn store(key: &str, value: Option<&str>) {
    let Some(storage) = storage() else { return };
    let _full_or_forbidden = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}

/// The fragment of the page's address.
pub fn fragment() -> String {
    window().and_then(|window| window.location().hash().ok()).unwrap_or_default()
}

/// Goes to a fragment: a new entry of the history, and a `hashchange` event if it differs.
pub fn go_to(fragment: &str) {
    if let Some(window) = window() {
        let _ = window.location().set_hash(fragment);
        let _ = Reflect::set(&js_sys::global(), &PRESSED.into(), &self::fragment().into());
    }
}

/// Where the page keeps the fragment that a person asked for last; `boot.js` notes it too, for links.
const PRESSED: &str = "mailTriagePressed";

/// Whether the fragment is one that a person asked for, and was not told so before. Any other came about by itself: with
/// the page, by Back and Forward, or because a page that opened this one or holds it in a frame changed it.
pub fn was_pressed() -> bool {
    let pressed = Reflect::get(&js_sys::global(), &PRESSED.into()).ok().and_then(|it| it.as_string());
    let here = pressed.is_some_and(|pressed| pressed == fragment());
    if here {
        let _ = Reflect::set(&js_sys::global(), &PRESSED.into(), &JsValue::UNDEFINED);
    }
    here
}

/// Whether the page stands in a frame of another origin, however deep.
pub fn is_framed_by_a_stranger() -> bool {
    let Some(mut at) = window() else { return false };
    loop {
        let Ok(Some(parent)) = at.parent() else { return true };
        if Object::is(&parent, &at) {
            return false;
        }
        // What belongs to another origin does not say where it is.
        if parent.location().href().is_err() {
            return true;
        }
        at = parent;
    }
}

/// Whether the element with this id has the focus.
pub fn has_focus(id: &str) -> bool {
    document().and_then(|document| document.active_element()).is_some_and(|active| active.id() == id)
}

/// Whether somebody is typing or choosing something.
pub fn is_typing() -> bool {
    let active = document().and_then(|document| document.active_element());
    active.is_some_and(|active| matches!(active.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT"))
}

/// Rewrites the fragment in place, without an event.
pub fn rewrite(fragment: &str) {
    if let Some(history) = window().and_then(|window| window.history().ok()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(fragment));
    }
}

/// The whole address of the page with another fragment.
pub fn address_with(fragment: &str) -> String {
    let here = window().and_then(|window| window.location().href().ok()).unwrap_or_default();
    format!("{}{fragment}", here.split('#').next().unwrap_or_default())
}

/// A host name in ASCII, as the browser writes it in a URL: internationalised names become `xn--` (UTS 46).
pub fn to_ascii(host: &str) -> Option<String> {
    if host.contains(['/', '?', '#', '@', ':', '\\']) {
        return None;
    }
    let host = Url::new(&format!("http://{host}/")).ok()?.hostname();
    (!host.is_empty()).then_some(host)
}

/// Puts text on the clipboard; `false` if the browser does not allow it.
pub async fn copy(text: &str) -> bool {
    let Some(window) = window() else { return false };
    // Absent where the page is not served securely.
    let clipboard = Reflect::get(&window.navigator(), &"clipboard".into()).unwrap_or(JsValue::UNDEFINED);
    if clipboard.is_undefined() {
        return false;
    }
    JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok()
}

/// Calls `then` whenever an event reaches the window, for as long as the document lives.
pub fn listen(event: &str, then: Box<dyn Fn()>) {
    let then = Closure::<dyn Fn()>::wrap(then);
    if let Some(window) = window() {
        let _ = window.add_event_listener_with_callback(event, then.as_ref().unchecked_ref());
    }
    then.forget();
}

/// A text as the browser holds it. Of a long one only what is read of it is taken into the program: to copy ten million
/// characters holds the page up longer than to read that part.
#[derive(Clone, PartialEq)]
pub struct PastedText {
    /// The text, or its beginning and its end.
    pub text: String,
    /// Characters of the whole, in units of UTF-16.
    pub whole: usize,
}

impl PastedText {
    fn of(text: &JsString) -> Self {
        // One more than is read: the reader finds out that it is not the whole.
        const HALF: u32 = MESSAGE as u32 / 2 + 1;
        let whole = text.length();
        if whole <= 2 * HALF {
            return Self { text: text.into(), whole: whole as usize };
        }
        let mut ends = String::from(text.slice(0, HALF));
        ends.push_str(&String::from(text.slice(whole - HALF, whole)));
        Self { text: ends, whole: whole as usize }
    }
}

impl From<String> for PastedText {
    fn from(text: String) -> Self {
        Self { whole: text.encode_utf16().count(), text }
    }
}

/// What is being pasted, if it is text.
pub fn pasted(event: &Event) -> Option<PastedText> {
    let data = event.dyn_ref::<ClipboardEvent>()?.clipboard_data()?;
    let get: Function = Reflect::get(&data, &"getData".into()).ok()?.dyn_into().ok()?;
    let text: JsString = get.call1(&data, &"text/plain".into()).ok()?.dyn_into().ok()?;
    (text.length() > 0).then(|| PastedText::of(&text))
}

/// Calls `then` with the name and the octets of a file that is dropped anywhere on the page, which would leave the page
/// otherwise. For as long as the document lives.
pub fn listen_to_files(then: impl Fn(String, Vec<u8>) + 'static) {
    let then: Rc<dyn Fn(String, Vec<u8>)> = Rc::new(then);
    let dropped = move |event: Event| {
        let Some(data) = event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer) else { return };
        // Text that is dragged goes into the field it is dropped on.
        if !data.types().includes(&"Files".into(), 0) {
            return;
        }
        event.prevent_default();
        if event.type_() == "drop"
            && let Some(file) = data.files().and_then(|files| files.get(0))
        {
            spawn_local(read_file(file, then.clone()));
        }
    };
    let dropped = Closure::<dyn Fn(Event)>::new(dropped);
    if let Some(window) = window() {
        for event in ["dragover", "drop"] {
            let _ = window.add_event_listener_with_callback(event, dropped.as_ref().unchecked_ref());
        }
    }
    dropped.forget();
}

/// Calls `then` with the file that was chosen in a field.
pub fn chosen_file(event: &Event, then: Rc<dyn Fn(String, Vec<u8>)>) {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(file) = field.and_then(|field| field.files()).and_then(|files| files.get(0)) {
        spawn_local(read_file(file, then));
    }
}

/// Octets of a file that are read as a whole: what Outlook saves has its words anywhere.
const MOST_OF_A_FILE: f64 = 25.0 * 1024.0 * 1024.0;

/// Reads a file, or the beginning and the end of one that is longer than any message.
async fn read_file(file: File, then: Rc<dyn Fn(String, Vec<u8>)>) {
    // One more than is read: the reader finds out that it is not the whole.
    const HALF: f64 = (MESSAGE / 2 + 1) as f64;
    let (size, mut octets) = (file.size(), Vec::new());
    let parts: &[(f64, f64)] =
        if size <= MOST_OF_A_FILE { &[(0.0, size)] } else { &[(0.0, HALF), (size - HALF, size)] };
    for &(start, end) in parts {
        let Ok(part) = file.slice_with_f64_and_f64(start, end) else { return };
        let Ok(buffer) = JsFuture::from(part.array_buffer()).await else { return };
        octets.extend(Uint8Array::new(&buffer).to_vec());
    }
    then(file.name(), octets);
}

/// Octets in a charset as text, if the browser knows the charset.
pub fn decode(charset: &str, octets: &[u8]) -> Option<String> {
    TextDecoder::new_with_label(charset).ok()?.decode_with_u8_array(octets).ok()
}

/// Names the page in tabs and the history.
pub fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Prints the page.
pub fn print() {
    if let Some(window) = window() {
        let _ = window.print();
    }
}

/// Waits.
pub async fn sleep(millis: u32) {
    let promise = Promise::new(&mut |done, _| {
        Timeout::new(millis, move || {
            let _ = done.call0(&JsValue::UNDEFINED);
        })
        .forget();
    });
    let _ = JsFuture::from(promise).await;
}

/// How often a page that is filling up is drawn, in milliseconds. Drawing takes time from the lookups, and nobody reads
/// faster.
const DRAW: u32 = 200;

/// Calls `then` when it is time to draw again. Dropping the handle cancels.
pub fn soon(then: impl FnOnce() + 'static) -> Frame {
    let cancelled = Rc::new(Cell::new(false));
    let dropped = cancelled.clone();
    let run = move || {
        if !dropped.get() {
            then();
        }
    };
    Timeout::new(DRAW, run).forget();
    Frame(cancelled)
}

/// A call that waits until it is time to draw.
pub struct Frame(Rc<Cell<bool>>);

impl Drop for Frame {
    fn drop(&mut self) {
        self.0.set(true);
    }
}

/// Opens the fold with this id and every fold around it, and moves focus and view there.
pub fn reveal(id: &str) {
    let Some(element) = element(id) else { return };
    let mut at = Some(element.clone());
    while let Some(inner) = at {
        if inner.tag_name() == "DETAILS" {
            let _ = inner.set_attribute("open", "");
        }
        at = inner.parent_element();
    }
    // A fold is opened at its head; what takes the focus itself is none.
    let head = element.query_selector("summary").ok().flatten();
    let target = head.filter(|_| !element.has_attribute("tabindex")).unwrap_or(element);
    target.scroll_into_view();
    if let Some(target) = target.dyn_ref::<HtmlElement>() {
        let _ = target.focus();
    }
}

/// Reads JSON text.
pub fn read_json<T: Read>(text: &str) -> Option<T> {
    Some(T::read(&parse(text)?))
}

/// JSON text as a tree; none if it is something else.
pub fn parse(text: &str) -> Option<Value> {
    Some(tree(&JSON::parse(text).ok()?))
}

/// A JavaScript value as a tree. Walked by hand: a general reader carries the words for everything that can be wrong
/// with a value, numbers with all their digits included, and would be a tenth of the page's program.
#[must_use]
pub fn tree(value: &JsValue) -> Value {
    if let Some(text) = value.as_string() {
        return Value::Text(text);
    }
    if let Some(number) = value.as_f64() {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, as it should"
        )]
        return Value::Number(number as u64);
    }
    if let Some(bool) = value.as_bool() {
        return Value::Bool(bool);
    }
    if Array::is_array(value) {
        return Value::List(Array::from(value).iter().map(|item| tree(&item)).collect());
    }
    let Some(object) = value.dyn_ref::<Object>() else { return Value::Null };
    let entries = Object::entries(object);
    let fields = entries.iter().map(|entry| {
        let entry = Array::from(&entry);
        (entry.get(0).as_string().unwrap_or_default(), tree(&entry.get(1)))
    });
    Value::Map(fields.collect())
}

/// Fetches a JSON file of the page's own.
pub async fn fetch_json(path: String) -> Option<Value> {
    let response = gloo_net::http::Request::get(&path).send().await.ok()?;
    if !response.ok() {
        return None;
    }
    parse(&response.text().await.ok()?)
}
