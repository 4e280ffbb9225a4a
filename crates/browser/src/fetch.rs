//! How requests are sent: by the browser's `fetch`, by one of the page's that knows what was asked before the program was
//! there, or by one that the caller of the module brings.

use gloo_net::http::{Request, Response};
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A way to send requests. A clone is another handle on the same.
#[derive(Clone, Debug, Default)]
pub struct Fetch(Option<Function>);

/// The request brought no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoResponse;

impl Fetch {
    /// By a function that takes a `Request` and gives a promise of a `Response`, as `fetch` does.
    #[must_use]
    pub fn by(function: Function) -> Self {
        Self(Some(function))
    }

    /// By the function of `boot.js` where it is: that has asked the first questions of a link.
    #[must_use]
    pub fn of_page() -> Self {
        let function = Reflect::get(&js_sys::global(), &"mailTriageFetch".into()).ok();
        Self(function.and_then(|function| function.dyn_into().ok()))
    }

    /// Sends a request.
    ///
    /// # Errors
    /// [`NoResponse`] if there is no connection, the request was aborted, or the caller's own function failed or gave
    /// something else than a `Response`.
    pub async fn send(&self, request: Request) -> Result<Response, NoResponse> {
        let Some(function) = &self.0 else { return request.send().await.map_err(|_| NoResponse) };
        let request = web_sys::Request::from(request);
        let promised = function.call1(&JsValue::UNDEFINED, &request).map_err(|_| NoResponse)?;
        let response = JsFuture::from(Promise::resolve(&promised)).await.map_err(|_| NoResponse)?;
        response.dyn_into::<web_sys::Response>().map(Response::from).map_err(|_| NoResponse)
    }
}
