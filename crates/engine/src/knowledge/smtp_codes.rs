//! What replies of mail servers and messages of mail programs mean (`www/data/smtp-codes.json`, and with more wordings
//! and languages `www/data/smtp-words.json`).

use super::{DomainSuffix, Value, value::Read};
use crate::{checklist::ChecklistStep, dns::Name};

words! {
    /// In which order entries are tried.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum CodeKind {
        /// The wording of one provider, which nobody else uses.
        Provider = "provider",
        /// A wording that means this only when it is known whose it is.
        Own = "own",
        /// Goes before everything about blocklists: the receiver takes a refused question for a listing.
        First = "first",
        /// The wording of a blocklist, or about one.
        List = "list",
        /// The wording of any server or program.
        #[default]
        Text = "text",
        /// An enhanced status code (RFC 3463).
        Enhanced = "enhanced",
        /// A reply code (RFC 5321 section 4.2).
        Reply = "reply",
        /// Words of certain meanings near each other, see [`SmtpTerm`].
        Terms = "terms",
        /// The same, where they name hardly a reason.
        VagueTerms = "vague-terms",
        /// Says little; counts only if nothing else does.
        Client = "client",
    }
}

words! {
    /// Whether trying again may help.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Severity {
        /// It worked.
        Ok = "ok",
        /// Nothing went wrong.
        Info = "info",
        /// Temporary.
        Temp = "temp",
        /// Final.
        Perm = "perm",
        /// The reply code tells.
        #[default]
        Any = "any",
    }
}

words! {
    /// Who must act.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ResponsibleParty {
        /// The one who sends.
        #[default]
        You = "you",
        /// Who runs the sending server, or the sender's DNS.
        Provider = "provider",
        /// The one who was written to.
        Recipient = "recipient",
        /// Who runs the recipient's server.
        Admin = "admin",
        /// Nobody: it settles itself.
        Wait = "wait",
    }
    key "bounce.who.{}"
}

words! {
    /// When trying again makes sense.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Retry {
        /// When the cause is mended.
        #[default]
        AfterFix = "after-fix",
        /// The sending server does it by itself.
        ByItself = "by-itself",
        /// In some minutes.
        Minutes = "minutes",
        /// In an hour.
        Hour = "hour",
        /// In some hours.
        Hours = "hours",
        /// Tomorrow.
        Day = "day",
        /// After asking the recipient another way.
        Later = "later",
        /// There is nothing to try again.
        None = "none",
    }
    key "bounce.retry.{}"
}

words! {
    /// What an error claims, so that it can be checked.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum ClaimKind {
        /// The address is on a blocklist.
        Listed = "listed",
        /// The receiver says listed, but its question was refused.
        NotListed = "not-listed",
        /// A domain is on a blocklist.
        DomainListed = "domain-listed",
        /// SPF fails.
        Spf = "spf",
        /// DKIM fails.
        Dkim = "dkim",
        /// DMARC fails, or there is none.
        Dmarc = "dmarc",
        /// The address has no name, or the wrong one.
        Ptr = "ptr",
        /// The sender's domain cannot be found, or takes no mail.
        SenderDomain = "sender-domain",
        /// The recipient's domain cannot be found or reached.
        RecipientDomain = "recipient-domain",
        /// A limit is reached.
        #[default]
        Limit = "limit",
        /// The message is too large.
        Size = "size",
    }
    key "bounce.claim.{}"
}

words! {
    /// What a cue says: who speaks behind it, or what the address, host or mail address behind it is.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum CueRole {
        /// What follows are the words of the server that refused.
        Reply = "reply",
        /// What follows in the line is where the report came from.
        ReportFrom = "report-from",
        /// What follows in the line is to whom the report went: the sender.
        ReportTo = "report-to",
        /// The server refused the sender.
        AtSender = "at-sender",
        /// The server refused the recipient.
        AtRecipient = "at-recipient",
        /// One reason of several that are possible.
        Perhaps = "perhaps",
        /// The sender's address follows.
        Sender = "sender",
        /// A recipient's address follows.
        Recipient = "recipient",
        /// The server that was talked to follows.
        Server = "server",
        /// A host follows that did something.
        By = "by",
        /// A host with its address follows, at one end of the connection.
        Peer = "peer",
        /// The name of the server that reports follows.
        Reporter = "reporter",
        /// A copy of the message follows, or its header.
        Copy = "copy",
        /// The host or address that sent follows.
        Client = "client",
        /// The number of a rule follows, if it looks like one.
        Rule = "rule",
        /// The sender's domain follows.
        Domain = "domain",
        /// A number follows that only looks like an address.
        #[default]
        Number = "number",
    }
}

reads_words!(CueRole);
reads_words!(CodeKind, Severity, ResponsibleParty, Retry, ClaimKind);

