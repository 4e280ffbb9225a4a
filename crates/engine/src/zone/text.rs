//! Lines of zone text.

use super::{Zone, ZoneError};
use crate::dns::{Ede, Failure, LookupFailure, Meta, Name, Outcome, Query, Rdata, Record, Rtype, Txt};

/// Reads zone text.
pub(super) fn read(text: &str) -> Result<Zone, ZoneError> {
    let mut reader = Reader { zone: Zone::default(), owner: Name::root(), origin: None, ttl: 3600 };
    for (index, line) in text.lines().enumerate() {
        let line = strip_comment(line);
        if line.trim().is_empty() {
            continue;
        }
        let read = match line.strip_prefix('$') {
            Some(directive) => reader.directive(directive),
            None => reader.entry(line),
        };
        read.map_err(|problem| ZoneError { line: index + 1, problem })?;
    }
    reader.zone.finish();
    Ok(reader.zone)
}

/// What was read so far, and what the lines above say of the next one. Errors are [`ZoneError::problem`].
struct Reader {
    zone: Zone,
    /// The name of the last line, which a line without a name repeats.
    owner: Name,
    /// `$ORIGIN`.
    origin: Option<Name>,
    /// `$TTL`.
    ttl: u32,
}

impl Reader {
    fn directive(&mut self, directive: &str) -> Result<(), &'static str> {
        match word(directive) {
            ("TTL", ttl) => self.ttl = ttl.trim().parse().map_err(|_| "not a TTL")?,
            ("ORIGIN", name) => self.origin = Some(Name::parse(name.trim()).map_err(|_| "not a name")?),
            _ => return Err("not a directive"),
        }
        Ok(())
    }

    fn entry(&mut self, line: &str) -> Result<(), &'static str> {
        let mut rest = line;
        if !line.starts_with([' ', '\t']) {
            let (name, tail) = word(line);
            self.owner = self.absolute(name).ok_or("not a name")?;
            rest = tail;
        }
        let (mut field, mut tail) = word(rest);
        let mut ttl = self.ttl;
        if let Ok(seconds) = field.parse() {
            ttl = seconds;
            (field, tail) = word(tail);
        }
        if field == "IN" {
            (field, tail) = word(tail);
        }
        let data = tail.trim();
        if field == "*" {
            return self.habit(data);
        }
        self.data(Rtype::from_mnemonic(field).ok_or("not a type")?, ttl, data)
    }

    /// What is said of every type, at the name and below it.
    fn habit(&mut self, data: &str) -> Result<(), &'static str> {
        let (owner, habits) = (self.owner.clone(), &mut self.zone.habits);
        if let Some(failure) = failure(data) {
            self.zone.failing.insert(owner, failure);
            return Ok(());
        }
        match first_word(data) {
            "SECURE" => habits.secure.push(owner),
            "COMPACT" => habits.compact.push(owner),
            "BOGUS" => habits.bogus.push((owner, None, bogus(data))),
            _ => return Err("'*' needs a failure or a habit"),
        }
        Ok(())
    }

    /// What is said of one type: data, or what stands in their place.
    fn data(&mut self, rtype: Rtype, ttl: u32, data: &str) -> Result<(), &'static str> {
        let owner = self.owner.clone();
        let query = Query::new(owner.clone(), rtype);
        self.zone.exists(&owner);
        if let Some(failure) = failure(data) {
            self.zone.known.insert(query, failure);
            return Ok(());
        }
        if first_word(data) == "BOGUS" {
            self.zone.habits.bogus.push((owner, Some(rtype), bogus(data)));
            return Ok(());
        }
        if let Some(code) = data.strip_prefix("EDE ") {
            let code = code.trim().parse().map_err(|_| "not an extended error")?;
            let known = self.zone.known.get_mut(&query).ok_or("no answer to add it to")?;
            known.meta_mut().ede.push(Ede { code, text: String::new() });
            return Ok(());
        }
        let data = rdata(rtype, data, &|name| self.absolute(name)).ok_or("not data of that type")?;
        self.zone.add(Record { owner, ttl, data }, rtype);
        Ok(())
    }

    /// The name that `text` stands for, relative to the origin if there is one and no dot ends it.
    fn absolute(&self, text: &str) -> Option<Name> {
        match &self.origin {
            Some(origin) if text == "@" => Some(origin.clone()),
            Some(origin) if !text.ends_with('.') => origin.under(text).ok(),
            _ => Name::parse(text).ok(),
        }
    }
}

fn first_word(data: &str) -> &str {
    data.split_ascii_whitespace().next().unwrap_or_default()
}

/// `BOGUS` with the number of the extended error, if another than 6.
fn bogus(data: &str) -> Outcome {
    let code = data.split_ascii_whitespace().nth(1).and_then(|code| code.parse().ok()).unwrap_or(6);
    failed(Failure::ServFail, Some(code))
}

