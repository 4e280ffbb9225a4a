//! The message decoder meets octets that nobody meant for it: it never panics, and nothing but an answer to the very
//! question that was asked gives records, "no such record" or "no such name".

use mail_triage_engine::dns::{
    Failure, Name, Outcome, Query, Rdata, Rtype,
    wire::{outcome, question},
};
use proptest::{collection::vec, prelude::*, sample::select};

/// A name of few labels out of a small set, so that names often meet.
fn name() -> impl Strategy<Value = Name> {
    vec(select(vec!["a", "mx", "_spf", "example", "org", "x-1"]), 1..5)
        .prop_map(|labels| Name::parse(&labels.join(".")).unwrap())
}

fn rtype() -> impl Strategy<Value = Rtype> {
    select(Rtype::all().collect::<Vec<_>>())
}

fn query() -> impl Strategy<Value = Query> {
    (name(), rtype()).prop_map(|(name, rtype)| Query::new(name, rtype))
}

fn put_name(octets: &mut Vec<u8>, name: &Name) {
    for label in name.labels() {
        octets.push(u8::try_from(label.len()).unwrap());
        octets.extend(label.bytes());
    }
    octets.push(0);
}

/// A resource record: owner (`None` points at the question), type, and data made for that type or at random.
fn record() -> impl Strategy<Value = Vec<u8>> {
    let data = prop_oneof![
        3 => (name(), any::<u16>(), any::<[u8; 16]>(), any::<u8>()).prop_map(Some),
        1 => Just(None),
    ];
    (prop::option::of(name()), rtype(), data, vec(any::<u8>(), 0..40), any::<u32>()).prop_map(
        |(owner, rtype, data, raw, ttl)| {
            let data = data.map_or(raw, |(name, number, address, octet)| {
                let mut out = Vec::new();
                match rtype {
                    Rtype::A => out.extend(&address[..4]),
                    Rtype::Aaaa => out.extend(address),
                    Rtype::Mx => {
                        out.extend(number.to_be_bytes());
                        put_name(&mut out, &name);
                    }
                    Rtype::Ns | Rtype::Cname | Rtype::Ptr => put_name(&mut out, &name),
                    Rtype::Soa => {
                        put_name(&mut out, &name);
                        put_name(&mut out, &name);
                        out.extend([0; 20]);
                    }
                    Rtype::Srv => {
                        out.extend(&address[..6]);
                        put_name(&mut out, &name);
                    }
                    Rtype::Txt | Rtype::Spf => {
                        out.push(16);
                        out.extend(address);
                    }
                    Rtype::Caa => {
                        out.extend([octet, 5]);
                        out.extend(b"issueca.example");
                    }
                    Rtype::Ds | Rtype::Dnskey | Rtype::Tlsa => out.extend(address),
                }
                out
            });
            let mut out = Vec::new();
            match owner {
                Some(owner) => put_name(&mut out, &owner),
                None => out.extend([0xc0, 12]),
            }
            out.extend(rtype.number().to_be_bytes());
            out.extend([0, 1]);
            out.extend(ttl.to_be_bytes());
            out.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
            out.extend(data);
            out
        },
    )
}

/// An answer to `query` as a resolver might write it.
fn message(query: &Query, rcode: u8, truncated: bool, records: &[Vec<u8>]) -> Vec<u8> {
    let count = u8::try_from(records.len()).unwrap();
    let mut out = vec![0, 0, 0x81 | u8::from(truncated) << 1, 0x80 | rcode & 15, 0, 1, 0, count, 0, 0, 0, 0];
    put_name(&mut out, &query.name);
    out.extend(query.rtype.number().to_be_bytes());
    out.extend([0, 1]);
    out.extend(records.concat());
    out
}

/// What can happen to octets on their way.
#[derive(Clone, Debug)]
enum Harm {
    Set(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index),
    Point(prop::sample::Index, u8),
}

fn harm() -> impl Strategy<Value = Harm> {
    use prop::sample::Index;
    prop_oneof![
        4 => (any::<Index>(), any::<u8>()).prop_map(|(at, octet)| Harm::Set(at, octet)),
        1 => any::<Index>().prop_map(Harm::Cut),
        1 => (any::<Index>(), vec(any::<u8>(), 1..8)).prop_map(|(at, octets)| Harm::Insert(at, octets)),
        1 => any::<Index>().prop_map(Harm::Remove),
        2 => (any::<Index>(), any::<u8>()).prop_map(|(at, to)| Harm::Point(at, to)),
    ]
}

fn suffer(octets: &mut Vec<u8>, harm: Harm) {
    if octets.is_empty() {
        return;
    }
    let length = octets.len();
    match harm {
        Harm::Set(at, octet) => octets[at.index(length)] = octet,
        Harm::Cut(at) => octets.truncate(at.index(length)),
        Harm::Insert(at, new) => {
            octets.splice(at.index(length)..at.index(length), new);
        }
        Harm::Remove(at) => {
            octets.remove(at.index(length));
        }
        Harm::Point(at, to) => {
            octets[at.index(length)] = 0xc0;
            if let Some(next) = octets.get_mut(at.index(length) + 1) {
                *next = to;
            }
        }
    }
}

