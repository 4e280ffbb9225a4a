//! What somebody looks at first who tries a change: the lookups of the SPF record, who may send by it, and what vouches for the
//! From line. Plain data of one run; two of them are held against each other.

use crate::{
    cx::Cx,
    dns::{Query, Rtype},
    facts::Ask,
    picture::{Pictures, judgement::RequestedPolicy},
    record::spf::{Mechanism, TermKind, parse},
    spf::{Selected, select},
};

/// So many terms are named; the others are counted.
pub const MOST_TERMS: usize = 20;

/// Who may send by the SPF record of a domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Senders {
    /// Not known: not looked up yet, or that failed.
    #[default]
    Unknown,
    /// There is no record.
    NoRecord,
    /// There are several records, so that none counts (RFC 7208 section 4.5).
    Several,
    /// What the record says. Untrusted.
    Named {
        /// Its terms as they are written, at most [`MOST_TERMS`].
        terms: Vec<String>,
        /// How many terms more there are.
        more: usize,
        /// What is said of everybody else: the term `all` or `redirect`.
        others: Option<String>,
    },
}

/// What is known of a domain by now. What is not known is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// Lookups that the SPF record takes of the ten that are allowed (RFC 7208 section 4.6.4).
    pub lookups: Option<usize>,
    /// Whether there may be more of them.
    pub at_least: bool,
    /// Who may send.
    pub senders: Senders,
    /// Whether SPF vouches for the From line where it passes (RFC 9989 section 5).
    pub spf_aligned: Option<bool>,
    /// Whether a signature of the domain's own does.
    pub dkim_aligned: Option<bool>,
    /// What the domain asks receivers to do.
    pub requested: Option<RequestedPolicy>,
}

impl Outlook {
    /// What is known by now of the domain that is asked about.
    #[must_use]
    pub fn of(cx: &Cx<'_>) -> Self {
        let Pictures { spf, judged } = Pictures::of(cx);
        let mut outlook = Self {
            lookups: spf.as_ref().filter(|tree| !tree.mistake).map(|tree| tree.lookups),
            at_least: spf.is_some_and(|tree| tree.at_least),
            ..Self::default()
        };
        if let Some(judged) = judged {
            outlook.spf_aligned = judged.spf_match.aligned;
            outlook.dkim_aligned = judged.dkim_match.aligned;
            outlook.requested = Some(judged.rule);
        }
        if let Some(domain) = &cx.target.domain
            && let Ok(outcome) = cx.ask(&Query::new(domain.clone(), Rtype::Txt))
        {
            outlook.senders = Senders::of(select(outcome));
        }
        outlook
    }
}

impl Senders {
    fn of(selected: Selected<'_>) -> Self {
        match selected {
            Selected::One(txt) => Self::named(&txt.text()),
            Selected::NoneAmongOthers | Selected::Nothing => Self::NoRecord,
            Selected::Several(_) => Self::Several,
            Selected::Failed(_) => Self::Unknown,
        }
    }

    fn named(text: &str) -> Self {
        let (mut terms, mut more, mut others) = (Vec::new(), 0, None);
        for term in parse(text).terms {
            let written = term.span.of(text).to_owned();
            match term.kind {
                TermKind::Directive(_, Mechanism::All) | TermKind::Redirect(_) => {
                    others.get_or_insert(written);
                }
                TermKind::Directive(..) if terms.len() < MOST_TERMS => terms.push(written),
                TermKind::Directive(..) => more += 1,
                TermKind::Explanation(_) | TermKind::Unknown { .. } | TermKind::Broken => {}
            }
        }
        Self::Named { terms, more, others }
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::{
        dns::{Failure, Name, Outcome},
        session::Session,
        target::{ListKeys, Target},
        zone::Zone,
    };

    fn outlook(records: &str) -> Outlook {
        let zone = Zone::parse(&format!("example.org. SOA ns. host. 1 1\n{records}")).unwrap();
        let target = Target::domain(Name::parse("example.org").unwrap());
        let mut session = Session::new(target, Rc::default(), ListKeys::default());
        while let Some(query) = session.poll_query() {
            session.answer(&query, zone.ask(&query).unwrap().clone());
        }
        Outlook::of(&session.cx())
    }

    #[test]
    fn who_may_send_is_what_the_record_names() {
        let found = outlook(
            "example.org. TXT \"v=spf1 mx ip4:11.22.33.0/24 ?a:x.example.org ~all\"\n\
             _dmarc.example.org. TXT \"v=DMARC1; p=reject\"\n",
        );
        let Senders::Named { terms, more, others } = found.senders else { panic!("{found:?}") };
        assert_eq!(
            (terms.as_slice(), more),
            (["mx", "ip4:11.22.33.0/24", "?a:x.example.org"].map(String::from).as_slice(), 0)
        );
        assert_eq!(others.as_deref(), Some("~all"));
        assert_eq!(found.lookups, Some(2));
        assert_eq!(found.spf_aligned, Some(true));
    }

    #[test]
    fn no_record_several_and_not_known_are_told_apart() {
        let two = outlook(
            "example.org. TXT \"v=spf1 mx -all\"
example.org. TXT \"v=spf1 a -all\"
",
        );
        assert_eq!((two.senders, two.lookups), (Senders::Several, None));
        assert_eq!(
            outlook(
                "example.org. TXT \"hello\"
"
            )
            .senders,
            Senders::NoRecord
        );
        let failed = Outcome::failed(Failure::ServFail);
        assert_eq!(Senders::of(select(&failed)), Senders::Unknown);
    }
}
