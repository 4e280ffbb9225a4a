//! The data files as the page reads them: the browser parses the text, the values are walked by hand. Must give the
//! same as serde_json, by which the native tests read them.

use std::fmt::Debug;

use serde::de::DeserializeOwned;
use wasm_bindgen_test::wasm_bindgen_test;

use mail_triage_browser::data::parse;
use mail_triage_engine::knowledge::{Blocklists, DnsHosts, Providers, Read, Resolvers, Selectors};

fn same_both_ways<T: DeserializeOwned + Read + Debug>(text: &str) {
    let native: T = serde_json::from_str(text).unwrap();
    let browser = T::read(&parse(text).unwrap());
    assert_eq!(format!("{native:?}"), format!("{browser:?}"));
}

#[wasm_bindgen_test]
fn blocklists() {
    same_both_ways::<Blocklists>(include_str!("../../www/data/blocklists.json"));
}

#[wasm_bindgen_test]
fn providers() {
    same_both_ways::<Providers>(include_str!("../../www/data/providers.json"));
}

#[wasm_bindgen_test]
fn resolvers() {
    same_both_ways::<Resolvers>(include_str!("../../www/data/resolvers.json"));
}

#[wasm_bindgen_test]
fn selectors() {
    same_both_ways::<Selectors>(include_str!("../../www/data/selectors.json"));
}

#[wasm_bindgen_test]
fn dns_hosts() {
    same_both_ways::<DnsHosts>(include_str!("../../www/data/dns-hosts.json"));
}
