//! The form: what stands in it, and what is said of it.

use mail_triage_engine::{
    check::{Arg, Args},
    route::{CheckRequest, Route, View},
};

use super::{
    Machine,
    check::{Check, Waits},
    effect::{Effect, Place, When},
    files::Need,
    reader::is_message,
};

/// The box, in the first paint and in the form.
const BOX: &str = "q";
/// The field for sending addresses.
const ADDRESSES: &str = "q-ip";

/// What stands in the form. Nothing typed is ever lost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The box.
    pub what: String,
    /// Sending addresses; the field is shown when there is a text, even an empty one.
    pub ip: Option<String>,
    /// DKIM selectors.
    pub selector: Option<String>,
    /// The name the sending server gives.
    pub helo: Option<String>,
}

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The box.
    What,
    /// Sending addresses.
    Ip,
    /// DKIM selectors.
    Selector,
    /// The name of the sending server.
    Helo,
}

/// The form and what is said of it.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    /// What stands in it.
    pub text: Form,
    /// Whether it is wanted although a result is shown, above which it folds to one line.
    pub open: bool,
    /// What is wrong with it.
    pub error: Option<Sentence>,
}

/// A sentence to be said: its key and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The locale key.
    pub key: String,
    /// The values of its placeholders.
    pub args: Args,
}

impl Sentence {
    /// A sentence without placeholders.
    pub fn plain(key: &str) -> Self {
        Self { key: key.to_owned(), args: Args::default() }
    }

    /// A sentence with these values.
    pub fn with<const N: usize>(key: &str, values: [(&'static str, Arg); N]) -> Self {
        let mut sentence = Self::plain(key);
        for (name, value) in values {
            sentence.args.set(name, value);
        }
        sentence
    }

    /// A sentence with one placeholder, whose text is cut where it is long.
    pub fn about(key: &str, name: &'static str, text: &str) -> Self {
        let mut short: String = text.chars().take(80).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        Self::with(key, [(name, Arg::Text(short))])
    }
}

impl Form {
    /// The form that would ask for this.
    pub fn of(asked: &CheckRequest) -> Self {
        let several = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join(", "));
        Self {
            what: asked.what.clone(),
            ip: several(asked.ips.iter().map(ToString::to_string).collect()),
            selector: several(asked.selectors.clone()),
            helo: asked.helo.as_ref().map(ToString::to_string),
        }
    }

    /// The text of a field that is shown.
    pub fn shown(&self, field: Field) -> Option<&str> {
        match field {
            Field::What => Some(&self.what),
            Field::Ip => self.ip.as_deref(),
            Field::Selector => self.selector.as_deref(),
            Field::Helo => self.helo.as_deref(),
        }
    }

    /// The text of a field, which is shown from now on.
    pub fn field(&mut self, field: Field) -> &mut String {
        match field {
            Field::What => &mut self.what,
            Field::Ip => self.ip.get_or_insert_default(),
            Field::Selector => self.selector.get_or_insert_default(),
            Field::Helo => self.helo.get_or_insert_default(),
        }
    }
}

impl Machine<'_> {
    /// What was sent and still waits is not what the user wants any more. Whoever types is going to ask: the lists may come
    /// already.
    pub(super) fn typed(&mut self, form: Form) {
        self.state.form.text = form;
        self.state.form.error = None;
        if let Check::Waiting(Waits::Form { address_too }) = self.state.check {
            self.state.check = if address_too { Check::Waiting(Waits::Files) } else { Check::Idle };
        }
        self.need(Need::Check);
    }

    /// What was typed is read by the engine: until that is there, the form waits.
    pub(super) fn submit(&mut self, form: Form) {
        self.state.form.text = form;
        self.state.form.error = None;
        if self.state.reader.is_some() {
            return self.take_form();
        }
        let address_too = match self.state.check {
            Check::Waiting(Waits::Form { address_too }) => address_too,
            Check::Waiting(Waits::Files) => true,
            _ => false,
        };
        self.state.check = Check::Waiting(Waits::Form { address_too });
        self.need(Need::Check);
    }

    /// Takes the form: goes to the check that it asks for, or says what was expected.
    pub(super) fn take_form(&mut self) {
        let Some(reader) = self.state.reader else { return };
        let read = (reader.form)(&self.state.form.text);
        let mut asked = match read.and_then(|asked| (reader.target)(&asked).map(|_| asked)) {
            Ok(asked) => asked,
            // Somebody put an error message into the box: it is read as one, and goes into no link.
            Err(sentence) if is_message(&sentence) => {
                return self.do_(Effect::ReadMessage(self.state.form.text.what.clone()));
            }
            Err(sentence) => return self.state.form.error = Some(sentence),
        };
        // E-mail addresses and whatever else stood beside the domain go into no link.
        asked.what = (reader.piece)(&asked.what).unwrap_or(asked.what);
        // What no field of the form holds.
        if let Some(before) = self.state.route.asked().filter(|before| before.what == asked.what) {
            asked.receiving_too = before.receiving_too;
            asked.connection_ip = before.connection_ip.filter(|own| !asked.ips.contains(own));
        }
        self.state.form.open = false;
        self.state.form.error = None;
        // What the page waited for before is asked for no more.
        if matches!(self.state.check, Check::Waiting(Waits::Files)) {
            self.state.check = Check::Idle;
        }
        let fresh = self.check_of(asked);
        self.state.fresh |= fresh;
        if fresh {
            self.pressed();
        }
    }

    /// Goes to the address of a check; whether it is the present one, so that there is nowhere to go.
    pub(super) fn check_of(&mut self, asked: CheckRequest) -> bool {
        let here = self.state.route.with_finding(None);
        let route = Route { view: View::Check(asked), ..here.clone() };
        if route != here {
            self.do_(Effect::GoTo(route.to_string()));
        }
        route == here
    }

    /// The user wants to change what is checked.
    pub(super) fn edit(&mut self, field: Field) {
        self.state.form.open = true;
        self.state.form.text.field(field);
        self.do_(match field {
            Field::What => Effect::Show(Place::Focus(BOX.to_owned()), When::Always),
            _ => Effect::Show(Place::Reveal(ADDRESSES.to_owned()), When::Always),
        });
    }
}
