//! What the page shows, as plain data, and everything that can happen to it.

use std::{collections::BTreeSet, rc::Rc};

use crate::{
    check::{Arg, Args},
    dns::Query,
    knowledge::{Knowledge, Resolvers},
    report::Report,
    route::{Asked, Ignored, Route, View, is_selector},
    web::{
        run::Request,
        words::{Words, args},
    },
};

/// Everything that is shown.
pub struct State {
    /// The texts.
    pub words: Words,
    /// What the address says.
    pub route: Route,
    /// What of the address was left out.
    pub ignored: Rc<[Ignored]>,
    /// What stands in the form.
    pub form: Form,
    /// What is wrong with the form.
    pub error: Option<Sentence>,
    /// How far the check is.
    pub phase: Phase,
    /// What was found.
    pub report: Option<Rc<Report>>,
    /// Every request that was made.
    pub requests: Rc<[Request]>,
    /// The resolvers that can be chosen.
    pub resolvers: Rc<Resolvers>,
    /// The resolver that was chosen: an id or an address; none for the first of the list.
    pub resolver: Option<String>,
    /// Guided items that were ticked off.
    pub ticks: Rc<BTreeSet<String>>,
    /// Short news.
    pub toast: Option<&'static str>,
}

/// How far the check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was asked.
    Idle,
    /// Answers are awaited.
    Running,
    /// All is in, or it was stopped.
    Done,
}

impl Phase {
    /// The word in `data-state`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Running => "running",
            Self::Done => "done",
        }
    }
}

/// A sentence to be said: its key and its values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The locale key.
    pub key: &'static str,
    /// The values of its placeholders.
    pub args: Args,
}

impl Sentence {
    /// A sentence about a piece of text.
    pub fn about(key: &'static str, text: &str) -> Self {
        let mut short: String = text.chars().take(80).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        Self { key, args: args([("text", Arg::Text(short))]) }
    }
}

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

/// What can happen.
#[derive(Clone)]
pub enum Action {
    /// The user typed.
    Typed(Field, String),
    /// The user asked for one of the further fields.
    Open(Field),
    /// The user sent the form.
    Submit,
    /// The address of the page changed.
    Routed,
    /// The resolvers that can be chosen arrived.
    Resolvers(Rc<Resolvers>),
    /// The knowledge files arrived, or did not.
    Knowledge(Option<Rc<Knowledge>>),
    /// An answer came in.
    Changed,
    /// What came in is to be shown.
    Show,
    /// The user stops the check.
    Stop,
    /// The user wants everything asked again.
    Again,
    /// The user wants failed lookups asked again: these, or all of them.
    Retry(Option<Rc<[Query]>>),
    /// The user chose a language.
    Speak(&'static str),
    /// Its texts arrived.
    Spoken(Words),
    /// The user ticked an item, or took the tick away.
    Tick(String, bool),
    /// The user wants to see the element with this id.
    Reveal(String),
    /// The user wants the link to this check.
    Share,
    /// The user prints.
    Print,
    /// Something short is to be said; none takes it away.
    Say(Option<&'static str>),
}

impl Form {
    /// The form that would ask for this.
    pub fn of(asked: &Asked) -> Self {
        let several = |texts: Vec<String>| (!texts.is_empty()).then(|| texts.join(", "));
        Self {
            what: asked.what.clone(),
            ip: several(asked.ips.iter().map(ToString::to_string).collect()),
            selector: several(asked.selectors.clone()),
            helo: asked.helo.as_ref().map(ToString::to_string),
        }
    }

    /// The text of a field.
    pub fn field(&mut self, field: Field) -> &mut String {
        match field {
            Field::What => &mut self.what,
            Field::Ip => self.ip.get_or_insert_default(),
            Field::Selector => self.selector.get_or_insert_default(),
            Field::Helo => self.helo.get_or_insert_default(),
        }
    }

    /// What the form asks for.
    ///
    /// # Errors
    /// A sentence that says what was expected.
    pub fn asked(&self) -> Result<Asked, Sentence> {
        let mut asked = Asked { what: self.what.trim().to_owned(), ..Asked::default() };
        if asked.what.is_empty() {
            return Err(Sentence { key: "ui.error.empty", args: Args::default() });
        }
        for text in values(self.ip.as_deref()) {
            let ip: std::net::IpAddr = text.parse().map_err(|_| Sentence::about("ui.error.ip", text))?;
            asked.ips.push(ip.to_canonical());
        }
        for text in values(self.selector.as_deref()) {
            if !is_selector(text) {
                return Err(Sentence::about("ui.error.selector", text));
            }
            asked.selectors.push(text.to_ascii_lowercase());
        }
        if let Some(text) = values(self.helo.as_deref()).next() {
            let name = crate::dns::Name::parse(text).ok().filter(crate::dns::Name::is_host_name);
            asked.helo = Some(name.ok_or_else(|| Sentence::about("ui.error.helo", text))?);
        }
        Ok(asked)
    }
}

/// The values of a field that takes several.
fn values(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default()
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '、' | '，'))
        .map(|text| text.trim_matches(['[', ']', '"', '\'']))
        .filter(|text| !text.is_empty())
}

impl State {
    /// Takes what needs nobody else; `false` if it is not of that kind.
    pub fn reduce(&mut self, action: &Action) -> bool {
        match action {
            Action::Typed(field, text) => {
                self.form.field(*field).clone_from(text);
                self.error = None;
            }
            Action::Open(field) => {
                self.form.field(*field);
            }
            Action::Say(toast) => self.toast = *toast,
            Action::Resolvers(resolvers) => self.resolvers = resolvers.clone(),
            Action::Spoken(words) => self.words = words.clone(),
            Action::Tick(id, done) => {
                let ticks = Rc::make_mut(&mut self.ticks);
                if *done {
                    ticks.insert(id.clone());
                } else {
                    ticks.remove(id);
                }
            }
            _ => return false,
        }
        true
    }

    /// Goes to an address.
    pub fn go(&mut self, fragment: &str) {
        let (route, ignored) = Route::parse(fragment);
        self.ignored = ignored.into();
        if let View::Check(asked) = &route.view {
            self.form = Form::of(asked);
        }
        self.route = route;
        self.error = None;
    }
}
