use super::*;

/// `drawn` is a record with its faults drawn underneath, one a line: carets and the fault's slug.
fn check(drawn: &str) {
    let record = drawn.trim_matches('\n').lines().next().unwrap_or_default();
    let mut shown = record.to_owned();
    for error in parse(record).errors {
        let before = record[..error.span.start as usize].chars().count();
        let marked = error.span.of(record).chars().count();
        shown += &format!("\n{}{} {}", " ".repeat(before), "^".repeat(marked), error.fault.as_str());
    }
    assert_eq!(format!("\n{shown}\n"), drawn, "\n{shown}\n");
}

fn kinds(record: &str) -> Vec<TermKind> {
    let parsed = parse(record);
    assert_eq!(parsed.errors, [], "{record}");
    parsed.terms.iter().map(|term| term.kind).collect()
}

fn only(term: &str) -> TermKind {
    let kinds = kinds(&format!("v=spf1 {term}"));
    assert_eq!(kinds.len(), 1, "{term}");
    kinds[0]
}

#[test]
fn every_mechanism_is_read() {
    let text = "v=spf1 a mx:mail.example.org/24//64 ptr ip4:192.0.2.0/24 ip6:2001:db8::/32 exists:%{i}.e.example.org include:b.example.org -all";
    let parsed = parse(text);
    assert_eq!(parsed.errors, []);
    let cidr = DualCidr { v4: 24, v6: 64 };
    let mechanisms: Vec<_> = parsed.terms.iter().filter_map(|term| Some(term.directive()?.1)).collect();
    assert_eq!(mechanisms[0], Mechanism::A(None, DualCidr::default()));
    assert!(
        matches!(mechanisms[1], Mechanism::Mx(Some(d), c) if d.of(text) == "mail.example.org" && c == cidr)
    );
    assert_eq!(mechanisms[2], Mechanism::Ptr(None));
    assert_eq!(mechanisms[3], Mechanism::Ip4([192, 0, 2, 0].into(), 24));
    assert!(matches!(mechanisms[4], Mechanism::Ip6(_, 32)));
    assert!(matches!(mechanisms[5], Mechanism::Exists(d) if d.has_macros && !d.is_fixed(text)));
    assert!(matches!(mechanisms[6], Mechanism::Include(d) if d.of(text) == "b.example.org"));
    assert_eq!(parsed.all(), Some((7, Qualifier::Fail)));
    assert_eq!(parsed.terms.iter().filter(|term| term.is_lookup()).count(), 5);
}

#[test]
fn qualifiers_and_case() {
    for (term, qualifier) in [
        ("all", Qualifier::Pass),
        ("+ALL", Qualifier::Pass),
        ("-All", Qualifier::Fail),
        ("~all", Qualifier::SoftFail),
        ("?all", Qualifier::Neutral),
    ] {
        assert_eq!(only(term), TermKind::Directive(qualifier, Mechanism::All), "{term}");
    }
    assert!(matches!(only("REDIRECT=example.org"), TermKind::Redirect(_)));
    assert!(matches!(only("InClUdE:example.org"), TermKind::Directive(_, Mechanism::Include(_))));
}

#[test]
fn prefix_lengths_go_with_their_family() {
    let cidr = |term: &str| match only(term) {
        TermKind::Directive(_, Mechanism::A(_, cidr)) => (cidr.v4, cidr.v6),
        other => panic!("{term}: {other:?}"),
    };
    assert_eq!(cidr("a"), (32, 128));
    assert_eq!(cidr("a/0"), (0, 128));
    assert_eq!(cidr("a//0"), (32, 0));
    assert_eq!(cidr("a:example.org//33"), (32, 33));
    assert_eq!(cidr("a:%{d}/24//64"), (24, 64));
    assert_eq!(cidr("a:a:b/c.example.org/8"), (8, 128));
}

