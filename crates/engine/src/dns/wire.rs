//! The wire format of DNS (RFC 1035 section 4), through the crate `domain`.
//!
//! [`question`] makes the octets of a query, [`outcome`] reads the octets of an answer. Neither can panic, whatever
//! the octets; what cannot be understood is a [`Failure`] and never an empty answer.

use domain::{
    base::{
        Message, MessageBuilder, Name as WireName, ParsedName, ParsedRecord, Rtype as WireRtype, iana::Class,
        opt::ExtendedError, rdata::UnknownRecordData,
    },
    dep::octseq::Parser,
};

use super::{
    Answer, Ede, Failure, LookupFailure, Meta, Name, Negative, Outcome, Query, Rdata, Record, Rtype, Txt,
    rrset::gathered,
};
use crate::bounds;

/// Aliases followed inside one answer before it counts as malformed.
const MAX_CHAIN: usize = 16;
/// Extended errors by which a resolver says that an answer is its own and not the zone's: forged, blocked, censored,
/// filtered (RFC 8914 sections 4.5 and 4.16 to 4.18).
const NOT_OF_THE_ZONE: [u16; 4] = [4, 15, 16, 17];

/// The octets of a query: ID 0 so that HTTP caches work (RFC 8484 section 4.1), recursion desired, and an OPT
/// record with DO, without which resolvers send neither AD nor extended errors (RFC 6891, RFC 8914).
///
/// # Errors
/// [`Failure::Malformed`] if the name cannot be put on the wire.
pub fn question(query: &Query) -> Result<Vec<u8>, Failure> {
    let name: WireName<Vec<u8>> =
        WireName::vec_from_str(&query.name.to_string()).map_err(|_| Failure::Malformed)?;
    let mut builder = MessageBuilder::new_vec();
    builder.header_mut().set_rd(true);
    builder.header_mut().set_cd(query.checking_disabled);
    let mut builder = builder.question();
    builder.push((name, WireRtype::from_int(query.rtype.number()))).map_err(|_| Failure::Malformed)?;
    let mut builder = builder.additional();
    builder
        .opt(|opt| {
            opt.set_udp_payload_size(1232);
            opt.set_dnssec_ok(true);
            Ok(())
        })
        .map_err(|_| Failure::Malformed)?;
    Ok(builder.finish())
}

/// What an answer to `query` says. Resolver and duration are left for the transport to fill in.
#[must_use]
pub fn outcome(query: &Query, octets: &[u8]) -> Outcome {
    let mut meta = Meta::default();
    match read(query, octets, &mut meta) {
        Ok(outcome) => outcome,
        Err(failure) => Outcome::Failed(LookupFailure { failure, meta }),
    }
}

fn read(query: &Query, octets: &[u8], meta: &mut Meta) -> Result<Outcome, Failure> {
    let message = Message::from_slice(octets).map_err(|_| Failure::Malformed)?;
    let does_not_exist = read_head(query, message, meta)?;
    let answers: Vec<ParsedRecord<'_, [u8]>> = message
        .answer()
        .map_err(|_| Failure::Malformed)?
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::Malformed)?;
    let owners: Vec<Name> = answers.iter().map(|record| name_of(&record.owner())).collect();
    let (chain, owner) = follow(query, message, &answers, &owners)?;
    let wanted: Vec<_> = answers
        .iter()
        .zip(&owners)
        .filter(|(record, at)| {
            record.rtype().to_int() == query.rtype.number() && record.class() == Class::IN && **at == owner
        })
        .collect();
    let records = wanted.iter().map(|(record, at)| {
        let data = rdata_of(query.rtype, message, record)?;
        Ok(Record { owner: (*at).clone(), ttl: record.ttl().as_secs(), data })
    });
    let records = gathered(wanted.len(), records)?;
    if !records.is_empty() {
        return Ok(Outcome::Records(Answer { records, chain, meta: std::mem::take(meta) }));
    }
    if !answers.iter().zip(&owners).all(|(record, at)| goes_along(record, at, &chain)) {
        return Err(Failure::WrongType);
    }
    let denied = does_not_exist || denied_compactly(message, &owner);
    if !denied && is_referral(message) {
        return Err(Failure::Referral);
    }
    let negative = Negative { chain, ttl: negative_ttl(message), meta: std::mem::take(meta) };
    Ok(if denied { Outcome::NxDomain(negative) } else { Outcome::NoData(negative) })
}

