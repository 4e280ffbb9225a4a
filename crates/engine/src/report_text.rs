//! What is said of a report in one sentence: its headline, each row of its causes, each lookup.

use crate::{
    bounds,
    check::{Arg, Args, CheckId, FindingText, Level},
    dns::{OWN_RESOLVER, Outcome},
    report::{
        Evidence, Report,
        headline::{Headline, HeadlineVerdict, SENDING_ADDRESS},
    },
    text::{Catalog, Plural},
    view::provider::MailProviders,
};

/// The parts of the sentence that sums a report up, each with the word of its level. The page verdict the same.
#[must_use]
pub fn sentence(report: &Report, catalog: &Catalog, plural: Plural) -> Vec<(&'static str, String)> {
    let Headline { verdict, stops, improve, unchecked } = &report.headline;
    let count = |verdict: HeadlineVerdict, n: usize| catalog.say(&verdict.key(), &of_number(n), plural);
    let mut args = about(report);
    args.set("n", if *verdict == HeadlineVerdict::WorthMending { *improve } else { *stops }.into());
    let mut parts = vec![(verdict.level().as_str(), catalog.say(&verdict.key(), &args, plural))];
    for (level, key, n) in [
        (Level::Stops, HeadlineVerdict::StopsMail, *stops),
        (Level::Improve, HeadlineVerdict::WorthMending, *improve),
    ] {
        if n > 0 && verdict.counts_beside(level) {
            parts.push((level.as_str(), count(key, n)));
        }
    }
    if !unchecked.is_empty() && verdict.names_unchecked() {
        let name = |what: &&str| match *what {
            SENDING_ADDRESS => Arg::key("headline.sending-address"),
            check => CheckId::from_word(check)
                .map_or_else(|| Arg::Text(check.to_owned()), |check| Arg::key(check.key())),
        };
        let mut args = of_number(unchecked.len());
        args.set("what", Arg::List(unchecked.iter().map(name).collect()));
        parts.push(("unknown", catalog.say("headline.unchecked", &args, plural)));
    }
    parts
}

/// What the headline means for the user's mail, and what to do now.
#[must_use]
pub fn meaning(report: &Report, catalog: &Catalog, plural: Plural) -> String {
    catalog.say(&report.headline.verdict.key_of_advice(), &about(report), plural)
}

/// What the words of the headline may name.
fn about(report: &Report) -> Args {
    let mut args = Args::default();
    args.set("subject", report.target.to_string().into());
    // Of a consumer domain, the provider it belongs to.
    let provider = report.views.provider.as_ref().and_then(MailProviders::of_consumer_domain);
    if let Some(provider) = provider {
        args.set("provider", provider.name.as_str().into());
    }
    args
}

fn of_number(n: usize) -> Args {
    let mut args = Args::default();
    args.set("n", n.into());
    args
}

/// The title of a row of [`Report::rows`]: of its finding, or of all of them by what tells them apart.
#[must_use]
pub fn row_title(
    report: &Report,
    row: &[(usize, usize)],
    catalog: &Catalog,
    plural: Plural,
) -> Option<String> {
    let first = report.finding(*row.first()?)?;
    if row.len() == 1 || !first.code.is_of_lists() {
        let title = catalog.say(&first.code.key(FindingText::Title), &first.args, plural);
        return Some(match first.more {
            0 => title,
            more => format!("{title} ({})", catalog.more(more, plural)),
        });
    }
    let left_out: usize = row.iter().filter_map(|&place| report.finding(place)).map(|one| one.more).sum();
    let names = row.iter().filter_map(|&place| Some(&report.listing(report.finding(place)?)?.list.name));
    let mut args = first.args.clone();
    args.set("n", (row.len() + left_out).into());
    args.set("list", Arg::list(names));
    Some(catalog.say(&first.code.key(FindingText::Row), &args, plural))
}

/// What came of a lookup, in one line.
pub(crate) fn answer(evidence: &Evidence, catalog: &Catalog, plural: Plural) -> String {
    let say = |key: &str| catalog.get(key).unwrap_or(key).to_owned();
    let mut text = match &evidence.outcome {
        Outcome::Records(answer) => {
            let (shown, more) = bounds::shown(&answer.records, bounds::SHOWN_RECORDS);
            let mut records: Vec<String> = shown.iter().map(|record| record.data.to_string()).collect();
            records.extend((more > 0).then(|| catalog.more(more, plural)));
            records.join(" | ")
        }
        Outcome::NoData(_) => say("ui.answer.no-data"),
        Outcome::NxDomain(_) => say("ui.answer.nx-domain"),
        Outcome::Failed(failed) => {
            let mut args = Args::default();
            args.set("status", u64::from(failed.failure.number().unwrap_or_default()).into());
            catalog.say(&failed.failure.key(), &args, plural)
        }
    };
    let meta = evidence.outcome.meta();
    match meta.resolver.as_str() {
        "" => {}
        OWN_RESOLVER => text.push_str(&format!(" ({})", say("resolver.own"))),
        id => text.push_str(&format!(" ({id})")),
    }
    text
}
