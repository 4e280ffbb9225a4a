//! Parts of the Rust toolchain.

use std::path::Path;

use super::Missing;
use crate::sh::{Result, Shell, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// The WebAssembly target of the compiler in use, where it is absent.
pub fn wasm_target_missing(sh: &Shell) -> Option<Missing> {
    let there = in_sysroot(sh, &format!("lib/rustlib/{TARGET}/lib"));
    (!there).then(|| Missing::new("Rust's WebAssembly target missing", format!("rustup target add {TARGET}")))
}

/// The WebAssembly target of the compiler in use.
pub fn wasm_target(sh: &Shell) -> Result {
    let Some(missing) = wasm_target_missing(sh) else { return Ok(()) };
    sh.may_install(&missing)?;
    println!("Installing Rust's WebAssembly target (a few seconds)");
    run(&mut sh.line(&missing.command)).map_err(|error| {
        format!("{error}; without rustup, install the {TARGET} target of your compiler").into()
    })
}

/// The source of the standard library, where it is absent.
pub fn std_source_missing(sh: &Shell) -> Option<Missing> {
    let there = in_sysroot(sh, "lib/rustlib/src/rust/library/std");
    (!there).then(|| Missing::new("the source of Rust's library missing", "rustup component add rust-src"))
}

/// Whether the source of the standard library is there, perhaps since a moment ago.
pub fn std_source(sh: &Shell) -> bool {
    let Some(missing) = std_source_missing(sh) else { return true };
    if sh.may_install(&missing).is_err() {
        return false;
    }
    println!("Installing the source of Rust's library (a few seconds)");
    run(&mut sh.line(&missing.command)).is_ok() && std_source_missing(sh).is_none()
}

/// rustfmt, where it is absent.
pub fn rustfmt_missing(sh: &Shell) -> Option<Missing> {
    component_missing(sh, "fmt", "rustfmt")
}

/// clippy, where it is absent.
pub fn clippy_missing(sh: &Shell) -> Option<Missing> {
    component_missing(sh, "clippy", "clippy")
}

fn component_missing(sh: &Shell, subcommand: &str, component: &str) -> Option<Missing> {
    let there = sh.output(&format!("cargo {subcommand} --version")).is_some();
    (!there).then(|| {
        Missing::new(
            format!("the Rust component {component} missing"),
            format!("rustup component add {component}"),
        )
    })
}

/// A component that is a cargo subcommand, such as `clippy` or `fmt`.
pub fn component(sh: &Shell, subcommand: &str, component: &str) -> Result {
    let Some(missing) = component_missing(sh, subcommand, component) else { return Ok(()) };
    sh.may_install(&missing)?;
    println!("Installing the Rust component {component} (a few seconds)");
    run(&mut sh.line(&missing.command))
}

fn in_sysroot(sh: &Shell, path: &str) -> bool {
    sh.output("rustc --print sysroot").is_some_and(|sysroot| Path::new(&sysroot).join(path).is_dir())
}
