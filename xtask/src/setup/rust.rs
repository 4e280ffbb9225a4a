//! Parts of the Rust toolchain.

use std::path::Path;

use crate::sh::{Result, Shell, run};

/// The WebAssembly target of the compiler in use.
pub fn wasm_target(sh: &Shell) -> Result {
    let target = "wasm32-unknown-unknown";
    let sysroot = sh.output("rustc --print sysroot").ok_or("rustc is not on the PATH")?;
    if Path::new(&sysroot).join("lib/rustlib").join(target).join("lib").is_dir() {
        return Ok(());
    }
    println!("Installing Rust's WebAssembly target (a few seconds)");
    run(&mut sh.line(&format!("rustup target add {target}"))).map_err(|error| {
        format!("{error}; without rustup, install the {target} target of your compiler").into()
    })
}

/// Whether the source of the standard library is there, perhaps since a moment ago.
pub fn std_source(sh: &Shell) -> bool {
    let there = || {
        sh.output("rustc --print sysroot")
            .is_some_and(|sysroot| Path::new(&sysroot).join("lib/rustlib/src/rust/library/std").is_dir())
    };
    if there() {
        return true;
    }
    println!("Installing the source of Rust's library (a few seconds)");
    run(&mut sh.line("rustup component add rust-src")).is_ok() && there()
}

/// A component that is a cargo subcommand, such as `clippy` or `fmt`.
pub fn component(sh: &Shell, subcommand: &str, component: &str) -> Result {
    if sh.output(&format!("cargo {subcommand} --version")).is_some() {
        return Ok(());
    }
    println!("Installing the Rust component {component} (a few seconds)");
    run(&mut sh.line(&format!("rustup component add {component}")))
}
