//! Takes out of a built page what is there for who reads the sources: blanks in JSON files, lines of comment in scripts.

use std::fs;
use std::path::Path;

use crate::sh::Result;

/// Folders of files that the page fetches.
const FOLDERS: [&str; 2] = ["data", "locales"];

/// The scripts that a visit fetches before the program.
const SCRIPTS: [&str; 2] = ["boot.js", "offline.js"];

/// Rewrites the files of a built page.
pub fn write(dist: &Path) -> Result {
    for script in SCRIPTS {
        let path = dist.join(script);
        fs::write(&path, without_comments(&fs::read_to_string(&path)?))?;
    }
    for folder in FOLDERS {
        for entry in fs::read_dir(dist.join(folder))? {
            let path = entry?.path();
            if path.extension().is_some_and(|end| end == "json") {
                fs::write(&path, without_blanks(&fs::read_to_string(&path)?))?;
            }
        }
    }
    Ok(())
}

/// JSON without the blanks between its values; those in texts stay.
fn without_blanks(json: &str) -> String {
    let mut in_text = false;
    let mut is_escaped = false;
    let is_kept = |c: &char| {
        let is_quote = *c == '"' && !is_escaped;
        is_escaped = in_text && *c == '\\' && !is_escaped;
        in_text ^= is_quote;
        in_text || !c.is_ascii_whitespace()
    };
    json.chars().filter(is_kept).collect()
}

/// A script without the lines that are nothing but comment.
fn without_comments(script: &str) -> String {
    let is_kept = |line: &&str| !line.trim_start().starts_with("//");
    script.split_inclusive('\n').filter(is_kept).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_of_comment_are_left_out() {
        let script = "// What it does.\nconst a = 1; // one\n  // Why.\n  go(`http://x`);\n";
        assert_eq!(without_comments(script), "const a = 1; // one\n  go(`http://x`);\n");
    }

    #[test]
    fn blanks_in_texts_stay() {
        let json = "{\n \"a b\": [1, \"c \\\" d\\\\\", {\"e\" : \"f\\n g\"}],\n \"h\": true\n}\n";
        let compact = without_blanks(json);
        assert_eq!(compact, "{\"a b\":[1,\"c \\\" d\\\\\",{\"e\":\"f\\n g\"}],\"h\":true}");
        let value = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap();
        assert_eq!(value(&compact), value(json));
    }
}
