//! Are the settings of a mail program right? Judged field by field, without ever asking for the password.
//!
//! [`judge`] holds what somebody typed ([`EnteredSettings`]) against the provider's settings, against what the domain publishes
//! for mail programs (RFC 6186, RFC 8314) and against what ports and encryption mean everywhere. [`commands()`] gives
//! lines with which the user tests from the own machine, since a page opens no SMTP connection; [`read_output()`] reads what
//! they printed.

mod commands;
mod encryption;
mod method;
mod port;
mod server;
mod test_output;
mod user;

pub use self::{
    commands::{Command, Purpose, commands},
    test_output::{TestOutput, misfit, read_output},
};
use crate::{
    dns::{Failure, Outcome},
    input::limits,
    knowledge::{Auth, Provider, Providers, Security, SmtpService},
    report::Report,
    steps,
    text::{Arg, Args},
};

words! {
    /// A field of the settings.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum SettingsField {
        /// The outgoing server.
        #[default]
        Server = "server",
        /// Its TCP port.
        Port = "port",
        /// How the connection is encrypted.
        Encryption = "encryption",
        /// The user name.
        User = "user",
        /// The way of signing in.
        Method = "method",
    }
}

words! {
    /// Encryption as mail programs offer it.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Encryption {
        /// Nothing chosen.
        #[default]
        Unset = "unset",
        /// From the first byte; many programs call it SSL.
        Tls = "tls",
        /// After the command STARTTLS; many programs call it TLS.
        StartTls = "starttls",
        /// None at all.
        Plain = "none",
    }
    key "smtp.encryption.{}"
}

impl From<Security> for Encryption {
    fn from(security: Security) -> Self {
        match security {
            Security::Tls => Self::Tls,
            Security::StartTls => Self::StartTls,
        }
    }
}

words! {
    /// What is said of a field: the end of its locale key `smtp.remark.<word>`.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum SettingsRemark {
        /// There is nothing to say.
        #[default]
        Nothing = "nothing",
        /// A web address stands where a name should.
        ServerIsUrl = "server.url",
        /// A mail address stands where a name should.
        ServerIsAddress = "server.address",
        /// The port stands behind the name.
        ServerWithPort = "server.with-port",
        /// It is no name of a host.
        ServerIsNoName = "server.no-name",
        /// An IP address: the certificate will not fit.
        ServerIsIp = "server.ip",
        /// The server for incoming mail.
        ServerIsIncoming = "server.incoming",
        /// A typing error away from the provider's server.
        ServerIsNearMiss = "server.near-miss",
        /// The server of somebody else.
        ServerOfOther = "server.other",
        /// Another one than the provider names.
        ServerDiffers = "server.differs",
        /// What the provider names.
        ServerMatches = "server.matches",
        /// What the domain publishes.
        ServerPublished = "server.published",
        /// The provider's server, on which a program must run on this machine.
        ServerVia = "server.via",
        /// The name does not exist, or leads to no address.
        ServerMissing = "server.missing",
        /// Its address could not be looked up.
        ServerUnchecked = "server.unchecked",
        /// The name has an address; nothing else is known of it.
        ServerFound = "server.found",
        /// There is nothing to compare with.
        ServerUnknown = "server.unknown",
        /// Not a number from 1 to 65535.
        PortIsNone = "port.none",
        /// Port 25 is for servers among themselves.
        PortForServers = "port.servers",
        /// A port of IMAP.
        PortOfImap = "port.imap",
        /// A port of POP.
        PortOfPop = "port.pop",
        /// A port of the web.
        PortOfWeb = "port.web",
        /// What the provider or the domain names.
        PortMatches = "port.matches",
        /// Another one than the provider names.
        PortDiffers = "port.differs",
        /// The usual one (RFC 8314, RFC 6409); nothing else is known.
        PortIsUsual = "port.usual",
        /// A stand-in that some providers offer.
        PortIsStandIn = "port.stand-in",
        /// Not a port of SMTP.
        PortIsUnusual = "port.unusual",
        /// Everybody on the way can read along.
        EncryptionIsMissing = "encryption.missing",
        /// It fits the port.
        EncryptionMatches = "encryption.matches",
        /// The port wants encryption from the start.
        EncryptionFromStart = "encryption.from-start",
        /// The port wants STARTTLS.
        EncryptionAfterStart = "encryption.after-start",
        /// The port tells nothing.
        EncryptionUnknown = "encryption.unknown",
        /// The domain is missing.
        UserWithoutDomain = "user.without-domain",
        /// No mail address, though it has an @.
        UserIsNoAddress = "user.no-address",
        /// The provider wants one word from everybody.
        UserIsFixed = "user.fixed",
        /// A service that gives user names of its own.
        UserOfService = "user.service",
        /// An address at another domain.
        UserOfOtherDomain = "user.other-domain",
        /// The whole address.
        UserIsAddress = "user.address",
        /// The provider accepts it.
        MethodAccepted = "method.accepted",
        /// The provider accepts it, and another one rather.
        MethodSecondBest = "method.second-best",
        /// The provider does not accept it.
        MethodRefused = "method.refused",
        /// There is nothing to compare with.
        MethodUnknown = "method.unknown",
    }
    key "smtp.remark.{}"
}

