//! What the module for other pages needs of the page that calls it: promises, callbacks, signals, objects.

use std::{
    cell::RefCell,
    future::poll_fn,
    pin::Pin,
    rc::Rc,
    task::{Poll, Waker},
};

pub use js_sys::{Function, Promise};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortSignal, DomException};

/// A call under way, and what it ends with.
pub type Running = Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>;

/// A promise of what comes of `start`.
pub fn promise(start: Rc<dyn Fn() -> Running>) -> Promise {
    Promise::new(&mut |resolve, reject| {
        let start = start.clone();
        spawn_local(async move {
            match start().await {
                Ok(found) => tell(&resolve, &found),
                Err(error) => tell(&reject, &error),
            }
        });
    })
}

/// A function for the one who calls, which can be called as long as this is kept.
pub struct Callable(Closure<dyn Fn() -> JsValue>);

impl Callable {
    /// One that gives what `call` gives.
    pub fn new(call: impl Fn() -> JsValue + 'static) -> Self {
        Self(Closure::new(call))
    }

    /// The function.
    #[must_use]
    pub fn function(&self) -> &JsValue {
        self.0.as_ref()
    }
}

/// Calls `callback` with `value`. What it throws is its own affair.
pub fn tell(callback: &Function, value: &JsValue) {
    let _thrown = callback.call1(&JsValue::UNDEFINED, value);
}

/// The octets of a text or of a `Uint8Array`; none of anything else.
#[must_use]
pub fn octets(value: &JsValue) -> Option<Vec<u8>> {
    value
        .as_string()
        .map(String::into_bytes)
        .or_else(|| value.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec))
}

/// The function in the field called `name` of an object, if there is one.
///
/// # Errors
/// What stands there, if it is something else.
pub fn function(object: &JsValue, name: &str) -> Result<Option<Function>, JsValue> {
    match Reflect::get(object, &name.into()).ok().filter(|field| !field.is_undefined() && !field.is_null()) {
        None => Ok(None),
        Some(field) => field.dyn_into().map(Some),
    }
}

/// Sets the field called `name` of an object.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

/// What a promise of `fetch` fails with when its signal aborts.
#[must_use]
pub fn abort_error() -> JsValue {
    DomException::new_with_message_and_name("aborted", "AbortError").map_or_else(|error| error, JsValue::from)
}

/// Something that can be waited for. A clone is another handle on the same.
#[derive(Clone, Default)]
pub struct Ended(Rc<RefCell<(bool, Option<Waker>)>>);

impl Ended {
    /// It has come: whoever waits goes on.
    pub fn come(&self) {
        let (has_come, waker) = &mut *self.0.borrow_mut();
        *has_come = true;
        if let Some(waker) = waker.take() {
            waker.wake();
        }
    }

    /// Waits until it has come.
    pub async fn wait(&self) {
        poll_fn(|cx| {
            let (has_come, waker) = &mut *self.0.borrow_mut();
            if *has_come {
                return Poll::Ready(());
            }
            *waker = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }
}

/// The signal in the options of a call, listened to until this is dropped. It is the caller's, and so is its `onabort`; it may
/// outlive the call.
pub struct Signal {
    signal: AbortSignal,
    listener: Closure<dyn Fn()>,
}

impl Signal {
    /// The `AbortSignal` in the field `signal` of `options`, if there is one; `end` has come when it aborts.
    #[must_use]
    pub fn listen(options: &JsValue, end: Ended) -> Option<Self> {
        let signal: AbortSignal = Reflect::get(options, &"signal".into()).ok()?.dyn_into().ok()?;
        let listener = Closure::<dyn Fn()>::new(move || end.come());
        signal.add_event_listener_with_callback("abort", listener.as_ref().unchecked_ref()).ok()?;
        Some(Self { signal, listener })
    }

    /// Whether it has aborted.
    #[must_use]
    pub fn is_aborted(&self) -> bool {
        self.signal.aborted()
    }
}

impl Drop for Signal {
    fn drop(&mut self) {
        let listener = self.listener.as_ref().unchecked_ref();
        let _ = self.signal.remove_event_listener_with_callback("abort", listener);
    }
}
