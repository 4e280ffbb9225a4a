//! The options of a call. A wrong one is never dropped: whoever calls would take the report for an answer to it.

use std::net::IpAddr;

use mail_triage_engine::{
    check_request::WrongField,
    dns::Name,
    knowledge::Value,
    route::{CheckRequest, MAX_VALUES, is_resolver_address},
    target::Target,
};

use crate::refusal::{Refusal, RefusalCode};

/// The options of `check`.
pub const OF_CHECK: [&str; 11] = [
    "ips",
    "selectors",
    "helo",
    "resolver",
    "receivingToo",
    "policy",
    "readPolicy",
    "facts",
    "zone",
    "fetch",
    "signal",
];

/// The options of `whatIf`.
pub const OF_WHAT_IF: [&str; 6] = ["resolver", "readPolicy", "facts", "zone", "fetch", "signal"];

/// The options of a source of answers.
pub const OF_SOURCE: [&str; 5] = ["resolver", "facts", "zone", "fetch", "signal"];

/// Options as they were passed.
#[derive(Clone, Copy)]
pub struct Options<'v>(&'v Value);

impl<'v> Options<'v> {
    /// The options in `value`, which may be left out; each must be one of `known`.
    ///
    /// # Errors
    /// The first that does not exist.
    pub fn read(value: &'v Value, known: &[&str]) -> Result<Self, Refusal> {
        match value {
            Value::Null => {}
            Value::Map(fields) => {
                if let Some((name, _)) = fields.iter().find(|(name, _)| !known.contains(&name.as_str())) {
                    return Err(Refusal::of_option(name, "there is no such option"));
                }
            }
            _ => return Err(Refusal::new(RefusalCode::Option, "the options are no object")),
        }
        Ok(Self(value))
    }

    /// Whether they name facts or a zone, so that nobody is asked.
    #[must_use]
    pub fn names_what_is_at_hand(self) -> bool {
        ["facts", "zone"].iter().any(|name| *self.0.field(name) != Value::Null)
    }

    /// A text; none where the option is left out.
    ///
    /// # Errors
    /// If it is something else.
    pub fn text(self, name: &str) -> Result<Option<&'v str>, Refusal> {
        match self.0.field(name) {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            _ => Err(Refusal::of_option(name, "must be a text")),
        }
    }

    /// Yes or no; no where the option is left out.
    ///
    /// # Errors
    /// If it is something else.
    pub fn flag(self, name: &str) -> Result<bool, Refusal> {
        match self.0.field(name) {
            Value::Null => Ok(false),
            Value::Bool(flag) => Ok(*flag),
            _ => Err(Refusal::of_option(name, "must be true or false")),
        }
    }

    /// A list of texts; none where the option is left out.
    ///
    /// # Errors
    /// If it is something else, or holds more than [`MAX_VALUES`].
    pub fn texts(self, name: &str) -> Result<Vec<&'v str>, Refusal> {
        let items = match self.0.field(name) {
            Value::Null => return Ok(Vec::new()),
            Value::List(items) => items,
            _ => return Err(Refusal::of_option(name, "must be a list of texts")),
        };
        if items.len() > MAX_VALUES {
            return Err(Refusal::of_option(name, &format!("more than {MAX_VALUES}")));
        }
        let text =
            |item: &'v Value| item.text().ok_or_else(|| Refusal::of_option(name, "must be a list of texts"));
        items.iter().map(text).collect()
    }

    /// Whom to ask: an address, or the id of a resolver that `is_known`.
    ///
    /// # Errors
    /// If it is neither.
    pub fn resolver(self, is_known: impl Fn(&str) -> bool) -> Result<Option<&'v str>, Refusal> {
        match self.text("resolver")? {
            Some(resolver) if !is_resolver_address(resolver) && !is_known(resolver) => {
                Err(Refusal::of_option("resolver", resolver))
            }
            resolver => Ok(resolver),
        }
    }
}

