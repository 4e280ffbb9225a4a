//! The servers of the local DNS and their configuration.

use std::fs;
use std::path::Path;

use super::Ports;
use super::daemon::{Daemon, Ready, User};
use crate::sh::{Result, Shell};

/// Starts every server, those that others ask first.
pub fn start(sh: &Shell, source: &Path, dir: &Path, ports: &Ports) -> Result<Vec<Daemon>> {
    certificate(sh, dir)?;
    let mut nsd = nsd(sh, source, dir, ports)?;
    let mut rbldnsd = rbldnsd(sh, source, ports)?;
    let mut unbound = unbound(sh, source, dir, ports)?;
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

fn nsd(sh: &Shell, source: &Path, dir: &Path, ports: &Ports) -> Result<Daemon> {
    let mut config = template(source, "nsd.conf", dir, ports)?;
    let zones = source.join("zones");
    let mut files: Vec<_> =
        fs::read_dir(&zones)?.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    files.sort();
    for file in files {
        let Some(name) = file.strip_suffix(".zone") else {
            continue;
        };
        let name = if name == "root" { "." } else { name };
        config.push_str(&format!(
            "zone:\n  name: \"{name}\"\n  zonefile: \"{}\"\n",
            zones.join(&file).display()
        ));
    }
    let file = dir.join("nsd.conf");
    fs::write(&file, config)?;
    Daemon::spawn(sh, "nsd", dir, User::Ours, |nsd| {
        // Zone files include others by name.
        nsd.arg("-d").arg("-c").arg(file).current_dir(&zones);
    })
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

fn unbound(sh: &Shell, source: &Path, dir: &Path, ports: &Ports) -> Result<Daemon> {
    let file = dir.join("unbound.conf");
    fs::write(&file, template(source, "unbound.conf", dir, ports)?)?;
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
    let text = text.replace("@DIR@", &dir.display().to_string());
    Ok(ports.iter().fold(text, |text, (mark, port)| text.replace(mark, &port.to_string())))
}
