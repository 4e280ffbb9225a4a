//! Makes the built programs smaller, and the names by which the first one and its script call each other.
//!
//! wasm-bindgen gives every imported function a long name that ends with a hash, once in the program and once in the
//! script. Nobody reads them; wasm-opt has shorter ones and tells them, the script follows.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::sh::{Result, Shell, run, run_reading};

/// What wasm-opt calls the one module from which all is imported.
pub const MODULE: &str = "a";

/// Shrinks the program that comes first, and its script.
pub fn first(sh: &Shell, program: &Path, script: &Path) -> Result {
    let mut opt = sh.line(&optimize_line(sh)?);
    opt.arg("--minify-imports-and-exports-and-modules").arg("--output").arg(program).arg(program);
    let names = Names::read(&run_reading(&mut opt)?)?;
    fs::write(script, names.put(&fs::read_to_string(script)?))?;
    let mut terser = sh.line("terser --module --compress passes=2 --mangle --output");
    run(terser.arg(script).arg(script))
}

/// Makes a chunk smaller. Trunk could do this only to the whole program, before it is taken apart.
pub fn chunk(sh: &Shell, file: &Path) -> Result {
    run(sh.line(&optimize_line(sh)?).arg("--output").arg(file).arg(file))
}

fn optimize_line(sh: &Shell) -> Result<String> {
    let page = fs::read_to_string(sh.root().join("index.html"))?;
    let (_, options) =
        page.split_once("data-wasm-opt-params=\"").ok_or("index.html sets no options of wasm-opt")?;
    Ok(format!("wasm-opt -Oz {}", options.split('"').next().unwrap_or_default()))
}

/// The new name of each old one.
struct Names {
    imports: HashMap<String, String>,
    exports: HashMap<String, String>,
}

impl Names {
    /// What wasm-opt tells: `["module", "old", "new"]` for each import, `["old", "new"]` for each export.
    fn read(told: &str) -> Result<Self> {
        let told: Value = serde_json::from_str(told)?;
        let names = |list: &str| -> Option<HashMap<String, String>> {
            let text = |value: Option<&Value>| Some(value?.as_str()?.to_owned());
            let pair = |pair: &Value| {
                let mut from_the_end = pair.as_array()?.iter().rev();
                let new = text(from_the_end.next())?;
                Some((text(from_the_end.next())?, new))
            };
            told[list].as_array()?.iter().map(pair).collect()
        };
        let both = names("imports").zip(names("exports"));
        let (imports, exports) = both.ok_or("wasm-opt tells its names in another way")?;
        Ok(Self { imports, exports })
    }

    /// The script with the new names: an import's wherever it stands, an export's where it is read from the program.
    fn put(&self, script: &str) -> String {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
        let mut out = String::with_capacity(script.len());
        let mut rest = script;
        while let Some(start) = rest.find(is_word) {
            let (before, tail) = rest.split_at(start);
            let (word, tail) = tail.split_at(tail.find(|c| !is_word(c)).unwrap_or(tail.len()));
            out.push_str(before);
            let is_export = out.ends_with("wasm.") && !out.ends_with("_wasm.");
            let names = if is_export { &self.exports } else { &self.imports };
            out.push_str(names.get(word).map_or(word, String::as_str));
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_follows_the_names_of_the_program() {
        let told =
            r#"{ "imports": [["./page_bg.js", "__wbg_fetch_0123", "$a"]], "exports": [["check", "b"]] }"#;
        let script = "{ __wbg_fetch_0123: (x) => x.__wbg_fetch } function check() { wasm.check(); x.check }";
        let names = Names::read(told).unwrap();
        let new = "{ $a: (x) => x.__wbg_fetch } function check() { wasm.b(); x.check }";
        assert_eq!(names.put(script), new);
    }

    #[test]
    fn names_told_in_another_way_are_an_error() {
        for told in
            ["", "{}", r#"{ "imports": [["a"]], "exports": [] }"#, r#"{ "imports": [], "exports": {} }"#]
        {
            assert!(Names::read(told).is_err(), "{told}");
        }
    }
}
