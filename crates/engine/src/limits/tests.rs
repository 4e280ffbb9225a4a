use super::*;

fn providers() -> Providers {
    serde_json::from_str(include_str!("../../../../www/data/providers.json")).unwrap()
}

fn habit(messages: u64, recipients: u64, sending: SendingKind) -> Habit {
    Habit { messages, recipients, sending, ..Habit::default() }
}

/// What came of the limits of a kind: the number, what is used, the state.
fn rows(comparison: &LimitComparison<'_>, kind: LimitKind) -> Vec<(u64, u64, LimitOutcome)> {
    let rows = comparison.rows.iter().filter(|row| row.limit.kind == kind);
    rows.map(|row| (row.number, row.used, row.state)).collect()
}

fn first<'a>(comparison: &'a LimitComparison<'_>) -> &'a LimitRow<'a> {
    &comparison.rows[comparison.first.unwrap()]
}

#[test]
fn a_trial_of_google_workspace_ends_at_500_messages_a_day() {
    let providers = providers();
    let google = providers.by_id("google-workspace").unwrap();
    let trial = Habit { account: Account::Trial, ..habit(600, 1, SendingKind::People) };
    let answer = compare(&providers, google, &trial);
    let row = first(&answer);
    assert_eq!((row.limit.kind, row.trial), (LimitKind::MessagesPerDay, true));
    assert_eq!((row.number, row.used, row.over(), row.share()), (500, 600, 100, Some(120)));
    assert_eq!((row.state, row.refused), (LimitOutcome::Breaks, Some(501)));
    assert_eq!(answer.reset, Some(Reset::Stopped { hours: 24 }));
    assert_eq!(answer.proof.unwrap().text, "550 5.4.5 Daily user sending limit exceeded");
    assert_eq!(answer.ways.upgrades, [Upgrade { plan: None, number: 2000, max: None }]);
    assert!(answer.ways.services.len() > 3 && !answer.ways.own_domain);

    let ordinary = Habit { account: Account::Ordinary, ..trial.clone() };
    assert_eq!(compare(&providers, google, &ordinary).first, None);
    // Nothing said: both numbers are shown, and the one that is passed counts.
    let unknown = Habit { account: Account::Unknown, ..trial };
    let answer = compare(&providers, google, &unknown);
    assert_eq!(
        rows(&answer, LimitKind::MessagesPerDay),
        [(2000, 600, LimitOutcome::Fits), (500, 600, LimitOutcome::Breaks)]
    );
    assert!(first(&answer).trial);
}

#[test]
fn five_hundred_recipients_of_one_message_pass_at_gmail_and_one_more_does_not() {
    let providers = providers();
    let gmail = providers.by_id("gmail").unwrap();
    let at = compare(&providers, gmail, &habit(1, 500, SendingKind::People));
    assert_eq!(rows(&at, LimitKind::RecipientsPerMessage), [(500, 500, LimitOutcome::Fits)]);
    // A mail program may send only to 100; in webmail it passes.
    assert_eq!(first(&at).when, Some(LimitCondition::ByProgram));
    let over = compare(&providers, gmail, &habit(1, 501, SendingKind::Newsletter));
    assert_eq!(rows(&over, LimitKind::RecipientsPerMessage), [(500, 501, LimitOutcome::Breaks)]);
    assert_eq!(rows(&over, LimitKind::RecipientsPerMessageSmtp), [(100, 501, LimitOutcome::Breaks)]);
    // Of two limits of one message the one that is overdrawn the most comes first.
    assert_eq!(first(&over).limit.kind, LimitKind::RecipientsPerMessageSmtp);
    assert_eq!((over.reset, over.ways.split), (Some(Reset::Never), Some(6)));
    assert_eq!(over.proof.unwrap().text, "452 4.5.3");
    assert!(over.ways.own_domain, "nobody may send for gmail.com");
}

#[test]
fn attachments_grow_by_a_third_and_the_line_breaks() {
    // 57 octets make one line of 76 characters and a line break.
    assert_eq!(as_sent(57), 78);
    assert_eq!((as_sent(0), as_sent(20_000)), (0, 27_369));
    let providers = providers();
    let gmail = providers.by_id("gmail").unwrap();
    let size =
        |attachments| compare(&providers, gmail, &Habit { attachments, ..habit(1, 1, SendingKind::People) });
    assert_eq!(size(18_000).first, None);
    let large = size(20_000);
    assert_eq!(rows(&large, LimitKind::MessageSize), [(25_000, 27_369, LimitOutcome::Breaks)]);
    assert_eq!(first(&large).share(), Some(110));
    assert_eq!(large.proof.unwrap().text, "552 5.3.4 Your message exceeded Google's message size limits");
    assert!(large.ways.services.is_empty(), "a service takes no larger messages");
}

