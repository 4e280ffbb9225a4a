//! The DNS servers of the local DNS.

use super::{Found, Missing, debian};
use crate::sh::{Result, Shell};

const WHAT: &str = "DNS servers";

/// Program, package, and whether Debian starts it as a service.
type Server = (&'static str, &'static str, bool);

const SERVERS: [Server; 6] = [
    ("nsd", "nsd", true),
    ("rbldnsd", "rbldnsd", true),
    ("dnsdist", "dnsdist", true),
    ("unbound", "unbound", true),
    ("ldns-signzone", "ldnsutils", false),
    ("openssl", "openssl", false),
];

/// Those that will be installed.
pub fn missing(sh: &Shell) -> Option<Missing> {
    let absent = absent(sh);
    if absent.is_empty() { None } else { debian::planned(sh, WHAT, &packages(&absent)) }
}

fn absent(sh: &Shell) -> Vec<Server> {
    SERVERS.into_iter().filter(|(program, ..)| sh.find(&[program]).is_none()).collect()
}

fn packages(servers: &[Server]) -> Vec<&'static str> {
    servers.iter().map(|(_, package, _)| *package).collect()
}

/// Finds or installs them.
pub fn dns_servers(sh: &Shell) -> Result<Found> {
    let absent = absent(sh);
    if absent.is_empty() {
        return Ok(Found::Ready(()));
    }
    let found = debian::install(sh, WHAT, &packages(&absent))?;
    if matches!(found, Found::Ready(())) {
        let services: Vec<&str> =
            absent.iter().filter(|(.., service)| *service).map(|(program, ..)| *program).collect();
        debian::stop_services(sh, &services);
    }
    Ok(found)
}
