//! Who keeps a domain's records, by its name servers, and what that host's form wants (`www/data/dns-hosts.json`).

use super::{Confidence, DomainSuffix};
use crate::{
    change::Fix,
    dns::{Name, Rtype},
};

words! {
    /// How a host's form wants the name of a record.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Naming {
        /// The part before the domain.
        #[default]
        Relative = "relative",
        /// The whole name.
        Full = "full",
    }
}

words! {
    /// What a host's form wants as the name of the domain itself.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Apex {
        /// The sign `@`.
        #[default]
        At = "at",
        /// Nothing.
        Empty = "empty",
        /// The domain.
        Full = "full",
    }
}

words! {
    /// How a host takes text over 255 octets, the most that fits into one string of a TXT record.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum LongText {
        /// It is pasted whole and the host splits it.
        #[default]
        Auto = "auto",
        /// In several strings in quotes.
        Quoted = "quoted",
        /// Not at all.
        Limited = "limited",
    }
}

words! {
    /// Where the priority of an MX record goes.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Priority {
        /// A field of its own.
        #[default]
        Separate = "separate",
        /// In front of the host name.
        InValue = "in-value",
    }
}

words! {
    /// Why name servers are a bad sign.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ParkedKind {
        /// The domain is for sale or not in use.
        #[default]
        Parked = "parked",
        /// The registration ran out.
        Expired = "expired",
    }
}

reads_words!(Naming, Apex, LongText, Priority, ParkedKind);

/// The file `dns-hosts.json`.
#[derive(Clone, Debug, Default)]
pub struct DnsHosts {
    /// Year and month in which the facts were collected.
    pub collected: String,
    /// Where to read why name servers change when a registration ends.
    pub parked_source: String,
    /// The hosts.
    pub hosts: Vec<DnsHost>,
    /// Name servers of domains that are for sale or ran out.
    pub parked: Vec<Parked>,
}

reads!(DnsHosts { collected: "collected", parked_source: "parkedSource", hosts: "hosts", parked: "parked" });
reads_file!(DnsHosts);

/// Where records are kept. The default is the form most hosts have.
#[derive(Clone, Debug, Default)]
pub struct DnsHost {
    /// Stable id; where to click is the locale key `host.<id>.path`.
    pub id: String,
    /// Proper name.
    pub name: String,
    /// Ends of the names of its name servers. A `*` at the end of a label stands for the rest of the label.
    pub ns: Vec<DomainSuffix>,
    /// Hosts that use these name servers, by their ids, where several do: only the user can say which one it is.
    pub one_of: Vec<String>,
    /// How its form wants names.
    pub names: Naming,
    /// What it wants as the name of the domain itself.
    pub apex: Apex,
    /// Does it want text in quotes?
    pub quotes: bool,
    /// How it takes long text.
    pub long: LongText,
    /// Where it wants priorities.
    pub priority: Priority,
    /// Do host names as values need a dot at their end?
    pub dot: bool,
    /// Where one logs in.
    pub panel: Option<String>,
    /// Its own instructions.
    pub help: Option<String>,
    /// Where the facts come from.
    pub source: String,
    /// How well they are known.
    pub confidence: Confidence,
    /// Year and month of the facts.
    pub date: String,
}

reads!(DnsHost {
    id: "id",
    name: "name",
    ns: "ns",
    one_of: "oneOf",
    names: "names",
    apex: "apex",
    quotes: "quotes",
    long: "long",
    priority: "priority",
    dot: "dot",
    panel: "panel",
    help: "help",
    source: "source",
    confidence: "confidence",
    date: "date"
});

/// A name server that domains get when they are for sale or ran out.
#[derive(Clone, Debug, Default)]
pub struct Parked {
    /// The end of its name, as in [`DnsHost::ns`].
    pub ns: DomainSuffix,
    /// What it is a sign of.
    pub kind: ParkedKind,
}

