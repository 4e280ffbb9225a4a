//! The tests of the engine, of the data files and of the words: everything that needs no browser, in one program.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at what it did not expect")]
#![allow(clippy::too_many_lines, reason = "a test is as long as its cases")]

mod bounces;
mod bounces_dressed;
mod browser_crates;
mod commands;
mod common;
mod damaged_messages;
mod data_files;
mod data_rules;
mod dkim_keys;
mod dmarc_fixes;
mod dmarc_walk;
mod examples;
mod faults;
mod floors;
mod fuzz_input;
mod fuzz_message;
mod fuzz_wire;
mod fuzz_zone;
mod huge;
mod input;
mod lab;
mod linear;
mod locales;
mod packed;
mod page;
mod pictures;
mod queries;
mod readings;
mod scenarios;
mod sending;
mod session;
mod sizes;
mod snapshots;
mod spf_evaluate;
mod spf_fixes;
mod spf_properties;
mod spf_rfc;
mod spf_survey;
mod views;
mod visible;
mod what_if;
mod words;
