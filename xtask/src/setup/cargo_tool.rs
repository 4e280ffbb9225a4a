//! Tools from crates.io: Trunk, wasm-bindgen and cargo-deny, each with the dependencies that a lock file pins.

use std::fs;

use super::Missing;
use crate::sh::{Result, Shell, run};

/// Trunk, which builds the page. 0.22 needs a newer compiler than we ask for.
pub fn trunk(sh: &Shell) -> Result {
    let Some(missing) = trunk_missing(sh) else { return Ok(()) };
    install(sh, &missing, "trunk", "^0.21.14")?;
    match trunk_missing(sh) {
        None => Ok(()),
        Some(_) => Err("Trunk was installed, but it is not a 0.21 from 0.21.14 on".into()),
    }
}

/// Trunk, where it is absent or does not fit.
pub fn trunk_missing(sh: &Shell) -> Option<Missing> {
    (!trunk_fits(sh)).then(|| {
        Missing::new(
            "Trunk missing (4 minutes on 2 cores)",
            "cargo install trunk --version ^0.21.14 --locked",
        )
    })
}

/// cargo-deny, which looks through the dependencies.
pub fn deny(sh: &Shell) -> Result {
    let Some(missing) = deny_missing(sh) else { return Ok(()) };
    install(sh, &missing, "cargo-deny", DENY)?;
    match deny_missing(sh) {
        None => Ok(()),
        Some(_) => Err(format!("cargo-deny was installed, but it is not {DENY}").into()),
    }
}

/// What `deny.toml` is written for.
const DENY: &str = "^0.20.2";

/// cargo-deny, where it is absent or does not fit.
pub fn deny_missing(sh: &Shell) -> Option<Missing> {
    let fits = sh.output("cargo deny --version").is_some_and(|line| line.starts_with("cargo-deny 0.20."));
    (!fits).then(|| {
        let command = format!("cargo install cargo-deny --version {DENY} --locked");
        Missing::new("cargo-deny missing (2 minutes on 2 cores)", command)
    })
}

/// wasm-bindgen's command line and test runner, in exactly the version of `Cargo.lock`: another
/// version refuses the compiled page.
pub fn wasm_bindgen(sh: &Shell) -> Result {
    let Some(missing) = wasm_bindgen_missing(sh) else { return Ok(()) };
    let version = wanted_wasm_bindgen(sh)?;
    install(sh, &missing, "wasm-bindgen-cli", &format!("={version}"))?;
    match wasm_bindgen_missing(sh) {
        None => Ok(()),
        Some(_) => Err(format!("wasm-bindgen was installed, but it is not {version}").into()),
    }
}

/// wasm-bindgen's programs, where one is absent or does not fit.
pub fn wasm_bindgen_missing(sh: &Shell) -> Option<Missing> {
    let fits = wanted_wasm_bindgen(sh).is_ok_and(|version| wasm_bindgen_fits(sh, &version));
    (!fits).then(|| {
        let command = format!("cargo install --path {PINNED} --locked");
        Missing::new("wasm-bindgen missing (2 minutes on 2 cores)", command)
    })
}

/// A package of ours that makes wasm-bindgen's programs with a lock file of ours.
///
/// The published package has a lock file too, but it may name a version that was withdrawn since.
const PINNED: &str = "xtask/wasm-bindgen";

fn wanted_wasm_bindgen(sh: &Shell) -> Result<String> {
    let lock = fs::read_to_string(sh.root().join("Cargo.lock"))?;
    Ok(locked_version(&lock, "wasm-bindgen").ok_or("Cargo.lock does not name wasm-bindgen")?.to_owned())
}

fn trunk_fits(sh: &Shell) -> bool {
    sh.output("trunk --version").is_some_and(|line| {
        let patch = line.strip_prefix("trunk 0.21.").and_then(|patch| patch.parse::<u32>().ok());
        patch.is_some_and(|patch| patch >= 14)
    })
}

fn wasm_bindgen_fits(sh: &Shell, version: &str) -> bool {
    ["wasm-bindgen", "wasm-bindgen-test-runner"].iter().all(|tool| {
        sh.output(&format!("{tool} --version"))
            .is_some_and(|line| line.split_whitespace().nth(1) == Some(version))
    })
}

/// Installs a published tool into the target directory: ready-made where `cargo binstall` is there, else compiled by the
/// command that `missing` names.
fn install(sh: &Shell, missing: &Missing, name: &str, version: &str) -> Result {
    sh.may_install(missing)?;
    let root = sh.tools();
    if sh.output("cargo binstall -V").is_some() {
        let mut binstall = sh.line("cargo binstall --no-confirm --root");
        binstall.arg(&root).arg(format!("{name}@{version}"));
        if run(&mut binstall).is_ok() {
            return Ok(());
        }
    }
    println!("Installing {name} {version} into the target directory (minutes)");
    // A directory of its own: another tool may be compiled at the same time, and the first to finish clears up.
    let build = root.join("build").join(name);
    let mut install = sh.line(&missing.command);
    install
        .arg("--force")
        .arg("--root")
        .arg(&root)
        .env("CARGO_TARGET_DIR", &build)
        // It runs for seconds and compiles for minutes.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_DEBUG", "false");
    run(&mut install)?;
    // Only the programs are kept; a leftover costs disk space and nothing else.
    fs::remove_dir_all(build).ok();
    Ok(())
}

/// The version of a package in the text of a `Cargo.lock`.
fn locked_version<'a>(lock: &'a str, name: &str) -> Option<&'a str> {
    let head = format!("name = \"{name}\"");
    let mut lines = lock.lines();
    lines.find(|line| *line == head)?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_locked_version_of_the_named_package_only() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "yew"), None);
    }

    #[test]
    fn the_tools_are_pinned_in_the_version_of_the_page() {
        let page = locked_version(include_str!("../../../Cargo.lock"), "wasm-bindgen");
        let tools = include_str!("../../wasm-bindgen/Cargo.lock");
        assert!(page.is_some());
        assert_eq!(locked_version(tools, "wasm-bindgen-cli"), page, "see xtask/wasm-bindgen/Cargo.toml");
        assert_eq!(locked_version(tools, "wasm-bindgen-cli-support"), page);
    }
}