#[test]
fn unknown_modifiers_are_legal() {
    let text = "v=spf1 ra=postmaster x.y-z_1=%{d}/:, empty= -all";
    let parsed = parse(text);
    assert_eq!(parsed.errors, []);
    let TermKind::Unknown { name, value } = parsed.terms[0].kind else { panic!() };
    assert_eq!((name.of(text), value.of(text)), ("ra", "postmaster"));
    assert!(matches!(parsed.terms[2].kind, TermKind::Unknown { value, .. } if value.is_empty()));
}

#[test]
fn blanks_may_be_many_and_trail() {
    assert_eq!(kinds("v=spf1   mx   -all  ").len(), 2);
    assert_eq!(kinds("v=spf1").len(), 0);
    assert_eq!(kinds("V=sPf1 ").len(), 0);
}

#[test]
fn names_that_only_macros_can_make() {
    for term in [
        "include:%{d2}",
        "exists:%{ir}.%{v}._spf.%{d2}",
        "a:macro%%percent%_%_space%-url.example.org",
        "include:example.org.",
        "a:foo.example.xn--zckzah",
        "mx:_spf.example.org",
        "exists:%{L1r+-/=_,.}.example.org",
        "include:x%%",
    ] {
        only(term);
    }
}

#[test]
fn faults_of_names() {
    check(
        "
v=spf1 include:_spf.example.net a:mail..example.com -all
                                  ^^^^^^^^^^^^^^^^^ empty-label
",
    );
    check(
        "
v=spf1 a:a123456789012345678901234567890123456789012345678901234567890123.example.com
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ long-label
",
    );
    check(
        "
v=spf1 a:localhost a:museum. mx:example.org:25 include:example.-com -all
         ^^^^^^^^^ top-label
                     ^^^^^^^ top-label
                                ^^^^^^^^^^^^^^ top-label
                                                       ^^^^^^^^^^^^ top-label
",
    );
    check(
        "
v=spf1 a:192.0.2.1 include:203.0.113.9 a:abc.123
         ^^^^^^^^^ address-as-domain
                           ^^^^^^^^^^^ address-as-domain
                                         ^^^^^^^ top-label
",
    );
    check(
        "
v=spf1 include a: include: exists ptr: redirect= exp=
       ^^^^^^^ missing-domain
               ^^ missing-domain
                  ^^^^^^^^ missing-domain
                           ^^^^^^ missing-domain
                                  ^^^^ missing-domain
                                       ^^^^^^^^^ missing-domain
                                                 ^^^^ missing-domain
",
    );
}

#[test]
fn a_name_too_long_for_the_dns() {
    let name = vec!["abcdefgh"; 30].join(".") + ".example.org";
    let errors = parse(&format!("v=spf1 a:{name} -all")).errors;
    assert_eq!(errors[0].fault, Fault::LongName);
    assert!(!errors[0].fault.breaks());
}

#[test]
fn faults_of_addresses() {
    check(
        "
v=spf1 ip4:192.0.2 ip4:192.0.2.01 ip4:192.0.2.256 ip4:192.0.2.1:25 ip4 ip6: ip4:
           ^^^^^^^ ip4
                       ^^^^^^^^^^ ip4
                                      ^^^^^^^^^^^ ip4
                                                      ^^^^^^^^^^^^ ip4
                                                                   ^^^ missing-address
                                                                       ^^^^ missing-address
                                                                            ^^^^ missing-address
",
    );
    check(
        "
v=spf1 ip4:2001:db8::1 ip6:192.0.2.1 ip6::cafe::babe ip6:::1/128
           ^^^^^^^^^^^ ip6-in-ip4
                           ^^^^^^^^^ ip4-in-ip6
                                         ^^^^^^^^^^^ ip6
",
    );
}

