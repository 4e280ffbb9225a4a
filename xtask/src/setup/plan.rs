//! What a run will install, known before it starts.

use super::{Missing, browser, cargo_tool, dns, firefox, npm, rust, shrinkers};
use crate::sh::Shell;

/// Looks for one tool: what will be installed where it is absent.
type Look = fn(&Shell) -> Option<Missing>;

/// Each tool, and the parts of the tests that use it. What a part installs beyond these is said when it does.
const TOOLS: [(Look, &[&str]); 17] = [
    (rust::rustfmt_missing, &["fmt"]),
    (rust::clippy_missing, &["clippy", "clippy-wasm"]),
    (rust::wasm_target_missing, &["clippy-wasm", "doc", "wasm", "build", "package", "module", "size", "e2e"]),
    (rust::std_source_missing, &["build", "package", "module", "size", "e2e"]),
    (cargo_tool::deny_missing, &["deny"]),
    (cargo_tool::trunk_missing, &["build", "size", "e2e"]),
    (cargo_tool::wasm_bindgen_missing, &["wasm", "build", "package", "module", "size", "e2e"]),
    (npm::node_missing, &["build", "package", "module", "size", "e2e"]),
    (shrinkers::missing, &["build", "package", "module", "size", "e2e"]),
    (npm::e2e_packages_missing, &["module", "e2e"]),
    (npm::deno_missing, &["module"]),
    (npm::lighthouse_missing, &["lighthouse"]),
    (browser::browser_missing, &["wasm", "module", "e2e"]),
    (browser::windowless_missing, &["module", "e2e"]),
    (browser::fonts_missing, &["e2e"]),
    (firefox::missing, &["e2e"]),
    (dns::missing, &["lab", "module", "e2e"]),
];

/// Names everything that the parts will install, and asks where somebody can answer; says nothing where all is there.
pub fn announce(sh: &Shell, parts: &[&str]) {
    let used = TOOLS.iter().filter(|(_, users)| users.iter().any(|user| parts.contains(user)));
    let missing: Vec<Missing> = used.filter_map(|(look, _)| look(sh)).collect();
    if !missing.is_empty() {
        sh.consent().to_install(&missing);
    }
}
