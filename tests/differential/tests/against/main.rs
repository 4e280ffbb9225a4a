//! Random records and trees, read by this project and by others. Where they differ, the test says who is right by which
//! section, and leaves out exactly that.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]

mod answers;
mod dmarc_records;
mod dmarc_trees;
mod spf;

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// A runner that makes the same cases each time.
fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}
