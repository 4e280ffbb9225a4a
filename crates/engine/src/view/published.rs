//! Records of which a name may hold one: policies that announce themselves by a version.

use crate::{
    cx::Cx,
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
};

/// What stands at a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Published {
    /// No such record: none at all, or only other text.
    Nothing,
    /// One, rightly or nearly rightly written. Untrusted.
    One(String),
    /// Several: none of them counts. Untrusted.
    Several(Vec<String>),
    /// The lookup failed.
    Failed(Failure),
}

/// Asks for the record at `name`. `exact` is how it must begin; `meant` tells texts that are meant as one. Texts that
/// begin rightly win over those that nearly do, because only they are read by others.
///
/// # Errors
/// [`Pending`](crate::facts::Pending) until it is known.
pub(crate) fn published(cx: &Cx<'_>, name: &Name, exact: &str, meant: fn(&str) -> bool) -> Step<Published> {
    let outcome = cx.ask(&Query::new(name.clone(), Rtype::Txt))?;
    if let Outcome::Failed(failed) = outcome {
        return Ok(Published::Failed(failed.failure));
    }
    let texts = outcome.texts();
    let mut texts: Vec<String> =
        texts.map(|txt| txt.text().into_owned()).filter(|text| meant(text)).collect();
    if texts.iter().any(|text| text.starts_with(exact)) {
        texts.retain(|text| text.starts_with(exact));
    }
    Ok(match texts.len() {
        0 => Published::Nothing,
        1 => Published::One(texts.remove(0)),
        _ => Published::Several(texts),
    })
}
