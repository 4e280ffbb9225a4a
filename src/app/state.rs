//! What the page shows, as plain data, and everything that can happen to it.

use std::{net::IpAddr, rc::Rc};

use super::{
    builder::{Builder, Choose},
    guide::Guide,
    program::{Messages, Program},
};
use mail_triage_browser::{
    clipboard::PastedText,
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
    settings::HostLookup,
    table::Table,
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
    /// What reads messages, once it has arrived.
    pub messages: Option<&'static Messages>,
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
    pub report: Option<Report>,
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
    pub resolvers: Resolvers,
    /// The resolver that was chosen: an id or an address; none for the first of the list.
    pub resolver: Option<String>,
    /// Addresses of resolvers that the user agreed to.
    pub accepted: Vec<String>,
    /// The address that a link wants as resolver, until the user has answered.
    pub question: Option<String>,
    /// The panel for an address of the user's own.
    pub panel: Option<Panel>,
    /// How often a resolver was tried.
    pub attempts: u32,
    /// The resolver that was chosen last and has not answered yet.
    pub trying: Option<String>,
    /// The provider that the user chose.
    pub chosen_provider: Option<String>,
    /// What stands in the fields of the calculator and of the settings form, by the name of the field. Nothing is kept
    /// beyond the visit.
    pub entered: Table<&'static str, String>,
    /// How often a suggestion was put into one of these fields.
    pub suggested: u32,
    /// The server that was looked up last, and what came of it; nothing while it is under way.
    pub looked_up: Option<(String, Option<HostLookup>)>,
    /// The steps whose form the user has opened: what is sent, how the mail program is set up, the message to support.
    pub opened: Vec<ChecklistStep>,
    /// The files for them could not be had.
    pub forms_failed: bool,
    /// The message to whoever can help.
    pub message: Message,
    /// The texts of another language, for a message in it.
    pub other_words: Option<Words>,
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
    /// Whether their fields show them.
    pub keys_shown: bool,
    /// What stands in their fields.
    pub typed_keys: ListKeys,
    /// Names of those in whose fields stands what cannot be a key.
    pub wrong_keys: Vec<String>,
    /// Whether there was one in this visit. Then the fold that holds the fields begins open; whoever corrects a key would
    /// see it close again if it followed [`State::wrong_keys`].
    pub key_refused: bool,
    /// The record that is put together.
    pub builder: Option<Builder>,
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
    pub copied: Option<String>,
    /// Counts short news, so that what is old takes none away that came later.
    pub news: u32,
    /// The MTA-STS policy file of the domain; none while it is on its way.
    pub policy: Option<PolicyFile>,
    /// What stands in the field for it.
    pub typed_policy: String,
    /// Whether the user has it compared.
    pub policy_used: bool,
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

/// The panel for a resolver of the user's own.
#[derive(Default)]
pub struct Panel {
    /// What was typed.
    pub address: String,
    /// What is wrong with it.
    pub error: Option<Sentence>,
}

/// A message that was pasted or dropped. It stays in this page.
#[derive(Default)]
pub struct Paste {
    /// What stands in the field.
    pub text: String,
    /// The name of the file, where it is one.
    pub file: Option<String>,
    /// The octets of the file, or what is read of them.
    pub octets: Option<Vec<u8>>,
    /// Characters of the whole text, where it is too long to be shown.
    pub whole: usize,
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

/// The message to whoever can help. It stays in this page.
#[derive(Default)]
pub struct Message {
    /// To whom the user wants to write, as [`mail_triage_engine::contact::ContactParty::id`]; none for the one that fits best.
    pub party: Option<String>,
    /// In which language; none for that of the page.
    pub language: Option<&'static str>,
    /// Since when, once the user has changed what the error says.
    pub since: Option<String>,
    /// Whether addresses of people are put in.
    pub people: bool,
    /// What the user has changed by hand.
    pub drafts: Vec<Draft>,
    /// What the user has put away for a new text.
    pub aside: Vec<Draft>,
}

/// A message that was changed by hand.
#[derive(Clone)]
pub struct Draft {
    /// To whom, and in which language.
    pub of: DraftOf,
    /// The text it was made from.
    pub base: Rc<str>,
    /// What stands there now.
    pub text: String,
}

/// To whom, and in which language.
pub type DraftOf = (String, &'static str);

/// What the user does with the message.
#[derive(Clone)]
pub enum Write {
    /// Chooses to whom.
    To(String),
    /// Chooses the language.
    In(&'static str),
    /// Says since when.
    Since(String),
    /// Wants addresses of people put in, or not.
    People(bool),
    /// Changes the text.
    Text(Draft),
    /// Wants it written anew.
    Anew(DraftOf),
    /// Wants back what was put away.
    Back(DraftOf),
}

/// Characters of a text that a field can show without the page slowing down.
const MOST_SHOWN: usize = 200_000;

impl Paste {
    /// A text that was pasted. One that is too long to be shown is kept like a file without a name.
    pub fn of(pasted: PastedText) -> Self {
        if Self::is_shown(&pasted) {
            return Self { text: pasted.text, ..Self::default() };
        }
        Self {
            file: Some(String::new()),
            octets: Some(pasted.text.into_bytes()),
            whole: pasted.whole,
            ..Self::default()
        }
    }

    /// Whether a field shows such a text.
    pub fn is_shown(pasted: &PastedText) -> bool {
        pasted.whole <= MOST_SHOWN
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
        let mut short: String = text.chars().take(80).collect();
        if short.len() < text.len() {
            short.push('…');
        }
        Self { key: key.to_owned(), args: args([(name, Arg::Text(short))]) }
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
    /// What reads messages arrived, or did not.
    Messages(Option<&'static Messages>),
    /// The user wants to paste a message, or closes the panel for it.
    OpenPaste(bool),
    /// The user pasted a message into the box.
    Pasted(PastedText),
    /// The user types into the field for messages.
    TypedPaste(String),
    /// The user wants the message explained.
    ReadPaste,
    /// The user gave a file: its name and octets.
    Dropped(String, Vec<u8>),
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
    /// The user typed a key.
    TypedKey(String, String),
    /// The user wants a key used.
    UseKey(String),
    /// The user wants to see the keys, or to see them no more.
    ShowKeys,
    /// The user says whether the resolver in question may see them.
    Entrust(bool),
    /// The user pasted the MTA-STS policy.
    TypedPolicy(String),
    /// The user wants it compared with the receiving hosts.
    UsePolicy,
    /// The user chose a provider.
    ChooseProvider(String),
    /// The user typed or chose something in the field of this name.
    Enter(&'static str, String),
    /// The user takes what is suggested for the field of this name; the element with this id gets the focus.
    Take(&'static str, String, String),
    /// The element with this id gets the focus.
    Focus(String),
    /// The user wants the name of a mail server looked up.
    LookUp(String),
    /// Something came of that.
    LookedUp,
    /// The user opens the form of a step.
    OpenForm(ChecklistStep),
    /// The user wants to write to somebody who can help, from elsewhere on the page: that form is shown.
    ShowMessage(Option<String>),
    /// The user does something with that message.
    Write(Write),
    /// The texts of another language arrived.
    OtherWords(Words),
    /// The user says where the records are kept.
    KeptAt(String),
    /// The user puts a record together.
    Choose(Choose),
    /// Nothing was changed in it for a moment.
    Settled(u32),
    /// An answer about it came in.
    Weighed,
    /// The user types the address of a resolver.
    OwnResolver(String),
    /// The user does not want another resolver after all.
    ClosePanel,
    /// The user chose a resolver: it is tried.
    TryResolver(String),
    /// It answered, or not.
    ResolverTried(String, bool),
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
    #[expect(clippy::too_many_lines, reason = "grown before there was a limit")]
    pub fn reduce(&mut self, action: &Action) -> bool {
        match action {
            Action::Typed(field, text) => {
                self.form.field(*field).clone_from(text);
                self.error = None;
            }
            Action::OpenPaste(open) => {
                self.paste = open.then(Paste::default);
            }
            Action::TypedPaste(text) => {
                let Paste { text, file, octets, whole, .. } = Paste::of(text.clone().into());
                let paste = self.paste.get_or_insert_default();
                (paste.text, paste.file, paste.octets, paste.whole) = (text, file, octets, whole);
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
            Action::TypedKey(name, text) => {
                self.typed_keys.set(name, text);
                self.wrong_keys.retain(|wrong| wrong != name);
            }
            Action::ShowKeys => self.keys_shown = !self.keys_shown,
            Action::TypedPolicy(text) => self.typed_policy.clone_from(text),
            Action::ChooseProvider(id) => self.chosen_provider = (!id.is_empty()).then(|| id.clone()),
            Action::Enter(field, text) => {
                self.entered.insert(field, text.clone());
            }
            Action::Take(field, text, _) => {
                self.entered.insert(field, text.clone());
                self.suggested += 1;
            }
            Action::KeptAt(id) => self.kept_at = Some(id.clone()),
            Action::OwnResolver(address) => {
                // What is tried meanwhile would answer into what is being typed.
                self.trying = None;
                self.panel = Some(Panel { address: address.clone(), error: None });
            }
            Action::ClosePanel => {
                self.panel = None;
                self.trying = None;
                self.attempts += 1;
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

    /// What stands in a field of the calculator or of the settings form.
    pub fn entered(&self, field: &str) -> &str {
        self.entered.get(field).map_or("", String::as_str)
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
        self.report.as_ref().filter(|_| self.phase != Phase::Idle)
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

    /// Names of the keys that lists want.
    pub fn secrets(&self) -> Vec<String> {
        let mut secrets: Vec<String> = Vec::new();
        if let Some(knowledge) = &self.knowledge {
            for name in knowledge.blocklists.lists.iter().filter_map(|list| list.secret_name.as_ref()) {
                if !secrets.contains(name) {
                    secrets.push(name.clone());
                }
            }
        }
        secrets
    }
}
