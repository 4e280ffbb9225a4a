#![allow(clippy::too_many_lines, reason = "a test is as long as its cases")]

use super::*;
use crate::facts::Ask;

fn providers() -> Providers {
    serde_json::from_str(include_str!("../../../../www/data/providers.json")).unwrap()
}

/// What is said of one field: verdict, remark, suggestion.
fn said(
    typed: &EnteredSettings,
    around: &SettingsContext<'_>,
    field: SettingsField,
) -> Vec<(FieldVerdict, &'static str, Option<String>)> {
    let judged = judge(typed, around).into_iter().filter(|judged| judged.field == field);
    judged.map(|judged| (judged.verdict, judged.remark.as_str(), judged.suggestion)).collect()
}

fn server(text: &str, around: &SettingsContext<'_>) -> (FieldVerdict, &'static str, Option<String>) {
    let typed = EnteredSettings { server: text.to_owned(), ..EnteredSettings::default() };
    said(&typed, around, SettingsField::Server).pop().unwrap()
}

fn around<'a>(providers: &'a Providers, id: &str) -> SettingsContext<'a> {
    SettingsContext {
        providers: Some(providers),
        provider: providers.by_id(id),
        domain: Some("bakery.example".to_owned()),
        ..SettingsContext::default()
    }
}

#[test]
fn the_server_is_held_against_the_provider() {
    let providers = providers();
    let google = around(&providers, "google-workspace");
    let right = || Some("smtp.gmail.com".to_owned());
    for (text, verdict, remark, suggestion) in [
        ("smtp.gmail.com", FieldVerdict::Right, "server.matches", None),
        (" SMTP.gmail.com ", FieldVerdict::Right, "server.matches", None),
        ("ｓｍｔｐ．ｇｍａｉｌ．ｃｏｍ", FieldVerdict::Right, "server.matches", None),
        ("smtp.gmial.com", FieldVerdict::Doubtful, "server.near-miss", right()),
        ("smpt.gmail.com", FieldVerdict::Doubtful, "server.near-miss", right()),
        ("imap.gmail.com", FieldVerdict::Wrong, "server.incoming", right()),
        ("pop.gmail.com", FieldVerdict::Wrong, "server.incoming", right()),
        ("smtp.gmail.com:587", FieldVerdict::Wrong, "server.with-port", right()),
        ("https://smtp.gmail.com/mail", FieldVerdict::Wrong, "server.url", right()),
        ("name@bakery.example", FieldVerdict::Wrong, "server.address", right()),
        ("smtp gmail com", FieldVerdict::Wrong, "server.no-name", right()),
        ("localhost", FieldVerdict::Wrong, "server.no-name", right()),
        ("192.0.2.1", FieldVerdict::Doubtful, "server.ip", right()),
        ("smtp.office365.com", FieldVerdict::Doubtful, "server.other", right()),
        ("mail.bakery.example", FieldVerdict::Doubtful, "server.differs", right()),
    ] {
        assert_eq!(server(text, &google), (verdict, remark, suggestion), "{text}");
    }
    // The name of a host is filled in, that of a region is not.
    let cpanel = around(&providers, "cpanel");
    assert_eq!(server("mail.bakery.example", &cpanel).1, "server.matches");
    let near = server("mail.bakrey.example", &cpanel);
    assert_eq!((near.1, near.2.as_deref()), ("server.near-miss", Some("mail.bakery.example")));
    assert_ne!(server("mail.flower.example", &cpanel).1, "server.matches");
    let unknown = SettingsContext { domain: None, ..around(&providers, "cpanel") };
    assert_eq!(server("mail.bakery.example", &unknown).1, "server.matches");
    assert_eq!(server("bakery.example", &cpanel).2.as_deref(), Some("mail.bakery.example"));
    let ses = around(&providers, "ses");
    assert_eq!(server("email-smtp.eu-west-1.amazonaws.com", &ses).1, "server.matches");
    assert_eq!(server("email-smtp.example.com", &ses).2, None);
    assert_eq!(server("127.0.0.1", &around(&providers, "proton")).1, "server.ip");
}

