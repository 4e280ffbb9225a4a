//! The targets of the MX records, one by one.

use std::net::IpAddr;

use super::{about, info, record};
use crate::{
    change::{Fix, Safety},
    check::{Arg, Code, Cx, Finding, Findings, Level},
    dns::{Name, Rtype, is_public},
    facts::Step,
    view::{
        addresses::{Addresses, addresses},
        mx::{self, Form, MxTarget, Targets},
    },
};

/// Looks at every target.
pub(super) fn check_all(
    cx: &Cx<'_>,
    findings: &mut Findings,
    domain: &Name,
    records: &[(u16, Name)],
) -> Step<()> {
    let targets = mx::targets(cx, records)?;
    // What was not looked at may work.
    if targets.cut {
        let finding = Finding::new(Code::Mx230, domain).arg("domain", domain).arg("n", targets.hosts.len());
        cx.found(findings, finding);
    }
    let hosts = &targets.hosts;
    let others_work = |but: &MxTarget| {
        targets.cut || hosts.iter().any(|one| one.host != but.host && (one.works() || one.is_unknown()))
    };
    for (index, target) in hosts.iter().enumerate() {
        if hosts[..index].iter().any(|told| told.host == target.host) {
            continue;
        }
        cx.section(|| {
            cx.cite(&mx::query(domain));
            let one = MxHostCheck::new(cx, domain, target, others_work(target));
            one.check(findings)
        })?;
    }
    summary(cx, findings, domain, &targets);
    Ok(())
}

/// A fault stops mail if no other target works, and is worth mending otherwise.
pub(in crate::check) fn rated(finding: Finding, others_work: bool) -> Finding {
    if others_work {
        finding.rated(Level::Improve, 25).arg("effect", Arg::key("mx.effect.some"))
    } else {
        finding.arg("effect", Arg::key("mx.effect.all"))
    }
}

/// One target, and the record that names it.
struct MxHostCheck<'a> {
    cx: &'a Cx<'a>,
    domain: &'a Name,
    target: &'a MxTarget,
    others_work: bool,
    /// The record as it is written.
    text: String,
}

impl<'a> MxHostCheck<'a> {
    fn new(cx: &'a Cx<'a>, domain: &'a Name, target: &'a MxTarget, others_work: bool) -> Self {
        let text = record(target.preference, &target.host);
        Self { cx, domain, target, others_work, text }
    }

    fn check(&self, findings: &mut Findings) -> Step<()> {
        let (cx, found) = (self.cx, &self.target.addresses);
        if let Some(form) = self.target.form {
            let fault = self.of_form(form)?;
            cx.found(findings, rated(fault, self.others_work));
            return Ok(());
        }
        addresses(cx, &self.target.host)?;
        if let Some(failure) = found.unknown() {
            cx.found(findings, about(Code::Mx140, &self.target.host).because(failure));
        } else if found.all.is_empty() {
            let fault = self.nowhere()?;
            cx.found(findings, rated(fault, self.others_work));
        } else {
            self.led(findings);
        }
        Ok(())
    }

    /// A finding with the host marked in the record.
    fn finding(&self, code: Code) -> Finding {
        let host = &self.target.host;
        let span = self.text.len() - host.to_string().len()..self.text.len();
        about(code, host).label(self.domain, Rtype::Mx, self.text.clone(), span)
    }

    /// The same record with another host.
    fn replace(&self, by: &Name, safety: Safety) -> Fix {
        Fix::at(self.domain, Rtype::Mx, safety)
            .removing([self.text.as_str()])
            .publishing([record(self.target.preference, by)])
    }

    /// `fault` with the host that was meant in its place, if that one leads somewhere.
    fn meant(&self, fault: Finding, meant: &Name) -> Step<Finding> {
        let leads = addresses(self.cx, meant)?.public().next().is_some();
        Ok(if leads { fault.fix(self.replace(meant, Safety::Safe)) } else { fault })
    }

