//! The way of a message: the servers it went through, when, and where it waited; and what else its header tells.

use crate::components::{
    h::{El, el, part},
    ui::Ui,
};
use mail_triage_browser::clock;
use mail_triage_engine::headers::{HeaderReading, Hop, MOST_HOPS, remarks as notable};

/// A longer way is folded.
const FOLDED: usize = 8;
/// Seconds that a whole bar stands for, where no wait is longer.
const FULL: i64 = 60;

/// The way; none if no server wrote a line.
pub fn way(ui: &Ui<'_>, header: &HeaderReading) -> Option<El> {
    if header.hops.is_empty() {
        return None;
    }
    let longest = header.hops.iter().filter_map(|hop| hop.delay).max().unwrap_or(0).max(FULL);
    let slowest = header.slowest();
    let hops = header.hops.iter().enumerate().map(|(at, one)| {
        let over = header.handed_over == Some(at);
        hop(ui, one, longest, slowest == Some(at), over).key(&at.to_string())
    });
    let list = part("ol", "hops").all(hops.collect());
    let count = header.hops.len();
    let list = if count > FOLDED {
        part("details", "evidence").with(el("summary").text(ui.count("header.way.all", count))).with(list)
    } else {
        list
    };
    let zone = header.hops.iter().rev().find_map(|hop| hop.time).map(|time| {
        let here =
            clock::time(millis(time.unix), &[("timeZoneName", "longOffset")], ui.state.words.language());
        // The date stands in front of the zone.
        let zone = here.find("GMT").map_or("", |at| &here[at..]).trim_end_matches([']', ')', ' ']);
        part("p", "note").text(ui.with("header.way.zone", "zone", zone))
    });
    Some(
        part("section", "way")
            .put("id", "way")
            .with(ui.el("h3", "header.way"))
            .with(part("ul", "marks lines").all(told(ui, header)))
            .with(list)
            .maybe(zone)
            .maybe(
                (count >= MOST_HOPS).then(|| part("p", "note").text(ui.count("header.way.more", MOST_HOPS))),
            ),
    )
}

/// The way in a few sentences: how long, where it waited, which clocks are wrong.
fn told(ui: &Ui<'_>, header: &HeaderReading) -> Vec<El> {
    let mut lines: Vec<El> = Vec::new();
    let mut line = |level: &'static str, text: String| {
        lines.push(
            el("li").key(&lines.len().to_string()).put("data-level", level).with(el("span").text(text)),
        );
    };
    let skewed: Vec<usize> =
        header.hops.iter().enumerate().filter(|(_, hop)| hop.skewed).map(|(at, _)| at).collect();
    if let Some(took) = header.took.filter(|&took| took >= 0) {
        let values = [("time", span(ui, took).into()), ("n", header.hops.len().into())];
        line("info", ui.state.words.with("header.way.took", values));
    }
    match header.slowest() {
        Some(at) => {
            let delay = header.hops[at].delay.unwrap_or_default();
            let values = [
                ("time", span(ui, delay).into()),
                ("a", before(ui, &header.hops, at).into()),
                ("b", taker(ui, &header.hops[at]).into()),
            ];
            line("improve", ui.state.words.with("header.way.slowest", values));
        }
        None if header.took.is_some() && skewed.is_empty() => line("pass", ui.say("header.way.quick")),
        None => {}
    }
    for at in skewed.into_iter().take(3) {
        let off = header.hops[at].delay.unwrap_or_default().saturating_abs();
        let values = [
            ("time", span(ui, off).into()),
            ("a", before(ui, &header.hops, at).into()),
            ("b", taker(ui, &header.hops[at]).into()),
        ];
        line("unknown", ui.state.words.with("header.way.skew", values));
    }
    lines
}

/// The server that took the message.
fn taker(ui: &Ui<'_>, hop: &Hop) -> String {
    hop.by.as_deref().map_or_else(|| ui.say("header.hop.unknown"), short)
}

/// The server that had it before.
fn before(ui: &Ui<'_>, hops: &[Hop], at: usize) -> String {
    let by = hops[..at].iter().rev().find(|hop| hop.time.is_some()).and_then(|hop| hop.by.as_deref());
    let by = by.or(hops[at].from_name.as_deref()).or(hops[at].helo.as_deref());
    by.map_or_else(|| ui.say("header.hop.unknown"), short)
}

/// A name as long as names are.
fn short(name: &str) -> String {
    name.chars().take(120).collect()
}

