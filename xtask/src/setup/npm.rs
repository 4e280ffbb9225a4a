//! Packages from npm, always from a lock file.

use std::fs;
use std::path::Path;

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

/// Node and npm, from the system or from Debian.
pub fn node(sh: &Shell) -> Result<Found> {
    if has_node(sh) {
        return Ok(Found::Ready(()));
    }
    let found = debian::install(sh, "Node and npm", &["nodejs", "npm"])?;
    if matches!(found, Found::Ready(())) && !has_node(sh) {
        return Ok(Found::Missing(Missing {
            reason: "Node 18 or newer is missing".to_owned(),
            command: "install Node from your system's packages".to_owned(),
        }));
    }
    Ok(found)
}

/// Whether both are there.
pub fn has_node(sh: &Shell) -> bool {
    sh.find(&["npm"]).is_some() && node_major(sh) >= Some(18)
}

/// Installs exactly what a directory's lock file names, once for each state of that file.
pub fn install(sh: &Shell, dir: &Path) -> Result {
    let lock = fs::read(dir.join("package-lock.json"))?;
    let stamp = dir.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("Installing npm packages in {} (seconds)", dir.display());
    run(sh.line("npm ci --no-audit --no-fund --ignore-scripts").current_dir(dir))?;
    fs::write(stamp, lock)?;
    Ok(())
}

fn node_major(sh: &Shell) -> Option<u32> {
    let version = sh.output("node --version")?;
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}