#[test]
fn without_a_provider_nothing_is_made_up() {
    let providers = providers();
    let nobody = SettingsContext { providers: Some(&providers), ..SettingsContext::default() };
    assert_eq!(server("mail.bakery.example", &nobody), (FieldVerdict::Unknown, "server.unknown", None));
    assert_eq!(server("smtp.gmail.com", &nobody).1, "server.matches");
    assert_eq!(server("imap.bakery.example", &nobody).2.as_deref(), Some("smtp.bakery.example"));
    let typed = EnteredSettings { method: Some(Auth::Password), ..EnteredSettings::default() };
    assert_eq!(
        said(&typed, &nobody, SettingsField::Method),
        [(FieldVerdict::Unknown, "method.unknown", None)]
    );
}

#[test]
fn a_lookup_that_failed_says_nothing_about_the_name() {
    let providers = providers();
    let ask = |lookup| {
        let around = SettingsContext { lookup: Some(lookup), ..around(&providers, "google-workspace") };
        let typed = EnteredSettings { server: "mail.bakery.example".into(), ..EnteredSettings::default() };
        let said = said(&typed, &around, SettingsField::Server);
        said.into_iter().map(|(verdict, remark, _)| (verdict, remark)).collect::<Vec<_>>()
    };
    assert_eq!(ask(HostLookup::Missing), [(FieldVerdict::Wrong, "server.missing")]);
    assert_eq!(ask(HostLookup::Failed(Failure::TimedOut)), [(FieldVerdict::Unknown, "server.unchecked")]);
    assert_eq!(ask(HostLookup::Found), [(FieldVerdict::Unknown, "server.found")]);
}

#[test]
fn a_name_that_resolves_is_never_called_a_typing_error() {
    let providers = providers();
    for (id, server) in [("google-workspace", "smtp.gmial.com"), ("zoho", "smtp.zoho.ae")] {
        let verdict = |lookup| {
            let around = SettingsContext { lookup, ..around(&providers, id) };
            let typed = EnteredSettings { server: server.into(), ..EnteredSettings::default() };
            said(&typed, &around, SettingsField::Server)
                .into_iter()
                .map(|(_, remark, _)| remark)
                .collect::<Vec<_>>()
        };
        assert!(verdict(None).contains(&"server.near-miss"), "{server}");
        assert_eq!(verdict(Some(HostLookup::Found)), ["server.found"], "{server}");
    }
}

#[test]
fn a_name_is_missing_only_when_both_questions_were_answered() {
    let name = |text: &str| crate::dns::Name::parse(text).unwrap();
    let zone = crate::zone::Zone::parse("mail.bakery.example A 192.0.2.1\nbakery.example TXT \"x\"").unwrap();
    let ask = |host: &str| {
        let types = [crate::dns::Rtype::A, crate::dns::Rtype::Aaaa];
        types.map(|rtype| zone.ask(&crate::dns::Query::new(name(host), rtype)).unwrap())
    };
    let failed = Outcome::failed(Failure::ServFail);
    let mut found = ask("mail.bakery.example");
    assert_eq!(HostLookup::of(&found), HostLookup::Found);
    found[1] = &failed;
    assert_eq!(HostLookup::of(&found), HostLookup::Found);
    let mut missing = ask("smtp.bakery.example");
    assert_eq!(HostLookup::of(&missing), HostLookup::Missing);
    assert_eq!(HostLookup::of(&ask("bakery.example")), HostLookup::Missing);
    missing[0] = &failed;
    assert_eq!(HostLookup::of(&missing), HostLookup::Failed(Failure::ServFail));
}

