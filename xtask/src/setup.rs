//! Finds what a command needs and installs what is missing.
//!
//! Rust and npm tools go into the target directory, so that nothing outside the checkout changes.
//! System packages are installed only where apt-get is there and may be used. Whatever it is, [`Consent`] comes first.

mod browser;
mod cargo_tool;
mod consent;
mod debian;
mod dns;
mod firefox;
mod npm;
mod plan;
mod rust;
mod shrinkers;

pub use browser::{browser, fonts, windowless};
pub use cargo_tool::deny as cargo_deny;
pub use consent::Consent;
pub use dns::dns_servers;
pub use firefox::firefox;
pub use npm::{deno, e2e_packages, lighthouse, node, node_of_packages};
pub use plan::announce;
pub use rust::{component, std_source, wasm_target};

use std::fmt;

use crate::sh::{Result, Shell};

/// What came of looking for a tool.
pub enum Found<T = ()> {
    /// It is there, perhaps since a moment ago.
    Ready(T),
    /// This system cannot have it unasked.
    Missing(Missing),
}

/// Why a tool is not there, and how a person gets it. As an error: installing it was refused, or not possible.
#[derive(Clone, Debug)]
pub struct Missing {
    /// What is missing.
    pub reason: String,
    /// The command that would install it.
    pub command: String,
}

impl Missing {
    fn new(reason: impl Into<String>, command: impl Into<String>) -> Self {
        Self { reason: reason.into(), command: command.into() }
    }

    /// The same, with what kept it from being installed.
    pub fn because(&self, why: &str) -> Self {
        Self::new(format!("{} ({why})", self.reason), self.command.as_str())
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; enable it with: {}", self.reason, self.command)
    }
}

impl std::error::Error for Missing {}

impl<T> Found<T> {
    /// Turns an absent tool into an error, for commands that cannot go on without it.
    pub fn required(self) -> Result<T> {
        match self {
            Self::Ready(tool) => Ok(tool),
            Self::Missing(missing) => Err(missing.into()),
        }
    }
}

/// Everything that building the page takes; false where wasm-opt is not to be had.
pub fn page_tools(sh: &Shell) -> Result<bool> {
    wasm_target(sh)?;
    cargo_tool::trunk(sh)?;
    module_tools(sh)
}

/// Everything that building the package takes; false where wasm-opt is not to be had.
pub fn module_tools(sh: &Shell) -> Result<bool> {
    wasm_target(sh)?;
    cargo_tool::wasm_bindgen(sh)?;
    shrinkers::ensure(sh)
}

/// What `cargo test --target wasm32-unknown-unknown` takes besides a browser.
pub fn wasm_test_runner(sh: &Shell) -> Result {
    wasm_target(sh)?;
    cargo_tool::wasm_bindgen(sh)
}
