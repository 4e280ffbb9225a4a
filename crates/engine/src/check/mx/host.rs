//! The targets of the MX records, one by one.

use std::net::IpAddr;

use super::{MAX_TARGETS, about, info, proxy, record};
use crate::{
    change::{Fix, Safety},
    check::{
        Arg, Code, Cx, Finding, Findings, Level,
        addresses::{Addresses, addresses, questions},
    },
    dns::{Name, Query, Rtype, is_public},
    facts::{Ask, Step},
};

/// What is wrong with a target by its form alone; it is then never looked up.
enum Form {
    /// An address where a name must stand (RFC 1035 section 3.3.9).
    Literal(IpAddr),
    /// A name of one label, such as `mail`.
    SingleLabel,
}

struct Target<'a> {
    preference: u16,
    host: &'a Name,
    form: Option<Form>,
    addresses: Addresses,
    /// Whether it is behind a proxy that passes on no mail, as far as can be told.
    proxied: bool,
}

impl Target<'_> {
    /// Whether mail can reach it, as far as addresses tell.
    fn works(&self) -> bool {
        self.form.is_none() && self.addresses.public().next().is_some()
    }

    fn is_unknown(&self) -> bool {
        self.form.is_none() && self.addresses.unknown().is_some()
    }
}

/// Looks at every target, all lookups at the same time.
pub(super) fn check_all(
    cx: &Cx<'_>,
    findings: &mut Findings,
    domain: &Name,
    records: &[(u16, Name)],
) -> Step<()> {
    let looked_at = &records[..records.len().min(MAX_TARGETS)];
    let queries: Vec<Query> = looked_at
        .iter()
        .filter(|(_, host)| form(host).is_none())
        .flat_map(|(_, host)| questions(host))
        .collect();
    cx.ask_all(&queries)?;
    let mut targets = Vec::new();
    for (preference, host) in looked_at {
        let form = form(host);
        let addresses = if form.is_none() { addresses(cx, host)? } else { Addresses::default() };
        let proxied = is_proxied(cx, host, &addresses);
        targets.push(Target { preference: *preference, host, form, addresses, proxied });
    }
    // What was not looked at may work.
    let cut = records.len() > looked_at.len();
    if cut {
        let finding = Finding::new(Code::Mx230, domain).arg("domain", domain).arg("n", looked_at.len());
        cx.found(findings, finding);
    }
    let others_work = |but: usize| {
        cut || targets.iter().enumerate().any(|(index, target)| {
            index != but && target.host != targets[but].host && (target.works() || target.is_unknown())
        })
    };
    let mut told: Vec<&Name> = Vec::new();
    for (index, target) in targets.iter().enumerate() {
        if !told.contains(&target.host) {
            told.push(target.host);
            cx.section(|| {
                cx.ask(&Query::new(domain.clone(), Rtype::Mx))?;
                check(cx, findings, domain, target, others_work(index))
            })?;
        }
    }
    summary(cx, findings, domain, &targets, cut);
    Ok(())
}

fn form(host: &Name) -> Option<Form> {
    if let Ok(ip) = host.as_str().parse() {
        Some(Form::Literal(ip))
    } else if host.labels().count() == 1 {
        Some(Form::SingleLabel)
    } else {
        None
    }
}

/// A fault stops mail if no other target works, and is worth mending otherwise.
pub(in crate::check) fn rated(finding: Finding, others_work: bool) -> Finding {
    if others_work {
        finding.rated(Level::Improve, 25).arg("effect", Arg::key("mx.effect.some"))
    } else {
        finding.arg("effect", Arg::key("mx.effect.all"))
    }
}

