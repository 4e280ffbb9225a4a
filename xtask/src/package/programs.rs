//! The programs of the package.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

use crate::chunks::{self, Fetch, Whole};
use crate::page::{RUSTFLAGS, SMALL_STD};
use crate::sh::{Result, Shell, run};
use crate::size::gzip;
use crate::{setup, shrink};

/// A program.
struct Program {
    name: &'static str,
    /// Whether it has chunks, which are fetched when they are asked for.
    is_apart: bool,
}

/// Each has the library, the reader of options and the writer of objects to itself: some 30 KB.
const PROGRAMS: [Program; 3] = [
    Program { name: "checks", is_apart: true },
    Program { name: "messages", is_apart: false },
    Program { name: "records", is_apart: true },
];

/// Files that are fetched together, and what they may weigh.
struct Weighed {
    what: &'static str,
    /// How their names begin.
    files: &'static str,
    /// Bytes, gzip.
    budget: usize,
}

/// What a check finds, the texts it is said in not counted, is two thirds of the first.
const WEIGHED: [Weighed; 7] = [
    Weighed { what: "the engine with all checks", files: "checks.", budget: 284 * 1000 },
    Weighed { what: "reports in words", files: "checks_words", budget: 15 * 1000 },
    Weighed { what: "facts, zones and changes", files: "checks_at_hand", budget: 18 * 1000 },
    Weighed { what: "what these two share", files: "checks_shared", budget: 7 * 1000 },
    Weighed { what: "what reads messages", files: "messages.", budget: 118 * 1000 },
    Weighed { what: "SPF and records alone", files: "records.", budget: 88 * 1000 },
    Weighed { what: "facts and zones for SPF", files: "records_at_hand", budget: 14 * 1000 },
];

/// What wasm-bindgen is told of each: bundlers are to find the program where the scripts of the package name it.
const BIND: [&str; 3] = ["--omit-default-module-path", "--remove-name-section", "--remove-producers-section"];

/// How its chunk is read, in Node too.
const FETCH: Fetch<'static> =
    Fetch { function: "program", import: "import { program } from \"../load.js\";\n" };

/// Builds them into `program/` of the package.
pub fn build(sh: &Shell, package: &Path) -> Result {
    let complete = setup::module_tools(sh)?;
    let target = sh.root().join("target/page");
    let built = if setup::std_source(sh) { compile(sh, Some(&target)).is_ok() } else { false };
    let target = if built {
        target
    } else {
        compile(sh, None)?;
        sh.target().to_owned()
    };
    let folder = package.join("program");
    fs::create_dir_all(&folder)?;
    for Program { name, is_apart } in &PROGRAMS {
        let linked = target.join(format!("wasm32-unknown-unknown/release/mail-triage-{name}.wasm"));
        if *is_apart {
            take_apart(sh, name, &linked, &folder, complete)?;
        } else {
            bind(sh, name, &linked, &folder, complete)?;
        }
    }
    Ok(())
}

/// Compiles all of them; together with the standard library where there is a directory for that, which the page has too.
fn compile(sh: &Shell, small_std: Option<&Path>) -> Result {
    let mut cargo = sh.line("cargo build --release --locked --package mail-triage-module --bins");
    cargo.args(["--features", "chunks", "--target", "wasm32-unknown-unknown"]);
    if let Some(target) = small_std {
        cargo.envs(SMALL_STD).env("CARGO_TARGET_DIR", target);
    } else {
        cargo.env(RUSTFLAGS, chunks::RUSTFLAGS);
    }
    run(&mut cargo)
}

/// Puts a program in its parts into the folder: the chunks beside the program that comes first, under names that change with
/// what is in them, for none fits another.
fn take_apart(sh: &Shell, name: &str, linked: &Path, folder: &Path, shrinks: bool) -> Result {
    let parts = chunks::take_apart(sh, &Whole { name, linked, bind: &BIND, fetch: Some(FETCH) }, shrinks)?;
    fs::copy(&parts.first, folder.join(format!("{name}.wasm")))?;
    let mut script = fs::read_to_string(&parts.script)?;
    let mut hasher = DefaultHasher::new();
    for part in parts.chunks.split_modules.iter().chain([&parts.first]) {
        fs::read(part)?.hash(&mut hasher);
    }
    let hash = hasher.finish() >> 32;
    for made in &parts.chunks.split_modules {
        let stem = made.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let (file, named) =
            (format!("./{stem}.wasm"), format!("{name}_{}-{hash:08x}.wasm", chunks::part(stem)));
        if !script.contains(&file) {
            return Err(format!("the script of {name} does not name {file}").into());
        }
        script = script.replace(&file, &format!("./{named}"));
        fs::copy(made, folder.join(named))?;
    }
    fs::write(folder.join(format!("{name}.js")), script)?;
    Ok(())
}

