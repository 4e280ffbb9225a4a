//! The servers of the local DNS and their configuration.

use std::fs;
use std::path::{Path, PathBuf};

use super::Ports;
use super::daemon::{Daemon, Ready, User};
use super::signed::{self, Signed};
use crate::sh::{Result, Shell};

/// Starts every server, those that others ask first.
pub fn start(sh: &Shell, source: &Path, dir: &Path, ports: &Ports) -> Result<Vec<Daemon>> {
    certificate(sh, dir)?;
    let signed = signed::sign(sh, source, dir)?;
    let mut nsd = nsd(sh, source, dir, ports, &signed)?;
    let mut rbldnsd = rbldnsd(sh, source, ports)?;
    let mut unbound = unbound(sh, source, dir, ports, &signed)?;
    let mut dnsdist = dnsdist(sh, source, dir, ports)?;
    nsd.wait(&Ready::Dns(ports.nsd))?;
    rbldnsd.wait(&Ready::Dns(ports.rbldnsd))?;
    unbound.wait(&Ready::Dns(ports.unbound))?;
    for port in [ports.doh, ports.doh_tls, ports.doh_slow] {
        dnsdist.wait(&Ready::Tcp(port))?;
    }
    Ok(vec![nsd, rbldnsd, unbound, dnsdist])
}

/// A certificate that nobody else trusts, made anew where there is none.
fn certificate(sh: &Shell, dir: &Path) -> Result {
    if dir.join("cert.pem").exists() {
        return Ok(());
    }
    let status = sh
        .line("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes")
        .args(["-days", "30", "-subj", "/CN=local DNS of the tests"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"])
        .args(["-keyout", "key.pem", "-out", "cert.pem"])
        .current_dir(dir)
        .stderr(fs::File::create(dir.join("openssl.log"))?)
        .status()?;
    match status.success() {
        true => Ok(()),
        false => Err("openssl made no certificate".into()),
    }
}

fn nsd(sh: &Shell, source: &Path, dir: &Path, ports: &Ports, signed: &Signed) -> Result<Daemon> {
    let mut config = template(source, "nsd.conf", dir, ports)?;
    let zones = source.join("zones");
    for kind in ["tops", "domains", "providers", "reverse", "lists"] {
        for (name, file) in zone_files(&zones.join(kind))? {
            if signed.zones.iter().all(|(other, _)| *other != name) {
                config.push_str(&zone_clause(&name, &file));
            }
        }
    }
    for (name, file) in &signed.zones {
        config.push_str(&zone_clause(name, file));
    }
    let file = dir.join("nsd.conf");
    fs::write(&file, config)?;
    Daemon::spawn(sh, "nsd", dir, User::Ours, |nsd| {
        nsd.arg("-d").arg("-c").arg(file);
    })
}

fn zone_clause(name: &str, file: &Path) -> String {
    let name = if name == "root" { "." } else { name };
    format!("zone:\n  name: \"{name}\"\n  zonefile: \"{}\"\n", file.display())
}

fn rbldnsd(sh: &Shell, source: &Path, ports: &Ports) -> Result<Daemon> {
    // It refuses to run as root, and another user may not be able to read the checkout.
    let dir = std::env::temp_dir().join(format!("mail-triage-rbl-{}", ports.rbldnsd));
    fs::create_dir_all(&dir)?;
    for entry in fs::read_dir(source.join("rbl"))?.flatten() {
        fs::copy(entry.path(), dir.join(entry.file_name()))?;
    }
    let list = fs::read_to_string(dir.join("zones.txt"))?;
    let zones = list.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Daemon::spawn(sh, "rbldnsd", &dir, User::NotRoot, |rbldnsd| {
        rbldnsd
            .args(["-n", "-q", "-t", "300", "-c", "0", "-w"])
            .arg(&dir)
            .arg("-b")
            .arg(format!("127.0.0.1/{}", ports.rbldnsd))
            .args(zones);
    })
}

fn unbound(sh: &Shell, source: &Path, dir: &Path, ports: &Ports, signed: &Signed) -> Result<Daemon> {
    let mut config = template(source, "unbound.conf", dir, ports)?;
    config.push_str(&format!("server:\n  trust-anchor-file: \"{}\"\n", signed.key.display()));
    let file = dir.join("unbound.conf");
    fs::write(&file, config)?;
    Daemon::spawn(sh, "unbound", dir, User::Ours, |unbound| {
        unbound.args(["-d", "-p", "-c"]).arg(file);
    })
}

fn dnsdist(sh: &Shell, source: &Path, dir: &Path, ports: &Ports) -> Result<Daemon> {
    let file = dir.join("dnsdist.lua");
    fs::write(&file, template(source, "dnsdist.lua", dir, ports)?)?;
    Daemon::spawn(sh, "dnsdist", dir, User::Ours, |dnsdist| {
        dnsdist.args(["--supervised", "--disable-syslog", "-C"]).arg(file);
    })
}

/// A configuration with the ports and the directory filled in.
fn template(source: &Path, name: &str, dir: &Path, ports: &Ports) -> Result<String> {
    let text = fs::read_to_string(source.join(name))?;
    let ports = [
        ("@DOH@", ports.doh),
        ("@DOH_TLS@", ports.doh_tls),
        ("@DOH_SLOW@", ports.doh_slow),
        ("@LATE@", ports.late),
        ("@UNBOUND@", ports.unbound),
        ("@NSD@", ports.nsd),
        ("@RBLDNSD@", ports.rbldnsd),
    ];
    let text =
        text.replace("@DIR@", &dir.display().to_string()).replace("@SOURCE@", &source.display().to_string());
    Ok(ports.iter().fold(text, |text, (mark, port)| text.replace(mark, &port.to_string())))
}

/// The zones of a directory, by name, with their files.
pub fn zone_files(dir: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut zones = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let file = path.file_name().and_then(|name| name.to_str());
        if let Some(name) = file.and_then(|file| file.strip_suffix(".zone")) {
            zones.push((name.to_owned(), path.clone()));
        }
    }
    zones.sort();
    Ok(zones)
}
