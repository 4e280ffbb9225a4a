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

/// Errors by their words in languages of Latin script other than English.
pub const SMTP_WORDS_LATIN: &str = "data/smtp-words.latin.json";
/// In Chinese.
pub const SMTP_WORDS_HAN: &str = "data/smtp-words.han.json";
/// In Japanese.
pub const SMTP_WORDS_KANA: &str = "data/smtp-words.kana.json";
/// In Korean.
pub const SMTP_WORDS_HANGUL: &str = "data/smtp-words.hangul.json";
/// In languages of Cyrillic script.
pub const SMTP_WORDS_CYRILLIC: &str = "data/smtp-words.cyrillic.json";
/// In languages of other scripts.
pub const SMTP_WORDS_OTHER: &str = "data/smtp-words.other.json";

/// What a check needs: the files of [`Knowledge`](super::Knowledge).
pub const OF_CHECKS: [&str; 5] = [RESOLVERS, BLOCKLISTS, PROVIDERS, SELECTORS, DNS_HOSTS];
/// All of them, in the order of their names.
pub const ALL: [&str; 7] = [BLOCKLISTS, DNS_HOSTS, PROVIDERS, RESOLVERS, SELECTORS, SMTP_CODES, SMTP_WORDS];
/// Files of [`SMTP_WORDS`]' kind, one for each script: which a text needs, [`crate::bounce::wordings`] says.
pub const SMTP_WORDS_BY_SCRIPT: [&str; 6] = [
    SMTP_WORDS_CYRILLIC,
    SMTP_WORDS_HAN,
    SMTP_WORDS_HANGUL,
    SMTP_WORDS_KANA,
    SMTP_WORDS_LATIN,
    SMTP_WORDS_OTHER,
];
