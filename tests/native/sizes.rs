//! Files and functions stay short enough to be read at once.
//!
//! Functions are counted by clippy (`too_many_lines`, with its threshold in `clippy.toml`); here it is held that nobody turns
//! that off.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Lines of code that a file may have: comments, blank lines and tests are not counted. A file of the page has less to do.
fn most_lines(path: &str) -> usize {
    if path.starts_with("src/") { 400 } else { 500 }
}

#[test]
fn no_file_is_longer_than_can_be_read_at_once() {
    let sources = sources();
    let long = sources.iter().filter_map(|(path, text)| {
        let lines = lines_of_code(text);
        (lines > most_lines(path)).then(|| format!("{path} has {lines} lines of code"))
    });
    let long: Vec<String> = long.collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn no_function_is_exempt_from_being_short() {
    let exempt = sources().into_iter().filter(|(_, text)| text.contains("clippy::too_many_lines"));
    let exempt: Vec<String> = exempt.map(|(path, _)| path).collect();
    assert!(exempt.is_empty(), "{exempt:#?}");
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
