//! Makes the built page smaller where Trunk does not: the names by which the program and its script call each other,
//! and the script itself.
//!
//! wasm-bindgen gives every imported function a long name that ends with a hash, once in the program and once in the
//! script. Nobody reads them; numbers in letters do as well.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use crate::sh::{Result, Shell, run};

/// Identifier and size of the import section (WebAssembly core specification, section 5.5.5).
const IMPORTS: u8 = 2;

/// Shrinks the program and its script in `dist`, which must be fresh from Trunk.
pub fn shrink(sh: &Shell, dist: &Path) -> Result {
    for entry in fs::read_dir(dist)? {
        let program = entry?.path();
        let file = program.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some(name) = file.strip_suffix("_bg.wasm") else { continue };
        let script = dist.join(format!("{name}.js"));
        let (bytes, names) = rename(&fs::read(&program)?).ok_or("the program's imports cannot be read")?;
        fs::write(&program, bytes)?;
        fs::write(&script, replace(&fs::read_to_string(&script)?, &names))?;
        let mut terser = sh.line("terser --module --compress passes=2 --mangle --output");
        run(terser.arg(&script).arg(&script))?;
    }
    Ok(())
}

/// The program with short names for its imports, and the new name of each old one.
fn rename(program: &[u8]) -> Option<(Vec<u8>, HashMap<String, String>)> {
    let mut names = HashMap::new();
    let mut out = program.get(..8)?.to_vec();
    let mut rest = program.get(8..)?;
    while let Some((&id, after)) = rest.split_first() {
        let mut input = after;
        let size = usize::try_from(number(&mut input)?).ok()?;
        let (body, after) = input.split_at_checked(size)?;
        rest = after;
        let body = if id == IMPORTS { imports(body, &mut names)? } else { body.to_vec() };
        out.push(id);
        put_number(&mut out, body.len());
        out.extend(body);
    }
    Some((out, names))
}

fn imports(mut input: &[u8], names: &mut HashMap<String, String>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let count = number(&mut input)?;
    put_number(&mut out, usize::try_from(count).ok()?);
    for _ in 0..count {
        for _ in 0..2 {
            let old = text(&mut input)?;
            let next = short(names.len());
            let new = names.entry(old).or_insert(next);
            put_number(&mut out, new.len());
            out.extend(new.bytes());
        }
        let before = input;
        description(&mut input)?;
        out.extend(before.get(..before.len() - input.len())?);
    }
    Some(out)
}

/// Steps over what an import is: a function, a table, a memory or a global.
fn description(input: &mut &[u8]) -> Option<()> {
    match byte(input)? {
        0 => number(input).map(|_| ()),
        1 => byte(input).and_then(|_| limits(input)),
        2 => limits(input),
        3 => byte(input).and_then(|_| byte(input)).map(|_| ()),
        _ => None,
    }
}

fn limits(input: &mut &[u8]) -> Option<()> {
    let bounded = byte(input)? & 1 == 1;
    number(input)?;
    if bounded {
        number(input)?;
    }
    Some(())
}

fn byte(input: &mut &[u8]) -> Option<u8> {
    let (&first, rest) = input.split_first()?;
    *input = rest;
    Some(first)
}

/// An unsigned number in LEB128.
fn number(input: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for shift in (0..35).step_by(7) {
        let byte = byte(input)?;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn put_number(out: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn text(input: &mut &[u8]) -> Option<String> {
    let size = usize::try_from(number(input)?).ok()?;
    let (text, rest) = input.split_at_checked(size)?;
    *input = rest;
    String::from_utf8(text.to_vec()).ok()
}

/// A number in letters: a, b, ... z, aa, ba, ...
fn short(mut number: usize) -> String {
    let mut name = String::new();
    loop {
        name.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return name;
        }
        number -= 1;
    }
}

/// The script with the new names. The module's name stands in quotes, the functions' as words.
fn replace(script: &str, names: &HashMap<String, String>) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut script = script.to_owned();
    for (old, new) in names.iter().filter(|(old, _)| !old.chars().all(is_word)) {
        script = script.replace(&format!("\"{old}\""), &format!("\"{new}\""));
    }
    let mut out = String::with_capacity(script.len());
    let mut rest = script.as_str();
    while let Some(start) = rest.find(is_word) {
        let (before, tail) = rest.split_at(start);
        let (word, tail) = tail.split_at(tail.find(|c| !is_word(c)).unwrap_or(tail.len()));
        out.push_str(before);
        out.push_str(names.get(word).map_or(word, String::as_str));
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One type, the import of a function of it, and a custom section behind.
    fn program(module: &str, name: &str) -> Vec<u8> {
        let mut import = vec![1];
        for text in [module, name] {
            put_number(&mut import, text.len());
            import.extend(text.bytes());
        }
        import.extend([0, 0]);
        let mut program = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x02".to_vec();
        put_number(&mut program, import.len());
        program.extend(import);
        program.extend(b"\0\x02\x01x");
        program
    }

    #[test]
    fn only_the_names_of_imports_change() {
        let (bytes, names) = rename(&program("./page_bg.js", "__wbg_fetch_0123456789abcdef")).unwrap();
        assert_eq!(bytes, program("a", "b"));
        let script = "{ \"./page_bg.js\": { __wbg_fetch_0123456789abcdef: (x) => x.__wbg_fetch } }";
        assert_eq!(replace(script, &names), "{ \"a\": { b: (x) => x.__wbg_fetch } }");
    }

    #[test]
    fn a_broken_program_is_refused() {
        let whole = program("m", "n");
        for end in [4, whole.len() - 1, whole.len() - 6] {
            assert!(rename(&whole[..end]).is_none(), "{end}");
        }
    }

    #[test]
    fn short_names_are_all_different() {
        let names: std::collections::HashSet<_> = (0..2000).map(short).collect();
        assert_eq!(names.len(), 2000);
    }
}
