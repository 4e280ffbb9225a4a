//! Whom to turn to, and where they are found.

use super::Case;
use crate::{
    bounce::{BounceVerdict, FactKind},
    check::{CheckId, Code, Level, Subject},
    checklist::ChecklistStep,
    dns::Name,
    knowledge::{self, ClaimKind, Knowledge, Provider},
    message,
    report::{FindingReport, Report},
    view::owner::{AddressOwner, NetworkKind},
};

words! {
    /// Somebody who can help. In locale keys every list has the same word.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum ContactParty {
        /// Who the mailbox is with.
        Mailbox = "mailbox",
        /// Who keeps the domain's records.
        DnsHost = "dns-host",
        /// Who owns the address that sends: a hoster, or an internet provider.
        AddressOwner = "owner",
        /// Who runs a list: an id of `blocklists.json`, empty for one that is not known.
        List(String) = "list",
        /// Who runs the recipient's server. Every domain has to take mail for `postmaster` (RFC 5321 section 4.5.1).
        Postmaster = "postmaster",
    }
}

impl ContactParty {
    /// A word that tells it from every other one.
    #[must_use]
    pub fn id(&self) -> String {
        match self {
            Self::List(id) => format!("list:{id}"),
            other => other.as_str().to_owned(),
        }
    }
}

/// Where somebody is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// Proper name.
    pub name: Option<String>,
    /// An address that takes mail about it.
    pub address: Option<String>,
    /// Pages, the most helpful first.
    pub pages: Vec<Page>,
}

/// A page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What it is for.
    pub kind: PageKind,
    /// Whose page, where it is not the party's own.
    pub name: Option<String>,
    /// Its address.
    pub url: String,
    /// Where that is known from.
    pub source: String,
    /// Year and month of that.
    pub date: String,
}

words! {
    /// What a page is for. The words are `contact.page.<word>`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum PageKind {
        /// Is the service working?
        Status = "status",
        /// Whom to ask.
        Support = "support",
        /// Its own help with errors.
        Troubleshooter = "troubleshooter",
        /// For those who send to its customers.
        Postmaster = "postmaster",
        /// Getting off its list.
        Delist = "delist",
        /// What its list says.
        Lookup = "lookup",
        /// Where the records are kept.
        Panel = "panel",
        /// Instructions.
        Help = "help",
        /// Its limits.
        Limits = "limits",
        /// Its instructions for SPF.
        Spf = "spf",
        /// Its instructions for DKIM.
        Dkim = "dkim",
        /// Its instructions for DMARC.
        Dmarc = "dmarc",
    }
    key "contact.page.{}"
}

/// Everybody who may help in this case, in a fixed order. Whoever owns the address that sends is among them where that is
/// not the mailbox provider. A list operator is among them for each list that was found to
/// hold an entry or that the error names; one that is not known stands in where there is none.
#[must_use]
pub fn parties(case: &Case<'_>) -> Vec<ContactParty> {
    let mut lists: Vec<String> = case.report.map(listings).unwrap_or_default();
    let claims =
        case.reading.iter().flat_map(|reading| &reading.verdicts).flat_map(|verdict| &verdict.claims);
    for list in claims.filter_map(|claim| claim.list.as_ref()) {
        if !lists.contains(list) {
            lists.push(list.clone());
        }
    }
    if lists.is_empty() {
        lists.push(String::new());
    }
    let mut parties = vec![ContactParty::Mailbox, ContactParty::DnsHost];
    parties.extend(owner(case).map(|_| ContactParty::AddressOwner));
    parties.extend(lists.into_iter().map(ContactParty::List));
    parties.push(ContactParty::Postmaster);
    parties
}

/// Who owns the address that sends, where that is nobody whose customers share it: of several addresses the one with the
/// gravest finding.
pub(super) fn owner<'a>(case: &Case<'a>) -> Option<&'a AddressOwner> {
    let report = case.report?;
    let apart = |owner: &&AddressOwner| !matches!(owner.kind, Some(NetworkKind::Provider(_)));
    let of = |subject: &Subject| report.views.owners.iter().find(|owner| Subject::from(owner.ip) == *subject);
    let troubled = report.causes.iter().filter_map(|&place| of(&report.finding(place)?.subject)).find(apart);
    troubled.or_else(|| report.views.owners.iter().find(apart))
}

/// The lists that hold an entry about the sender which matters, the gravest first.
#[must_use]
pub fn listings(report: &Report) -> Vec<String> {
    let mut lists: Vec<String> = Vec::new();
    for finding in report.causes.iter().filter_map(|&place| report.finding(place)) {
        if let (Code::Bl010 | Code::Bl020 | Code::Bl040, Some(listing)) =
            (finding.code, report.listing(finding))
            && !lists.contains(&listing.list.id)
        {
            lists.push(listing.list.id.clone());
        }
    }
    lists
}

