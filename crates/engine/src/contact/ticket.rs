//! The message: who, what, since when, codes, evidence, what has been ruled out, what is asked for.
//!
//! Each part has a file: whom it is about ([`about`]), since when ([`moment`]), what the error says ([`error`]), what the run
//! found ([`found`]).

mod about;
mod error;
mod found;
mod moment;

use super::{
    Case, ContactParty, TicketOptions,
    mask::hidden,
    party::{contact, recipient_domain},
};
use crate::{
    bounce::BounceVerdict,
    check::{Arg, Args},
    input::limits::InputField,
    steps,
    text::{Catalog, Plural},
    visible::visible,
};

pub use moment::prefilled;

/// A message that is ready to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticket {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// To whom, where an address is known.
    pub to: Option<String>,
}

/// Writes the message for a party in the language of the catalog.
#[must_use]
pub fn ticket(
    party: &ContactParty,
    case: &Case<'_>,
    wishes: &TicketOptions<'_>,
    catalog: &Catalog,
    plural: Plural,
) -> Ticket {
    let verdict = case.reading.and_then(|reading| reading.verdicts.first());
    let mut hidden = case.reading.map(|reading| hidden(&reading.facts)).unwrap_or_default();
    // Whoever it is written to may be named.
    if *party == ContactParty::Postmaster
        && let Some(domain) = recipient_domain(case)
    {
        hidden.retain(|name| *name != domain);
    }
    let mut writer = Writer { out: String::new(), party, case, wishes, catalog, plural, verdict, hidden };
    writer.write();
    let keys = wishes.keys;
    Ticket {
        subject: keys.redact(&visible(&writer.subject())),
        body: keys.redact(&writer.out),
        to: contact(party, case).address,
    }
}

struct Writer<'a> {
    out: String,
    party: &'a ContactParty,
    case: &'a Case<'a>,
    wishes: &'a TicketOptions<'a>,
    catalog: &'a Catalog,
    plural: Plural,
    /// What the error says.
    verdict: Option<&'a BounceVerdict>,
    /// Names that are left out.
    hidden: Vec<String>,
}

impl Writer<'_> {
    fn write(&mut self) {
        let name = contact(self.party, self.case).name;
        let hello = match name.filter(|_| *self.party != ContactParty::Postmaster) {
            Some(name) => self.with(&format!("ticket.hello.{}", self.party.as_str()), "name", name.into()),
            None => self.of_party("hello.anybody"),
        };
        self.line(&hello);
        self.line("");
        let lead = self.filled("lead");
        self.line(&lead);
        self.who();
        let since = InputField::Line.part(self.wishes.since).trim().to_owned();
        let since = if since.is_empty() { self.say("ticket.gap") } else { since };
        self.head("ticket.since");
        self.item(&since);
        self.error();
        self.claims();
        if let Some(report) = self.case.report {
            self.found(report);
            self.unknown(report);
            self.clean(report);
        }
        self.done();
        self.head("ticket.ask");
        let mut asked = self.filled("ask");
        if self.unnamed().is_some() {
            let name = self.filled_in("ticket.ask.owner.ptr");
            asked = format!("{name}\n{asked}");
        }
        for line in asked.lines() {
            self.item(line);
        }
        self.line("");
        let end = self.say("ticket.end");
        for line in end.lines() {
            self.line(line);
        }
    }

    fn subject(&self) -> String {
        let subject = self.filled("subject");
        match self.code() {
            Some(code) => format!("{subject} ({code})"),
            None => subject,
        }
    }

    fn of_party(&self, what: &str) -> String {
        let own = format!("ticket.{what}.{}", self.party.as_str());
        self.catalog.get(&own).map_or_else(|| self.say(&format!("ticket.{what}")), str::to_owned)
    }

    /// What the user has ticked off.
    fn done(&mut self) {
        let titles = self.wishes.done.iter().filter_map(|key| self.catalog.get(&format!("{key}.title")));
        let lines = titles.map(str::to_owned).collect();
        self.all("ticket.done", lines);
    }

    fn say(&self, key: &str) -> String {
        self.catalog.get(key).unwrap_or(key).to_owned()
    }

    fn with(&self, key: &str, name: &'static str, value: Arg) -> String {
        let mut args = Args::default();
        args.set(name, value);
        self.catalog.say(key, &args, self.plural)
    }

    fn row(&mut self, label: &str, value: &str) {
        let mut args = Args::default();
        args.set("what", self.say(&format!("ticket.label.{label}")).into());
        args.set("value", value.into());
        let row = self.catalog.say("ticket.row", &args, self.plural);
        self.item(&row);
    }

    fn all(&mut self, head: &str, lines: Vec<String>) {
        if lines.is_empty() {
            return;
        }
        self.head(head);
        for line in lines {
            self.item(&line);
        }
    }

    fn head(&mut self, key: &str) {
        let head = self.say(key);
        self.line("");
        self.line(&head);
    }

    fn item(&mut self, text: &str) {
        self.line(&format!("- {text}"));
    }

    /// One line, whatever strangers wrote into it.
    fn line(&mut self, line: &str) {
        steps::took(line.len());
        self.out.push_str(&visible(line));
        self.out.push('\n');
    }
}
