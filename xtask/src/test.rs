//! `cargo xtask test`: every test there is, each part with a heading and its time.

use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::http::Server;
use crate::lab::Lab;
use crate::lane::Lane;
use crate::part::{Counts, Outcome};
use crate::setup::{self, Found, Missing};
use crate::sh::{Result, Shell, run as sh_run, run_watching};
use crate::summary::Summary;
use crate::{deny, package, page, size};

/// The path under which the tests serve the page: published pages live below a repository's name.
const BASE: &str = "/mail-triage/";

struct Part {
    name: &'static str,
    heading: &'static str,
    run: fn(&mut Run) -> Result<Outcome>,
}

const PARTS: [Part; 12] = [
    Part { name: "fmt", heading: "formatting", run: fmt },
    Part { name: "clippy", heading: "clippy for this machine", run: clippy },
    Part { name: "clippy-wasm", heading: "clippy for the browser", run: clippy_wasm },
    Part { name: "doc", heading: "links of the documentation", run: doc },
    Part { name: "deny", heading: "dependencies", run: |run| deny::check(run.sh) },
    Part { name: "native", heading: "native tests", run: native },
    Part { name: "differential", heading: "held against other implementations", run: differential },
    Part { name: "wasm", heading: "tests in a headless browser", run: wasm },
    Part { name: "build", heading: "release build of the page", run: build },
    Part { name: "size", heading: "size budget", run: budget },
    Part { name: "module", heading: "the package in projects of others", run: module },
    Part { name: "e2e", heading: "the page against real DNS servers", run: e2e },
];

/// What a change usually needs.
const QUICK: [&str; 3] = ["fmt", "clippy", "native"];

/// What runs beside everything else where all parts run: the page is built while the rest is compiled, and tried in a
/// browser, which waits as often as it works, beside the native tests.
const BESIDE: [&str; 4] = ["build", "size", "module", "e2e"];

/// What the parts share while they run.
struct Run<'a> {
    sh: &'a Shell,
    /// Arguments after `--`, for the runner of a part.
    extra: &'a [String],
    /// What came of the parts so far.
    summary: Summary,
    /// Tests of the part that is running.
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
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let parts = match names.as_slice() {
        [] => PARTS.iter().collect(),
        ["quick"] => select(&QUICK)?,
        names => select(names)?,
    };
    setup::announce(sh, &parts.iter().map(|part| part.name).collect::<Vec<_>>());
    let summary = if names.is_empty() { everything(sh, extra)? } else { Run::new(sh, extra).parts(&parts) };
    summary.print();
    if summary.counts.failed > 0 {
        // The totals stay the last line.
        std::process::exit(1);
    }
    Ok(())
}

fn skipped(counts: &mut Counts, missing: &Missing) -> String {
    counts.skipped += 1;
    format!("SKIPPED: {missing}")
}

/// Runs all parts, in two lanes.
fn everything(sh: &Shell, extra: &[String]) -> Result<Summary> {
    // What both lanes use is installed once. A part for which that did not work finds out for itself.
    setup::wasm_test_runner(sh).ok();
    setup::browser(sh).ok();
    let lane = Lane::start(sh, &BESIDE, extra)?;
    println!("Beside what follows: {}", BESIDE.join(", "));
    let own: Vec<_> = PARTS.iter().filter(|part| !BESIDE.contains(&part.name)).collect();
    let mut summary = Run::new(sh, extra).parts(&own);
    lane.finish(&mut summary)?;
    Ok(summary)
}

fn select(names: &[&str]) -> Result<Vec<&'static Part>> {
    names
        .iter()
        .map(|name| {
            PARTS.iter().find(|part| part.name == *name).ok_or_else(|| {
                let known: Vec<_> = PARTS.iter().map(|part| part.name).collect();
                format!("no part {name:?}; there are: {} (or quick)", known.join(" ")).into()
            })
        })
        .collect()
}

impl<'a> Run<'a> {
    fn new(sh: &'a Shell, extra: &'a [String]) -> Self {
        Self { sh, extra, summary: Summary::default(), counts: Counts::default(), dist: None }
    }

    /// Runs the parts one after the other; each has a heading, and a line when it ends.
    fn parts(mut self, parts: &[&Part]) -> Summary {
        for part in parts {
            println!("\n== {}: {} ==", part.name, part.heading);
            let start = Instant::now();
            self.counts = Counts::default();
            let state = match (part.run)(&mut self) {
                Ok(Outcome::Done) => "ok".to_owned(),
                Ok(Outcome::Skipped(missing)) => skipped(&mut self.counts, &missing),
                // Where installing was refused.
                Err(error) => match error.downcast_ref::<Missing>() {
                    Some(missing) => skipped(&mut self.counts, missing),
                    None => {
                        self.counts.failed = self.counts.failed.max(1);
                        format!("FAILED: {error}")
                    }
                },
            };
            let line = format!("{:<12}{:>7}  {state}", part.name, seconds(start.elapsed()));
            println!("-- {line}");
            self.summary.lines.push(line);
            self.summary.counts.add(self.counts);
        }
        self.summary
    }

