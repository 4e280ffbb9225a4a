//! The pages that explain findings and errors, written beside the page (`crates/pages`).

use std::env;
use std::fs;
use std::path::Path;

use crate::sh::{Result, Shell, run};

/// The address of the site, where whoever builds the page knows it.
pub const SITE: &str = "MAIL_TRIAGE_SITE";

/// Writes them into `dist`. A crate of its own does it, so that these commands do not wait for the engine to be compiled.
pub fn write(sh: &Shell, dist: &Path, site: Option<&str>) -> Result {
    let site = site.map(str::to_owned).or_else(|| env::var(SITE).ok());
    // In the profile of the native tests, which has the engine compiled already and runs all scenarios in no time.
    let mut pages = sh.line("cargo run --quiet --locked --profile checked --package mail-triage-pages --");
    run(pages.arg(dist).args(site))?;
    // Their texts stand in them; nothing fetches the catalogs.
    for entry in fs::read_dir(dist.join("locales"))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".pages.json") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}
