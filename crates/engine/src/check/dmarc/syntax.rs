//! The text of the record that applies, tag by tag.

use super::{about, read, revived, shown, site_fix, word};
use crate::{
    change::{Fix, Safety},
    check::{Arg, Code, Cx, Finding, Findings, Level},
    dmarc::{AppliedRecord, PolicyDiscovery, PolicySource},
    facts::Step,
    record::{
        Span,
        dmarc::{Dmarc, DmarcEdit, Effect, HISTORIC, Policy, PolicyTag, TAGS, TagValue},
        tags::TagErrorKind,
    },
};

pub(super) fn check(
    cx: &Cx<'_>,
    findings: &mut Findings,
    application: &AppliedRecord,
    mended: &Step<RewrittenRecord>,
) -> Step<()> {
    read(cx, application);
    let record = Dmarc::parse(&application.text);
    let (fix, note) = match mended {
        Ok(mended) => (mended.fix.clone(), mended.note),
        Err(_) => (None, "dmarc.then.acts"),
    };
    let mut checker = Checker { cx, findings, application, fix, note };
    checker.list(&record);
    checker.policies(&record);
    checker.values(&record);
    checker.names(&record);
    checker.order(&record);
    mended.as_ref().map(|_| ()).map_err(|&pending| pending)
}

/// The record put right.
pub(super) struct RewrittenRecord {
    /// The record; none if nobody can tell what was meant.
    pub record: Option<DmarcEdit>,
    /// The change that puts it in the place of the one that applies.
    pub fix: Option<Fix>,
    /// The locale key of what to know before it is made.
    pub note: &'static str,
}

/// The record put right as a whole, so that two findings about it do not offer two records.
pub(super) fn mended(
    cx: &Cx<'_>,
    discovery: &PolicyDiscovery,
    application: &AppliedRecord,
    parked: Step<bool>,
) -> Step<RewrittenRecord> {
    let record = Dmarc::parse(&application.text);
    let Some(cleaned) = record.cleaned() else {
        return Ok(RewrittenRecord { record: None, fix: None, note: "dmarc.then.unclear" });
    };
    let asked = |record: &Dmarc<'_>| {
        [PolicyTag::P, PolicyTag::Sp]
            .map(|tag| record.policy_for(tag).map_or(Policy::None, |(policy, _)| policy))
    };
    let (before, after) = (asked(&record), asked(&Dmarc::parse(&cleaned.text)));
    let mut begun = revived::RevivedRecord { record: DmarcEdit::parse(&cleaned.text), watches: false };
    if before.iter().zip(&after).any(|(before, after)| after > before) {
        begun = revived::begin(cx, discovery, &application.domain, begun.record, parked)?;
    }
    let note = begun.note();
    let safety = if cleaned.same_policy { Safety::Safe } else { Safety::Decide };
    let fix = site_fix::replace(cx, application, begun.record.clone(), safety)?;
    Ok(RewrittenRecord { record: Some(begun.record), fix: Some(fix), note })
}

/// Faults of the list that are told one by one; whoever has more begins anew.
const MOST_ERRORS: usize = 20;
/// Characters of a part that are shown.
const MOST_SHOWN: usize = 200;

struct Checker<'c, 'a> {
    cx: &'c Cx<'a>,
    findings: &'c mut Findings,
    application: &'c AppliedRecord,
    fix: Option<Fix>,
    note: &'static str,
}

impl Checker<'_, '_> {
    fn finding(&self, code: Code) -> Finding {
        about(code, &self.application.domain)
    }

    fn put(&mut self, finding: Finding, span: Span) {
        let mut finding = shown(finding, self.application, span.range());
        finding.fix.clone_from(&self.fix);
        self.cx.found(self.findings, finding);
    }

    fn list(&mut self, record: &Dmarc<'_>) {
        for error in record.list.errors.iter().take(MOST_ERRORS) {
            let part: String = error.span.of(record.text).chars().take(MOST_SHOWN).collect();
            let code = match error.kind {
                TagErrorKind::Empty => continue,
                TagErrorKind::NoEquals | TagErrorKind::BadName | TagErrorKind::TooMany => Code::Dma140,
                TagErrorKind::BadCharacter => Code::Dma420,
                TagErrorKind::Twice => Code::Dma160,
            };
            let hint = if part.contains('@') { "dmarc.piece.address" } else { "dmarc.piece.text" };
            let mut finding = self.finding(code).arg("part", part);
            if code == Code::Dma140 {
                finding = finding.arg("hint", Arg::key(hint));
            }
            self.put(finding, error.span);
        }
    }

