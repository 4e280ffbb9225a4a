//! Does what I send fit? A few numbers, held against the provider's limits while they are typed.

use super::fields::choice;
use crate::app::{
    h::{El, el, part},
    state::Action,
    ui::{Ui, cell},
};
use mail_triage_browser::{clock, words::args};
use mail_triage_engine::{
    check::{Arg, Args},
    input::limits::InputField,
    knowledge::{LimitKind, Provider},
    limits::{
        self, Account, Alternatives, Habit, LimitComparison, LimitCondition, LimitOutcome, LimitRow, Proof,
        Reset, SendingKind, Unreadable, Window,
    },
};

const MESSAGES: &str = "calc.messages";
const RECIPIENTS: &str = "calc.recipients";
const SIZE: &str = "calc.size";
const SENDING: &str = "calc.sending";
const ACCOUNT: &str = "calc.account";

/// The form, and under it what comes of it.
pub fn calculator(ui: &Ui<'_>) -> El {
    let messages = limits::count(ui.state.entered(MESSAGES));
    let recipients = limits::count(ui.state.entered(RECIPIENTS));
    let attachments = limits::megabytes(ui.state.entered(SIZE));
    let form = part("div", "calc-form")
        .with(number(ui, MESSAGES, "numeric", messages.err()))
        .with(number(ui, RECIPIENTS, "numeric", recipients.err()))
        .with(number(ui, SIZE, "decimal", attachments.err()))
        .with(choice(
            ui,
            SENDING,
            SendingKind::ALL.iter().map(|sending| (sending.as_str().to_owned(), None)).collect(),
        ))
        .maybe(ui.provider().and_then(|provider| account(ui, provider)));
    let shown = match (messages, recipients, attachments) {
        (Ok(messages), Ok(recipients), Ok(attachments)) => {
            (messages.is_some() || recipients.is_some() || attachments.is_some()).then(|| Habit {
                messages: messages.unwrap_or(1),
                recipients: recipients.unwrap_or(1),
                attachments: attachments.unwrap_or_default(),
                sending: sending(ui.state.entered(SENDING)),
                account: account_of(ui.state.entered(ACCOUNT)),
            })
        }
        _ => None,
    };
    part("section", "calc no-print")
        .put("id", "calc")
        .with(ui.el("h3", "calc.title"))
        .with(part("p", "note").text(ui.say("calc.intro")))
        .with(form)
        .maybe(shown.map(|habit| result(ui, &habit)))
}

/// A field for a number, with what is wrong with it.
fn number(ui: &Ui<'_>, name: &'static str, mode: &'static str, wrong: Option<Unreadable>) -> El {
    let id = name.replace('.', "-");
    let error = format!("{id}-error");
    let text = ui.state.entered(name);
    let mut input = el("input")
        .set("id", id)
        .put("type", "text")
        .put("inputmode", mode)
        .put("autocomplete", "off")
        .value(text);
    if wrong.is_some() {
        input = input.put("aria-invalid", "true").set("aria-describedby", error.clone());
    }
    let field = part("label", "field")
        .with(ui.el("span", name))
        .with(ui.input(input, move |text| Action::Enter(name, text)))
        .maybe(ui.long(InputField::Line, text));
    let wrong = wrong.map(|wrong| {
        let key = match wrong {
            Unreadable::NoNumber => "calc.error.number",
            Unreadable::TooLarge => "calc.error.large",
        };
        let short: String = text.chars().take(40).collect();
        part("p", "error").set("id", error).put("role", "alert").text(ui.with(key, "text", short))
    });
    part("div", "calc-field").with(field).maybe(wrong)
}

fn account(ui: &Ui<'_>, provider: &Provider) -> Option<El> {
    let choices = Account::choices(provider);
    if choices.is_empty() {
        return None;
    }
    let named = choices.iter().any(|choice| matches!(choice, Account::Plan(_)));
    let mut words = vec![("unknown".to_owned(), None)];
    words.extend(choices.into_iter().map(|choice| match choice {
        Account::Unknown => ("unknown".to_owned(), None),
        Account::Trial => ("trial".to_owned(), None),
        Account::Ordinary if named => ("ordinary".to_owned(), Some(ui.say("calc.account.other"))),
        Account::Ordinary => ("ordinary".to_owned(), None),
        Account::Plan(plan) => (format!("{PLAN}{plan}"), Some(plan)),
    }));
    Some(choice(ui, ACCOUNT, words).key(&provider.id))
}

/// Stands before the name of a plan in the value of a choice.
const PLAN: &str = "plan ";

fn account_of(word: &str) -> Account {
    match (word, word.strip_prefix(PLAN)) {
        (_, Some(plan)) => Account::Plan(plan.to_owned()),
        ("trial", _) => Account::Trial,
        ("ordinary", _) => Account::Ordinary,
        _ => Account::Unknown,
    }
}