/// The files `smtp-codes.json` and `smtp-words.json`.
#[derive(Clone, Debug, Default)]
pub struct SmtpCodes {
    /// Year and month in which the facts were collected.
    pub collected: String,
    /// Who can be recognised.
    pub providers: Vec<SmtpProvider>,
    /// What can be the matter.
    pub causes: Vec<Cause>,
    /// What says so.
    pub codes: Vec<SmtpCode>,
    /// What says who speaks, and of whom.
    pub cues: Vec<SmtpCue>,
    /// Words by what they mean.
    pub terms: Vec<SmtpTerm>,
}

reads_file!(SmtpCodes);

impl Read for SmtpCodes {
    fn read(value: &Value) -> Self {
        let sources: Vec<String> = Read::read(value.field("sources"));
        let mut codes: Vec<SmtpCode> = Read::read(value.field("codes"));
        // Sources are long and many entries share one.
        for (code, entry) in codes.iter_mut().zip(value.field("codes").items()) {
            let at = u32::read(entry.field("source")) as usize;
            code.source = sources.get(at).cloned().unwrap_or_default();
        }
        Self {
            collected: Read::read(value.field("collected")),
            providers: Read::read(value.field("providers")),
            causes: Read::read(value.field("causes")),
            codes,
            cues: Read::read(value.field("cues")),
            terms: Read::read(value.field("terms")),
        }
    }
}

impl SmtpCodes {
    /// With the entries of another file.
    #[must_use]
    pub fn with(mut self, more: Self) -> Self {
        self.providers.extend(more.providers);
        self.causes.extend(more.causes);
        self.codes.extend(more.codes);
        self.cues.extend(more.cues);
        self.terms.extend(more.terms);
        self
    }

    /// The cause with this id.
    #[must_use]
    pub fn cause(&self, id: &str) -> Option<&Cause> {
        self.causes.iter().find(|cause| cause.id == id)
    }

    /// The provider with this id.
    #[must_use]
    pub fn provider(&self, id: &str) -> Option<&SmtpProvider> {
        self.providers.iter().find(|provider| provider.id == id)
    }

    /// The provider to whom a host belongs.
    #[must_use]
    pub fn provider_of_host(&self, host: &Name) -> Option<&SmtpProvider> {
        self.providers.iter().find(|provider| provider.hosts.iter().any(|end| end.covers(host)))
    }
}

/// A provider as error messages show it.
#[derive(Clone, Debug, Default)]
pub struct SmtpProvider {
    /// Id within this file.
    pub id: String,
    /// Proper name.
    pub name: String,
    /// The entries of `providers.json` it stands for.
    pub ids: Vec<String>,
    /// Ends of the names of its hosts.
    pub hosts: Vec<DomainSuffix>,
    /// Patterns that stand in its replies.
    pub marks: Vec<String>,
}

reads!(SmtpProvider { id: "id", name: "name", ids: "ids", hosts: "hosts", marks: "marks" });

/// What can be the matter. Its words are `bounce.cause.<id>` and `bounce.do.<id>`.
#[derive(Clone, Debug)]
pub struct Cause {
    /// Stable id.
    pub id: String,
    /// The reply and enhanced code that it mostly comes with, such as `550 5.7.26`, if it mostly comes with one.
    pub code: Option<String>,
    /// The step that helps.
    pub step: ChecklistStep,
    /// Who must act, the likeliest first.
    pub who: Vec<ResponsibleParty>,
    /// When trying again makes sense.
    pub retry: Retry,
    /// What is claimed.
    pub claims: Vec<ClaimKind>,
    /// Of whom it says something: nothing of the recipient is said where the sender was refused.
    pub side: Side,
}

reads!(Cause {
    id: "id",
    code: "code",
    step: "step",
    who: "who",
    retry: "retry",
    claims: "claims",
    side: "side"
});

impl Cause {
    /// The name of the page that explains it, a part of its address: `550-5.7.26-unauthenticated`.
    #[must_use]
    pub fn page(&self) -> String {
        match &self.code {
            Some(code) => format!("{}-{}", code.replace(' ', "-"), self.id),
            None => self.id.clone(),
        }
    }
}

impl Read for ChecklistStep {
    fn read(value: &Value) -> Self {
        match value.text() {
            Some("blocklist") => Self::Blocklists,
            Some("limits") => Self::Limits,
            Some("auth") => Self::Authentication,
            Some("dns") => Self::Dns,
            _ => Self::Contact,
        }
    }
}

words! {
    /// Of whom a cause says something.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Side {
        /// Of the sender: their address, domain, account, server.
        Sender = "sender",
        /// Of the recipient.
        Recipient = "recipient",
        /// Of either, or of the message.
        #[default]
        Either = "either",
    }
}

reads_words!(Side);

/// Words that say who speaks, or what stands behind them.
#[derive(Clone, Debug, Default)]
pub struct SmtpCue {
    /// What they say.
    pub role: CueRole,
    /// The words, see [`crate::bounce::Pattern`]; a letter or digit at an end is the end of a word.
    pub words: Vec<String>,
}