#[test]
fn faults_of_prefix_lengths() {
    check(
        "
v=spf1 ip4:192.0.2.0/33 ip4:192.0.2.0/024 ip4:192.0.2.0/ ip4:192.0.2.0//24 ip6:2001:db8::/129 ip4:192.0.2.0/x
                    ^^^ prefix-too-long
                                     ^^^^ prefix
                                                       ^ prefix
                                                                      ^^^^ prefix
                                                                                         ^^^^ prefix-too-long
                                                                                                           ^^ prefix
",
    );
    check(
        "
v=spf1 a/33 a/24/64 a//129 mx:example.org/ mx:example.org/24/64 a:example.org/00 a/
        ^^^ prefix-too-long
             ^^^^^^ prefix
                      ^^^^ prefix-too-long
                                         ^ prefix
                                                         ^^^^^^ prefix
                                                                             ^^^ prefix
                                                                                  ^ prefix
",
    );
    check(
        "
v=spf1 include:example.org/24 exists:example.org/24 ptr/24 redirect=example.org/8
                          ^^^ unexpected-prefix
                                                ^^^ unexpected-prefix
                                                       ^^^ unexpected-prefix
                                                                               ^^ unexpected-prefix
",
    );
}

#[test]
fn faults_of_mechanisms() {
    check(
        "
v=spf1 includes:example.org ip:192.0.2.1 mail.example.org -all; moo
       ^^^^^^^^ unknown-mechanism
                            ^^ unknown-mechanism
                                         ^^^^^^^^^^^^^^^^ unknown-mechanism
                                                              ^ unexpected
                                                                ^^^ unknown-mechanism
",
    );
    check(
        "
v=spf1 all:example.org all/8 -all. --all =all 1up=foo -
          ^^^^^^^^^^^^ unexpected
                          ^^ unexpected
                                 ^ unexpected
                                   ^^^^^ unknown-mechanism
                                         ^^^^ unknown-mechanism
                                              ^^^^^^^ unknown-mechanism
                                                      ^ unknown-mechanism
",
    );
    check(
        "
v=spf1 redirect:example.org exp:example.org -redirect=example.org moo.cow:far_out=man:dog/cat
       ^^^^^^^^^^^^^^^^^^^^ modifier-with-colon
                            ^^^^^^^^^^^^^^^ modifier-with-colon
                                            ^^^^^^^^^^^^^^^^^^^^^ qualified-modifier
                                                                  ^^^^^^^ unknown-mechanism
",
    );
    check(
        "
v=spf1 redirect=a.example.org exp=e.example.org redirect=b.example.org exp=e.example.org
                                                ^^^^^^^^^^^^^^^^^^^^^^ repeated
                                                                       ^^^^^^^^^^^^^^^^^ repeated
",
    );
}

#[test]
fn faults_of_macros() {
    check(
        "
v=spf1 exists:%(ir).example.org a:%{a}.example.org exists:foo%.example.org x=%abc exp=%{r}.example.org
              ^^ macro
                                  ^^^^ macro
                                                             ^^ macro
                                                                             ^^ macro
                                                                                      ^^^^ explanation-macro
",
    );
    check(
        "
v=spf1 exists:%{i.example.org include:%{d0} a:%{d}/24 a:%{d}.com-
              ^^^^^^^^^^^^^^^ macro
                                      ^^^^^ macro
                                                        ^^^^^^^^^ top-label
",
    );
}

#[test]
fn faults_of_characters() {
    check(
        "
v=spf1 mx –all include:exämple.org
          ^ not-ascii
                         ^ not-ascii
",
    );
    let errors = parse("v=spf1 mx\tip4:192.0.2.1 -all\n").errors;
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[0], SpfError { span: Span::new(9, 10), fault: Fault::Control });
}

