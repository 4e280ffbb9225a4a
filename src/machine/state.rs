//! Everything the page knows that more than one part of it shows.

use std::net::IpAddr;

use mail_triage_engine::{
    dns::Name,
    route::{CheckRequest, Route, View},
};

use super::{
    Machine,
    check::{Check, Detail, Kind, Outcome, Phase, Waits},
    effect::Effect,
    event::Change,
    files::{Files, Need},
    form::{Form, FormState, Sentence},
    reader::InputReader,
    resolvers::{Resolver, Trust},
    routes::Look,
};

/// The recorded examples, by id.
pub const EXAMPLES: [&str; 2] = ["healthy", "broken"];

/// The state of the page.
#[derive(Debug)]
pub struct State {
    /// The language in which it speaks.
    pub language: &'static str,
    /// The language that was chosen last; its texts may be on their way.
    pub wanted_language: &'static str,
    /// Reads what is typed, once the engine is there.
    pub reader: Option<InputReader>,
    /// Which files are there.
    pub files: Files,
    /// What the address says.
    pub route: Route,
    /// What was changed or left out on the way.
    pub notes: Vec<Sentence>,
    /// The form.
    pub form: FormState,
    /// How far the check is.
    pub check: Check,
    /// Which resolver is asked.
    pub resolver: Resolver,
    /// Who may see the user's keys.
    pub trust: Trust,
    /// When checks may begin by themselves.
    pub turn: Turn,
    /// The next run asks everything anew.
    pub fresh: bool,
    /// What is to be brought into view.
    pub look: Option<Look>,
    /// Whether the browser has a network.
    pub online: bool,
    /// What the user adds to a check from elsewhere.
    pub beside: Beside,
}

/// When a check may begin. What a person presses begins at once. An address that changes by itself may be the work of a
/// page that opened this one, or holds it in a frame: inside a frame of somebody else's nothing begins before a person
/// presses, and elsewhere a second lies between two checks that begin by themselves. The last address counts.
#[derive(Clone, Debug, Default)]
pub struct Turn {
    /// Whether the page is shown inside one of somebody else's.
    pub framed: bool,
    /// The check at hand may begin: a person asked for it, or its turn has come.
    pub(super) allowed: bool,
    /// A check began by itself less than a second ago.
    pub(super) resting: bool,
    /// How often one did.
    pub(super) rests: u32,
    /// How many runs there were.
    pub(super) runs: u32,
}

/// What is known beside the address of the page, and goes into no link.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// What is known of the address of this connection.
    pub connection: Connection,
    /// The check that was started from a pasted message.
    pub message: FromMessage,
}

/// How the question for the address of this connection stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Not asked.
    #[default]
    Unknown,
    /// Under way.
    Asking,
    /// No answer.
    Failed,
}

/// The check that was started from a pasted message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FromMessage {
    /// What it asks about; nothing if the message says nothing of the sender.
    pub asked: Option<CheckRequest>,
    /// The recipient's domain, looked up beside it.
    pub recipient: Option<Name>,
}

impl State {
    /// The state of a page that was just opened.
    pub fn new(language: &'static str, resolver: Option<String>, entrusted: Vec<String>) -> Self {
        Self {
            language,
            wanted_language: language,
            reader: None,
            files: Files::default(),
            route: Route::default(),
            notes: Vec::new(),
            form: FormState::default(),
            check: Check::Idle,
            resolver: Resolver { chosen: resolver, ..Resolver::default() },
            trust: Trust { entrusted, ..Trust::default() },
            turn: Turn::default(),
            fresh: false,
            look: None,
            online: true,
            beside: Beside::default(),
        }
    }

    /// What the address needs.
    pub(super) fn need(&self) -> Need {
        match self.route.view {
            View::Example(_) => Need::Example,
            View::Seen(_) => Need::Seen,
            View::Many => Need::Tools,
            _ => Need::Check,
        }
    }

    /// Whether the check at hand is the one that was started from a pasted message.
    pub fn is_from_message(&self) -> bool {
        let asked = self.beside.message.asked.as_ref();
        asked.is_some() && asked == self.route.asked()
    }

    /// The recipient's domain that the user wants asked about.
    pub fn asked_recipient(&self) -> Option<&Name> {
        let message = &self.beside.message;
        message.recipient.as_ref().filter(|_| message.asked.as_ref() == self.route.asked())
    }

    /// The recorded example that is shown.
    pub fn example(&self) -> Option<&str> {
        self.check.run()?.example()
    }

