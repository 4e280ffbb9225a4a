//! The page. It exists only on WebAssembly; what it knows of mail is in `mail_triage_engine`.
//!
//! ```text
//!   a person, the browser, the resolvers
//!        |                       ^
//!      events                 effects
//!        v                       |
//!   machine::step(&mut State, Event) -> Vec<Effect>        pure: no clock, no browser, tested natively
//!        |
//!      state --> components --> what is seen; what a person does becomes an event again
//! ```
//!
//! | where | what is in it |
//! |---|---|
//! | `machine` | what the page knows, what can happen to it, and what follows: the life of a check, addresses, who is asked |
//! | `shell` | the component around it: tells the machine what has happened, and carries out what it wants done in one place (`shell::effects`); `shell::program` is the table of doors to what follows after the first paint |
//! | `components` | what is seen, one component a file, each drawn anew only when something of its own has changed; `components::parts` are functions that draw the parts of a report with all of the page at hand |
//! | `panels` | what components hold that have a state of their own: plain data, tested natively |
//!
//! Before the program, `www/boot.js` picks the language, keeps what is typed, and asks the first questions about a name in a
//! link: to reach the resolver takes a phone as long as a quarter of the program does, and those questions are the same
//! whatever comes of them. `mail_triage_browser::fetch` takes the answers over, each as the request that it is.
//!
//! To follow a check: `Event::Submit` in `machine::form`, `begin` in `machine::begin`, `Effect::Start` in `shell::live`,
//! `Event::Told` in `machine::results`.

#[cfg(target_arch = "wasm32")]
mod components;
#[cfg(target_arch = "wasm32")]
mod shell;
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

/// Mounts the page where the document has a place for it (`#app`).
fn main() {
    #[cfg(target_arch = "wasm32")]
    if let Some(root) = mail_triage_browser::dom::element("app") {
        yew::platform::spawn_local(shell::mount(root));
    }
}
