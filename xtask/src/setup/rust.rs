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

/// A component that is a cargo subcommand, such as `clippy` or `fmt`.
pub fn component(sh: &Shell, subcommand: &str, component: &str) -> Result {
    if sh.output(&format!("cargo {subcommand} --version")).is_some() {
        return Ok(());
    }
    println!("Installing the Rust component {component} (a few seconds)");
    run(&mut sh.line(&format!("rustup component add {component}")))
}