/// What is thought of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FieldVerdict {
    /// It cannot work, or must not be left so.
    Wrong,
    /// It may work.
    Doubtful,
    /// There is nothing to compare with.
    Unknown,
    /// It is as it should be.
    Right,
}

/// What somebody typed. Empty texts are not judged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnteredSettings {
    /// The server.
    pub server: String,
    /// The port.
    pub port: String,
    /// The encryption.
    pub encryption: Encryption,
    /// The user name.
    pub user: String,
    /// The way of signing in; none chosen.
    pub method: Option<Auth>,
}

/// An outgoing server that the domain publishes in SRV records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedServer {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The encryption that goes with the service.
    pub security: Security,
}

/// What the DNS says of the server's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostLookup {
    /// It has an address.
    Found,
    /// It has none, or does not exist.
    Missing,
    /// It could not be looked up.
    Failed(Failure),
}

impl HostLookup {
    /// From the outcomes for both kinds of addresses. One that failed proves nothing, unless the other has some.
    #[must_use]
    pub fn of(outcomes: &[&Outcome]) -> Self {
        let mut records = outcomes.iter().flat_map(|outcome| outcome.records());
        if records.any(|record| record.data.address().is_some()) {
            return Self::Found;
        }
        outcomes.iter().find_map(|outcome| outcome.failure()).map_or(Self::Missing, Self::Failed)
    }
}

/// What the fields are held against.
#[derive(Clone, Debug, Default)]
pub struct SettingsContext<'a> {
    /// All providers.
    pub providers: Option<&'a Providers>,
    /// The provider of the mailbox.
    pub provider: Option<&'a Provider>,
    /// What the domain publishes.
    pub published: Vec<PublishedServer>,
    /// The domain that mail is sent from.
    pub domain: Option<String>,
    /// What is known of the typed server's name.
    pub lookup: Option<HostLookup>,
}

/// What is said of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldFinding {
    /// The field.
    pub field: SettingsField,
    /// The verdict.
    pub verdict: FieldVerdict,
    /// What is said.
    pub remark: SettingsRemark,
    /// The values for its text.
    pub args: Args,
    /// What would be right, ready to be filled in: a text, or the word of a choice.
    pub suggestion: Option<String>,
}

impl FieldFinding {
    fn new(field: SettingsField, verdict: FieldVerdict, remark: SettingsRemark) -> Self {
        Self { field, verdict, remark, args: Args::default(), suggestion: None }
    }

    fn arg(mut self, name: &'static str, value: impl Into<Arg>) -> Self {
        self.args.set(name, value.into());
        self
    }

    fn suggest(mut self, text: Option<impl Into<String>>) -> Self {
        self.suggestion = text.map(Into::into);
        self
    }
}

/// Judges every field in which something stands, in the order of the form.
#[must_use]
pub fn judge(typed: &EnteredSettings, around: &SettingsContext<'_>) -> Vec<FieldFinding> {
    let typed = EnteredSettings {
        server: plain(&typed.server).to_ascii_lowercase(),
        port: plain(&typed.port),
        user: limits::InputField::Line.part(&typed.user).trim().to_owned(),
        encryption: typed.encryption,
        method: typed.method,
    };
    let server = server::judge(&typed, around);
    let port = port::judge(&typed, around);
    // To fit a port that is wrong is no merit: what is to be entered there counts.
    let right = EnteredSettings {
        port: right(&port, SettingsField::Port).unwrap_or(&typed.port).to_owned(),
        ..typed.clone()
    };
    let encryption = encryption::judge(&right, around);
    let (user, method) = (user::judge(&typed, around), method::judge(&typed, around));
    [server, port, encryption, user, method].into_iter().flatten().collect()
}

