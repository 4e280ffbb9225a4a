//! `THIRD-PARTY.txt` of the built page: whose software the program is made of, and under which licence.
//!
//! Made from `cargo metadata` and the licence files that each package brings. It names all that cargo links, a little
//! more than the linker keeps.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::sh::{Result, Shell};

/// The name in `dist`.
const FILE: &str = "THIRD-PARTY.txt";

/// A licence that we know how to carry along.
struct Licence {
    /// SPDX identifier.
    id: &'static str,
    /// Words that only its text has, with single blanks.
    mark: &'static str,
    /// The text after the lines of copyright, for packages that bring none.
    text: Option<&'static str>,
}

/// Where a package offers a choice, the first of these is chosen.
const KNOWN: [Licence; 5] = [
    Licence {
        id: "MIT",
        mark: "Permission is hereby granted, free of charge, to any person obtaining a copy",
        text: Some(include_str!("../../LICENSE-MIT")),
    },
    // Their texts name the owner; nothing stands in for a missing one.
    Licence { id: "BSD-3-Clause", mark: "Redistribution and use in source and binary forms", text: None },
    Licence { id: "Zlib", mark: "This software is provided 'as-is', without any express", text: None },
    Licence { id: "Unicode-3.0", mark: "UNICODE LICENSE V3", text: None },
    Licence {
        id: "Apache-2.0",
        mark: "Apache License Version 2.0, January 2004",
        text: Some(include_str!("../../LICENSE-APACHE")),
    },
];

/// A package that is linked into the program.
struct Package {
    name: String,
    version: String,
    /// SPDX expression.
    licence: String,
    authors: Vec<String>,
    dir: PathBuf,
}

/// Writes the file for a program of this package; fails where a shipped package has no licence text.
pub fn write(sh: &Shell, dist: &Path, program: &str) -> Result {
    fs::write(dist.join(FILE), text(&shipped(sh, program)?)?)?;
    Ok(())
}

/// What cargo links into a program, but for what is in this repository.
fn shipped(sh: &Shell, program: &str) -> Result<Vec<Package>> {
    let line = "cargo metadata --locked --features chunks --format-version 1 --filter-platform wasm32-unknown-unknown";
    let metadata = sh.output(line).ok_or("cargo metadata failed")?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let by_id = |list: &'static str, of: &'static str| -> HashMap<&str, &Value> {
        let all = if of.is_empty() { &metadata[list] } else { &metadata[of][list] };
        items(all).filter_map(|item| Some((item["id"].as_str()?, item))).collect()
    };
    let (packages, nodes) = (by_id("packages", ""), by_id("nodes", "resolve"));
    let root =
        packages.iter().find(|(_, package)| package["name"] == program).ok_or("there is no such program")?;
    let mut reached = vec![*root.0];
    let mut at = 0;
    while let Some(node) = reached.get(at).and_then(|id| nodes.get(id)) {
        at += 1;
        for dependency in items(&node["deps"]).filter(|dependency| is_linked(dependency)) {
            let id = dependency["pkg"].as_str().unwrap_or_default();
            if !reached.contains(&id) && packages.get(id).is_some_and(|package| !is_macro(package)) {
                reached.push(id);
            }
        }
    }
    // What comes from nowhere is in this repository.
    let others = reached.iter().map(|id| packages[id]).filter(|package| !package["source"].is_null());
    let mut shipped = others.map(package).collect::<Option<Vec<_>>>();
    if let Some(shipped) = &mut shipped {
        shipped.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    }
    shipped.ok_or_else(|| "cargo metadata names a package without a licence".into())
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// Neither for tests nor for building.
fn is_linked(dependency: &Value) -> bool {
    items(&dependency["dep_kinds"]).any(|kind| kind["kind"].is_null())
}

fn is_macro(package: &Value) -> bool {
    items(&package["targets"]).any(|target| items(&target["kind"]).any(|kind| kind == "proc-macro"))
}

fn package(value: &Value) -> Option<Package> {
    let text = |key: &str| value[key].as_str().map(str::to_owned);
    Some(Package {
        name: text("name")?,
        version: text("version")?,
        licence: text("license")?,
        authors: items(&value["authors"]).filter_map(Value::as_str).map(without_address).collect(),
        dir: Path::new(value["manifest_path"].as_str()?).parent()?.to_owned(),
    })
}

fn without_address(author: &str) -> String {
    author.split('<').next().unwrap_or(author).trim().to_owned()
}

/// The whole file: who, then each text once with the packages that it is for.
fn text(packages: &[Package]) -> Result<String> {
    let mut texts: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    for package in packages {
        for licence in chosen(&package.licence)
            .ok_or_else(|| format!("{}: nothing to choose in {:?}", package.name, package.licence))?
        {
            let text = text_of(package, licence)?;
            texts
                .entry((licence.id, text))
                .or_default()
                .push(format!("{} {}", package.name, package.version));
        }
    }
    let mut out = HEAD.to_owned();
    for Package { name, version, licence, .. } in packages {
        out.push_str(&format!("  {name} {version} ({licence})\n"));
    }
    let std =
        (("MIT", format!("{STD_OWNERS}\n{}", body(include_str!("../../LICENSE-MIT")))), vec![STD.to_owned()]);
    for ((id, text), users) in texts.into_iter().chain([std]) {
        let rule = "-".repeat(72);
        out.push_str(&format!("\n{rule}\n{id}: {}\n\n{}\n", users.join(", "), text.trim_end()));
    }
    Ok(out)
}

const HEAD: &str = "\
Mail Triage is licensed under MIT OR Apache-2.0. Its program (the files that end in .wasm) is compiled from it,
from Rust's standard library and from the packages below; the script beside it (mail-triage-*.js) is made by
wasm-bindgen. Their licences follow; where a package offers a choice, one is chosen.

";

/// It comes with the compiler, not from cargo's registry, and brings these along.
const STD: &str =
    "Rust's standard library (core, alloc, std, compiler_builtins, hashbrown, dlmalloc, cfg-if)";
const STD_OWNERS: &str = "\
Copyright (c) The Rust Project Developers
Copyright (c) 2016 Amanieu d'Antras (hashbrown)
Copyright (c) 2014 Alex Crichton (dlmalloc, cfg-if)
Copyright (c) 2016 Jorge Aparicio (compiler_builtins)
";

/// The licences under which we pass a package on: one of every choice.
fn chosen(expression: &str) -> Option<Vec<&'static Licence>> {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    expression
        .split(" AND ")
        .map(|choice| {
            let offered: Vec<&str> = choice.split(" OR ").map(str::trim).collect();
            KNOWN.iter().find(|licence| offered.contains(&licence.id))
        })
        .collect()
}