    /// Whether the check waits for a person, inside a frame of somebody else's.
    pub fn is_held(&self) -> bool {
        matches!(self.check, Check::Waiting(Waits::Person))
    }

    /// The address of a resolver that a link names and the user has not agreed to yet.
    pub fn resolver_in_question(&self) -> Option<&str> {
        match &self.check {
            Check::Waiting(Waits::Consent(address)) => Some(address),
            _ => None,
        }
    }

    /// How far the check is, in one word.
    pub fn phase(&self) -> Phase {
        self.check.phase()
    }

    /// Whether everything is shown of it, long tables too.
    pub fn is_settled(&self) -> bool {
        self.check.detail() == Detail::All
    }

    /// What is shown of it beside the report.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.check.run().map(|run| &*run.outcome)
    }

    /// Whether what an earlier check saw is shown, out of a link.
    pub fn is_seen(&self) -> bool {
        self.check.run().is_some_and(|run| run.kind == Kind::Seen)
    }

    /// When it began, in seconds since 1970; none for an example.
    pub fn checked(&self) -> Option<i64> {
        self.check.run()?.unix
    }

    /// Whether typing changes more of the page than the form: an error goes away, or what was sent is taken back.
    pub fn is_changed_by_typing(&self) -> bool {
        self.form.error.is_some() || matches!(self.check, Check::Waiting(Waits::Form { .. }))
    }

    /// How far the page is, as in `data-state`: `told` is when the results stand there and what is folded away follows.
    pub fn progress(&self) -> &'static str {
        match self.phase() {
            Phase::Idle => "idle",
            Phase::Running => "running",
            Phase::Done if self.is_settled() => "done",
            Phase::Done => "told",
        }
    }

    /// Whether the form is folded to one line, so that the answer stands first.
    pub fn is_form_folded(&self) -> bool {
        let asks = matches!(self.route.view, View::Check(_) | View::Example(_) | View::Seen(_));
        asks && self.phase() != Phase::Idle && !self.form.open && self.form.error.is_none()
    }
}

impl Machine<'_> {
    /// The user adds something to what is asked.
    pub(super) fn ask_about(&mut self, change: Change) {
        match change {
            Change::Address(ip) => self.change_request(|asked| {
                if !asked.ips.contains(&ip) {
                    asked.ips.push(ip);
                }
                asked.connection_ip = asked.connection_ip.filter(|own| *own != ip);
            }),
            Change::ReceivingToo => self.change_request(|asked| asked.receiving_too = true),
            Change::Connection => {
                self.state.beside.connection = Connection::Asking;
                self.do_(Effect::AskConnection);
            }
        }
    }

    /// The address of this connection is known, or cannot be found out. The check goes on with it.
    pub(super) fn connection(&mut self, ip: Option<IpAddr>) {
        if self.state.beside.connection != Connection::Asking {
            return;
        }
        match ip {
            Some(ip) => {
                self.state.beside.connection = Connection::Unknown;
                self.change_request(|asked| asked.connection_ip = Some(ip));
            }
            None => self.state.beside.connection = Connection::Failed,
        }
    }

    /// Changes what the check is about, and with it the address of the page.
    fn change_request(&mut self, change: impl FnOnce(&mut CheckRequest)) {
        let mut route = self.state.route.with_finding(None);
        // What an earlier check saw is asked anew, with the change.
        if self.state.is_seen()
            && let Some(reader) = self.state.reader
            && let Ok(asked) = (reader.form)(&self.state.form.text)
        {
            route.view = View::Check(asked);
        }
        if let View::Check(asked) = &mut route.view {
            change(asked);
            self.do_(Effect::GoTo(route.to_string()));
        }
    }

    /// Starts the check of what was pasted: its address is the check's; its header and the recipient's domain stay here.
    pub(super) fn check_message(&mut self, from: FromMessage) {
        self.state.beside.message = from;
        let FromMessage { asked, recipient } = &self.state.beside.message;
        match asked.clone() {
            Some(asked) => {
                self.state.form.text = Form::of(&asked);
                if self.check_of(asked) {
                    self.pressed();
                }
            }
            // Nothing is said of the sender: the recipient's domain is looked up beside what was asked before, or alone.
            None if recipient.is_some() => {
                self.state.beside.message.asked = self.state.route.asked().cloned();
                self.state.look = Some(Look::Headline { pressed: true });
                self.pressed();
            }
            None => {}
        }
    }
}
