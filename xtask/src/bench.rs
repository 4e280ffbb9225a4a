//! `cargo xtask bench`: bytes, evaluations a second, milliseconds.

use std::fs;
use std::path::{Path, PathBuf};

use crate::args::Args;
use crate::http::Server;
use crate::lab::Lab;
use crate::sh::{Result, Shell, run as sh_run, run_watching};
use crate::{package, page, setup, size};

/// A part that can run alone.
const SLOW_PHONE: &str = "slow-phone";
/// Another one.
const MANY: &str = "many";

/// And one more.
const LIGHTHOUSE: &str = "lighthouse";
/// The pages that Lighthouse looks at: the start page, a finding, an error, their lists.
const LOOKED_AT: [&str; 5] = [
    "",
    "rules/en/SPF-090.html",
    "errors/zh-Hant/550-5.7.26-unauthenticated.html",
    "rules/zh-Hant/index.html",
    "errors/en/index.html",
];

/// Measures everything that has a budget, or only the parts that are named.
pub fn run(sh: &Shell, args: &[String]) -> Result {
    let mut args = Args::new(args);
    let beside = args.text("--beside")?.map(PathBuf::from);
    let (slow_phone, many) = (args.flag(SLOW_PHONE), args.flag(MANY));
    let lighthouse = args.flag(LIGHTHOUSE);
    let is_all = !slow_phone && !many && !lighthouse;
    args.finish()?;
    let parts: &[&str] = if lighthouse || is_all {
        &["build", "package", "e2e", LIGHTHOUSE]
    } else {
        &["build", "package", "e2e"]
    };
    setup::announce(sh, parts);
    println!("== bytes ==");
    let dist = page::build(sh)?;
    // Over the budget is a failure of the tests; here it is a number like the others.
    if let Err(error) = size::check(&dist) {
        println!("{error}");
    }
    if let Err(error) = package::sizes(&package::build(sh)?) {
        println!("{error}");
    }
    if is_all {
        println!("\n== natively ==");
        let chain = natively(sh)?;
        println!("\n== time to the whole report, in a browser ==");
        in_browser(sh, dist.clone(), &chain)?;
    }
    if many || is_all {
        println!("\n== many domains, and records that are tried ==");
        many_domains(sh, dist.clone())?;
    }
    if lighthouse || is_all {
        println!("\n== Lighthouse, of 100 ==");
        in_lighthouse(sh, dist.clone())?;
    }
    if slow_phone || is_all {
        println!("\n== a first visit on a slow phone ==");
        on_slow_phone(sh, &dist, beside.as_deref())?;
    }
    Ok(())
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

fn many_domains(sh: &Shell, dist: PathBuf) -> Result {
    let browser = setup::browser(sh)?.required()?;
    setup::e2e_packages(sh)?.required()?;
    let page = Server::start(dist, "/", 0)?;
    let lab = Lab::start(sh)?;
    let mut node = sh.line("node tests/e2e/many.mjs");
    node.env("PAGE_URL", page.url()).env("CHROMIUM", browser.chromium).envs(lab.variables());
    sh_run(&mut node)
}

/// What Lighthouse says of some pages, and what keeps them from all of it.
fn in_lighthouse(sh: &Shell, dist: PathBuf) -> Result {
    let browser = setup::browser(sh)?.required()?;
    setup::lighthouse(sh)?.required()?;
    let page = Server::start(dist, "/", 0)?;
    let mut node = sh.line("node tests/lighthouse/run.mjs");
    node.args(LOOKED_AT.map(|path| format!("{}{path}", page.url()))).env("CHROMIUM", browser.chromium);
    sh_run(&mut node)
}

/// Measures a first visit under the throttle of the browser, in turn with the build in `beside`.
fn on_slow_phone(sh: &Shell, dist: &Path, beside: Option<&Path>) -> Result {
    let browser = setup::browser(sh)?.required()?;
    setup::e2e_packages(sh)?.required()?;
    let lab = Lab::start(sh)?;
    let mut node = sh.line("node tests/e2e/slow-phone.mjs");
    node.env("DIST", dist).env("CHROMIUM", browser.chromium).envs(lab.variables());
    if let Some(beside) = beside {
        node.env("BESIDE", fs::canonicalize(beside)?);
    }
    sh_run(&mut node)
}
