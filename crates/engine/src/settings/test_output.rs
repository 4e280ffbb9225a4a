//! Heard a test on the user's own machine printed.

use super::FieldVerdict;
use crate::{input::limits, knowledge::Auth, steps};

words! {
    /// One thing that was read in it: the end of the locale key `smtp.heard.<word>`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum TestOutput {
        /// Nothing that is known.
        #[default]
        Nothing = "nothing",
        /// The password, or what it can be read from, is in the text.
        Secret = "secret",
        /// The name of the server does not exist or could not be looked up.
        NoName = "no-name",
        /// The machine is there and refuses the port.
        Refused = "refused",
        /// Nobody answered in time.
        TimedOut = "timed-out",
        /// No connection, without a reason.
        NotReached = "not-reached",
        /// The certificate is for another name.
        OtherName = "other-name",
        /// The certificate is too old.
        Expired = "expired",
        /// The certificate is signed by nobody who is known.
        Untrusted = "untrusted",
        /// The port does not speak encryption from the start.
        NotFromStart = "not-from-start",
        /// The server offers no STARTTLS.
        NoStartTls = "no-starttls",
        /// Signing in by password is switched off.
        Withdrawn = "withdrawn",
        /// An app password is wanted.
        AppPassword = "app-password",
        /// The password or user name is wrong.
        WrongLogin = "wrong-login",
        /// Encryption is wanted before anything else.
        EncryptFirst = "encrypt-first",
        /// Somebody has to sign in first.
        LoginFirst = "login-first",
        /// Not now.
        Later = "later",
        /// Signed in.
        LoggedIn = "logged-in",
        /// Went past signing in without a word against it: what a quiet curl shows of a success.
        Accepted = "accepted",
        /// The server takes no password.
        OffersNoPassword = "offers-no-password",
        /// The server takes no sign-in by OAuth 2.
        OffersNoOAuth = "offers-no-oauth",
        /// The ways of signing in that the server offers.
        Offers = "offers",
        /// It was reached.
        Connected = "connected",
    }
    key "smtp.heard.{}"
}

/// So many ways of signing in are named.
const MOST: usize = 12;

/// Words of programs, in lower case. Where one is found the rest of its line counts no more.
const SAID: &[(TestOutput, &[&str])] = &[
    (
        TestOutput::NoName,
        &[
            "name or service not known",
            "nodename nor servname",
            "could not resolve",
            "couldn't resolve",
            "name resolution",
            "getaddrinfo",
            "no such host",
            "non-existent domain",
            "no address associated",
            "unknown host",
            "名稱解析",
        ],
    ),
    (TestOutput::Refused, &["connection refused", "actively refused", "econnrefused", "拒絕連線"]),
    (TestOutput::TimedOut, &["timed out", "timeout", "etimedout", "errno=60", "errno=110", "逾時"]),
    (
        TestOutput::NotReached,
        &[
            "tcptestsucceeded : false",
            "tcp connect to",
            "network is unreachable",
            "no route to host",
            "failed to connect",
            "couldn't connect",
        ],
    ),
    (
        TestOutput::OtherName,
        &[
            "hostname mismatch",
            "does not match target host",
            "no alternative certificate subject name",
            "name mismatch",
            "error:num=62",
            "principal name",
        ],
    ),
    (TestOutput::Expired, &["certificate has expired", "certificate is expired"]),
    (
        TestOutput::Untrusted,
        &[
            "self-signed certificate",
            "self signed certificate",
            "unable to get local issuer",
            "unable to verify the first",
            "untrusted root",
            "not trusted",
        ],
    ),
    (TestOutput::NotFromStart, &["wrong version number", "packet length too long", "unknown protocol"]),
    (
        TestOutput::NoStartTls,
        &["didn't find starttls", "starttls not supported", "requested ssl level failed", "curl: (64)"],
    ),
    (TestOutput::Withdrawn, &["5.7.139", "5.7.30", "basic authentication is"]),
    (
        TestOutput::AppPassword,
        &["application-specific password", "app password", "app-specific password", "授權碼", "授权码"],
    ),
    (TestOutput::WrongLogin, &["curl: (67)", "login denied"]),
    (TestOutput::EncryptFirst, &["must issue a starttls"]),
    (
        TestOutput::Connected,
        &["tcptestsucceeded : true", "connected(", "connected to ", "succeeded!", "] open", ") open"],
    ),
];

