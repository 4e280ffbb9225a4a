//! What the page shows, as plain data, and everything that can happen to it.

use std::{net::IpAddr, rc::Rc};

use super::{
    program::{Messages, Program, Results, Tools},
    watch::WatchAction,
};
use crate::{
    components::{
        builder::{Base, Building},
        guide::Guide,
        shared::Shared,
        what_if::Learnt,
    },
    machine::{self, Event, Phase},
    panels::{paste::PastedMessage, ticket::Wish},
};
use mail_triage_browser::{
    address,
    log::Requests,
    words::{FINDINGS, Words},
};
use mail_triage_engine::{
    bounce::BounceReading,
    checklist::ChecklistStep,
    dns::OWN_RESOLVER,
    headers::HeaderComparison,
    knowledge::{Knowledge, Provider, ResponsibleParty, Value},
    report::Report,
    target::ListKeys,
};

/// Everything that is shown.
pub struct State {
    /// The machine: what more than one part of the page shows.
    pub machine: machine::State,
    /// The texts.
    pub words: Words,
    /// What asks and judges, once it has arrived.
    pub program: Option<&'static Program>,
    /// What draws results, once it has arrived.
    pub results: Option<&'static Results>,
    /// What reads messages, once it has arrived.
    pub messages: Option<&'static Messages>,
    /// How sharing and keeping results stands.
    pub sharing: SharingState,
    /// What shares and keeps results, tries changes and checks many domains, once it has arrived.
    pub tools: Option<&'static Tools>,
    /// Whether the fold in which changes are tried is open; none for as long as the address of the page decides.
    pub trying: Option<bool>,
    /// The run whose results were to be held against what a second resolver says.
    pub second_opinion: Option<u32>,
    /// Whether the user wants to be told when it is fixed, while what that takes is fetched.
    pub wants_watch: bool,
    /// What that or a second opinion takes could not be had.
    pub tools_failed: bool,
    /// The colours: one of [`THEMES`](super::parts::THEMES).
    pub theme: &'static str,
    /// What there is to do by hand.
    pub guide: Guide,
    /// A message that was pasted or dropped, while its panel is open.
    pub paste: Option<Paste>,
    /// Which of the sending addresses the pictures follow.
    pub picked: Option<IpAddr>,
    /// How many requests were made in this visit.
    pub asked: usize,
    /// The requests that were made in this visit, as they stood when a run had last come to its end.
    pub requests: Requests,
    /// Whether their list is unfolded.
    pub log_open: bool,
    /// Lists and providers, once they are fetched.
    pub knowledge: Option<Rc<Knowledge>>,
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
    /// Where the user says that the records are kept: an id of `dns-hosts.json`, or a word that is none.
    pub kept_at: Option<String>,
    /// The user's keys for lists that want one.
    pub keys: ListKeys,
    /// The record that is put together.
    pub build: Option<Build>,
    /// What the check at hand has learnt, once it has come to its end.
    pub learnt: Option<Shared<Learnt>>,
    /// A file with a list of domains, dropped while many domains are checked.
    pub dropped_list: Option<Rc<PastedMessage>>,
    /// What the live region says of it.
    pub builder_says: String,
    /// Guided items that were ticked off.
    pub ticks: Vec<String>,
    /// Short news, as a locale key.
    pub toast: Option<&'static str>,
    /// The text that was copied last.
    pub copied: Option<Rc<str>>,
    /// Counts short news, so that what is old takes none away that came later.
    pub news: u32,
    /// Whether the user has a policy compared that was pasted, in place of the domain's MTA-STS policy file.
    pub policy_used: bool,
}

/// How sharing and keeping results stands.
#[derive(Default)]
pub struct SharingState {
    /// Which of its panels is open.
    pub open: Option<SharingPanel>,
    /// It could not be had.
    pub failed: bool,
    /// Whether checks of earlier visits are kept in this browser.
    pub has_past: bool,
}

/// What is open below a result, or on a page without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharingPanel {
    /// The link as a QR code.
    Code,
    /// The result in words, for those who may have to read it.
    Readings,
    /// Checks of earlier visits.
    Past,
}

/// A record that is put together.
pub struct Build {
    /// Which one.
    pub building: Building,
    /// What was found out about the domain, once that is all.
    pub base: Option<Rc<Base>>,
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
    /// Whether it names nothing that could be looked up although that would help: then the user is asked for the domain.
    pub asks_for_sender: bool,
    /// Whether the field is wanted although what it says is shown, above which it folds to one line.
    pub open: bool,
    /// Which of its facts the user does not want asked about.
    pub removed: Vec<usize>,
    /// What its receiver found beside what the DNS says now, as far as that check knows.
    pub comparison: Option<HeaderComparison>,
}

