//! Writes the pages that explain into a built page: `mail-triage-pages DIST [SITE]`.

use std::{path::Path, process::ExitCode};

use mail_triage_pages::{site::Site, write};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (dist, site) = match args.as_slice() {
        [dist] => (dist, None),
        [dist, site] => (dist, Some(site.as_str())),
        _ => {
            eprintln!("usage: mail-triage-pages DIST [SITE]");
            return ExitCode::FAILURE;
        }
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let written = Site::new(site).and_then(|site| write(&root, Path::new(dist), &site));
    match written {
        Ok(count) => {
            println!("{count} pages that explain");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