#[test]
fn what_is_sent_at_once_meets_the_limit_of_the_hour_and_the_rest_can_be_spread() {
    let providers = providers();
    let ovh = providers.by_id("ovh").unwrap();
    let kind = LimitKind::MessagesPerHour;
    let at = |messages, sending| rows(&compare(&providers, ovh, &habit(messages, 1, sending)), kind)[0].2;
    assert_eq!(at(200, SendingKind::Newsletter), LimitOutcome::Fits);
    assert_eq!(at(201, SendingKind::Newsletter), LimitOutcome::Breaks);
    assert_eq!(at(201, SendingKind::People), LimitOutcome::Depends);
    assert_eq!(at(4_800, SendingKind::Shop), LimitOutcome::Depends);
    assert_eq!(at(4_801, SendingKind::Shop), LimitOutcome::Breaks);
    let answer = compare(&providers, ovh, &habit(500, 1, SendingKind::Shop));
    assert_eq!(first(&answer).when, Some(LimitCondition::AtOnce { spans: 3 }));
    assert_eq!(answer.reset, Some(Reset::Span { hours: 1 }));
}

#[test]
fn ranges_plans_and_unpublished_numbers_are_said_to_be_such() {
    let providers = providers();
    let by = |id: &str, habit: &Habit| {
        let answer = compare(&providers, providers.by_id(id).unwrap(), habit);
        let rows = answer.rows.iter().map(|row| (row.limit.kind, row.state, row.when));
        (rows.collect::<Vec<_>>(), answer.reset)
    };
    let (rows, _) = by("fastmail", &habit(5_000, 1, SendingKind::Newsletter));
    let trial = (LimitKind::MessagesPerDay, LimitOutcome::Breaks, None);
    assert_eq!(
        rows,
        [(LimitKind::MessagesPerDay, LimitOutcome::Depends, Some(LimitCondition::LowEnd)), trial]
    );
    let (rows, _) = by("tencent-exmail", &habit(5_000, 1, SendingKind::Newsletter));
    assert_eq!(rows, [(LimitKind::SharedDailyQuota, LimitOutcome::Unpublished, None)]);
    let (rows, _) = by("qq", &habit(5_000, 1, SendingKind::Newsletter));
    assert_eq!(rows, []);
    let migadu = Habit { account: Account::Plan("Mini".into()), ..habit(150, 1, SendingKind::Shop) };
    let (rows, reset) = by("migadu", &migadu);
    assert_eq!(rows, [(LimitKind::MessagesPerDay, LimitOutcome::Breaks, None)]);
    assert_eq!(reset, Some(Reset::Span { hours: 24 }), "how it counts is not published");
    let answer = compare(&providers, providers.by_id("migadu").unwrap(), &migadu);
    let plans: Vec<_> = answer.ways.upgrades.iter().filter_map(|up| up.plan).collect();
    assert_eq!(plans, ["Standard", "Maxi"]);
    let (_, reset) = by("microsoft365", &habit(1_000, 20, SendingKind::People));
    assert_eq!(reset, Some(Reset::Rolling { hours: 24 }));
}

#[test]
fn bulk_mail_is_refused_where_it_is_forbidden_and_nothing_else_is() {
    let providers = providers();
    let zoho = providers.by_id("zoho").unwrap();
    let kind = LimitKind::BulkForbidden;
    let letter = compare(&providers, zoho, &habit(1, 1, SendingKind::Newsletter));
    assert_eq!(rows(&letter, kind)[0].2, LimitOutcome::Breaks);
    assert_eq!(first(&letter).limit.kind, kind);
    let people = compare(&providers, zoho, &habit(1, 1, SendingKind::People));
    assert_eq!((rows(&people, kind)[0].2, people.first), (LimitOutcome::Other, None));
}

#[test]
fn accounts_to_choose_from_are_those_that_the_numbers_name() {
    let providers = providers();
    let choices = |id: &str| Account::choices(providers.by_id(id).unwrap());
    assert_eq!(choices("gmail"), []);
    assert_eq!(choices("google-workspace"), [Account::Trial, Account::Ordinary]);
    assert_eq!(
        choices("godaddy"),
        [Account::Plan("Workspace".into()), Account::Plan("Professional Email".into()), Account::Ordinary]
    );
}