/// What holds of every outcome, whatever the octets were.
fn sound(query: &Query, octets: &[u8]) {
    let outcome = outcome(query, octets);
    assert!(outcome.chain().len() <= 16);
    if let Some(first) = outcome.chain().first() {
        assert_eq!(first, &query.name, "a chain begins where the question was");
    }
    if let Outcome::Records(answer) = &outcome {
        assert!(!answer.records.is_empty());
        let owner = &answer.records[0].owner;
        assert!(!answer.chain.is_empty() || owner == &query.name, "{owner} for {query}");
        for record in &answer.records {
            assert_eq!(&record.owner, owner);
            let right = record.data.rtype() == query.rtype
                || query.rtype == Rtype::Spf && matches!(record.data, Rdata::Txt(_));
            assert!(right, "{} for {query}", record.data);
        }
    }
    if outcome.failure().is_none() {
        assert_eq!(octets[2] & 0x02, 0, "a cut answer counts");
        // The question section, which stands at a known place, is the question.
        let mut echo = Vec::new();
        put_name(&mut echo, &query.name);
        let end = 12 + echo.len();
        assert!(octets[12..end].eq_ignore_ascii_case(&echo), "{query} answered by another question");
        assert_eq!(octets[end..end + 2], query.rtype.number().to_be_bytes());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn octets_at_random(query in query(), octets in vec(any::<u8>(), 0..300)) {
        sound(&query, &octets);
    }

    #[test]
    fn answers_that_came_to_harm(
        query in query(),
        rcode in select(vec![0u8, 0, 0, 2, 3, 5]),
        truncated: bool,
        records in vec(record(), 0..6),
        harms in vec(harm(), 0..4),
    ) {
        let mut octets = message(&query, rcode, truncated, &records);
        for harm in harms {
            suffer(&mut octets, harm);
        }
        sound(&query, &octets);
    }

    #[test]
    fn an_answer_to_another_question_is_a_failure(
        asked in query(),
        answered in query(),
        rcode in select(vec![0u8, 3]),
        records in vec(record(), 0..4),
    ) {
        prop_assume!(asked != answered);
        let octets = message(&answered, rcode, false, &records);
        prop_assert!(outcome(&asked, &octets).failure().is_some());
    }

    #[test]
    fn a_name_read_from_an_answer_can_be_asked_about(labels in vec(vec(any::<u8>(), 1..64), 1..4)) {
        let query = Query::new(Name::parse("1.2.3.4.in-addr.arpa").unwrap(), Rtype::Ptr);
        let mut wire = Vec::new();
        for label in &labels {
            wire.push(u8::try_from(label.len()).unwrap());
            wire.extend(label);
        }
        wire.push(0);
        let mut record = vec![0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 60];
        record.extend(u16::try_from(wire.len()).unwrap().to_be_bytes());
        record.extend(&wire);
        let answer = outcome(&query, &message(&query, 0, false, &[record]));
        let Rdata::Ptr(name) = &answer.records()[0].data else { panic!("no PTR") };
        let again = question(&Query::new(name.clone(), Rtype::A)).unwrap();
        prop_assert!(again[12..12 + wire.len()].eq_ignore_ascii_case(&wire), "{name}");
    }
}

#[test]
fn names_that_point_at_each_other_end() {
    let query = Query::new(Name::parse("a.example").unwrap(), Rtype::Mx);
    let head = message(&query, 0, false, &[]);
    for to in 0..=u8::MAX {
        let mut octets = head.clone();
        octets[7] = 1;
        // The owner points anywhere, itself and the one behind it included.
        octets.extend([0xc0, to, 0xc0, to]);
        octets.extend([0; 40]);
        sound(&query, &octets);
    }
}

#[test]
fn a_large_answer_of_long_names_ends() {
    let query = Query::new(Name::parse("a.example").unwrap(), Rtype::Mx);
    let mut octets = message(&query, 0, false, &[]);
    let pointer = (0xc000 | u16::try_from(octets.len()).unwrap()).to_be_bytes();
    // The first record is an alias with a name as long as names can be; all others bear that name and point at it.
    for _ in 0..3 {
        octets.push(63);
        octets.extend([b'x'; 63]);
    }
    octets.extend([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 2, 0xc0, 12]);
    let mut count = 1u16;
    while octets.len() < 60_000 {
        octets.extend(pointer);
        octets.extend([0, 5, 0, 1, 0, 0, 0, 60, 0, 2]);
        octets.extend(pointer);
        count += 1;
    }
    octets[6..8].copy_from_slice(&count.to_be_bytes());
    assert_eq!(outcome(&query, &octets).failure(), Some(Failure::WrongType));
}
