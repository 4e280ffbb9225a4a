//! The records of an answer as a set: the same record twice is one record.

use super::{Failure, Rdata, Record};
use crate::{bounds, table::Table};

/// The records of one name and type, each once and in the order of `records` (RFC 2181 section 5). Where their TTLs
/// differ, the smallest counts for a record that came twice (section 5.2). `total` is how many there are.
///
/// # Errors
/// What `records` brings, [`Failure::TooMany`] or [`Failure::TooLarge`] if there is more than [`bounds`] has room for.
pub(crate) fn gathered(
    total: usize,
    records: impl IntoIterator<Item = Result<Record, Failure>>,
) -> Result<Vec<Record>, Failure> {
    let mut set: Vec<Record> = Vec::new();
    let mut places: Table<Rdata, usize> = Table::default();
    for record in records {
        let record = record?;
        if record.data.txt().is_some_and(|txt| txt.wire_len() > bounds::TEXT_OCTETS) {
            return Err(Failure::TooLarge);
        }
        match places.get(&record.data) {
            Some(&at) => set[at].ttl = set[at].ttl.min(record.ttl),
            None if set.len() == bounds::ANSWER_RECORDS => {
                return Err(Failure::TooMany(u16::try_from(total).unwrap_or(u16::MAX)));
            }
            None => {
                places.insert(record.data.clone(), set.len());
                set.push(record);
            }
        }
    }
    Ok(set)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::{Name, Txt};

    fn text(ttl: u32, text: &str) -> Record {
        Record {
            owner: Name::parse("example.org").unwrap(),
            ttl,
            data: Rdata::Txt(Txt::new([text.as_bytes()])),
        }
    }

    fn gather(records: Vec<Record>) -> Result<Vec<Record>, Failure> {
        gathered(records.len(), records.into_iter().map(Ok))
    }

    #[test]
    fn the_same_record_twice_is_one_with_the_smaller_ttl() {
        let twice = vec![text(300, "a"), text(60, "b"), text(20, "a"), text(900, "a")];
        assert_eq!(gather(twice), Ok(vec![text(20, "a"), text(60, "b")]));
    }

    #[test]
    fn names_in_the_data_are_compared_without_regard_to_case() {
        let mx = |name: &str| Record {
            data: Rdata::Mx { preference: 10, exchange: Name::parse(name).unwrap() },
            ..text(1, "")
        };
        assert_eq!(gather(vec![mx("mx.example.org"), mx("MX.Example.ORG")]).unwrap().len(), 1);
        assert_eq!(gather(vec![text(1, "a"), text(1, "A")]).unwrap().len(), 2, "texts are octets");
    }

    #[test]
    fn strings_cut_in_another_way_are_another_record() {
        let split = Record { data: Rdata::Txt(Txt::new([&b"a"[..], b"b"])), ..text(1, "") };
        assert_eq!(gather(vec![text(1, "ab"), split]).unwrap().len(), 2);
    }

    #[test]
    fn repetition_takes_no_room_and_too_many_are_not_cut() {
        let many = |distinct: usize, total: usize| {
            gather((0..total).map(|at| text(1, &(at % distinct).to_string())).collect())
        };
        assert_eq!(many(1, 4000).unwrap().len(), 1);
        assert_eq!(many(bounds::ANSWER_RECORDS, 4000).unwrap().len(), bounds::ANSWER_RECORDS);
        assert_eq!(many(bounds::ANSWER_RECORDS + 1, 4000), Err(Failure::TooMany(4000)));
        assert_eq!(gather(vec![text(1, &"a".repeat(bounds::TEXT_OCTETS))]), Err(Failure::TooLarge));
    }
}