    fn policies(&mut self, record: &Dmarc<'_>) {
        if record.effect() == Effect::AsWritten {
            return;
        }
        let effect = Arg::key(record.effect().key());
        // Without a policy and without reports the record is as good as none.
        let grave = record.effect() == Effect::Nothing && self.application.source == PolicySource::Author;
        if record.p.is_none() {
            let mut finding = self.finding(Code::Dma110).arg("effect", effect.clone());
            if grave {
                finding = finding.rated(Level::Improve, 45);
            }
            self.put(finding, Span::default());
        }
        for (tag, given) in [("p", record.p), ("sp", record.sp), ("np", record.np)] {
            if let Some(TagValue { value: None, span }) = given {
                let value = record.list.get(tag).map_or("", |tag| tag.value);
                let finding = self
                    .finding(Code::Dma120)
                    .arg("tag", tag)
                    .arg("value", value)
                    .arg("effect", effect.clone())
                    .arg("then", Arg::key(self.note));
                self.put(finding, span);
            }
        }
    }

    fn values(&mut self, record: &Dmarc<'_>) {
        fn broken<T>(given: Option<TagValue<T>>) -> Option<Span> {
            given.filter(|given| given.value.is_none()).map(|given| given.span)
        }
        let tags = [
            ("adkim", broken(record.adkim), "r"),
            ("aspf", broken(record.aspf), "r"),
            ("t", broken(record.t), "n"),
            ("psd", broken(record.psd), "u"),
            ("fo", broken(record.fo), "0"),
        ];
        for (tag, span, default) in tags {
            if let Some(span) = span {
                let value = record.list.get(tag).map_or("", |tag| tag.value);
                let finding =
                    self.finding(Code::Dma130).arg("tag", tag).arg("value", value).arg("default", default);
                self.put(finding, span);
            }
        }
    }

    /// Tags that nobody knows, and those that nobody needs any more.
    fn names(&mut self, record: &Dmarc<'_>) {
        let mut historic = None;
        let known = |name: &str| TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(name));
        for tag in &record.list.tags {
            if HISTORIC.iter().any(|name| tag.is(name)) {
                historic.get_or_insert((Vec::new(), tag.span())).0.push(tag.name);
            } else if !known(tag.name) && !tag.name.is_empty() {
                let finding = self.finding(Code::Dma150).arg("tag", tag.name);
                let finding = match record.misspelt(tag.name) {
                    Some(meant) => finding
                        .rated(Level::Improve, 10)
                        .arg("hint", Arg::key("dmarc.tag.misspelt"))
                        .arg("meant", meant),
                    None => finding.arg("hint", Arg::key("dmarc.tag.unknown")),
                };
                let fix = finding.level == Level::Improve;
                let mut finding = shown(finding, self.application, tag.span().range());
                if fix {
                    finding.fix.clone_from(&self.fix);
                }
                self.cx.found(self.findings, finding);
            }
        }
        if let Some((names, span)) = historic {
            let partly = record.list.get("pct").is_some_and(|pct| pct.value != "100");
            let enforced = record.p.and_then(|p| p.value).is_some_and(|policy| policy != Policy::None);
            let hint = if partly && enforced { "dmarc.historic.pct" } else { "dmarc.historic.plain" };
            let finding = self
                .finding(Code::Dma170)
                .arg("n", names.len())
                .arg("tags", Arg::list(names))
                .arg("hint", Arg::key(hint));
            self.put(finding, span);
        }
    }

    fn order(&mut self, record: &Dmarc<'_>) {
        let second = record.list.tags.get(1).is_some_and(|tag| tag.is("p"));
        if let (Some(p), false) = (record.p, second) {
            self.put(self.finding(Code::Dma180).arg("policy", p.value.map_or("?".into(), word)), p.span);
        }
        if !record.text.starts_with("v=DMARC1") {
            let end = record.list.tags.first().map_or(Span::default(), |tag| tag.span());
            let part = end.of(record.text).to_owned();
            self.put(self.finding(Code::Dma190).arg("part", part), end);
        }
    }
}