/// How likely a finding must be the reason that mail does not arrive, 0 to 100, to decide to whom it is told.
const LIKELY: u8 = 25;

/// Who is the right one: the error says it, or else the gravest finding.
#[must_use]
pub fn suggested(case: &Case<'_>) -> ContactParty {
    let verdict = case.reading.and_then(|reading| reading.verdicts.first());
    if let Some(party) = verdict.and_then(|verdict| by_error(case, verdict)) {
        return party;
    }
    let Some(report) = case.report else { return ContactParty::Mailbox };
    let cause =
        report.causes.first().and_then(|&place| report.finding(place).zip(report.checks.get(place.0)));
    match cause {
        Some((finding, _)) if finding.code == Code::Bl010 || finding.code == Code::Bl020 => {
            ContactParty::List(listings(report).into_iter().next().unwrap_or_default())
        }
        Some((_, check)) if check.id == CheckId::Recipient => ContactParty::Postmaster,
        // Only whoever owns an address can name it, or get its network off a list.
        Some((finding, check)) if check.id == CheckId::Ptr || finding.code == Code::Bl030 => {
            owner(case).map_or(ContactParty::Mailbox, |_| ContactParty::AddressOwner)
        }
        // What is merely worth mending gets no mail refused.
        Some((finding, check)) if check.step == ChecklistStep::Dns && finding.weight >= LIKELY => {
            ContactParty::DnsHost
        }
        _ => ContactParty::Mailbox,
    }
}

fn by_error(case: &Case<'_>, verdict: &BounceVerdict) -> Option<ContactParty> {
    let list = || {
        let listed = [ClaimKind::Listed, ClaimKind::DomainListed];
        let claim = verdict.claims.iter().find(|claim| listed.contains(&claim.kind))?;
        let found = || case.report.and_then(|report| listings(report).into_iter().next());
        // Where nobody knows the list, whoever refused can say which it is.
        Some(claim.list.clone().or_else(found).map_or(ContactParty::Postmaster, ContactParty::List))
    };
    let unnamed = verdict.claims.iter().any(|claim| claim.kind == ClaimKind::Ptr);
    match (verdict.who.first()?, verdict.step) {
        (knowledge::ResponsibleParty::You, _) if unnamed && owner(case).is_some() => {
            Some(ContactParty::AddressOwner)
        }
        (knowledge::ResponsibleParty::Provider, _) => Some(ContactParty::Mailbox),
        (knowledge::ResponsibleParty::Admin | knowledge::ResponsibleParty::Recipient, _) => {
            Some(ContactParty::Postmaster)
        }
        (knowledge::ResponsibleParty::You, ChecklistStep::Blocklists) => list(),
        (knowledge::ResponsibleParty::You, ChecklistStep::Dns) => Some(ContactParty::DnsHost),
        (knowledge::ResponsibleParty::You, _) => Some(ContactParty::Mailbox),
        (knowledge::ResponsibleParty::Wait, _) => None,
    }
}

/// Where a party is found.
#[must_use]
pub fn contact(party: &ContactParty, case: &Case<'_>) -> Contact {
    match party {
        ContactParty::Mailbox => case.provider.map(of_provider).unwrap_or_default(),
        ContactParty::DnsHost => of_host(case),
        ContactParty::AddressOwner => of_owner(case),
        ContactParty::List(id) => of_list(id, case),
        ContactParty::Postmaster => of_postmaster(case),
    }
}

fn of_provider(provider: &Provider) -> Contact {
    let urls = &provider.urls;
    let address = urls.support.as_ref().and_then(|url| url.strip_prefix("mailto:")).map(str::to_owned);
    let pages = [
        (PageKind::Status, &urls.status),
        (PageKind::Support, &urls.support),
        (PageKind::Troubleshooter, &urls.troubleshooter),
        (PageKind::Postmaster, &urls.postmaster),
        (PageKind::Limits, &urls.limits),
        (PageKind::Spf, &urls.spf),
        (PageKind::Dkim, &urls.dkim),
        (PageKind::Dmarc, &urls.dmarc),
    ];
    let page = |(kind, url): (PageKind, &Option<String>)| {
        let url = url.as_ref().filter(|url| !url.starts_with("mailto:"))?;
        let source = if kind == PageKind::Troubleshooter { url } else { &provider.source };
        Some(Page { kind, name: None, url: url.clone(), source: source.clone(), date: provider.date.clone() })
    };
    Contact {
        name: Some(provider.name.clone()),
        address,
        pages: pages.into_iter().filter_map(page).collect(),
    }
}

fn of_owner(case: &Case<'_>) -> Contact {
    let Some(owner) = owner(case) else { return Contact::default() };
    Contact { name: owner.name.clone(), address: owner.abuse.clone(), pages: Vec::new() }
}

