//! Files and functions stay short enough to be read at once.
//!
//! Functions are counted by clippy (`too_many_lines`, with its threshold in `clippy.toml`); here it is held that nobody turns
//! that off. Those that were longer before there was a limit are listed, and the list may only get shorter.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Lines of code that a file may have: comments, blank lines and tests are not counted.
const MOST_LINES: usize = 500;

/// Files that are longer, with the lines that they have.
const LONG_FILES: [(&str, usize); 0] = [];

/// Where functions stand that are longer than clippy allows, and how many. They are marked `expect`, so that clippy complains
/// once it is no longer true.
const LONG_FUNCTIONS: [(&str, usize); 1] = [("src/shell.rs", 1)];

#[test]
fn no_file_is_longer_than_can_be_read_at_once() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let lines = lines_of_code(&text);
        match LONG_FILES.iter().find(|(known, _)| *known == path) {
            None if lines > MOST_LINES => wrong.push(format!("{path} has {lines} lines of code")),
            Some((_, before)) if lines > *before => wrong.push(format!("{path} grew to {lines} lines")),
            Some(_) if lines <= MOST_LINES => wrong.push(format!("{path} is short now: off the list")),
            _ => {}
        }
    }
    wrong.extend(gone(LONG_FILES.map(|(path, _)| path)));
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_function_is_exempt_from_being_short_but_those_that_are_listed() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let exempt = text.matches("clippy::too_many_lines").count();
        let known = LONG_FUNCTIONS.iter().find(|(known, _)| *known == path).map_or(0, |(_, n)| *n);
        if exempt != known {
            wrong.push(format!("{path}: {exempt} long functions, {known} in the list"));
        }
    }
    wrong.extend(gone(LONG_FUNCTIONS.map(|(path, _)| path)));
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The limit itself.
    let limit = fs::read_to_string("clippy.toml").unwrap();
    assert!(limit.lines().any(|line| line == "too-many-lines-threshold = 60"), "{limit}");
}

#[test]
fn code_is_told_from_comments_blank_lines_and_tests() {
    let text = "//! What it is.\n\nfn a() {\n    // Why.\n    b(); // how\n}\n\n#[cfg(test)]\nmod tests {\n    fn c() {}\n}\n";
    assert_eq!(lines_of_code(text), 3);
    // What is there for tests alone, but is no module of them, may have code behind it.
    assert_eq!(lines_of_code("#[cfg(test)]\nuse a::b;\n\nfn c() {}\n"), 3);
    assert_eq!(lines_of_code("fn a() {}\n#[cfg(test)]\n#[cfg(unix)]\nmod tests {\n    fn b() {}\n}\n"), 1);
}

/// The listed files that are not there.
fn gone<'a>(listed: impl IntoIterator<Item = &'a str>) -> impl Iterator<Item = String> {
    listed
        .into_iter()
        .filter(|path| !Path::new(path).exists())
        .map(|path| format!("{path} is gone: off the list"))
}

/// Every source file that is no test, with its text.
fn sources() -> Vec<(String, String)> {
    let mut sources = Vec::new();
    for root in ["crates", "src", "xtask/src"] {
        collect(&PathBuf::from(root), &mut sources);
    }
    assert!(sources.len() > 200, "the sources are elsewhere");
    sources
}

fn collect(path: &Path, sources: &mut Vec<(String, String)>) {
    let name = path.file_name().unwrap().to_str().unwrap();
    if path.is_dir() {
        if !matches!(name, "tests" | "benches" | "examples" | "target") {
            fs::read_dir(path).unwrap().for_each(|entry| collect(&entry.unwrap().path(), sources));
        }
    } else if name.ends_with(".rs") && name != "tests.rs" {
        let path_text = path.to_str().unwrap().replace('\\', "/");
        sources.push((path_text, fs::read_to_string(path).unwrap()));
    }
}

/// Lines that are neither blank nor comments, up to the module of tests.
fn lines_of_code(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let begins_tests = |at: &usize| {
        lines[*at] == "#[cfg(test)]"
            && lines[at + 1..]
                .iter()
                .find(|line| !line.starts_with("#["))
                .is_some_and(|line| line.starts_with("mod tests"))
    };
    let end = (0..lines.len()).find(begins_tests).unwrap_or(lines.len());
    lines[..end]
        .iter()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty() && !line.starts_with("//"))
        .count()
}
