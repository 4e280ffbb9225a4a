//! Packages from npm, always from a lock file.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Found, Missing, debian};
use crate::sh::{Result, Shell, run};

/// The packages that the e2e tests use.
pub fn e2e_packages(sh: &Shell) -> Result<Found> {
    if let Found::Missing(missing) = node(sh)? {
        return Ok(Found::Missing(missing));
    }
    install(sh, &sh.root().join("tests/e2e"))?;
    Ok(Found::Ready(()))
}

/// Deno, which tries the package of the checks. Not every system has one: nothing is installed there then.
pub fn deno(sh: &Shell) -> Result<Found> {
    if let Found::Missing(missing) = node(sh)? {
        return Ok(Found::Missing(missing));
    }
    install(sh, &sh.root().join("tests/module"))?;
    Ok(Found::Ready(()))
}

/// Deno, where it will be installed.
pub fn deno_missing(sh: &Shell) -> Option<Missing> {
    let dir = sh.root().join("tests/module");
    missing(&dir, &dir.join("package-lock.json"))
}

/// Lighthouse and what it takes.
pub fn lighthouse(sh: &Shell) -> Result<Found> {
    if let Found::Missing(missing) = node(sh)? {
        return Ok(Found::Missing(missing));
    }
    install(sh, &sh.root().join("tests/lighthouse"))?;
    Ok(Found::Ready(()))
}

/// Lighthouse, where it will be installed.
pub fn lighthouse_missing(sh: &Shell) -> Option<Missing> {
    let dir = sh.root().join("tests/lighthouse");
    missing(&dir, &dir.join("package-lock.json"))
}

/// The packages that the e2e tests use, where they will be installed.
pub fn e2e_packages_missing(sh: &Shell) -> Option<Missing> {
    missing(&sh.root().join("tests/e2e"), &sh.root().join("tests/e2e/package-lock.json"))
}

const NODE: (&str, &[&str]) = ("Node and npm", &["nodejs", "npm"]);

/// Node and npm, where they will be installed.
pub fn node_missing(sh: &Shell) -> Option<Missing> {
    if has_node(sh) { None } else { debian::planned(sh, NODE.0, NODE.1) }
}

/// Node and npm, from the system or from Debian.
pub fn node(sh: &Shell) -> Result<Found> {
    if has_node(sh) {
        return Ok(Found::Ready(()));
    }
    let found = debian::install(sh, NODE.0, NODE.1)?;
    if matches!(found, Found::Ready(())) && !has_node(sh) {
        return Ok(Found::Missing(Missing {
            reason: "Node 18 or newer is missing".to_owned(),
            command: "install Node from your system's packages".to_owned(),
        }));
    }
    Ok(found)
}

/// Node as new as the package of the checks asks for.
pub fn node_of_packages(sh: &Shell) -> Result<Found> {
    let found = node(sh)?;
    if matches!(found, Found::Ready(())) && node_major(sh) < Some(20) {
        return Ok(Found::Missing(Missing {
            reason: "Node 20 or newer is missing".to_owned(),
            command: "install a newer Node".to_owned(),
        }));
    }
    Ok(found)
}

/// Whether both are there.
pub fn has_node(sh: &Shell) -> bool {
    sh.find(&["npm"]).is_some() && node_major(sh) >= Some(18)
}

const CI: &str = "npm ci --no-audit --no-fund --ignore-scripts";

/// What was installed last in `dir`.
fn stamp(dir: &Path) -> PathBuf {
    dir.join("node_modules/.installed-lock.json")
}

/// What a lock file names, where `dir` does not hold exactly that.
pub fn missing(dir: &Path, lock: &Path) -> Option<Missing> {
    let there =
        fs::read(stamp(dir)).is_ok_and(|installed| fs::read(lock).is_ok_and(|lock| lock == installed));
    (!there).then(|| {
        Missing::new(
            format!("npm packages of {} missing", lock.display()),
            format!("{CI}, in {}", dir.display()),
        )
    })
}

/// Installs exactly what a directory's lock file names, once for each state of that file.
pub fn install(sh: &Shell, dir: &Path) -> Result {
    let lock = dir.join("package-lock.json");
    let Some(missing) = missing(dir, &lock) else { return Ok(()) };
    sh.may_install(&missing)?;
    println!("Installing npm packages in {} (seconds)", dir.display());
    run(sh.line(CI).current_dir(dir))?;
    fs::copy(lock, stamp(dir))?;
    Ok(())
}

fn node_major(sh: &Shell) -> Option<u32> {
    let version = sh.output("node --version")?;
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}
