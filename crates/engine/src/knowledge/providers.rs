//! Mailbox and sending providers: how to recognise them, how to send through
//! them, their limits and pages (`www/data/providers.json`).

use super::{Confidence, DomainSuffix};
use crate::dns::Name;

words! {
    /// What a provider does.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ProviderKind {
        /// Gives people mailboxes.
        #[default]
        Mailbox = "mailbox",
        /// Sends mail for programs, shops and newsletters.
        Esp = "esp",
        /// Filters mail in front of the mailbox provider.
        Gateway = "gateway",
        /// Passes mail on to another mailbox.
        Forwarding = "forwarding",
        /// Web hosting with mail.
        Hosting = "hosting",
        /// Relays the outgoing mail of hosters.
        Relay = "relay",
    }
    key "giver.{}"
}

words! {
    /// How a connection is encrypted.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Security {
        /// From the first byte (RFC 8314), usually port 465.
        Tls = "tls",
        /// After the command STARTTLS (RFC 3207), usually port 587.
        #[default]
        StartTls = "starttls",
    }
    key "security.{}"
}

words! {
    /// What a provider accepts as proof of who is sending.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Auth {
        /// The mailbox's password, or one for SMTP alone.
        #[default]
        Password = "password",
        /// A password made for one program.
        AppPassword = "app-password",
        /// A sign-in in the browser.
        OAuth2 = "oauth2",
        /// A token from the provider's settings.
        SmtpToken = "smtp-token",
        /// A code from the provider's settings, typed where the password goes.
        AuthorizationCode = "authorization-code",
        /// The sender's address, registered with the provider.
        IpAllowlist = "ip-allowlist",
    }
    key "auth.{}"
}

words! {
    /// What a limit counts.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum LimitKind {
        /// Messages in 24 hours.
        MessagesPerDay = "messages-per-day",
        /// Messages in an hour.
        MessagesPerHour = "messages-per-hour",
        /// Messages in a minute.
        MessagesPerMinute = "messages-per-minute",
        /// Messages in a second.
        MessagesPerSecond = "messages-per-second",
        /// Messages in a month.
        MessagesPerMonth = "messages-per-month",
        /// Messages to other domains in an hour.
        ExternalMessagesPerHour = "external-messages-per-hour",
        /// Messages inside one's own domain in an hour.
        InternalMessagesPerHour = "internal-messages-per-hour",
        /// Recipients of all messages in 24 hours together.
        RecipientsPerDay = "recipients-per-day",
        /// Recipients in an hour.
        RecipientsPerHour = "recipients-per-hour",
        /// Recipients of all messages in a second together.
        RecipientsPerSecond = "recipients-per-second",
        /// Recipients of all messages in a month together.
        RecipientsPerMonth = "recipients-per-month",
        /// Recipients in a minute.
        RecipientsPerMinute = "recipients-per-minute",
        /// Recipients at other domains in 24 hours.
        ExternalRecipientsPerDay = "external-recipients-per-day",
        /// Different recipients in 24 hours.
        UniqueRecipientsPerDay = "unique-recipients-per-day",
        /// Different recipients of other domains a day.
        ExternalUniqueRecipientsPerDay = "external-unique-recipients-per-day",
        /// Recipients in 24 hours to whom the sender never wrote before.
        NewRecipientsPerDay = "new-recipients-per-day",
        /// Recipients of one message.
        RecipientsPerMessage = "recipients-per-message",
        /// Recipients of one message that a program sends.
        RecipientsPerMessageSmtp = "recipients-per-message-smtp",
        /// Recipients of one message at other domains.
        ExternalRecipientsPerMessage = "external-recipients-per-message",
        /// Size of a message in megabytes, attachments included.
        MessageSize = "message-size",
        /// Messages that programs relay in 24 hours.
        RelaysPerDay = "relays-per-day",
        /// Hours until sending works again.
        WaitHours = "wait-hours",
        /// All mailboxes of an organisation share one unpublished number.
        SharedDailyQuota = "shared-daily-quota",
        /// Bulk mail is not allowed at all.
        BulkForbidden = "bulk-forbidden",
        /// Something this program does not know yet.
        #[default]
        Other = "other",
    }
    key "limit.{}"
}

