//! Whether the name of the server that was typed leads anywhere.

use mail_triage_engine::{
    cx::Cx,
    dns::{Name, Query, Rtype},
    facts::Ask,
    session::Session,
    settings::HostLookup,
};

use super::State;
use crate::{
    components::{
        asking::Asking,
        h::{El, part},
        kept::Held,
        page_context::PageContext,
    },
    panels::settings::HostQuestion,
};

/// The button that asks, or that it is being asked.
pub fn question(page: &PageContext, held: &Held<State>, asking: &Asking) -> Option<El> {
    match held.get().entered.question() {
        HostQuestion::Nothing => None,
        HostQuestion::UnderWay => Some(part("p", "note").key("asking").text(page.say("smtp.looking"))),
        HostQuestion::Open(host) => {
            let (held, asking) = (held.clone(), asking.clone());
            let look_up = move || look_up(&held, &asking, host.clone());
            Some(page.button("quiet", "smtp.look-up", look_up).key("ask"))
        }
    }
}

/// Asks for the addresses of a mail server.
fn look_up(held: &Held<State>, asking: &Asking, host: Name) {
    let queries = [Rtype::A, Rtype::Aaaa].map(|rtype| Query::new(host.clone(), rtype));
    let asked = queries.clone();
    let session = Session::asking(move |cx: &Cx<'_>| cx.ask_all(&asked).map(drop));
    held.change(|state| {
        state.entered.look_up(host.clone());
        // What was asked before is cut off first.
        state.lookup = None;
    });
    let answered = {
        let held = held.clone();
        move |session: &Session| {
            if let Ok(outcomes) = session.cx().ask_all(&queries) {
                held.change(|state| state.entered.looked_up(&host, HostLookup::of(&outcomes)));
            }
        }
    };
    let run = asking.ask(asking.endpoints(), session, answered);
    held.change(|state| state.lookup = Some(run));
}
