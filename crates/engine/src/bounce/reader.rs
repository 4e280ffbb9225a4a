//! From a pasted text to what is the matter.

use std::{borrow::Cow, ops::Range};

use super::{
    Basis, BounceFact, BounceReading, BounceVerdict, Codes, Finality, Hit, Index, NormalText, Pasted,
    PastedKind, Pattern, Region, Speaker, codes,
    cue::Cues,
    fact, main_code,
    speech::{Statement, statements},
    terms::Terms,
    who,
};
use crate::{
    checklist::ChecklistStep,
    dns::Name,
    input::limits,
    knowledge::{Blocklists, ClaimKind, CueRole, Side, SmtpCodes},
    message::{self, Decode, DeliveryReport},
};

/// Octets of one part that are searched.
pub const MOST_READ: usize = limits::PART;
/// Octets that are searched at either end of a part that is longer than [`MOST_READ`].
pub const READ_AT_EACH_END: usize = MOST_READ / 2;
/// Octets of plain text in which a claim's list is looked for.
const MOST_PLAIN: usize = 128 * 1024;
/// Recipients of a report that are looked at one by one.
const MOST_RECIPIENTS: usize = 50;

/// Knows what error messages mean. Made once, used for each paste.
pub struct Reader {
    pub(super) codes: SmtpCodes,
    index: Index,
    /// The entry of each pattern.
    pub(super) entries: Vec<usize>,
    marks: Index,
    /// The provider of each mark.
    marked: Vec<usize>,
    pub(super) cues: Cues,
    pub(super) terms: Terms,
}

/// Something that was said, searched for wordings.
pub(super) struct Part {
    pub(super) normal: NormalText,
    /// The text it was made from, and where that stands in the whole; none for a field that was folded.
    pub(super) place: Option<Range<usize>>,
    pub(super) original: String,
    pub(super) hits: Vec<Hit>,
    /// Where that and what stands before it in its paragraph stands: there it says of whom.
    heard: Range<usize>,
    /// Who said it.
    pub(super) speaker: Speaker,
    /// Whether a cue or a field says that it is a reply.
    pub(super) is_announced: bool,
    /// Who was refused.
    pub(super) side: Side,
    /// Where wordings stand in it that are only possible reasons.
    pub(super) doubtful: Vec<usize>,
    /// Its codes, that which says why first.
    pub(super) codes: Option<Codes>,
    /// The provider that speaks, if it shows.
    pub(super) provider: Option<usize>,
    /// Whether a program shows it that hands mail to its own server.
    pub(super) is_of_program: bool,
    /// How many words it has beside codes, addresses and names of hosts.
    pub(super) words: usize,
    /// Whether it is the field of one recipient.
    is_own: bool,
    /// Which of the recipients it names, by their places among all; only where there are several.
    named: Vec<bool>,
}

impl Part {
    /// Whether it names these recipients and none of the others.
    fn is_about(&self, these: &[String], everybody: &[String]) -> bool {
        let is_own = |address: &String| these.iter().any(|own| own.eq_ignore_ascii_case(address));
        let mut named = everybody.iter().zip(&self.named).filter(|(_, named)| **named).peekable();
        named.peek().is_some() && named.all(|(address, _)| is_own(address))
    }
}

/// One refusal.
pub(super) struct Refusal {
    /// What the server said, where a field of a report holds it.
    own: Option<Part>,
    pub(super) codes: Option<Codes>,
    pub(super) host: Option<String>,
    pub(super) recipients: Vec<String>,
    pub(super) action: String,
}

impl Refusal {
    /// Whether it is none: the message was delivered, or passed on (RFC 3464 section 2.3.3).
    pub(super) fn went_on(&self) -> bool {
        matches!(self.action.as_str(), "delivered" | "relayed" | "expanded")
    }
}

