//! `DKIM-Signature` fields (RFC 6376 section 3.5).

use serde::Serialize;

use crate::{dns::Name, message};

/// What a signature says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Signature {
    /// The domain that signs (`d=`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<Name>,
    /// The selector of its key (`s=`), in lower case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selector: Option<String>,
    /// The algorithm (`a=`), in lower case.
    pub algorithm: String,
    /// When it was made, seconds since 1970 (`t=`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<i64>,
    /// When it ends (`x=`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<i64>,
    /// The fields it covers (`h=`), in lower case.
    pub covers: Vec<String>,
    /// Whether it covers only the beginning of the text (`l=`), so that anybody may add something.
    pub cut: bool,
}

impl Signature {
    /// Reads a field's value.
    #[must_use]
    pub fn parse(value: &str) -> Self {
        let tags = message::tags(value);
        let tag = |name: &str| tags.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let number = |name: &str| tag(name).and_then(|value| value.parse::<i64>().ok());
        Self {
            domain: tag("d").and_then(|domain| Name::parse(domain).ok()).filter(|domain| !domain.is_root()),
            selector: tag("s")
                .map(str::to_ascii_lowercase)
                .filter(|selector| Name::parse(selector).is_ok() && !selector.is_empty()),
            algorithm: tag("a").unwrap_or_default().to_ascii_lowercase().chars().take(40).collect(),
            made: number("t"),
            ends: number("x"),
            covers: tag("h")
                .unwrap_or_default()
                .split(':')
                .filter(|name| !name.is_empty())
                .take(100)
                .map(str::to_ascii_lowercase)
                .collect(),
            cut: tag("l").is_some(),
        }
    }

    /// The name of its key.
    #[must_use]
    pub fn key_name(&self) -> Option<Name> {
        self.domain.as_ref()?.under(&format!("{}._domainkey", self.selector.as_ref()?)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read() {
        let signature = Signature::parse(
            "v=1; a=RSA-SHA256; c=relaxed/relaxed; d=Shop.Example; s=Sel1; t=1795137153; x=1795741953;\n h=From:To : Subject; l=100; bh=a b=; b=c d",
        );
        assert_eq!(signature.key_name().unwrap().as_str(), "sel1._domainkey.shop.example");
        assert_eq!(
            (signature.made, signature.ends, signature.cut),
            (Some(1_795_137_153), Some(1_795_741_953), true)
        );
        assert_eq!(signature.covers, ["from", "to", "subject"]);
        assert_eq!(Signature::parse("nonsense").key_name(), None);
        assert_eq!(Signature::parse("d=a..b; s=c").key_name(), None);
    }
}
