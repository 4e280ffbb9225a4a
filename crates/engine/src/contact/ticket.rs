//! The message: who, what, since when, codes, evidence, what has been ruled out, what is asked for.

use super::{
    Case, Party, Wishes,
    mask::{hidden, masked},
    party::{claimed, contact, listing, owner, recipient_domain},
};
use crate::{
    bounce::{self, Fact, FactKind, Kind, Now, Reading, Verdict},
    check::{Arg, Args, CheckId, Code, FindingText, Level, Subject},
    checklist::ChecklistStep,
    dns::Rtype,
    input::limits::Field,
    knowledge::Role,
    message::Date,
    report::{CheckReport, FindingReport, Report},
    report_text, steps,
    text::{Catalog, Plural},
    visible::{visible, visible_lines},
};

/// Problems that are told; more are not read.
const MOST_PROBLEMS: usize = 6;
/// Lines of evidence for each, to whoever can mend it.
const MOST_EVIDENCE: usize = 3;
/// Things ruled out, or not known, that are told.
const MOST_OTHERS: usize = 12;
/// Characters of the error that are quoted.
const MOST_QUOTED: usize = 700;
/// Lines of it.
const MOST_LINES: usize = 8;

/// A message that is ready to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticket {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// To whom, where an address is known.
    pub to: Option<String>,
}

/// Since when, as the error says it.
#[must_use]
pub fn prefilled(
    reading: &Reading,
    local: &dyn Fn(i64) -> String,
    catalog: &Catalog,
    plural: Plural,
) -> String {
    let Some(time) = reading.facts.iter().find(|fact| fact.kind == FactKind::Time) else {
        return String::new();
    };
    match Date::parse(&time.value) {
        Some(date) if date.offset.is_some() => moment(date.unix, local, catalog, plural),
        // Whose clock that was is not said.
        _ => time.value.clone(),
    }
}

/// A point in time in universal time and as the user's clock shows it.
fn moment(unix: i64, local: &dyn Fn(i64) -> String, catalog: &Catalog, plural: Plural) -> String {
    let (year, month, day, hour, minute, _) = Date { unix, offset: Some(0) }.civil();
    let utc = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02} UTC");
    let local = local(unix);
    if local == utc {
        return utc;
    }
    let mut args = Args::default();
    args.set("utc", utc.into());
    args.set("local", local.into());
    catalog.say("ticket.moment", &args, plural)
}

/// Writes the message for a party in the language of the catalog.
#[must_use]
#[inline(never)]
pub fn ticket(
    party: &Party,
    case: &Case<'_>,
    wishes: &Wishes<'_>,
    catalog: &Catalog,
    plural: Plural,
) -> Ticket {
    let verdict = case.reading.and_then(|reading| reading.verdicts.first());
    let mut hidden = case.reading.map(|reading| hidden(&reading.facts)).unwrap_or_default();
    // Whoever it is written to may be named.
    if *party == Party::Postmaster
        && let Some(domain) = recipient_domain(case)
    {
        hidden.retain(|name| *name != domain);
    }
    let mut writer = Writer { out: String::new(), party, case, wishes, catalog, plural, verdict, hidden };
    writer.write();
    let keys = wishes.keys;
    Ticket {
        subject: keys.redact(&visible(&writer.subject())),
        body: keys.redact(&writer.out),
        to: contact(party, case).address,
    }
}

struct Writer<'a> {
    out: String,
    party: &'a Party,
    case: &'a Case<'a>,
    wishes: &'a Wishes<'a>,
    catalog: &'a Catalog,
    plural: Plural,
    /// What the error says.
    verdict: Option<&'a Verdict>,
    /// Names that are left out.
    hidden: Vec<String>,
}