fn failed(failure: Failure, code: Option<u16>) -> Outcome {
    let ede = code.map(|code| Ede { code, text: String::new() }).into_iter().collect();
    Outcome::Failed(LookupFailure { failure, meta: Meta { ede, ..Meta::default() } })
}

fn failure(data: &str) -> Option<Outcome> {
    let (word, code) = word(data);
    let failure = match word {
        "SERVFAIL" => Failure::ServFail,
        "REFUSED" => Failure::Refused,
        "TIMEOUT" => Failure::TimedOut,
        "NETWORK" => Failure::Network,
        _ => return None,
    };
    let code = code.trim();
    if code.is_empty() {
        Some(failed(failure, None))
    } else {
        Some(failed(failure, Some(code.parse().ok()?)))
    }
}

fn strip_comment(line: &str) -> &str {
    let mut quoted = false;
    let mut escaped = false;
    for (index, c) in line.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => return &line[..index],
            _ => {}
        }
    }
    line
}

fn word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    text.split_once([' ', '\t']).unwrap_or((text, ""))
}

/// The data of one record, and nothing behind them.
pub(super) fn data(rtype: Rtype, text: &str) -> Option<Rdata> {
    let fields = match rtype {
        Rtype::Txt | Rtype::Spf => None,
        Rtype::Mx => Some(2),
        Rtype::Srv | Rtype::Tlsa => Some(4),
        Rtype::Caa => Some(3),
        Rtype::Soa | Rtype::Ds | Rtype::Dnskey => return None,
        Rtype::A | Rtype::Aaaa | Rtype::Cname | Rtype::Ns | Rtype::Ptr => Some(1),
    };
    if fields.is_some_and(|fields| text.split_ascii_whitespace().count() != fields) {
        return None;
    }
    rdata(rtype, text, &|name| Name::parse(name).ok())
}

fn rdata(rtype: Rtype, text: &str, name: &dyn Fn(&str) -> Option<Name>) -> Option<Rdata> {
    let mut fields = text.split_ascii_whitespace();
    let mut next = || fields.next();
    Some(match rtype {
        Rtype::A => Rdata::A(text.parse().ok()?),
        Rtype::Aaaa => Rdata::Aaaa(text.parse().ok()?),
        Rtype::Cname => Rdata::Cname(name(text)?),
        Rtype::Ns => Rdata::Ns(name(text)?),
        Rtype::Ptr => Rdata::Ptr(name(text)?),
        Rtype::Mx => Rdata::Mx { preference: next()?.parse().ok()?, exchange: name(next()?)? },
        Rtype::Txt | Rtype::Spf => Rdata::Txt(strings(text)?),
        Rtype::Soa => {
            let (primary, mailbox) = (name(next()?)?, name(next()?)?);
            let serial = next()?.parse().ok()?;
            // The last field is the minimum, whether or not the timers before it are written down.
            Rdata::Soa { primary, mailbox, serial, minimum: fields.next_back()?.parse().ok()? }
        }
        Rtype::Srv => Rdata::Srv {
            priority: next()?.parse().ok()?,
            weight: next()?.parse().ok()?,
            port: next()?.parse().ok()?,
            target: name(next()?)?,
        },
        Rtype::Tlsa => Rdata::Tlsa {
            usage: next()?.parse().ok()?,
            selector: next()?.parse().ok()?,
            matching: next()?.parse().ok()?,
            data: hex(next()?)?,
        },
        Rtype::Caa => Rdata::Caa {
            flags: next()?.parse().ok()?,
            tag: next()?.to_owned(),
            value: next()?.trim_matches('"').to_owned(),
        },
        Rtype::Ds => Rdata::Ds {
            key_tag: next()?.parse().ok()?,
            algorithm: next()?.parse().ok()?,
            digest: next()?.parse().ok()?,
        },
        Rtype::Dnskey => Rdata::Dnskey { flags: next()?.parse().ok()?, algorithm: next()?.parse().ok()? },
    })
}

fn hex(text: &str) -> Option<Vec<u8>> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

fn strings(text: &str) -> Option<Txt> {
    if !text.starts_with('"') {
        return Some(Txt::new([text.as_bytes()]));
    }
    let mut strings: Vec<Vec<u8>> = Vec::new();
    let mut octets = text.bytes();
    while let Some(octet) = octets.next() {
        match octet {
            b' ' | b'\t' => continue,
            b'"' => {}
            _ => return None,
        }
        let mut string = Vec::new();
        loop {
            match octets.next()? {
                b'"' => break,
                b'\\' => match octets.next()? {
                    digit @ b'0'..=b'9' => {
                        let mut number = u16::from(digit - b'0');
                        for _ in 0..2 {
                            number = number * 10 + u16::from(octets.next()?.checked_sub(b'0')?);
                        }
                        string.push(u8::try_from(number).ok()?);
                    }
                    other => string.push(other),
                },
                other => string.push(other),
            }
        }
        strings.push(string);
    }
    Some(Txt::new(strings.iter().map(Vec::as_slice)))
}
