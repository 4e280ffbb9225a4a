//! A change as the form of the host that keeps the records wants it: which host that is, and what goes into each field.

use crate::{
    around::ChangeContext,
    change::Fix,
    knowledge::{Apex, DnsHost, DnsHosts, Fields, Naming},
};

/// The TTL that is proposed, in seconds: an hour, so that a mistake does not last.
pub const TTL: u32 = 3_600;

/// Which host keeps the records around a change, as far as that is known.
#[derive(Clone, Copy)]
pub struct HostForm<'a> {
    around: &'a ChangeContext,
    recognised: Option<&'a DnsHost>,
    /// The host whose form is filled in; none where nobody knows it.
    pub host: Option<&'a DnsHost>,
    is_named: bool,
}

impl<'a> HostForm<'a> {
    /// `named` is the id of the host that the user says it is, which counts before the one that its name servers give away;
    /// an id that no host has stands for one that is not known. Without `hosts` none is.
    #[must_use]
    pub fn new(hosts: Option<&'a DnsHosts>, around: &'a ChangeContext, named: Option<&str>) -> Self {
        let recognised = hosts.and_then(|hosts| around.servers.iter().find_map(|server| hosts.by_ns(server)));
        let host = match named {
            Some(id) => hosts.and_then(|hosts| hosts.by_id(id)),
            None => recognised.filter(|host| host.one_of.is_empty()),
        };
        Self { around, recognised, host, is_named: named.is_some() }
    }

    /// The host that the name servers give away, which may stand for several.
    #[must_use]
    pub fn recognised(&self) -> Option<&'a DnsHost> {
        self.recognised
    }

    /// Those whose name servers were recognised, while the user has not said which of them it is: what is right in the form
    /// of one makes a broken record in that of another.
    #[must_use]
    pub fn undecided(&self) -> Option<&'a DnsHost> {
        self.recognised.filter(|host| !self.is_named && !host.one_of.is_empty())
    }

    /// One record of `fix`, field by field. Where nobody knows the host, as most forms want it: names whole where it is not
    /// known what to take off.
    #[must_use]
    pub fn fields(&self, fix: &Fix, text: &str) -> Fields {
        let unknown = match self.around.zone {
            Some(_) => DnsHost::default(),
            None => DnsHost { names: Naming::Full, apex: Apex::Full, ..DnsHost::default() },
        };
        let zone = self.around.zone.as_ref().unwrap_or(&fix.owner);
        self.host.unwrap_or(&unknown).fields(&fix.owner, fix.rtype, text, zone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        change::Safety,
        dns::{Name, Rtype},
    };

    fn hosts() -> DnsHosts {
        serde_json::from_str(include_str!("../../../www/data/dns-hosts.json")).unwrap()
    }

    fn around(zone: Option<&str>, server: &str) -> ChangeContext {
        let name = |text| Name::parse(text).unwrap();
        ChangeContext { zone: zone.map(name), servers: vec![name(server)], ..ChangeContext::default() }
    }

    fn dmarc() -> Fix {
        let owner = Name::parse("_dmarc.example.org").unwrap();
        Fix::at(&owner, Rtype::Txt, Safety::Safe).publishing(["v=DMARC1; p=none"])
    }

    fn name_of(form: &HostForm<'_>) -> String {
        form.fields(&dmarc(), "v=DMARC1; p=none").name
    }

    #[test]
    fn what_the_user_says_counts_before_the_name_servers() {
        let (hosts, around) = (hosts(), around(Some("example.org"), "dora.ns.cloudflare.com"));
        let recognised = HostForm::new(Some(&hosts), &around, None);
        assert_eq!(recognised.host.unwrap().id, "cloudflare");
        assert_eq!(name_of(&recognised), "_dmarc");
        let named = HostForm::new(Some(&hosts), &around, Some("he"));
        assert_eq!(name_of(&named), "_dmarc.example.org");
        assert!(HostForm::new(Some(&hosts), &around, Some("?")).host.is_none());
    }

    #[test]
    fn one_of_several_is_known_only_once_somebody_says_which() {
        let (hosts, around) = (hosts(), around(Some("example.org"), "dns1.p05.nsone.net"));
        let open = HostForm::new(Some(&hosts), &around, None);
        assert_eq!(open.undecided().unwrap().id, "ns1");
        assert!(open.host.is_none());
        let named = HostForm::new(Some(&hosts), &around, Some(&open.undecided().unwrap().one_of[0]));
        assert!(named.undecided().is_none() && named.host.is_some());
    }

    #[test]
    fn names_stay_whole_where_it_is_not_known_what_to_take_off() {
        let hosts = hosts();
        let around = around(None, "ns.example.net");
        assert_eq!(name_of(&HostForm::new(Some(&hosts), &around, None)), "_dmarc.example.org");
    }
}