    /// Runs a command of a part and reads its tests.
    fn watch(&mut self, part: &str, command: &mut Command) -> Result {
        run_watching(command, |line| {
            self.counts.read(line);
            self.summary.slowest.read(part, line);
        })
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn fmt(run: &mut Run) -> Result<Outcome> {
    setup::component(run.sh, "fmt", "rustfmt")?;
    sh_run(&mut run.sh.line("cargo fmt --all --check"))?;
    sh_run(&mut run.sh.line("cargo fmt --check --manifest-path tests/differential/Cargo.toml"))?;
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
    let line = "cargo clippy --locked --workspace --exclude xtask --target wasm32-unknown-unknown --lib --bins --test browser";
    sh_run(run.sh.line(line).args(["--", "-D", "warnings"]))?;
    Ok(Outcome::Done)
}

fn doc(run: &mut Run) -> Result<Outcome> {
    setup::wasm_target(run.sh)?;
    // For the browser there is everything that there is natively, and the page.
    let line = "cargo doc --locked --no-deps --workspace --exclude xtask --target wasm32-unknown-unknown";
    sh_run(run.sh.line(line).env("RUSTDOCFLAGS", "-D warnings"))?;
    Ok(Outcome::Done)
}

fn native(run: &mut Run) -> Result<Outcome> {
    // The compiler's own test runner tells the time of each test only where it may do what is not stable. The variable
    // is for that runner alone: for the compiler it would change what it builds.
    let mut test = run.sh.line("cargo test --locked --profile checked --workspace --tests --config");
    test.arg("target.'cfg(unix)'.runner = ['env', 'RUSTC_BOOTSTRAP=1']")
        .args(["--", "-Zunstable-options", "--report-time"])
        .args(run.extra);
    run.watch("native", &mut test)?;
    run.watch(
        "native",
        run.sh.line("cargo test --locked --profile checked --workspace --doc --").args(run.extra),
    )?;
    Ok(Outcome::Done)
}

fn differential(run: &mut Run) -> Result<Outcome> {
    let mut test =
        run.sh.line("cargo test --locked --manifest-path tests/differential/Cargo.toml --target-dir");
    test.arg("target/differential").args(["--tests", "--"]).args(run.extra);
    run.watch("differential", &mut test)?;
    Ok(Outcome::Done)
}

fn wasm(run: &mut Run) -> Result<Outcome> {
    setup::wasm_test_runner(run.sh)?;
    let browser = match setup::browser(run.sh)? {
        Found::Ready(browser) => browser,
        Found::Missing(missing) => return Ok(Outcome::Skipped(missing)),
    };
    let mut test = run.sh.line("cargo test --locked --target wasm32-unknown-unknown --test browser --bins");
    test.args(run.extra)
        .env("CHROMEDRIVER", browser.driver)
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120");
    run.watch("wasm", &mut test)?;
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

fn module(run: &mut Run) -> Result<Outcome> {
    let browser = match setup::browser(run.sh)? {
        Found::Ready(browser) => browser,
        Found::Missing(missing) => return Ok(Outcome::Skipped(missing)),
    };
    for found in [
        setup::node_of_packages(run.sh)?,
        setup::e2e_packages(run.sh)?,
        setup::deno(run.sh)?,
        setup::dns_servers(run.sh)?,
    ] {
        if let Found::Missing(missing) = found {
            return Ok(Outcome::Skipped(missing));
        }
    }
    let package = package::build(run.sh)?;
    package::sizes(&package)?;
    let site = package.with_file_name("site");
    package::put_on_site(run.sh, &package, &site)?;
    let lab = Lab::start(run.sh)?;
    let mut node = run.sh.line("node tests/module/run.mjs");
    node.args(run.extra)
        .env("PACKAGE", &package)
        .env("SITE", &site)
        .env("CHROMIUM", setup::windowless(run.sh, &browser)?)
        .envs(lab.variables());
    run.watch("module", &mut node)?;
    Ok(Outcome::Done)
}

fn e2e(run: &mut Run) -> Result<Outcome> {
    let browser = match setup::browser(run.sh)? {
        Found::Ready(browser) => browser,
        Found::Missing(missing) => return Ok(Outcome::Skipped(missing)),
    };
    for found in [setup::e2e_packages(run.sh)?, setup::dns_servers(run.sh)?, setup::fonts(run.sh)?] {
        if let Found::Missing(missing) = found {
            return Ok(Outcome::Skipped(missing));
        }
    }
    // What is tried in Firefox too is skipped without it.
    let firefox = match setup::firefox(run.sh)? {
        Found::Ready(firefox) => Some(firefox),
        Found::Missing(missing) => {
            println!("{missing}");
            None
        }
    };
    let page = Server::start(dist(run)?, BASE, 0)?;
    let lab = Lab::start(run.sh)?;
    let mut node = run.sh.line("node tests/e2e/run.mjs");
    node.args(run.extra)
        .envs(firefox.map(|firefox| ("FIREFOX", firefox)))
        .env("PAGE_URL", page.url())
        .env("CHROMIUM", setup::windowless(run.sh, &browser)?)
        .envs(lab.variables());
    run.watch("e2e", &mut node)?;
    Ok(Outcome::Done)
}
