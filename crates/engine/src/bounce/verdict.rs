//! From what was found to what is said of it.

use super::{
    BounceFact, BounceVerdict, Claim, Codes, FactKind, Finality, Lead, ProviderRef, Reader, Sentence, claim,
    judge::Outcome, reader::Refusal,
};
use crate::{
    check::{Arg, Args},
    checklist::ChecklistStep,
    knowledge::{self, Blocklists, Cause, Retry, Severity, SmtpCode},
};

impl Reader {
    pub(super) fn verdict(
        &self,
        refusal: &Refusal,
        found: Outcome,
        provider: Option<usize>,
        facts: &[BounceFact],
        plain: &str,
        lists: &Blocklists,
    ) -> BounceVerdict {
        let codes = found.codes.clone();
        let entry = found.entry.map(|at| &self.codes.codes[at]);
        let cause: Option<&Cause> = entry.and_then(|entry| self.codes.cause(&entry.cause));
        let leaning = found.leaning.and_then(|at| self.codes.cause(&self.codes.codes[at].cause));
        let provider = provider.map(|at| &self.codes.providers[at]);
        let claims = cause.map(|cause| claim::claims(&cause.claims, facts, plain, lists)).unwrap_or_default();
        let args = args(
            provider.map(|provider| provider.name.as_str()),
            facts,
            &claims,
            &refusal.recipients,
            codes.as_ref(),
        );
        let (said, advice) = keys(cause, leaning, codes.as_ref());
        let finality = finality(entry, cause, codes.as_ref(), &refusal.action);
        let likely = cause.or(leaning);
        let mut retry = likely.map_or(Retry::AfterFix, |cause| cause.retry);
        if matches!(finality, Finality::Final | Finality::GivenUp)
            && matches!(retry, Retry::ByItself | Retry::Minutes)
        {
            retry = Retry::Hours;
        }
        BounceVerdict {
            cause: cause.map(|cause| cause.id.clone()),
            page: cause.map(Cause::page),
            said: Sentence { key: said, args: args.clone() },
            advice: Sentence { key: advice, args },
            who: likely.map_or_else(|| vec![knowledge::ResponsibleParty::You], |cause| cause.who.clone()),
            step: likely.map_or(ChecklistStep::Contact, |cause| cause.step),
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
            speaker: found.speaker,
            claims,
            recipients: refusal.recipients.clone(),
        }
    }
}

/// The keys of what happened and of what to do.
fn keys(cause: Option<&Cause>, leaning: Option<&Cause>, codes: Option<&Codes>) -> (String, String) {
    let of = |id: &str| (format!("bounce.cause.{id}"), format!("bounce.do.{id}"));
    match (cause, Lead::of(leaning, codes)) {
        (Some(cause), _) => of(&cause.id),
        (None, Some(lead)) => ("bounce.cause.unclear".to_owned(), lead.key().to_owned()),
        (None, None) => of("unknown"),
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