#[expect(clippy::too_many_lines, reason = "grown before there was a limit")]
fn check(
    cx: &Cx<'_>,
    findings: &mut Findings,
    domain: &Name,
    target: &Target<'_>,
    others_work: bool,
) -> Step<()> {
    let Target { preference, host, form, addresses: found, proxied } = target;
    let text = record(*preference, host);
    let span = text.len() - host.to_string().len()..text.len();
    let finding = |code| about(code, host).label(domain, Rtype::Mx, text.clone(), span.clone());
    let replace = |by: &Name, safety| Fix {
        owner: domain.clone(),
        rtype: Rtype::Mx,
        remove: vec![text.clone()],
        publish: vec![record(*preference, by)],
        safety,
    };
    match form {
        Some(Form::Literal(ip)) => {
            let mut fault = finding(Code::Mx100).arg("ip", *ip);
            if let Ok(name) = domain.under("mail") {
                fault = fault.arg("name", &name).fix(replace(&name, Safety::Decide));
            } else {
                fault = fault.arg("name", domain);
            }
            cx.found(findings, rated(fault, others_work));
            return Ok(());
        }
        Some(Form::SingleLabel) => {
            let mut fault = finding(Code::Mx110);
            if let Ok(meant) = domain.under(host.as_str())
                && addresses(cx, &meant)?.public().next().is_some()
            {
                fault = fault.fix(replace(&meant, Safety::Safe));
            }
            cx.found(findings, rated(fault, others_work));
            return Ok(());
        }
        None => {}
    }
    addresses(cx, host)?;
    if let Some(failure) = found.unknown() {
        cx.found(findings, about(Code::Mx140, host).because(failure));
        return Ok(());
    }
    if found.all.is_empty() {
        let doubled = doubled(domain, host);
        let fault = if let Some(meant) = doubled {
            let fault = finding(Code::Mx120).arg("meant", &meant);
            if addresses(cx, &meant)?.public().next().is_some() {
                fault.fix(replace(&meant, Safety::Safe))
            } else {
                fault
            }
        } else {
            finding(if found.nothing { Code::Mx090 } else { Code::Mx080 })
        };
        cx.found(findings, rated(fault, others_work));
        return Ok(());
    }
    let private: Vec<IpAddr> = found.all.iter().copied().filter(|&ip| !is_public(ip)).collect();
    if !private.is_empty() {
        let fault = finding(Code::Mx130).arg("ips", Arg::list(private));
        cx.found(findings, rated(fault, others_work || target.works()));
    }
    if *proxied {
        cx.found(findings, finding(Code::Mx270).arg("ips", Arg::list(found.public())));
    }
    if let Some(canonical) = &found.alias_of {
        let fault = finding(Code::Mx070).arg("canonical", canonical);
        cx.found(findings, fault.fix(replace(canonical, Safety::Safe)));
    }
    if !host.is_host_name() {
        cx.found(findings, finding(Code::Mx210));
    }
    Ok(())
}

/// Whether all addresses of a host belong to a network that passes on no mail. A provider that is known to receive there may,
/// and a host that has another address as well can be reached; of one whose addresses are not all known it is not said.
pub(super) fn is_proxied(cx: &Cx<'_>, host: &Name, found: &Addresses) -> bool {
    let names = [Some(host), found.alias_of.as_ref()];
    let known = names.into_iter().flatten().any(|host| cx.knowledge.providers.by_mx(host).is_some());
    let sure = found.failed_v4.is_none() && found.failed_v6.is_none() && !known;
    sure && found.public().next().is_some() && found.public().all(proxy::holds)
}

/// The host that was meant where the domain stands twice at the end: `mx.example.org.example.org`, the mark of a
/// target typed without its final dot into a form that adds the domain (RFC 1035 section 5.1, relative names).
fn doubled(domain: &Name, host: &Name) -> Option<Name> {
    let short = Name::parse(host.in_front_of(domain.as_str())?).ok()?;
    short.is_within(domain).then_some(short)
}

/// What can be said of all targets together, or of those that were looked at.
fn summary(cx: &Cx<'_>, findings: &mut Findings, domain: &Name, targets: &[Target<'_>], cut: bool) {
    let mut working: Vec<&Target<'_>> = Vec::new();
    for target in targets.iter().filter(|target| target.works() && !target.proxied) {
        if working.iter().all(|known| known.host != target.host) {
            working.push(target);
        }
    }
    if working.is_empty() {
        return;
    }
    let names = || working.iter().map(|target| target.host).collect::<Vec<_>>();
    if targets.iter().all(|target| target.works() && !target.proxied) {
        info(cx, findings, Code::Mx200, domain, names());
    }
    let mut shared: Vec<&Name> = Vec::new();
    for target in &working {
        if working.iter().any(|other| other.host != target.host && other.preference == target.preference) {
            shared.push(target.host);
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
        info(cx, findings, Code::Mx170, domain, v6.map(|target| target.host).collect());
    } else if sure(|found| found.failed_v6.is_some()) {
        info(cx, findings, Code::Mx180, domain, names());
    }
}
