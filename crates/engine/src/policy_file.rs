//! What came of reading an MTA-STS policy file (RFC 8461 section 3.3). The one file that is asked for, and no record.

/// The policy file of a domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PolicyFile {
    /// Nobody was asked for it: it is not announced, or whoever drives the session reads no files.
    #[default]
    NotAsked,
    /// Its text, as the domain's server has it.
    Read(String),
    /// Its text, as somebody pasted it.
    Pasted(String),
    /// It could not be read: the server does not allow web pages to, or did not answer in time. A browser does not say which.
    Unreadable,
    /// The server answered with this HTTP status in place of the file.
    Refused(u16),
    /// It is longer than anybody has to read, or does not end.
    TooLong,
    /// It is not asked for: its host has an address that is not public. A link would make a page knock at doors inside the
    /// network of whoever opens it.
    NotPublic,
}

impl PolicyFile {
    /// Its text, read or pasted.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Read(text) | Self::Pasted(text) => Some(text),
            _ => None,
        }
    }
}