#[test]
fn the_version_is_exact_or_near() {
    for exact in ["v=spf1", "v=spf1 ", "V=SPF1 -all", "v=spf1  mx"] {
        assert!(is_spf(exact.as_bytes()), "{exact}");
        assert_eq!(near_miss(exact), None, "{exact}");
    }
    for (text, oddity, meant) in [
        (" v=spf1 mx -all", Oddity::LeadingBlank, "v=spf1 mx -all"),
        ("\tv=spf1 mx -all", Oddity::LeadingBlank, "v=spf1 mx -all"),
        ("\u{feff}v=spf1 -all", Oddity::Invisible, "v=spf1 -all"),
        ("\"v=spf1 mx -all\"", Oddity::Quote, "v=spf1 mx -all"),
        ("\\\"v=spf1 mx -all\\\"", Oddity::Quote, "v=spf1 mx -all"),
        ("v=spf1; mx -all", Oddity::Punctuation, "v=spf1 mx -all"),
        ("v=spf1, -all", Oddity::Punctuation, "v=spf1 -all"),
        ("v=spf1include:example.org -all", Oddity::NoBlank, "v=spf1 include:example.org -all"),
        ("v=spf1-all", Oddity::NoBlank, "v=spf1 -all"),
        ("v=spf1+mx", Oddity::NoBlank, "v=spf1 +mx"),
        ("v=spf 1 -all", Oddity::InnerBlank, "v=spf1 -all"),
        ("v = spf1 -all", Oddity::InnerBlank, "v=spf1 -all"),
        ("v= spf1 -all", Oddity::InnerBlank, "v=spf1 -all"),
        ("v=spf1.0 -all", Oddity::Number, "v=spf1 -all"),
        ("v=spf10 mx", Oddity::Number, "v=spf1 mx"),
        ("v=spf2 mx", Oddity::Number, "v=spf1 mx"),
        ("v=spf mx", Oddity::Number, "v=spf1 mx"),
        ("spf1 include:example.org ~all", Oddity::Misspelt, "v=spf1 include:example.org ~all"),
        ("v:spf1 mx -all", Oddity::Misspelt, "v=spf1 mx -all"),
        ("v=sfp1 mx -all", Oddity::Misspelt, "v=spf1 mx -all"),
        ("v=spfl mx -all", Oddity::Misspelt, "v=spf1 mx -all"),
        ("spf2.0/mfrom,pra mx -all", Oddity::SenderId, "v=spf1 mx -all"),
    ] {
        let miss = near_miss(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!((miss.oddity, miss.meant.as_str()), (oddity, meant), "{text}");
    }
    for other in
        ["", "v=DMARC1; p=none", "google-site-verification=spf1", "spf record for our mail", "v", "verify"]
    {
        assert_eq!(near_miss(other), None, "{other}");
    }
}

#[test]
fn a_near_miss_is_read_behind_its_version() {
    let record = parse("v=spf1; ip4:192.0.2.1 -all");
    assert_eq!(record.terms.len(), 2);
    assert_eq!(record.errors.iter().map(|error| error.fault).collect::<Vec<_>>(), [Fault::NoVersion]);
}

#[test]
fn slugs_are_different() {
    let slugs: std::collections::BTreeSet<_> = Fault::ALL.iter().map(|fault| fault.as_str()).collect();
    assert_eq!(slugs.len(), Fault::ALL.len());
    let slugs: std::collections::BTreeSet<_> = Oddity::ALL.iter().map(|oddity| oddity.as_str()).collect();
    assert_eq!(slugs.len(), Oddity::ALL.len());
}

#[test]
fn only_a_refusal_lets_nobody_send() {
    for (text, nobody) in [
        ("v=spf1 -all", true),
        ("v=spf1 ~all", true),
        ("v=spf1 -ip4:192.0.2.1 ~all mx", true),
        ("v=spf1 redirect=a.example -all", true),
        ("v=spf1 ?all", false),
        ("v=spf1 ?mx -all", false),
        ("v=spf1 mx -all", false),
        ("v=spf1 +all", false),
        ("v=spf1 moo -all", false),
        ("v=spf1", false),
    ] {
        assert_eq!(parse(text).lets_nobody_send(), nobody, "{text}");
    }
}