/// What stands in front of the answer: flags, rcode, extended errors, and the question. Whether the rcode says that the
/// name does not exist.
fn read_head(query: &Query, message: &Message<[u8]>, meta: &mut Meta) -> Result<bool, Failure> {
    let header = message.header();
    if !header.qr() {
        return Err(Failure::Malformed);
    }
    meta.authentic = header.ad();
    meta.truncated = header.tc();
    let mut rcode = u16::from(header.rcode().to_int());
    if let Some(opt) = message.opt() {
        rcode = opt.rcode(header).to_int();
        for error in opt.opt().iter::<ExtendedError<_>>().flatten().take(bounds::REMARKS) {
            let text = remark(error.text_slice().unwrap_or_default());
            meta.ede.push(Ede { code: error.code().to_int(), text });
        }
    }
    // A resolver that cannot even read the question may leave it out of its error (RFC 1035 section 4.1.1).
    if !(rcode != 0 && rcode != 3 && message.header_counts().qdcount() == 0) {
        same_question(query, message)?;
    }
    match rcode {
        0 | 3 => {}
        2 => return Err(Failure::ServFail),
        5 => return Err(Failure::Refused),
        other => return Err(Failure::Rcode(other)),
    }
    if meta.ede.iter().any(|error| NOT_OF_THE_ZONE.contains(&error.code)) {
        return Err(Failure::Filtered);
    }
    // A cut answer may lack the very record that matters; half of a set is no set (RFC 2181 section 9).
    if meta.truncated {
        return Err(Failure::Truncated);
    }
    Ok(rcode == 3)
}

/// The text of an extended error, as much of it as is kept.
fn remark(text: &[u8]) -> String {
    let mut kept = String::from_utf8_lossy(&text[..text.len().min(bounds::REMARK_OCTETS)]).into_owned();
    if text.len() > bounds::REMARK_OCTETS {
        kept.push('…');
    }
    kept
}

/// Whether a record may stand in an answer that holds none of the type asked for: an alias on the way, what it was made
/// from (DNAME, RFC 6672 section 3.1), or what proves it (RFC 4035 section 3.1).
fn goes_along(record: &ParsedRecord<'_, [u8]>, owner: &Name, chain: &[Name]) -> bool {
    match record.rtype() {
        WireRtype::CNAME => chain.contains(owner),
        WireRtype::DNAME => !chain.is_empty(),
        WireRtype::RRSIG | WireRtype::NSEC | WireRtype::NSEC3 => true,
        _ => false,
    }
}

fn rdata_of(
    rtype: Rtype,
    message: &Message<[u8]>,
    record: &ParsedRecord<'_, [u8]>,
) -> Result<Rdata, Failure> {
    Fields::of(message, record).and_then(|fields| rdata(rtype, fields)).ok_or(Failure::Malformed)
}

/// RFC 5452 section 4: an answer counts only for the very question that was asked.
fn same_question(query: &Query, message: &Message<[u8]>) -> Result<(), Failure> {
    if message.header_counts().qdcount() == 0 {
        return Err(Failure::WrongQuestion);
    }
    let question = message.sole_question().map_err(|_| Failure::Malformed)?;
    let same = question.qtype().to_int() == query.rtype.number()
        && question.qclass() == Class::IN
        && name_of(question.qname()) == query.name;
    if same { Ok(()) } else { Err(Failure::WrongQuestion) }
}

/// Follows the aliases of the answer section from the name asked about; also returns where they end.
fn follow(
    query: &Query,
    message: &Message<[u8]>,
    answers: &[ParsedRecord<'_, [u8]>],
    owners: &[Name],
) -> Result<(Vec<Name>, Name), Failure> {
    let mut chain = Vec::new();
    let mut owner = query.name.clone();
    if query.rtype == Rtype::Cname {
        return Ok((chain, owner));
    }
    'walk: while chain.len() < MAX_CHAIN {
        for (record, at) in answers.iter().zip(owners) {
            if record.rtype() == WireRtype::CNAME && *at == owner {
                let Rdata::Cname(target) = rdata_of(Rtype::Cname, message, record)? else { continue };
                chain.push(std::mem::replace(&mut owner, target));
                continue 'walk;
            }
        }
        return Ok((chain, owner));
    }
    Err(Failure::Malformed)
}

