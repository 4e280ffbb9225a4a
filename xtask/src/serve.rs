//! `cargo xtask serve`: build the page and look at it.

use std::thread;

use crate::args::Args;
use crate::http::Server;
use crate::lab::Lab;
use crate::page;
use crate::setup;
use crate::sh::{Result, Shell};

/// Builds, serves and waits until it is stopped.
pub fn run(sh: &Shell, args: &[String]) -> Result {
    let mut args = Args::new(args);
    let open = args.flag("--open");
    let local_dns = args.flag("--local-dns");
    let port = args.number("--port")?.unwrap_or(8080);
    args.finish()?;

    setup::announce(sh, if local_dns { &["build", "lab"] } else { &["build"] });
    if local_dns {
        // Said before the minutes that the build takes.
        setup::dns_servers(sh)?.required()?;
    }
    let dist = page::build(sh)?;
    let lab = if local_dns { Some(Lab::start(sh)?) } else { None };
    let server = Server::start(dist, "/", port)?;
    let mut url = server.url();
    if let Some(lab) = &lab {
        lab.describe();
        let resolver = percent_encode(&lab.doh_url());
        url.push_str(&format!("#/?resolver={resolver}"));
    }
    println!("\nThe page is at {url}\nStop with Ctrl-C.");
    if open {
        open_browser(sh, &url);
    }
    loop {
        thread::park();
    }
}

fn open_browser(sh: &Shell, url: &str) {
    let opener = match std::env::consts::OS {
        "macos" => "open",
        "windows" => "explorer",
        _ => "xdg-open",
    };
    if sh.command(opener).arg(url).spawn().is_err() {
        println!("No browser could be opened from here.");
    }
}

/// Keeps letters, digits and `-._~` (RFC 3986 section 2.3).
fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_an_address_for_the_fragment() {
        assert_eq!(
            percent_encode("http://127.0.0.1:8053/dns-query"),
            "http%3A%2F%2F127.0.0.1%3A8053%2Fdns-query"
        );
    }
}
