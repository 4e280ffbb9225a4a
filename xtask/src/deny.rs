//! The part `deny`: known faults, licences, sources and duplicates of every dependency, by `deny.toml`.

use crate::part::Outcome;
use crate::setup::{self, Missing};
use crate::sh::{Result, Shell, run};

/// The tests that bring other implementations are a package of their own. What is compared is as it is: known faults of it
/// and second versions below it concern nobody else.
const COMPARED: &str =
    "cargo deny --manifest-path tests/differential/Cargo.toml --locked check bans licenses sources";
const CHECK: &str = "cargo deny --workspace --locked --offline check --deny unmatched-skip";

/// Checks the dependencies. The database of known faults (advisories) lies on a host that cannot be reached everywhere:
/// without it the rest is checked, and the part is named among what was skipped.
pub fn check(sh: &Shell) -> Result<Outcome> {
    setup::cargo_deny(sh)?;
    run(&mut sh.line(COMPARED))?;
    let fetched = run(&mut sh.line("cargo deny --workspace fetch db"));
    if fetched.is_ok() {
        run(&mut sh.line(CHECK))?;
        return Ok(Outcome::Done);
    }
    run(&mut sh.line(&format!("{CHECK} bans licenses sources")))?;
    Ok(Outcome::Skipped(Missing {
        reason: "known faults of dependencies NOT looked up: the database of advisories cannot be fetched \
                 (bans, licences and sources were checked and are in order)"
            .to_owned(),
        command: "cargo xtask test deny, where github.com can be reached".to_owned(),
    }))
}
