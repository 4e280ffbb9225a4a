//! What the page shows, as plain data, and everything that can happen to it.

use std::{net::IpAddr, rc::Rc};

use super::{guide::Guide, program::Program};
use crate::{
    components::{
        builder::{Base, Building},
        page_context::short,
    },
    panels::{message::Wish, paste::PastedMessage},
};
use mail_triage_browser::{
    log::Requests,
    words::{Words, args},
};
use mail_triage_engine::{
    bounce::BounceReading,
    check::{Arg, Args},
    checklist::ChecklistStep,
    dns::{Name, OWN_RESOLVER, Query},
    headers::HeaderComparison,
    knowledge::{Knowledge, Provider, Resolvers, ResponsibleParty, Value},
    picture::Pictures,
    policy_file::PolicyFile,
    report::Report,
    route::{CheckRequest, Route, View, is_on_this_machine},
    target::ListKeys,
};

/// The recorded examples, by id.
pub const EXAMPLES: [&str; 2] = ["healthy", "broken"];

/// Everything that is shown.
pub struct State {
    /// The texts.
    pub words: Words,
    /// The rest of the program, once it has arrived.
    pub program: Option<&'static Program>,
    /// The colours: one of [`THEMES`](super::parts::THEMES).
    pub theme: &'static str,
    /// What there is to do by hand.
    pub guide: Guide,
    /// What the address says.
    pub route: Route,
    /// What was changed or left out on the way.
    pub notes: Vec<Sentence>,
    /// What stands in the form.
    pub form: Form,
    /// Whether the form is wanted although a result is shown, above which it folds to one line.
    pub form_open: bool,
    /// What is wrong with the form.
    pub error: Option<Sentence>,
    /// A message that was pasted or dropped, while its panel is open.
    pub paste: Option<Paste>,
    /// How far the check is.
    pub phase: Phase,
    /// Whether the run has come to its end once, so that long tables are built. They stay during a retry.
    pub settled: bool,
    /// Whether the steps show more than findings: what there is to do by hand, tables, pictures.
    pub whole: bool,
    /// What was found.
    pub report: Option<Rc<Report>>,
    /// What can be drawn of the results, once a run has come to its end.
    pub pictures: Pictures,
    /// Which of the sending addresses the pictures follow.
    pub picked: Option<IpAddr>,
    /// How many requests were made in this visit.
    pub asked: usize,
    /// The requests that were made in this visit, as they stood when a run had last come to its end.
    pub requests: Requests,
    /// Whether their list is unfolded.
    pub log_open: bool,
    /// Resolvers that did not answer everything in the run at hand, and those that were asked in their place.
    pub stand_ins: Option<(Vec<String>, Vec<String>)>,
    /// Lists and providers, once they are fetched.
    pub knowledge: Option<Rc<Knowledge>>,
    /// The resolvers that can be chosen.
    pub resolvers: Rc<Resolvers>,
    /// The resolver that was chosen: an id or an address; none for the first of the list.
    pub resolver: Option<String>,
    /// Addresses of resolvers that the user agreed to.
    pub accepted: Vec<String>,
    /// The address that a link wants as resolver, until the user has answered.
    pub question: Option<String>,
    /// The resolver that is being chosen: an id of the list, or nothing for an address of the user's own.
    pub choosing: Option<String>,
    /// How often one was chosen, or was not after all.
    pub choices: u32,
    /// The provider that the user chose.
    pub chosen_provider: Option<String>,
    /// The steps whose form the user has opened: what is sent, how the mail program is set up, the message to support.
    pub opened: Vec<ChecklistStep>,
    /// The files for them could not be had.
    pub forms_failed: bool,
    /// To whom something on the page wants the user to write.
    pub wish: Wish,
    /// When the run began, in seconds since 1970; none for an example.
    pub checked: Option<i64>,
    /// Where the user says that the records are kept: an id of `dns-hosts.json`, or a word that is none.
    pub kept_at: Option<String>,
    /// The user's keys for lists that want one.
    pub keys: ListKeys,
    /// Resolvers that the user entrusted with them, besides the one that was chosen.
    pub entrusted: Vec<String>,
    /// The resolver that would see the keys, until the user has said whether it may.
    pub key_question: Option<String>,
    /// Resolvers that may not.
    pub distrusted: Vec<String>,
    /// The record that is put together.
    pub build: Option<Build>,
    /// What the live region says of it.
    pub builder_says: String,
    /// The recorded example that is shown.
    pub example: Option<String>,
    /// What is known of the user's own address.
    pub mine: MyAddress,
    /// Whether the page is shown inside one of somebody else's.
    pub framed: bool,
    /// Whether the check that the address asks for waits there until a person wants it.
    pub held: bool,
    /// Whether the browser has a network.
    pub online: bool,
    /// Guided items that were ticked off.
    pub ticks: Vec<String>,
    /// Short news, as a locale key.
    pub toast: Option<&'static str>,
    /// The text that was copied last.
    pub copied: Option<Rc<str>>,
    /// Counts short news, so that what is old takes none away that came later.
    pub news: u32,
    /// The MTA-STS policy file of the domain; none while it is on its way.
    pub policy: Option<PolicyFile>,
    /// Whether the user has another one compared, that was pasted.
    pub policy_used: bool,
}