/// Makes a script for a program, and both of them small where the tools for it are there.
fn bind(sh: &Shell, name: &str, linked: &Path, folder: &Path, shrinks: bool) -> Result {
    let mut bind = sh.line("wasm-bindgen --target web --no-typescript --no-demangle");
    run(bind.args(BIND).args(["--out-name", name, "--out-dir"]).arg(folder).arg(linked))?;
    let (program, script) = (folder.join(format!("{name}.wasm")), folder.join(format!("{name}.js")));
    fs::rename(folder.join(format!("{name}_bg.wasm")), &program)?;
    fs::write(&program, without_relocations(&fs::read(&program)?).ok_or("a program is no WebAssembly")?)?;
    if shrinks {
        // What is imported gets another name than wasm-bindgen's.
        let text = fs::read_to_string(&script)?;
        let module = format!("\"./{name}_bg.js\"");
        if !text.contains(&module) {
            return Err(format!("the script of wasm-bindgen has no {module}").into());
        }
        fs::write(&script, text.replace(&module, &format!("\"{}\"", shrink::MODULE)))?;
        shrink::first(sh, &program, &script)?;
    }
    Ok(())
}

/// The program without what the linker left in it for tools that take programs apart (custom sections, WebAssembly
/// specification section 5.5.3). `None` if it is none.
fn without_relocations(program: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = program.split_at_checked(8)?;
    let mut out = head.to_vec();
    while !rest.is_empty() {
        let (id, after_id) = rest.split_first()?;
        let (length, content) = number(after_id)?;
        let whole = rest.len() - content.len() + length;
        let (section, next) = rest.split_at_checked(whole)?;
        let custom = *id == 0 && {
            let (length, name) = number(content)?;
            let name = name.get(..length)?;
            name == b"linking" || name.starts_with(b"reloc.")
        };
        if !custom {
            out.extend(section);
        }
        rest = next;
    }
    Some(out)
}

/// A number of the binary format (LEB128), and what follows it.
fn number(octets: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0;
    for (at, &octet) in octets.iter().take(5).enumerate() {
        value |= usize::from(octet & 0x7f) << (7 * at);
        if octet & 0x80 == 0 {
            return Some((value, &octets[at + 1..]));
        }
    }
    None
}

/// Prints what the programs weigh, and fails where one is over its budget.
pub fn sizes(package: &Path) -> Result {
    let mut over = Vec::new();
    for Weighed { what, files, budget } in &WEIGHED {
        let mut size = 0;
        for entry in fs::read_dir(package.join("program"))? {
            let entry = entry?;
            let name = entry.file_name();
            if name.to_str().is_some_and(|name| name.starts_with(files)) {
                size += gzip(&fs::read(entry.path())?)?;
            }
        }
        println!("{what}: {size} of {budget} bytes gzip");
        if size == 0 || size > *budget {
            over.push(*what);
        }
    }
    if over.is_empty() { Ok(()) } else { Err(format!("over the size budget: {}", over.join(", ")).into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_linker_left_is_taken_out() {
        let head = b"\0asm\x01\0\0\0";
        let section = |name: &[u8]| {
            let mut section =
                vec![0, u8::try_from(name.len()).unwrap() + 2, u8::try_from(name.len()).unwrap()];
            section.extend(name);
            section.push(7);
            section
        };
        let program: Vec<u8> =
            [head.to_vec(), section(b"linking"), vec![1, 1, 0], section(b"reloc.CODE"), section(b"name")]
                .concat();
        let kept = [head.to_vec(), vec![1, 1, 0], section(b"name")].concat();
        assert_eq!(without_relocations(&program), Some(kept));
        assert_eq!(without_relocations(b"\0asm\x01\0\0\0\x01\x80"), None);
    }
}
