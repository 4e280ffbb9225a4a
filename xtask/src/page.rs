//! The release build of the page.

use std::path::PathBuf;
use std::time::Instant;

use crate::args::Args;
use crate::setup;
use crate::sh::{Result, Shell, run as sh_run};

/// `cargo xtask build`.
pub fn run(sh: &Shell, args: &[String]) -> Result {
    Args::new(args).finish()?;
    let dist = build(sh)?;
    println!("The page is in {}", dist.display());
    Ok(())
}

/// Builds the page and gives the directory that holds it.
pub fn build(sh: &Shell) -> Result<PathBuf> {
    let complete = setup::page_tools(sh)?;
    println!("Building the release page (a minute or two the first time)");
    let start = Instant::now();
    let mut trunk = sh.line("trunk build --release");
    if complete {
        // Nothing may be fetched in passing.
        trunk.arg("--offline");
    }
    // Trunk reads NO_COLOR as a boolean and stops at any other value.
    sh_run(trunk.env_remove("NO_COLOR"))?;
    println!("Built in {} s", start.elapsed().as_secs());
    Ok(sh.root().join("dist"))
}