/// Whether an answer without records only says who would know: name servers and no SOA in the authority section
/// (RFC 2308 section 2.2). "There is no such record" has the SOA, or nothing.
fn is_referral(message: &Message<[u8]>) -> bool {
    let Ok(authority) = message.authority() else { return false };
    let types: Vec<WireRtype> = authority.flatten().map(|record| record.rtype()).collect();
    types.contains(&WireRtype::NS) && !types.contains(&WireRtype::SOA)
}

fn negative_ttl(message: &Message<[u8]>) -> Option<u32> {
    message.authority().ok()?.flatten().find(|record| record.rtype() == WireRtype::SOA).and_then(|record| {
        match rdata_of(Rtype::Soa, message, &record) {
            Ok(Rdata::Soa { minimum, .. }) => Some(record.ttl().as_secs().min(minimum)),
            _ => None,
        }
    })
}

/// Whether the answer says by its signed denial that `name` does not exist although its rcode is NOERROR: an NSEC
/// record at the name itself that lists NXNAME (RFC 9824 section 2).
fn denied_compactly(message: &Message<[u8]>, name: &Name) -> bool {
    let Ok(authority) = message.authority() else { return false };
    authority.flatten().any(|record| {
        record.rtype() == WireRtype::NSEC
            && name_of(&record.owner()) == *name
            && Fields::of(message, &record)
                .is_some_and(|mut fields| fields.name().is_some() && fields.rest().is_some_and(lists_nxname))
    })
}

/// Whether a bitmap of types holds NXNAME, number 128: the first bit of octet 16 in window 0 (RFC 4034 section 4.1.2).
fn lists_nxname(mut windows: &[u8]) -> bool {
    while let [window, length, rest @ ..] = windows {
        let Some((bits, rest)) = rest.split_at_checked(usize::from(*length)) else { return false };
        if *window == 0 {
            return bits.get(16).is_some_and(|octet| octet & 0x80 != 0);
        }
        windows = rest;
    }
    false
}

fn name_of(name: &ParsedName<&[u8]>) -> Name {
    Name::from_wire(&name.to_string())
}

/// The fields of one record's data. Names may point back into the whole message (RFC 1035 section 4.1.4), so the
/// reader stands in the message and knows where the data ends.
struct Fields<'a> {
    parser: Parser<'a, [u8]>,
    end: usize,
}

impl<'a> Fields<'a> {
    fn of(message: &'a Message<[u8]>, record: &ParsedRecord<'a, [u8]>) -> Option<Self> {
        let raw = record.to_record::<UnknownRecordData<&[u8]>>().ok()??;
        let whole = message.as_slice();
        let start = (raw.data().data().as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
        let mut parser = Parser::from_ref(whole);
        parser.seek(start).ok()?;
        Some(Self { parser, end: start + raw.data().data().len() })
    }

    fn u8(&mut self) -> Option<u8> {
        self.parser.parse_u8().ok()
    }

    fn u16(&mut self) -> Option<u16> {
        self.parser.parse_u16_be().ok()
    }

    fn u32(&mut self) -> Option<u32> {
        self.parser.parse_u32_be().ok()
    }

    fn octets<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut octets = [0; N];
        self.parser.parse_buf(&mut octets).ok()?;
        Some(octets)
    }

    fn name(&mut self) -> Option<Name> {
        ParsedName::parse_ref(&mut self.parser).ok().map(|name| name_of(&name))
    }

    fn rest(&mut self) -> Option<&'a [u8]> {
        let length = self.end.checked_sub(self.parser.pos())?;
        self.parser.parse_octets(length).ok()
    }

    /// Whether the data was read to its end, neither less nor more.
    fn is_read(&self) -> bool {
        self.parser.pos() == self.end
    }
}

