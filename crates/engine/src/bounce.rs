//! What an error message says: a pasted non-delivery report, a reply of a server, the box of a mail program.
//!
//! ```text
//! octets -> dress: out of quotes and forwards -> message (MIME, charsets) -> Pasted: one text, its parts marked
//!                                                                                  |
//!                                 cues (data) -> speech: who says what, the server or whoever wraps it
//!                                                                                  |
//!               wordings (data) -> judge: the server's words, its codes, then the wrapper's words
//!                                                                                  |
//!                       tokens and cues -> facts: who is who among addresses and hosts
//!                                                                                  |
//!                                 Reading: verdicts, facts with their places, a proposal for a run
//! ```
//!
//! Who said something is known before what it means: the reply of the server that refused goes before the sentences that
//! stand around it, and the message that came back counts for nothing. Within a statement the order is that of the facts
//! files: the wording of the provider that refused, then wordings about blocklists, then general wordings, then what the words
//! mean together (`terms`), then codes, then what hardly names a reason; of two wordings the longer one counts. Class 2 is a
//! success, whatever words stand beside it. Where too little (`bounce::evidence`) speaks for a cause, none is named: a wrong one sends
//! somebody the wrong way. The reading then keeps the likeliest step and whom to ask, says what to do there, and quotes what
//! was said. Nothing is asked and nothing leaves this module.

mod claim;
mod claim_status;
mod code;
mod cue;
mod dress;
mod evidence;
mod fact;
mod judge;
mod normal;
mod pasted;
mod pattern;
mod reader;
mod script;
mod speech;
mod terms;
mod token;
mod unclear;
mod verdict;
mod who;

use std::ops::Range;

use serde::Serialize;

use crate::{
    check::Args,
    checklist::ChecklistStep,
    headers,
    knowledge::{ResponsibleParty, Retry},
};

pub use claim::Claim;
pub use claim_status::{ClaimStatus, claim_status};
pub use code::{Codes, Enhanced, codes, main_code};
pub use fact::{BounceFact, FactKind, proposal};
pub use normal::NormalText;
pub use pasted::{Pasted, PastedKind, Region};
pub use pattern::{Hit, Index, Pattern};
pub use reader::{MOST_READ, READ_AT_EACH_END, Reader};
pub use script::wordings;
pub use speech::Speaker;
pub use unclear::Lead;

/// What was understood of a pasted text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BounceReading {
    /// What was pasted.
    pub kind: PastedKind,
    /// The text that was read, decoded; every span is a place in it. Untrusted, and not for reports: it holds
    /// addresses and words of people.
    pub text: String,
    /// What is the matter, the most telling first; one for each cause, several where recipients were refused for
    /// different reasons. Empty if the text is no error message.
    pub verdicts: Vec<BounceVerdict>,
    /// What stands in the text about sender, server and recipient.
    pub facts: Vec<BounceFact>,
    /// The header of the message that it is or is about, where there is one worth reading.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<headers::HeaderReading>,
    /// Octets in the middle of very long texts that were not read, see [`MOST_READ`].
    #[serde(skip_serializing_if = "is_zero")]
    pub skipped: usize,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl BounceReading {
    /// The header without what the user does not want asked about: the facts whose positions are in `removed`.
    #[must_use]
    pub fn header_without(&self, removed: &[usize]) -> Option<headers::HeaderReading> {
        let mut header = self.header.clone()?;
        let mut dropped: Vec<String> = Vec::new();
        for &at in removed {
            dropped.extend(self.facts.get(at).map(|fact| fact.value.to_ascii_lowercase()));
        }
        if self.kind == PastedKind::Report {
            // Whoever refused it names the address that it judged.
            let named = self.facts.iter().find(|fact| fact.kind == FactKind::SendingIp && fact.proposed);
            header.sender_ip = named.and_then(|fact| fact.value.parse().ok());
        }
        Some(header.without(&dropped))
    }

    /// Whether only the user can say which domain is to be checked: what stands in the DNS would help, and the text names nothing
    /// that could be looked up.
    #[must_use]
    pub fn asks_for_sender(&self) -> bool {
        let looked_up = [ChecklistStep::Blocklists, ChecklistStep::Dns];
        let helps = |verdict: &BounceVerdict| !verdict.claims.is_empty() || looked_up.contains(&verdict.step);
        let helps = self.verdicts.is_empty() || self.verdicts.iter().any(helps);
        helps && !self.facts.iter().any(|fact| fact.proposed)
    }
}

/// What is the matter, and what to do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BounceVerdict {
    /// The cause, an id of the data file; `None` if the text was not recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The name of the page that explains the cause, see [`Cause::page`](crate::knowledge::Cause::page).
    #[serde(skip)]
    pub page: Option<String>,
    /// What happened.
    pub said: Sentence,
    /// What to do now.
    pub advice: Sentence,
    /// Who must act, the likeliest first. The words are `bounce.who.<word>`.
    pub who: Vec<ResponsibleParty>,
    /// The step that helps.
    pub step: ChecklistStep,
    /// Whether it is final.
    pub finality: Finality,
    /// When trying again makes sense. The words are `bounce.retry.<word>`.
    pub retry: Retry,
    /// The provider that said it, if it could be recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<ProviderRef>,
    /// How it was recognised. The words are `bounce.basis.<word>`.
    pub basis: Basis,
    /// The entry of the data file that fitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<String>,
    /// Where the meaning comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codes: Option<Codes>,
    /// The words that told it; where the cause cannot be told, the whole of what was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub span: Option<Range<usize>>,
    /// Who said them. The words are `bounce.speaker.<word>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<Speaker>,
    /// What it claims, to be checked now.
    pub claims: Vec<Claim>,
    /// For whom, where the text says so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recipients: Vec<String>,
}

/// A text of the locales and the values for its placeholders.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sentence {
    /// Its key.
    pub key: String,
    /// Its values.
    pub args: Args,
}

/// A recognised provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProviderRef {
    /// Id in `smtp-codes.json`.
    pub id: String,
    /// Proper name.
    pub name: String,
    /// Its entries in `providers.json`.
    pub ids: Vec<String>,
}

words! {
    /// Whether it is final. The words are `bounce.finality.<word>`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Finality {
        /// The server will not take this message.
        Final = "final",
        /// The server may take it later.
        Temporary = "temporary",
        /// The sending server tried for days and gave up.
        GivenUp = "given-up",
        /// Nothing was refused.
        Accepted = "accepted",
        /// The text does not say.
        Unknown = "unknown",
    }
    key "bounce.finality.{}"
}

words! {
    /// How a verdict came about, the surest first.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
    pub enum Basis {
        /// The wording of the provider that refused.
        Provider = "provider",
        /// A wording about a blocklist.
        List = "list",
        /// A general wording.
        Wording = "wording",
        /// The enhanced status code.
        Enhanced = "enhanced",
        /// The reply code.
        Reply = "reply",
        /// Words that say little.
        Hint = "hint",
        /// Nothing.
        Nothing = "nothing",
    }
    key "bounce.basis.{}"
}