/// What the package itself says, or the common text with its authors.
fn text_of(package: &Package, licence: &Licence) -> Result<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(&package.dir)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files.iter().filter(|file| is_licence_file(file)) {
        let text = fs::read_to_string(file)?;
        if words(&text).contains(licence.mark) {
            return Ok(text);
        }
    }
    let Package { name, version, authors, .. } = package;
    let common =
        licence.text.ok_or_else(|| format!("{name} {version} has no text of its licence {}", licence.id))?;
    let owners = if authors.is_empty() { format!("the authors of {name}") } else { authors.join(", ") };
    Ok(format!("Copyright (c) {owners}\n\n{}", body(common)))
}

fn is_licence_file(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_uppercase();
    file.is_file() && ["LICENSE", "LICENCE", "COPYING"].iter().any(|start| name.starts_with(start))
}

/// A text of our own licence files without the heading and our line of copyright.
fn body(text: &str) -> &str {
    text.find("Permission is hereby").map_or(text, |at| &text[at..])
}

/// Lines are wrapped differently everywhere.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::Consent;

    fn ids(expression: &str) -> Option<Vec<&'static str>> {
        chosen(expression).map(|licences| licences.iter().map(|licence| licence.id).collect())
    }

    #[test]
    fn one_of_every_choice_is_taken() {
        assert_eq!(ids("Apache-2.0 / MIT"), Some(vec!["MIT"]));
        assert_eq!(ids("Apache-2.0 OR BSL-1.0"), Some(vec!["Apache-2.0"]));
        assert_eq!(ids("(MIT OR Apache-2.0) AND Unicode-3.0"), Some(vec!["MIT", "Unicode-3.0"]));
        assert_eq!(ids("Apache-2.0 WITH LLVM-exception OR GPL-3.0-only"), None);
        assert_eq!(ids("MIT AND GPL-3.0-only"), None);
    }

    /// A package whose directory holds `files`.
    fn packaged(name: &str, licence: &str, files: &[(&str, &str)]) -> Package {
        let dir = std::env::temp_dir().join(format!("mail-triage-licences-{}-{name}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        for (file, text) in files {
            fs::write(dir.join(file), text).unwrap();
        }
        let authors = vec!["Ann Example".to_owned()];
        Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.to_owned(),
            authors,
            dir,
        }
    }

    fn text_for(package: Package) -> Result<String> {
        let made = text(std::slice::from_ref(&package));
        fs::remove_dir_all(package.dir).unwrap();
        made
    }

    #[test]
    fn what_a_package_says_itself_comes_first() {
        let zlib =
            "(c) 2024 Bob\nThis software is provided 'as-is', without\nany express or implied warranty.";
        let made = text_for(packaged("own", "Zlib", &[("LICENSE", zlib)])).unwrap();
        assert!(made.contains("  own 1.0.0 (Zlib)\n"));
        assert!(made.contains("Zlib: own 1.0.0\n\n(c) 2024 Bob\n"));
    }

    #[test]
    fn a_common_text_stands_in_with_the_authors_and_for_no_other_licence() {
        let made = text_for(packaged("bare", "MIT OR Apache-2.0", &[("README.md", "MIT")])).unwrap();
        assert!(
            made.contains("MIT: bare 1.0.0\n\nCopyright (c) Ann Example\n\nPermission is hereby granted")
        );
        assert!(text_for(packaged("none", "BSD-3-Clause", &[])).is_err());
        assert!(text_for(packaged("wrong", "BSD-3-Clause", &[("LICENSE", "All rights reserved")])).is_err());
    }

    #[test]
    fn every_package_that_is_linked_is_named() {
        let sh = Shell::new(Consent::new(true)).unwrap();
        let made = text(&shipped(&sh, "mail-triage").unwrap()).unwrap();
        let line = "cargo tree --locked --package mail-triage --target wasm32-unknown-unknown \
                    --edges normal,no-proc-macro --prefix none --format {p}";
        let tree = sh.output(line).unwrap();
        let linked: Vec<&str> = tree.lines().filter(|line| !line.starts_with("mail-triage")).collect();
        assert!(linked.len() > 40, "{tree}");
        for line in linked {
            let mut words = line.split(" v").flat_map(str::split_whitespace);
            let (name, version) = (words.next().unwrap(), words.next().unwrap());
            assert!(made.contains(&format!("\n  {name} {version} (")), "{name} {version} is not named");
            let texts = made.split("\n----").skip(1);
            let named = |text: &str| text.lines().any(|line| line.contains(&format!(" {name} {version}")));
            assert!(texts.filter(|text| named(text)).count() > 0, "{name} {version} has no text");
        }
    }
}
