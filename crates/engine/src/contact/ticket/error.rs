//! What the error says and claims, and how that stands now.

use super::Writer;
use crate::{
    bounce::{self, BounceReading, BounceVerdict, Claim, ClaimStatus, PastedKind},
    check::Args,
    contact::{ContactParty, mask::masked},
    visible::visible_lines,
};

/// Characters of the error that are quoted.
const MOST_QUOTED: usize = 700;
/// Lines of it.
const MOST_LINES: usize = 8;

impl Writer<'_> {
    /// The codes of the error.
    pub(super) fn code(&self) -> Option<String> {
        let codes = self.verdict?.codes.as_ref()?;
        let parts = [codes.reply.map(|code| code.to_string()), codes.enhanced.map(|code| code.to_string())];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    pub(super) fn error(&mut self) {
        let Some((reading, verdict)) = self.case.reading.zip(self.verdict) else {
            // A listing and a record speak for themselves.
            if matches!(self.party, ContactParty::Mailbox | ContactParty::Postmaster) {
                let gap = self.say("ticket.gap.error");
                self.all("ticket.error", vec![gap]);
            }
            return;
        };
        self.head("ticket.error");
        if let Some(code) = self.code() {
            self.row("code", &code);
        }
        let said = self.catalog.say(&verdict.said.key, &verdict.said.args, self.plural);
        let said = self.shown(&said);
        self.row("meaning", &said);
        let quoted = self.shown(&quoted(reading, verdict));
        for line in quoted.lines().filter(|line| !line.trim().is_empty()).take(MOST_LINES) {
            self.line(&format!("> {}", line.trim_end()));
        }
    }

    /// What the error claims, and how that stands now.
    pub(super) fn claims(&mut self) {
        let Some(report) = self.case.report else { return };
        let claims = self.case.reading.iter().flat_map(|reading| &reading.verdicts);
        let mut lines: Vec<String> = Vec::new();
        for claim in claims.flat_map(|verdict| &verdict.claims) {
            let (now, _) = bounce::claim_status(claim, Some(report));
            if matches!(now, ClaimStatus::NotChecked | ClaimStatus::Running) {
                continue;
            }
            let line = self.claim(claim, now);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        self.all("ticket.claims", lines);
    }

    fn claim(&self, claim: &Claim, now: ClaimStatus) -> String {
        let mut said = self.say(&claim.kind.key());
        let about: Vec<&str> =
            claim.subject.as_deref().into_iter().chain(claim.list_name.as_deref()).collect();
        if !about.is_empty() {
            let about = self.shown(&about.join(", "));
            said = format!("{said} ({about})");
        }
        let own = format!("bounce.now.{}.{}", now.as_str(), claim.kind.as_str());
        let now = if self.catalog.get(&own).is_some() { own } else { now.key() };
        let mut args = Args::default();
        args.set("claim", said.into());
        args.set("now", self.say(&now).into());
        self.catalog.say("ticket.claim", &args, self.plural)
    }

    /// `text` of the error as it may be shown.
    pub(super) fn shown(&self, text: &str) -> String {
        if self.wishes.third_parties {
            return text.to_owned();
        }
        masked(text, &self.hidden, "[…]")
    }
}

/// Where the line begins that `at` stands in, or a place before it from which as much can be quoted: a line may be all of
/// the text.
fn line_start(text: &str, at: usize) -> usize {
    let mut from = at.saturating_sub(MOST_QUOTED / 2);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..at).unwrap_or_default();
    match before.rfind('\n') {
        Some(line) => from + line + 1,
        // The beginning of a word.
        None if from > 0 => from + before.find(' ').map_or(0, |blank| blank + 1),
        None => 0,
    }
}

/// The lines of the error that tell, as they stand there.
fn quoted(reading: &BounceReading, verdict: &BounceVerdict) -> String {
    let text = reading.text.as_str();
    let spans = [verdict.span.clone(), verdict.codes.as_ref().map(|codes| codes.span.clone())];
    let spans: Vec<_> = spans.into_iter().flatten().filter(|span| !span.is_empty()).collect();
    let first = spans.iter().map(|span| span.start).min();
    let last = spans.iter().map(|span| span.end).max();
    let part = match (first, last) {
        (Some(first), Some(last)) if last - first <= MOST_QUOTED => {
            let start = line_start(text, first);
            let end = text.get(last..).and_then(|after| after.find('\n')).map_or(text.len(), |at| last + at);
            text.get(start..end).unwrap_or_default()
        }
        (Some(first), _) => text.get(first..).unwrap_or_default(),
        _ if matches!(reading.kind, PastedKind::Reply | PastedKind::Text) => text,
        _ => "",
    };
    visible_lines(part).chars().take(MOST_QUOTED).collect()
}
