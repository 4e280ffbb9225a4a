//! The programs of the package.

use std::fs;
use std::path::Path;

use crate::page::{RUSTFLAGS, SMALL_STD};
use crate::sh::{Result, Shell, run};
use crate::size::gzip;
use crate::{setup, shrink};

/// A program, and what its script and it may weigh together.
struct Program {
    name: &'static str,
    what: &'static str,
    /// Bytes, gzip.
    budget: usize,
}

/// Each has the library, the reader of options and the writer of objects to itself: some 30 KB. What a check finds, the texts
/// it is said in not counted, is two thirds of the first.
const PROGRAMS: [Program; 3] = [
    Program { name: "checks", what: "the engine with all checks", budget: 312 * 1000 },
    Program { name: "messages", what: "what reads messages", budget: 118 * 1000 },
    Program { name: "records", what: "SPF and records alone", budget: 95 * 1000 },
];

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
    for Program { name, .. } in &PROGRAMS {
        let linked = target.join(format!("wasm32-unknown-unknown/release/mail-triage-{name}.wasm"));
        bind(sh, name, &linked, &folder, complete)?;
    }
    Ok(())
}

/// Compiles all of them; together with the standard library where there is a directory for that, which the page has too.
fn compile(sh: &Shell, small_std: Option<&Path>) -> Result {
    let mut cargo = sh.line("cargo build --release --locked --package mail-triage-module --bins --target");
    cargo.arg("wasm32-unknown-unknown");
    if let Some(target) = small_std {
        cargo.envs(SMALL_STD).env("CARGO_TARGET_DIR", target);
    } else {
        cargo.env_remove(RUSTFLAGS);
    }
    run(&mut cargo)
}

/// Makes a script for a program, and both of them small where the tools for it are there.
fn bind(sh: &Shell, name: &str, linked: &Path, folder: &Path, shrinks: bool) -> Result {
    let mut bind =
        sh.line("wasm-bindgen --target web --no-typescript --no-demangle --omit-default-module-path");
    run(bind
        .args(["--remove-name-section", "--remove-producers-section", "--out-name", name])
        .arg("--out-dir")
        .arg(folder)
        .arg(linked))?;
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

/// Prints what each program weighs, and fails where one is over its budget.
pub fn sizes(package: &Path) -> Result {
    let mut over = Vec::new();
    for Program { name, what, budget } in &PROGRAMS {
        let mut size = 0;
        for end in ["wasm", "js"] {
            size += gzip(&fs::read(package.join(format!("program/{name}.{end}")))?)?;
        }
        println!("{what}: {size} of {budget} bytes gzip");
        if size > *budget {
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
