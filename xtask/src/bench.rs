//! `cargo xtask bench`: bytes, milliseconds, evaluations a second.

use crate::args::Args;
use crate::http::Server;
use crate::lab::Lab;
use crate::sh::{Result, Shell, run as sh_run};
use crate::{page, setup, size};

/// Measures everything that has a budget.
pub fn run(sh: &Shell, args: &[String]) -> Result {
    Args::new(args).finish()?;
    println!("== bytes ==");
    let dist = page::build(sh)?;
    // Over the budget is a failure of the tests; here it is a number like the others.
    if let Err(error) = size::check(&dist) {
        println!("{error}");
    }

    println!("\n== time to the whole report ==");
    let browser = setup::browser(sh)?.required()?;
    setup::e2e_packages(sh)?.required()?;
    setup::dns_servers(sh)?.required()?;
    let page = Server::start(dist, "/", 0)?;
    let lab = Lab::start(sh)?;
    sh_run(
        sh.line("node tests/e2e/bench.mjs")
            .env("PAGE_URL", page.url())
            .env("CHROMIUM", browser.chromium)
            .envs(lab.variables()),
    )?;
    drop(lab);

    println!("\n== natively ==");
    let mut bench = sh.line("cargo bench --locked");
    for entry in std::fs::read_dir(sh.root().join("benches"))?.flatten() {
        if let Some(name) = entry.path().file_stem() {
            bench.arg("--bench").arg(name);
        }
    }
    sh_run(&mut bench)
}
