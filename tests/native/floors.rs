//! The floors of the engine: a module uses what is below it, never what is above.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

const ENGINE: &str = "crates/engine/src";

type Uses = BTreeMap<String, BTreeSet<String>>;

/// Which module of the engine names which other one, tests left out.
fn uses() -> Uses {
    let mut uses = Uses::new();
    for entry in fs::read_dir(ENGINE).unwrap() {
        let path = entry.unwrap().path();
        let module = path.file_stem().unwrap().to_string_lossy().into_owned();
        if module == "lib" {
            continue;
        }
        let mut names = BTreeSet::new();
        collect(&path, &mut names);
        names.remove(&module);
        uses.entry(module).or_default().extend(names);
    }
    uses
}

fn collect(path: &Path, names: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            collect(&entry.unwrap().path(), names);
        }
    } else if path.file_stem().is_some_and(|name| name != "tests") {
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let code: Vec<&str> = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        named(&code.join("\n"), names);
    }
}

/// The modules behind each `crate::`, those in braces included.
fn named(code: &str, names: &mut BTreeSet<String>) {
    let starts = code.match_indices("crate::").filter(|(at, _)| !code[..*at].ends_with(['$', ':', '_']));
    for (at, found) in starts {
        let rest = &code[at + found.len()..];
        match rest.strip_prefix('{') {
            None => names.extend(word(rest)),
            Some(list) => {
                let mut depth = 0;
                let mut start = true;
                for (at, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        _ if start && c.is_ascii_lowercase() => {
                            names.extend(word(&list[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
}

fn word(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(text.len());
    // A macro stands at the top of the crate.
    (end > 0 && !text[end..].starts_with('!')).then(|| text[..end].to_owned())
}

/// Takes away again and again what uses nothing that is left; what remains goes in circles.
fn circles(mut uses: Uses) -> Uses {
    loop {
        let ground: BTreeSet<String> =
            uses.iter().filter(|(_, below)| below.is_empty()).map(|(module, _)| module.clone()).collect();
        if ground.is_empty() {
            return uses;
        }
        uses.retain(|module, _| !ground.contains(module));
        for below in uses.values_mut() {
            below.retain(|module| !ground.contains(module));
        }
    }
}

#[test]
fn no_module_of_the_engine_uses_one_that_uses_it() {
    let uses = uses();
    assert!(
        uses.len() > 30 && uses["session"].contains("report") && uses["check"].contains("dns"),
        "{uses:?}"
    );
    assert_eq!(circles(uses), Uses::new());
}

#[test]
fn a_circle_is_seen() {
    let mut names = BTreeSet::new();
    named(
        "use crate::{\n    a::{x, y},\n    b,\n};\nfn f() { crate::c::g() }\nuse super::crate_d;",
        &mut names,
    );
    assert_eq!(names.into_iter().collect::<Vec<_>>(), ["a", "b", "c"]);
    let of = |below: &[&str]| below.iter().map(|&name| name.to_owned()).collect();
    let uses = Uses::from([
        ("a".to_owned(), of(&["b"])),
        ("b".to_owned(), of(&["a", "c"])),
        ("c".to_owned(), of(&[])),
        ("d".to_owned(), of(&["c"])),
    ]);
    assert_eq!(circles(uses).into_keys().collect::<Vec<_>>(), ["a", "b"]);
}
