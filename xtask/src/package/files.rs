//! Scripts, data and texts of the package.

use std::fs;
use std::path::Path;

use serde_json::{Map, Value};

use crate::sh::{Result, Shell};

/// The files of `www/locales` whose texts calls may bring, by what follows the language in their names.
const TEXTS: [&str; 3] = ["json", "report.json", "bounce.json"];
/// The files of `www/data` that a check needs.
const OF_CHECKS: [&str; 5] = ["blocklists", "dns-hosts", "providers", "resolvers", "selectors"];
/// Files of `www/data` for the page alone.
const OF_THE_PAGE: [&str; 2] = ["examples", "guide"];

/// Copies what stands in `crates/module/js`, and the types of a report; the version is that of the workspace.
pub fn scripts(sh: &Shell, package: &Path) -> Result {
    copy(&sh.root().join("crates/module/js"), package)?;
    // What `check` brings is what is saved in files.
    fs::copy(sh.root().join("www/schema/report.d.ts"), package.join("report.d.ts"))?;
    let manifest = package.join("package.json");
    let mut text: Map<String, Value> = serde_json::from_str(&fs::read_to_string(&manifest)?)?;
    text.insert("version".to_owned(), version(sh)?.into());
    fs::write(manifest, serde_json::to_string_pretty(&text)? + "\n")?;
    Ok(())
}

fn version(sh: &Shell) -> Result<String> {
    let workspace = fs::read_to_string(sh.root().join("Cargo.toml"))?;
    let version = workspace.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'));
    Ok(version.ok_or("Cargo.toml names no version")?.to_owned())
}

/// Writes data and texts as modules: those every bundler knows, and a page with a strict policy needs no more than its own
/// scripts. `files.js` says what there is.
pub fn knowledge(sh: &Shell, package: &Path) -> Result {
    let mut names: Vec<String> = json_files(&sh.root().join("www/data"))?;
    names.retain(|name| !name.ends_with(".schema") && !OF_THE_PAGE.contains(&name.as_str()));
    fs::create_dir_all(package.join("data"))?;
    for name in &names {
        let file = sh.root().join(format!("www/data/{name}.json"));
        let mut value: Value = serde_json::from_str(&fs::read_to_string(file)?)?;
        if let Some(object) = value.as_object_mut() {
            object.remove("$schema");
        }
        module(&package.join(format!("data/{name}.js")), &value)?;
    }
    let languages = languages(sh)?;
    fs::create_dir_all(package.join("texts"))?;
    for language in &languages {
        let mut all = Map::new();
        for part in TEXTS {
            let file = sh.root().join(format!("www/locales/{language}.{part}"));
            let texts: Map<String, Value> = serde_json::from_str(&fs::read_to_string(file)?)?;
            all.extend(texts);
        }
        module(&package.join(format!("texts/{language}.js")), &Value::Object(all))?;
    }
    fs::write(package.join("files.js"), list(&names, &languages))?;
    Ok(())
}

/// The names, without their ends, of the JSON files in a folder.
fn json_files(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        names.extend(name.to_str().and_then(|name| name.strip_suffix(".json")).map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

/// The languages, English first: where nothing else is said, that is meant.
fn languages(sh: &Shell) -> Result<Vec<String>> {
    let mut languages = json_files(&sh.root().join("www/locales"))?;
    languages.retain(|name| !name.contains('.'));
    languages.sort_by_key(|language| (language != "en", language.clone()));
    Ok(languages)
}

fn module(file: &Path, value: &Value) -> Result {
    fs::write(file, format!("export default {};\n", serde_json::to_string(value)?))?;
    Ok(())
}

fn list(names: &[String], languages: &[String]) -> String {
    let place = |name: &str| format!("\"data/{name}.json\"");
    let data: String = names
        .iter()
        .map(|name| format!("  {}: () => import(\"./data/{name}.js\"),\n", place(name)))
        .collect();
    let texts: String = languages
        .iter()
        .map(|language| format!("  \"{language}\": () => import(\"./texts/{language}.js\"),\n"))
        .collect();
    let of_checks: Vec<String> = OF_CHECKS.iter().map(|name| place(name)).collect();
    format!(
        "// What there is to fetch, each when it is asked for. Made by `cargo xtask package`.\n\n\
         export const DATA = {{\n{data}}};\n\nexport const DATA_OF_CHECKS = [{}];\n\n\
         export const TEXTS = {{\n{texts}}};\n",
        of_checks.join(", ")
    )
}

/// Copies a folder with all that is in it; what is there already stays beside it.
pub fn copy(from: &Path, to: &Path) -> Result {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_what_is_fetched() {
        let text = list(&["resolvers".to_owned()], &["en".to_owned(), "zh-Hant".to_owned()]);
        assert!(text.contains("\"data/resolvers.json\": () => import(\"./data/resolvers.js\"),"));
        assert!(text.contains("\"zh-Hant\": () => import(\"./texts/zh-Hant.js\"),"));
    }
}
