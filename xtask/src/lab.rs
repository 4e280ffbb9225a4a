//! The local DNS: real DNS servers on loopback, so that everything can be tried without internet.
//!
//! ```text
//! page --DoH--> dnsdist --+--> unbound (recursion, DNSSEC) --> nsd (the zones)
//!                         +--> rbldnsd (the blocklists)
//! ```
//!
//! The zones are in `tests/lab`. Everything stops with the command that started it.

mod daemon;
mod ports;
mod servers;
mod signed;

use std::fs;
use std::path::PathBuf;

use crate::args::Args;
use crate::setup;
use crate::sh::{Result, Shell};

use daemon::Daemon;
use ports::Ports;

/// The running local DNS; dropping it stops the servers.
pub struct Lab {
    ports: Ports,
    /// Where the servers keep their files, and their certificate.
    dir: PathBuf,
    // Stopped in this order: the front first.
    _daemons: Vec<Daemon>,
}

/// `cargo xtask lab`: runs until stopped.
pub fn run(sh: &Shell, args: &[String]) -> Result {
    Args::new(args).finish()?;
    let lab = Lab::start(sh)?;
    lab.describe();
    println!("Stop with Ctrl-C.");
    loop {
        std::thread::park();
    }
}

impl Lab {
    /// Starts all servers and waits until each one answers.
    pub fn start(sh: &Shell) -> Result<Self> {
        setup::dns_servers(sh)?.required()?;
        let ports = Ports::free()?;
        // One directory a set of ports: two checkouts may run at the same time.
        let dir = sh.target().join(format!("lab-{}", ports.doh));
        if dir.exists() {
            // Keys and logs of an earlier run.
            fs::remove_dir_all(&dir)?;
        }
        fs::create_dir_all(&dir)?;
        let source = sh.root().join("tests/lab");
        let mut daemons = servers::start(sh, &source, &dir, &ports)?;
        daemons.reverse();
        Ok(Self { ports, dir, _daemons: daemons })
    }

    /// Address of the plain DoH front.
    pub fn doh_url(&self) -> String {
        format!("http://127.0.0.1:{}/dns-query", self.ports.doh)
    }

    /// Says what runs where.
    pub fn describe(&self) {
        let Ports { nsd, rbldnsd, unbound, doh_tls, doh_slow, .. } = self.ports;
        println!("The local DNS runs, on 127.0.0.1 only:");
        println!("  {}  DNS over HTTPS, without the S", self.doh_url());
        println!("  https://127.0.0.1:{doh_tls}/dns-query  the same over HTTP/2, own certificate");
        println!("  https://127.0.0.1:{doh_slow}/dns-query  the same, each answer 50 ms late");
        println!("  behind it: unbound on port {unbound}, nsd on {nsd}, rbldnsd on {rbldnsd}");
    }

    /// The environment that tells the e2e tests where everything is.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let Ports { doh_tls, doh_slow, .. } = self.ports;
        vec![
            ("LAB_DOH", self.doh_url()),
            ("LAB_DOH_TLS", format!("https://127.0.0.1:{doh_tls}/dns-query")),
            ("LAB_DOH_SLOW", format!("https://127.0.0.1:{doh_slow}/dns-query")),
            ("LAB_DIR", self.dir.display().to_string()),
        ]
    }
}