reads!(Parked { ns: "ns", kind: "kind" });

/// A record the way one host's form wants it, field by field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fields {
    /// The name, maybe empty.
    pub name: String,
    /// The type.
    pub rtype: Rtype,
    /// The value.
    pub value: String,
    /// The priority, where it has a field of its own.
    pub priority: Option<u16>,
}

impl DnsHosts {
    /// The host with this id.
    pub fn by_id(&self, id: &str) -> Option<&DnsHost> {
        self.hosts.iter().find(|host| host.id == id)
    }

    /// The host whose name server this is: the longest end wins.
    pub fn by_ns(&self, ns: &Name) -> Option<&DnsHost> {
        let ends = self.hosts.iter().flat_map(|host| host.ns.iter().map(move |end| (end, host)));
        ends.filter(|(end, _)| end.covers(ns)).max_by_key(|(end, _)| end.as_str().len()).map(|(_, host)| host)
    }

    /// What a name server says about the state of the domain, if it is a bad sign.
    pub fn parked(&self, ns: &Name) -> Option<ParkedKind> {
        let ends = self.parked.iter().filter(|parked| parked.ns.covers(ns));
        ends.max_by_key(|parked| parked.ns.as_str().len()).map(|parked| parked.kind)
    }
}

impl DnsHost {
    /// The records that `fix` publishes, as this host's form wants them. `apex` is the name of the zone.
    pub fn paste(&self, fix: &Fix, apex: &Name) -> Vec<Fields> {
        fix.publish.iter().map(|text| self.fields(&fix.owner, fix.rtype, text, apex)).collect()
    }

    /// One record as this host's form wants it: `text` as in [`Fix::publish`].
    pub fn fields(&self, owner: &Name, rtype: Rtype, text: &str, apex: &Name) -> Fields {
        let name = self.name_of(owner, apex);
        let (priority, value) = match (rtype, text.split_once(' ')) {
            (Rtype::Txt | Rtype::Spf, _) => (None, self.text_of(text)),
            (Rtype::Mx, Some((priority, host))) => match (self.priority, priority.parse()) {
                (Priority::Separate, Ok(number)) => (Some(number), self.host_of(host)),
                _ => (None, format!("{priority} {}", self.host_of(host))),
            },
            (Rtype::Cname | Rtype::Ns | Rtype::Ptr, _) => (None, self.host_of(text)),
            _ => (None, text.to_owned()),
        };
        Fields { name, rtype, value, priority }
    }

    /// Whether this host has no way to take such a text.
    pub fn refuses(&self, rtype: Rtype, text: &str) -> bool {
        rtype == Rtype::Txt && self.long == LongText::Limited && text.len() > MAX_STRING
    }

    fn name_of(&self, owner: &Name, apex: &Name) -> String {
        if owner == apex {
            return match self.apex {
                Apex::At => "@".to_owned(),
                Apex::Empty => String::new(),
                Apex::Full => apex.to_string(),
            };
        }
        match (self.names, owner.in_front_of(apex.as_str())) {
            (Naming::Relative, Some(label)) => label.to_owned(),
            _ => owner.to_string(),
        }
    }

    fn text_of(&self, text: &str) -> String {
        let long = text.len() > MAX_STRING && self.long == LongText::Quoted;
        if self.quotes || long { quoted(text, long) } else { text.to_owned() }
    }

    fn host_of(&self, host: &str) -> String {
        let host = host.trim_end_matches('.');
        if self.dot || host.is_empty() { format!("{host}.") } else { host.to_owned() }
    }
}

/// The most octets in one string of a TXT record (RFC 1035 section 3.3).
const MAX_STRING: usize = 255;

