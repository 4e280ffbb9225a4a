//! From a pasted text to what is the matter.

use std::ops::Range;

use super::{
    Basis, BounceFact, BounceReading, BounceVerdict, Claim, Codes, Enhanced, FactKind, Finality, Hit, Index,
    NormalText, Pasted, PastedKind, Pattern, ProviderRef, Region, Sentence, claim, codes, fact, main_code,
};
use crate::{
    check::{Arg, Args},
    checklist::ChecklistStep,
    dns::Name,
    input::limits,
    knowledge::{self, Blocklists, Cause, ClaimKind, CodeKind, Retry, Severity, SmtpCode, SmtpCodes},
    message::{self, Decode, DeliveryReport},
    steps,
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
    codes: SmtpCodes,
    index: Index,
    /// The entry of each pattern.
    entries: Vec<usize>,
    marks: Index,
    /// The provider of each mark.
    marked: Vec<usize>,
}

/// The best entry and where its words stand.
struct BestEntry {
    entry: Option<usize>,
    basis: Basis,
    span: Option<Range<usize>>,
}

/// A part of the text that was searched.
struct Part {
    normal: NormalText,
    /// The text it was made from, and where that stands in the whole; none for a field that was folded.
    place: Option<Range<usize>>,
    original: String,
    hits: Vec<Hit>,
    /// Who is speaking, if it shows.
    provider: Option<usize>,
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
struct Refusal {
    /// What the server said, where a field of a report holds it.
    own: Option<Part>,
    codes: Option<Codes>,
    host: Option<String>,
    recipients: Vec<String>,
    action: String,
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
        Self { codes, index, entries, marks: Index::new(marks.into_iter()), marked }
    }

    /// What it knows.
    #[must_use]
    pub fn codes(&self) -> &SmtpCodes {
        &self.codes
    }

    /// Reads what was pasted or dropped.
    #[must_use]
    pub fn read(&self, octets: &[u8], decode: Decode<'_>, lists: &Blocklists) -> BounceReading {
        // What Outlook saved has its words anywhere in the file; they are taken out before anything is left out.
        let (octets, left_out) =
            if message::outlook::is_compound(octets) { (octets.into(), 0) } else { limits::message(octets) };
        let pasted = Pasted::read(&octets, decode);
        let whole: usize = pasted.parts(Region::Prose).map(|part| part.len()).sum();
        let mut prose: Vec<Range<usize>> = Vec::new();
        for part in pasted.parts(Region::Prose) {
            prose.extend(fact::ends(&pasted.text, part, READ_AT_EACH_END));
        }
        let skipped = left_out + whole - prose.iter().map(Range::len).sum::<usize>();
        // The paragraphs with a code first, then everything: what stands around a reply explains and advertises.
        let mut looked_at = with_codes(&pasted.text, &prose);
        for part in &prose {
            if !looked_at.contains(part) {
                looked_at.push(part.clone());
            }
        }
        let mut shared: Vec<Part> =
            looked_at.into_iter().map(|part| self.part(&pasted.text[part.clone()], Some(part))).collect();
        let mut verdicts: Vec<BounceVerdict> = Vec::new();
        // Those of a refused login, and those of every other refusal; each is looked for once.
        let mut facts: [Option<Vec<BounceFact>>; 2] = [None, None];
        let mut last = false;
        let refusals = self.refusals(&pasted, &prose);
        let everybody: Vec<String> = refusals.iter().flat_map(|refusal| refusal.recipients.clone()).collect();
        // Once for each part, not once for each recipient.
        if everybody.len() > 1 {
            for part in &mut shared {
                part.named = named(&part.original, &everybody);
            }
        }
        for refusal in refusals {
            let mut parts: Vec<&Part> = refusal.own.iter().chain(&shared).collect();
            // What is said of one recipient is no reason for another.
            if everybody.len() > 1 && refusal.codes.is_some() {
                parts.retain(|part| part.is_own || part.is_about(&refusal.recipients, &everybody));
            }
            let provider = self.provider(&refusal, &parts);
            let found = self.judge(&refusal, &parts, provider);
            let cause = found.entry.and_then(|at| self.codes.cause(&self.codes.codes[at].cause));
            let id = cause.map(|cause| cause.id.as_str());
            last = cause.is_some_and(|cause| cause.step == ChecklistStep::Authentication);
            let facts = facts[usize::from(last)].get_or_insert_with(|| fact::facts(&pasted, last));
            if let Some(known) = verdicts.iter_mut().find(|known| known.cause.as_deref() == id) {
                known.recipients.extend(refusal.recipients);
                continue;
            }
            verdicts.push(self.verdict(&refusal, found, provider, facts, &plain(&parts), lists));
        }
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
        let mut facts = facts[usize::from(last)].take().unwrap_or_else(|| fact::facts(&pasted, false));
        // The recipient's domain is asked about only where the error is about it.
        let mut claims = verdicts.iter().flat_map(|verdict| &verdict.claims);
        let about = claims.find(|claim| claim.kind == ClaimKind::RecipientDomain && claim.subject.is_some());
        facts.extend(about.and_then(|claim| claim.subject.clone()).map(BounceFact::recipient_domain));
        let Pasted { kind, text, header, .. } = pasted;
        BounceReading { kind, text, verdicts, facts, header, skipped }
    }