reads!(SmtpCue { role: "role", words: "words" });

/// Words that mean one thing, such as all that say that something is full.
///
/// No list of wordings is ever complete; what is said in them are a few dozen things, in a few hundred words. So an entry may
/// name terms instead of a wording ([`SmtpCode::terms`]), and whoever puts the same words in another order is understood.
#[derive(Clone, Debug, Default)]
pub struct SmtpTerm {
    /// What they mean, a name that [`SmtpCode::terms`] uses.
    pub term: String,
    /// The words, see [`crate::bounce::Pattern`]: what a word begins with, or all of it if it ends in `>`.
    pub words: Vec<String>,
}

reads!(SmtpTerm { term: "term", words: "words" });

/// One thing that servers or programs say.
#[derive(Clone, Debug, Default)]
pub struct SmtpCode {
    /// Stable id.
    pub id: String,
    /// How it is recognised.
    pub kind: CodeKind,
    /// The provider whose wording it is, an id of this file.
    pub provider: Option<String>,
    /// What it means, the id of a cause.
    pub cause: String,
    /// Whether trying again may help.
    pub severity: Severity,
    /// Reply codes it comes with.
    pub reply: Vec<u16>,
    /// Enhanced codes it comes with: `5.7.1`, `x.7.1` for any class, `4.7.500-699` for a range.
    pub enhanced: Vec<String>,
    /// Its wordings, see [`crate::bounce::Pattern`].
    pub patterns: Vec<String>,
    /// Terms that say it where they stand near each other, any of these: `recipient full -sender` if the first two are there
    /// and the last is not, `!grey` if they leave no doubt.
    pub terms: Vec<String>,
    /// Where this comes from.
    pub source: String,
    /// How well it is known.
    pub confidence: super::Confidence,
}

impl Read for SmtpCode {
    fn read(value: &Value) -> Self {
        let confidence = value.field("confidence");
        Self {
            id: Read::read(value.field("id")),
            kind: Read::read(value.field("kind")),
            provider: Read::read(value.field("provider")),
            cause: Read::read(value.field("cause")),
            severity: Read::read(value.field("severity")),
            reply: Read::read(value.field("reply")),
            enhanced: Read::read(value.field("enhanced")),
            patterns: Read::read(value.field("patterns")),
            terms: Read::read(value.field("terms")),
            source: String::new(),
            // Most are verified: only the others say so.
            confidence: match confidence {
                Value::Null => super::Confidence::Verified,
                given => Read::read(given),
            },
        }
    }
}

impl SmtpCode {
    /// Whether it names this enhanced code.
    #[must_use]
    pub fn has_enhanced(&self, (class, subject, detail): (u8, u16, u16)) -> bool {
        self.enhanced.iter().any(|code| {
            let mut parts = code.splitn(3, '.');
            let (Some(c), Some(s), Some(d)) = (parts.next(), parts.next(), parts.next()) else {
                return false;
            };
            let (low, high) = d.split_once('-').unwrap_or((d, d));
            (c == "x" || c.parse() == Ok(class))
                && s.parse() == Ok(subject)
                && low.parse().is_ok_and(|low: u16| low <= detail)
                && high.parse().is_ok_and(|high: u16| detail <= high)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enhanced_codes_in_each_form() {
        let code = |text: &str| SmtpCode { enhanced: vec![text.to_owned()], ..SmtpCode::default() };
        assert!(code("5.7.1").has_enhanced((5, 7, 1)) && !code("5.7.1").has_enhanced((4, 7, 1)));
        assert!(code("x.7.1").has_enhanced((4, 7, 1)) && !code("x.7.1").has_enhanced((4, 7, 11)));
        assert!(
            code("4.7.500-699").has_enhanced((4, 7, 500)) && code("4.7.500-699").has_enhanced((4, 7, 699))
        );
        assert!(!code("4.7.500-699").has_enhanced((4, 7, 700)) && !code("").has_enhanced((5, 0, 0)));
    }

    #[test]
    fn a_file_is_read() {
        let codes: SmtpCodes = serde_json::from_str(
            r#"{"collected":"2026-11","sources":["a","b"],
                "causes":[{"id":"x","step":"auth","who":["you","provider"],"retry":"hour","claims":["spf"]}],
                "codes":[{"id":"y","kind":"list","cause":"x","reply":[550],"source":1}]}"#,
        )
        .unwrap();
        let cause = codes.cause("x").unwrap();
        assert_eq!((cause.step, cause.retry), (ChecklistStep::Authentication, Retry::Hour));
        assert_eq!(cause.who, [ResponsibleParty::You, ResponsibleParty::Provider]);
        assert_eq!((codes.codes[0].source.as_str(), codes.codes[0].kind), ("b", CodeKind::List));
    }
}
