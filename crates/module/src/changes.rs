//! What would be if the zone were changed: the changes of `whatIf`.

use mail_triage_engine::{
    change::{Fix, Safety},
    dns::{Name, Rdata, Rtype, Txt},
    facts::Facts,
    knowledge::Value,
    overlay::Overlay,
    zone::Zone,
};
use mail_triage_engine::{dns::Query, facts::Ask};

use crate::refusal::{Refusal, RefusalCode};

/// One change.
#[derive(Clone, Debug, PartialEq)]
enum Change {
    /// What a finding proposes.
    Fix(Fix),
    /// These are the records of a name and type, and there are no others.
    Records(Name, Rtype, Vec<Rdata>),
}

/// The facts with the changes made, in the order in which they stand.
///
/// # Errors
/// The first that cannot be read.
pub fn overlay(facts: Facts, changes: &Value) -> Result<Overlay<'static>, Refusal> {
    let Value::List(changes) = changes else { return Err(wrong("the changes are no list")) };
    let changes = changes.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let mut overlay = Overlay::new(facts);
    for change in changes {
        match change {
            Change::Fix(fix) => overlay = Overlay::with_fix(overlay, &fix),
            Change::Records(name, rtype, data) => overlay.set(&name, rtype, data),
        }
    }
    Ok(overlay)
}

fn wrong(what: &str) -> Refusal {
    Refusal::new(RefusalCode::Change, what)
}

fn read(change: &Value) -> Result<Change, Refusal> {
    if *change.field("owner") != Value::Null {
        let fix = Fix::at(&name(change.field("owner"))?, rtype(change)?, Safety::Decide)
            .removing(texts(change.field("remove"))?)
            .publishing(texts(change.field("publish"))?);
        return Ok(Change::Fix(fix));
    }
    let name = name(change.field("name"))?;
    let rtype = rtype(change)?;
    if *change.field("records") == Value::Null {
        return Err(wrong("a change needs records, an empty list where there are to be none"));
    }
    let records = texts(change.field("records"))?;
    let data = records.iter().map(|text| data(&name, rtype, text)).collect::<Result<_, _>>()?;
    Ok(Change::Records(name, rtype, data))
}

fn name(value: &Value) -> Result<Name, Refusal> {
    let text = value.text().ok_or_else(|| wrong("a change needs the name of what it changes"))?;
    Name::parse(text).map_err(|_| wrong(&format!("no name: {text}")))
}

fn rtype(change: &Value) -> Result<Rtype, Refusal> {
    let text = change.field("type").text().unwrap_or_default();
    Rtype::from_mnemonic(text).ok_or_else(|| wrong(&format!("no type of record that is read: {text}")))
}

fn texts(value: &Value) -> Result<Vec<String>, Refusal> {
    let text = |item: &Value| item.text().map(str::to_owned).ok_or_else(|| wrong("records are texts"));
    match value {
        Value::Null => Ok(Vec::new()),
        Value::List(items) => items.iter().map(text).collect(),
        _ => Err(wrong("records are a list of texts")),
    }
}

/// The data of a record from its text: of TXT the bare text, of others as a zone file writes them.
fn data(name: &Name, rtype: Rtype, text: &str) -> Result<Rdata, Refusal> {
    if rtype == Rtype::Txt {
        return Ok(Rdata::Txt(Txt::new([text.as_bytes()])));
    }
    let wrong = || wrong(&format!("no {} record: {text}", rtype.mnemonic()));
    if text.contains(['\n', '\r']) {
        return Err(wrong());
    }
    let zone = Zone::parse(&format!("{name}. {} {text}\n", rtype.mnemonic())).map_err(|_| wrong())?;
    let query = Query::new(name.clone(), rtype);
    let record = zone.ask(&query).ok().and_then(|outcome| outcome.records().first()).ok_or_else(wrong)?;
    Ok(record.data.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts() -> Facts {
        let zone = Zone::parse(
            "example.org. TXT \"v=spf1 +all\"\nexample.org. TXT \"other\"\nexample.org. MX 10 mx.example.org.\n",
        )
        .unwrap();
        let mut facts = Facts::default();
        for rtype in [Rtype::Txt, Rtype::Mx] {
            let query = Query::new(Name::parse("example.org").unwrap(), rtype);
            facts.insert(query.clone(), zone.ask(&query).unwrap().clone());
        }
        facts
    }

    fn after(changes: &str, rtype: Rtype) -> Result<Vec<String>, Refusal> {
        let overlay = overlay(facts(), &serde_json::from_str(changes).unwrap())?;
        let query = Query::new(Name::parse("example.org").unwrap(), rtype);
        let outcome = overlay.ask(&query).unwrap();
        Ok(outcome.records().iter().map(|record| record.data.to_string()).collect())
    }

    #[test]
    fn records_are_replaced_as_a_set() {
        let changes = r#"[{"name": "example.org", "type": "TXT", "records": ["v=spf1 -all"]}]"#;
        assert_eq!(after(changes, Rtype::Txt).unwrap(), ["\"v=spf1 -all\""]);
        let changes =
            r#"[{"name": "example.org", "type": "MX", "records": ["5 a.example.", "9 b.example."]}]"#;
        assert_eq!(after(changes, Rtype::Mx).unwrap().len(), 2);
        let none = r#"[{"name": "example.org", "type": "MX", "records": []}]"#;
        assert!(after(none, Rtype::Mx).unwrap().is_empty());
    }

    #[test]
    fn what_a_finding_proposes_is_a_change() {
        let changes = r#"[{"owner": "example.org", "type": "TXT", "remove": ["v=spf1 +all"],
                           "publish": ["v=spf1 mx -all"], "safety": "safe"}]"#;
        let mut records = after(changes, Rtype::Txt).unwrap();
        records.sort();
        assert_eq!(records, ["\"other\"", "\"v=spf1 mx -all\""]);
    }

    #[test]
    fn what_cannot_be_read_changes_nothing() {
        for changes in [
            "{}",
            "[{}]",
            r#"[{"name": "a..b", "type": "TXT", "records": []}]"#,
            r#"[{"name": "example.org", "type": "TXT"}]"#,
            r#"[{"name": "example.org", "type": "WHAT", "records": []}]"#,
            r#"[{"name": "example.org", "type": "MX", "records": ["x"]}]"#,
            r#"[{"name": "example.org", "type": "A", "records": ["192.0.2.1\nother.example. A 192.0.2.2"]}]"#,
            r#"[{"name": "example.org", "type": "TXT", "records": [4]}]"#,
        ] {
            assert_eq!(after(changes, Rtype::Txt).unwrap_err().code, RefusalCode::Change, "{changes}");
        }
    }
}
