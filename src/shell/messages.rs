//! Pasted messages: read, and checked.
//!
//! Functions of the [`App`] that are reached through [`Messages`](super::program::Messages) alone.

use std::rc::Rc;

use yew::prelude::Context;

use super::{App, state::Paste};
use crate::machine::{Event, FromMessage};
use mail_triage_browser::charset;
use mail_triage_engine::{
    bounce::{self, BounceReading, Reader},
    cx::Cx,
    dns::Name,
    facts::Step,
    headers::{self, HeaderComparison, HeaderReading},
    knowledge::{
        Read, SmtpCodes,
        files::{SMTP_CODES, SMTP_WORDS},
    },
    route::CheckRequest,
    session::Session,
};

/// Reads what was pasted. While a file is missing, it says which files of wordings the text takes.
pub fn read_paste(app: &mut App) -> Result<(), Vec<&'static str>> {
    let message = app.state.paste.as_ref().and_then(|paste| paste.message.as_ref());
    let Some(message) = message else { return Err(Vec::new()) };
    let wordings = bounce::wordings(message.octets(), &charset::decode);
    let Some(knowledge) = app.state.knowledge.clone() else { return Err(wordings) };
    if app.reader.as_ref().is_none_or(|(read, _)| *read != wordings) {
        let files = [SMTP_CODES, SMTP_WORDS].iter().chain(&wordings);
        let files: Option<Vec<SmtpCodes>> = files.map(|name| app.file(name).map(SmtpCodes::read)).collect();
        let Some(all) = files.and_then(|files| files.into_iter().reduce(SmtpCodes::with)) else {
            return Err(wordings);
        };
        app.reader = Some((wordings, Reader::new(all)));
    }
    let (Some((_, reader)), Some(paste)) = (&app.reader, &mut app.state.paste) else {
        return Err(Vec::new());
    };
    let Some(message) = &paste.message else { return Err(Vec::new()) };
    let reading = reader.read(message.octets(), &charset::decode, &knowledge.blocklists);
    paste.asks_for_sender = reading.asks_for_sender();
    paste.reading = Some(Rc::new(reading));
    paste.removed.clear();
    paste.comparison = None;
    (paste.waits, paste.open) = (false, false);
    Ok(())
}

/// The header whose findings are to be compared, if the check is the one that was started from what was pasted.
pub fn header_of_paste(app: &App) -> Option<HeaderReading> {
    let paste = app.state.paste.as_ref().filter(|_| app.state.machine.is_from_message())?;
    paste.reading.as_ref()?.header_without(&paste.removed)
}

/// Starts the check of what was pasted.
pub fn check_paste(app: &mut App, ctx: &Context<App>) {
    let Some(paste) = &app.state.paste else { return };
    let Some(reading) = &paste.reading else { return };
    let recipient = bounce::proposal(&reading.facts, &paste.removed).recipient;
    let asked = asked_of_paste(paste);
    app.step(ctx, Event::FromMessage(FromMessage { asked, recipient }));
}

/// Whether there is something to check.
pub fn can_check(paste: &Paste) -> bool {
    let recipient = |reading: &Rc<BounceReading>| bounce::proposal(&reading.facts, &paste.removed).recipient;
    asked_of_paste(paste).is_some() || paste.reading.as_ref().and_then(recipient).is_some()
}

/// The check that the facts of a pasted text ask for; none if they name neither a domain nor an address.
pub fn asked_of_paste(paste: &Paste) -> Option<CheckRequest> {
    let reading = paste.reading.as_ref()?;
    let target = bounce::proposal(&reading.facts, &paste.removed);
    let what = match (&target.domain, target.ips.first()) {
        (Some(domain), _) => domain.to_string(),
        (None, Some(ip)) => ip.to_string(),
        (None, None) => return None,
    };
    Some(CheckRequest {
        what,
        ips: target.ips,
        selectors: target.selectors,
        helo: target.helo,
        ..CheckRequest::default()
    })
}

/// Asks what the comparison of a header takes.
pub fn ask(cx: &Cx<'_>, header: &HeaderReading) -> Step<()> {
    headers::compare(&cx.first(), header).map(drop)
}

/// What is known by now of a header beside what the servers say today.
pub fn compare(session: &Session, header: &HeaderReading) -> HeaderComparison {
    headers::compare_known(&session.cx().first(), header)
}

/// The domain of the sender that a message names.
pub fn sender(paste: &Paste) -> Option<Name> {
    bounce::proposal(&paste.reading.as_ref()?.facts, &paste.removed).domain
}