fn hop(ui: &Ui<'_>, hop: &Hop, longest: i64, slowest: bool, over: bool) -> El {
    let time = hop.time.map_or_else(
        || ui.say("header.hop.no-time"),
        |time| {
            let parts = [
                ("month", "short"),
                ("day", "numeric"),
                ("hour", "2-digit"),
                ("minute", "2-digit"),
                ("second", "2-digit"),
                ("hourCycle", "h23"),
            ];
            clock::time(millis(time.unix), &parts, ui.state.words.language())
        },
    );
    let mut who = part("div", "hop-who");
    let from = hop.from_name.as_deref().or(hop.helo.as_deref()).filter(|name| !name.is_empty());
    let ip = hop.from_ip.map(|ip| ip.to_string());
    if let Some(from) = from.map(short).or_else(|| ip.clone()) {
        let mut line = el("p")
            .with(part("span", "note").text(ui.say("header.hop.from")))
            .with(el("code").text(from.as_str()));
        if let Some(ip) = ip.filter(|ip| *ip != from) {
            line = line.text(" ").with(part("code", "note").text(ip));
        }
        who = who.with(line);
    }
    let by = part("span", "note").text(ui.say("header.hop.to"));
    who = who.with(el("p").with(by).with(el("code").text(taker(ui, hop))));
    let mut chips: Vec<El> = Vec::new();
    let mut chip = |key: &'static str| chips.push(part("span", "chip").key(key).text(ui.say(key)));
    if over {
        chip("header.hop.over");
    }
    if hop.signed_in {
        chip("header.hop.signed-in");
    }
    if hop.tls {
        chip("header.hop.tls");
    } else if over {
        chip("header.hop.no-tls");
    }
    if hop.internal {
        chip("header.hop.internal");
    }
    let protocols = ["SMTP", "LMTP", "HTTP", "MAPI"];
    if let Some(with) = hop.with.as_deref().map(str::to_ascii_uppercase)
        && with.len() <= 12
        && protocols.iter().any(|protocol| with.contains(protocol))
    {
        chips.push(part("span", "chip").key("with").text(with));
    }
    part("li", "hop")
        .flag("data-over", over)
        .with(part("p", "hop-time").text(time))
        .with(who.with(part("p", "hop-chips").all(chips)).maybe(waited(ui, hop, longest, slowest)))
}

/// How long it waited, in words and as a bar.
fn waited(ui: &Ui<'_>, hop: &Hop, longest: i64, slowest: bool) -> Option<El> {
    let delay = hop.delay?;
    let level = if hop.skewed {
        "unknown"
    } else if slowest {
        "improve"
    } else {
        "info"
    };
    let key = if hop.skewed { "header.hop.skewed" } else { "header.hop.waited" };
    let text = part("span", "note").text(ui.with(key, "time", span(ui, delay.saturating_abs())));
    // In thousandths of the longest; a wait of nothing is a thin line.
    let width = (delay.clamp(0, longest).saturating_mul(1000) / longest).max(6);
    let bar = el("rect").put("class", "delay-bar").put("height", "6").set("width", width.to_string());
    let bar = part("svg", "delay")
        .put("viewBox", "0 0 1000 6")
        .put("preserveAspectRatio", "none")
        .put("aria-hidden", "true")
        .with(bar);
    Some(part("div", "hop-wait").put("data-level", level).maybe((!hop.skewed).then_some(bar)).with(text))
}

#[allow(clippy::cast_precision_loss, reason = "a time of this millennium")]
fn millis(unix: i64) -> f64 {
    unix as f64 * 1000.0
}

/// A time in words, as exact as its length deserves.
pub fn span(ui: &Ui<'_>, seconds: i64) -> String {
    let n = |number: i64| u64::try_from(number).unwrap_or_default().into();
    let (key, a, b) = match seconds {
        ..60 => ("header.time.s", seconds, 0),
        60..3600 => ("header.time.ms", seconds / 60, seconds % 60),
        3600..172_800 => ("header.time.hm", seconds / 3600, seconds / 60 % 60),
        _ => ("header.time.dh", seconds / 86_400, seconds / 3600 % 24),
    };
    ui.state.words.with(key, [("a", n(a)), ("b", n(b))])
}

/// What else is worth a word; none if nothing is.
pub fn remarks(ui: &Ui<'_>, header: &HeaderReading) -> Option<El> {
    let lines: Vec<El> = notable(header)
        .into_iter()
        .map(|remark| {
            let text = ui.state.words.fill(&remark.kind.key(), &remark.args);
            el("li")
                .put("data-level", remark.level.as_str())
                .put("data-remark", remark.kind.as_str())
                .with(el("span").text(text))
        })
        .collect();
    let keyed: Vec<El> = lines.into_iter().enumerate().map(|(at, line)| line.key(&at.to_string())).collect();
    (!keyed.is_empty()).then(|| {
        part("section", "remarks")
            .with(ui.el("h3", "header.remarks"))
            .with(part("ul", "marks lines").all(keyed))
    })
}