/// Reads a text: each thing once, the one to act on first, and the ways of signing in that the server offers. Never
/// fails, and reads no more than [`limits::InputField::Output`].
#[must_use]
pub fn read_output(text: &str) -> (Vec<TestOutput>, Vec<String>) {
    let text = limits::InputField::Output.part(text);
    steps::took(text.len());
    let mut found: Vec<TestOutput> = Vec::new();
    let mut offers: Vec<String> = Vec::new();
    let mut spoke = false;
    for line in text.lines() {
        spoke |= is_reply(line);
        for what in of_line(line, &mut offers) {
            if !found.contains(&what) {
                found.push(what);
            }
        }
    }
    found.sort_unstable();
    // A server that spoke is behind no firewall, whatever ended the conversation.
    if spoke {
        found.retain(|what| *what != TestOutput::TimedOut);
    }
    // curl asks for help once it has signed in; where it shows the conversation, that tells whether it did sign in.
    if found.iter().any(|what| *what != TestOutput::Accepted) {
        found.retain(|what| *what != TestOutput::Accepted);
    }
    // Who spoke to the server reached it, and who was refused later was not signed in.
    let better = |found: &[TestOutput], than: TestOutput| found.iter().any(|what| *what < than);
    if found.iter().any(|what| (TestOutput::OtherName..=TestOutput::Offers).contains(what)) {
        found.retain(|what| *what != TestOutput::Connected);
    }
    if found
        .iter()
        .any(|what| matches!(what, TestOutput::NoName | TestOutput::Refused | TestOutput::TimedOut))
    {
        found.retain(|what| *what != TestOutput::NotReached);
    }
    if better(&found, TestOutput::WrongLogin)
        && found.iter().any(|what| matches!(what, TestOutput::Withdrawn | TestOutput::AppPassword))
    {
        found.retain(|what| *what != TestOutput::WrongLogin);
    }
    if found.contains(&TestOutput::EncryptFirst) {
        found.retain(|what| *what != TestOutput::LoginFirst);
    }
    if found.is_empty() && !text.trim().is_empty() {
        found.push(TestOutput::Nothing);
    }
    (found, offers)
}

impl TestOutput {
    /// What it means for the sender.
    #[must_use]
    pub fn verdict(self) -> FieldVerdict {
        match self {
            Self::Connected | Self::LoggedIn | Self::Accepted | Self::Offers => FieldVerdict::Right,
            Self::Nothing => FieldVerdict::Unknown,
            Self::Later | Self::LoginFirst => FieldVerdict::Doubtful,
            _ => FieldVerdict::Wrong,
        }
    }
}

/// Whether the way of signing in is none of those that the server offers (RFC 4954, RFC 7628).
#[must_use]
pub fn misfit(offers: &[String], method: Option<Auth>) -> Option<TestOutput> {
    let is_token = |offer: &String| offer == "XOAUTH2" || offer == "OAUTHBEARER";
    match method? {
        _ if offers.is_empty() => None,
        Auth::OAuth2 => (!offers.iter().any(is_token)).then_some(TestOutput::OffersNoOAuth),
        Auth::IpAllowlist => None,
        _ => offers.iter().all(is_token).then_some(TestOutput::OffersNoPassword),
    }
}

fn of_line(line: &str, offers: &mut Vec<String>) -> Vec<TestOutput> {
    // curl marks what it read and what it sent.
    let said = line.trim().trim_start_matches(['<', '*', ' ']);
    let lower = said.to_lowercase();
    let sent = lower.trim_start_matches(['>', ' ']);
    if (sent.starts_with("auth plain ") || sent.starts_with("auth login ")) && sent.len() > 11 {
        return vec![TestOutput::Secret];
    }
    let mut found: Vec<TestOutput> = Vec::new();
    for (what, words) in SAID {
        // What openssl says of the session it has begun: `Timeout   : 7200 (sec)`.
        let setting = *what == TestOutput::TimedOut
            && lower.strip_prefix("timeout").is_some_and(|rest| rest.trim_start().starts_with(':'));
        if !setting && words.iter().any(|word| lower.contains(word)) {
            found.push(*what);
        }
    }
    found.extend(of_reply(&lower));
    // The reply to HELP: `Command failed: 502` from servers that know none. Any other refusal is about something else.
    if let Some((_, code)) =
        lower.strip_prefix("curl: (").and_then(|rest| rest.split_once("command failed: "))
    {
        match code.get(..3) {
            Some("500" | "502" | "504") => found.push(TestOutput::Accepted),
            Some("530") => found.push(TestOutput::LoginFirst),
            _ => {}
        }
    }
    if let Some(list) = lower.get(3..).filter(|_| lower.starts_with("250")).and_then(|rest| {
        rest.strip_prefix(['-', ' '])?.strip_prefix("auth").and_then(|rest| rest.strip_prefix([' ', '=']))
    }) {
        found.push(TestOutput::Offers);
        for word in list.split_whitespace() {
            let plain = word.len() <= 20
                && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
            let word = word.to_ascii_uppercase();
            if plain && offers.len() < MOST && !offers.contains(&word) {
                offers.push(word);
            }
        }
    }
    found
}

/// The code of a reply (RFC 5321 section 4.2).
fn reply(line: &str) -> Option<u16> {
    let code: u16 = line.get(..3)?.parse().ok()?;
    (line[3..].is_empty() || line[3..].starts_with([' ', '-'])).then_some(code)
}

/// Whether the server said this, as curl shows it or bare.
fn is_reply(line: &str) -> bool {
    reply(line.trim().trim_start_matches(['<', ' '])).is_some_and(|code| (200..600).contains(&code))
}

/// Heard a reply of the server means (RFC 5321, RFC 4954).
fn of_reply(line: &str) -> Option<TestOutput> {
    match reply(line)? {
        214 => Some(TestOutput::Accepted),
        220 | 250 => Some(TestOutput::Connected),
        235 => Some(TestOutput::LoggedIn),
        // It waited for somebody to type.
        421 if line.contains("timeout") || line.contains("timed out") => None,
        421 | 454 => Some(TestOutput::Later),
        530 if line.contains("starttls") => Some(TestOutput::EncryptFirst),
        530 => Some(TestOutput::LoginFirst),
        534 => Some(TestOutput::AppPassword),
        535 => Some(TestOutput::WrongLogin),
        538 => Some(TestOutput::EncryptFirst),
        _ => None,
    }
}
