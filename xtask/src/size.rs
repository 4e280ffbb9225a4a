//! What the page weighs, as it is downloaded.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::sh::Result;

/// The end of the name of the program that comes first.
const FIRST: &str = "_bg.wasm";

/// Bytes for the program that comes first, gzip. Held tightly: what is called past the table of doors
/// (`src/shell/program.rs`) is no error of the compiler, it only moves in here.
const FIRST_BUDGET: usize = 124 * 1000;
/// Bytes for wasm, JS, CSS, HTML and one locale, gzip: all that a first visit needs. That engine, browser side and page are
/// crates costs 2.7 KB here and 7 KB of what follows: small functions of the library are copied into each of them. The machine
/// (`src/machine`) costs 7 KB, and that head, notices, form and foot are components 13. Menus, the doors to three further chunks,
/// what keeps the page for later and their texts cost 2 KB: texts of what draws results come with the findings.
const PAGE_BUDGET: usize = 157_300;
/// Bytes for what a check needs besides: its chunks of the program and the texts of findings in one language, gzip. Views cost
/// 9 KB of it, the driver over any source 3; the texts of what shares and keeps stand here too; the doors to a second opinion and to what is watched cost 2.
const LATER_BUDGET: usize = 509 * 1000;
/// Bytes for what has to be there before the first lookup, gzip: a first visit, the chunks that ask and judge, and what is known
/// of resolvers, lists, providers and hosts. What makes reports and draws them (190 KB) and their texts come while
/// answers are awaited.
const FIRST_LOOKUP_BUDGET: usize = 443 * 1000;
/// Bytes for all knowledge files, gzip.
const DATA_BUDGET: usize = 60 * 1000;
/// Bytes for the chunk of the program that reads messages, gzip: knowing who speaks costs 10 KB of it, the box for a domain 0.8 KB,
/// telling whether enough speaks for a cause 0.7 KB, that names and codes count among the words 1.3, that a reason goes before
/// the word that somebody gave up 0.5.
const MESSAGES_BUDGET: usize = 89_500;
/// Bytes for the chunk of the program that shares and keeps results, tries changes, asks a second resolver and checks many
/// domains, gzip. The second opinion costs 9 KB of it, what is watched until it is fixed 5, sharing and keeping 26.
const TOOLS_BUDGET: usize = 80 * 1000;
/// Bytes for what is fetched with the first pasted error: what replies mean, and the texts for it, gzip. That a reply is understood
/// by what its words mean together (`terms`) costs 10 KB of it, 3 of them more words for the same, what is said where no cause can
/// be told 0.5, what the numbers of large receivers and gateways mean, of which 4 in 10 were read right before, 2.
const PASTE_BUDGET: usize = 62_500;
/// Bytes for the wordings of one script, fetched besides where an error shows it, gzip: Latin letters have most languages, and
/// what their words mean together costs 8 KB of it.
const SCRIPT_BUDGET: usize = 15 * 1000;
/// Bytes for the texts of the message to whoever can help, in one language, gzip.
const TICKET_BUDGET: usize = 8 * 1000;
/// Bytes for the texts of what comes with the chunk that tries changes, in one language, gzip.
const TOOLS_TEXTS_BUDGET: usize = 5 * 1000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Needed before the page can be used.
    Page,
    /// The chunks of the program that a check needs.
    Later,
    /// The chunk of the program that reads messages.
    Messages,
    /// The chunk of the program that shares, keeps, tries changes and checks many domains.
    Tools,
    /// One of these is needed.
    Locale,
    /// Facts, fetched when they are needed.
    Data,
    /// Texts of findings: one of these is needed for a check.
    Report,
    /// Fetched when an error message is pasted.
    Paste,
    /// Wordings of a script: fetched besides where the message shows it.
    PasteScript,
    /// Texts for those: one of these is fetched then.
    PasteTexts,
    /// Texts of the message to whoever can help: one of these is fetched when it is opened.
    TicketTexts,
    /// Texts of what comes with the chunk that tries changes: one of these is fetched with it.
    ToolsTexts,
    /// Pages that explain findings and errors: no visit of the page fetches one.
    Explaining,
    /// Icons and the like, JSON schemas: no budget.
    Other,
}

struct File {
    name: String,
    kind: Kind,
    raw: usize,
    gzip: usize,
}

/// What is fetched beside the page, once it can be used.
const BESIDE: [&str; 2] = ["offline.js", "sw.js"];

