//! What would be if the zone were changed: the changes of `whatIf`.

use mail_triage_engine::{
    change::{Fix, Safety},
    dns::{Name, Query, Rdata, Rtype, Txt},
    facts::Ask,
    knowledge::Value,
    what_if::{Change, SetChange},
    zone::Zone,
};

use crate::refusal::{Refusal, RefusalCode};

/// The changes, in the order in which they are to be made.
///
/// # Errors
/// The first that cannot be read.
pub fn read(changes: &Value) -> Result<Vec<Change>, Refusal> {
    let Value::List(changes) = changes else { return Err(wrong("the changes are no list")) };
    changes.iter().map(change).collect()
}

fn wrong(what: &str) -> Refusal {
    Refusal::new(RefusalCode::Change, what)
}

/// One change: what a finding proposes, or the whole set of records of a name and type.
fn change(change: &Value) -> Result<Change, Refusal> {
    let rtype = rtype(change)?;
    if *change.field("owner") != Value::Null {
        let fix = Fix::at(&name(change.field("owner"))?, rtype, Safety::Decide)
            .removing(texts(change.field("remove"))?)
            .publishing(texts(change.field("publish"))?);
        let proposed = SetChange::of_fix(&fix).map(Change::Edit);
        return proposed.ok_or_else(|| wrong(&format!("no {} records that can be tried", rtype.mnemonic())));
    }
    let owner = name(change.field("name"))?;
    if *change.field("records") == Value::Null {
        return Err(wrong("a change needs records, an empty list where there are to be none"));
    }
    let records = texts(change.field("records"))?;
    let records = records.iter().map(|text| data(&owner, rtype, text)).collect::<Result<_, _>>()?;
    Ok(Change::Replace { owner, rtype, records })
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
    let query = Query::new(name.clone(), rtype);
    let zone = Zone::parse(&format!("{name}. {} {text}\n", rtype.mnemonic())).map_err(|_| wrong())?;
    let record = zone.ask(&query).ok().and_then(|outcome| outcome.records().first()).ok_or_else(wrong)?;
    Ok(record.data.clone())
}

#[cfg(test)]
mod tests {
    use mail_triage_engine::what_if::overlay;

    use super::*;

    fn after(changes: &str, rtype: Rtype) -> Result<Vec<String>, Refusal> {
        let zone = Zone::parse(
            "example.org. TXT \"v=spf1 +all\"\nexample.org. TXT \"other\"\nexample.org. MX 10 mx.example.org.\n",
        )
        .unwrap();
        let changes = read(&serde_json::from_str(changes).unwrap())?;
        let overlay = overlay(&zone, &changes);
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
        let other = r#"[{"owner": "example.org", "type": "MX", "remove": ["10 mx.example.org"]}]"#;
        assert!(after(other, Rtype::Mx).unwrap().is_empty(), "of other types than texts too");
    }

    #[test]
    fn changes_are_made_one_after_the_other() {
        let changes = r#"[{"owner": "example.org", "type": "TXT", "remove": ["v=spf1 +all"], "publish": ["a"]},
                          {"owner": "example.org", "type": "TXT", "remove": ["other", "a"], "publish": ["b"]}]"#;
        assert_eq!(after(changes, Rtype::Txt).unwrap(), ["\"b\""]);
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
            r#"[{"owner": "example.org", "type": "MX", "publish": ["x"]}]"#,
        ] {
            assert_eq!(after(changes, Rtype::Txt).unwrap_err().code, RefusalCode::Change, "{changes}");
        }
    }
}
