//! What is different between the old record and the new one.

use std::ops::Range;

use crate::steps;

/// The parts of `old` that are gone and the parts of `new` that were not there, term by term. Terms are what blanks
/// and semicolons set apart.
#[must_use]
pub fn diff(old: &str, new: &str) -> (Vec<Range<usize>>, Vec<Range<usize>>) {
    let (a, b) = (terms(old), terms(new));
    let width = b.len() + 1;
    steps::took(old.len() + new.len() + a.len() * b.len());
    // The length of the longest common rest behind each pair of terms.
    let mut rest = vec![0_u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            rest[i * width + j] = if old[a[i].clone()] == new[b[j].clone()] {
                rest[(i + 1) * width + j + 1] + 1
            } else {
                rest[(i + 1) * width + j].max(rest[i * width + j + 1])
            };
        }
    }
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && old[a[i].clone()] == new[b[j].clone()] {
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && rest[(i + 1) * width + j] >= rest[i * width + j + 1]) {
            gone.push(a[i].clone());
            i += 1;
        } else {
            come.push(b[j].clone());
            j += 1;
        }
    }
    (gone, come)
}

/// So many terms are told apart; records have fewer than 60.
const MOST: usize = 200;

fn terms(text: &str) -> Vec<Range<usize>> {
    let mut terms = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_whitespace() || c == ';', start) {
            (false, None) if terms.len() < MOST => start = Some(at),
            (true, Some(from)) => {
                terms.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    terms.extend(start.map(|from| from..text.len()));
    terms
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(old: &str, new: &str) -> (Vec<String>, Vec<String>) {
        let (gone, come) = diff(old, new);
        let of = |text: &str, all: Vec<Range<usize>>| all.into_iter().map(|at| text[at].to_owned()).collect();
        (of(old, gone), of(new, come))
    }

    #[test]
    fn terms_that_came_and_went_are_named() {
        let (gone, come) = said("v=spf1 mx include:a.example -all", "v=spf1 mx ip4:192.0.2.1 -all");
        assert_eq!((gone, come), (vec!["include:a.example".to_owned()], vec!["ip4:192.0.2.1".to_owned()]));
        let (gone, come) =
            said("v=DMARC1;p=none; rua=mailto:a@b.example", "v=DMARC1; p=reject; rua=mailto:a@b.example");
        assert_eq!((gone, come), (vec!["p=none".to_owned()], vec!["p=reject".to_owned()]));
        assert_eq!(said("v=spf1 mx -all", "v=spf1  mx -all"), (vec![], vec![]));
    }

    proptest! {
        #[test]
        fn without_what_is_marked_both_are_the_same(
            old in "([ab;é] ?|[ab]{2} ){0,12}",
            new in "([ab;é] ?|[ab]{2} ){0,12}",
        ) {
            let (gone, come) = diff(&old, &new);
            let rest = |text: &str, marked: &[Range<usize>]| {
                let kept = terms(text).into_iter().filter(|term| !marked.contains(term));
                kept.map(|term| text[term].to_owned()).collect::<Vec<_>>()
            };
            prop_assert_eq!(rest(&old, &gone), rest(&new, &come));
        }
    }
}
