//! Zones with DNSSEC, signed anew with keys of their own at every start.

use std::fs;
use std::path::{Path, PathBuf};

use super::servers::zone_files;
use crate::sh::{Result, Shell};

/// A signed zone.
pub struct Signed {
    /// Its name.
    pub name: String,
    /// The zone file that nsd serves.
    pub file: PathBuf,
    /// The key that unbound trusts.
    pub key: PathBuf,
}

/// Signs every zone of `zones/signed`; one whose name starts with `expired` gets old signatures.
pub fn sign(sh: &Shell, source: &Path, dir: &Path) -> Result<Vec<Signed>> {
    let mut signed = Vec::new();
    for (name, file) in zone_files(&source.join("zones/signed"))? {
        fs::copy(file, dir.join(format!("{name}.zone")))?;
        let run = |line: &str| {
            sh.line(line).current_dir(dir).output().ok().filter(|output| output.status.success())
        };
        let key = run(&format!("ldns-keygen -r /dev/urandom -a ECDSAP256SHA256 {name}"))
            .ok_or("ldns-keygen made no key")?;
        let key = String::from_utf8_lossy(&key.stdout).trim().to_owned();
        let times = if name.starts_with("expired") { "-i 20200101 -e 20200201" } else { "" };
        run(&format!("ldns-signzone {times} -o {name} {name}.zone {key}"))
            .ok_or_else(|| format!("ldns-signzone cannot sign {name}"))?;
        signed.push(Signed {
            file: dir.join(format!("{name}.zone.signed")),
            key: dir.join(format!("{key}.key")),
            name,
        });
    }
    Ok(signed)
}
