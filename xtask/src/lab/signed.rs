//! Zones with DNSSEC, signed anew with keys of their own at every start, below a top-level domain that vouches for them.
//!
//! What is the matter with a signed zone stands in a line of its file:
//!
//! | line | what becomes of it |
//! |---|---|
//! | `; signatures: expired` | they were valid once |
//! | `; signatures: broken` | none of them fits, but for that over the key |
//! | `; signatures: broken at TLSA` | those of one type do not fit |
//! | `; signatures: stripped` | the parent announces a key, the zone is served without signatures |
//! | `; signatures: announced by SHA-1` | they hold, and the parent announces the key by a withdrawn digest |
//! | `; signatures: not announced` | the zone is signed, the parent does not say so |

use std::fs;
use std::path::{Path, PathBuf};

use super::servers::zone_files;
use crate::sh::{Result, Shell};

/// The top-level domain that vouches for the signed zones below it. Resolvers trust its key.
const PARENT: &str = "example";

/// The signed part of the local DNS.
pub struct Signed {
    /// Zones by name, with the file that nsd serves; the top-level domain is one of them.
    pub zones: Vec<(String, PathBuf)>,
    /// The key that unbound trusts.
    pub key: PathBuf,
}

/// Signs every zone of `zones/signed`, then the top-level domain with a delegation for every zone below it.
pub fn sign(sh: &Shell, source: &Path, dir: &Path) -> Result<Signed> {
    let signer = Signer { sh, dir };
    let folder = source.join("zones");
    let mut zones = Vec::new();
    let mut parent = fs::read_to_string(folder.join(format!("tops/{PARENT}.zone")))?;
    let mut delegate = |name: &str| {
        parent.push_str(&format!("{name}. NS ns1.dns-host.test.\n{name}. NS ns2.dns-host.test.\n"));
    };
    for (name, _) in zone_files(&folder.join("domains"))? {
        if name.strip_suffix(PARENT).is_some_and(|rest| rest.ends_with('.')) {
            delegate(&name);
        }
    }
    let mut announced = String::new();
    for (name, file) in zone_files(&folder.join("signed"))? {
        delegate(&name);
        let text = fs::read_to_string(&file)?;
        let matter = text.lines().find_map(|line| line.strip_prefix("; signatures: ")).unwrap_or("well");
        let key = signer.sign(&name, &text, matter == "expired")?;
        if matter != "not announced" {
            let digest = if matter == "announced by SHA-1" { "-1" } else { "-2" };
            announced.push_str(&signer.tool(&format!("ldns-key2ds -f -n {digest} {key}.key"))?);
        }
        let signed = dir.join(format!("{name}.zone.signed"));
        if let Some(types) = matter.strip_prefix("broken") {
            let broken = break_signatures(&fs::read_to_string(&signed)?, types.strip_prefix(" at "));
            fs::write(&signed, broken)?;
        }
        zones.push((name, if matter == "stripped" { file } else { signed }));
    }
    let key = signer.sign(PARENT, &(parent + &announced), false)?;
    zones.push((PARENT.to_owned(), dir.join(format!("{PARENT}.zone.signed"))));
    Ok(Signed { zones, key: dir.join(format!("{key}.key")) })
}

struct Signer<'a> {
    sh: &'a Shell,
    dir: &'a Path,
}

impl Signer<'_> {
    /// What a tool prints.
    fn tool(&self, line: &str) -> Result<String> {
        let output = self.sh.line(line).current_dir(self.dir).output()?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(format!("{line}: {}", String::from_utf8_lossy(&output.stderr)).into()),
        }
    }

    /// Signs a zone with a new key; the base name of the key's files.
    fn sign(&self, name: &str, text: &str, expired: bool) -> Result<String> {
        fs::write(self.dir.join(format!("{name}.zone")), text)?;
        let key = self.tool(&format!("ldns-keygen -r /dev/urandom -a ECDSAP256SHA256 {name}"))?;
        let key = key.trim().to_owned();
        let times = if expired { "-i 20200101 -e 20200201" } else { "" };
        self.tool(&format!("ldns-signzone {times} -o {name} {name}.zone {key}"))?;
        Ok(key)
    }
}

/// A signed zone with another first character in each signature over its records, or in those over one type.
fn break_signatures(zone: &str, of: Option<&str>) -> String {
    let line = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        // name ttl IN RRSIG type algorithm labels ttl expiration inception tag signer signature
        let [_, _, _, "RRSIG", over, .., signature] = fields.as_slice() else { return line.to_owned() };
        // Without its key the zone would be at fault for another reason.
        if of.map_or(*over == "DNSKEY", |of| of != *over) {
            return line.to_owned();
        }
        let first = if signature.starts_with('A') { 'B' } else { 'A' };
        line.replace(signature, &format!("{first}{}", signature.get(1..).unwrap_or_default()))
    };
    zone.lines().map(|text| line(text) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_signatures_meant_are_broken() {
        let zone = "a. 300 IN TXT \"RRSIG TXT x\"\n\
                    a. 300 IN RRSIG TXT 13 1 300 2 1 7 a. QUJD\n\
                    a. 300 IN RRSIG TLSA 13 1 300 2 1 7 a. ABCD\n\
                    a. 300 IN RRSIG DNSKEY 13 1 300 2 1 7 a. RUVF\n";
        let all = break_signatures(zone, None);
        assert!(all.contains("7 a. AUJD") && all.contains("7 a. BBCD") && all.contains("\"RRSIG TXT x\""));
        assert!(all.contains("7 a. RUVF"));
        let one = break_signatures(zone, Some("TLSA"));
        assert!(one.contains("7 a. QUJD") && one.contains("7 a. BBCD"));
    }
}