fn of_host(case: &Case<'_>) -> Contact {
    let Some(host) = case.host else { return Contact::default() };
    let pages = [(PageKind::Panel, &host.panel), (PageKind::Help, &host.help)];
    let page = |(kind, url): (PageKind, &Option<String>)| {
        let (source, date) = (host.source.clone(), host.date.clone());
        Some(Page { kind, name: None, url: url.clone()?, source, date })
    };
    Contact {
        name: Some(host.name.clone()),
        address: None,
        pages: pages.into_iter().filter_map(page).collect(),
    }
}

/// What a list was found to hold.
pub(super) fn listing<'a>(id: &str, report: &'a Report) -> Option<&'a FindingReport> {
    let is_meant = |finding: &&FindingReport| {
        matches!(finding.level, Level::Stops | Level::Improve)
            && report.listing(finding).is_some_and(|listing| listing.list.id == id)
    };
    report.findings().map(|(_, finding)| finding).find(is_meant)
}

/// What the error says is listed.
pub(super) fn claimed(case: &Case<'_>) -> Option<String> {
    let listed = [ClaimKind::Listed, ClaimKind::DomainListed];
    let claims =
        case.reading.iter().flat_map(|reading| &reading.verdicts).flat_map(|verdict| &verdict.claims);
    claims.filter(|claim| listed.contains(&claim.kind)).find_map(|claim| claim.subject.clone())
}

fn of_list(id: &str, case: &Case<'_>) -> Contact {
    let Some(list) = case.knowledge.and_then(|knowledge| knowledge.blocklists.by_id(id)) else {
        return Contact::default();
    };
    let found = case.report.and_then(|report| listing(id, report)).map(|finding| finding.subject.to_string());
    let subject = found.or_else(|| claimed(case)).unwrap_or_default();
    // One page may do both.
    let lookup = list.lookup_url.as_ref().filter(|url| Some(*url) != list.delist_url.as_ref());
    let pages = [(PageKind::Lookup, lookup), (PageKind::Delist, list.delist_url.as_ref())];
    let page = |(kind, url): (PageKind, Option<&String>)| {
        let url = url?.replace("{q}", &subject);
        Some(Page { kind, name: None, url, source: list.source.clone(), date: list.date.clone() })
    };
    Contact {
        name: Some(list.name.clone()),
        address: None,
        pages: pages.into_iter().filter_map(page).collect(),
    }
}

/// The recipient's domain, as the error or the run has it.
pub(super) fn recipient_domain(case: &Case<'_>) -> Option<String> {
    let facts = case.reading.iter().flat_map(|reading| &reading.facts);
    let domain = facts
        .filter(|fact| fact.kind == FactKind::Recipient)
        .find_map(|fact| message::domain_of(&fact.value))
        .or_else(|| case.report?.target.recipient.clone());
    domain.map(|name| name.to_string())
}

fn of_postmaster(case: &Case<'_>) -> Contact {
    let domain = recipient_domain(case);
    let provider = case.knowledge.and_then(|knowledge| their_provider(knowledge, case, domain.as_deref()));
    let mut pages = Vec::new();
    if let Some(provider) = provider {
        let own = of_provider(provider).pages.into_iter();
        let wanted = [PageKind::Postmaster, PageKind::Troubleshooter, PageKind::Status];
        pages.extend(own.filter(|page| wanted.contains(&page.kind)));
        let lists = case.knowledge.iter().flat_map(|knowledge| &knowledge.blocklists.web_only);
        for list in lists.filter(|list| list.provider.as_ref() == Some(&provider.id)) {
            if !pages.iter().any(|page| page.url == list.url) {
                pages.push(Page {
                    kind: PageKind::Delist,
                    name: Some(list.name.clone()),
                    url: list.url.replace("{q}", &claimed(case).unwrap_or_default()),
                    source: list.source.clone(),
                    date: list.date.clone(),
                });
            }
        }
    }
    let address = domain.as_ref().map(|domain| format!("postmaster@{domain}"));
    Contact { name: provider.map(|provider| provider.name.clone()), address, pages }
}

/// Who the recipient's mail is with, by the server that refused, the error's wording or the recipient's domain.
pub(super) fn their_provider<'a>(
    knowledge: &'a Knowledge,
    case: &Case<'_>,
    domain: Option<&str>,
) -> Option<&'a Provider> {
    let providers = &knowledge.providers;
    let reading = case.reading?;
    let hosts = reading.facts.iter().filter(|fact| fact.kind == FactKind::RemoteHost);
    let by_domain = domain.and_then(|domain| providers.by_domain(&Name::parse(domain).ok()?));
    by_domain
        .or_else(|| hosts.into_iter().find_map(|fact| providers.by_mx(&Name::parse(&fact.value).ok()?)))
        .or_else(|| {
            let named = reading.verdicts.iter().filter_map(|verdict| verdict.provider.as_ref());
            named.flat_map(|provider| &provider.ids).find_map(|id| providers.by_id(id))
        })
}
