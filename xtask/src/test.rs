//! `cargo xtask test`: every test there is, each part with a heading and its time.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use crate::http::Server;
use crate::lab::Lab;
use crate::part::{Counts, Outcome};
use crate::setup::{self, Found, Missing};
use crate::sh::{Result, Shell, run as sh_run, run_watching};
use crate::{deny, page, size};

/// The path under which the tests serve the page: published pages live below a repository's name.
const BASE: &str = "/mail-triage/";

struct Part {
    name: &'static str,
    heading: &'static str,
    run: fn(&mut Run) -> Result<Outcome>,
}

const PARTS: [Part; 10] = [
    Part { name: "fmt", heading: "formatting", run: fmt },
    Part { name: "clippy", heading: "clippy for this machine", run: clippy },
    Part { name: "clippy-wasm", heading: "clippy for the browser", run: clippy_wasm },
    Part { name: "doc", heading: "links of the documentation", run: doc },
    Part { name: "deny", heading: "dependencies", run: |run| deny::check(run.sh) },
    Part { name: "native", heading: "native tests", run: native },
    Part { name: "wasm", heading: "tests in a headless browser", run: wasm },
    Part { name: "build", heading: "release build of the page", run: build },
    Part { name: "size", heading: "size budget", run: budget },
    Part { name: "e2e", heading: "the page against real DNS servers", run: e2e },
];

/// What the parts share while they run.
struct Run<'a> {
    sh: &'a Shell,
    /// Arguments after `--`, for the runner of a part.
    extra: &'a [String],
    counts: Counts,
    /// The built page, once built.
    dist: Option<PathBuf>,
}

/// Runs the named parts, or all of them.
pub fn run(sh: &Shell, args: &[String]) -> Result {
    let (names, extra) = match args.iter().position(|arg| arg == "--") {
        Some(at) => (&args[..at], &args[at + 1..]),
        None => (args, &[][..]),
    };
    let parts = select(names)?;
    setup::announce(sh, &parts.iter().map(|part| part.name).collect::<Vec<_>>());
    let mut run = Run { sh, extra, counts: Counts::default(), dist: None };
    let mut total = Counts::default();
    let mut lines = Vec::new();
    for part in parts {
        println!("\n== {}: {} ==", part.name, part.heading);
        let start = Instant::now();
        run.counts = Counts::default();
        let state = match (part.run)(&mut run) {
            Ok(Outcome::Done) => "ok".to_owned(),
            Ok(Outcome::Skipped(missing)) => skipped(&mut run.counts, &missing),
            // Where installing was refused.
            Err(error) => match error.downcast_ref::<Missing>() {
                Some(missing) => skipped(&mut run.counts, missing),
                None => {
                    run.counts.failed = run.counts.failed.max(1);
                    format!("FAILED: {error}")
                }
            },
        };
        let line = format!("{:<12}{:>7}  {state}", part.name, seconds(start.elapsed()));
        println!("-- {line}");
        lines.push(line);
        total.add(run.counts);
    }
    println!("\n== totals ==");
    lines.iter().for_each(|line| println!("{line}"));
    let Counts { passed, failed, skipped } = total;
    println!("{passed} passed, {failed} failed, {skipped} skipped");
    if failed > 0 {
        // The totals stay the last line.
        std::process::exit(1);
    }
    Ok(())
}

fn skipped(counts: &mut Counts, missing: &Missing) -> String {
    counts.skipped += 1;
    format!("SKIPPED: {missing}")
}

fn select(names: &[String]) -> Result<Vec<&'static Part>> {
    if names.is_empty() {
        return Ok(PARTS.iter().collect());
    }
    names
        .iter()
        .map(|name| {
            PARTS.iter().find(|part| part.name == name).ok_or_else(|| {
                let known: Vec<_> = PARTS.iter().map(|part| part.name).collect();
                format!("no part {name:?}; there are: {}", known.join(" ")).into()
            })
        })
        .collect()
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn fmt(run: &mut Run) -> Result<Outcome> {
    setup::component(run.sh, "fmt", "rustfmt")?;
    sh_run(&mut run.sh.line("cargo fmt --all --check"))?;
    Ok(Outcome::Done)
}

fn clippy(run: &mut Run) -> Result<Outcome> {
    setup::component(run.sh, "clippy", "clippy")?;
    let line = "cargo clippy --locked --workspace --all-targets -- -D warnings";
    sh_run(&mut run.sh.line(line))?;
    Ok(Outcome::Done)
}

fn clippy_wasm(run: &mut Run) -> Result<Outcome> {
    setup::component(run.sh, "clippy", "clippy")?;
    setup::wasm_target(run.sh)?;
    let line = "cargo clippy --locked --target wasm32-unknown-unknown --lib --bins --test browser";
    sh_run(run.sh.line(line).args(["--", "-D", "warnings"]))?;
    Ok(Outcome::Done)
}

fn doc(run: &mut Run) -> Result<Outcome> {
    setup::wasm_target(run.sh)?;
    for target in ["", " --target wasm32-unknown-unknown"] {
        let line = format!("cargo doc --locked --no-deps --package mail-triage{target}");
        sh_run(run.sh.line(&line).env("RUSTDOCFLAGS", "-D warnings"))?;
    }
    Ok(Outcome::Done)
}

fn native(run: &mut Run) -> Result<Outcome> {
    let mut test = run.sh.line("cargo test --locked --workspace");
    test.args(run.extra);
    run_watching(&mut test, |line| run.counts.read(line))?;
    Ok(Outcome::Done)
}

fn wasm(run: &mut Run) -> Result<Outcome> {
    setup::wasm_test_runner(run.sh)?;
    let browser = match setup::browser(run.sh)? {
        Found::Ready(browser) => browser,
        Found::Missing(missing) => return Ok(Outcome::Skipped(missing)),
    };
    let mut test = run.sh.line("cargo test --locked --target wasm32-unknown-unknown --test browser");
    test.args(run.extra)
        .env("CHROMEDRIVER", browser.driver)
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    run_watching(&mut test, |line| run.counts.read(line))?;
    Ok(Outcome::Done)
}

fn build(run: &mut Run) -> Result<Outcome> {
    // Without Node there is a page too, a larger one.
    if let Found::Missing(missing) = setup::node(run.sh)? {
        println!("{}", missing.reason);
    }
    run.dist = Some(page::build(run.sh)?);
    Ok(Outcome::Done)
}

fn dist(run: &mut Run) -> Result<PathBuf> {
    if run.dist.is_none() {
        build(run)?;
    }
    Ok(run.dist.clone().unwrap_or_default())
}

fn budget(run: &mut Run) -> Result<Outcome> {
    size::check(&dist(run)?)?;
    Ok(Outcome::Done)
}

fn e2e(run: &mut Run) -> Result<Outcome> {
    let browser = match setup::browser(run.sh)? {
        Found::Ready(browser) => browser,
        Found::Missing(missing) => return Ok(Outcome::Skipped(missing)),
    };
    for found in [setup::e2e_packages(run.sh)?, setup::dns_servers(run.sh)?, setup::cjk_font(run.sh)?] {
        if let Found::Missing(missing) = found {
            return Ok(Outcome::Skipped(missing));
        }
    }
    let page = Server::start(dist(run)?, BASE, 0)?;
    let lab = Lab::start(run.sh)?;
    let mut node = run.sh.line("node tests/e2e/run.mjs");
    node.args(run.extra).env("PAGE_URL", page.url()).env("CHROMIUM", browser.chromium).envs(lab.variables());
    run_watching(&mut node, |line| run.counts.read(line))?;
    Ok(Outcome::Done)
}
