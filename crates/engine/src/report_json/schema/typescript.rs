//! A JSON schema as declarations of TypeScript.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The declarations of all types in the schema, whose root is called `root`.
pub fn types(root: &str, schema: &Value) -> String {
    let mut out = String::from(
        "// Types of a saved report, and of what the module's `check` brings: `ReportFile[\"report\"]`.\n",
    );
    let named = schema["$defs"].as_object().into_iter().flatten();
    for (name, schema) in [(&root.to_owned(), schema)].into_iter().chain(named) {
        out.push('\n');
        comment(&mut out, "", schema);
        writeln!(out, "export type {name} = {};", of(schema, "")).unwrap();
    }
    out
}

fn comment(out: &mut String, indent: &str, schema: &Value) {
    if let Some(text) = schema["description"].as_str() {
        let text = text.replace('\n', " ");
        writeln!(out, "{indent}/** {text} */").unwrap();
    }
}

/// The type of what fits the schema.
fn of(schema: &Value, indent: &str) -> String {
    let Some(fields) = schema.as_object() else { return "unknown".to_owned() };
    let mut all: Vec<String> = Vec::new();
    if let Some(name) = fields.get("$ref").and_then(Value::as_str) {
        all.push(name.rsplit('/').next().unwrap().to_owned());
    }
    for one_of in ["anyOf", "oneOf"] {
        if let Some(cases) = fields.get(one_of).and_then(Value::as_array) {
            all.push(union(cases.iter().map(|case| of(case, indent))));
        }
    }
    if let Some(value) = fields.get("const") {
        all.push(value.to_string());
    } else if let Some(values) = fields.get("enum").and_then(Value::as_array) {
        all.push(union(values.iter().map(ToString::to_string)));
    } else if let Some(kinds) = fields.get("type").and_then(Value::as_array) {
        all.push(union(kinds.iter().filter_map(Value::as_str).map(|kind| of_kind(kind, fields, indent))));
    } else if let Some(kind) = fields.get("type").and_then(Value::as_str) {
        all.push(of_kind(kind, fields, indent));
    }
    match all.as_slice() {
        [] => "unknown".to_owned(),
        [one] => one.clone(),
        _ => all.iter().map(|part| grouped(part.clone())).collect::<Vec<_>>().join(" & "),
    }
}

fn union(cases: impl Iterator<Item = String>) -> String {
    cases.collect::<Vec<_>>().join(" | ")
}

/// A type that something is said of: in brackets where it is a choice.
fn grouped(text: String) -> String {
    if text.contains(" | ") { format!("({text})") } else { text }
}

fn of_kind(kind: &str, fields: &Map<String, Value>, indent: &str) -> String {
    match kind {
        "integer" | "number" => "number".to_owned(),
        "array" => match fields.get("prefixItems").and_then(Value::as_array) {
            Some(items) => {
                let items: Vec<String> = items.iter().map(|item| of(item, indent)).collect();
                format!("[{}]", items.join(", "))
            }
            None => {
                let items = fields.get("items").map_or("unknown".to_owned(), |items| of(items, indent));
                format!("{}[]", grouped(items))
            }
        },
        "object" => object(fields, indent),
        kind => kind.to_owned(),
    }
}

fn object(fields: &Map<String, Value>, indent: &str) -> String {
    let Some(properties) = fields.get("properties").and_then(Value::as_object) else {
        let value =
            fields.get("additionalProperties").map_or("unknown".to_owned(), |value| of(value, indent));
        return format!("{{ [key: string]: {value} }}");
    };
    let required = fields.get("required").and_then(Value::as_array);
    let inner = format!("{indent}  ");
    let mut out = String::from("{\n");
    for (name, schema) in properties {
        comment(&mut out, &inner, schema);
        let always = required.is_some_and(|required| required.iter().any(|other| other == name));
        writeln!(out, "{inner}{name}{}: {};", if always { "" } else { "?" }, of(schema, &inner)).unwrap();
    }
    write!(out, "{indent}}}").unwrap();
    out
}

#[test]
fn each_kind_of_schema_has_its_type() {
    let schema = serde_json::json!({
        "type": "object", "description": "Root.",
        "properties": {
            "a": { "type": "string", "description": "A text." },
            "b": { "type": ["integer", "null"] },
            "c": { "type": "array", "items": { "$ref": "#/$defs/Word" } },
            "d": { "type": "array", "prefixItems": [{ "type": "number" }, { "type": "boolean" }] },
            "e": { "type": "object", "additionalProperties": { "type": "string" } },
        },
        "required": ["a"],
        "$defs": { "Word": { "enum": ["x", "y"] } },
    });
    let lines: Vec<String> = types("Root", &schema).lines().skip(2).map(str::to_owned).collect();
    assert_eq!(
        lines,
        [
            "/** Root. */",
            "export type Root = {",
            "  /** A text. */",
            "  a: string;",
            "  b?: number | null;",
            "  c?: Word[];",
            "  d?: [number, boolean];",
            "  e?: { [key: string]: string };",
            "};",
            "",
            "export type Word = \"x\" | \"y\";",
        ]
    );
}
