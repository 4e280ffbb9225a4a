//! The release build of the page.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::args::Args;
use crate::chunks;
use crate::compact;
use crate::explain;
use crate::licences;
use crate::offline;
use crate::setup;
use crate::sh::{Result, Shell, run as sh_run};

/// The variable with options of the compiler.
pub const RUSTFLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";

/// Lets the standard library be built together with the page, for size, and panics end the program without words:
/// nobody could read them there. Measured: a seventh of the program's compressed size. The compiler calls these
/// options unstable; `trunk build --release` works without them and makes a larger page.
pub const SMALL_STD: [(&str, &str); 4] = [
    ("RUSTC_BOOTSTRAP", "1"),
    ("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort"),
    ("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size"),
    (RUSTFLAGS, "-Zunstable-options -Cpanic=immediate-abort -Clink-arg=--emit-relocs"),
];

/// `cargo xtask build`.
pub fn run(sh: &Shell, args: &[String]) -> Result {
    let mut args = Args::new(args);
    let site = args.text("--site")?;
    let kept = !args.flag("--no-offline");
    args.finish()?;
    let dist = build_for(sh, site.as_deref(), kept)?;
    println!("The page is in {}", dist.display());
    Ok(())
}

/// Builds the page and gives the directory that holds it.
pub fn build(sh: &Shell) -> Result<PathBuf> {
    build_for(sh, None, true)
}

/// Builds the page for the site at this address; `kept` for when there is no network, or not.
fn build_for(sh: &Shell, site: Option<&str>, kept: bool) -> Result<PathBuf> {
    setup::announce(sh, &["build"]);
    let complete = setup::page_tools(sh)?;
    let mut small_std = setup::std_source(sh);
    if !small_std {
        println!("Without the source of Rust's library (rustup component add rust-src) the page gets larger");
    }
    println!("Building the release page (a minute or two the first time)");
    let start = Instant::now();
    let page_target = sh.root().join("target/page");
    if small_std && let Err(error) = compile(sh, complete, Some(&page_target)) {
        // What a later compiler thinks of these options nobody knows.
        println!("{error}; trying without Rust's library in it: the page gets larger");
        small_std = false;
    }
    if !small_std {
        compile(sh, complete, None)?;
    }
    let dist = sh.root().join("dist");
    let target = if small_std { page_target } else { sh.target().to_owned() };
    let linked = target.join("wasm32-unknown-unknown/release/mail-triage.wasm");
    chunks::take_page_apart(sh, &dist, &linked, complete)?;
    licences::write(sh, &dist, "mail-triage")?;
    compact::write(&dist)?;
    explain::write(sh, &dist, site)?;
    offline::write(sh, &dist, kept)?;
    println!("Built in {} s", start.elapsed().as_secs());
    Ok(dist)
}

/// Has Trunk build the page; together with the standard library where there is a directory for that.
fn compile(sh: &Shell, complete: bool, small_std: Option<&Path>) -> Result {
    let with_std = |mut command: Command| {
        if let Some(target) = small_std {
            command.envs(SMALL_STD).env("CARGO_TARGET_DIR", target);
        } else {
            command.env(RUSTFLAGS, chunks::RUSTFLAGS);
        }
        command
    };
    let mut line = "trunk build --release --features chunks".to_owned();
    if complete {
        // Nothing may be fetched in passing by Trunk, nor by the cargo that it starts.
        // Cargo gets the standard library's dependencies only for a target that is named, and then no others.
        for target in ["", " --target wasm32-unknown-unknown"] {
            sh_run(&mut with_std(sh.line(&format!("cargo fetch --quiet --locked{target}"))))?;
        }
        line.push_str(" --offline");
    }
    // Trunk reads NO_COLOR as a boolean and stops at any other value.
    sh_run(with_std(sh.line(&line)).env_remove("NO_COLOR"))
}