words! {
    /// How a limit counts its span.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Counting {
        /// Over the hours before each message.
        Rolling = "rolling",
        /// The provider does not say.
        #[default]
        Unpublished = "unpublished",
    }
}

reads_words!(ProviderKind, Security, Auth, LimitKind, Counting);

/// The file `providers.json`.
#[derive(Clone, Debug, Default)]
pub struct Providers {
    /// Year and month in which the facts were collected.
    pub collected: String,
    /// All providers. Of two that fit a name equally well the first counts.
    pub providers: Vec<Provider>,
}

reads!(Providers { collected: "collected", providers: "providers" });
reads_file!(Providers);

/// One provider.
#[derive(Clone, Debug, Default)]
pub struct Provider {
    /// Stable id.
    pub id: String,
    /// Proper name.
    pub name: String,
    /// What it does.
    pub kind: ProviderKind,
    /// Ends of MX host names.
    pub mx_suffix: Vec<DomainSuffix>,
    /// Ends of host names that belong to its customers' own servers.
    pub mx_except: Vec<DomainSuffix>,
    /// Ends of the reverse names of the addresses it sends from.
    pub sending_host: Vec<DomainSuffix>,
    /// Names by which it is recognised in an SPF record, at them and below. Many are no SPF records themselves: never to
    /// be published, see [`Provider::spf_to_publish`].
    pub spf_recognise: Vec<DomainSuffix>,
    /// Domains of its consumer mailboxes.
    pub domains: Vec<DomainSuffix>,
    /// DKIM selectors it uses.
    pub dkim_selectors: Vec<String>,
    /// The SPF records it asks customers to publish.
    pub spf_to_publish: Vec<SpfToPublish>,
    /// Servers for outgoing mail, the best one first.
    pub smtp: Vec<SmtpService>,
    /// What may be sent.
    pub limits: Vec<Limit>,
    /// Its pages.
    pub urls: Urls,
    /// Locale key of a remark on signing in.
    pub auth_note: Option<String>,
    /// Locale key of another remark.
    pub note: Option<String>,
    /// Do its customers share sending addresses? Then a listing of one is neither
    /// their fault nor theirs to remove.
    pub shared_addresses: bool,
    /// Where the facts come from.
    pub source: String,
    /// How well they are known.
    pub confidence: Confidence,
    /// Year and month of the facts.
    pub date: String,
}

reads!(Provider {
    id: "id",
    name: "name",
    kind: "kind",
    mx_suffix: "mxSuffix",
    mx_except: "mxExcept",
    sending_host: "sendingHost",
    spf_recognise: "spfRecognise",
    domains: "domains",
    dkim_selectors: "dkimSelectors",
    spf_to_publish: "spfToPublish",
    smtp: "smtp",
    limits: "limits",
    urls: "urls",
    auth_note: "authNote",
    note: "note",
    shared_addresses: "sharedAddresses",
    source: "source",
    confidence: "confidence",
    date: "date"
});

/// An SPF record that a provider asks its customers to publish.
#[derive(Clone, Debug, Default)]
pub struct SpfToPublish {
    /// Its text.
    pub record: String,
    /// For customers whose MX hosts end so; for all others where there is none.
    pub mx: Vec<DomainSuffix>,
}

reads!(SpfToPublish { record: "record", mx: "mx" });

/// A server for outgoing mail.
#[derive(Clone, Debug, Default)]
pub struct SmtpService {
    /// Host; `{domain}` and `{region}` are for the user to fill.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Encryption.
    pub security: Security,
    /// Accepted proofs, the best one first.
    pub auth: Vec<Auth>,
    /// A program that must run on the user's machine.
    pub via: Option<String>,
    /// Where this comes from.
    pub source: Option<String>,
    /// Year and month of the facts.
    pub date: String,
}

