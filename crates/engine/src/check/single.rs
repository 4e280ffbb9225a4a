//! Records of which a name may hold one: policies that announce themselves by a version.

use super::{Cx, Fix, Safety};
use crate::{
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
};

/// What stands at a name.
pub(super) enum Published {
    /// No such record: none at all, or only other text.
    Nothing,
    /// One, rightly or nearly rightly written.
    One(String),
    /// Several: none of them counts.
    Several(Vec<String>),
    /// The lookup failed.
    Failed(Failure),
}

/// Asks for the record at `name`. `exact` is how it must begin; `meant` tells texts that are meant as one. Texts that
/// begin rightly win over those that nearly do, because only they are read by others.
pub(super) fn published(cx: &Cx<'_>, name: &Name, exact: &str, meant: fn(&str) -> bool) -> Step<Published> {
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

/// Keeps the first of several records and takes the others away; which one to keep is the owner's choice.
pub(super) fn keep_first(name: &Name, texts: &[String]) -> Fix {
    let remove = texts.get(1..).unwrap_or_default().to_vec();
    Fix { owner: name.clone(), rtype: Rtype::Txt, remove, publish: Vec::new(), safety: Safety::Decide }
}

/// Puts `mended` in the place of `text`.
pub(super) fn mend(name: &Name, text: &str, mended: String) -> Fix {
    Fix {
        owner: name.clone(),
        rtype: Rtype::Txt,
        remove: vec![text.to_owned()],
        publish: vec![mended],
        safety: Safety::Safe,
    }
}