impl Reader {
    /// A reader with this knowledge.
    #[must_use]
    pub fn new(codes: SmtpCodes) -> Self {
        let mut entries = Vec::new();
        let mut patterns = Vec::new();
        for (at, code) in codes.codes.iter().enumerate() {
            for pattern in &code.patterns {
                entries.push(at);
                patterns.push(Pattern::parse(pattern));
            }
        }
        let mut marked = Vec::new();
        let mut marks = Vec::new();
        for (at, provider) in codes.providers.iter().enumerate() {
            for mark in &provider.marks {
                marked.push(at);
                marks.push(Pattern::parse(mark));
            }
        }
        let index = Index::new(patterns.into_iter());
        let cues = Cues::new(&codes.cues);
        let terms = Terms::new(&codes);
        Self { codes, index, entries, marks: Index::new(marks.into_iter()), marked, cues, terms }
    }

    /// What it knows.
    #[must_use]
    pub fn codes(&self) -> &SmtpCodes {
        &self.codes
    }

    /// What was pasted or dropped as one text, its parts marked.
    #[must_use]
    pub fn pasted(&self, octets: &[u8], decode: Decode<'_>) -> Pasted {
        Pasted::read(octets, decode, &self.cues)
    }

    /// Reads what was pasted or dropped.
    #[must_use]
    pub fn read(&self, octets: &[u8], decode: Decode<'_>, lists: &Blocklists) -> BounceReading {
        let (octets, left_out) = taken(octets);
        let pasted = self.pasted(&octets, decode);
        let whole: usize = pasted.parts(Region::Prose).map(|part| part.len()).sum();
        let mut prose: Vec<Range<usize>> = Vec::new();
        for part in pasted.parts(Region::Prose) {
            prose.extend(fact::ends(&pasted.text, part, READ_AT_EACH_END));
        }
        let skipped = left_out + whole - prose.iter().map(Range::len).sum::<usize>();
        let mut said = self.said(&pasted, &prose);
        let refusals = self.refusals(&pasted, &said);
        let (mut verdicts, mut facts) = self.verdicts(&pasted, &mut said, refusals, lists);
        // A message that reports nothing is no error, unless its words are clear.
        if matches!(pasted.kind, PastedKind::Message | PastedKind::Headers) {
            verdicts.retain(|verdict| {
                pasted.kind == PastedKind::Message
                    && verdict.codes.is_some()
                    && matches!(verdict.basis, Basis::Provider | Basis::List)
            });
        }
        // What was recognised best comes first.
        verdicts.sort_by_key(|verdict| (verdict.finality == Finality::Accepted, verdict.basis));
        // The recipient's domain is asked about only where the error is about it.
        let mut claims = verdicts.iter().flat_map(|verdict| &verdict.claims);
        let about = claims.find(|claim| claim.kind == ClaimKind::RecipientDomain && claim.subject.is_some());
        facts.extend(about.and_then(|claim| claim.subject.clone()).map(BounceFact::recipient_domain));
        let Pasted { kind, text, header, .. } = pasted;
        BounceReading { kind, text, verdicts, facts, header, skipped }
    }

    /// What is said in the words for people, each speaker for itself.
    fn said(&self, pasted: &Pasted, prose: &[Range<usize>]) -> Vec<Part> {
        let mut said = Vec::new();
        for piece in prose {
            let cues = self.cues.find(&pasted.text, piece.clone());
            for statement in statements(&pasted.text, piece.clone(), &cues) {
                said.push(self.statement(&pasted.text, &statement));
            }
        }
        said
    }

    fn statement(&self, text: &str, statement: &Statement) -> Part {
        let span = statement.span.clone();
        let mut part = self.part(&text[span.clone()], &text[statement.lead..span.end]);
        part.codes = main_code(&codes(&text[span.clone()])).cloned().map(|mut code| {
            code.span = code.span.start + span.start..code.span.end + span.start;
            code
        });
        part.heard = statement.lead..span.end;
        part.place = Some(span);
        part.speaker = statement.speaker;
        part.is_announced = statement.is_announced;
        part.side = statement.side;
        part
    }

