//! Runs a published suite of SPF cases, given as JSON on standard input, and names the cases that differ.
//!
//! The input is a list of `{"tests": {name: {"host", "helo", "mailfrom", "result", "explanation"}}, "zonedata":
//! {name: [record, ...]}}`. The OpenSPF suite for RFC 7208 is YAML of this form; one line makes JSON of it:
//!
//! ```text
//! python3 -c 'import json,sys,yaml; json.dump(list(yaml.safe_load_all(sys.stdin)), sys.stdout)' \
//!     < rfc7208-tests.yml | cargo run --package mail-triage-engine --example spf-suite
//! ```
//!
//! `result` may be a list, the preferred one first. As that suite asks of its drivers, SPF records (type 99) stand for
//! TXT records where a name has none, `"TXT": "NONE"` says that it shall have none, and the explanation `DEFAULT`
//! means that the domain gave none.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a tool for developers stops at what it cannot read"
)]

use std::{collections::BTreeMap, io, net::IpAddr, process::ExitCode};

use mail_triage_engine::spf::{check_zone, suite};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Part {
    tests: BTreeMap<String, Case>,
    zonedata: BTreeMap<String, Vec<Value>>,
}

#[derive(Deserialize)]
struct Case {
    host: IpAddr,
    helo: String,
    mailfrom: String,
    result: Value,
    explanation: Option<String>,
}

fn main() -> ExitCode {
    let parts: Vec<Option<Part>> = serde_json::from_reader(io::stdin()).unwrap();
    let (mut cases, mut wrong, mut second_choice) = (0, 0, 0);
    for part in parts.into_iter().flatten() {
        let zone =
            suite::zone(&part.zonedata.iter().map(|(name, items)| (name.clone(), items_of(items))).collect());
        for (name, case) in &part.tests {
            let found = check_zone(&zone, case.host, &case.mailfrom, &case.helo);
            let result = found.result.as_str();
            let wanted: Vec<&str> = match &case.result {
                Value::Array(results) => results.iter().filter_map(Value::as_str).collect(),
                result => result.as_str().into_iter().collect(),
            };
            let explanation = found.explanation.as_deref().unwrap_or("DEFAULT");
            let explained = case.explanation.as_deref().is_none_or(|wanted| wanted == explanation);
            cases += 1;
            second_choice += usize::from(wanted.contains(&result) && wanted[0] != result);
            if !wanted.contains(&result) || !explained {
                wrong += 1;
                println!("{name}: {result} {explanation:?} instead of {wanted:?} {:?}", case.explanation);
            }
        }
    }
    println!("{} of {cases} cases as wanted, {second_choice} of them by second choice", cases - wrong);
    ExitCode::from(u8::from(wrong > 0))
}

fn items_of(items: &[Value]) -> Vec<suite::Item> {
    let has_txt = items.iter().any(|item| item.get("TXT").is_some());
    let mut read = Vec::new();
    for item in items.iter().filter(|item| item.get("TXT") != Some(&Value::from("NONE"))) {
        read.push(serde_json::from_value(item.clone()).unwrap());
        if let (Some(text), false) = (item.get("SPF"), has_txt) {
            read.push(serde_json::from_value(serde_json::json!({ "TXT": text })).unwrap());
        }
    }
    read
}