#[test]
fn what_the_domain_publishes_counts_as_the_provider_s_word() {
    let published =
        vec![PublishedServer { host: "submit.bakery.example".into(), port: 465, security: Security::Tls }];
    let around =
        SettingsContext { published, domain: Some("bakery.example".into()), ..SettingsContext::default() };
    assert_eq!(server("submit.bakery.example", &around).1, "server.published");
    let typed = EnteredSettings {
        server: "submit.bakery.example".into(),
        port: "587".into(),
        encryption: Encryption::StartTls,
        ..EnteredSettings::default()
    };
    let port = said(&typed, &around, SettingsField::Port);
    assert_eq!(port, [(FieldVerdict::Doubtful, "port.differs", Some("465".into()))]);
}

#[test]
fn ports_and_encryption_go_together() {
    let providers = providers();
    let around = around(&providers, "google-workspace");
    let ask = |port: &str, encryption| {
        let typed = EnteredSettings { port: port.into(), encryption, ..EnteredSettings::default() };
        let of = |field| said(&typed, &around, field).pop().unwrap();
        let (port, encryption) = (of(SettingsField::Port), of(SettingsField::Encryption));
        (port.1, encryption.0, encryption.1, encryption.2)
    };
    use Encryption::{Plain, StartTls, Tls};
    let (right, wrong) = (FieldVerdict::Right, FieldVerdict::Wrong);
    let word = |encryption: Encryption| Some(encryption.as_str().to_owned());
    assert_eq!(ask("465", Tls), ("port.matches", right, "encryption.matches", None));
    assert_eq!(ask("587", StartTls), ("port.matches", right, "encryption.matches", None));
    assert_eq!(ask("465", StartTls), ("port.matches", wrong, "encryption.from-start", word(Tls)));
    assert_eq!(ask("587", Tls), ("port.matches", wrong, "encryption.after-start", word(StartTls)));
    assert_eq!(ask("587", Plain), ("port.matches", wrong, "encryption.missing", word(StartTls)));
    assert_eq!(ask("25", Plain).0, "port.servers");
    // Beside the port that is to be entered.
    assert_eq!(ask("993", Tls), ("port.imap", right, "encryption.matches", None));
    for (port, remark) in [
        ("995", "port.pop"),
        ("443", "port.web"),
        ("2526", "port.differs"),
        ("0", "port.none"),
        ("x", "port.none"),
    ] {
        assert_eq!(ask(port, Tls).0, remark, "{port}");
    }
}

#[test]
fn user_names_are_whole_addresses_but_for_some_services() {
    let providers = providers();
    let ask = |text: &str, id: &str| {
        let typed = EnteredSettings { user: text.into(), ..EnteredSettings::default() };
        let said = said(&typed, &around(&providers, id), SettingsField::User).pop().unwrap();
        (said.1, said.2)
    };
    let google = "google-workspace";
    assert_eq!(ask("anna@bakery.example", google), ("user.address", None));
    assert_eq!(ask("anna@mail.bakery.example", google), ("user.address", None));
    assert_eq!(ask("anna", google), ("user.without-domain", Some("anna@bakery.example".into())));
    assert_eq!(ask("anna smith", google), ("user.without-domain", None));
    assert_eq!(ask("anna@bäckerei.example", google).0, "user.other-domain");
    assert_eq!(ask("anna@otherbakery.example", google).0, "user.other-domain");
    assert_eq!(ask("an na@bakery.example", google).0, "user.no-address");
    assert_eq!(ask("anna@bakery", google).0, "user.no-address");
    assert_eq!(ask("me@bakery.example", "sendgrid"), ("user.fixed", Some("apikey".into())));
    assert_eq!(ask("apikey", "sendgrid"), ("user.fixed", None));
    assert_eq!(ask("AKIA123", "ses"), ("user.service", None));
}

