//! Lines to be run on the user's own machine.

use super::{Encryption, host};
use crate::{
    command::{self, Value},
    input::limits,
};

words! {
    /// What a line is good for.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Purpose {
        /// Does the server answer on this port?
        Reach = "reach",
        /// Is the connection encrypted, is the certificate good, which ways of signing in are offered?
        Encrypt = "encrypt",
        /// Is the user name with its password accepted?
        SignIn = "sign-in",
    }
    key "smtp.test.{}"
}

impl Purpose {
    /// The key of what it is good for, at length.
    #[must_use]
    pub fn key_of_text(self) -> String {
        format!("{}.text", self.key())
    }
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Where it runs: proper names.
    pub on: &'static str,
    /// What it is good for.
    pub purpose: Purpose,
    /// The line.
    pub line: String,
}

const WINDOWS: &str = "Windows (PowerShell)";
const UNIX: &str = "macOS, Linux";

/// The lines for a server. None for a name or port that is not one: nothing typed reaches a shell unread. A user name
/// that cannot be put into a command safely is replaced by a word.
#[must_use]
pub fn commands(server: &str, port: &str, encryption: Encryption, user: &str) -> Vec<Command> {
    let [port, user] = [port, user].map(|text| limits::InputField::Line.part(text));
    let Some((host, port)) = host(server).zip(port.trim().parse::<u16>().ok().filter(|&port| port > 0))
    else {
        return Vec::new();
    };
    let tls = match encryption {
        Encryption::Unset => port == 465,
        chosen => chosen == Encryption::Tls,
    };
    let url = if tls { "smtps://{host}:{port}" } else { "smtp://{host}:{port}" };
    let starttls = if tls { "" } else { "-starttls smtp " };
    let user = if command::is_user(user.trim()) { user.trim() } else { "USER" };
    let values =
        [("host", Value::Name(host.as_str())), ("port", Value::Port(port)), ("user", Value::User(user))];
    let lines = [
        (WINDOWS, Purpose::Reach, "Test-NetConnection {host} -Port {port}".to_owned()),
        (UNIX, Purpose::Reach, "nc -vz -w 10 {host} {port}".to_owned()),
        (WINDOWS, Purpose::Encrypt, format!("curl.exe -v --ssl-reqd --max-time 20 {url}")),
        (
            UNIX,
            Purpose::Encrypt,
            format!(
                "openssl s_client {starttls}-crlf -connect {{host}}:{{port}} -servername {{host}} -verify_hostname {{host}}"
            ),
        ),
        // Without -v: that would print the password.
        (WINDOWS, Purpose::SignIn, format!("curl.exe -sS --ssl-reqd --max-time 20 --user {{user}} {url}")),
        (UNIX, Purpose::SignIn, format!("curl -sS --ssl-reqd --max-time 20 --user {{user}} {url}")),
    ];
    let lines = lines.into_iter().map(|(on, purpose, template)| {
        Some(Command { on, purpose, line: command::line(&template, &values).ok()? })
    });
    lines.flatten().collect()
}