    /// Something said, and the text from whose beginning on it shows who says it.
    fn part(&self, original: &str, with_lead: &str) -> Part {
        let normal = NormalText::new(original);
        let (hits, _) = self.index.find(&normal.text);
        let doubtful = self.doubtful(&normal.text, &hits);
        let (is_of_program, words) = self.terms.outline(&normal.text);
        let cues = self.cues.find(with_lead, 0..with_lead.len());
        let spoken = who::without_reporter(with_lead, &cues);
        let spoken = spoken.as_deref().unwrap_or(with_lead);
        let (marks, _) = self.marks.find(&NormalText::new(spoken).text);
        let named = who::host_that_said(with_lead, &cues).and_then(|host| self.provider_of(&host));
        let marked = marks.iter().max_by_key(|hit| hit.weight).map(|hit| self.marked[hit.pattern]);
        Part {
            normal,
            place: None,
            original: original.to_owned(),
            heard: 0..0,
            hits,
            speaker: Speaker::Server,
            is_announced: true,
            side: Side::Either,
            doubtful,
            codes: None,
            provider: named.or(marked),
            is_of_program,
            words,
            is_own: false,
            named: Vec::new(),
        }
    }

    /// One verdict for each cause, and the facts beside them.
    fn verdicts(
        &self,
        pasted: &Pasted,
        said: &mut [Part],
        refusals: Vec<Refusal>,
        lists: &Blocklists,
    ) -> (Vec<BounceVerdict>, Vec<BounceFact>) {
        let mut verdicts: Vec<BounceVerdict> = Vec::new();
        // Those of a refused login, and those of every other refusal; each is looked for once.
        let mut facts: [Option<Vec<BounceFact>>; 2] = [None, None];
        let mut last = false;
        let mut everybody: Vec<String> =
            refusals.iter().flat_map(|refusal| refusal.recipients.clone()).collect();
        everybody.sort_unstable();
        everybody.dedup();
        // Once for each part, not once for each recipient.
        if everybody.len() > 1 {
            for part in said.iter_mut() {
                part.named = who::named(&pasted.text[part.heard.clone()], &everybody);
            }
        }
        for refusal in refusals {
            let mut parts: Vec<&Part> = refusal.own.iter().chain(said.iter()).collect();
            // What is said of one recipient is no reason for another.
            if everybody.len() > 1 && refusal.codes.is_some() {
                parts.retain(|part| part.is_own || part.is_about(&refusal.recipients, &everybody));
            }
            let provider = self.provider(&refusal, &parts);
            let found = self.judge(&refusal, &parts, provider);
            let cause = found.entry.and_then(|at| self.codes.cause(&self.codes.codes[at].cause));
            let id = cause.map(|cause| cause.id.as_str());
            last = cause.is_some_and(|cause| cause.step == ChecklistStep::Authentication);
            let facts = facts[usize::from(last)].get_or_insert_with(|| fact::facts(pasted, last, &self.cues));
            if let Some(known) = verdicts.iter_mut().find(|known| known.cause.as_deref() == id) {
                let new = refusal.recipients.into_iter().filter(|one| !known.recipients.contains(one));
                known.recipients.extend(new.collect::<Vec<_>>());
                continue;
            }
            verdicts.push(self.verdict(&refusal, found, provider, facts, &plain(&parts), lists));
        }
        let facts = facts[usize::from(last)].take().unwrap_or_else(|| fact::facts(pasted, false, &self.cues));
        (verdicts, facts)
    }

    /// The refusals in a text: one for each recipient of a report, or one altogether.
    fn refusals(&self, pasted: &Pasted, said: &[Part]) -> Vec<Refusal> {
        let recipients =
            pasted.report.iter().flat_map(|report| report.recipients.iter().take(MOST_RECIPIENTS));
        let mut refusals: Vec<Refusal> = recipients.map(|fields| self.refusal(pasted, fields)).collect();
        // Where some were refused, those who were not are no matter.
        if refusals.iter().any(|refusal| !refusal.went_on()) {
            refusals.retain(|refusal| !refusal.went_on());
        }
        if refusals.is_empty() {
            let all: Vec<Codes> = said.iter().filter_map(|part| part.codes.clone()).collect();
            let codes = main_code(&all).cloned();
            refusals.push(Refusal {
                own: None,
                codes,
                host: None,
                recipients: Vec::new(),
                action: String::new(),
            });
        }
        refusals
    }