/// A record that is put together.
pub struct Build {
    /// Which one.
    pub building: Building,
    /// What was found out about the domain, once that is all.
    pub base: Option<Rc<Base>>,
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

/// How the question for the user's own address stands.
pub enum MyAddress {
    /// Not asked.
    Unknown,
    /// Under way.
    Asking,
    /// No answer.
    Failed,
}

/// A message that was pasted or dropped. It stays in this page.
#[derive(Default)]
pub struct Paste {
    /// What was given to be read; nothing while the field is open for the first one.
    pub message: Option<Rc<PastedMessage>>,
    /// It waits for files of the page.
    pub waits: bool,
    /// They could not be had.
    pub failed: bool,
    /// What was understood.
    pub reading: Option<Rc<BounceReading>>,
    /// Whether the field is wanted although what it says is shown, above which it folds to one line.
    pub open: bool,
    /// Which of its facts the user does not want asked about.
    pub removed: Vec<usize>,
    /// The check that the user started from it.
    pub asked: Option<CheckRequest>,
    /// What its receiver found beside what the DNS says now, as far as that check knows.
    pub comparison: Option<HeaderComparison>,
    /// The recipient's domain, once the user wants it asked about.
    pub recipient: Option<Name>,
}

impl Paste {
    /// A message that is to be read.
    pub fn of(message: Rc<PastedMessage>) -> Self {
        Self { message: Some(message), ..Self::default() }
    }
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