#[test]
fn passwords_are_refused_where_the_provider_has_withdrawn_them() {
    let providers = providers();
    let ask = |method, id: &str| {
        let typed = EnteredSettings { method: Some(method), ..EnteredSettings::default() };
        said(&typed, &around(&providers, id), SettingsField::Method).pop().unwrap()
    };
    let best = |auth: Auth| Some(auth.as_str().to_owned());
    let refused = (FieldVerdict::Wrong, "method.refused", best(Auth::OAuth2));
    assert_eq!(ask(Auth::Password, "outlook"), refused);
    assert_eq!(ask(Auth::AppPassword, "icloud"), (FieldVerdict::Right, "method.accepted", None));
    assert_eq!(ask(Auth::Password, "icloud").2, best(Auth::AppPassword));
    assert_eq!(ask(Auth::AppPassword, "gmail"), (FieldVerdict::Right, "method.accepted", None));
    let doubtful = (FieldVerdict::Doubtful, "method.second-best", best(Auth::OAuth2));
    assert_eq!(ask(Auth::Password, "microsoft365"), doubtful);
    let relay = EnteredSettings {
        server: "smtp-relay.gmail.com".into(),
        method: Some(Auth::Password),
        ..EnteredSettings::default()
    };
    let said = said(&relay, &around(&providers, "google-workspace"), SettingsField::Method);
    assert_eq!(said[0].1, "method.second-best");
    assert_eq!(ask(Auth::Password, "google-workspace").1, "method.refused");
    assert_eq!(ask(Auth::Password, "gmx").1, "method.accepted");
}

#[test]
fn commands_name_server_and_port_and_nothing_that_a_shell_would_run() {
    let lines = |server: &str, port: &str, encryption, user: &str| {
        commands(server, port, encryption, user).into_iter().map(|command| command.line).collect::<Vec<_>>()
    };
    assert_eq!(
        lines("smtp.gmail.com", "587", Encryption::StartTls, "anna@bakery.example"),
        [
            "Test-NetConnection \"smtp.gmail.com\" -Port \"587\"",
            "nc -vz -w 10 \"smtp.gmail.com\" \"587\"",
            "curl.exe -v --ssl-reqd --max-time 20 \"smtp://smtp.gmail.com:587\"",
            "openssl s_client -starttls smtp -crlf -connect \"smtp.gmail.com:587\" -servername \"smtp.gmail.com\" \
             -verify_hostname \"smtp.gmail.com\"",
            "curl.exe -sS --ssl-reqd --max-time 20 --user \"anna@bakery.example\" \"smtp://smtp.gmail.com:587\"",
            "curl -sS --ssl-reqd --max-time 20 --user \"anna@bakery.example\" \"smtp://smtp.gmail.com:587\"",
        ]
    );
    let tls = lines("smtp.gmail.com", "465", Encryption::Unset, "'; rm -rf ~");
    assert!(tls[3].starts_with("openssl s_client -crlf"), "{}", tls[3]);
    assert!(tls[5].ends_with("--user \"USER\" \"smtps://smtp.gmail.com:465\""), "{}", tls[5]);
    for (server, port) in
        [("a b.example", "25"), ("$(id).example", "25"), ("mail.example", "x"), ("-h.example", "1")]
    {
        assert_eq!(lines(server, port, Encryption::Tls, "a"), Vec::<String>::new(), "{server} {port}");
    }
}

