//! How many SPF evaluations a second: `cargo bench --bench spf`.
//!
//! One evaluation is the whole way from the texts of a tree of nine lookups in memory to the result with its trace:
//! records are selected, parsed and evaluated anew each time. The address is let in by the last of the nine, so that
//! none is spared. Other work on the machine only ever slows a round down: the best of many rounds counts.

#![allow(clippy::expect_used, clippy::print_stdout, reason = "a benchmark stops at what it did not expect")]

use std::{hint::black_box, net::IpAddr, time::Instant};

use mail_triage_engine::{
    spf::{SpfResult, check_zone},
    zone::Zone,
};

const ZONE: &str = r#"
shop.example.            TXT "v=spf1 ip4:198.51.100.10 include:_spf.office.example include:send.example include:desk.example a mx -all"
shop.example.            TXT "some-site-verification=0123456789abcdef0123456789abcdef"
shop.example.            A   203.0.113.80
shop.example.            MX  10 mx1.office.example.
shop.example.            MX  20 mx2.office.example.
mx1.office.example.      A   192.0.2.25
mx2.office.example.      A   192.0.2.26
_spf.office.example.     TXT "v=spf1 include:_block1.office.example include:_block2.office.example include:_block3.office.example ~all"
_block1.office.example.  TXT "v=spf1 ip4:35.190.247.0/24 ip4:64.233.160.0/19 ip4:66.102.0.0/20 ip4:66.249.80.0/20 ip4:72.14.192.0/18 ip4:74.125.0.0/16 ip4:108.177.8.0/21 ip4:173.194.0.0/16 ~all"
_block2.office.example.  TXT "v=spf1 ip6:2001:4860:4000::/36 ip6:2404:6800:4000::/36 ip6:2607:f8b0:4000::/36 ip6:2800:3f0:4000::/36 ip6:2a00:1450:4000::/36 ~all"
_block3.office.example.  TXT "v=spf1 ip4:172.217.0.0/19 ip4:172.217.32.0/20 ip4:172.217.128.0/19 ip4:172.253.56.0/21 ip4:108.177.96.0/19 ip4:35.191.0.0/16 ~all"
send.example.            TXT "v=spf1 ip4:167.89.0.0/17 ip4:208.117.48.0/20 ip4:50.31.32.0/19 ip4:198.37.144.0/20 include:_more.send.example ~all"
_more.send.example.      TXT "v=spf1 ip4:192.254.112.0/20 ip4:168.245.0.0/17 ip4:149.72.0.0/16 ~all"
desk.example.            TXT "v=spf1 ip4:185.12.80.0/22 ip4:188.172.128.0/20 ip4:192.161.144.0/20 ip4:216.198.0.0/18 ~all"
"#;

const ROUNDS: usize = 1_000;
const EVALUATIONS: u32 = 500;

fn main() {
    let zone = Zone::parse(ZONE).expect("the zone above can be read");
    let ip: IpAddr = "192.0.2.26".parse().expect("an address");
    let once = || check_zone(&zone, black_box(ip), black_box("user@shop.example"), "mail.shop.example");
    let evaluation = once();
    assert_eq!((evaluation.result, evaluation.lookups()), (SpfResult::Pass, 9));
    let best = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..EVALUATIONS {
                black_box(once());
            }
            start.elapsed()
        })
        .min()
        .expect("more than no round");
    let rate = f64::from(EVALUATIONS) / best.as_secs_f64();
    println!(
        "spf: {rate:.0} evaluations a second with trace ({} lookups, {} terms, {} questions)",
        evaluation.lookups(),
        evaluation.trace.len(),
        evaluation.asked.len()
    );
}
