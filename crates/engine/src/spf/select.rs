//! Which TXT record is the SPF record (RFC 7208 sections 4.4 and 4.5).

use crate::{
    bounds,
    dns::{Failure, Outcome, Txt},
    record::spf::is_spf,
};

/// What a TXT lookup says about SPF.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selected<'a> {
    /// Exactly one record.
    One(&'a Txt),
    /// No record, but other TXT records stand there.
    NoneAmongOthers,
    /// No TXT record at all, or no such name.
    Nothing,
    /// More than one, which makes the result `permerror`.
    Several(Vec<&'a Txt>),
    /// Not known: the lookup failed, or the record is longer than anybody reads here.
    Failed(Failure),
}

/// Picks the SPF record from the outcome of a TXT lookup.
#[must_use]
pub fn select(outcome: &Outcome) -> Selected<'_> {
    let answer = match outcome {
        Outcome::Records(answer) => answer,
        Outcome::NoData(_) | Outcome::NxDomain(_) => return Selected::Nothing,
        Outcome::Failed(failed) => return Selected::Failed(failed.failure),
    };
    let mut records =
        answer.records.iter().filter_map(|record| record.data.txt()).filter(|txt| is_spf(txt.octets()));
    match (records.next(), records.next()) {
        (None, _) => Selected::NoneAmongOthers,
        (Some(one), None) if terms(one) > bounds::RECORD_TERMS => Selected::Failed(Failure::TooLarge),
        (Some(one), None) => Selected::One(one),
        (Some(one), Some(two)) => Selected::Several([one, two].into_iter().chain(records).collect()),
    }
}

/// Terms of a record at most, without reading it.
fn terms(txt: &Txt) -> usize {
    txt.octets().split(|&octet| octet == b' ').filter(|word| !word.is_empty()).count()
}
