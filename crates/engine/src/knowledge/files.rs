//! Where the data files are: their places below the page's address, and in `www`.

/// Resolvers that a page can ask.
pub const RESOLVERS: &str = "data/resolvers.json";
/// Block and allow lists.
pub const BLOCKLISTS: &str = "data/blocklists.json";
/// Mailbox and sending providers.
pub const PROVIDERS: &str = "data/providers.json";
/// Common DKIM selectors.
pub const SELECTORS: &str = "data/selectors.json";
/// Where records are kept.
pub const DNS_HOSTS: &str = "data/dns-hosts.json";
/// Errors by their codes.
pub const SMTP_CODES: &str = "data/smtp-codes.json";
/// Errors by their words.
pub const SMTP_WORDS: &str = "data/smtp-words.json";

/// What a check needs: the files of [`Knowledge`](super::Knowledge).
pub const OF_CHECKS: [&str; 5] = [RESOLVERS, BLOCKLISTS, PROVIDERS, SELECTORS, DNS_HOSTS];
/// All of them, in the order of their names.
pub const ALL: [&str; 7] = [BLOCKLISTS, DNS_HOSTS, PROVIDERS, RESOLVERS, SELECTORS, SMTP_CODES, SMTP_WORDS];
