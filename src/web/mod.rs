//! The browser side, the only place that knows one: transport, storage, the page and its JavaScript API.
//!
//! - [`doh`]: one question to one resolver. [`run`]: drives a [`Session`](crate::session::Session) with it.
//! - [`policy`]: reads the one file that is not DNS. [`log`]: what was asked in this visit.
//! - [`data`], [`words`]: the knowledge files and the texts.
//! - `later`: half of the program, fetched after the first paint.
//! - `app`: the page. [`api`]: the same checks for other pages.

mod app;
mod body;
mod browser;
mod later;

pub mod api;
pub mod data;
pub mod doh;
pub mod log;
pub mod policy;
pub mod run;
pub mod words;

/// Mounts the page if the document has a place for it (`#app`); otherwise this is only a module with an API.
pub fn start() {
    let Some(root) = browser::document().and_then(|document| document.get_element_by_id("app")) else {
        return;
    };
    wasm_bindgen_futures::spawn_local(app::mount(root));
}
