//! The field for the port.

use super::{EnteredSettings, FieldFinding, FieldVerdict, SettingsContext, SettingsField, SettingsRemark};
use crate::text::Arg;

pub(super) fn judge(typed: &EnteredSettings, around: &SettingsContext<'_>) -> Vec<FieldFinding> {
    if typed.port.is_empty() {
        return Vec::new();
    }
    let known = around.ports(&typed.server);
    let best = known.first().map(|(port, _)| *port);
    // RFC 8314 section 3.3: encryption from the start is preferred.
    let usual = best.unwrap_or(465).to_string();
    let of = |verdict, remark| {
        FieldFinding::new(SettingsField::Port, verdict, remark).arg("text", typed.port.as_str())
    };
    let Some(port) = typed.port.parse::<u16>().ok().filter(|&port| port > 0) else {
        let short: String = typed.port.chars().take(20).collect();
        return vec![
            of(FieldVerdict::Wrong, SettingsRemark::PortIsNone).arg("text", short).suggest(Some(usual)),
        ];
    };
    let mut all: Vec<u16> = known.iter().map(|(port, _)| *port).collect();
    all.dedup();
    let judged = match port {
        _ if all.contains(&port) => of(FieldVerdict::Right, SettingsRemark::PortMatches),
        25 => of(FieldVerdict::Wrong, SettingsRemark::PortForServers).suggest(Some(usual)),
        143 | 993 => of(FieldVerdict::Wrong, SettingsRemark::PortOfImap).suggest(Some(usual)),
        110 | 995 => of(FieldVerdict::Wrong, SettingsRemark::PortOfPop).suggest(Some(usual)),
        80 | 443 => of(FieldVerdict::Wrong, SettingsRemark::PortOfWeb).suggest(Some(usual)),
        _ if !all.is_empty() => of(FieldVerdict::Doubtful, SettingsRemark::PortDiffers)
            .arg("ports", Arg::list(all))
            .suggest(Some(usual)),
        465 | 587 => of(FieldVerdict::Right, SettingsRemark::PortIsUsual),
        2525 => of(FieldVerdict::Doubtful, SettingsRemark::PortIsStandIn).suggest(Some("587")),
        _ => of(FieldVerdict::Doubtful, SettingsRemark::PortIsUnusual).suggest(Some(usual)),
    };
    vec![judged]
}