/// What `check` is asked about. `to_ascii` writes an internationalised host name in ASCII.
///
/// # Errors
/// What cannot be read.
pub fn target(
    text: &str,
    options: Options<'_>,
    to_ascii: impl Fn(&str) -> Option<String>,
) -> Result<Target, Refusal> {
    let (ips, selectors) = (options.texts("ips")?.join(" "), options.texts("selectors")?.join(" "));
    let helo = options.text("helo")?.unwrap_or_default();
    let asked = CheckRequest::of_fields(text, &ips, &selectors, helo).map_err(|wrong| match wrong {
        WrongField::Ips(wrong) => Refusal::of_option("ips", &wrong.join(" ")),
        WrongField::Selectors(wrong) => Refusal::of_option("selectors", &wrong.join(" ")),
        WrongField::Helo(wrong) => Refusal::of_option("helo", &wrong),
    })?;
    // A text of the list may hold several.
    for (name, length) in [("ips", asked.ips.len()), ("selectors", asked.selectors.len())] {
        if length > MAX_VALUES {
            return Err(Refusal::of_option(name, &format!("more than {MAX_VALUES}")));
        }
    }
    let asked = CheckRequest { receiving_too: options.flag("receivingToo")?, ..asked };
    let reading = asked.read(to_ascii);
    Ok(reading.map_err(|wrong| Refusal::new(RefusalCode::Target, wrong.as_str()))?.target)
}

/// The target of a report, as the report writes it.
///
/// # Errors
/// If it is no target.
pub fn target_of_report(report: &Value) -> Result<Target, Refusal> {
    let target = report.field("target");
    let wrong = || Refusal::new(RefusalCode::Report, "this is no report: its target cannot be read");
    let name = |field: &str| match target.field(field) {
        Value::Null => Ok(None),
        value => value.text().and_then(|text| Name::parse(text).ok()).map(Some).ok_or_else(wrong),
    };
    let ip = |value: &Value| value.text().and_then(|text| text.parse::<IpAddr>().ok()).ok_or_else(wrong);
    let texts = |field: &str| target.field(field).items().iter().map(|item| item.text().map(str::to_owned));
    let read = Target {
        domain: name("domain")?,
        local_part: target.field("localPart").text().map(str::to_owned),
        ips: target.field("ips").items().iter().map(ip).collect::<Result<_, _>>()?,
        connection_ip: None,
        helo: name("helo")?,
        selectors: texts("selectors").collect::<Option<_>>().ok_or_else(wrong)?,
        recipient: name("recipient")?,
        receiving_too: *target.field("receivingToo") == Value::Bool(true),
    };
    if read.domain.is_none() && read.ips.is_empty() {
        return Err(wrong());
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    fn read(text: &str, json: &str) -> Result<Target, Refusal> {
        target(text, Options::read(&value(json), &OF_CHECK)?, |_| None)
    }

    #[test]
    fn a_wrong_option_is_named() {
        for (json, name) in [
            (r#"{"selector": "s1"}"#, "selector"),
            (r#"{"ips": "192.0.2.1"}"#, "ips"),
            (r#"{"ips": [4]}"#, "ips"),
            (r#"{"ips": ["999"]}"#, "ips"),
            (r#"{"selectors": ["a b@c"]}"#, "selectors"),
            (r#"{"helo": "-mail"}"#, "helo"),
            (r#"{"receivingToo": "yes"}"#, "receivingToo"),
        ] {
            let refusal = read("example.org", json).unwrap_err();
            assert_eq!(
                (refusal.code, refusal.option.as_deref()),
                (RefusalCode::Option, Some(name)),
                "{json}"
            );
        }
        assert_eq!(read("example.org", "7").unwrap_err().code, RefusalCode::Option);
    }

    #[test]
    fn a_target_that_cannot_be_read_is_told_from_an_option() {
        let refusal = read("not a domain!", "{}").unwrap_err();
        assert_eq!((refusal.code, refusal.option), (RefusalCode::Target, None));
    }

    #[test]
    fn the_target_of_a_report_is_the_one_that_was_asked_about() {
        let json =
            r#"{"ips": ["192.0.2.1"], "selectors": ["s1"], "helo": "mx.example.org", "receivingToo": true}"#;
        let asked = read("anna@example.org", json).unwrap();
        let report = serde_json::json!({ "target": asked });
        assert_eq!(target_of_report(&value(&report.to_string())).unwrap(), asked);
        for wrong in ["{}", r#"{"target": {"domain": 3}}"#, r#"{"target": {"ips": ["x"]}}"#] {
            assert_eq!(target_of_report(&value(wrong)).unwrap_err().code, RefusalCode::Report, "{wrong}");
        }
    }

    #[test]
    fn a_resolver_is_an_address_or_known() {
        let options = value(r#"{"resolver": "nobody"}"#);
        let options = Options::read(&options, &OF_SOURCE).unwrap();
        assert_eq!(options.resolver(|_| false).unwrap_err().option.as_deref(), Some("resolver"));
        assert_eq!(options.resolver(|id| id == "nobody").unwrap(), Some("nobody"));
        let address = value(r#"{"resolver": "https://dns.example/dns-query"}"#);
        assert!(Options::read(&address, &OF_SOURCE).unwrap().resolver(|_| false).unwrap().is_some());
    }
}