reads!(SmtpService {
    host: "host",
    port: "port",
    security: "security",
    auth: "auth",
    via: "via",
    source: "source",
    date: "date"
});

/// One limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// What it counts, with its unit.
    pub kind: LimitKind,
    /// The number; the low end where there is a `max`. None where it is not
    /// published.
    pub value: Option<u32>,
    /// The high end.
    pub max: Option<u32>,
    /// The number while on trial.
    pub trial: Option<u32>,
    /// Whom it counts: the end of the locale key `limit.per.<word>`.
    pub per: Option<String>,
    /// Proper name of the plan it is for.
    pub plan: Option<String>,
    /// Is the number a rough one?
    pub about: bool,
    /// How the span is counted.
    pub reset: Counting,
    /// Locale key of a remark.
    pub note: Option<String>,
    /// Where it is said.
    pub source: String,
    /// How well it is known.
    pub confidence: Confidence,
    /// Year and month of the fact.
    pub date: String,
}

reads!(Limit {
    kind: "kind",
    value: "value",
    max: "max",
    trial: "trial",
    per: "per",
    plan: "plan",
    about: "about",
    reset: "reset",
    note: "note",
    source: "source",
    confidence: "confidence",
    date: "date"
});

/// What the limits of one kind come to. A limit of one plan says nothing to the customers of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitSpan<'a> {
    /// The first of them.
    pub limit: &'a Limit,
    /// The lowest number.
    pub low: u32,
    /// The highest number.
    pub high: u32,
    /// Does the number depend on the plan?
    pub by_plan: bool,
    /// Was every one of them seen in its source?
    pub verified: bool,
}

/// A provider's pages; support may be a `mailto:` address.
#[derive(Clone, Debug, Default)]
pub struct Urls {
    /// Is the service working?
    pub status: Option<String>,
    /// Whom to ask.
    pub support: Option<String>,
    /// Its own help with errors.
    pub troubleshooter: Option<String>,
    /// For those who send to its customers.
    pub postmaster: Option<String>,
    /// Its SPF instructions.
    pub spf: Option<String>,
    /// Its DKIM instructions.
    pub dkim: Option<String>,
    /// Its DMARC instructions.
    pub dmarc: Option<String>,
    /// Its sending limits.
    pub limits: Option<String>,
}

reads!(Urls {
    status: "status",
    support: "support",
    troubleshooter: "troubleshooter",
    postmaster: "postmaster",
    spf: "spf",
    dkim: "dkim",
    dmarc: "dmarc",
    limits: "limits"
});

/// Who a domain's mail is with, from its MX hosts and SPF includes.
#[derive(Clone, Debug, Default)]
pub struct Recognised<'a> {
    /// Who holds the mailboxes.
    pub mailbox: Option<&'a Provider>,
    /// Was the mailbox provider inferred from SPF, because a filter or forwarder
    /// stands in front of it?
    pub behind_gateway: bool,
    /// The filter or forwarder that receives first.
    pub gateway: Option<&'a Provider>,
    /// All who may send, in the order of the SPF record.
    pub senders: Vec<&'a Provider>,
}

