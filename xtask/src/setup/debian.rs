//! System packages, on Debian and Ubuntu only.

use std::path::Path;

use super::{Found, Missing};
use crate::sh::{Result, Shell, run};

/// What [`install`] would install: nothing where it could not.
pub fn planned(sh: &Shell, what: &str, packages: &[&str]) -> Option<Missing> {
    way(sh).ok().map(|_| missing(what, packages))
}

fn missing(what: &str, packages: &[&str]) -> Missing {
    Missing::new(format!("{what} missing"), format!("sudo apt-get install {}", packages.join(" ")))
}

/// What makes apt-get run as root, or why it cannot.
fn way(sh: &Shell) -> std::result::Result<&'static str, &'static str> {
    if !Path::new("/etc/debian_version").exists() || sh.find(&["apt-get"]).is_none() {
        return Err("installed by itself on Debian and Ubuntu only");
    }
    sudo(sh).ok_or("installing needs root")
}

/// Installs packages with apt-get, where that is there and allowed without a question of its own.
pub fn install(sh: &Shell, what: &str, packages: &[&str]) -> Result<Found> {
    let missing = missing(what, packages);
    let sudo = match way(sh) {
        Ok(sudo) => sudo,
        Err(why) => return Ok(Found::Missing(missing.because(why))),
    };
    if let Err(refused) = sh.may_install(&missing) {
        return Ok(Found::Missing(refused));
    }
    let list = packages.join(" ");
    println!("Installing {what} with apt-get (a minute or two): {list}");
    let apt = |line: &str| {
        // sudo passes no environment on.
        run(&mut sh.line(&format!("{sudo}env DEBIAN_FRONTEND=noninteractive apt-get -qq {line}")))
    };
    let install = format!("install -y --no-install-recommends {list}");
    if apt(&install).is_err() {
        // The usual reason is a package list that is empty or old. Where only some lists can be renewed,
        // the second try decides.
        apt("update").ok();
        if apt(&install).is_err() {
            return Ok(Found::Missing(missing.because("apt-get could not install it")));
        }
    }
    Ok(Found::Ready(()))
}

/// What `find` finds, if need be once the packages are installed.
pub fn find_or_install<T>(
    sh: &Shell,
    (what, packages): (&str, &[&str]),
    find: impl Fn(&Shell) -> Option<T>,
) -> Result<Found<T>> {
    if let Some(found) = find(sh) {
        return Ok(Found::Ready(found));
    }
    Ok(match install(sh, what, packages)? {
        Found::Missing(missing) => Found::Missing(missing),
        Found::Ready(()) => {
            Found::Ready(find(sh).ok_or_else(|| format!("{what}: installed, but not found"))?)
        }
    })
}

/// Whether this is Ubuntu, whose packages of browsers are empty and point to the snap store.
pub fn is_ubuntu() -> bool {
    std::fs::read_to_string("/etc/os-release").is_ok_and(|text| says_ubuntu(&text))
}

fn says_ubuntu(os_release: &str) -> bool {
    os_release.lines().any(|line| matches!(line.strip_prefix("ID="), Some("ubuntu" | "\"ubuntu\"")))
}

/// Stops services that Debian started on installing; we start our own copies on loopback.
pub fn stop_services(sh: &Shell, services: &[&str]) {
    if !Path::new("/run/systemd/system").exists() {
        return;
    }
    let Some(sudo) = sudo(sh) else { return };
    for service in services {
        // A service that never started is what we want.
        run(&mut sh.line(&format!("{sudo}systemctl disable --now {service}"))).ok();
    }
}

/// What makes a command run as root without a question, if anything does.
fn sudo(sh: &Shell) -> Option<&'static str> {
    if sh.is_root() { Some("") } else { sh.output("sudo -n true").map(|_| "sudo -n ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ubuntu_is_told_from_what_was_made_of_it() {
        assert!(says_ubuntu("NAME=\"Ubuntu\"\nID=ubuntu\nID_LIKE=debian\n"));
        assert!(!says_ubuntu("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!says_ubuntu("ID=debian\n"));
    }
}