    /// What is wrong by the form alone.
    fn of_form(&self, form: Form) -> Step<Finding> {
        match form {
            Form::Literal(ip) => {
                let fault = self.finding(Code::Mx100).arg("ip", ip);
                Ok(match self.domain.under("mail") {
                    Ok(name) => fault.arg("name", &name).fix(self.replace(&name, Safety::Decide)),
                    Err(_) => fault.arg("name", self.domain),
                })
            }
            Form::SingleLabel => {
                let fault = self.finding(Code::Mx110);
                match self.domain.under(self.target.host.as_str()) {
                    Ok(meant) => self.meant(fault, &meant),
                    Err(_) => Ok(fault),
                }
            }
        }
    }

    /// It has no address.
    fn nowhere(&self) -> Step<Finding> {
        match doubled(self.domain, &self.target.host) {
            Some(meant) => self.meant(self.finding(Code::Mx120).arg("meant", &meant), &meant),
            None if self.target.addresses.nothing => Ok(self.finding(Code::Mx090)),
            None => Ok(self.finding(Code::Mx080)),
        }
    }

    /// It has addresses.
    fn led(&self, findings: &mut Findings) {
        let (cx, target, found) = (self.cx, self.target, &self.target.addresses);
        let private: Vec<IpAddr> = found.all.iter().copied().filter(|&ip| !is_public(ip)).collect();
        if !private.is_empty() {
            let fault = self.finding(Code::Mx130).arg("ips", Arg::list(private));
            cx.found(findings, rated(fault, self.others_work || target.works()));
        }
        if target.proxied {
            cx.found(findings, self.finding(Code::Mx270).arg("ips", Arg::list(found.public())));
        }
        if let Some(canonical) = &found.alias_of {
            let fault = self.finding(Code::Mx070).arg("canonical", canonical);
            cx.found(findings, fault.fix(self.replace(canonical, Safety::Safe)));
        }
        if !target.host.is_host_name() {
            cx.found(findings, self.finding(Code::Mx210));
        }
    }
}

/// The host that was meant where the domain stands twice at the end: `mx.example.org.example.org`, the mark of a
/// target typed without its final dot into a form that adds the domain (RFC 1035 section 5.1, relative names).
fn doubled(domain: &Name, host: &Name) -> Option<Name> {
    let short = Name::parse(host.in_front_of(domain.as_str())?).ok()?;
    short.is_within(domain).then_some(short)
}

/// What can be said of all targets together, or of those that were looked at.
fn summary(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, targets: &Targets) {
    let Targets { hosts: targets, cut } = targets;
    let mut working: Vec<&MxTarget> = Vec::new();
    for target in targets.iter().filter(|target| target.works() && !target.proxied) {
        if working.iter().all(|known| known.host != target.host) {
            working.push(target);
        }
    }
    if working.is_empty() {
        return;
    }
    let names = || working.iter().map(|target| &target.host).collect::<Vec<_>>();
    if targets.iter().all(|target| target.works() && !target.proxied) {
        info(cx, findings, Code::Mx200, domain, names());
    }
    let mut shared: Vec<&Name> = Vec::new();
    for target in &working {
        if working.iter().any(|other| other.host != target.host && other.preference == target.preference) {
            shared.push(&target.host);
        }
    }
    if !shared.is_empty() {
        info(cx, findings, Code::Mx160, domain, shared);
    }
    let with = |v6: bool| working.iter().any(|target| target.addresses.public().any(|ip| ip.is_ipv6() == v6));
    let sure =
        |failed: fn(&Addresses) -> bool| !cut && targets.iter().all(|target| !failed(&target.addresses));
    if !with(false) {
        if sure(|found| found.failed_v4.is_some()) {
            info(cx, findings, Code::Mx190, domain, names());
        }
    } else if with(true) {
        let v6 = working.iter().filter(|target| target.addresses.public().any(|ip| ip.is_ipv6()));
        info(cx, findings, Code::Mx170, domain, v6.map(|target| &target.host).collect());
    } else if sure(|found| found.failed_v6.is_some()) {
        info(cx, findings, Code::Mx180, domain, names());
    }
}
