//! Names that terms speak of, and the text for those who are refused (RFC 7208 sections 6.2 and 7).

use std::borrow::Cow;

use super::Evaluator;
use crate::{
    dns::{Name, Outcome, Rtype},
    record::spf::{DomainSpec, Letter, Piece, TermKind, pieces},
    spf::{macros::Values, target},
};

/// A name to ask about.
pub(super) enum LookupName {
    Name(Name),
    /// No question can be asked about it.
    Impossible,
    /// It depends on an answer that is awaited.
    Unknown,
}

impl<'a> Evaluator<'a, '_> {
    /// The name a term speaks of: its own, expanded, or that of the record.
    pub(super) fn target(&mut self, at: usize, spec: Option<DomainSpec>, text: &'a str) -> LookupName {
        let Some(spec) = spec else { return LookupName::Name(self.done.records[at].domain.clone()) };
        let written = spec.of(text);
        let name = if spec.has_macros {
            let mut expanded = std::mem::take(&mut self.scratch);
            expanded.clear();
            let known = self.expand(at, written, &mut expanded);
            let name = target::name(&expanded);
            self.scratch = expanded;
            if known.is_none() {
                return LookupName::Unknown;
            }
            name
        } else {
            target::name(written)
        };
        name.map_or(LookupName::Impossible, LookupName::Name)
    }

    /// Appends `text` with its macros expanded. `None` if it has errors or an answer is awaited.
    fn expand(&mut self, at: usize, text: &str, out: &mut String) -> Option<()> {
        let domain = self.done.records[at].domain.clone();
        let mut validated = None;
        for piece in pieces(text) {
            match piece.ok()? {
                Piece::Literal(literal) => out.push_str(literal),
                Piece::Percent => out.push('%'),
                Piece::Blank => out.push(' '),
                Piece::UrlBlank => out.push_str("%20"),
                Piece::Expand(expand) => {
                    if expand.letter == Letter::ValidatedName && validated.is_none() {
                        validated = Some(self.validated_name(&domain)?);
                    }
                    let values = Values {
                        ip: self.ip,
                        local_part: self.input.local_part,
                        sender_domain: self.input.domain,
                        helo: self.input.helo,
                        receiver: self.input.receiver,
                        time: self.input.time,
                        domain: domain.as_str(),
                        validated: validated.as_deref().unwrap_or_default(),
                    };
                    values.push(&expand, out);
                }
            }
        }
        Some(())
    }

    /// The explanation of the record that refused (section 6.2). Whatever is wrong with it, the result stands.
    pub(super) fn explanation(&mut self) -> Option<String> {
        let at = self.refused_by?;
        let visited = &self.done.records[at];
        let Cow::Borrowed(text) = visited.text else { return None };
        let spec = visited.record.terms.iter().find_map(|term| match term.kind {
            TermKind::Explanation(spec) => Some(spec),
            _ => None,
        })?;
        let LookupName::Name(name) = self.target(at, Some(spec), text) else { return None };
        let Outcome::Records(answer) = self.ask(name, Rtype::Txt)? else { return None };
        let [record] = answer.records.as_slice() else { return None };
        let octets = record.data.txt()?.octets();
        if !octets.iter().all(|octet| (0x20..=0x7e).contains(octet)) {
            return None;
        }
        let mut explanation = String::new();
        self.expand(at, std::str::from_utf8(octets).ok()?, &mut explanation)?;
        Some(explanation)
    }
}
