//! The DNS servers of the local DNS.

use super::{Found, debian};
use crate::sh::{Result, Shell};

/// Program, package, and whether Debian starts it as a service.
const SERVERS: [(&str, &str, bool); 6] = [
    ("nsd", "nsd", true),
    ("rbldnsd", "rbldnsd", true),
    ("dnsdist", "dnsdist", true),
    ("unbound", "unbound", true),
    ("ldns-signzone", "ldnsutils", false),
    ("openssl", "openssl", false),
];

/// Finds or installs them.
pub fn dns_servers(sh: &Shell) -> Result<Found> {
    let absent: Vec<_> = SERVERS.iter().filter(|(program, ..)| sh.find(&[program]).is_none()).collect();
    if absent.is_empty() {
        return Ok(Found::Ready(()));
    }
    let packages: Vec<&str> = absent.iter().map(|(_, package, _)| *package).collect();
    let found = debian::install(sh, "DNS servers", &packages)?;
    if matches!(found, Found::Ready(())) {
        let services: Vec<&str> =
            absent.iter().filter(|(.., service)| *service).map(|(program, ..)| *program).collect();
        debian::stop_services(sh, &services);
    }
    Ok(found)
}
