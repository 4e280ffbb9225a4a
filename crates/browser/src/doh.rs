//! DNS over HTTPS: one question to one resolver (RFC 8484).

use std::{cell::Cell, pin::Pin, rc::Rc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gloo_net::http::{Request, Response as HttpResponse};
use gloo_timers::callback::Timeout;
use web_sys::{AbortController, ReferrerPolicy, RequestCache, RequestCredentials};

use crate::{
    body::{self, BodyError},
    clock,
    fetch::Fetch,
    network,
};
use mail_triage_engine::{
    dns::{Failure, OWN_RESOLVER, Outcome, whoami, wire},
    facts::Question,
    permit::{MAX_UNKNOWN, PermitRequest},
    retry::TRY_LIMIT,
    route::is_on_this_machine,
    session::MAX_IN_FLIGHT,
};

/// Where DNS messages go in HTTP.
const MEDIA_TYPE: &str = "application/dns-message";
/// Octets of the longest DNS message (RFC 1035 section 4.2.2).
const LONGEST_MESSAGE: usize = 65_535;

/// A resolver that can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// How it is called: an id of `resolvers.json`, or [`OWN_RESOLVER`].
    pub id: String,
    /// Its address, without the query part.
    pub url: String,
}

impl Endpoint {
    /// What a question to it counts as. The resolvers of the list speak HTTP/2, which carries many requests at a time on
    /// one connection (RFC 9113 section 5); of an address of the user's own nobody knows.
    #[must_use]
    pub fn claim(&self, list: bool) -> PermitRequest {
        let most = if self.id == OWN_RESOLVER { MAX_UNKNOWN } else { MAX_IN_FLIGHT };
        PermitRequest { whom: self.url.clone(), most, list }
    }
}

/// What a try brought.
#[derive(Debug)]
pub struct DohReply {
    /// The outcome, with resolver and duration filled in.
    pub outcome: Outcome,
    /// Seconds to wait before the next request, if the resolver says so (RFC 9110 section 10.2.3).
    pub retry_after: Option<u32>,
}

/// Asks once, for [`TRY_LIMIT`] milliseconds at most. `fresh` goes past the browser's cache; `cancel` ends it. What a
/// resolver knows nothing of, such as a file, is no question to it: [`Failure::NotDns`].
pub fn ask<'a>(
    fetch: &'a Fetch,
    endpoint: &'a Endpoint,
    question: &'a Question,
    fresh: bool,
    cancel: &'a AbortController,
) -> Pin<Box<dyn Future<Output = DohReply> + 'a>> {
    // Boxed, so that its states are not written out again in everything that waits for it.
    Box::pin(ask_now(fetch, endpoint, question, fresh, cancel))
}

async fn ask_now(
    fetch: &Fetch,
    endpoint: &Endpoint,
    question: &Question,
    fresh: bool,
    cancel: &AbortController,
) -> DohReply {
    let start = clock::now();
    let message = match question {
        Question::Records(query) => wire::question(query),
        Question::OwnAddress => Ok(whoami::question()),
        // Nothing that a resolver knows.
        _ => Err(Failure::NotDns),
    };
    let response = match message {
        Ok(octets) => send(fetch, &endpoint.url, &octets, fresh, cancel).await,
        Err(failure) => Err((failure, None)),
    };
    let retry_after = response.as_ref().err().and_then(|&(_, seconds)| seconds);
    let mut outcome = match (response, question) {
        (Ok(octets), Question::Records(query)) => wire::outcome(query, &octets),
        (Ok(octets), _) => whoami::outcome(&octets),
        (Err((failure, _)), _) => Outcome::failed(failure),
    };
    let meta = outcome.meta_mut();
    meta.resolver.clone_from(&endpoint.id);
    meta.millis = Some((clock::now() - start).max(0.0) as u32);
    DohReply { outcome, retry_after }
}

/// The octets of an answer, or what went wrong and the seconds to wait.
type Response = Result<Vec<u8>, (Failure, Option<u32>)>;

/// Sends a message and brings back the answer.
async fn send(fetch: &Fetch, url: &str, octets: &[u8], fresh: bool, cancel: &AbortController) -> Response {
    // Without a network there is still this machine.
    let needs_network = !is_on_this_machine(url);
    if needs_network && !network::is_online() {
        return Err((Failure::Offline, None));
    }
    let late = Rc::new(Cell::new(false));
    let limit = {
        let (late, cancel) = (late.clone(), cancel.clone());
        Timeout::new(TRY_LIMIT, move || {
            late.set(true);
            // `abort_with_reason` leaves the request hanging.
            cancel.abort();
        })
    };
    let question = format!("{url}?dns={}", URL_SAFE_NO_PAD.encode(octets));
    let result = exchange(fetch, &question, fresh, cancel).await;
    drop(limit);
    if result.is_err() {
        // Whatever else comes is of no use: a body that nobody reads to its end is not to be sent to it.
        cancel.abort();
    }
    match result {
        Err((Failure::Network, _)) if late.get() => Err((Failure::TimedOut, None)),
        Err((Failure::Network, _)) if needs_network && !network::is_online() => Err((Failure::Offline, None)),
        result => result,
    }
}

async fn exchange(fetch: &Fetch, url: &str, fresh: bool, cancel: &AbortController) -> Response {
    let unreachable = (Failure::Network, None);
    let request = Request::get(url)
        .header("accept", MEDIA_TYPE)
        .credentials(RequestCredentials::Omit)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        // What comes is put into the cache: whoever opens the page again must not find the old answer there.
        .cache(if fresh { RequestCache::Reload } else { RequestCache::Default })
        .abort_signal(Some(&cancel.signal()))
        .build()
        .map_err(|_| unreachable)?;
    let response = fetch.send(request).await.map_err(|_| unreachable)?;
    match response.status() {
        200..=299 => {}
        429 => return Err((Failure::RateLimited, retry_after(&response))),
        status => return Err((Failure::Http(status), None)),
    }
    let media_type = response.headers().get("content-type").unwrap_or_default();
    if !media_type.trim_start().to_ascii_lowercase().starts_with(MEDIA_TYPE) {
        return Err((Failure::NotDns, None));
    }
    body::read(&response, LONGEST_MESSAGE).await.map_err(|unread| match unread {
        BodyError::TooLong => (Failure::Malformed, None),
        BodyError::Broken => (Failure::Network, None),
    })
}

/// The header is hidden from other origins unless the resolver shows it; it may also be a date, which is not read.
fn retry_after(response: &HttpResponse) -> Option<u32> {
    response.headers().get("retry-after")?.trim().parse().ok()
}