    /// What a report says of one recipient.
    fn refusal(&self, pasted: &Pasted, fields: &message::Headers) -> Refusal {
        let action = fields.get("Action").unwrap_or_default().trim().to_ascii_lowercase();
        // IronPort has the server's words in a field of its own.
        let diagnostic = fields.get("Diagnostic-Code").or_else(|| fields.get("X-Supplementary-Info"));
        let diagnostic = diagnostic.map(DeliveryReport::value).unwrap_or_default();
        let mut own = Part { is_own: true, ..self.part(diagnostic, diagnostic) };
        own.place = who::place(&pasted.text, diagnostic);
        own.side = self.side(diagnostic);
        let status = codes(fields.get("Status").unwrap_or_default()).into_iter().next();
        let status = status.map(|code| Codes { span: 0..0, ..code });
        let said = main_code(&codes(diagnostic)).cloned().map(|mut code| {
            // Text that stands nowhere as it is, because of an encoding, has no place to lead back to.
            code.span = own
                .place
                .as_ref()
                .map_or(0..0, |place| code.span.start + place.start..code.span.end + place.start);
            // A reply without an enhanced code: the status says more.
            if code.enhanced.is_none()
                && let Some(status) = status.as_ref().and_then(|status| status.enhanced)
                && u16::from(status.0) == code.class()
            {
                code.enhanced = Some(status);
            }
            code
        });
        let codes = said.or(status);
        own.codes.clone_from(&codes);
        let recipient = ["Original-Recipient", "Final-Recipient"]
            .iter()
            .find_map(|name| message::address(DeliveryReport::value(fields.get(name)?)))
            .filter(|address| address.len() <= fact::LONGEST);
        Refusal {
            own: Some(own),
            codes,
            host: fields.get("Remote-MTA").map(|field| DeliveryReport::value(field).to_owned()),
            recipients: recipient.into_iter().collect(),
            action,
        }
    }

    /// Who was refused, as far as a text says so.
    fn side(&self, text: &str) -> Side {
        let cues = self.cues.find(text, 0..text.len());
        let has = |role: CueRole| cues.iter().any(|cue| cue.role == role);
        match (has(CueRole::AtSender), has(CueRole::AtRecipient)) {
            (true, _) => Side::Sender,
            (false, true) => Side::Recipient,
            (false, false) => Side::Either,
        }
    }

    fn provider_of(&self, host: &str) -> Option<usize> {
        let name = host.split([' ', '(', '[']).next().unwrap_or_default();
        let provider = self.codes.provider_of_host(&Name::parse(name).ok()?)?;
        self.codes.providers.iter().position(|other| other.id == provider.id)
    }

    /// Who refused: by the host that a report names, by a host in the text, by what only one provider says. Where a report
    /// names a host, only what that host itself said can tell more: other names are those of the sender's own servers.
    fn provider(&self, refusal: &Refusal, parts: &[&Part]) -> Option<usize> {
        let of = |speaker: Speaker| {
            parts.iter().filter(|part| part.speaker == speaker).find_map(|part| part.provider)
        };
        match refusal.host.as_deref() {
            Some(host) => {
                self.provider_of(host).or_else(|| refusal.own.as_ref().and_then(|own| own.provider))
            }
            None => of(Speaker::Server).or_else(|| of(Speaker::Wrapper)),
        }
    }
}

/// The octets that are read of what was pasted, and how many are left out.
pub(super) fn taken(octets: &[u8]) -> (Cow<'_, [u8]>, usize) {
    // What Outlook saved has its words anywhere in the file; they are taken out before anything is left out.
    if message::outlook::is_compound(octets) { (octets.into(), 0) } else { limits::message(octets) }
}

/// The beginning of everything that was looked at, as patterns see it.
fn plain(parts: &[&Part]) -> String {
    let mut text = String::new();
    for part in parts {
        let room = MOST_PLAIN.saturating_sub(text.len());
        text.extend(part.normal.text.chars().take(room / 4));
        text.push(' ');
    }
    text
}