impl Providers {
    /// The provider with this id.
    pub fn by_id(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|provider| provider.id == id)
    }

    /// The provider of an MX host: the longest suffix wins.
    pub fn by_mx(&self, host: &Name) -> Option<&Provider> {
        self.longest(host, |provider| {
            let own_server = provider.mx_except.iter().any(|suffix| suffix.covers(host));
            if own_server { &[] } else { &provider.mx_suffix }
        })
    }

    /// The provider whose name, or a name below it, an SPF record includes.
    pub fn by_spf_include(&self, name: &str) -> Option<&Provider> {
        self.longest(&Name::parse(name).ok()?, |provider| &provider.spf_recognise)
    }

    /// The provider to whom a sending host belongs, by its reverse name. Whoever owns an address can give it any
    /// name: it counts only when the name leads back to the address.
    pub fn by_sending_host(&self, host: &Name) -> Option<&Provider> {
        self.longest(host, |provider| &provider.sending_host)
    }

    /// The provider of a consumer domain such as `gmail.com`, or of one below it, such as `ms45.hinet.net`.
    pub fn by_domain(&self, domain: &Name) -> Option<&Provider> {
        self.longest(domain, |provider| &provider.domains)
    }

    /// Who a domain's mail is with. Where a filter or forwarder receives the mail,
    /// the first mailbox provider in the SPF record is taken to be behind it.
    pub fn recognise(&self, mx_hosts: &[&str], spf_includes: &[&str]) -> Recognised<'_> {
        let mut found = Recognised::default();
        for provider in spf_includes.iter().filter_map(|name| self.by_spf_include(name)) {
            if !found.senders.iter().any(|other| other.id == provider.id) {
                found.senders.push(provider);
            }
        }
        for provider in mx_hosts.iter().filter_map(|host| self.by_mx(&Name::parse(host).ok()?)) {
            let place = match provider.kind {
                ProviderKind::Mailbox | ProviderKind::Hosting => &mut found.mailbox,
                ProviderKind::Gateway | ProviderKind::Forwarding => &mut found.gateway,
                ProviderKind::Esp | ProviderKind::Relay => continue,
            };
            place.get_or_insert(provider);
        }
        if found.mailbox.is_none() && found.gateway.is_some() {
            found.mailbox = found
                .senders
                .iter()
                .copied()
                .find(|p| matches!(p.kind, ProviderKind::Mailbox | ProviderKind::Hosting));
            found.behind_gateway = found.mailbox.is_some();
        }
        found
    }

    fn longest<'a>(
        &'a self,
        name: &Name,
        suffixes: impl Fn(&'a Provider) -> &'a [DomainSuffix],
    ) -> Option<&'a Provider> {
        let mut best: Option<(usize, &Provider)> = None;
        for provider in &self.providers {
            let labels = suffixes(provider).iter().filter_map(|suffix| suffix.labels_shared(name)).max();
            if let Some(labels) = labels
                && best.is_none_or(|(most, _)| labels > most)
            {
                best = Some((labels, provider));
            }
        }
        best.map(|(_, provider)| provider)
    }
}

impl Provider {
    /// The SPF record that it asks a customer with these MX hosts to publish; none where it asks for none, or where the
    /// hosts do not tell which one of several.
    pub fn spf_to_publish(&self, mx_hosts: &[&str]) -> Option<&str> {
        let hosts: Vec<Name> = mx_hosts.iter().filter_map(|host| Name::parse(host).ok()).collect();
        let fits = |offer: &&SpfToPublish| {
            hosts.iter().any(|host| offer.mx.iter().any(|suffix| suffix.covers(host)))
        };
        let for_all = |offer: &&SpfToPublish| offer.mx.is_empty();
        let offers = || self.spf_to_publish.iter();
        offers().find(fits).or_else(|| offers().find(for_all)).map(|offer| offer.record.as_str())
    }

    /// Its first limit of a kind.
    pub fn limit(&self, kind: LimitKind) -> Option<&Limit> {
        self.limits.iter().find(|limit| limit.kind == kind)
    }

    /// All its published limits of a kind taken together.
    pub fn span(&self, kind: LimitKind) -> Option<LimitSpan<'_>> {
        let mut span: Option<LimitSpan<'_>> = None;
        for limit in self.limits.iter().filter(|limit| limit.kind == kind) {
            let Some(low) = limit.value else { continue };
            let high = limit.max.unwrap_or(low);
            let verified = limit.confidence == Confidence::Verified;
            span = Some(match span {
                None => LimitSpan { limit, low, high, by_plan: false, verified },
                Some(before) => LimitSpan {
                    low: before.low.min(low),
                    high: before.high.max(high),
                    by_plan: before.by_plan || limit.plan != before.limit.plan,
                    verified: before.verified && verified,
                    ..before
                },
            });
        }
        span
    }
}

#[cfg(test)]
mod tests;
