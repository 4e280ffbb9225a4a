//! Values for the placeholders of texts.

use std::{fmt, net::IpAddr};

use serde::{Serialize, Serializer, ser::SerializeStruct};

use crate::dns::Name;

/// A value for a placeholder. Words are keys into the locales, so that they can be translated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Arg {
    /// A number; chooses the plural form when it is called `n`.
    Number(u64),
    /// Text that is the same in every language: a name, an address, a piece of a record. Untrusted.
    Text(String),
    /// A key of the locales.
    Key(#[serde(serialize_with = "as_key")] String),
    /// Several values.
    List(Vec<Arg>),
}

fn as_key<S: Serializer>(key: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_struct("Key", 1)?;
    object.serialize_field("key", key)?;
    object.end()
}

impl Arg {
    /// A key of the locales.
    #[must_use]
    pub fn key(key: impl Into<String>) -> Self {
        Self::Key(key.into())
    }

    /// Several values that are the same in every language.
    pub fn list<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(|item| Self::Text(item.to_string())).collect())
    }
}

macro_rules! arg_from {
    ($($t:ty => $make:expr),* $(,)?) => {$(
        impl From<$t> for Arg {
            fn from(value: $t) -> Self {
                let make: fn($t) -> Arg = $make;
                make(value)
            }
        }
    )*};
}

arg_from! {
    u64 => Arg::Number,
    usize => |n| Arg::Number(n as u64),
    &str => |text| Arg::Text(text.to_owned()),
    String => Arg::Text,
    &Name => |name| Arg::Text(name.to_string()),
    IpAddr => |ip| Arg::Text(ip.to_string()),
}

/// Values for placeholders, in the order they were given. Only the catalog reads them back: who wants to know what a sentence
/// is about reads where its values come from, such as the [views](crate::view) of a report.
///
/// ```
/// let mut args = mail_triage_engine::text::Args::default();
/// args.set("host", "mail.example.org".into());
/// ```
///
/// ```compile_fail
/// let mut args = mail_triage_engine::text::Args::default();
/// args.set("host", "mail.example.org".into());
/// args.get("host");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Args(Vec<(&'static str, Arg)>);

impl Args {
    /// Sets the value for `name`.
    pub fn set(&mut self, name: &'static str, value: Arg) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    /// The value for `name`.
    #[must_use]
    pub(super) fn get(&self, name: &str) -> Option<&Arg> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    fn iter(&self) -> impl Iterator<Item = (&'static str, &Arg)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }
}

impl Serialize for Args {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}
