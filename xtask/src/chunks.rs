//! Takes a program apart into what comes first and the chunks that follow, each fetched when it is asked for: that of the page,
//! into what the first paint needs and the rest, and that of the checks in the package.
//!
//! The split points are functions of the program itself (`src/shell/program.rs`, `crates/module/src/bin`); what nothing
//! but such a function reaches is in its chunk. The linker says what reaches what (`--emit-relocs`), before wasm-bindgen has been
//! at work.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use wasm_split_cli_support::{Options, SplitWasm, transform};

use crate::sh::{Result, Shell, run};
use crate::shrink;

/// What the linker has to leave in the program.
pub const RUSTFLAGS: &str = "-Clink-arg=--emit-relocs";

/// The crate's name, and that of its files.
const NAME: &str = "mail-triage";
/// The chunk that a check needs.
const CHECK: &str = "check";
/// The script that fetches chunks; it becomes a part of the page's own.
const LOADER: &str = "__wasm_split.js";
/// What the program calls to fetch a chunk, before the chunk's name.
const LOAD: &str = "__wasm_split_load_";
/// By what the loader says that a chunk did not come.
const TELL: &str = "console.error(e);";

/// A program to be taken apart.
pub struct Whole<'a> {
    /// What its files are called.
    pub name: &'a str,
    /// The program as the linker left it.
    pub linked: &'a Path,
    /// What else wasm-bindgen is told.
    pub bind: &'a [&'a str],
    /// By what its script fetches a chunk, if not by `fetch` of the page.
    pub fetch: Option<Fetch<'a>>,
}

/// What fetches a chunk.
pub struct Fetch<'a> {
    /// A function that takes an address, and gives a promise of a response or of octets. What goes wrong is not said beside.
    pub function: &'a str,
    /// The line by which a script comes to know it.
    pub import: &'a str,
}

/// A program in parts.
pub struct Parts {
    /// The script, with what fetches the chunks in it. It names them by the names of their files.
    pub script: PathBuf,
    /// The program that comes first.
    pub first: PathBuf,
    /// What follows.
    pub chunks: SplitWasm,
}

/// Puts in place of the whole program of the page in `dist` its parts. `linked` is that program as the linker left it; it is
/// made smaller where the tools for it are there.
pub fn take_page_apart(sh: &Shell, dist: &Path, linked: &Path, shrinks: bool) -> Result {
    put(dist, &take_apart(sh, &Whole { name: NAME, linked, bind: &[], fetch: None }, shrinks)?)
}

/// Takes a program apart, beside where the linker left it; the parts are made smaller where the tools for it are there.
pub fn take_apart(sh: &Shell, whole: &Whole<'_>, shrinks: bool) -> Result<Parts> {
    let work = whole.linked.with_extension("chunks");
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let name = whole.name;
    let chunks = split(whole, &work)?;
    let bound = work.join("bound");
    let mut bind = sh.line("wasm-bindgen --target web --keep-lld-exports --no-typescript --no-demangle");
    run(bind.args(whole.bind).arg("--out-dir").arg(&bound).arg(work.join(format!("{name}.wasm"))))?;
    let first = bound.join(format!("{name}_bg.wasm"));
    let script = bound.join(format!("{name}.js"));
    let loader = fs::read_to_string(work.join(LOADER))?;
    fs::write(&script, one_script(whole, &fs::read_to_string(&script)?, &loader)?)?;
    if shrinks {
        shrink::first(sh, &first, &script)?;
        for chunk in &chunks.split_modules {
            shrink::chunk(sh, chunk)?;
        }
    }
    Ok(Parts { script, first, chunks })
}

fn split(whole: &Whole<'_>, work: &Path) -> Result<SplitWasm> {
    let program = fs::read(whole.linked)?;
    let main = work.join(format!("{}.wasm", whole.name));
    let mut options = Options::new(&program);
    options.output_dir = work;
    options.main_out_path = &main;
    let script = format!("./{}.js", whole.name);
    options.main_module = &script;
    Ok(transform(options)?)
}

