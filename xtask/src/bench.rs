//! `cargo xtask bench`: bytes, evaluations a second, milliseconds.

use std::fs;
use std::path::PathBuf;

use crate::args::Args;
use crate::http::Server;
use crate::lab::Lab;
use crate::sh::{Result, Shell, run as sh_run, run_watching};
use crate::{page, setup, size};

/// Measures everything that has a budget.
pub fn run(sh: &Shell, args: &[String]) -> Result {
    Args::new(args).finish()?;
    setup::announce(sh, &["build", "e2e"]);
    println!("== bytes ==");
    let dist = page::build(sh)?;
    // Over the budget is a failure of the tests; here it is a number like the others.
    if let Err(error) = size::check(&dist) {
        println!("{error}");
    }
    println!("\n== natively ==");
    let chain = natively(sh)?;
    println!("\n== time to the whole report, in a browser ==");
    in_browser(sh, dist, &chain)
}

/// Runs every bench of the engine; gives the longest chain of dependent lookups that one of them prints.
fn natively(sh: &Shell) -> Result<String> {
    let mut bench = sh.line("cargo bench --locked --package mail-triage-engine");
    for entry in fs::read_dir(sh.root().join("crates/engine/benches"))?.flatten() {
        if let Some(name) = entry.path().file_stem() {
            bench.arg("--bench").arg(name);
        }
    }
    let mut chain = String::new();
    run_watching(&mut bench, |line| {
        if let Some(rest) = line.strip_prefix("longest chain") {
            chain = rest.split_whitespace().next().unwrap_or_default().to_owned();
        }
    })?;
    Ok(chain)
}

fn in_browser(sh: &Shell, dist: PathBuf, chain: &str) -> Result {
    let browser = setup::browser(sh)?.required()?;
    setup::e2e_packages(sh)?.required()?;
    let page = Server::start(dist, "/", 0)?;
    let lab = Lab::start(sh)?;
    let mut node = sh.line("node tests/e2e/bench.mjs");
    node.env("LONGEST_CHAIN", chain)
        .env("PAGE_URL", page.url())
        .env("CHROMIUM", browser.chromium)
        .envs(lab.variables());
    sh_run(&mut node)
}