/// `text` in quotes as in zone files (RFC 1035 section 5.1), cut into strings if it has to be.
fn quoted(text: &str, cut: bool) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut length = 0;
    out.push('"');
    for c in text.chars() {
        if cut && length + c.len_utf8() > MAX_STRING {
            out.push_str("\" \"");
            length = 0;
        }
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push('"');
    out
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::change::Safety;

    fn real() -> DnsHosts {
        serde_json::from_str(include_str!("../../../../www/data/dns-hosts.json")).unwrap()
    }

    fn name(text: &str) -> Name {
        Name::parse(text).unwrap()
    }

    fn fix(owner: &str, rtype: Rtype, text: &str) -> Fix {
        Fix::at(&name(owner), rtype, Safety::Safe).publishing([text])
    }

    fn pasted(host: &str, owner: &str, rtype: Rtype, text: &str) -> (String, String, Option<u16>) {
        let hosts = real();
        let fields = hosts.by_id(host).unwrap().paste(&fix(owner, rtype, text), &name("example.org"));
        assert_eq!(fields.len(), 1);
        (fields[0].name.clone(), fields[0].value.clone(), fields[0].priority)
    }

    #[test]
    fn hosts_are_recognised_by_their_name_servers() {
        let hosts = real();
        for (ns, id) in [
            ("dora.ns.cloudflare.com", Some("cloudflare")),
            ("ns59.domaincontrol.com.", Some("godaddy")),
            ("DNS1.Registrar-Servers.com", Some("namecheap")),
            ("ns-1234.awsdns-56.co.uk", Some("route53")),
            ("ns-cloud-a1.googledomains.com", Some("google")),
            ("ns1.squarespacedns.com", Some("squarespace")),
            ("ns1-07.azure-dns.com", Some("azure")),
            ("ns1045.ui-dns.org", Some("ionos")),
            ("dns104.ovh.net", Some("ovh")),
            ("ns-123-a.gandi.net", Some("gandi")),
            ("hydrogen.ns.hetzner.com", Some("hetzner")),
            ("dns1.p05.nsone.net", Some("ns1")),
            ("dns7.hichina.com", Some("aliyun")),
            ("f1g1ns1.dnspod.net", Some("dnspod")),
            ("admns1.hinet.net", Some("hinet")),
            ("cns1.net-chinese.com.tw", Some("net-chinese")),
            ("ns.notcloudflare.com", None),
            ("awsdns-1.example", None),
            ("example.org", None),
            ("", None),
        ] {
            assert_eq!(hosts.by_ns(&name(ns)).map(|host| host.id.as_str()), id, "{ns}");
        }
    }

    #[test]
    fn name_servers_that_are_a_bad_sign_are_told_apart() {
        let hosts = real();
        assert_eq!(hosts.parked(&name("ns1.sedoparking.com")), Some(ParkedKind::Parked));
        assert_eq!(hosts.parked(&name("ns1.pendingrenewaldeletion.com")), Some(ParkedKind::Expired));
        assert_eq!(hosts.parked(&name("expirens3.hichina.com")), Some(ParkedKind::Expired));
        assert_eq!(hosts.parked(&name("dns7.hichina.com")), None);
        assert_eq!(hosts.parked(&name("ns1.example.org")), None);
    }

    #[test]
    fn each_host_gets_names_the_way_its_form_wants_them() {
        let spf = "v=spf1 -all";
        assert_eq!(pasted("cloudflare", "example.org", Rtype::Txt, spf), ("@".into(), spf.into(), None));
        assert_eq!(pasted("ovh", "example.org", Rtype::Txt, spf).0, "");
        assert_eq!(pasted("he", "example.org", Rtype::Txt, spf).0, "example.org");
        assert_eq!(pasted("godaddy", "_dmarc.example.org", Rtype::Txt, spf).0, "_dmarc");
        assert_eq!(pasted("he", "_dmarc.example.org", Rtype::Txt, spf).0, "_dmarc.example.org");
        assert_eq!(pasted("godaddy", "report.example.net", Rtype::Txt, spf).0, "report.example.net");
        assert_eq!(pasted("godaddy", "badexample.org", Rtype::Txt, spf).0, "badexample.org");
    }

    #[test]
    fn each_host_gets_values_the_way_its_form_wants_them() {
        assert_eq!(pasted("route53", "example.org", Rtype::Txt, "a \"b\"").1, r#""a \"b\"""#);
        let spf = "v=spf1 include:_spf.google.com ~all";
        assert_eq!(pasted("google-cloud", "example.org", Rtype::Txt, spf).1, format!("\"{spf}\""));
        assert_eq!(pasted("squarespace", "example.org", Rtype::Txt, spf).1, spf);
        let long = "x".repeat(300);
        assert_eq!(pasted("cloudflare", "example.org", Rtype::Txt, &long).1, long);
        let split = format!("\"{}\" \"{}\"", "x".repeat(255), "x".repeat(45));
        assert_eq!(pasted("route53", "example.org", Rtype::Txt, &long).1, split);
        let mx = "10 mx.example.net";
        let separate = ("@".to_owned(), "mx.example.net".to_owned(), Some(10));
        assert_eq!(pasted("godaddy", "example.org", Rtype::Mx, mx), separate);
        assert_eq!(pasted("route53", "example.org", Rtype::Mx, mx).1, mx);
        assert_eq!(pasted("gandi", "example.org", Rtype::Mx, mx).1, "mx.example.net.");
        assert_eq!(pasted("godaddy", "example.org", Rtype::Mx, "0 ."), ("@".into(), ".".into(), Some(0)));
        assert_eq!(pasted("ovh", "a.example.org", Rtype::Cname, "b.example.net").1, "b.example.net.");
    }

    #[test]
    fn a_host_that_is_not_known_gets_what_most_forms_want() {
        let fields = DnsHost::default()
            .paste(&fix("example.org", Rtype::Mx, "5 mx.example.org"), &name("example.org"));
        let expected =
            Fields { name: "@".into(), rtype: Rtype::Mx, value: "mx.example.org".into(), priority: Some(5) };
        assert_eq!(fields, [expected]);
    }

    #[test]
    fn ids_and_ends_are_used_once() {
        let hosts = real();
        let ids: BTreeSet<&str> = hosts.hosts.iter().map(|host| host.id.as_str()).collect();
        assert_eq!(ids.len(), hosts.hosts.len());
        let ends: Vec<&DomainSuffix> = hosts.hosts.iter().flat_map(|host| &host.ns).collect();
        assert_eq!(ends.iter().collect::<BTreeSet<_>>().len(), ends.len());
        assert!(hosts.hosts.len() >= 40);
        let several: Vec<&DnsHost> = hosts.hosts.iter().filter(|host| !host.one_of.is_empty()).collect();
        assert_eq!(several.iter().map(|host| host.id.as_str()).collect::<Vec<_>>(), ["google", "ns1"]);
        for id in several.iter().flat_map(|host| &host.one_of) {
            assert!(hosts.by_id(id).is_some_and(|host| host.one_of.is_empty()), "{id}");
        }
        let behind = |host: &DnsHost| several.iter().any(|several| several.one_of.contains(&host.id));
        assert!(hosts.hosts.iter().all(|host| !host.ns.is_empty() || behind(host)));
    }

    proptest! {
        #[test]
        fn quoting_loses_nothing_and_keeps_strings_short(text in "[a-z\"\\\\ é字]{0,700}") {
            let out = quoted(&text, true);
            let zone = crate::zone::Zone::parse(&format!("a.example. TXT {out}\n")).unwrap();
            let query = crate::dns::Query::new(name("a.example"), Rtype::Txt);
            let outcome = crate::facts::Ask::ask(&zone, &query).unwrap();
            let txt = outcome.records()[0].data.txt().unwrap();
            prop_assert_eq!(txt.text(), text.as_str());
            prop_assert!(txt.strings().all(|string| string.len() <= 255));
        }
    }
}
