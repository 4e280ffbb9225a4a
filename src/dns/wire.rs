//! The wire format of DNS (RFC 1035 section 4), through the crate `domain`.
//!
//! [`question`] makes the octets of a query, [`outcome`] reads the octets of an answer. Neither can panic, whatever
//! the octets; what cannot be understood is a [`Failure`] and never an empty answer.

use domain::{
    base::{
        Message, MessageBuilder, Name as WireName, ParsedName, ParsedRecord, Rtype as WireRtype,
        iana::Class,
        opt::ExtendedError,
        rdata::{ParseRecordData, UnknownRecordData},
    },
    rdata::{A, Aaaa, Caa, Cname, Dnskey, Ds, Mx, Ns, Nsec, Ptr, Soa, Srv, Txt as WireTxt},
};

use super::{
    Answer, Ede, Failure, LookupFailure, Meta, Name, Negative, Outcome, Query, Rdata, Record, Rtype, Txt,
};

/// The type that no name has: a denial that lists it denies the name itself (RFC 9824 section 8).
const NXNAME: u16 = 128;

/// Aliases followed inside one answer before it counts as malformed.
const MAX_CHAIN: usize = 16;

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

type Octets<'a> = &'a [u8];

fn read(query: &Query, octets: &[u8], meta: &mut Meta) -> Result<Outcome, Failure> {
    let message = Message::from_slice(octets).map_err(|_| Failure::Malformed)?;
    let header = message.header();
    if !header.qr() {
        return Err(Failure::Malformed);
    }
    meta.authentic = header.ad();
    meta.truncated = header.tc();
    let mut rcode = u16::from(header.rcode().to_int());
    if let Some(opt) = message.opt() {
        rcode = opt.rcode(header).to_int();
        for error in opt.opt().iter::<ExtendedError<_>>().flatten() {
            meta.ede.push(Ede {
                code: error.code().to_int(),
                text: String::from_utf8_lossy(error.text_slice().unwrap_or_default()).into_owned(),
            });
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
    let answers: Vec<ParsedRecord<'_, [u8]>> = message
        .answer()
        .map_err(|_| Failure::Malformed)?
        .collect::<Result<_, _>>()
        .map_err(|_| Failure::Malformed)?;
    let (chain, owner) = follow(query, &answers)?;
    let mut records = Vec::new();
    for record in &answers {
        if record.rtype().to_int() == query.rtype.number() && record.class() == Class::IN {
            let at = name_of(&record.owner());
            if at == owner || query.rtype == Rtype::Cname && at == query.name {
                let ttl = record.ttl().as_secs();
                records.push(Record { owner: at, ttl, data: rdata(query.rtype, record)? });
            }
        }
    }
    if !records.is_empty() {
        return Ok(Outcome::Records(Answer { records, chain, meta: std::mem::take(meta) }));
    }
    if meta.truncated {
        return Err(Failure::Truncated);
    }
    let negative = Negative { chain, ttl: negative_ttl(message), meta: std::mem::take(meta) };
    Ok(if rcode == 3 || denied_compactly(message, &owner) {
        Outcome::NxDomain(negative)
    } else {
        Outcome::NoData(negative)
    })
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
fn follow(query: &Query, answers: &[ParsedRecord<'_, [u8]>]) -> Result<(Vec<Name>, Name), Failure> {
    let mut chain = Vec::new();
    let mut owner = query.name.clone();
    if query.rtype == Rtype::Cname {
        return Ok((chain, owner));
    }
    'walk: while chain.len() < MAX_CHAIN {
        for record in answers {
            if record.rtype() == WireRtype::CNAME && name_of(&record.owner()) == owner {
                let target = data::<Cname<ParsedName<Octets<'_>>>>(record)?;
                chain.push(std::mem::replace(&mut owner, name_of(target.cname())));
                continue 'walk;
            }
        }
        return Ok((chain, owner));
    }
    Err(Failure::Malformed)
}

fn negative_ttl(message: &Message<[u8]>) -> Option<u32> {
    message.authority().ok()?.flatten().find(|record| record.rtype() == WireRtype::SOA).and_then(|record| {
        let soa = data::<Soa<ParsedName<Octets<'_>>>>(&record).ok()?;
        Some(record.ttl().as_secs().min(soa.minimum().as_secs()))
    })
}

/// Whether the answer says by its signed denial that `name` does not exist although its rcode is NOERROR: an NSEC
/// record at the name itself that lists NXNAME (RFC 9824 section 2).
fn denied_compactly(message: &Message<[u8]>, name: &Name) -> bool {
    let Ok(authority) = message.authority() else { return false };
    authority.flatten().any(|record| {
        record.rtype() == WireRtype::NSEC
            && name_of(&record.owner()) == *name
            && data::<Nsec<Octets<'_>, ParsedName<Octets<'_>>>>(&record)
                .is_ok_and(|nsec| nsec.types().contains(WireRtype::from_int(NXNAME)))
    })
}

fn name_of(name: &ParsedName<Octets<'_>>) -> Name {
    Name::from_wire(&name.to_string())
}

fn data<'a, D: ParseRecordData<'a, [u8]>>(record: &ParsedRecord<'a, [u8]>) -> Result<D, Failure> {
    match record.to_record::<D>() {
        Ok(Some(record)) => Ok(record.into_data()),
        _ => Err(Failure::Malformed),
    }
}

fn rdata<'a>(rtype: Rtype, record: &ParsedRecord<'a, [u8]>) -> Result<Rdata, Failure> {
    type N<'a> = ParsedName<Octets<'a>>;
    Ok(match rtype {
        Rtype::A => Rdata::A(data::<A>(record)?.addr()),
        Rtype::Aaaa => Rdata::Aaaa(data::<Aaaa>(record)?.addr()),
        Rtype::Mx => {
            let mx = data::<Mx<N<'_>>>(record)?;
            Rdata::Mx { preference: mx.preference(), exchange: name_of(mx.exchange()) }
        }
        Rtype::Txt => {
            let txt = data::<WireTxt<Octets<'_>>>(record)?;
            Rdata::Txt(Txt::new(txt.iter()))
        }
        Rtype::Spf => {
            let raw = data::<UnknownRecordData<Octets<'_>>>(record)?;
            let txt = WireTxt::from_octets(*raw.data()).map_err(|_| Failure::Malformed)?;
            Rdata::Txt(Txt::new(txt.iter()))
        }
        Rtype::Cname => Rdata::Cname(name_of(data::<Cname<N<'_>>>(record)?.cname())),
        Rtype::Ns => Rdata::Ns(name_of(data::<Ns<N<'_>>>(record)?.nsdname())),
        Rtype::Ptr => Rdata::Ptr(name_of(data::<Ptr<N<'_>>>(record)?.ptrdname())),
        Rtype::Soa => {
            let soa = data::<Soa<N<'_>>>(record)?;
            Rdata::Soa {
                primary: name_of(soa.mname()),
                mailbox: name_of(soa.rname()),
                serial: soa.serial().into_int(),
                minimum: soa.minimum().as_secs(),
            }
        }
        Rtype::Srv => {
            let srv = data::<Srv<N<'_>>>(record)?;
            Rdata::Srv {
                priority: srv.priority(),
                weight: srv.weight(),
                port: srv.port(),
                target: name_of(srv.target()),
            }
        }
        Rtype::Tlsa => {
            // The typed form of the crate wants sized octets; the format is three octets and the rest (RFC 6698 2.1).
            let raw = data::<UnknownRecordData<Octets<'_>>>(record)?;
            match **raw.data() {
                [usage, selector, matching, ref data @ ..] => {
                    Rdata::Tlsa { usage, selector, matching, data: data.to_vec() }
                }
                _ => return Err(Failure::Malformed),
            }
        }
        Rtype::Caa => {
            let caa = data::<Caa<Octets<'_>>>(record)?;
            Rdata::Caa {
                flags: caa.flags().bits(),
                tag: caa.tag().to_string(),
                value: String::from_utf8_lossy(caa.value()).into_owned(),
            }
        }
        Rtype::Ds => {
            let ds = data::<Ds<Octets<'_>>>(record)?;
            Rdata::Ds { key_tag: ds.key_tag(), algorithm: ds.algorithm().to_int() }
        }
        Rtype::Dnskey => {
            let key = data::<Dnskey<Octets<'_>>>(record)?;
            Rdata::Dnskey { flags: key.flags(), algorithm: key.algorithm().to_int() }
        }
    })
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
    fn records_of_another_type_are_not_the_answer() {
        let q = query("example.org", Rtype::Mx);
        let octets = message(&q, OK, 1, &record(Rtype::A, 60, &[192, 0, 2, 1]));
        assert!(matches!(outcome(&q, &octets), Outcome::NoData(_)));
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
