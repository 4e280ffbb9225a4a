//! wasm-opt and terser, which make the built page smaller.

use std::fs;

use super::{Missing, npm};
use crate::sh::{Result, Shell};

/// What will be installed of both. Not known before Node is there.
pub fn missing(sh: &Shell) -> Option<Missing> {
    npm::missing(&sh.tools().join("npm"), &sh.root().join("xtask/npm/package-lock.json"))
}

/// Both from npm, wasm-opt in the version that `Trunk.toml` names.
///
/// Without Node there is still a page, a larger one: false says that wasm-opt is not there.
pub fn ensure(sh: &Shell) -> Result<bool> {
    let trunk = fs::read_to_string(sh.root().join("Trunk.toml"))?;
    let wanted = wanted_version(&trunk).ok_or("Trunk.toml does not name a version of wasm-opt")?;
    if !npm::has_node(sh) {
        println!("Without Node 18 or newer and npm the page gets larger");
        return Ok(false);
    }
    let dir = sh.tools().join("npm");
    fs::create_dir_all(&dir)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(sh.root().join("xtask/npm").join(file), dir.join(file))?;
    }
    npm::install(sh, &dir)?;
    let version = sh.output("wasm-opt --version").unwrap_or_default();
    if version.split_whitespace().nth(2) == Some(wanted) {
        Ok(true)
    } else {
        Err(format!("wasm-opt {wanted} was installed, but {version:?} runs").into())
    }
}

/// The number in `wasm_opt = "version_132"`.
fn wanted_version(trunk_toml: &str) -> Option<&str> {
    trunk_toml.lines().find_map(|line| line.strip_prefix("wasm_opt = \"version_"))?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn npm_and_trunk_name_the_same_version() {
        let trunk = wanted_version(include_str!("../../../Trunk.toml")).unwrap();
        let npm = format!("\"binaryen\": \"{trunk}.0.0\"");
        assert!(include_str!("../../npm/package.json").contains(&npm));
    }
}