    fn part(&self, original: &str, place: Option<Range<usize>>) -> Part {
        let normal = NormalText::new(original);
        let (hits, _) = self.index.find(&normal.text);
        let spoken = without_reporter(original);
        let (marks, _) = match &spoken {
            Some(spoken) => self.marks.find(&NormalText::new(spoken).text),
            None => self.marks.find(&normal.text),
        };
        let named =
            host_that_said(spoken.as_deref().unwrap_or(original)).and_then(|host| self.provider_of(&host));
        let marked = marks.iter().max_by_key(|hit| hit.weight).map(|hit| self.marked[hit.pattern]);
        Part {
            normal,
            place,
            original: original.to_owned(),
            hits,
            provider: named.or(marked),
            is_own: false,
            named: Vec::new(),
        }
    }

    /// The refusals in a text: one for each recipient of a report, or one altogether.
    fn refusals(&self, pasted: &Pasted, prose: &[Range<usize>]) -> Vec<Refusal> {
        let mut refusals = Vec::new();
        for fields in pasted.report.iter().flat_map(|report| report.recipients.iter().take(MOST_RECIPIENTS)) {
            let action = fields.get("Action").unwrap_or_default().trim().to_ascii_lowercase();
            if matches!(action.as_str(), "delivered" | "relayed" | "expanded") {
                continue;
            }
            let diagnostic = fields.get("Diagnostic-Code").map(DeliveryReport::value).unwrap_or_default();
            let own = Part { is_own: true, ..self.part(diagnostic, place(&pasted.text, diagnostic)) };
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
            let recipient = ["Original-Recipient", "Final-Recipient"]
                .iter()
                .find_map(|name| message::address(DeliveryReport::value(fields.get(name)?)))
                .filter(|address| address.len() <= fact::LONGEST);
            refusals.push(Refusal {
                own: Some(own),
                codes: said.or(status),
                host: fields.get("Remote-MTA").map(|field| DeliveryReport::value(field).to_owned()),
                recipients: recipient.into_iter().collect(),
                action,
            });
        }
        if refusals.is_empty() {
            let mut all = Vec::new();
            for part in prose {
                for mut code in codes(&pasted.text[part.clone()]) {
                    code.span = code.span.start + part.start..code.span.end + part.start;
                    all.push(code);
                }
            }
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

    fn provider_of(&self, host: &str) -> Option<usize> {
        let name = host.split([' ', '(', '[']).next().unwrap_or_default();
        let provider = self.codes.provider_of_host(&Name::parse(name).ok()?)?;
        self.codes.providers.iter().position(|other| other.id == provider.id)
    }

    /// Who refused: by the host that a report names, by a host in the text, by what only one provider says. Where a report
    /// names a host, only what that host itself said can tell more: other names are those of the sender's own servers.
    fn provider(&self, refusal: &Refusal, parts: &[&Part]) -> Option<usize> {
        match refusal.host.as_deref() {
            Some(host) => {
                self.provider_of(host).or_else(|| refusal.own.as_ref().and_then(|own| own.provider))
            }
            None => parts.iter().find_map(|part| part.provider),
        }
    }

    #[expect(clippy::too_many_lines, reason = "grown before there was a limit")]
    fn judge(&self, refusal: &Refusal, parts: &[&Part], provider: Option<usize>) -> BestEntry {
        let enhanced = refusal.codes.as_ref().and_then(|code| code.enhanced);
        let provider_id = provider.map(|at| self.codes.providers[at].id.as_str());
        let mut weak: Option<BestEntry> = None;
        let mut hint: Option<BestEntry> = None;
        let mut looked_at_vendor = false;
        // These are given to nothing else (RFC 4954 section 6): words around them must fit.
        let reply_code = refusal.codes.as_ref().and_then(|code| code.reply);
        let is_login = matches!(reply_code, Some(530 | 534 | 535 | 538));
        for part in parts {
            let span = |start: usize, end: usize| {
                let origin = part.normal.origin(&part.original, start..end);
                part.place.as_ref().map(|place| place.start + origin.start..place.start + origin.end)
            };
            let best = |wanted: &dyn Fn(&SmtpCode) -> bool| {
                let mut best: Option<&Hit> = None;
                for hit in &part.hits {
                    let entry = &self.codes.codes[self.entries[hit.pattern]];
                    if wanted(entry) && best.is_none_or(|best| hit.weight > best.weight) {
                        best = Some(hit);
                    }
                }
                best.map(|hit| (self.entries[hit.pattern], span(hit.start, hit.end)))
            };
            let found = |(entry, span): (usize, Option<Range<usize>>), basis| BestEntry {
                entry: Some(entry),
                basis,
                span,
            };
            let is_own = |entry: &SmtpCode| {
                matches!(entry.kind, CodeKind::Provider | CodeKind::Own)
                    && provider_id.is_some()
                    && entry.provider.as_deref() == provider_id
            };
            if let Some(hit) = best(&|entry| entry.kind == CodeKind::First) {
                return found(hit, Basis::Wording);
            }
            if let Some(hit) = best(&is_own) {
                return found(hit, Basis::Provider);
            }
            // Numbers beyond those of the RFCs are the provider's own and mean one thing.
            if !std::mem::replace(&mut looked_at_vendor, true)
                && let Some(code) = enhanced.filter(|code| code.2 >= 100)
                && let Some(entry) = self.by_provider_code(provider_id, code)
            {
                return found((entry, None), Basis::Enhanced);
            }
            let list = best(&|entry| entry.kind == CodeKind::List).map(|hit| found(hit, Basis::List));
            let words = best(&|entry| {
                (matches!(entry.kind, CodeKind::Text | CodeKind::Enhanced)
                    || entry.kind == CodeKind::Provider && provider_id.is_none())
                    && (!is_login || self.is_about_login(entry))
            })
            .map(|hit| found(hit, Basis::Wording));
            // Where a login was refused, `blocked for spam` is said of the account, not of an address.
            let first = if is_login { words.or(list) } else { list.or(words) };
            if let Some(first) = first {
                return first;
            }
            weak = weak.or_else(|| {
                best(&|entry| entry.kind == CodeKind::Reply && (!is_login || self.is_about_login(entry)))
                    .map(|hit| found(hit, Basis::Wording))
            });
            hint = hint
                .or_else(|| best(&|entry| entry.kind == CodeKind::Client).map(|hit| found(hit, Basis::Hint)));
        }
        let by_code = |at: Option<_>, basis| at.map(|at| BestEntry { entry: Some(at), basis, span: None });
        let own = enhanced.and_then(|code| self.by_provider_code(provider_id, code));
        let plain = enhanced.and_then(|code| {
            self.codes.codes.iter().position(|entry| {
                entry.kind == CodeKind::Enhanced && entry.has_enhanced((code.0, code.1, code.2))
            })
        });
        let says_much = enhanced.is_some_and(|code| code.2 != 0 && (code.1, code.2) != (7, 1));
        let reply = refusal.codes.as_ref().and_then(|code| code.reply).and_then(|reply| {
            self.codes
                .codes
                .iter()
                .position(|entry| entry.kind == CodeKind::Reply && entry.reply.contains(&reply))
        });
        by_code(own, Basis::Enhanced)
            .or_else(|| by_code(plain.filter(|_| says_much), Basis::Enhanced))
            .or(weak)
            .or_else(|| by_code(plain, Basis::Enhanced))
            .or_else(|| by_code(reply, Basis::Reply))
            .or(hint)
            .unwrap_or(BestEntry { entry: None, basis: Basis::Nothing, span: None })
    }

    /// Whether a refused login can be meant: what is wrong with it, or that the account is closed.
    fn is_about_login(&self, entry: &SmtpCode) -> bool {
        matches!(entry.cause.as_str(), "account-suspended" | "account-abused")
            || self.codes.cause(&entry.cause).is_some_and(|cause| cause.step == ChecklistStep::Authentication)
    }

    /// The entry of a provider for a code that means only one thing there.
    fn by_provider_code(&self, provider: Option<&str>, code: Enhanced) -> Option<usize> {
        // Where nobody was recognised, a number that only one provider uses tells too.
        (provider.is_some() || code.2 >= 100).then_some(())?;
        let mut found: Option<usize> = None;
        for (at, entry) in self.codes.codes.iter().enumerate() {
            let fits = matches!(entry.kind, CodeKind::Provider | CodeKind::Own)
                && (provider.is_none() || entry.provider.as_deref() == provider)
                && entry.has_enhanced((code.0, code.1, code.2));
            if !fits {
                continue;
            }
            match found {
                Some(known) if self.codes.codes[known].cause != entry.cause => return None,
                _ => found = found.or(Some(at)),
            }
        }
        found
    }

    fn verdict(
        &self,
        refusal: &Refusal,
        found: BestEntry,
        provider: Option<usize>,
        facts: &[BounceFact],
        plain: &str,
        lists: &Blocklists,
    ) -> BounceVerdict {
        let codes = refusal.codes.clone();
        let entry = found.entry.map(|at| &self.codes.codes[at]);
        let cause: Option<&Cause> = entry.and_then(|entry| self.codes.cause(&entry.cause));
        let provider = provider.map(|at| &self.codes.providers[at]);
        let claims = cause.map(|cause| claim::claims(&cause.claims, facts, plain, lists)).unwrap_or_default();
        let args = args(
            provider.map(|provider| provider.name.as_str()),
            facts,
            &claims,
            &refusal.recipients,
            codes.as_ref(),
        );
        let id = cause.map_or("unknown", |cause| cause.id.as_str());
        let finality = finality(entry, cause, codes.as_ref(), &refusal.action);
        let mut retry = cause.map_or(Retry::AfterFix, |cause| cause.retry);
        if matches!(finality, Finality::Final | Finality::GivenUp)
            && matches!(retry, Retry::ByItself | Retry::Minutes)
        {
            retry = Retry::Hours;
        }
        BounceVerdict {
            cause: cause.map(|cause| cause.id.clone()),
            said: Sentence { key: format!("bounce.cause.{id}"), args: args.clone() },
            advice: Sentence { key: format!("bounce.do.{id}"), args },
            who: cause.map_or_else(|| vec![knowledge::ResponsibleParty::You], |cause| cause.who.clone()),
            step: cause.map_or(ChecklistStep::Contact, |cause| cause.step),
            finality,
            retry,
            provider: provider.map(|provider| ProviderRef {
                id: provider.id.clone(),
                name: provider.name.clone(),
                ids: provider.ids.clone(),
            }),
            basis: found.basis,
            entry: entry.map(|entry| entry.id.clone()),
            source: entry.map(|entry| entry.source.clone()),
            codes,
            span: found.span,
            claims,
            recipients: refusal.recipients.clone(),
        }
    }
}

fn finality(
    entry: Option<&SmtpCode>,
    cause: Option<&Cause>,
    codes: Option<&Codes>,
    action: &str,
) -> Finality {
    let id = cause.map(|cause| cause.id.as_str());
    if matches!(id, Some("accepted" | "in-progress")) {
        return Finality::Accepted;
    }
    if id == Some("expired") {
        return Finality::GivenUp;
    }
    let by_code = match codes.map(Codes::class) {
        Some(4) if action == "failed" => Some(Finality::GivenUp),
        Some(4) => Some(Finality::Temporary),
        Some(5) => Some(Finality::Final),
        _ => None,
    };
    if action == "delayed" {
        return Finality::Temporary;
    }
    by_code.unwrap_or(match entry.map(|entry| entry.severity) {
        Some(Severity::Temp) => Finality::Temporary,
        Some(Severity::Perm) => Finality::Final,
        _ => Finality::Unknown,
    })
}

/// Values for the placeholders of a cause's texts. What the text does not name is a word of the locales.
fn args(
    provider: Option<&str>,
    facts: &[BounceFact],
    claims: &[Claim],
    recipients: &[String],
    codes: Option<&Codes>,
) -> Args {
    let fact = |kind: FactKind| facts.iter().find(|fact| fact.kind == kind).map(|fact| fact.value.clone());
    let or_key = |value: Option<String>, key: &str| value.map_or_else(|| Arg::key(key), Arg::Text);
    let mut args = Args::default();
    args.set("who", or_key(provider.map(str::to_owned), "bounce.some.server"));
    args.set("ip", or_key(fact(FactKind::SendingIp), "bounce.some.address"));
    args.set("domain", or_key(fact(FactKind::Domain), "bounce.some.domain"));
    let list = claims.iter().find_map(|claim| claim.list_name.clone());
    args.set("list", or_key(list, "bounce.some.list"));
    let recipient = recipients.first().cloned().or_else(|| fact(FactKind::Recipient));
    args.set("recipient", or_key(recipient, "bounce.some.recipient"));
    let code = codes.map(|codes| {
        let parts = [codes.reply.map(|code| code.to_string()), codes.enhanced.map(|code| code.to_string())];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    });
    args.set("code", or_key(code, "bounce.some.code"));
    args
}

/// Which of the addresses stand in a text: compared at each `@` alone.
fn named(text: &str, addresses: &[String]) -> Vec<bool> {
    let text = text.as_bytes();
    let mut named = vec![false; addresses.len()];
    steps::took(text.len());
    for (at, _) in text.iter().enumerate().filter(|(_, octet)| **octet == b'@') {
        for (address, named) in addresses.iter().zip(&mut named) {
            let Some(start) = address.find('@').and_then(|before| at.checked_sub(before)) else { continue };
            *named |= text
                .get(start..start + address.len())
                .is_some_and(|there| there.eq_ignore_ascii_case(address.as_bytes()));
            steps::took(1);
        }
    }
    named
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

/// Where a field's value stands in the text: its first line, if it was folded.
fn place(text: &str, value: &str) -> Option<Range<usize>> {
    let at = text.find(value).filter(|_| !value.is_empty())?;
    steps::took(at + value.len());
    Some(at..at + value.len())
}

/// The paragraphs in which a code stands.
fn with_codes(text: &str, prose: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for part in prose {
        let mut start = part.start;
        let mut at = part.start;
        steps::took(part.len());
        for line in text[part.clone()].split_inclusive('\n') {
            at += line.len();
            if line.trim().is_empty() {
                push_if_code(text, start..at, &mut found);
                start = at;
            }
        }
        push_if_code(text, start..at, &mut found);
    }
    found
}

/// Paragraphs with codes that are looked at one by one; more are a log, and are looked at together.
const MOST_PARAGRAPHS: usize = 40;

fn push_if_code(text: &str, part: Range<usize>, found: &mut Vec<Range<usize>>) {
    let is_refusal = |code: &Codes| matches!(code.class(), 4 | 5);
    if found.len() < MOST_PARAGRAPHS && codes(&text[part.clone()]).iter().any(is_refusal) {
        found.push(part);
    }
}

/// The text without the name of the server that reports, which is the sender's or the provider's last; none if it names
/// none.
fn without_reporter(text: &str) -> Option<String> {
    const LEADS: [&str; 2] = ["mail system at host ", "reporting-mta: dns;"];
    let lower = text.to_ascii_lowercase();
    let mut left = String::new();
    let mut from = 0;
    for lead in LEADS {
        if let Some(at) = lower[from..].find(lead).map(|at| from + at + lead.len()) {
            left.push_str(&text[from..at]);
            let rest = text[at..].trim_start_matches(' ');
            let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
            from = text.len() - rest.len();
        }
    }
    (from > 0).then(|| left + &text[from..])
}

/// The host in `host mx.example.org[192.0.2.1] said:`, `Remote Server returned`, `at mx.example.org`.
fn host_that_said(text: &str) -> Option<String> {
    const LEADS: [&str; 7] = [
        "host ",
        "generating server: ",
        "remote server at ",
        "relay=",
        "remote host ",
        "server at ",
        "remote-mta: dns; ",
    ];
    let head: String = text.chars().take(4000).collect::<String>().to_ascii_lowercase();
    LEADS.iter().find_map(|lead| {
        let mut from = 0;
        // Not the client's host, which is the sender's.
        while let Some(at) = head[from..].find(lead).map(|at| from + at) {
            from = at + lead.len();
            if head[..at].ends_with("client ") || head[..at].ends_with("client host") {
                continue;
            }
            let name: String = head[from..]
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))
                .collect();
            if name.contains('.') {
                return Some(name.trim_end_matches('.').to_owned());
            }
        }
        None
    })
}
