//! Reading the MTA-STS policy file (RFC 8461 section 3.3).
//!
//! It is asked of the domain's own server, with nothing that says who asks. Few servers allow web pages to read the
//! answer (CORS); where they do not, that says nothing about the file. It is not asked of a host whose addresses are not
//! all public: a link would make the page knock at doors inside the network of whoever opens it. That keeps out what the
//! DNS says openly; a name that leads elsewhere a moment later is the browser's to stop.

use gloo_net::http::Request;
use gloo_timers::callback::Timeout;
use web_sys::{AbortController, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

use mail_triage_engine::policy_file::PolicyFile;

use crate::{
    body::{self, BodyError},
    charset,
    fetch::Fetch,
};

/// How long it may take, in milliseconds.
const LIMIT: u32 = 5_000;
/// Octets that are read at most; the RFC advises senders to stop at 64 kilobytes.
const LONGEST: usize = 65_536;

/// Reads the file. `fresh` goes past the browser's cache; `cancel` ends it.
pub async fn read(fetch: &Fetch, url: &str, fresh: bool, cancel: &AbortController) -> PolicyFile {
    let limit = {
        let cancel = cancel.clone();
        Timeout::new(LIMIT, move || cancel.abort())
    };
    let read = exchange(fetch, url, fresh, cancel).await;
    drop(limit);
    read.map_or_else(
        |unread| {
            cancel.abort();
            unread
        },
        PolicyFile::Read,
    )
}

async fn exchange(
    fetch: &Fetch,
    url: &str,
    fresh: bool,
    cancel: &AbortController,
) -> Result<String, PolicyFile> {
    let request = Request::get(url)
        .credentials(RequestCredentials::Omit)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        // Redirects must not be followed (RFC 8461 section 3.3).
        .redirect(RequestRedirect::Error)
        .cache(if fresh { RequestCache::Reload } else { RequestCache::Default })
        .abort_signal(Some(&cancel.signal()))
        .build()
        .map_err(|_| PolicyFile::Unreadable)?;
    let response = fetch.send(request).await.map_err(|_| PolicyFile::Unreadable)?;
    if response.status() != 200 {
        return Err(PolicyFile::Refused(response.status()));
    }
    let octets = body::read(&response, LONGEST).await.map_err(|unread| match unread {
        BodyError::TooLong => PolicyFile::TooLong,
        BodyError::Broken => PolicyFile::Unreadable,
    })?;
    charset::decode("utf-8", &octets).ok_or(PolicyFile::Unreadable)
}
