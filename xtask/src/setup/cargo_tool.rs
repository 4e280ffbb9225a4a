//! Tools from crates.io: Trunk and wasm-bindgen.

use std::fs;

use crate::sh::{Result, Shell, run};

/// Trunk, which builds the page. 0.22 needs a newer compiler than we ask for.
pub fn trunk(sh: &Shell) -> Result {
    let wanted = "a 0.21 from 0.21.14 on";
    if trunk_fits(sh) {
        return Ok(());
    }
    println!("Installing Trunk into the target directory (4 minutes on 2 cores)");
    install(sh, "trunk", "^0.21.14", &["--locked"])?;
    match trunk_fits(sh) {
        true => Ok(()),
        false => Err(format!("Trunk was installed, but it is not {wanted}").into()),
    }
}

/// wasm-bindgen's command line and test runner, in exactly the version of `Cargo.lock`: another
/// version refuses the compiled page.
pub fn wasm_bindgen(sh: &Shell) -> Result {
    let lock = fs::read_to_string(sh.root().join("Cargo.lock"))?;
    let version = locked_version(&lock, "wasm-bindgen").ok_or("Cargo.lock does not name wasm-bindgen")?;
    if wasm_bindgen_fits(sh, version) {
        return Ok(());
    }
    println!("Installing wasm-bindgen {version} into the target directory (2 minutes on 2 cores)");
    let exact = format!("={version}");
    // Its own lock file may name a dependency that was withdrawn since.
    install(sh, "wasm-bindgen-cli", &exact, &["--locked"])
        .or_else(|_| install(sh, "wasm-bindgen-cli", &exact, &[]))?;
    match wasm_bindgen_fits(sh, version) {
        true => Ok(()),
        false => Err(format!("wasm-bindgen was installed, but it is not {version}").into()),
    }
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

fn install(sh: &Shell, name: &str, version: &str, flags: &[&str]) -> Result {
    let root = sh.tools();
    if sh.output("cargo binstall -V").is_some() {
        let mut binstall = sh.line("cargo binstall --no-confirm --root");
        binstall.arg(&root).arg(format!("{name}@{version}"));
        if run(&mut binstall).is_ok() {
            return Ok(());
        }
    }
    let build = root.join("build");
    let mut install = sh.line("cargo install --force --root");
    install
        .arg(&root)
        .args([name, "--version", version])
        .args(flags)
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
}