fn sending(word: &str) -> SendingKind {
    SendingKind::from_word(word).unwrap_or_default()
}

fn result(ui: &Ui<'_>, habit: &Habit) -> El {
    let grown = (habit.attachments > 0).then(|| {
        let values = [
            ("size", megabytes(habit.attachments).into()),
            ("sent", megabytes(limits::as_sent(habit.attachments)).into()),
        ];
        el("p").text(ui.state.words.with("calc.grows", values))
    });
    let all = part("div", "calc-result").maybe(grown);
    let Some((knowledge, provider)) = ui.state.knowledge.as_ref().zip(ui.provider()) else {
        return all.with(part("p", "note").text(ui.say("calc.no-provider")));
    };
    let mut habit = habit.clone();
    if !Account::choices(provider).contains(&habit.account) {
        // It was chosen for another provider.
        habit.account = Account::Unknown;
    }
    let comparison = limits::compare(&knowledge.providers, provider, &habit);
    let compared = comparison.rows.iter().any(|row| row.share().is_some());
    let all = match comparison.first {
        Some(at) => broken(ui, provider, &comparison, &comparison.rows[at], all),
        None if compared => {
            let text = ui.with("calc.fits", "provider", provider.name.as_str());
            all.with(line("pass", text))
        }
        None => all.with(line("unknown", ui.with("calc.none", "provider", provider.name.as_str()))),
    };
    all.maybe((!comparison.rows.is_empty()).then(|| table(ui, &comparison)))
}

fn line(level: &'static str, text: String) -> El {
    let said = part("p", "calc-line").with(part("span", "state").put("data-level", level).text(text));
    // The region stays while its words change: one that comes with its words is not read out.
    el("div").key("said").put("role", "status").with(said)
}

/// The limit that is in the way, and what to do about it.
fn broken(
    ui: &Ui<'_>,
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
        .with(line(level, ui.with(key, "limit", name(ui, row))))
        .maybe((row.number > 0).then(|| el("p").text(ui.state.words.fill("calc.over", &values(row)))))
        .maybe(row.when.map(|when| el("p").text(condition(ui, row, when))))
        .maybe(row.refused.map(|n| el("p").text(ui.count("calc.refused", n as usize))));
    let proof = match comparison.proof {
        Some(proof) => proven(ui, proof),
        None => part("p", "note").text(ui.with("calc.proof.unknown", "provider", provider.name.as_str())),
    };
    all.with(proof).with(ui.el("h4", "calc.ways")).with(ways(
        ui,
        provider,
        row,
        comparison.reset,
        &comparison.ways,
    ))
}