impl Writer<'_> {
    fn write(&mut self) {
        let name = contact(self.party, self.case).name;
        let hello = match name.filter(|_| *self.party != Party::Postmaster) {
            Some(name) => self.with(&format!("ticket.hello.{}", self.party.as_str()), "name", name.into()),
            None => self.of_party("hello.anybody"),
        };
        self.line(&hello);
        self.line("");
        let lead = self.filled("lead");
        self.line(&lead);
        self.who();
        let since = Field::Line.part(self.wishes.since).trim().to_owned();
        let since = if since.is_empty() { self.say("ticket.gap") } else { since };
        self.head("ticket.since");
        self.item(&since);
        self.error();
        self.claims();
        if let Some(report) = self.case.report {
            self.found(report);
            self.unknown(report);
            self.clean(report);
        }
        self.done();
        self.head("ticket.ask");
        let mut asked = self.filled("ask");
        if self.unnamed().is_some() {
            let name = self.filled_in("ticket.ask.owner.ptr");
            asked = format!("{name}\n{asked}");
        }
        for line in asked.lines() {
            self.item(line);
        }
        self.line("");
        let end = self.say("ticket.end");
        for line in end.lines() {
            self.line(line);
        }
    }

    fn subject(&self) -> String {
        let subject = self.filled("subject");
        match self.code() {
            Some(code) => format!("{subject} ({code})"),
            None => subject,
        }
    }

    /// What is wrong with the name of the address, where its owner is asked to mend that.
    fn unnamed(&self) -> Option<&FindingReport> {
        if *self.party != Party::AddressOwner {
            return None;
        }
        let ip = owner(self.case)?.ip;
        let codes = [Code::Ptr030, Code::Ptr050, Code::Ptr070, Code::Ptr080];
        let mut findings = self.case.report?.findings().map(|(_, finding)| finding);
        findings.find(|finding| codes.contains(&finding.code) && finding.subject == Subject::from(ip))
    }

    /// The name that the address is to have, as far as one is known that leads to it.
    fn wanted_name(&self) -> Option<String> {
        let fix = self.unnamed()?.fix.as_ref().filter(|fix| fix.rtype == Rtype::Ptr);
        let proposed = fix.and_then(|fix| fix.publish.first().cloned());
        proposed.or_else(|| self.fact(FactKind::Helo).map(|fact| fact.value.clone()))
    }

    /// A text of the party with what it is about.
    fn filled(&self, what: &str) -> String {
        self.filled_in(&format!("ticket.{what}.{}", self.party.as_str()))
    }

    /// The text under `key` with what the message is about.
    fn filled_in(&self, key: &str) -> String {
        let mut args = Args::default();
        args.set("domain", self.domain().unwrap_or_else(|| self.say("ticket.gap")).into());
        let subject = self.listed().or_else(|| self.address()).or_else(|| self.domain());
        args.set("subject", subject.unwrap_or_else(|| self.say("ticket.gap")).into());
        let list = contact(self.party, self.case).name;
        args.set("list", list.unwrap_or_else(|| self.say("ticket.gap")).into());
        let network = owner(self.case).and_then(|owner| owner.network.clone());
        args.set("network", network.unwrap_or_else(|| self.say("ticket.gap")).into());
        args.set("host", self.wanted_name().unwrap_or_else(|| self.say("ticket.gap")).into());
        self.catalog.say(key, &args, self.plural)
    }

    fn of_party(&self, what: &str) -> String {
        let own = format!("ticket.{what}.{}", self.party.as_str());
        self.catalog.get(&own).map_or_else(|| self.say(&format!("ticket.{what}")), str::to_owned)
    }

    /// What is on the list.
    fn listed(&self) -> Option<String> {
        let Party::List(id) = self.party else { return None };
        let found = self.case.report.and_then(|report| listing(id, report));
        found.map(|finding| finding.subject.to_string()).or_else(|| claimed(self.case))
    }

    fn fact(&self, kind: FactKind) -> Option<&Fact> {
        self.case.reading?.facts.iter().find(|fact| fact.kind == kind)
    }

    /// The sender's domain.
    fn domain(&self) -> Option<String> {
        let run = self.case.report.and_then(|report| report.target.domain.as_ref());
        let run = run.map(ToString::to_string);
        run.or_else(|| self.fact(FactKind::Domain).map(|fact| fact.value.clone()))
    }

    /// The address that sends.
    fn address(&self) -> Option<String> {
        let of_owner = owner(self.case).filter(|_| *self.party == Party::AddressOwner).map(|owner| owner.ip);
        let run = of_owner.or_else(|| self.case.report?.sending.ips().next()).map(|ip| ip.to_string());
        run.or_else(|| self.fact(FactKind::SendingIp).map(|fact| fact.value.clone()))
    }

    fn who(&mut self) {
        self.head("ticket.who");
        let gap = self.say("ticket.gap");
        let domain = self.domain().unwrap_or(gap);
        self.row("domain", &domain);
        if let Some(address) = self.address() {
            self.row("ip", &address);
        }
        if *self.party == Party::AddressOwner
            && let Some(owner) = owner(self.case)
        {
            let number = owner.number.map(|number| format!("AS{number}"));
            let of = [owner.network.clone(), number, owner.name.clone()];
            let of: Vec<String> = of.into_iter().flatten().collect();
            if !of.is_empty() {
                self.row("network", &of.join(", "));
            }
        }
        if let Some(helo) = self.fact(FactKind::Helo).map(|fact| fact.value.clone()) {
            self.row("helo", &helo);
        }
        if let Some(provider) = self.case.provider.filter(|_| *self.party != Party::Mailbox) {
            self.row("provider", &provider.name.clone());
        }
        for (kind, label) in [(FactKind::Sender, "sender"), (FactKind::Recipient, "recipient")] {
            let values: Vec<String> = self.case.reading.iter().flat_map(|reading| &reading.facts).fold(
                Vec::new(),
                |mut all, fact| {
                    if fact.kind == kind {
                        all.push(fact.value.clone());
                    }
                    all
                },
            );
            if values.is_empty() {
                continue;
            }
            let value = if self.wishes.third_parties {
                values.into_iter().take(3).collect::<Vec<_>>().join(", ")
            } else {
                self.say("ticket.left-out")
            };
            self.row(label, &value);
        }
        if let Some(by) = self.verdict.and_then(|verdict| verdict.provider.as_ref())
            && *self.party != Party::Postmaster
        {
            let by = by.name.clone();
            self.row("by", &by);
        }
        if let Some(host) = self.fact(FactKind::RemoteHost).map(|fact| fact.value.clone())
            && !matches!(self.party, Party::List(_) | Party::DnsHost)
        {
            let host = self.shown(&host);
            self.row("server", &host);
        }
    }

    /// The codes of the error.
    fn code(&self) -> Option<String> {
        let codes = self.verdict?.codes.as_ref()?;
        let parts = [codes.reply.map(|code| code.to_string()), codes.enhanced.map(|code| code.to_string())];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    }

    fn error(&mut self) {
        let Some((reading, verdict)) = self.case.reading.zip(self.verdict) else {
            // A listing and a record speak for themselves.
            if matches!(self.party, Party::Mailbox | Party::Postmaster) {
                let gap = self.say("ticket.gap.error");
                self.all("ticket.error", vec![gap]);
            }
            return;
        };
        self.head("ticket.error");
        if let Some(code) = self.code() {
            self.row("code", &code);
        }
        let said = self.catalog.say(&verdict.said.key, &verdict.said.args, self.plural);
        let said = self.shown(&said);
        self.row("meaning", &said);
        let quoted = self.shown(&quoted(reading, verdict));
        for line in quoted.lines().filter(|line| !line.trim().is_empty()).take(MOST_LINES) {
            self.line(&format!("> {}", line.trim_end()));
        }
    }

    /// What the error claims, and how that stands now.
    fn claims(&mut self) {
        let Some(report) = self.case.report else { return };
        let claims = self.case.reading.iter().flat_map(|reading| &reading.verdicts);
        let mut lines: Vec<String> = Vec::new();
        for claim in claims.flat_map(|verdict| &verdict.claims) {
            let (now, _) = bounce::now(claim, Some(report));
            if matches!(now, Now::NotChecked | Now::Running) {
                continue;
            }
            let mut said = self.say(&claim.kind.key());
            let about: Vec<&str> =
                claim.subject.as_deref().into_iter().chain(claim.list_name.as_deref()).collect();
            if !about.is_empty() {
                let about = self.shown(&about.join(", "));
                said = format!("{said} ({about})");
            }
            let own = format!("bounce.now.{}.{}", now.as_str(), claim.kind.as_str());
            let now = if self.catalog.get(&own).is_some() { own } else { now.key() };
            let now = self.say(&now);
            let mut args = Args::default();
            args.set("claim", said.into());
            args.set("now", now.into());
            let line = self.catalog.say("ticket.claim", &args, self.plural);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        self.all("ticket.claims", lines);
    }

    /// Whether a finding belongs into this message.
    fn concerns(&self, check: &CheckReport, finding: &FindingReport) -> bool {
        // Whom somebody wrote to is nobody else's business.
        if check.id == CheckId::Recipient && !self.wishes.third_parties && *self.party != Party::Postmaster {
            return false;
        }
        let trusted = [
            CheckId::Ptr,
            CheckId::Spf,
            CheckId::SpfSender,
            CheckId::Dkim,
            CheckId::Dmarc,
            CheckId::BlocklistAddress,
            CheckId::BlocklistDomain,
        ];
        match self.party {
            Party::Mailbox => true,
            Party::AddressOwner => {
                let about = owner(self.case).map(|owner| Subject::from(owner.ip));
                [CheckId::Ptr, CheckId::BlocklistAddress].contains(&check.id)
                    && about.as_ref() == Some(&finding.subject)
            }
            Party::DnsHost => check.step == ChecklistStep::Dns || finding.fix.is_some(),
            Party::List(id) => match finding.level {
                Level::Stops | Level::Improve => {
                    matches!(finding.args.get("id"), Some(Arg::Text(list)) if list == id)
                }
                _ => trusted.contains(&check.id),
            },
            Party::Postmaster => trusted.contains(&check.id) || check.id == CheckId::Recipient,
        }
    }

    fn found(&mut self, report: &Report) {
        let time = self.wishes.checked.map(|unix| moment(unix, self.wishes.local, self.catalog, self.plural));
        let head = match time {
            Some(time) => self.with("ticket.found.at", "time", time.into()),
            None => self.say("ticket.found"),
        };
        let causes: Vec<&FindingReport> = report
            .causes
            .iter()
            .filter(|&&place| {
                report
                    .checks
                    .get(place.0)
                    .zip(report.finding(place))
                    .is_some_and(|(check, finding)| self.concerns(check, finding))
            })
            .filter_map(|&place| report.finding(place))
            .collect();
        self.line("");
        self.line(&head);
        if causes.is_empty() {
            let nothing =
                self.say(if report.running { "ticket.found.stopped" } else { "ticket.found.nothing" });
            self.item(&nothing);
        }
        // Whoever cannot mend it needs no more than a proof.
        let mends = matches!(self.party, Party::List(_) | Party::DnsHost);
        let most = if mends { MOST_EVIDENCE } else { 1 };
        for finding in causes.into_iter().take(MOST_PROBLEMS) {
            let title = self.title(finding);
            self.item(&format!("{title} ({})", finding.code.id()));
            for label in finding.labels.iter().take(most) {
                self.line(&format!("    {} {}: {}", label.name, label.rtype, label.text));
            }
            for evidence in finding.evidence.iter().filter_map(|&at| report.evidence.get(at)).take(most) {
                let answer = report_text::answer(evidence, self.catalog, self.plural);
                self.line(&format!("    {} -> {answer}", evidence.query));
            }
            for fix in finding.also.iter().chain(&finding.fix).filter(|_| *self.party == Party::DnsHost) {
                for (key, texts) in [("ticket.remove", &fix.remove), ("ticket.publish", &fix.publish)] {
                    for text in texts {
                        let what = self.say(key);
                        self.line(&format!("    {what} {} {} {text}", fix.owner, fix.rtype));
                    }
                }
            }
        }
    }

    /// What could not be checked: said, so that nobody takes it for ruled out.
    fn unknown(&mut self, report: &Report) {
        let lines = self.titles(report, Level::Unknown, "ticket.unknown.lists");
        self.all("ticket.unknown", lines);
    }

    /// What passed.
    fn clean(&mut self, report: &Report) {
        let lines = self.titles(report, Level::Pass, "ticket.clean.lists");
        self.all("ticket.clean", lines);
    }

    /// Titles of one level, each once; the lists in one line.
    fn titles(&self, report: &Report, level: Level, key: &str) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        let mut lists: Vec<String> = Vec::new();
        for (check, finding) in report.findings() {
            if finding.level != level || !self.concerns(check, finding) {
                continue;
            }
            match finding.args.get("list") {
                Some(Arg::Text(list)) if finding.code != Code::Bl120 && !self.is_of_the_good(finding) => {
                    if !lists.contains(list) {
                        lists.push(list.clone());
                    }
                }
                _ => {
                    let title = self.title(finding);
                    if !lines.contains(&title) && lines.len() < MOST_OTHERS {
                        lines.push(title);
                    }
                }
            }
        }
        if !lists.is_empty() {
            let mut args = Args::default();
            args.set("n", lists.len().into());
            args.set("lists", Arg::list(lists));
            lines.push(self.catalog.say(key, &args, self.plural));
        }
        lines
    }

    /// Whether a finding is about a list of senders that are trusted, which blocks nobody.
    fn is_of_the_good(&self, finding: &FindingReport) -> bool {
        let id = match finding.args.get("id") {
            Some(Arg::Text(id)) => id.as_str(),
            _ => return false,
        };
        let list = self.case.knowledge.and_then(|knowledge| knowledge.blocklists.by_id(id));
        list.is_some_and(|list| list.role == Role::Allow)
    }

    fn title(&self, finding: &FindingReport) -> String {
        self.catalog.say(&finding.code.key(FindingText::Title), &finding.args, self.plural)
    }

    /// What the user has ticked off.
    fn done(&mut self) {
        let lines: Vec<String> =
            self.wishes.done.iter().filter_map(|key| self.catalog.get(&format!("{key}.title"))).fold(
                Vec::new(),
                |mut all, title| {
                    all.push(title.to_owned());
                    all
                },
            );
        self.all("ticket.done", lines);
    }

    /// `text` of the error as it may be shown.
    fn shown(&self, text: &str) -> String {
        if self.wishes.third_parties {
            return text.to_owned();
        }
        masked(text, &self.hidden, "[…]")
    }

    fn say(&self, key: &str) -> String {
        self.catalog.get(key).unwrap_or(key).to_owned()
    }

    fn with(&self, key: &str, name: &'static str, value: Arg) -> String {
        let mut args = Args::default();
        args.set(name, value);
        self.catalog.say(key, &args, self.plural)
    }

    fn row(&mut self, label: &str, value: &str) {
        let mut args = Args::default();
        args.set("what", self.say(&format!("ticket.label.{label}")).into());
        args.set("value", value.into());
        let row = self.catalog.say("ticket.row", &args, self.plural);
        self.item(&row);
    }

    fn all(&mut self, head: &str, lines: Vec<String>) {
        if lines.is_empty() {
            return;
        }
        self.head(head);
        for line in lines {
            self.item(&line);
        }
    }

    fn head(&mut self, key: &str) {
        let head = self.say(key);
        self.line("");
        self.line(&head);
    }

    fn item(&mut self, text: &str) {
        self.line(&format!("- {text}"));
    }

    /// One line, whatever strangers wrote into it.
    fn line(&mut self, line: &str) {
        steps::took(line.len());
        self.out.push_str(&visible(line));
        self.out.push('\n');
    }
}

