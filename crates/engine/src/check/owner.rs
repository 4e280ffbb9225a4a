//! Whose is the address that sends?
//!
//! Objective: an entry on a list, a missing name and a closed port 25 are mended by whoever owns the address, so that one
//! is named, with the network and the address that takes complaints. Input: [`owner`] of each sending address.
//!
//! Nobody can do anything about these services, and nothing rests on them but the message to the owner: what they do not
//! answer is "not known", and leaves nothing open in the headline.

use super::{Arg, Code, Cx, Finding, Findings};
use crate::{
    facts::Step,
    view::owner::{self, AddressOwner},
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let ips = owner::addresses(cx)?;
    let steps: Vec<Step<()>> = ips
        .into_iter()
        .map(|ip| {
            cx.section(|| {
                let owner = owner::owner(cx, ip)?;
                cx.found(findings, finding(&owner));
                Ok(())
            })
        })
        .collect();
    steps.into_iter().collect()
}

fn finding(owner: &AddressOwner) -> Finding {
    let ip = owner.ip;
    if !owner.is_known() {
        return Finding::new(Code::Net020, ip).arg("ip", ip);
    }
    let known = |value: Option<String>| value.map_or_else(|| Arg::key("owner.unknown"), Arg::from);
    Finding::new(Code::Net010, ip)
        .arg("ip", ip)
        .arg("network", known(owner.network.clone()))
        .arg("number", known(owner.number.map(|number| format!("AS{number}"))))
        .arg("name", known(owner.name.clone()))
        .arg("country", known(owner.country.clone()))
        .arg("abuse", known(owner.abuse.clone()))
}