/// What a row counts, and for which account.
fn name(ui: &Ui<'_>, row: &LimitRow<'_>) -> String {
    let mut name = ui.say(&row.limit.kind.key());
    let of = match (&row.limit.plan, row.trial) {
        (Some(plan), _) => Some(plan.clone()),
        (None, true) => Some(ui.say("calc.account.trial")),
        (None, false) => None,
    };
    if let Some(of) = of {
        name = ui.state.words.with("calc.named", [("limit", name.into()), ("account", of.into())]);
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

/// A number of a row; sizes are in thousandths.
fn amount(kind: LimitKind, number: u64) -> String {
    if kind == LimitKind::MessageSize { format!("{} MB", megabytes(number)) } else { number.to_string() }
}

/// Thousandths of a megabyte as megabytes with one decimal, which is left out where it is naught.
fn megabytes(thousandths: u64) -> String {
    let tenths = thousandths.div_ceil(100);
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

fn condition(ui: &Ui<'_>, row: &LimitRow<'_>, when: LimitCondition) -> String {
    let key = match when {
        LimitCondition::AtOnce { spans } => {
            let key = match Window::of(row.limit.kind) {
                Window::Second => "calc.when.second",
                Window::Minute => "calc.when.minute",
                _ => "calc.when.hour",
            };
            return ui.count(key, usize::try_from(spans).unwrap_or(usize::MAX));
        }
        LimitCondition::LowEnd => "calc.when.low",
        LimitCondition::ByProgram => "calc.when.program",
        LimitCondition::AllOutside => "calc.when.outside",
        LimitCondition::AllDifferent => "calc.when.different",
        LimitCondition::AllNew => "calc.when.new",
        LimitCondition::EveryDay => "calc.when.every-day",
    };
    ui.say(key)
}

fn proven(ui: &Ui<'_>, proof: &'static Proof) -> El {
    let source = match proof.date {
        Some(date) => ui.source(proof.source, date),
        None => part("span", "note").text(proof.source),
    };
    el("div").with(ui.el("p", "calc.proof")).with(ui.record(proof.text)).with(el("p").with(source))
}

fn ways(
    ui: &Ui<'_>,
    provider: &Provider,
    row: &LimitRow<'_>,
    reset: Option<Reset>,
    ways: &Alternatives<'_>,
) -> El {
    let way = |key: &'static str| part("li", "calc-way").with(part("p", "howto-title").text(ui.say(key)));
    let (key, hours) = match reset {
        Some(Reset::Rolling { hours }) => ("calc.wait.rolling", Some(hours)),
        Some(Reset::Stopped { hours }) => ("calc.wait.stopped", Some(hours)),
        Some(Reset::Span { hours }) => ("calc.wait.span", Some(hours)),
        Some(Reset::Slower) => ("calc.wait.slower", None),
        Some(Reset::Never) if row.limit.kind == LimitKind::MessageSize => ("calc.wait.size", None),
        Some(Reset::Never) if ways.split.is_some() => ("calc.wait.split", None),
        Some(Reset::Never) => ("calc.wait.never", None),
        Some(Reset::Unknown) | None => ("calc.wait.unknown", None),
    };
    let mut values = args([("provider", provider.name.as_str().into())]);
    if let Some(hours) = hours {
        values.set("n", u64::from(hours).into());
        values.set("time", clock::in_hours(hours, ui.state.words.language()).into());
    }
    if let Some(split) = ways.split {
        values.set("n", split.into());
    }
    let wait = way("calc.way.wait").with(el("p").text(ui.state.words.fill(key, &values)));

    let larger = way("calc.way.upgrade");
    let larger = if ways.upgrades.is_empty() {
        larger.with(el("p").text(ui.with("calc.upgrade.unknown", "provider", provider.name.as_str())))
    } else {
        let items = ways.upgrades.iter().map(|upgrade| {
            let account = upgrade.plan.map_or_else(|| ui.say("calc.account.ordinary"), str::to_owned);
            let number = match upgrade.max {
                Some(max) => format!("{}–{max}", upgrade.number),
                None => upgrade.number.to_string(),
            };
            let text = [("account", Arg::Text(account.clone())), ("number", number.into())];
            el("li").key(&account).text(ui.state.words.with("calc.upgrade", text))
        });
        larger.with(el("ul").all(items.collect()))
    };
    let larger = larger.maybe(row.limit.note.as_ref().map(|note| part("p", "note").text(ui.say(note))));

    let service = way("calc.way.service");
    let service = if ways.services.is_empty() {
        let key =
            if row.limit.kind == LimitKind::MessageSize { "calc.service.size" } else { "calc.service.none" };
        service.with(el("p").text(ui.say(key)))
    } else {
        let items = ways.services.iter().map(|(service, free)| {
            let item = el("li").key(&service.id).text(service.name.as_str());
            let free = free.and_then(|limit| Some((limit, limit.value?)));
            item.maybe(free.map(|(limit, number)| {
                let values = [
                    ("plan", limit.plan.as_deref().unwrap_or_default().into()),
                    ("limit", Arg::key(limit.kind.key())),
                    ("number", u64::from(number).into()),
                ];
                part("span", "note").text(ui.state.words.with("calc.service.free", values))
            }))
        });
        service
            .with(el("p").text(ui.say("calc.service")))
            .with(el("ul").all(items.collect()))
            .maybe(ways.own_domain.then(|| el("p").text(ui.say("calc.service.own-domain"))))
    };
    part("ol", "howto").with(wait).with(larger).with(service)
}

/// Every limit with what is used of it.
fn table(ui: &Ui<'_>, comparison: &LimitComparison<'_>) -> El {
    let rows = comparison.rows.iter().enumerate().map(|(at, row)| {
        let (word, level) = match row.state {
            LimitOutcome::Breaks => ("calc.state.breaks", Some("stops")),
            LimitOutcome::Depends => ("calc.state.depends", Some("improve")),
            LimitOutcome::Fits => ("calc.state.fits", Some("pass")),
            LimitOutcome::Unpublished => ("calc.state.unpublished", Some("unknown")),
            LimitOutcome::Other => ("calc.state.other", None),
        };
        let word = ui.say(word);
        let word = match level {
            Some(level) => part("span", "state").put("data-level", level).text(word),
            None => part("span", "note").text(word),
        };
        let used = match row.share() {
            Some(_) => ui.state.words.fill("calc.used", &values(row)),
            None => String::new(),
        };
        let when = row.when.filter(|_| comparison.first != Some(at));
        let word = el("span")
            .with(word)
            .maybe(when.map(|when| part("span", "note").text(format!(" {}", condition(ui, row, when)))));
        (format!("{at}"), vec![cell(name(ui, row)), cell(used), word])
    });
    ui.table(&["limit", "number", "result"], rows.collect())
}