#[test]
fn numbers_are_read_as_people_type_them() {
    for (text, wanted) in [
        ("", Ok(None)),
        ("  ", Ok(None)),
        ("500", Ok(Some(500))),
        ("2,000", Ok(Some(2_000))),
        ("1.000.000", Ok(Some(1_000_000))),
        ("12 000", Ok(Some(12_000))),
        ("2’000", Ok(Some(2_000))),
        ("５００", Ok(Some(500))),
        ("100000001", Err(Unreadable::TooLarge)),
        ("99999999999999999999999", Err(Unreadable::TooLarge)),
        ("2,00", Err(Unreadable::NoNumber)),
        ("2000,000", Err(Unreadable::NoNumber)),
        ("-5", Err(Unreadable::NoNumber)),
        ("many", Err(Unreadable::NoNumber)),
        (",500", Err(Unreadable::NoNumber)),
    ] {
        assert_eq!(count(text), wanted, "{text}");
    }
    for (text, wanted) in [
        ("", Ok(None)),
        ("20", Ok(Some(20_000))),
        ("2.5", Ok(Some(2_500))),
        ("2,5 MB", Ok(Some(2_500))),
        ("0.125", Ok(Some(125))),
        (".5", Ok(Some(500))),
        ("２．５", Ok(Some(2_500))),
        ("5.", Ok(Some(5_000))),
        (".", Err(Unreadable::NoNumber)),
        ("1.2345", Err(Unreadable::NoNumber)),
        ("a lot", Err(Unreadable::NoNumber)),
        ("1000001", Err(Unreadable::TooLarge)),
    ] {
        assert_eq!(megabytes(text), wanted, "{text}");
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use proptest::prelude::*;

    use super::*;

    prop_compose! {
        fn habits()(
            messages in prop_oneof![0..100_000u64, any::<u64>()],
            recipients in prop_oneof![0..2_000u64, any::<u64>()],
            attachments in prop_oneof![0..60_000u64, any::<u64>()],
            sending in prop::sample::select(SendingKind::ALL),
            account in 0..4usize,
        ) -> (Habit, usize) {
            (Habit { messages, recipients, attachments, sending, account: Account::Unknown }, account)
        }
    }

    fn of(provider: &Provider, account: usize) -> Account {
        Account::choices(provider).into_iter().nth(account).unwrap_or_default()
    }

    proptest! {
        #[test]
        fn more_of_everything_never_fits_better((habit, account) in habits(), which in 0..68usize) {
            let providers = providers();
            let provider = &providers.providers[which % providers.providers.len()];
            let habit = Habit { account: of(provider, account), ..habit };
            let more = Habit {
                messages: habit.messages.saturating_mul(2),
                recipients: habit.recipients.saturating_add(1),
                attachments: habit.attachments.saturating_add(1_000),
                ..habit.clone()
            };
            let (less, more) = (compare(&providers, provider, &habit), compare(&providers, provider, &more));
            prop_assert_eq!(less.rows.len(), more.rows.len());
            for (less, more) in less.rows.iter().zip(&more.rows) {
                prop_assert!(more.state <= less.state, "{:?} {:?}", less, more);
            }
            prop_assert!(less.first.is_none() || more.first.is_some());
        }

        #[test]
        fn the_answer_agrees_with_its_rows((habit, account) in habits(), which in 0..68usize) {
            let providers = providers();
            let provider = &providers.providers[which % providers.providers.len()];
            let habit = Habit { account: of(provider, account), ..habit };
            let answer = compare(&providers, provider, &habit);
            let passed = |row: &LimitRow<'_>| matches!(row.state, LimitOutcome::Breaks | LimitOutcome::Depends);
            prop_assert_eq!(answer.first.is_some(), answer.rows.iter().any(passed));
            prop_assert_eq!(answer.first.is_some(), answer.reset.is_some());
            for row in &answer.rows {
                prop_assert_eq!(row.when.is_some(), row.state == LimitOutcome::Depends);
                if row.number > 0 && row.state <= LimitOutcome::Fits {
                    prop_assert_eq!(row.used > row.number, passed(row));
                    prop_assert_eq!(row.over() > 0, passed(row));
                    prop_assert_eq!(row.share() > Some(100), passed(row));
                }
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC{0,24}") {
            let whole = count(&text);
            if let Ok(Some(number)) = whole {
                prop_assert_eq!(count(&number.to_string()), whole);
            }
            prop_assert!(megabytes(&text).is_ok_and(|size| size <= Some(1_000_000_999)) || megabytes(&text).is_err());
        }
    }
}

#[test]
fn different_recipients_elsewhere_have_a_number_of_their_own() {
    let providers = providers();
    let states = |recipients: u64, account: Account| -> Vec<(bool, LimitOutcome)> {
        let habit =
            Habit { messages: 1, recipients, sending: SendingKind::Newsletter, account, ..Habit::default() };
        let google = providers.by_id("google-workspace").unwrap();
        let comparison = compare(&providers, google, &habit);
        let elsewhere = |row: &&LimitRow<'_>| row.limit.kind == LimitKind::ExternalUniqueRecipientsPerDay;
        comparison.rows.iter().filter(elsewhere).map(|row| (row.trial, row.state)).collect()
    };
    assert_eq!(states(2500, Account::Ordinary), [(false, LimitOutcome::Breaks)]);
    assert_eq!(states(2000, Account::Ordinary), [(false, LimitOutcome::Fits)]);
    assert_eq!(states(600, Account::Trial), [(true, LimitOutcome::Breaks)]);
}
