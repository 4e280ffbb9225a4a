//! Firefox, for what another engine draws in its own way.

use std::path::PathBuf;

use super::{Found, Missing, debian};
use crate::sh::{Result, Shell};

const FIREFOX: (&str, &[&str]) = ("Firefox", &["firefox-esr"]);

/// Finds or installs Firefox.
pub fn firefox(sh: &Shell) -> Result<Found<PathBuf>> {
    if debian::is_ubuntu() && find(sh).is_none() {
        return Ok(Found::Missing(Missing {
            reason: "Firefox missing (Ubuntu has no package of it)".to_owned(),
            command: "sudo snap install firefox".to_owned(),
        }));
    }
    debian::find_or_install(sh, FIREFOX, find)
}

/// Firefox, where it will be installed.
pub fn missing(sh: &Shell) -> Option<Missing> {
    if debian::is_ubuntu() || find(sh).is_some() { None } else { debian::planned(sh, FIREFOX.0, FIREFOX.1) }
}

fn find(sh: &Shell) -> Option<PathBuf> {
    sh.find(&["firefox-esr", "firefox"])
}
