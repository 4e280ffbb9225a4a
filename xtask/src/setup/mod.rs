//! Finds what a command needs and installs what is missing.
//!
//! Rust and npm tools go into the target directory, so that nothing outside the checkout changes.
//! System packages are installed only where apt-get is there and may be used.

mod browser;
mod cargo_tool;
mod debian;
mod dns;
mod npm;
mod rust;
mod shrinkers;

pub use browser::{browser, cjk_font};
pub use dns::dns_servers;
pub use npm::{e2e_packages, node};
pub use rust::{component, std_source, wasm_target};

use crate::sh::{Result, Shell};

/// What came of looking for a tool.
pub enum Found<T = ()> {
    /// It is there, perhaps since a moment ago.
    Ready(T),
    /// This system cannot have it unasked.
    Missing(Missing),
}

/// Why a tool is not there, and how a person gets it.
#[derive(Debug)]
pub struct Missing {
    /// What is missing.
    pub reason: String,
    /// The command that would install it.
    pub command: String,
}

impl<T> Found<T> {
    /// Turns an absent tool into an error, for commands that cannot go on without it.
    pub fn required(self) -> Result<T> {
        match self {
            Self::Ready(tool) => Ok(tool),
            Self::Missing(Missing { reason, command }) => {
                Err(format!("{reason}; enable it with: {command}").into())
            }
        }
    }
}

/// Everything that building the page takes; false where Trunk has to download the last piece.
pub fn page_tools(sh: &Shell) -> Result<bool> {
    wasm_target(sh)?;
    cargo_tool::trunk(sh)?;
    cargo_tool::wasm_bindgen(sh)?;
    shrinkers::ensure(sh)
}

/// What `cargo test --target wasm32-unknown-unknown` takes besides a browser.
pub fn wasm_test_runner(sh: &Shell) -> Result {
    wasm_target(sh)?;
    cargo_tool::wasm_bindgen(sh)
}
