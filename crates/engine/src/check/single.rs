//! Changes of records of which a name may hold one.

use super::{Fix, Safety};
use crate::dns::{Name, Rtype};

/// Keeps the first of several records and takes the others away; which one to keep is the owner's choice.
pub(super) fn keep_first(name: &Name, texts: &[String]) -> Fix {
    Fix::at(name, Rtype::Txt, Safety::Decide).removing(texts.iter().skip(1).map(String::as_str))
}

/// Puts `mended` in the place of `text`.
pub(super) fn rewrite(name: &Name, text: &str, mended: String) -> Fix {
    Fix::at(name, Rtype::Txt, Safety::Safe).removing([text]).publishing([mended])
}
