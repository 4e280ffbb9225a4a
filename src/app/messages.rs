//! Pasted messages: read, explained, and checked.
//!
//! Functions of the [`App`] that are reached through [`Messages`](super::program::Messages) alone.

use std::rc::Rc;

use yew::prelude::Context;

use super::{
    App,
    start::{SMTP_CODES, SMTP_WORDS},
    state::{Form, Paste},
    view::Look,
};
use mail_triage_browser::{address, charset};
use mail_triage_engine::{
    bounce::{self, Reader},
    cx::Cx,
    dns::Name,
    facts::Step,
    headers::{self, HeaderComparison, HeaderReading},
    knowledge::{Read, SmtpCodes},
    route::{CheckRequest, Route, View},
    session::Session,
};

/// Reads what was pasted; `false` if a file is missing.
pub fn read_paste(app: &mut App) -> bool {
    let Some(knowledge) = app.state.knowledge.clone() else { return false };
    if app.reader.is_none() {
        let (Some(codes), Some(words)) = (app.file(SMTP_CODES), app.file(SMTP_WORDS)) else { return false };
        app.reader = Some(Reader::new(SmtpCodes::read(codes).with(SmtpCodes::read(words))));
    }
    let (Some(reader), Some(paste)) = (&app.reader, &mut app.state.paste) else { return false };
    let octets = paste.octets.as_deref().map_or(paste.text.as_bytes(), |octets| octets);
    paste.reading = Some(Rc::new(reader.read(octets, &charset::decode, &knowledge.blocklists)));
    paste.removed.clear();
    (paste.asked, paste.comparison, paste.recipient) = (None, None, None);
    (paste.waits, paste.open) = (false, false);
    true
}

/// The header whose findings are to be compared, if the check is the one that was started from what was pasted.
pub fn header_of_paste(app: &App) -> Option<HeaderReading> {
    let paste = app.state.paste.as_ref()?;
    if paste.asked.is_none() || paste.asked.as_ref() != app.state.route.asked() {
        return None;
    }
    paste.reading.as_ref()?.header_without(&paste.removed)
}

/// Starts the check of what was pasted: its address is the check's; its header and the recipient's domain stay here.
pub fn check_paste(app: &mut App, ctx: &Context<App>) {
    let Some(paste) = &mut app.state.paste else { return };
    let Some(reading) = &paste.reading else { return };
    paste.recipient = bounce::proposal(&reading.facts, &paste.removed).recipient;
    paste.asked = asked_of_paste(paste);
    let Some(asked) = paste.asked.clone() else {
        // Nothing is said of the sender: the recipient's domain is looked up beside what was asked before, or alone.
        if paste.recipient.is_some() {
            paste.asked = app.state.route.asked().cloned();
            app.look = Some(Look::Headline { pressed: true });
            app.pressed(ctx);
        }
        return;
    };
    app.state.form = Form::of(&asked);
    let here = app.state.route.with_finding(None);
    let route = Route { view: View::Check(asked), ..here.clone() };
    if route == here {
        app.pressed(ctx);
    } else {
        address::go_to(&route.to_string());
    }
}

/// Whether there is something to check.
pub fn can_check(paste: &Paste) -> bool {
    let recipient =
        |reading: &Rc<bounce::BounceReading>| bounce::proposal(&reading.facts, &paste.removed).recipient;
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

/// The domain of the sender that a pasted text names.
pub fn sender(paste: &Paste) -> Option<Name> {
    bounce::proposal(&paste.reading.as_ref()?.facts, &paste.removed).domain
}