#[test]
fn what_programs_print_is_understood() {
    use TestOutput::*;
    for (text, wanted) in [
        ("", &[][..]),
        ("hello", &[Nothing]),
        ("Connection to smtp.gmail.com port 587 [tcp/submission] succeeded!", &[Connected]),
        ("nc: connect to smtp.example port 25 (tcp) failed: Connection refused", &[Refused]),
        ("nc: connect to 192.0.2.1 port 25 (tcp) timed out: Operation now in progress", &[TimedOut]),
        ("nc: getaddrinfo for host \"smtp.gmial.example\" port 587: Name or service not known", &[NoName]),
        ("ComputerName : x\nRemotePort : 465\nTcpTestSucceeded : True", &[Connected]),
        (
            "WARNING: TCP connect to (192.0.2.1 : 25) failed\nPingSucceeded : False\nTcpTestSucceeded : False",
            &[NotReached],
        ),
        ("WARNING: Name resolution of smtp.gmial.example failed", &[NoName]),
        ("警告: smtp.gmial.example 的名稱解析失敗", &[NoName]),
        ("CONNECTED(00000003)\nverify error:num=62:hostname mismatch", &[OtherName]),
        ("* SSL: no alternative certificate subject name matches target host name 'a'", &[OtherName]),
        ("verify error:num=10:certificate has expired", &[Expired]),
        ("verify error:num=18:self-signed certificate", &[Untrusted]),
        ("Didn't find STARTTLS in server response, trying anyway...", &[NoStartTls]),
        ("curl: (64) Requested SSL level failed", &[NoStartTls]),
        ("40:error:0A00010B:SSL routines:ssl3_get_record:wrong version number", &[NotFromStart]),
        ("535 5.7.8 Username and Password not accepted.", &[WrongLogin]),
        ("535-5.7.8 Username and\n535 5.7.8 not accepted", &[WrongLogin]),
        ("curl: (67) Login denied", &[WrongLogin]),
        ("535 5.7.139 Authentication unsuccessful, basic authentication is disabled", &[Withdrawn]),
        ("534-5.7.9 Application-specific password required.", &[AppPassword]),
        ("530 5.7.0 Must issue a STARTTLS command first", &[EncryptFirst]),
        ("530 5.7.57 Client not authenticated to send mail", &[LoginFirst]),
        ("454 4.7.0 Too many login attempts, please try again later", &[Later]),
        ("220 smtp ready\n235 2.7.0 Accepted", &[LoggedIn]),
        ("> AUTH PLAIN AGFubmEAc2VjcmV0\n< 235 2.7.0 Accepted", &[Secret, LoggedIn]),
        ("> AUTH PLAIN\n< 334", &[Nothing]),
        ("2350 messages", &[Nothing]),
        // A good session of openssl, which tells how long it may be taken up again.
        (
            "CONNECTED(00000003)\n    Start Time: 1764275000\n    Timeout   : 7200 (sec)\n    Verify return code: 0 (ok)\n250 SMTPUTF8\nDONE",
            &[Connected],
        ),
        (
            "CONNECTED(00000003)\n220 mx ESMTP\n421 4.4.2 mx.shop.example Error: timeout exceeded",
            &[Connected],
        ),
        (
            "* Connected to smtp.shop.example\n* SSL connection timeout\ncurl: (28) SSL connection timeout",
            &[TimedOut, Connected],
        ),
        ("< 220 mx\ncurl: (28) Operation timed out after 20001 milliseconds", &[Connected]),
        // What a quiet curl prints after signing in: the server's help, or that it gives none.
        ("Enter host password for user 'anna':\ncurl: (8) Command failed: 502", &[Accepted]),
        ("Enter host password for user 'anna':\n214 2.0.0 See RFC 5321", &[Accepted]),
        ("curl: (8) Command failed: 530", &[LoginFirst]),
        ("curl: (67) Login denied\ncurl: (8) Command failed: 502", &[WrongLogin]),
        ("curl: (8) Command failed: 500", &[Accepted]),
        ("curl: (8) Command failed: 504", &[Accepted]),
        ("curl: (8) Command failed: 554", &[Nothing]),
        ("curl: (8) Command failed: 503", &[Nothing]),
        // Without a user name it goes as far.
        ("* Connected to mx\n< 220 mx\n> HELP\n< 502 5.5.2\ncurl: (8) Command failed: 502", &[Connected]),
    ] {
        assert_eq!(read_output(text).0, wanted, "{text}");
    }
    let (what, offers) = read_output(
        "< 220 mx ready\r\n< 250-mx at your service\r\n< 250-AUTH LOGIN PLAIN XOAUTH2 <b>\r\n< 250 SMTPUTF8\r\n",
    );
    assert_eq!(what, [Offers]);
    assert_eq!(offers, ["LOGIN", "PLAIN", "XOAUTH2"]);
    assert_eq!(read_output("250-AUTH=PLAIN").1, ["PLAIN"]);
    assert_eq!(misfit(&offers, Some(Auth::Password)), None);
    assert_eq!(misfit(&["XOAUTH2".to_owned()], Some(Auth::AppPassword)), Some(OffersNoPassword));
    assert_eq!(misfit(&["PLAIN".to_owned()], Some(Auth::OAuth2)), Some(OffersNoOAuth));
    assert_eq!((misfit(&[], Some(Auth::OAuth2)), misfit(&offers, None)), (None, None));
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_typed_is_judged_once_and_a_suggestion_is_right(
            server in "\\PC{0,20}|(smtp|imap|mail)\\.[a-z]{2,9}\\.(com|net|example)",
            port in "\\PC{0,6}|[0-9]{1,5}",
            user in "\\PC{0,20}|[a-z]{1,5}(@[a-z]{2,8}\\.example)?",
            which in 0..68usize,
            encryption in prop::sample::select(Encryption::ALL),
            method in prop::option::of(prop::sample::select(Auth::ALL)),
        ) {
            let providers = providers();
            let provider = &providers.providers[which % providers.providers.len()];
            let around = around(&providers, &provider.id);
            let typed = EnteredSettings { server, port, encryption, user, method };
            for judged in judge(&typed, &around) {
                prop_assert!(judged.remark != SettingsRemark::Nothing);
                let Some(suggestion) = judged.suggestion else { continue };
                prop_assert!(judged.verdict != FieldVerdict::Right, "{:?}", judged.remark);
                let mut better = typed.clone();
                match judged.field {
                    SettingsField::Server => better.server = suggestion.clone(),
                    SettingsField::Port => better.port = suggestion.clone(),
                    SettingsField::User => better.user = suggestion.clone(),
                    SettingsField::Encryption => {
                        better.encryption =
                            Encryption::from_word(&suggestion).unwrap();
                    }
                    SettingsField::Method => {
                        better.method = Auth::from_word(&suggestion);
                    }
                }
                let again = judge(&better, &around).into_iter().filter(|again| again.field == judged.field);
                for again in again {
                    prop_assert!(
                        again.suggestion.as_deref() != Some(suggestion.as_str()),
                        "{:?} suggests {} again", again.remark, suggestion
                    );
                }
            }
        }

        #[test]
        fn any_output_is_read(text in "(?s).{0,400}", prefix in prop::sample::select(&["", "250-AUTH ", "535 ", "> "][..])) {
            let text = format!("{prefix}{text}");
            let (what, offers) = read_output(&text);
            prop_assert_eq!(what.is_empty(), text.trim().is_empty());
            prop_assert!(offers.len() <= 12 && offers.iter().all(|offer| offer.is_ascii()));
        }
    }
}

