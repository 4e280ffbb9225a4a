//! From what was typed to what is asked about.
//!
//! Functions of the [`App`] that need the engine, reached through [`Program`](super::program::Program) alone.

use yew::prelude::Context;

use super::{
    App, MESSAGE, live,
    start::IGNORED,
    state::{Action, Form, Sentence},
};
use mail_triage_browser::{address, words::args};
use mail_triage_engine::{
    check::Arg,
    check_request::WrongField,
    input,
    route::{CheckRequest, Route, View},
    target::Target,
};

/// What the form asks for.
///
/// # Errors
/// A sentence that says what was expected.
fn of_form(form: &Form) -> Result<CheckRequest, Sentence> {
    let field = |text: &Option<String>| text.clone().unwrap_or_default();
    let (ips, selectors, helo) = (field(&form.ip), field(&form.selector), field(&form.helo));
    CheckRequest::of_fields(&form.what, &ips, &selectors, &helo).map_err(|wrong| {
        let parts =
            |key: &str, parts| Sentence { key: key.to_owned(), args: args([("parts", Arg::list(parts))]) };
        match wrong {
            WrongField::Ips(wrong) => parts("input.error.ips", wrong),
            WrongField::Selectors(wrong) => parts("input.error.selectors", wrong),
            WrongField::Helo(wrong) => Sentence::about("ui.error.helo", "text", &wrong),
        }
    })
}

/// The name or address in what was typed, as it was typed.
fn piece(text: &str) -> Option<String> {
    input::read(text, address::to_ascii).ok().map(|reading| reading.piece)
}

/// Whether `what` is the piece of what was typed that counts.
#[inline(never)]
pub fn is_what(typed: &str, what: &str) -> bool {
    piece(typed).is_some_and(|piece| piece == what)
}

/// What the form or the link is about, and what was changed on the way.
///
/// # Errors
/// A sentence that says what was expected.
pub fn target(asked: &CheckRequest) -> Result<(Target, Vec<Sentence>), Sentence> {
    let reading =
        asked.read(address::to_ascii).map_err(|error| Sentence { key: error.key(), args: error.args() })?;
    let notes = reading.notes.iter().map(|note| Sentence { key: note.key(), args: note.args() });
    Ok((reading.target, notes.collect()))
}

/// Takes the form: goes to the check that it asks for, or says what it expected.
#[inline(never)]
pub fn submit(app: &mut App, ctx: &Context<App>) {
    let before = app.state.route.asked().cloned();
    match of_form(&app.state.form).and_then(|asked| target(&asked).map(|_| asked)) {
        Ok(mut asked) => {
            // E-mail addresses and whatever else stood beside the domain go into no link.
            asked.what = piece(&asked.what).unwrap_or(asked.what);
            // What no field of the form holds.
            if let Some(before) = before.filter(|before| before.what == asked.what) {
                asked.receiving_too = before.receiving_too;
                asked.connection_ip = before.connection_ip.filter(|own| !asked.ips.contains(own));
            }
            app.state.error = None;
            app.state.form_open = false;
            // What the page waited for before is asked for no more.
            app.wanted = false;
            let here = app.state.route.with_finding(None);
            let route = Route { view: View::Check(asked), ..here.clone() };
            if route == here {
                app.fresh = true;
                app.pressed(ctx);
            } else {
                address::go_to(&route.to_string());
            }
        }
        // Somebody put an error message into the box: it is read as one, and goes into no link.
        Err(sentence) if sentence.key == MESSAGE => {
            ctx.link().send_message(Action::Pasted(app.state.form.what.clone().into()));
        }
        Err(sentence) => app.state.error = Some(sentence),
    }
}

/// Takes out of the address of the page what names people: a link may have been written elsewhere.
fn clean_address(app: &mut App) {
    let View::Check(asked) = &mut app.state.route.view else { return };
    if let Some(piece) = piece(&asked.what).filter(|piece| *piece != asked.what) {
        asked.what = piece;
        address::rewrite(&app.state.route.to_string());
    }
}

/// Starts the check that the address of the page asks for. An e-mail address stands only in the box.
#[inline(never)]
pub fn check(app: &mut App, ctx: &Context<App>, asked: &CheckRequest) {
    clean_address(app);
    let mut asked = asked.clone();
    if is_what(&app.state.form.what, &asked.what) {
        asked.what.clone_from(&app.state.form.what);
    }
    match target(&asked) {
        Ok((target, notes)) => {
            app.state.notes.retain(|note| note.key.starts_with(IGNORED));
            app.state.notes.extend(notes);
            if app.ask_for_resolver() {
                app.idle();
                app.ask(ctx);
            } else {
                live::live(app, ctx, target);
            }
        }
        // A number that looked like a name until the engine was there. It is read, and goes into no link either.
        Err(sentence) if sentence.key == MESSAGE => {
            app.idle();
            app.state.route.view = View::Home;
            address::rewrite(&app.state.route.to_string());
            ctx.link().send_message(Action::Pasted(asked.what.clone().into()));
        }
        Err(sentence) => {
            app.idle();
            app.state.error = Some(sentence);
        }
    }
}