/// Where the line begins that `at` stands in, or a place before it from which as much can be quoted: a line may be all of
/// the text.
fn line_start(text: &str, at: usize) -> usize {
    let mut from = at.saturating_sub(MOST_QUOTED / 2);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..at).unwrap_or_default();
    match before.rfind('\n') {
        Some(line) => from + line + 1,
        // The beginning of a word.
        None if from > 0 => from + before.find(' ').map_or(0, |blank| blank + 1),
        None => 0,
    }
}

/// The lines of the error that tell, as they stand there.
fn quoted(reading: &Reading, verdict: &Verdict) -> String {
    let text = reading.text.as_str();
    let spans = [verdict.span.clone(), verdict.codes.as_ref().map(|codes| codes.span.clone())];
    let spans: Vec<_> = spans.into_iter().flatten().filter(|span| !span.is_empty()).collect();
    let first = spans.iter().map(|span| span.start).min();
    let last = spans.iter().map(|span| span.end).max();
    let part = match (first, last) {
        (Some(first), Some(last)) if last - first <= MOST_QUOTED => {
            let start = line_start(text, first);
            let end = text.get(last..).and_then(|after| after.find('\n')).map_or(text.len(), |at| last + at);
            text.get(start..end).unwrap_or_default()
        }
        (Some(first), _) => text.get(first..).unwrap_or_default(),
        _ if matches!(reading.kind, Kind::Reply | Kind::Text) => text,
        _ => "",
    };
    visible_lines(part).chars().take(MOST_QUOTED).collect()
}
