//! Do other servers report encryption trouble to the domain?
//!
//! Objective: read the TLS reporting record (RFC 8460). It concerns mail coming in and never explains mail that does
//! not arrive; its absence is no fault. Procedure: TXT at `_smtp._tls.<domain>`.

use super::{
    Arg, Code, Cx, Finding, Findings,
    single::{keep_first, rewrite},
};
use crate::{
    dns::Rtype,
    facts::Step,
    record::tls_rpt::TlsRpt,
    view::{
        domain,
        published::Published,
        transport_security::{tls_rpt, tls_rpt_name},
    },
};

pub(super) fn run(cx: &Cx<'_>, findings: &mut Findings) -> Step<()> {
    let Some(domain) = &cx.target.domain else { return Ok(()) };
    let Some(name) = tls_rpt_name(domain) else { return Ok(()) };
    let gone = domain::is_gone(cx);
    cx.section(|| {
        let found = tls_rpt(cx, &name);
        if gone? {
            return Ok(());
        }
        let about = |code| Finding::new(code, domain).arg("domain", domain).arg("name", &name);
        let finding = match found? {
            Published::Nothing => about(Code::Tlr020),
            Published::Failed(failure) => about(Code::Tlr050).because(failure),
            Published::Several(texts) => {
                let finding = about(Code::Tlr040).arg("n", texts.len()).fix(keep_first(&name, &texts));
                texts
                    .iter()
                    .fold(finding, |finding, text| finding.label(&name, Rtype::Txt, text.as_str(), 0..0))
            }
            Published::One(text) => {
                let record = TlsRpt::parse(&text);
                match record.errors.first() {
                    Some(error) => {
                        let problem = Arg::key(error.kind.key());
                        let finding = about(Code::Tlr030).arg("problem", problem);
                        let finding = finding.label(&name, Rtype::Txt, text.as_str(), error.span.range());
                        match TlsRpt::repaired(&text) {
                            Some(mended) => finding.fix(rewrite(&name, &text, mended)),
                            None => finding,
                        }
                    }
                    None => about(Code::Tlr010).arg("addresses", Arg::list(&record.rua)).label(
                        &name,
                        Rtype::Txt,
                        text,
                        0..0,
                    ),
                }
            }
        };
        cx.found(findings, finding);
        Ok(())
    })
}
