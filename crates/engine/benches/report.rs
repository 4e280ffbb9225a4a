//! How long a run takes beside its longest chain of dependent lookups, with a clock that is only counted.
//!
//! Every answer takes 50 ms of that clock, so the figures are exact and the same on every machine: what is measured
//! is the engine's schedule, not the network. `cargo xtask bench` prints the same in a real browser beside it.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and stops at what it did not expect"
)]

#[path = "../../../tests/native/common/mod.rs"]
mod common;

use std::{collections::BTreeSet, rc::Rc};

use mail_triage_engine::{
    dns::{Name, Query},
    facts::Ask,
    session::{MAX_IN_FLIGHT, MAX_LISTS_IN_FLIGHT, Session},
    target::{ListKeys, Target},
    zone::Zone,
};

/// Milliseconds that a query takes.
const ANSWER: u64 = 50;
/// Nine lookups for SPF, two MX hosts; the zone is the one of the local DNS.
const DOMAIN: &str = "nine-lookups.example";
const ADDRESS: &str = "11.22.33.30";

fn main() {
    // Cargo runs a bench in its package; the data files are those of the repository.
    std::env::set_current_dir("../..").unwrap();
    let zone = common::lab();
    let chain = run(&zone, usize::MAX, usize::MAX);
    let real = run(&zone, MAX_IN_FLIGHT, MAX_LISTS_IN_FLIGHT);
    println!("queries                 {:>6}", real.queries.len());
    println!(
        "  of those to lists     {:>6}",
        real.queries.iter().filter(|query| common::is_list(query)).count()
    );
    println!("longest chain           {:>6} lookups, {} ms", chain.millis / ANSWER, chain.millis);
    println!("whole report            {:>6} ms", real.millis);
    #[allow(clippy::cast_precision_loss, reason = "a few thousand at most")]
    let ratio = real.millis as f64 / chain.millis as f64;
    println!("ratio                   {ratio:>6.2} (budget 1.30)");
}

struct Run {
    millis: u64,
    queries: BTreeSet<Query>,
}

fn run(zone: &Zone, in_flight: usize, lists: usize) -> Run {
    let target =
        Target { ips: vec![ADDRESS.parse().unwrap()], ..Target::domain(Name::parse(DOMAIN).unwrap()) };
    let mut session =
        Session::new(target, Rc::new(common::knowledge()), ListKeys::default()).with_limits(in_flight, lists);
    let mut run = Run { millis: 0, queries: BTreeSet::new() };
    let mut open: Vec<(u64, Query)> = Vec::new();
    loop {
        while let Some(query) = session.poll_query() {
            assert!(run.queries.insert(query.clone()), "{query} asked twice");
            open.push((run.millis + ANSWER, query));
        }
        let Some(first) = (0..open.len()).min_by_key(|&at| open[at].0) else { break };
        let (done, query) = open.remove(first);
        run.millis = done;
        session.answer(&query, zone.ask(&query).unwrap().clone());
    }
    run
}
