//! wasm-opt, which makes the compiled page smaller.

use std::fs;

use super::{Found, npm};
use crate::sh::{Result, Shell};

/// wasm-opt in the version that `Trunk.toml` names, from npm where the PATH has another one.
///
/// Without Node there is still a page: false says that Trunk has to download the program by itself.
pub fn ensure(sh: &Shell) -> Result<bool> {
    let trunk = fs::read_to_string(sh.root().join("Trunk.toml"))?;
    let wanted = wanted_version(&trunk).ok_or("Trunk.toml does not name a version of wasm-opt")?;
    if fits(sh, wanted) {
        return Ok(true);
    }
    if let Found::Missing(missing) = npm::node(sh)? {
        println!("{}: Trunk downloads wasm-opt by itself", missing.reason);
        return Ok(false);
    }
    println!("Installing wasm-opt {wanted} into the target directory (seconds)");
    let dir = sh.tools().join("npm");
    fs::create_dir_all(&dir)?;
    for file in ["package.json", "package-lock.json"] {
        fs::copy(sh.root().join("xtask/npm").join(file), dir.join(file))?;
    }
    npm::install(sh, &dir)?;
    match fits(sh, wanted) {
        true => Ok(true),
        false => Err(format!("wasm-opt was installed, but it is not {wanted}").into()),
    }
}

fn fits(sh: &Shell, wanted: &str) -> bool {
    sh.output("wasm-opt --version").is_some_and(|line| line.split_whitespace().nth(2) == Some(wanted))
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