fn rdata(rtype: Rtype, mut fields: Fields<'_>) -> Option<Rdata> {
    let f = &mut fields;
    let data = match rtype {
        Rtype::A => Rdata::A(f.octets::<4>()?.into()),
        Rtype::Aaaa => Rdata::Aaaa(f.octets::<16>()?.into()),
        Rtype::Mx => Rdata::Mx { preference: f.u16()?, exchange: f.name()? },
        Rtype::Txt | Rtype::Spf => Rdata::Txt(strings(f.rest()?)?),
        Rtype::Cname => Rdata::Cname(f.name()?),
        Rtype::Ns => Rdata::Ns(f.name()?),
        Rtype::Ptr => Rdata::Ptr(f.name()?),
        Rtype::Soa => {
            let (primary, mailbox, serial) = (f.name()?, f.name()?, f.u32()?);
            // Refresh, retry and expire matter to secondary servers only.
            f.octets::<12>()?;
            Rdata::Soa { primary, mailbox, serial, minimum: f.u32()? }
        }
        Rtype::Srv => Rdata::Srv { priority: f.u16()?, weight: f.u16()?, port: f.u16()?, target: f.name()? },
        Rtype::Tlsa => {
            Rdata::Tlsa { usage: f.u8()?, selector: f.u8()?, matching: f.u8()?, data: f.rest()?.to_vec() }
        }
        Rtype::Caa => {
            let (flags, length) = (f.u8()?, usize::from(f.u8()?));
            let (tag, value) = f.rest()?.split_at_checked(length)?;
            let text = |octets| String::from_utf8_lossy(octets).into_owned();
            Rdata::Caa { flags, tag: text(tag), value: text(value) }
        }
        Rtype::Ds => {
            let (key_tag, algorithm, digest) = (f.u16()?, f.u8()?, f.u8()?);
            f.rest()?;
            Rdata::Ds { key_tag, algorithm, digest }
        }
        Rtype::Dnskey => {
            let (flags, [_protocol, algorithm]) = (f.u16()?, f.octets()?);
            f.rest()?;
            Rdata::Dnskey { flags, algorithm }
        }
    };
    fields.is_read().then_some(data)
}