impl Paste {
    /// A message that is to be read.
    pub fn of(message: Rc<PastedMessage>) -> Self {
        Self { message: Some(message), ..Self::default() }
    }
}

/// What can happen.
#[derive(Clone)]
pub enum Action {
    /// What the machine takes.
    Do(Event),
    /// The user wants to change the message that is explained: its field is shown again.
    ChangePaste,
    /// The user sent the form.
    Submit,
    /// The address of the page changed.
    Routed,
    /// What asks and judges arrived, or did not.
    Program(Option<&'static Program>),
    /// What draws results arrived, or did not.
    Results(Option<&'static Results>),
    /// What reads messages arrived, or did not.
    Messages(Option<&'static Messages>),
    /// What shares and keeps results, tries changes and checks many domains arrived, or did not.
    Tools(Option<&'static Tools>),
    /// The user opens or closes the fold in which changes are tried.
    Try(bool),
    /// The user wants to know what a second resolver says.
    AskSecond,
    /// Something about what is watched until it is fixed.
    Watch(WatchAction),
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
    /// The results of the run of this number are drawn: what is folded away may follow.
    Fill(u32),
    /// The headline is drawn, and is to be seen.
    Headline(&'static str),
    /// The user wants to follow another sending address through the pictures.
    Pick(IpAddr),
    /// Something came of that.
    MyAddress,
    /// The user wants this key of this secret name used; an empty one takes it back.
    UseKey(String, String),
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
    /// The network came or went.
    Network,
    /// The user chose colours.
    Paint(&'static str),
    /// Texts of a language arrived: the one that was asked for, and what could be had.
    Spoken(&'static str, Words),
    /// A further file of texts of a language arrived, or did not.
    Texts(&'static str, &'static str, Option<Value>),
    /// The user ticked an item, or took the tick away.
    Tick(String),
    /// The user wants to see the element with this id.
    Reveal(String),
    /// The user wants the link to this check.
    Share,
    /// What a link holds of an earlier check was expanded, or cannot be.
    Expanded(String, Option<Vec<u8>>),
    /// The user wants a link that holds what was seen.
    ShareSeen,
    /// It would be too long: it was saved as a file in its place, or could not be.
    SavedSeen(bool),
    /// The user wants a link in another program of this device.
    Send,
    /// The user opens one of its panels, or closes it.
    OpenSharing(Option<SharingPanel>),
    /// The run of this number is at its end: it is kept for later visits.
    Keep(u32),
    /// It is.
    Kept,
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

impl State {
    /// What draws results, and what stands beside them without one: once it has arrived, and the texts of it too.
    pub fn drawing(&self) -> Option<&'static Results> {
        self.results.filter(|_| self.words.has_part(FINDINGS))
    }

    /// Takes what needs nobody else; `false` if it is not of that kind.
    pub fn reduce(&mut self, action: &Action) -> bool {
        match action {
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
            Action::Paint(theme) => self.theme = theme,
            Action::BuilderSays(text) => self.builder_says.clone_from(text),
            Action::Try(open) => self.trying = Some(*open),
            Action::ChangePaste => self.paste.get_or_insert_default().open = true,
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

    /// The address of what is shown, for somebody else.
    pub fn link(&self) -> String {
        address::address_with(&self.machine.route.to_share().with_finding(None).to_string())
    }

    /// What stands before what was seen in a link.
    pub fn seen_link(&self) -> String {
        address::address_with("#/seen/")
    }

    /// Whether a message is explained, and nothing else was asked: what it says stands first.
    pub fn is_explained(&self) -> bool {
        let read = self.paste.as_ref().filter(|paste| paste.reading.is_some());
        // A wrong entry is said in the form of the page, unless what explains the message has one.
        let wrong = self.machine.form.error.is_some();
        read.is_some_and(|paste| !wrong || paste.asks_for_sender) && self.machine.phase() == Phase::Idle
    }

    /// The report, while it is shown.
    pub fn shown_report(&self) -> Option<&Report> {
        self.machine.check.report().map(|report| &**report)
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

    /// What a resolver is called.
    pub fn resolver_name(&self, id: &str) -> String {
        if id == OWN_RESOLVER {
            return self.words.say("resolver.own");
        }
        self.machine.resolver.list.by_id(id).map_or(id, |resolver| resolver.name.as_str()).to_owned()
    }
}