/// The settings as they are with what is proposed in place of what is wrong.
#[must_use]
pub fn corrected(typed: &EnteredSettings, around: &SettingsContext<'_>) -> EnteredSettings {
    let judged = judge(typed, around);
    let mut corrected = typed.clone();
    if let Some(server) = right(&judged, SettingsField::Server) {
        server.clone_into(&mut corrected.server);
    }
    if let Some(port) = right(&judged, SettingsField::Port) {
        port.clone_into(&mut corrected.port);
    }
    if let Some(word) = right(&judged, SettingsField::Encryption) {
        corrected.encryption = Encryption::from_word(word).unwrap_or(corrected.encryption);
    }
    corrected
}

/// What is proposed in place of what is wrong in a field.
fn right(judged: &[FieldFinding], field: SettingsField) -> Option<&str> {
    let wrong =
        judged.iter().find(|judged| judged.field == field && judged.verdict == FieldVerdict::Wrong)?;
    wrong.suggestion.as_deref()
}

/// The servers that a report names as published for mail programs.
#[must_use]
pub fn published(report: &Report) -> Vec<PublishedServer> {
    let servers = report.views.submission.iter().flat_map(|submission| &submission.servers);
    let published = servers.map(|server| PublishedServer {
        host: server.host.to_string(),
        port: server.port,
        security: server.security,
    });
    published.collect()
}

/// Hosts with automatic settings for mail programs that a report names.
#[must_use]
pub fn automatic(report: &Report) -> Vec<String> {
    let hosts = report.views.submission.iter().flat_map(|submission| &submission.automatic);
    hosts.map(|host| host.host.to_string()).collect()
}

/// What a text names as server, if it is a name that can be looked up.
#[must_use]
pub fn host(text: &str) -> Option<crate::dns::Name> {
    let text = plain(text).to_ascii_lowercase();
    let name = crate::dns::Name::parse(&text).ok()?;
    (name.is_host_name() && name.as_str().contains('.') && text.parse::<std::net::IpAddr>().is_err())
        .then_some(name)
}

/// Without blanks around it, and with full-width characters as the ASCII ones they stand for. No more than
/// [`limits::InputField::Line`] is read.
fn plain(text: &str) -> String {
    let text = limits::InputField::Line.part(text);
    steps::took(text.len());
    let ascii = text.trim().chars().map(|c| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3002}' => '.',
        c => c,
    });
    ascii.collect()
}

impl<'a> SettingsContext<'a> {
    /// The provider's servers that this host is one of; all of them for an empty host.
    fn services(&self, host: &str) -> impl Iterator<Item = &'a SmtpService> {
        let all = self.provider.map_or(&[][..], |provider| &provider.smtp[..]);
        let domain = self.domain.as_deref();
        all.iter().filter(move |service| {
            // Of what is known no blank stays open: `mail.{domain}` is not every name that begins so.
            host.is_empty()
                || match filled(&service.host, domain) {
                    Some(filled) => filled == host,
                    None => fits(&service.host, host),
                }
        })
    }

    /// The provider's first server with its blanks filled in; none where one stays open.
    fn host(&self) -> Option<String> {
        self.services("").find_map(|service| filled(&service.host, self.domain.as_deref()))
    }

    /// Ports and encryption known for this host, the provider's first.
    fn ports(&self, host: &str) -> Vec<(u16, Security)> {
        let theirs = self.services(host).map(|service| (service.port, service.security));
        let published = self.published.iter().filter(|server| host.is_empty() || server.host == host);
        let mut ports: Vec<(u16, Security)> = theirs.collect();
        ports.extend(published.map(|server| (server.port, server.security)));
        if ports.is_empty() && !host.is_empty() {
            return self.ports("");
        }
        ports
    }
}

/// Whether a host is the one of the data, whose labels in braces stand for one or more labels.
fn fits(pattern: &str, host: &str) -> bool {
    match (pattern.split_once('{'), pattern.split_once('}')) {
        (Some((head, _)), Some((_, tail))) => {
            host.len() > head.len() + tail.len() && host.starts_with(head) && host.ends_with(tail)
        }
        _ => pattern == host,
    }
}

/// A host of the data with the domain put in; none if something else is to be put in.
fn filled(pattern: &str, domain: Option<&str>) -> Option<String> {
    let host = match domain {
        Some(domain) => pattern.replace("{domain}", domain),
        None => pattern.to_owned(),
    };
    (!host.contains('{')).then_some(host)
}

#[cfg(test)]
mod tests;
