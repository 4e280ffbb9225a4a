//! The examples of RFC 7208 appendix A: its zones, its records, its results.

use mail_triage_engine::{
    spf::{SpfResult, check_zone},
    zone::Zone,
};

/// The zones of the appendix, without records for SPF.
const ZONES: &str = "
    example.com. MX 10 mail-a.example.com.
    example.com. MX 20 mail-b.example.com.
    example.com. A 192.0.2.10
    example.com. A 192.0.2.11
    amy.example.com. A 192.0.2.65
    bob.example.com. A 192.0.2.66
    mail-a.example.com. A 192.0.2.129
    mail-b.example.com. A 192.0.2.130
    www.example.com. CNAME example.com.
    example.org. MX 10 mail-c.example.org.
    mail-c.example.org. A 192.0.2.140
    10.2.0.192.in-addr.arpa. PTR example.com.
    11.2.0.192.in-addr.arpa. PTR example.com.
    65.2.0.192.in-addr.arpa. PTR amy.example.com.
    66.2.0.192.in-addr.arpa. PTR bob.example.com.
    129.2.0.192.in-addr.arpa. PTR mail-a.example.com.
    130.2.0.192.in-addr.arpa. PTR mail-b.example.com.
    140.2.0.192.in-addr.arpa. PTR mail-c.example.org.
    4.0.0.10.in-addr.arpa. PTR bob.example.com.
";

fn zone(records: &str) -> Zone {
    let text: Vec<&str> = ZONES.lines().chain(records.lines()).map(str::trim).collect();
    Zone::parse(&text.join("\n")).unwrap()
}

fn result(zone: &Zone, ip: &str, sender: &str) -> SpfResult {
    check_zone(zone, ip.parse().unwrap(), sender, "mail.example.com").result
}

/// A.1: one record each, the addresses that pass and those that fail.
#[test]
fn simple_examples() {
    const ALL: [&str; 9] = [
        "192.0.2.10",
        "192.0.2.11",
        "192.0.2.65",
        "192.0.2.66",
        "192.0.2.129",
        "192.0.2.130",
        "192.0.2.131",
        "192.0.2.140",
        "10.0.0.4",
    ];
    for (record, pass) in [
        ("v=spf1 +all", ALL.as_slice()),
        ("v=spf1 a -all", &["192.0.2.10", "192.0.2.11"]),
        ("v=spf1 a:example.org -all", &[]),
        ("v=spf1 mx -all", &["192.0.2.129", "192.0.2.130"]),
        ("v=spf1 mx:example.org -all", &["192.0.2.140"]),
        ("v=spf1 mx mx:example.org -all", &["192.0.2.129", "192.0.2.130", "192.0.2.140"]),
        (
            "v=spf1 mx/30 mx:example.org/30 -all",
            &["192.0.2.129", "192.0.2.130", "192.0.2.131", "192.0.2.140"],
        ),
        (
            "v=spf1 ptr -all",
            &["192.0.2.10", "192.0.2.11", "192.0.2.65", "192.0.2.66", "192.0.2.129", "192.0.2.130"],
        ),
        ("v=spf1 ip4:192.0.2.128/28 -all", &["192.0.2.129", "192.0.2.130", "192.0.2.131", "192.0.2.140"]),
    ] {
        let zone = zone(&format!("example.com. TXT \"{record}\""));
        for ip in ALL {
            let expected = if pass.contains(&ip) { SpfResult::Pass } else { SpfResult::Fail };
            assert_eq!(result(&zone, ip, "amy@example.com"), expected, "{record} {ip}");
        }
    }
}

/// A.2: several domains that share their records.
#[test]
fn several_domains() {
    let zone = zone(
        "example.org. TXT \"v=spf1 include:example.com include:example.net -all\"
         la.example.org. TXT \"v=spf1 redirect=example.org\"
         example.com. TXT \"v=spf1 mx -all\"
         example.net. TXT \"v=spf1 ip4:192.0.2.66 -all\"",
    );
    for sender in ["a@example.org", "a@la.example.org"] {
        for (ip, expected) in [
            ("192.0.2.129", SpfResult::Pass),
            ("192.0.2.66", SpfResult::Pass),
            ("192.0.2.140", SpfResult::Fail),
        ] {
            assert_eq!(result(&zone, ip, sender), expected, "{sender} {ip}");
        }
    }
}

/// A.3: records like a blocklist, one name a user, or a user and an address.
#[test]
fn in_the_manner_of_a_blocklist() {
    let zone = zone(
        "mobile-users._spf.example.com. TXT \"v=spf1 exists:%{l1r+}.%{d}\"
         mary.mobile-users._spf.example.com. A 127.0.0.2
         fred.mobile-users._spf.example.com. A 127.0.0.2
         remote-users._spf.example.com. TXT \"v=spf1 exists:%{ir}.%{l1r+}.%{d}\"
         15.15.168.192.joel.remote-users._spf.example.com. A 127.0.0.2
         16.15.168.192.joel.remote-users._spf.example.com. A 127.0.0.2
         example.com. TXT \"v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all\"",
    );
    for (ip, sender, expected) in [
        ("203.0.113.9", "mary@example.com", SpfResult::Pass),
        ("203.0.113.9", "mary+shop@example.com", SpfResult::Pass),
        ("203.0.113.9", "joel@example.com", SpfResult::Fail),
        ("192.168.15.15", "joel@example.com", SpfResult::Pass),
        ("192.168.15.17", "joel@example.com", SpfResult::Fail),
        ("192.0.2.129", "anybody@example.com", SpfResult::Pass),
    ] {
        assert_eq!(result(&zone, ip, sender), expected, "{ip} {sender}");
    }
}

/// A.4: two requirements that both have to be met. As printed, `ptr` stands for the name of the record that it is in, so
/// that nobody meets it; `ptr:example.com` is what the text describes.
#[test]
fn two_requirements() {
    let with = |ptr: &str| {
        zone(&format!(
            "example.com. TXT \"v=spf1 -include:ip4._spf.%{{d}} -include:ptr._spf.%{{d}} +all\"
             ip4._spf.example.com. TXT \"v=spf1 -ip4:192.0.2.0/24 +all\"
             ptr._spf.example.com. TXT \"v=spf1 -{ptr} +all\""
        ))
    };
    let (printed, meant) = (with("ptr"), with("ptr:example.com"));
    for (ip, expected) in [
        ("192.0.2.129", SpfResult::Pass),
        ("192.0.2.140", SpfResult::Fail),
        ("10.0.0.4", SpfResult::Fail),
        ("203.0.113.9", SpfResult::Fail),
    ] {
        assert_eq!(result(&meant, ip, "amy@example.com"), expected, "{ip}");
        assert_eq!(result(&printed, ip, "amy@example.com"), SpfResult::Fail, "{ip}");
    }
}
