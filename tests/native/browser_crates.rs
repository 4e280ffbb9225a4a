//! Nothing but `crates/browser` names a crate that speaks to a browser.

use std::{fs, path::Path};

/// Crates that wrap what a browser gives, as `Cargo.toml` names them. `wasm-bindgen` is how Rust and JavaScript call each
/// other at all, and allowed everywhere.
const WRAPPERS: [&str; 4] = ["web-sys", "js-sys", "gloo-net", "gloo-timers"];

/// The crates that a manifest takes for more than its tests: keys of tables of dependencies, and names of tables of their own.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut counts = false;
    for line in manifest.lines() {
        if let Some(table) = line.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            let (kind, name) = match table.rsplit_once('.') {
                Some((front, name)) if front.ends_with("dependencies") => (front, Some(name)),
                _ => (table, None),
            };
            let kind = kind.rsplit('.').next().unwrap_or_default();
            counts = kind == "dependencies" && !table.starts_with("workspace");
            found.extend(name.filter(|_| counts).map(str::to_owned));
            counts &= name.is_none();
        } else if let Some((key, _)) = line.split_once('=').filter(|_| counts) {
            let key = key.trim();
            found.push(key.strip_suffix(".workspace").unwrap_or(key).to_owned());
        }
    }
    found
}

fn manifest(folder: &str) -> Vec<String> {
    let found = dependencies(&fs::read_to_string(Path::new(folder).join("Cargo.toml")).unwrap());
    assert!(!found.is_empty(), "{folder} depends on nothing");
    found
}

/// The code below a folder, without its comments.
fn code(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.push_str(&code(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            lines.for_each(|line| all.extend([line, "\n"]));
        }
    }
    all
}

fn names(code: &str, wrapper: &str) -> bool {
    code.contains(&format!("{}::", wrapper.replace('-', "_")))
}

#[test]
fn only_the_browser_crate_names_what_wraps_the_browser() {
    for folder in [".", "crates/engine", "crates/module"] {
        let dependencies = manifest(folder);
        let code = code(&Path::new(folder).join("src"));
        assert!(code.len() > 1_000, "{folder}");
        for wrapper in WRAPPERS {
            assert!(!dependencies.iter().any(|name| name == wrapper), "{folder}/Cargo.toml names {wrapper}");
            assert!(!names(&code, wrapper), "{folder}/src names {wrapper}");
        }
    }
}

#[test]
fn the_browser_crate_uses_each_of_them() {
    let (dependencies, code) = (manifest("crates/browser"), code(Path::new("crates/browser/src")));
    for wrapper in WRAPPERS {
        assert!(dependencies.iter().any(|name| name == wrapper) && names(&code, wrapper), "{wrapper}");
    }
}

#[test]
fn dependencies_are_told_from_those_of_tests_and_of_the_workspace() {
    let manifest = "[workspace.dependencies]\na = \"1\"\n[package]\nname = \"x\"\n[dependencies]\nb = \"1\"\n\
        c.workspace = true\n[target.'cfg(x)'.dependencies]\nd = { version = \"1\" }\n\
        [target.'cfg(x)'.dependencies.e]\nfeatures = [\n]\n[dev-dependencies]\nf = \"1\"\n\
        [target.'cfg(x)'.dev-dependencies]\ng = \"1\"\n[lints]\nworkspace = true\n";
    assert_eq!(dependencies(manifest), ["b", "c", "d", "e"]);
}