/// Prints the size of every file and fails where a budget is exceeded.
pub fn check(dist: &Path) -> Result {
    let mut files = read(dist)?;
    files.sort_by_key(|file| std::cmp::Reverse(file.gzip));
    println!("{:>9} {:>9}  file", "raw", "gzip");
    for file in files.iter().filter(|file| file.kind != Kind::Explaining) {
        println!("{:>9} {:>9}  {}", file.raw, file.gzip, file.name);
    }
    print_explaining(&files);
    let of = |kind| files.iter().filter(move |file| file.kind == kind).map(|file| file.gzip);
    let sum = |kind| of(kind).sum::<usize>();
    // One language is fetched.
    let largest = |kind| of(kind).max().unwrap_or(0);
    let first = files.iter().filter(|file| file.name.ends_with(FIRST)).map(|file| file.gzip).sum();
    let page = sum(Kind::Page) + largest(Kind::Locale);
    let asks = chunks_that_ask(dist)?;
    let asks: usize = files.iter().filter(|file| asks.contains(&file.name)).map(|file| file.gzip).sum();
    let budgets = [
        ("the program that comes first", first, FIRST_BUDGET),
        ("first visit, with the largest locale", page, PAGE_BUDGET),
        ("and all before the first lookup", page + asks + sum(Kind::Data), FIRST_LOOKUP_BUDGET),
        ("program and texts for a check", sum(Kind::Later) + largest(Kind::Report), LATER_BUDGET),
        ("program that reads messages", sum(Kind::Messages), MESSAGES_BUDGET),
        ("program that shares, keeps and tries", sum(Kind::Tools), TOOLS_BUDGET),
        ("knowledge files", sum(Kind::Data), DATA_BUDGET),
        (
            "knowledge and texts for a pasted error",
            sum(Kind::Paste) + largest(Kind::PasteTexts),
            PASTE_BUDGET,
        ),
        ("and for one in another script or language", largest(Kind::PasteScript), SCRIPT_BUDGET),
        ("texts for a message to support", largest(Kind::TicketTexts), TICKET_BUDGET),
        (
            "texts for changes, second opinions and many domains",
            largest(Kind::ToolsTexts),
            TOOLS_TEXTS_BUDGET,
        ),
    ];
    for (what, size, budget) in budgets {
        println!("{what}: {size} of {budget} bytes gzip");
    }
    if budgets.iter().any(|(_, size, budget)| size > budget) {
        return Err("over the size budget".into());
    }
    Ok(())
}

/// The chunks that a check needs to ask: those that the page fetches ahead.
fn chunks_that_ask(dist: &Path) -> Result<Vec<String>> {
    let page = fs::read_to_string(dist.join("index.html"))?;
    let named = page.split_once("data-check=\"").and_then(|(_, rest)| rest.split_once('"'));
    let (named, _) = named.ok_or("the page names no chunks of a check")?;
    Ok(named.split(' ').map(|name| name.trim_start_matches("./").to_owned()).collect())
}

/// How many pages explain, and what the largest of them weighs.
fn print_explaining(files: &[File]) {
    for folder in ["rules/", "errors/"] {
        let of = || files.iter().filter(|file| file.name.starts_with(folder));
        if let Some(largest) = of().max_by_key(|file| file.gzip) {
            println!(
                "{} pages in {folder}, the largest {} bytes gzip: {}",
                of().count(),
                largest.gzip,
                largest.name
            );
        }
    }
}

fn read(dist: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for path in walk(dist)? {
        let bytes = fs::read(&path)?;
        let name = path.strip_prefix(dist)?.to_string_lossy().into_owned();
        files.push(File { kind: kind(&name), raw: bytes.len(), gzip: gzip(&bytes)?, name });
    }
    Ok(files)
}

/// The places of all files below `dist`, sorted, with `/`.
pub fn names(dist: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for path in walk(dist)? {
        names.push(path.strip_prefix(dist)?.to_string_lossy().replace('\\', "/"));
    }
    names.sort();
    Ok(names)
}

/// What bytes weigh as they are downloaded.
pub fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn walk(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(walk(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// Whether it is one of the pages that explain, or what they share.
pub fn is_explaining(name: &str) -> bool {
    name.starts_with("rules/")
        || name.starts_with("errors/")
        || name.starts_with("pages.")
        || name == "404.html"
}

fn kind(name: &str) -> Kind {
    let extension = name.rsplit('.').next().unwrap_or_default();
    // What is read only where the program does not start.
    if name.ends_with(".schema.json") || name.starts_with("checklist.") || BESIDE.contains(&name) {
        Kind::Other
    } else if is_explaining(name) {
        Kind::Explaining
    } else if name.ends_with(".report.json") {
        Kind::Report
    } else if name.ends_with(".bounce.json") {
        Kind::PasteTexts
    } else if name.ends_with(".ticket.json") {
        Kind::TicketTexts
    } else if name.ends_with(".tools.json") {
        Kind::ToolsTexts
    } else if name.starts_with("data/smtp-words.") && name != "data/smtp-words.json" {
        Kind::PasteScript
    } else if name.starts_with("data/smtp-") {
        Kind::Paste
    } else if name.starts_with("locales/") {
        Kind::Locale
    } else if name.starts_with("data/") {
        Kind::Data
    } else if name.ends_with("_tools.wasm") {
        Kind::Tools
    } else if name.ends_with("_messages.wasm") {
        Kind::Messages
    } else if name.ends_with(".wasm") && !name.ends_with(FIRST) {
        Kind::Later
    } else if matches!(extension, "wasm" | "js" | "css" | "html") {
        Kind::Page
    } else {
        Kind::Other
    }
}
