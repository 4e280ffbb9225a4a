//! What comes of the numbers: which limit is in the way, how the refusal reads, and every limit with what is used of it.

use mail_triage_browser::words::args;
use mail_triage_engine::{
    check::{Arg, Args},
    knowledge::{Provider, Providers},
    limits::{self, Habit, LimitComparison, LimitCondition, LimitOutcome, LimitRow, Proof, Window},
};

use super::ways::ways;
use crate::{
    components::{
        h::{El, el, part},
        page_context::{PageContext, cell, source},
    },
    panels::calculator::{amount, megabytes},
};

/// What the provider makes of it.
pub fn result(page: &PageContext, habit: &Habit, at: Option<(&Providers, &Provider)>) -> El {
    let grown = (habit.attachments > 0).then(|| {
        let values = [
            ("size", megabytes(habit.attachments).into()),
            ("sent", megabytes(limits::as_sent(habit.attachments)).into()),
        ];
        el("p").text(page.words.with("calc.grows", values))
    });
    let all = part("div", "calc-result").maybe(grown);
    let Some((providers, provider)) = at else {
        return all.with(part("p", "note").text(page.say("calc.no-provider")));
    };
    let comparison = limits::compare(providers, provider, habit);
    let compared = comparison.rows.iter().any(|row| row.share().is_some());
    let all = match comparison.first {
        Some(at) => broken(page, provider, &comparison, &comparison.rows[at], all),
        None if compared => {
            let text = page.with("calc.fits", "provider", provider.name.as_str());
            all.with(line("pass", text))
        }
        None => all.with(line("unknown", page.with("calc.none", "provider", provider.name.as_str()))),
    };
    all.maybe((!comparison.rows.is_empty()).then(|| table(page, &comparison)))
}

fn line(level: &'static str, text: String) -> El {
    let said = part("p", "calc-line").with(part("span", "state").put("data-level", level).text(text));
    // The region stays while its words change: one that comes with its words is not read out.
    el("div").key("said").put("role", "status").with(said)
}

/// The limit that is in the way, and what to do about it.
fn broken(
    page: &PageContext,
    provider: &Provider,
    comparison: &LimitComparison<'_>,
    row: &LimitRow<'_>,
    all: El,
) -> El {
    let (key, level) = match row.state {
        LimitOutcome::Breaks => ("calc.first", "stops"),
        _ => ("calc.first.maybe", "improve"),
    };
    let all = all
        .with(line(level, page.with(key, "limit", name(page, row))))
        .maybe((row.number > 0).then(|| el("p").text(page.fill("calc.over", &values(row)))))
        .maybe(row.when.map(|when| el("p").text(condition(page, row, when))))
        .maybe(row.refused.map(|n| el("p").text(page.with("calc.refused", "n", n))));
    let proof = match comparison.proof {
        Some(proof) => proven(page, proof),
        None => part("p", "note").text(page.with("calc.proof.unknown", "provider", provider.name.as_str())),
    };
    all.with(proof).with(page.el("h4", "calc.ways")).with(ways(page, provider, row, comparison))
}

/// What a row counts, and for which account.
fn name(page: &PageContext, row: &LimitRow<'_>) -> String {
    let mut name = page.say(&row.limit.kind.key());
    let of = match (&row.limit.plan, row.trial) {
        (Some(plan), _) => Some(plan.clone()),
        (None, true) => Some(page.say("calc.account.trial")),
        (None, false) => None,
    };
    if let Some(of) = of {
        name = page.words.with("calc.named", [("limit", name.into()), ("account", of.into())]);
    }
    name
}

fn values(row: &LimitRow<'_>) -> Args {
    let amount = |number| Arg::Text(amount(row.limit.kind, number));
    args([
        ("used", amount(row.used)),
        ("number", amount(row.number)),
        ("over", amount(row.over())),
        ("share", row.share().unwrap_or_default().into()),
    ])
}

fn condition(page: &PageContext, row: &LimitRow<'_>, when: LimitCondition) -> String {
    let key = match when {
        LimitCondition::AtOnce { spans } => {
            let key = match Window::of(row.limit.kind) {
                Window::Second => "calc.when.second",
                Window::Minute => "calc.when.minute",
                _ => "calc.when.hour",
            };
            return page.with(key, "n", spans);
        }
        LimitCondition::LowEnd => "calc.when.low",
        LimitCondition::ByProgram => "calc.when.program",
        LimitCondition::AllOutside => "calc.when.outside",
        LimitCondition::AllDifferent => "calc.when.different",
        LimitCondition::AllNew => "calc.when.new",
        LimitCondition::EveryDay => "calc.when.every-day",
    };
    page.say(key)
}

fn proven(page: &PageContext, proof: &'static Proof) -> El {
    let source = match proof.date {
        Some(date) => source(proof.source, date),
        None => part("span", "note").text(proof.source),
    };
    el("div")
        .with(page.el("p", "calc.proof"))
        .with(page.record("calc-proof".to_owned(), proof.text))
        .with(el("p").with(source))
}

/// Every limit with what is used of it.
fn table(page: &PageContext, comparison: &LimitComparison<'_>) -> El {
    let rows = comparison.rows.iter().enumerate().map(|(at, row)| {
        let (word, level) = match row.state {
            LimitOutcome::Breaks => ("calc.state.breaks", Some("stops")),
            LimitOutcome::Depends => ("calc.state.depends", Some("improve")),
            LimitOutcome::Fits => ("calc.state.fits", Some("pass")),
            LimitOutcome::Unpublished => ("calc.state.unpublished", Some("unknown")),
            LimitOutcome::Other => ("calc.state.other", None),
        };
        let word = page.say(word);
        let word = match level {
            Some(level) => part("span", "state").put("data-level", level).text(word),
            None => part("span", "note").text(word),
        };
        let used = match row.share() {
            Some(_) => page.fill("calc.used", &values(row)),
            None => String::new(),
        };
        let when = row.when.filter(|_| comparison.first != Some(at));
        let word = el("span")
            .with(word)
            .maybe(when.map(|when| part("span", "note").text(format!(" {}", condition(page, row, when)))));
        (format!("{at}"), vec![cell(name(page, row)), cell(used), word])
    });
    page.table(&["limit", "number", "result"], rows.collect())
}