#[test]
fn what_is_wrong_is_corrected_before_it_is_tested() {
    let providers = providers();
    let google = around(&providers, "google-workspace");
    let typed = EnteredSettings {
        server: "imap.gmail.com".to_owned(),
        port: "993".to_owned(),
        encryption: Encryption::StartTls,
        ..EnteredSettings::default()
    };
    let corrected = corrected(&typed, &google);
    assert_eq!((corrected.server.as_str(), corrected.port.as_str()), ("smtp.gmail.com", "465"));
    assert_eq!(corrected.encryption, Encryption::Tls, "as the port that is to be entered wants it");
    assert!(judge(&corrected, &google).iter().all(|judged| judged.verdict == FieldVerdict::Right));
    assert_eq!(super::corrected(&corrected, &google), corrected, "what is right stays");
}

#[test]
fn to_fit_a_port_that_is_wrong_is_no_merit() {
    let providers = providers();
    let google = around(&providers, "google-workspace");
    let typed = EnteredSettings {
        server: "smtp.gmail.com".to_owned(),
        port: "25".to_owned(),
        encryption: Encryption::StartTls,
        ..EnteredSettings::default()
    };
    let encryption = said(&typed, &google, SettingsField::Encryption);
    assert!(encryption.iter().all(|(verdict, ..)| *verdict != FieldVerdict::Right), "{encryption:?}");
}
