//! What a check writes down.

use super::{Finding, Level};
use crate::{
    bounds,
    cx::Cx,
    dns::{Name, Outcome, Query, Rtype},
    view::wildcard,
    visible::publishable,
};

impl Cx<'_> {
    /// Writes a finding down, with what the current section asked as its evidence. What is to be published or removed is
    /// named where it stands, which is not at a name that is an alias; and what nobody sees in an old record is not published
    /// anew.
    pub fn found(&self, findings: &mut Findings, mut finding: Finding) {
        finding.evidence = self.evidence();
        if let Some(mut fix) = finding.fix.take() {
            for text in &mut fix.publish {
                *text = publishable(text).into_owned();
            }
            let text = matches!(fix.rtype, Rtype::Txt | Rtype::Mx);
            // An alias that goes with the same change leads nowhere afterwards.
            let goes = finding.also.iter().any(|also| also.rtype == Rtype::Cname && also.owner == fix.owner);
            let known = self.known(&Query::new(fix.owner.clone(), fix.rtype)).filter(|_| text && !goes);
            finding.fix = match known {
                Some(outcome) if !self.is_wild(&fix.owner, outcome) => fix.behind_alias(outcome),
                _ => Some(fix),
            };
        }
        findings.push(finding);
    }

    /// Whether the alias at `owner` is that of a wildcard: what is published at the name itself goes before it. What tells
    /// is asked here, for only then the answer is the same whatever other checks have asked before.
    fn is_wild(&self, owner: &Name, outcome: &Outcome) -> bool {
        let Some(parent) = owner.parent().filter(|_| !outcome.chain().is_empty()) else { return false };
        matches!(wildcard::behind(self, &parent, outcome), Ok(Some(_)))
    }
}

/// The findings of one run of one check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Keeps a finding, unless there are [`bounds::FINDINGS_ALIKE`] already of its code about the same thing, or from the
    /// same list: then it is counted with the last of those, whose place it takes if it is graver.
    fn push(&mut self, finding: Finding) {
        let mut alike = self.0.iter_mut().filter(|known| known.is_like(&finding));
        match alike.nth(bounds::FINDINGS_ALIKE - 1) {
            None => self.0.push(finding),
            Some(last) => {
                let more = last.more + 1;
                if finding.level < last.level {
                    *last = finding;
                }
                last.more = more;
            }
        }
    }

    /// Everything found, in the order of finding.
    #[must_use]
    pub fn all(&self) -> &[Finding] {
        &self.0
    }

    /// Whether something of this level was found.
    #[must_use]
    pub fn has(&self, level: Level) -> bool {
        self.0.iter().any(|finding| finding.level == level)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Code;

    fn finding(subject: &str, level: Level) -> Finding {
        Finding::new(Code::Spf340, &Name::parse(subject).unwrap()).rated(level, 1)
    }

    #[test]
    fn of_findings_alike_a_few_are_kept_and_the_gravest_among_them() {
        let mut findings = Findings::default();
        for _ in 0..500 {
            findings.push(finding("a.example", Level::Unknown));
            findings.push(finding("b.example", Level::Unknown));
        }
        findings.push(finding("a.example", Level::Stops));
        assert_eq!(findings.all().len(), 2 * bounds::FINDINGS_ALIKE);
        let counted: usize = findings.all().iter().map(|finding| 1 + finding.more).sum();
        assert_eq!(counted, 1001);
        assert!(findings.has(Level::Stops));
    }

    #[test]
    fn findings_of_different_lists_are_not_alike() {
        let mut findings = Findings::default();
        for list in 0..50 {
            findings.push(finding("a.example", Level::Pass).of_list(&list.to_string()));
        }
        assert_eq!(findings.all().len(), 50);
    }
}
