//! `cargo xtask package`: the npm package of the checks, `crates/module`.
//!
//! ```text
//! target/npm/mail-triage/   what `npm pack` takes
//!   *.js *.d.ts             the scripts of crates/module/js, as they stand there
//!   program/                the programs that they fetch, each with the script that wasm-bindgen makes for it
//!   data/ texts/            www/data and www/locales as modules; of the texts, one file a language
//! ```

mod files;
mod programs;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::args::Args;
use crate::sh::{Result, Shell};
use crate::{licences, setup};

pub use programs::sizes;

/// What `cargo xtask package` writes, below the target directory.
const PACKAGE: &str = "npm/mail-triage";
/// Where the package and its demonstration lie on the site.
const ON_SITE: &str = "module";

/// `cargo xtask package [--site]`.
pub fn run(sh: &Shell, args: &[String]) -> Result {
    let mut args = Args::new(args);
    let to_site = args.flag("--site");
    args.finish()?;
    let package = build(sh)?;
    sizes(&package)?;
    if to_site {
        let site = sh.root().join("dist");
        if !site.join("index.html").is_file() {
            return Err("there is no page in dist; run `cargo xtask build` first".into());
        }
        put_on_site(sh, &package, &site)?;
    }
    println!("The package is in {}", package.display());
    Ok(())
}

/// Makes the package and gives its directory.
pub fn build(sh: &Shell) -> Result<PathBuf> {
    setup::announce(sh, &["package"]);
    println!("Building the package (a minute or two the first time)");
    let start = Instant::now();
    let package = sh.target().join(PACKAGE);
    if package.exists() {
        fs::remove_dir_all(&package)?;
    }
    fs::create_dir_all(&package)?;
    files::scripts(sh, &package)?;
    files::knowledge(sh, &package)?;
    programs::build(sh, &package)?;
    licences::write(sh, &package, "mail-triage-module")?;
    for file in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(sh.root().join(file), package.join(file))?;
    }
    println!("Built in {} s", start.elapsed().as_secs());
    Ok(package)
}

/// Puts the package and the page that demonstrates it below a site.
pub fn put_on_site(sh: &Shell, package: &Path, site: &Path) -> Result {
    let to = site.join(ON_SITE);
    if to.exists() {
        fs::remove_dir_all(&to)?;
    }
    files::copy(package, &to)?;
    files::copy(&sh.root().join("crates/module/demo"), &to)
}
