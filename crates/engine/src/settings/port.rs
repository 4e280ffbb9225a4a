//! The field for the port.

use super::{Around, Field, Judged, Remark, Typed, Verdict};
use crate::text::Arg;

pub(super) fn judge(typed: &Typed, around: &Around<'_>) -> Vec<Judged> {
    if typed.port.is_empty() {
        return Vec::new();
    }
    let known = around.ports(&typed.server);
    let best = known.first().map(|(port, _)| *port);
    // RFC 8314 section 3.3: encryption from the start is preferred.
    let usual = best.unwrap_or(465).to_string();
    let of = |verdict, remark| Judged::new(Field::Port, verdict, remark).arg("text", typed.port.as_str());
    let Some(port) = typed.port.parse::<u16>().ok().filter(|&port| port > 0) else {
        let short: String = typed.port.chars().take(20).collect();
        return vec![of(Verdict::Wrong, Remark::PortIsNone).arg("text", short).suggest(Some(usual))];
    };
    let mut all: Vec<u16> = known.iter().map(|(port, _)| *port).collect();
    all.dedup();
    let judged = match port {
        _ if all.contains(&port) => of(Verdict::Right, Remark::PortMatches),
        25 => of(Verdict::Wrong, Remark::PortForServers).suggest(Some(usual)),
        143 | 993 => of(Verdict::Wrong, Remark::PortOfImap).suggest(Some(usual)),
        110 | 995 => of(Verdict::Wrong, Remark::PortOfPop).suggest(Some(usual)),
        80 | 443 => of(Verdict::Wrong, Remark::PortOfWeb).suggest(Some(usual)),
        _ if !all.is_empty() => {
            of(Verdict::Doubtful, Remark::PortDiffers).arg("ports", Arg::list(all)).suggest(Some(usual))
        }
        465 | 587 => of(Verdict::Right, Remark::PortIsUsual),
        2525 => of(Verdict::Doubtful, Remark::PortIsStandIn).suggest(Some("587")),
        _ => of(Verdict::Doubtful, Remark::PortIsUnusual).suggest(Some(usual)),
    };
    vec![judged]
}
