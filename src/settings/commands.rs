//! Lines to be run on the user's own machine.

use super::{Encryption, host};
use crate::input::limits;

/// What a line is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Does the server answer on this port?
    Reach,
    /// Is the connection encrypted, is the certificate good, which ways of signing in are offered?
    Encrypt,
    /// Is the user name with its password accepted?
    SignIn,
}

impl Purpose {
    /// The end of the locale key.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reach => "reach",
            Self::Encrypt => "encrypt",
            Self::SignIn => "sign-in",
        }
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

/// The lines for a server. None for a name or port that is not one: nothing typed reaches a shell unread.
#[must_use]
pub fn commands(server: &str, port: &str, encryption: Encryption, user: &str) -> Vec<Command> {
    let [port, user] = [port, user].map(|text| limits::Field::Line.part(text));
    let Some((host, port)) = host(server).zip(port.trim().parse::<u16>().ok().filter(|&port| port > 0))
    else {
        return Vec::new();
    };
    let tls = match encryption {
        Encryption::Unset => port == 465,
        chosen => chosen == Encryption::Tls,
    };
    let url = format!("{}://{host}:{port}", if tls { "smtps" } else { "smtp" });
    let starttls = if tls { "" } else { "-starttls smtp " };
    let user = if is_plain(user.trim()) { user.trim() } else { "USER" };
    let line = |on, purpose, line| Command { on, purpose, line };
    vec![
        line(WINDOWS, Purpose::Reach, format!("Test-NetConnection {host} -Port {port}")),
        line(UNIX, Purpose::Reach, format!("nc -vz -w 10 {host} {port}")),
        line(WINDOWS, Purpose::Encrypt, format!("curl.exe -v --ssl-reqd --max-time 20 {url}")),
        line(
            UNIX,
            Purpose::Encrypt,
            format!(
                "openssl s_client {starttls}-crlf -connect {host}:{port} -servername {host} -verify_hostname {host}"
            ),
        ),
        // Without -v: that would print the password.
        line(
            WINDOWS,
            Purpose::SignIn,
            format!("curl.exe -sS --ssl-reqd --max-time 20 --user \"{user}\" {url}"),
        ),
        line(UNIX, Purpose::SignIn, format!("curl -sS --ssl-reqd --max-time 20 --user '{user}' {url}")),
    ]
}

/// Whether a user name means nothing to any shell.
fn is_plain(user: &str) -> bool {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"@._+-".contains(&byte);
    !user.is_empty() && user.len() <= 254 && !user.starts_with('-') && user.bytes().all(harmless)
}