/// The character strings of a TXT record, at least one (RFC 1035 section 3.3.14).
fn strings(mut octets: &[u8]) -> Option<Txt> {
    let mut strings = Vec::new();
    while let Some((&length, rest)) = octets.split_first() {
        let (string, rest) = rest.split_at_checked(usize::from(length))?;
        strings.push(string);
        octets = rest;
    }
    (!strings.is_empty()).then(|| Txt::new(strings))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(name: &str, rtype: Rtype) -> Query {
        Query::new(Name::parse(name).unwrap(), rtype)
    }

    /// An answer message by hand: flags, then the question of `asked`, then raw answer records.
    fn message(asked: &Query, flags: [u8; 2], answers: u16, raw: &[u8]) -> Vec<u8> {
        let mut octets =
            vec![0, 0, flags[0], flags[1], 0, 1, (answers >> 8) as u8, answers as u8, 0, 0, 0, 0];
        for label in asked.name.labels() {
            octets.push(label.len() as u8);
            octets.extend(label.bytes());
        }
        octets.push(0);
        octets.extend(asked.rtype.number().to_be_bytes());
        octets.extend([0, 1]);
        octets.extend(raw);
        octets
    }

    /// One record whose owner is a pointer to the name of the question.
    fn record(rtype: Rtype, ttl: u32, rdata: &[u8]) -> Vec<u8> {
        record_of(rtype.number(), ttl, rdata)
    }

    fn record_of(rtype: u16, ttl: u32, rdata: &[u8]) -> Vec<u8> {
        let mut octets = vec![0xc0, 12];
        octets.extend(rtype.to_be_bytes());
        octets.extend([0, 1]);
        octets.extend(ttl.to_be_bytes());
        octets.extend((rdata.len() as u16).to_be_bytes());
        octets.extend(rdata);
        octets
    }

    const OK: [u8; 2] = [0x81, 0x80];

    #[test]
    fn the_question_is_the_one_of_rfc_8484() {
        let octets = question(&query("example.org", Rtype::Mx)).unwrap();
        assert_eq!(octets[..4], [0, 0, 1, 0], "ID 0, RD");
        assert_eq!(&octets[12..25], b"\x07example\x03org\0");
        assert_eq!(octets[25..29], [0, 15, 0, 1]);
        assert_eq!(octets[29..], [0, 0, 41, 4, 208, 0, 0, 0x80, 0, 0, 0], "OPT, 1232 octets, DO");
        let unchecked = question(&Query::unchecked(Name::parse("example.org").unwrap(), Rtype::Mx)).unwrap();
        assert_eq!(unchecked[..4], [0, 0, 1, 0x10], "CD");
    }

    #[test]
    fn txt_strings_come_out_as_octets() {
        let q = query("example.org", Rtype::Txt);
        let octets = message(&q, [0x81, 0xa0], 1, &record(Rtype::Txt, 300, b"\x03v=s\x05pf1 \xff"));
        let Outcome::Records(answer) = outcome(&q, &octets) else { panic!("no records") };
        assert!(answer.meta.authentic);
        assert_eq!(answer.records[0].ttl, 300);
        assert_eq!(answer.records[0].data.txt().unwrap().octets(), b"v=spf1 \xff");
    }

    #[test]
    fn spf_type_99_reads_as_text() {
        let q = query("example.org", Rtype::Spf);
        let octets = message(&q, OK, 1, &record(Rtype::Spf, 1, b"\x06v=spf1"));
        assert_eq!(outcome(&q, &octets).records()[0].data.txt().unwrap().text(), "v=spf1");
    }

    #[test]
    fn the_same_record_twice_is_one_record() {
        let q = query("example.org", Rtype::Mx);
        let mut raw = record(Rtype::Mx, 300, b"\0\x0a\x02mx\xc0\x0c");
        raw.extend(record(Rtype::Mx, 60, b"\0\x0a\x02MX\x07example\x03ORG\0"));
        raw.extend(record(Rtype::Mx, 900, b"\0\x14\x02mx\xc0\x0c"));
        let Outcome::Records(answer) = outcome(&q, &message(&q, OK, 3, &raw)) else { panic!("no records") };
        let read: Vec<_> =
            answer.records.iter().map(|record| (record.ttl, record.data.to_string())).collect();
        assert_eq!(read, [(60, "10 mx.example.org".to_owned()), (900, "20 mx.example.org".to_owned())]);
    }

    #[test]
    fn an_answer_beyond_the_bounds_is_not_cut_and_read() {
        let q = query("example.org", Rtype::A);
        let answer = |distinct: u16, total: u16| {
            let records = (0..total).flat_map(|at| {
                let [a, b] = (at % distinct).to_be_bytes();
                record(Rtype::A, 1, &[11, 22, a, b])
            });
            outcome(&q, &message(&q, OK, total, &records.collect::<Vec<_>>()))
        };
        assert_eq!(answer(256, 4000).records().len(), bounds::ANSWER_RECORDS);
        assert_eq!(answer(257, 4000).failure(), Some(Failure::TooMany(4000)));
        let q = query("example.org", Rtype::Txt);
        let long = [b'\x01', b'a'].repeat(bounds::TEXT_OCTETS / 2 + 1);
        let mut raw = record(Rtype::Txt, 1, b"\x06v=spf1");
        raw.extend(record(Rtype::Txt, 1, &long));
        assert_eq!(outcome(&q, &message(&q, OK, 2, &raw)).failure(), Some(Failure::TooLarge));
        assert_eq!(outcome(&q, &message(&q, OK, 1, &raw[..19])).records().len(), 1);
    }

    #[test]
    fn of_remarks_only_so_many_and_so_much_is_kept() {
        let q = query("example.org", Rtype::A);
        let mut octets = message(&q, OK, 0, &[]);
        octets[11] = 1;
        let options: Vec<u8> =
            (0..100).flat_map(|_| [&[0, 15, 1, 46, 0, 6][..], &[b'x'; 300]].concat()).collect();
        octets.extend([0, 0, 41, 4, 208, 0, 0, 0, 0]);
        octets.extend((options.len() as u16).to_be_bytes());
        octets.extend(options);
        let read = outcome(&q, &octets);
        let ede = &read.meta().ede;
        assert_eq!((ede.len(), ede[0].text.chars().count()), (bounds::REMARKS, bounds::REMARK_OCTETS + 1));
    }

    #[test]
    fn every_type_is_read_to_its_end_and_no_further() {
        let cases: &[(Rtype, &[u8], &str)] = &[
            (Rtype::A, &[192, 0, 2, 1], "192.0.2.1"),
            (Rtype::Aaaa, &[0x20, 1, 13, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], "2001:db8::1"),
            (Rtype::Mx, b"\0\x0a\x02mx\xc0\x0c", "10 mx.example.org"),
            (Rtype::Ns, b"\x02ns\xc0\x0c", "ns.example.org"),
            (Rtype::Ptr, b"\xc0\x0c", "example.org"),
            (Rtype::Soa, b"\xc0\x0c\xc0\x0c\0\0\0\x05aaaabbbbcccc\0\0\0\x3c", "example.org example.org 5 60"),
            (Rtype::Srv, b"\0\x01\0\x02\x01\xd1\xc0\x0c", "1 2 465 example.org"),
            (Rtype::Tlsa, b"\x03\x01\x01\xab\xcd", "3 1 1 abcd"),
            (Rtype::Caa, b"\0\x05issueca.test", "0 issue \"ca.test\""),
            (Rtype::Ds, b"\x12\x34\x0d\x02digest", "4660 13 2"),
            (Rtype::Dnskey, b"\x01\x01\x03\x0dkey", "257 3 13"),
        ];
        for (rtype, rdata, shown) in cases {
            let q = query("example.org", *rtype);
            let read = |rdata: &[u8]| outcome(&q, &message(&q, OK, 1, &record(*rtype, 60, rdata)));
            assert_eq!(read(rdata).records()[0].data.to_string(), *shown, "{rtype}");
            assert_eq!(read(&rdata[..1]).failure(), Some(Failure::Malformed), "{rtype} cut");
            let open_ended = matches!(rtype, Rtype::Tlsa | Rtype::Caa | Rtype::Ds | Rtype::Dnskey);
            if !open_ended {
                let longer = [rdata, &[0][..]].concat();
                assert_eq!(read(&longer).failure(), Some(Failure::Malformed), "{rtype} with more behind it");
            }
        }
    }

    #[test]
    fn aliases_are_followed_inside_the_answer() {
        let q = query("www.example", Rtype::A);
        let mut raw = record(Rtype::Cname, 60, b"\x01a\xc0\x10");
        raw.extend(b"\x01a\x07example\0\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\x01");
        let Outcome::Records(answer) = outcome(&q, &message(&q, OK, 2, &raw)) else { panic!("no records") };
        assert_eq!(answer.chain, [Name::parse("www.example").unwrap()]);
        assert_eq!(answer.records[0].owner.as_str(), "a.example");
        assert_eq!(answer.records[0].data.to_string(), "192.0.2.1");
    }

    #[test]
    fn an_alias_that_goes_in_circles_is_malformed() {
        let q = query("a.example", Rtype::A);
        let octets = message(&q, OK, 1, &record(Rtype::Cname, 60, b"\xc0\x0c"));
        assert_eq!(outcome(&q, &octets).failure(), Some(Failure::Malformed));
    }

    #[test]
    fn empty_answers_keep_their_kind() {
        let q = query("example.org", Rtype::Mx);
        assert!(matches!(outcome(&q, &message(&q, OK, 0, b"")), Outcome::NoData(_)));
        assert!(matches!(outcome(&q, &message(&q, [0x81, 0x83], 0, b"")), Outcome::NxDomain(_)));
        let failed = |flags| outcome(&q, &message(&q, flags, 0, b"")).failure();
        assert_eq!(failed([0x81, 0x82]), Some(Failure::ServFail));
        assert_eq!(failed([0x81, 0x85]), Some(Failure::Refused));
        assert_eq!(failed([0x81, 0x84]), Some(Failure::Rcode(4)));
        assert_eq!(failed([0x83, 0x80]), Some(Failure::Truncated), "cut and empty is no NODATA");
        assert_eq!(failed([0x83, 0x82]), Some(Failure::ServFail), "an error is whole without records");
    }

    #[test]
    fn a_referral_is_never_no_data() {
        let q = query("example.org", Rtype::Mx);
        let referred = |flags: [u8; 2], records: &[u8], count: u8| {
            let mut octets = message(&q, flags, 0, records);
            octets[9] = count;
            outcome(&q, &octets)
        };
        let ns = record_of(2, 60, b"\x02ns\xc0\x0c");
        let soa = record_of(6, 60, b"\0\0\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\0\0\x3c");
        assert_eq!(referred(OK, &ns, 1).failure(), Some(Failure::Referral));
        assert!(matches!(referred(OK, &[ns.clone(), soa].concat(), 2), Outcome::NoData(_)), "NODATA, type 1");
        assert!(matches!(referred([0x81, 0x83], &ns, 1), Outcome::NxDomain(_)), "NXDOMAIN, type 3");
        let alias = record(Rtype::Cname, 60, b"\x01a\xc0\x0c");
        let mut octets = message(&q, OK, 1, &[alias, ns].concat());
        octets[9] = 1;
        assert_eq!(outcome(&q, &octets).failure(), Some(Failure::Referral), "behind an alias too");
    }

    #[test]
    fn what_the_resolver_calls_its_own_is_no_answer_of_the_zone() {
        let q = query("example.org", Rtype::A);
        let address = record(Rtype::A, 60, &[0, 0, 0, 0]);
        for (flags, count, records) in [(OK, 1, &address[..]), (OK, 0, &[]), ([0x81, 0x83], 0, &[])] {
            for (code, failure) in [(4, true), (15, true), (16, true), (17, true), (3, false), (29, false)] {
                let error = [0, 0, 0x29, 4, 0xd0, 0, 0, 0, 0, 0, 6, 0, 15, 0, 2, 0, code];
                let mut octets = message(&q, flags, count, &[records, &error].concat());
                octets[11] = 1;
                let failed = outcome(&q, &octets).failure();
                assert_eq!(failed, failure.then_some(Failure::Filtered), "{flags:?} {code}");
            }
        }
    }

    #[test]
    fn a_cut_answer_counts_for_nothing() {
        let q = query("example.org", Rtype::Txt);
        let octets = message(&q, [0x83, 0x80], 1, &record(Rtype::Txt, 300, b"\x05other"));
        assert_eq!(outcome(&q, &octets).failure(), Some(Failure::Truncated), "the SPF record may be missing");
    }

    #[test]
    fn compact_denial_of_a_name_is_nxdomain() {
        let q = query("gone.example", Rtype::Txt);
        let denied = |types: &[u8]| {
            let mut nsec = b"\x01\0\x04gone\x07example\0".to_vec();
            nsec.extend(types);
            let mut octets = message(&q, OK, 0, &record_of(47, 60, &nsec));
            octets[9] = 1;
            outcome(&q, &octets)
        };
        let nxname = [0, 17, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80];
        assert!(matches!(denied(&nxname), Outcome::NxDomain(_)), "RRSIG NSEC NXNAME");
        assert!(matches!(denied(&nxname[..2]), Outcome::NoData(_)), "cut short");
        assert!(matches!(denied(&[0, 6, 0, 0, 0, 0, 0, 3]), Outcome::NoData(_)), "an empty non-terminal");
    }

    #[test]
    fn an_answer_to_something_else_is_no_answer() {
        let q = query("example.org", Rtype::Mx);
        let other = message(&query("example.net", Rtype::Mx), OK, 0, b"");
        assert_eq!(outcome(&q, &other).failure(), Some(Failure::WrongQuestion));
        let other = message(&query("example.org", Rtype::A), OK, 0, b"");
        assert_eq!(outcome(&q, &other).failure(), Some(Failure::WrongQuestion));
        let upper = message(&query("EXAMPLE.org", Rtype::Mx), OK, 0, b"");
        assert_eq!(outcome(&q, &upper).failure(), None, "case is not a difference");
    }

    #[test]
    fn a_name_may_hold_any_octet() {
        for octet in 0..=u8::MAX {
            let label = match octet {
                b'.' | b'\\' => format!("\\{}", char::from(octet)),
                0x21..=0x7e => char::from(octet).to_string(),
                _ => format!("\\{octet:03}"),
            };
            let q = query(&format!("a{label}b.example.org"), Rtype::A);
            let asked = [&[3, b'a', octet.to_ascii_lowercase(), b'b'], &b"\x07example\x03org\0"[..]].concat();
            assert_eq!(question(&q).unwrap()[12..][..asked.len()], asked, "{}", q.name);
            let head = [0, 0, OK[0], OK[1], 0, 1, 0, 1, 0, 0, 0, 0];
            let answer = record(Rtype::A, 60, &[192, 0, 2, 1]);
            let octets = [&head[..], &asked, &[0, 1, 0, 1], &answer].concat();
            assert_eq!(outcome(&q, &octets).records().len(), 1, "{}", q.name);
        }
    }

    #[test]
    fn records_of_another_type_are_not_the_answer() {
        let q = query("example.org", Rtype::Mx);
        let other = record(Rtype::A, 60, &[192, 0, 2, 1]);
        for flags in [OK, [0x81, 0x83]] {
            let octets = message(&q, flags, 1, &other);
            assert_eq!(outcome(&q, &octets).failure(), Some(Failure::WrongType), "{flags:?}");
        }
        let both = [other, record(Rtype::Mx, 60, b"\0\x0a\x02mx\xc0\x0c")].concat();
        assert_eq!(outcome(&q, &message(&q, OK, 2, &both)).records().len(), 1, "what was asked for is there");
    }

    #[test]
    fn the_right_type_at_another_name_is_not_the_answer() {
        let q = query("example.org", Rtype::A);
        let stray = b"\x01b\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\xc0\0\x02\x01";
        assert_eq!(outcome(&q, &message(&q, OK, 1, stray)).failure(), Some(Failure::WrongType));
        let alias = b"\x01b\xc0\x0c\0\x05\0\x01\0\0\0\x3c\0\x02\xc0\x0c";
        assert_eq!(outcome(&q, &message(&q, OK, 1, alias)).failure(), Some(Failure::WrongType));
    }

    #[test]
    fn an_alias_to_a_name_without_the_type_is_no_data() {
        let q = query("www.example", Rtype::Mx);
        let alias = record(Rtype::Cname, 60, b"\x01a\xc0\x10");
        let signed = [alias.clone(), record_of(46, 60, b"signature")].concat();
        let made = [record_of(39, 60, b"\x01a\xc0\x10"), alias.clone()].concat();
        for (count, raw) in [(1, &alias), (2, &signed), (2, &made)] {
            let Outcome::NoData(negative) = outcome(&q, &message(&q, OK, count, raw)) else {
                panic!("no NODATA of {raw:?}")
            };
            assert_eq!(negative.chain, [Name::parse("www.example").unwrap()]);
        }
        let gone = outcome(&q, &message(&q, [0x81, 0x83], 1, &alias));
        assert!(matches!(gone, Outcome::NxDomain(_)), "the target does not exist");
    }

    #[test]
    fn extended_errors_are_kept() {
        let q = query("example.org", Rtype::Mx);
        let mut octets =
            message(&q, [0x81, 0x82], 0, b"\0\0\x29\x04\xd0\0\0\x80\0\0\x0a\0\x0f\0\x06\0\x06oops");
        octets[11] = 1;
        let Outcome::Failed(failed) = outcome(&q, &octets) else { panic!("no failure") };
        assert_eq!(failed.failure, Failure::ServFail);
        assert_eq!(failed.meta.ede, [Ede { code: 6, text: "oops".into() }]);
    }

    #[test]
    fn every_cut_of_a_good_message_is_a_failure_or_an_answer() {
        let q = query("example.org", Rtype::Txt);
        let octets = message(&q, OK, 1, &record(Rtype::Txt, 300, b"\x03v=s\x04pf1 "));
        for end in 0..octets.len() {
            assert_eq!(outcome(&q, &octets[..end]).failure(), Some(Failure::Malformed), "cut at {end}");
        }
    }
}