    /// A sentence with one placeholder, whose text is cut where it is long.
    pub fn about(key: &str, name: &'static str, text: &str) -> Self {
        Self { key: key.to_owned(), args: args([(name, Arg::Text(short(text)))]) }
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
    /// The user asked for the further fields.
    OpenDetails,
    /// The user wants to change what is checked: the form is shown again.
    Change,
    /// The user wants to change the message that is explained: its field is shown again.
    ChangePaste,
    /// The user sent the form.
    Submit,
    /// The address of the page changed.
    Routed,
    /// The rest of the program arrived, or did not.
    Program(Option<&'static Program>),
    /// The user wants to paste a message, or closes the panel for it.
    OpenPaste(bool),
    /// The user wants this message explained.
    Read(Rc<PastedMessage>),
    /// The user does not want this fact asked about, or does again.
    DropFact(usize),
    /// The user folds or unfolds the list of requests.
    Log(bool),
    /// The user wants the facts of the message checked.
    CheckPaste,
    /// A file of the page arrived, or did not.
    File(&'static str, Option<Value>),
    /// An answer came in.
    Changed,
    /// What came in is to be shown.
    Show,
    /// The results are drawn: what is folded away may follow.
    Fill,
    /// The user stops the check.
    Stop,
    /// The user wants everything asked again.
    Again,
    /// The user wants the check that waits for it inside a frame.
    Proceed,
    /// The check that had to wait for its turn has it.
    Turn(u32),
    /// The user wants to see the result of this name.
    See(String),
    /// The user wants to go back from the result of this name to the list of causes.
    ToCauses(String),
    /// The headline is drawn, and is to be seen.
    Headline(&'static str),
    /// The user wants failed lookups asked again: these, or all of them.
    Retry(Option<Rc<[Query]>>),
    /// The user wants to follow another sending address through the pictures.
    Pick(IpAddr),
    /// The user wants to type a sending address.
    EnterAddress,
    /// The user names a further sending address.
    AddAddress(IpAddr),
    /// The user wants the receiving hosts looked up in the lists too.
    ReceivingToo,
    /// The user wants to know the address of this connection.
    AskMyAddress,
    /// Something came of that.
    MyAddress,
    /// The user wants this key of this secret name used; an empty one takes it back.
    UseKey(String, String),
    /// The user says whether the resolver in question may see them.
    Entrust(bool),
    /// The user wants this MTA-STS policy compared with the receiving hosts, or none any more.
    UsePolicy(Option<String>),
    /// The user chose a provider.
    ChooseProvider(String),
    /// The element with this id gets the focus.
    Focus(String),
    /// A panel has asked somebody: the list of requests is longer.
    Asked,
    /// The user opens the form of a step.
    OpenForm(ChecklistStep),
    /// The user wants to write to somebody who can help, from elsewhere on the page: that form is shown.
    ShowMessage(Option<String>),
    /// The user says where the records are kept.
    KeptAt(String),
    /// There is something to be said of the record that is put together.
    BuilderSays(String),
    /// The user chose a resolver of the list, or wants to type an address: it is tried before it is used.
    ChooseResolver(String),
    /// It may be used.
    ResolverChosen(String),
    /// The user does not want another resolver after all.
    KeepResolver,
    /// The user answers whether the resolver of a link may be used.
    Accept(bool),
    /// The network came or went.
    Network,
    /// The user chose colours.
    Paint(&'static str),
    /// The user chose a language.
    Speak(&'static str),
    /// Its texts arrived.
    Spoken(Words),
    /// A further file of texts of a language arrived, or did not.
    Texts(&'static str, &'static str, Option<Value>),
    /// The user ticked an item, or took the tick away.
    Tick(String),
    /// The user wants to see the element with this id.
    Reveal(String),
    /// The user wants the link to this check.
    Share,
    /// The user wants the report as text.
    CopyReport,
    /// The user wants this text.
    Copy(String),
    /// It is on the clipboard, or not.
    Copied(String, bool),
    /// The user prints.
    Print,
    /// The news of this number is old.
    Quiet(u32),
    /// The page has settled.
    Later,
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

    /// The text of a field.
    pub fn field(&mut self, field: Field) -> &mut String {
        match field {
            Field::What => &mut self.what,
            Field::Ip => self.ip.get_or_insert_default(),
            Field::Selector => self.selector.get_or_insert_default(),
            Field::Helo => self.helo.get_or_insert_default(),
        }
    }
}

impl State {
    /// Takes what needs nobody else; `false` if it is not of that kind.
    pub fn reduce(&mut self, action: &Action) -> bool {
        match action {
            Action::Typed(field, text) => {
                self.form.field(*field).clone_from(text);
                self.error = None;
            }
            Action::OpenPaste(open) => {
                self.paste = open.then(Paste::default);
            }
            Action::DropFact(at) => {
                let removed = &mut self.paste.get_or_insert_default().removed;
                match removed.iter().position(|other| other == at) {
                    Some(place) => {
                        removed.remove(place);
                    }
                    None => removed.push(*at),
                }
            }
            Action::OpenDetails => {
                for field in [Field::Ip, Field::Selector, Field::Helo] {
                    self.form.field(field);
                }
            }
            Action::Paint(theme) => self.theme = theme,
            Action::BuilderSays(text) => self.builder_says.clone_from(text),
            Action::Change => self.form_open = true,
            Action::ChangePaste => self.paste.get_or_insert_default().open = true,
            Action::EnterAddress => {
                self.form_open = true;
                self.form.field(Field::Ip);
            }
            Action::Log(open) => self.log_open = *open,
            Action::Pick(ip) => self.picked = Some(*ip),
            Action::Tick(id) => match self.ticks.iter().position(|done| done == id) {
                Some(at) => {
                    self.ticks.remove(at);
                }
                None => self.ticks.push(id.clone()),
            },
            Action::ChooseProvider(id) => self.chosen_provider = (!id.is_empty()).then(|| id.clone()),
            Action::KeptAt(id) => self.kept_at = Some(id.clone()),
            Action::KeepResolver => {
                self.choosing = None;
                self.choices += 1;
            }
            Action::Quiet(news) if *news == self.news => {
                self.toast = None;
                self.copied = None;
            }
            _ => return false,
        }
        true
    }

    /// How far the page is, as in `data-state`: `told` is when the results stand there and what is folded away follows.
    pub fn progress(&self) -> &'static str {
        match self.phase {
            Phase::Idle => "idle",
            Phase::Running => "running",
            Phase::Done if self.settled => "done",
            Phase::Done => "told",
        }
    }

    /// The recipient's domain that the user wants asked about.
    pub fn asked_recipient(&self) -> Option<&Name> {
        let paste = self.paste.as_ref()?;
        paste.recipient.as_ref().filter(|_| paste.asked.as_ref() == self.route.asked())
    }

    /// Whether the form is folded to one line, so that the answer stands first.
    pub fn is_form_folded(&self) -> bool {
        let asks = matches!(self.route.view, View::Check(_) | View::Example(_));
        asks && self.phase != Phase::Idle && !self.form_open && self.error.is_none()
    }

    /// Whether a message is explained, and nothing else was asked: what it says stands first.
    pub fn is_explained(&self) -> bool {
        let read = self.paste.as_ref().is_some_and(|paste| paste.reading.is_some());
        read && self.phase == Phase::Idle && self.error.is_none()
    }

    /// The report, while it is shown.
    pub fn shown_report(&self) -> Option<&Report> {
        self.report.as_deref().filter(|_| self.phase != Phase::Idle)
    }

    /// The provider that the user chose, or that was recognised.
    pub fn provider(&self) -> Option<&Provider> {
        self.program.and_then(|program| (program.provider)(self))
    }

    /// The entries of the sender's provider, if it is the one that refused: who refuses a password or counts what somebody
    /// sends is with the sender, who refuses a message is with the recipient.
    pub fn refused_by(&self) -> Option<&[String]> {
        let verdict = self.paste.as_ref()?.reading.as_ref()?.verdicts.first()?;
        let own = match verdict.step {
            ChecklistStep::Authentication => true,
            ChecklistStep::Limits => verdict.who.contains(&ResponsibleParty::Provider),
            _ => false,
        };
        Some(verdict.provider.as_ref().filter(|_| own)?.ids.as_slice())
    }

    /// The domain at hand, or one that stands for any.
    pub fn domain(&self) -> String {
        let domain = self.shown_report().and_then(|report| report.target.domain.as_ref());
        domain.map_or_else(|| "example.com".to_owned(), ToString::to_string)
    }

    /// The resolver to ask first: what a link names and may name, else what was chosen.
    pub fn effective_resolver(&self) -> Option<String> {
        let named = self.route.resolver.as_ref();
        let allowed =
            named.filter(|named| self.resolvers.by_id(named).is_some() || self.accepted.contains(named));
        allowed.or(self.resolver.as_ref()).cloned()
    }

    /// Whether lookups have nowhere to go: a resolver on this machine needs no network.
    pub fn is_offline(&self) -> bool {
        !self.online && !self.effective_resolver().is_some_and(|resolver| is_on_this_machine(&resolver))
    }

    /// What a resolver is called.
    pub fn resolver_name(&self, id: &str) -> String {
        if id == OWN_RESOLVER {
            return self.words.say("resolver.own");
        }
        self.resolvers.by_id(id).map_or(id, |resolver| resolver.name.as_str()).to_owned()
    }
}
