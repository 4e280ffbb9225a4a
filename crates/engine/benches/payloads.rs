//! How long the readers take for texts that are made to be slow: `cargo bench --bench payloads -- [octets] [part of a name]`.
//!
//! Printed and never asserted; `tests/native/linear.rs` counts steps.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints, and stops at what it did not expect"
)]

#[path = "../../../tests/native/common/mod.rs"]
mod common;

use std::time::Instant;

use common::payloads::{PAYLOADS, readers};

/// Octets of a text unless another number is given.
const OCTETS: usize = 1_000_000;
/// How many of the slowest are shown.
const SHOWN: usize = 25;

fn main() {
    // Cargo runs a bench in its package; the data files are those of the repository.
    std::env::set_current_dir("../..").unwrap();
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let octets = words.iter().find_map(|word| word.parse().ok()).unwrap_or(OCTETS);
    let wanted = words.iter().find(|word| word.parse::<usize>().is_err());
    let mut all: Vec<(u128, String)> = Vec::new();
    let readers = readers();
    for payload in PAYLOADS {
        let text = payload.text(octets);
        for reader in &readers {
            let name = format!("{}: {}", reader.name, payload.name);
            if wanted.is_none_or(|wanted| name.contains(wanted.as_str())) {
                let start = Instant::now();
                (reader.read)(&text);
                all.push((start.elapsed().as_millis(), name));
                if let Some((millis @ 2_000.., name)) = all.last() {
                    println!("{millis:>8} ms  {name}");
                }
            }
        }
    }
    all.sort_by_key(|(millis, _)| std::cmp::Reverse(*millis));
    println!("The slowest of {} with {octets} octets:", all.len());
    for (millis, name) in all.iter().take(SHOWN) {
        println!("{millis:>8} ms  {name}");
    }
}
