//! What stands in the fields of the calculator, and what it comes to.

use mail_triage_engine::{
    knowledge::{LimitKind, Provider},
    limits::{self, Account, Habit, SendingKind, Unreadable},
};

/// A field of the calculator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Messages a day.
    Messages,
    /// Recipients of each message.
    Recipients,
    /// Size of the attachments in megabytes.
    Size,
    /// What the mail is for, a word of [`SendingKind`].
    Sending,
    /// Which account, as [`account_word`] spells it.
    Account,
}

impl Field {
    /// The locale key of its label.
    pub fn key(self) -> &'static str {
        match self {
            Self::Messages => "calc.messages",
            Self::Recipients => "calc.recipients",
            Self::Size => "calc.size",
            Self::Sending => "calc.sending",
            Self::Account => "calc.account",
        }
    }
}

/// Stands before the name of a plan in the word for an account.
const PLAN: &str = "plan ";

/// The word for an account in the value of a choice.
pub fn account_word(account: &Account) -> String {
    match account {
        Account::Unknown => "unknown".to_owned(),
        Account::Ordinary => "ordinary".to_owned(),
        Account::Trial => "trial".to_owned(),
        Account::Plan(plan) => format!("{PLAN}{plan}"),
    }
}

fn account(word: &str) -> Account {
    match (word, word.strip_prefix(PLAN)) {
        (_, Some(plan)) => Account::Plan(plan.to_owned()),
        ("trial", _) => Account::Trial,
        ("ordinary", _) => Account::Ordinary,
        _ => Account::Unknown,
    }
}

/// What stands in the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calculator {
    texts: [String; 5],
}

impl Calculator {
    /// What was typed or chosen in a field.
    pub fn text(&self, field: Field) -> &str {
        &self.texts[field as usize]
    }

    /// Takes what was typed or chosen in a field.
    pub fn enter(&mut self, field: Field, text: String) {
        self.texts[field as usize] = text;
    }

    /// The number in a field, sizes in thousandths of a megabyte; none for an empty one.
    ///
    /// # Errors
    /// When it cannot be read as one.
    pub fn number(&self, field: Field) -> Result<Option<u64>, Unreadable> {
        match field {
            Field::Size => limits::megabytes(self.text(field)),
            _ => limits::count(self.text(field)),
        }
    }

    /// What is sent, once a number says something of it and all can be read. An account that was chosen for another
    /// provider says nothing about this one.
    pub fn habit(&self, provider: Option<&Provider>) -> Option<Habit> {
        let messages = self.number(Field::Messages).ok()?;
        let recipients = self.number(Field::Recipients).ok()?;
        let attachments = self.number(Field::Size).ok()?;
        messages.or(recipients).or(attachments)?;
        let account = account(self.text(Field::Account));
        let offered = provider.is_some_and(|provider| Account::choices(provider).contains(&account));
        Some(Habit {
            messages: messages.unwrap_or(1),
            recipients: recipients.unwrap_or(1),
            attachments: attachments.unwrap_or_default(),
            sending: SendingKind::from_word(self.text(Field::Sending)).unwrap_or_default(),
            account: if offered { account } else { Account::Unknown },
        })
    }
}

/// A number of a limit as it is shown; sizes are in thousandths of a megabyte.
pub fn amount(kind: LimitKind, number: u64) -> String {
    if kind == LimitKind::MessageSize { format!("{} MB", megabytes(number)) } else { number.to_string() }
}

/// Thousandths of a megabyte as megabytes with one decimal, which is left out where it is naught.
pub fn megabytes(thousandths: u64) -> String {
    let tenths = thousandths.div_ceil(100);
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use mail_triage_engine::knowledge::Limit;

    use super::*;

    fn entered(texts: &[(Field, &str)]) -> Calculator {
        let mut calculator = Calculator::default();
        for (field, text) in texts {
            calculator.enter(*field, (*text).to_owned());
        }
        calculator
    }

    #[test]
    fn one_number_is_enough_and_the_others_are_one() {
        assert_eq!(entered(&[(Field::Sending, "shop")]).habit(None), None);
        let habit = entered(&[(Field::Messages, "600"), (Field::Sending, "shop")]).habit(None).unwrap();
        assert_eq!((habit.messages, habit.recipients, habit.attachments), (600, 1, 0));
        assert_eq!(habit.sending, SendingKind::Shop);
        let habit = entered(&[(Field::Size, "1,5")]).habit(None).unwrap();
        assert_eq!((habit.messages, habit.attachments), (1, 1_500));
    }

    #[test]
    fn nothing_comes_of_numbers_of_which_one_cannot_be_read() {
        let calculator = entered(&[(Field::Messages, "600"), (Field::Recipients, "ten")]);
        assert_eq!(calculator.number(Field::Recipients), Err(Unreadable::NoNumber));
        assert_eq!(calculator.habit(None), None);
        assert_eq!(calculator.text(Field::Recipients), "ten");
    }

    #[test]
    fn an_account_of_another_provider_is_not_counted() {
        let limit = Limit { plan: Some("Business".to_owned()), ..Limit::default() };
        let provider = Provider { limits: vec![limit], ..Provider::default() };
        let word = account_word(&Account::Plan("Business".to_owned()));
        let calculator = entered(&[(Field::Messages, "1"), (Field::Account, &word)]);
        let other = Provider::default();
        let account = |provider| calculator.habit(provider).unwrap().account;
        assert_eq!(account(Some(&provider)), Account::Plan("Business".to_owned()));
        assert_eq!(account(Some(&other)), Account::Unknown);
        assert_eq!(account(None), Account::Unknown);
    }

    #[test]
    fn every_account_is_read_back_from_its_word() {
        let plan = Account::Plan("trial".to_owned());
        for known in [Account::Unknown, Account::Ordinary, Account::Trial, plan] {
            assert_eq!(account(&account_word(&known)), known);
        }
    }

    #[test]
    fn sizes_are_shown_with_one_decimal_rounded_up() {
        for (thousandths, shown) in [(25_000, "25"), (27_350, "27.4"), (1, "0.1"), (0, "0")] {
            assert_eq!(megabytes(thousandths), shown);
        }
        assert_eq!(amount(LimitKind::MessageSize, 25_000), "25 MB");
        assert_eq!(amount(LimitKind::MessagesPerDay, 500), "500");
    }
}
