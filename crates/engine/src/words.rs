//! Enums whose values have a word: in JSON, in the data files, and at the end of the keys of `www/locales`.

/// Defines an enum together with the word of each of its values, so that both stand in one list:
///
/// ```
/// mail_triage_engine::words! {
///     /// Which day it is.
///     #[derive(Clone, Copy, Debug, PartialEq, Eq)]
///     pub enum Day {
///         /// Not tomorrow.
///         Today = "today",
///         /// Gone.
///         DayBefore = "day-before",
///     }
/// }
/// assert_eq!(Day::DayBefore.as_str(), "day-before");
/// assert_eq!(Day::from_word("today"), Some(Day::Today));
/// assert_eq!(Day::ALL.len(), 2);
/// ```
///
/// It is written as any enum is, with the word where a number could stand. The enum gets `ALL`, `as_str`, `from_word`, and
/// is written as its word by `serde`. One of its values may hold something; then there is no list of all values: it gets
/// `WORDS` and `as_str` alone.
///
/// The first of its values may stand for all values of another such enum, whose words it then has; `..` stands in place
/// of its own.
///
/// Where its words end the keys of texts for people, `key` behind the enum says how the keys are spelled, and the enum gets
/// `key` and `keys`:
///
/// ```
/// mail_triage_engine::words! {
///     /// Which day it is.
///     #[derive(Clone, Copy, Debug, PartialEq, Eq)]
///     pub enum Day {
///         /// Not tomorrow.
///         Today = "today",
///     }
///     key "calendar.{}"
/// }
/// assert_eq!(Day::Today.key(), "calendar.today");
/// assert_eq!(Day::keys(), ["calendar.today"]);
/// ```
#[macro_export]
macro_rules! words {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)?
        }
        $(key $key:literal)?
    ) => {
        $(#[$meta])*
        $vis enum $name {
            $($(#[$doc])* $variant),+
        }

        #[allow(dead_code, reason = "the crate itself may need a part of it")]
        impl $name {
            /// All values, in the order of the source.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word: in JSON, in data files and at the end of locale keys.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The value with this word.
            #[must_use]
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == word)
            }

            $(
                /// The key of its text.
                #[must_use]
                pub fn key(self) -> String {
                    format!($key, self.as_str())
                }

                /// The keys of all texts.
                #[must_use]
                pub fn keys() -> Vec<String> {
                    Self::ALL.iter().map(|value| value.key()).collect()
                }
            )?
        }

        impl $crate::words::Serialize for $name {
            fn serialize<S: $crate::words::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.as_str())
            }
        }
    };
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $(#[$inner_doc:meta])* $inner:ident($others:ident) = ..,
            $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)?
        }
        $(key $key:literal)?
    ) => {
        $(#[$meta])*
        $vis enum $name {
            $(#[$inner_doc])* $inner($others),
            $($(#[$doc])* $variant),+
        }

        #[allow(dead_code, reason = "the crate itself may need a part of it")]
        impl $name {
            /// The words of its own, in the order of the source.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word at the end of locale keys.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    Self::$inner(other) => other.as_str(),
                    $(Self::$variant => $word),+
                }
            }

            $(
                /// The key of its text.
                #[must_use]
                pub fn key(self) -> String {
                    format!($key, self.as_str())
                }

                /// The keys of all texts.
                #[must_use]
                pub fn keys() -> Vec<String> {
                    let others = $others::ALL.iter().map(|other| other.as_str());
                    others.chain(Self::WORDS.iter().copied()).map(|word| format!($key, word)).collect()
                }
            )?
        }
    };
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[$doc:meta])* $variant:ident $(($($value:tt)+))? $({$($field:tt)+})? = $word:literal),+ $(,)?
        }
        $(key $key:literal)?
    ) => {
        $(#[$meta])*
        $vis enum $name {
            $($(#[$doc])* $variant $(($($value)+))? $({$($field)+})?),+
        }

        #[allow(dead_code, reason = "the crate itself may need a part of it")]
        impl $name {
            /// All words, in the order of the source.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word at the end of locale keys.
            #[must_use]
            pub const fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $word),+
                }
            }

            $(
                /// The key of its text.
                #[must_use]
                pub fn key(&self) -> String {
                    format!($key, self.as_str())
                }

                /// The keys of all texts.
                #[must_use]
                pub fn keys() -> Vec<String> {
                    Self::WORDS.iter().map(|word| format!($key, word)).collect()
                }
            )?
        }
    };
}

// For the macro alone, which is also used by crates that do not name serde.
#[doc(hidden)]
pub use serde::{Serialize, Serializer};
