//! JSON as a tree, and how the data files are read from it.
//!
//! One small reader for all files: with serde's derive for each struct, read through `serde-wasm-bindgen`, the page's first
//! file is 11 KB gzip larger and what follows 22 KB (measured in November 2026).
//! Whatever is missing or of another kind reads as empty, so that data and program of different days get along; the
//! schemas beside the files are strict instead.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::table::Table;

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// `null`, and whatever is not there.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number; the files hold none that is negative or broken.
    Number(u64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object, in the order of the file.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// The field called `name`; [`Value::Null`] where there is none.
    #[must_use]
    pub fn field(&self, name: &str) -> &Self {
        match self {
            Self::Map(fields) => {
                fields.iter().find(|(known, _)| known == name).map_or(&Self::Null, |(_, value)| value)
            }
            _ => &Self::Null,
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of an array; none of anything else.
    #[must_use]
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }
}

/// What can be read from a [`Value`].
pub trait Read {
    /// The value as this type, empty where it is something else.
    fn read(value: &Value) -> Self;
}

impl Read for String {
    fn read(value: &Value) -> Self {
        value.text().unwrap_or_default().to_owned()
    }
}

impl Read for Table<String, String> {
    fn read(value: &Value) -> Self {
        match value {
            Value::Map(fields) => {
                fields.iter().map(|(key, value)| (key.clone(), String::read(value))).collect()
            }
            _ => Self::default(),
        }
    }
}

impl Read for bool {
    fn read(value: &Value) -> Self {
        *value == Value::Bool(true)
    }
}

impl Read for u32 {
    fn read(value: &Value) -> Self {
        match value {
            Value::Number(number) => Self::try_from(*number).unwrap_or_default(),
            _ => 0,
        }
    }
}

impl Read for u16 {
    fn read(value: &Value) -> Self {
        Self::try_from(u32::read(value)).unwrap_or_default()
    }
}

impl Read for u8 {
    fn read(value: &Value) -> Self {
        Self::try_from(u32::read(value)).unwrap_or_default()
    }
}

impl<T: Read> Read for Option<T> {
    fn read(value: &Value) -> Self {
        (*value != Value::Null).then(|| T::read(value))
    }
}

impl<T: Read> Read for Vec<T> {
    fn read(value: &Value) -> Self {
        value.items().iter().map(T::read).collect()
    }
}

/// Names the field of the file that each field of a struct is read from.
#[macro_export]
macro_rules! reads {
    ($name:ident { $($field:ident: $key:literal),+ $(,)? }) => {
        impl $crate::knowledge::Read for $name {
            fn read(value: &$crate::knowledge::Value) -> Self {
                Self { $($field: $crate::knowledge::Read::read(value.field($key))),+ }
            }
        }
    };
}

/// Reads enums by their [words](crate::words); a word that is not known reads as the default.
macro_rules! reads_words {
    ($($name:ident),+) => {
        $(impl $crate::knowledge::Read for $name {
            fn read(value: &$crate::knowledge::Value) -> Self {
                value.text().and_then(Self::from_word).unwrap_or_default()
            }
        })+
    };
}

/// Lets a file be read by any serde format, through [`Value`].
macro_rules! reads_file {
    ($name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let value = $crate::knowledge::Value::deserialize(from)?;
                Ok($crate::knowledge::value::Read::read(&value))
            }
        }
    };
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Tree;

        impl<'de> Visitor<'de> for Tree {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON")
            }

            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(Value::Bool(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
                Ok(Value::Number(value))
            }

            fn visit_str<E>(self, value: &str) -> Result<Value, E> {
                Ok(Value::Text(value.to_owned()))
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Null)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Value::List(items))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Value::Map(fields))
            }
        }

        deserializer.deserialize_any(Tree)
    }
}

#[cfg(test)]
mod tests {
    #[derive(Debug, Default, PartialEq)]
    struct Thing {
        name: String,
        size: Option<u32>,
        parts: Vec<Thing>,
        new: bool,
    }

    reads!(Thing { name: "theName", size: "size", parts: "parts", new: "new" });
    reads_file!(Thing);

    #[test]
    fn what_is_there_is_read_and_the_rest_is_empty() {
        let thing: Thing = serde_json::from_str(
            r#"{"theName":"a","size":3,"parts":[{"theName":"b","new":true}],"more":null}"#,
        )
        .unwrap();
        let part = Thing { name: "b".into(), new: true, ..Thing::default() };
        assert_eq!(thing, Thing { name: "a".into(), size: Some(3), parts: vec![part], new: false });
    }

    #[test]
    fn values_of_another_kind_are_empty_and_no_error() {
        let thing: Thing =
            serde_json::from_str(r#"{"theName":7,"size":"x","parts":{},"new":"yes"}"#).unwrap();
        assert_eq!(thing, Thing { size: Some(0), ..Thing::default() });
    }
}
