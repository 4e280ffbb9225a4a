//! The service worker of a built page: the files of this version, each with the hash of what is in it.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::sh::{Result, Shell};
use crate::size;

/// Writes `sw.js` into `dist`, once everything else is there. Without `kept` it is one that ends the service of earlier
/// versions, and the page begins none.
pub fn write(sh: &Shell, dist: &Path, kept: bool) -> Result {
    let mut files = String::new();
    let mut version = Sha256::new();
    for name in size::names(dist)?.iter().filter(|name| kept && is_kept(name)) {
        let hash = BASE64_STANDARD.encode(Sha256::digest(fs::read(dist.join(name))?));
        version.update(&hash);
        writeln!(files, "  {name:?}: {hash:?},")?;
    }
    let mut text = String::new();
    for octet in version.finalize().iter().take(8) {
        write!(text, "{octet:02x}")?;
    }
    let worker = fs::read_to_string(sh.root().join("www/worker.js"))?;
    fs::write(
        dist.join("sw.js"),
        format!("const VERSION = {text:?};\nconst FILES = {{\n{files}}};\n{worker}"),
    )?;
    if !kept {
        let script = dist.join("offline.js");
        let begins = fs::read_to_string(&script)?;
        let ends = begins.replace("const KEPT = true;", "const KEPT = false;");
        if ends == begins {
            return Err("offline.js does not say whether the page is kept".into());
        }
        fs::write(script, ends)?;
    }
    Ok(())
}

/// Whether the page needs it: not the pages that explain, which are read with a network, nor what only others read.
fn is_kept(name: &str) -> bool {
    let others = ["THIRD-PARTY.txt", "robots.txt", "sitemap.xml", "sw.js"];
    !size::is_explaining(name)
        && !others.contains(&name)
        && !name.ends_with(".schema.json")
        && !name.ends_with(".d.ts")
        && (!name.ends_with(".png") || name == "icons/icon-192.png")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_needs_is_kept_and_nothing_else() {
        for name in [
            "index.html",
            "boot.js",
            "a_bg.wasm",
            "data/providers.json",
            "locales/en.json",
            "checklist.en.html",
        ] {
            assert!(is_kept(name), "{name}");
        }
        for name in [
            "rules/en/SPF-010.html",
            "404.html",
            "sw.js",
            "data/guide.schema.json",
            "schema/report.d.ts",
            "icons/social.en.png",
        ] {
            assert!(!is_kept(name), "{name}");
        }
    }
}
