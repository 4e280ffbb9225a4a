//! Changes of records of which a name may hold one.

use super::{Fix, Safety};
use crate::dns::{Name, Rtype};

/// Keeps the first of several records and takes the others away; which one to keep is the owner's choice.
pub(super) fn keep_first(name: &Name, texts: &[String]) -> Fix {
    let remove = texts.get(1..).unwrap_or_default().to_vec();
    Fix { owner: name.clone(), rtype: Rtype::Txt, remove, publish: Vec::new(), safety: Safety::Decide }
}

/// Puts `mended` in the place of `text`.
pub(super) fn rewrite(name: &Name, text: &str, mended: String) -> Fix {
    Fix {
        owner: name.clone(),
        rtype: Rtype::Txt,
        remove: vec![text.to_owned()],
        publish: vec![mended],
        safety: Safety::Safe,
    }
}
