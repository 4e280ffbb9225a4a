//! What the page weighs, as it is downloaded.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::sh::Result;

/// Bytes for wasm, JS, CSS, HTML and one locale, gzip: all that a first visit needs. That engine, browser side and page are
/// crates costs 2.7 KB here and 7 KB of what follows: small functions of the library are copied into each of them. The machine
/// (`src/machine`) costs 7 KB: what decides about a check was a part of what follows. Colours, the
/// foot of the page and the line that says what was checked cost 1 KB.
const PAGE_BUDGET: usize = 156 * 1000;
/// Bytes for what a check needs besides: the part of the program that follows (`halves`) and the texts of findings in one
/// language, gzip. Views cost 9 KB of it, the driver over any source 3. The table of doors (`src/shell/program.rs`) brought 11 KB
/// here that stood in the first file.
const LATER_BUDGET: usize = 507 * 1000;
/// Bytes for all knowledge files, gzip.
const DATA_BUDGET: usize = 60 * 1000;
/// Bytes for what is fetched with the first pasted error: what replies mean, and the texts for it, gzip.
const PASTE_BUDGET: usize = 50_200;
/// Bytes for the wordings of one script, fetched besides where an error shows it, gzip.
const SCRIPT_BUDGET: usize = 8 * 1000;
/// Bytes for the texts of the message to whoever can help, in one language, gzip.
const TICKET_BUDGET: usize = 8 * 1000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Needed before the page can be used.
    Page,
    /// The rest of the program, needed for a check.
    Later,
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
    /// Icons and the like, JSON schemas: no budget.
    Other,
}

struct File {
    name: String,
    kind: Kind,
    raw: usize,
    gzip: usize,
}

/// Prints the size of every file and fails where a budget is exceeded.
pub fn check(dist: &Path) -> Result {
    let mut files = read(dist)?;
    files.sort_by_key(|file| std::cmp::Reverse(file.gzip));
    println!("{:>9} {:>9}  file", "raw", "gzip");
    for file in &files {
        println!("{:>9} {:>9}  {}", file.raw, file.gzip, file.name);
    }
    let sum = |kind| -> usize {
        let of_kind = files.iter().filter(|file| file.kind == kind);
        of_kind.map(|file| file.gzip).sum()
    };
    let locale = files.iter().filter(|file| file.kind == Kind::Locale);
    let page = sum(Kind::Page) + locale.map(|file| file.gzip).max().unwrap_or(0);
    let report = files.iter().filter(|file| file.kind == Kind::Report);
    let later = sum(Kind::Later) + report.map(|file| file.gzip).max().unwrap_or(0);
    let data = sum(Kind::Data);
    println!("first visit, with the largest locale: {page} of {PAGE_BUDGET} bytes gzip");
    println!("program and texts for a check: {later} of {LATER_BUDGET} bytes gzip");
    let texts = files.iter().filter(|file| file.kind == Kind::PasteTexts);
    let paste = sum(Kind::Paste) + texts.map(|file| file.gzip).max().unwrap_or(0);
    let texts = files.iter().filter(|file| file.kind == Kind::TicketTexts);
    let ticket = texts.map(|file| file.gzip).max().unwrap_or(0);
    println!("knowledge files: {data} of {DATA_BUDGET} bytes gzip");
    println!("knowledge and texts for a pasted error: {paste} of {PASTE_BUDGET} bytes gzip");
    let scripts = files.iter().filter(|file| file.kind == Kind::PasteScript);
    let script = scripts.map(|file| file.gzip).max().unwrap_or(0);
    println!("and for one in another script or language: {script} of {SCRIPT_BUDGET} bytes gzip");
    println!("texts for a message to support: {ticket} of {TICKET_BUDGET} bytes gzip");
    let over = [
        (page, PAGE_BUDGET),
        (later, LATER_BUDGET),
        (data, DATA_BUDGET),
        (paste, PASTE_BUDGET),
        (script, SCRIPT_BUDGET),
        (ticket, TICKET_BUDGET),
    ];
    if over.iter().any(|(size, budget)| size > budget) {
        return Err("over the size budget".into());
    }
    Ok(())
}

fn read(dist: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for path in walk(dist)? {
        let bytes = fs::read(&path)?;
        let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
        encoder.write_all(&bytes)?;
        let name = path.strip_prefix(dist)?.to_string_lossy().into_owned();
        files.push(File { kind: kind(&name), raw: bytes.len(), gzip: encoder.finish()?.len(), name });
    }
    Ok(files)
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

fn kind(name: &str) -> Kind {
    let extension = name.rsplit('.').next().unwrap_or_default();
    // What is read only where the program does not start.
    if name.ends_with(".schema.json") || name.starts_with("checklist.") {
        Kind::Other
    } else if name.ends_with(".report.json") {
        Kind::Report
    } else if name.ends_with(".bounce.json") {
        Kind::PasteTexts
    } else if name.ends_with(".ticket.json") {
        Kind::TicketTexts
    } else if name.starts_with("data/smtp-words.") && name != "data/smtp-words.json" {
        Kind::PasteScript
    } else if name.starts_with("data/smtp-") {
        Kind::Paste
    } else if name.starts_with("locales/") {
        Kind::Locale
    } else if name.starts_with("data/") {
        Kind::Data
    } else if name.ends_with("_later.wasm") {
        Kind::Later
    } else if matches!(extension, "wasm" | "js" | "css" | "html") {
        Kind::Page
    } else {
        Kind::Other
    }
}
