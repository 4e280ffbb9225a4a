//! The page. It exists only on WebAssembly; what it knows of mail is in `mail_triage_engine`.

#[cfg(target_arch = "wasm32")]
mod app;
#[cfg(target_arch = "wasm32")]
mod components;
// Natively it is there to be tested.
#[cfg(any(test, target_arch = "wasm32"))]
#[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, unused_imports, reason = "the shell uses it"))]
mod machine;

// It drives the page as a person does, so it stands with the tests that name what a browser gives.
#[cfg(all(test, target_arch = "wasm32"))]
#[path = "../tests/browser/renders.rs"]
mod renders;
// Natively it is there for its tests alone.
#[cfg(any(test, target_arch = "wasm32"))]
#[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "what no test names, components do"))]
mod panels;

// What other pages call is a part of the page's program.
#[cfg(target_arch = "wasm32")]
use mail_triage_module as _;

/// Mounts the page if the document has a place for it (`#app`); otherwise this is only a module with an API.
fn main() {
    #[cfg(target_arch = "wasm32")]
    if let Some(root) = mail_triage_browser::dom::element("app") {
        yew::platform::spawn_local(app::mount(root));
    }
}
