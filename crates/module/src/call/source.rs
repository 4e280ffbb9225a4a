//! Where the answers of a call come from, and waiting for them.

use wasm_bindgen::JsValue;

use mail_triage_browser::{
    data,
    fetch::Fetch,
    host::{Ended, Signal, abort_error, function},
    transport::{LookupOptions, Lookups, Transport},
};
use mail_triage_engine::{knowledge::Resolvers, source::Source, target::ListKeys};

use crate::refusal::Refusal;

/// Resolvers, the one of the options first, over `transport`, or over one of the call's own where it brings a `fetch`.
///
/// # Errors
/// If that is no function.
pub fn lookups(
    resolver: Option<&str>,
    passed: &JsValue,
    transport: &Transport,
    resolvers: &Resolvers,
    how: LookupOptions,
) -> Result<Box<dyn Source>, Refusal> {
    let own = match function(passed, "fetch") {
        Ok(own) => own.map(|own| Transport::by(Fetch::by(own))),
        Err(_) => return Err(Refusal::of_option("fetch", "must be a function")),
    };
    let transport = own.as_ref().unwrap_or(transport);
    let endpoints = data::endpoints(resolvers, resolver);
    Ok(Box::new(Lookups::new(transport, endpoints, ListKeys::default(), how)))
}

/// The end of a call: when all is known, or its signal aborts.
pub struct End {
    end: Ended,
    signal: Option<Signal>,
}

impl End {
    /// Of a call with these options.
    pub fn of(passed: &JsValue) -> Self {
        let end = Ended::default();
        Self { signal: Signal::listen(passed, end.clone()), end }
    }

    /// What is told that all is known.
    pub fn told(&self) -> Ended {
        self.end.clone()
    }

    /// Waits for it.
    ///
    /// # Errors
    /// An `AbortError` if the signal has aborted.
    pub async fn wait(&self) -> Result<(), JsValue> {
        let is_aborted = || self.signal.as_ref().is_some_and(Signal::is_aborted);
        if !is_aborted() {
            self.end.wait().await;
        }
        if is_aborted() { Err(abort_error()) } else { Ok(()) }
    }
}