/// The program's script with the loader in it. They import each other; in one file each finds the other's names. A server may
/// send a chunk under another type, which wasm-bindgen knows how to read and the loader does not.
fn one_script(whole: &Whole<'_>, script: &str, loader: &str) -> Result<String> {
    let is_import = |line: &&str| line.starts_with("import ");
    let (own, shared) = (
        loader.lines().find(is_import),
        between(loader, "const { ", ",  } = initSync(undefined, undefined)"),
    );
    let (Some(own), Some(shared)) = (own, shared) else {
        return Err("the loader asks the script for something else".into());
    };
    let export = format!("export const {LOAD}");
    let chunks = loader.lines().filter_map(|line| line.strip_prefix(&export)?.split_whitespace().next());
    let chunks: Vec<_> = chunks.map(|chunk| format!("{LOAD}{chunk}: load_{chunk}")).collect();
    let exports: Vec<_> = shared.split(", ").map(|name| format!("{name}: wasm.{name}")).collect();
    let loader = replaced(
        loader,
        &[
            (own, ""),
            ("initSync(undefined, undefined)", &format!("{{ {} }}", exports.join(", "))),
            (&export, "const load_"),
            ("WebAssembly.instantiateStreaming(src, imports)", "__wbg_load(await src, imports)"),
        ],
    )?;
    let (import, loader) = match &whole.fetch {
        Some(Fetch { function, import }) => {
            let fetch = format!("{function}(new URL(");
            (*import, replaced(&loader, &[(TELL, ""), ("fetch(new URL(", &fetch)])?)
        }
        // The browser itself tells of a request that failed.
        None => ("", replaced(&loader, &[(TELL, &format!("if (!(e instanceof TypeError)) {TELL}"))])?),
    };
    let lines = script.lines().filter(|line| !line.contains(LOADER));
    let own = format!("\"./{}_bg.js\"", whole.name);
    let imports = (format!("{own}: import0,"), "...importsOf(import0),");
    let script = replaced(&lines.collect::<Vec<_>>().join("\n"), &[(&imports.0, imports.1)])?;
    // The program asks two modules, or one once it is shrunk.
    let all = format!("{{ ...own, {} }}", chunks.join(", "));
    let modules = format!("{{ {own}: all, \"./{LOADER}\": all, {}: all }}", shrink::MODULE);
    Ok(format!(
        "{import}{script}\n{loader}\nfunction importsOf(own) {{ const all = {all}; return {modules}; }}\n"
    ))
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (text, _) = text.split_once(after)?;
    Some(text.rsplit_once(before)?.1)
}

/// The text with each first part replaced by the second; it is there, or the tools have changed.
fn replaced(text: &str, pairs: &[(&str, &str)]) -> Result<String> {
    let mut text = text.to_owned();
    for (from, to) in pairs {
        if !text.contains(from) {
            return Err(format!("what wasm-bindgen or wasm_split wrote is without {from:?}").into());
        }
        text = text.replace(from, to);
    }
    Ok(text)
}

/// Puts the files into `dist` in place of the whole program's, under names that change with what is in them.
fn put(dist: &Path, Parts { script, first, chunks }: &Parts) -> Result {
    let mut text = fs::read_to_string(script)?;
    let mut files = vec![(format!("{NAME}_bg.wasm"), "bg".to_owned(), fs::read(first)?)];
    for path in &chunks.split_modules {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        files.push((format!("{name}.wasm"), part(name), fs::read(path)?));
    }
    let mut hasher = DefaultHasher::new();
    (&text, &files).hash(&mut hasher);
    let (new, old) = (format!("{NAME}-{:016x}", hasher.finish()), program(dist)?);
    for (before, part, bytes) in &files {
        let name = format!("{new}_{part}.wasm");
        fs::write(dist.join(&name), bytes)?;
        text = text.replace(before, &name);
    }
    fs::remove_file(dist.join(format!("{old}_bg.wasm")))?;
    fs::remove_file(dist.join(format!("{old}.js")))?;
    fs::write(dist.join(format!("{new}.js")), text)?;

    let page = dist.join("index.html");
    let text = fs::read_to_string(&page)?.replace(&old, &new);
    // Trunk's minifier drops the quotes.
    let boot = ["id=\"boot\"", "id=boot"].into_iter().find(|boot| text.contains(boot));
    let boot = boot.ok_or("the page has no boot script")?;
    let wanted = chunks.prefetch_map.get(CHECK).ok_or("there is no chunk for a check")?;
    let wanted: Vec<_> = wanted.iter().map(|name| format!("./{new}_{}.wasm", part(name))).collect();
    let data =
        format!("{boot} data-check=\"{}\" data-resolver=\"{}\"", wanted.join(" "), first_resolver(dist)?);
    fs::write(&page, text.replacen(boot, &data, 1))?;
    Ok(())
}

/// Whom the page asks where nobody has chosen another.
fn first_resolver(dist: &Path) -> Result<String> {
    let file = fs::read_to_string(dist.join("data/resolvers.json"))?;
    let file: serde_json::Value = serde_json::from_str(&file)?;
    let first =
        file["resolvers"].as_array().and_then(|all| all.iter().find(|it| it["id"] == file["chain"][0]));
    let url = first.and_then(|first| first["url"].as_str());
    Ok(url.ok_or("there is no resolver")?.to_owned())
}

/// What a chunk is called in the name of its file, by the name that it was given here: by its split point, or by its number where several share it.
pub fn part(name: &str) -> String {
    name.replace("split_", "").replace("chunk_", "shared")
}

/// The name of the program in `dist`, with its hash.
fn program(dist: &Path) -> Result<String> {
    for entry in fs::read_dir(dist)? {
        if let Some(name) = entry?.file_name().to_str().and_then(|name| name.strip_suffix("_bg.wasm")) {
            return Ok(name.to_owned());
        }
    }
    Err("Trunk left no program".into())
}
