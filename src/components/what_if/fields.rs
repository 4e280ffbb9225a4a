//! The records, each with what is typed in its place.

use mail_triage_engine::{dns::Rtype, input::limits::InputField, what_if::TYPES};
use yew::prelude::Callback;

use crate::{
    components::{
        h::{El, el, part},
        on::{focus_soon, pressed, typed},
        scene::Scene,
    },
    panels::what_if::{Edit, Records, Row},
};

/// All of them, and the buttons below.
pub fn records(scene: &Scene, records: &Records, take: &Callback<Edit>) -> El {
    let rows = |own: bool| -> Vec<El> {
        let rows = records.rows().iter().filter(|row| row.is_own == own);
        rows.map(|one| row(scene, records, one, take)).collect()
    };
    let others = rows(false);
    let fold = (!others.is_empty()).then(|| {
        part("details", "try-others")
            .with(scene.el("summary", "try.others"))
            .with(part("p", "note").text(scene.say("try.others.note")))
            .with(part("ul", "try-records").all(others))
    });
    let button = |class, key, edit: Edit, off: bool| {
        let take = take.clone();
        let press = move || {
            take.emit(edit.clone());
            if edit == Edit::Add {
                focus_soon(NEW.to_owned());
            }
        };
        scene.page.button(class, key, press).flag("disabled", off)
    };
    let unchanged = records.rows().iter().all(|row| !row.is_changed());
    let actions = part("div", "actions")
        .with(button("quiet", "try.add", Edit::Add, false))
        .with(button("quiet", "try.undo", Edit::Undo, !records.can_undo()))
        .with(button("quiet", "try.reset", Edit::Reset, unchanged));
    part("section", "try-all")
        .with(scene.el("h3", "try.records"))
        .with(part("ul", "try-records").all(rows(true)))
        .maybe(fold)
        .with(actions)
}

/// The id of the name field of the record that was added last.
const NEW: &str = "try-new";

fn row(scene: &Scene, records: &Records, row: &Row, take: &Callback<Edit>) -> El {
    let id = row.id;
    let fault = records.fault(row);
    let (value_id, fault_id) = (format!("try-value-{id}"), format!("try-fault-{id}"));
    let state = match (row.is_gone, row.is_new(), row.is_changed()) {
        (true, ..) => Some(("gone", "try.state.gone")),
        (_, true, _) => Some(("new", "try.state.new")),
        (_, _, true) => Some(("changed", "try.state.changed")),
        _ => None,
    };
    let last = records.rows().iter().rfind(|row| row.is_new()).is_some_and(|last| last.id == id);
    let head = match row.is_new() {
        true => added(scene, row, last, take),
        false => {
            part("span", "try-name").with(el("code").text(row.owner.as_str())).text(format!(" {}", row.rtype))
        }
    };
    let label = scene
        .page
        .words
        .with("try.value.of", [("type", row.rtype.to_string().into()), ("name", row.owner.as_str().into())]);
    let mut input = el("input")
        .put("type", "text")
        .put("autocomplete", "off")
        .put("autocapitalize", "none")
        .put("spellcheck", "false")
        .set("id", value_id)
        .set("aria-label", label)
        .flag("disabled", row.is_gone)
        .value(&row.value);
    if fault.is_some() {
        input = input.put("aria-invalid", "true").set("aria-describedby", fault_id.clone());
    }
    let take_value = take.clone();
    let input = typed(input, move |text| take_value.emit(Edit::Value(id, text)));
    let (key, key_of, edit) = match row.is_changed() && !row.is_new() {
        true => ("try.back", "try.back.of", Edit::Back(id)),
        false => ("try.take", "try.take.of", Edit::Take(id)),
    };
    let take = take.clone();
    let said = scene
        .page
        .words
        .with(key_of, [("type", row.rtype.to_string().into()), ("name", row.owner.as_str().into())]);
    let button = part("button", "link").put("type", "button").set("aria-label", said).text(scene.say(key));
    let mut item = el("li").key(&id.to_string()).set("data-row", id.to_string());
    if let Some((word, key)) = state {
        item = item.put("data-state", word).with(part("span", "state").text(scene.say(key)));
    }
    item.with(head)
        .with(input)
        .with(pressed(button, move || take.emit(edit.clone())))
        .maybe(fault.map(|fault| {
            part("p", "error").set("id", fault_id).put("role", "alert").text(scene.say(fault.key()))
        }))
        .maybe(scene.long(InputField::List, &row.value))
}

/// Name and type of a record that is added.
fn added(scene: &Scene, row: &Row, is_last: bool, take: &Callback<Edit>) -> El {
    let id = row.id;
    let mut name = el("input")
        .put("type", "text")
        .put("autocomplete", "off")
        .put("autocapitalize", "none")
        .put("spellcheck", "false")
        .value(&row.owner);
    if is_last {
        name = name.put("id", NEW);
    }
    let take_name = take.clone();
    let name = typed(name, move |text| take_name.emit(Edit::Owner(id, text)));
    let options = TYPES.iter().map(|rtype| {
        let word = rtype.mnemonic();
        el("option").key(word).put("value", word).flag("selected", *rtype == row.rtype).text(word)
    });
    let take = take.clone();
    let select = typed(el("select").all(options.collect()), move |word| {
        if let Some(rtype) = Rtype::from_mnemonic(&word) {
            take.emit(Edit::Type(id, rtype));
        }
    });
    part("span", "try-name")
        .with(part("label", "field").with(scene.el("span", "fix.field.name")).with(name))
        .with(part("label", "field").with(scene.el("span", "fix.field.type")).with(select))
}
