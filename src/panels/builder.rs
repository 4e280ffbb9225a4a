//! The record that is put together: what was chosen and typed, and what the engine says about it.

pub mod choose;

use mail_triage_engine::{
    around::ChangeContext,
    build::{
        dmarc, owner, proposal,
        spf::{self, Item, RefusedServer, include_of},
    },
    change::{Fix, Safety},
    check::Code,
    cx::Cx,
    dns::{Failure, Name, Outcome, Query, Rtype},
    knowledge::{Provider, Providers},
    record::dmarc::Policy,
    report::Report,
    route::BuildKind,
    view::dmarc::Lack,
    visible::publishable,
};

use self::choose::Typed;

/// A record that is put together.
pub struct Builder {
    /// Its kind.
    pub kind: BuildKind,
    /// For whom.
    pub domain: Name,
    /// Whether it begins without what the check proposes to take out.
    pub slim: bool,
    /// How far it is.
    pub stage: Stage,
    /// Texts that stand there now.
    pub before: Vec<String>,
    /// The name at which they stand, once it is known.
    pub stands: Option<Name>,
    /// The hosts that take the domain's mail: some providers have a record for each region.
    hosts: Vec<Name>,
    /// Domains that the record included at the beginning, and those that were typed: they stay in sight.
    pub named: Vec<String>,
    /// Terms of it that no choice is about.
    pub all_kept: Vec<String>,
    /// Who may send by the present record, in its order.
    present: Vec<Item>,
    /// What of that the check proposes to take out. It stays in sight, to be put back.
    pub given_up: Vec<Item>,
    /// What is chosen, for SPF.
    pub spf: spf::SpfChoices,
    /// What is chosen, for DMARC.
    pub dmarc: dmarc::DmarcChoices,
    /// What was typed as servers of the user's own, and what of it was not taken.
    pub own: Typed<RefusedServer>,
    /// The name of a service that is typed.
    pub service: Typed<String>,
    /// Addresses for reports.
    pub reports: Typed<String>,
    /// Whether something was chosen for the user, because there was no record.
    pub proposed: bool,
    /// Nothing stands there, and nobody is said to send yet: what is said of everybody else, or of mail that fails, is
    /// proposed for a domain without mail.
    nobody_yet: bool,
    /// What the checks say of the new record.
    pub report: Option<Report>,
    /// Where it belongs, and what it costs.
    pub around: ChangeContext,
    /// What is missing before mail that fails may be refused, for DMARC.
    pub lack: Option<Lack>,
    /// The change that clears the place for a DMARC record, and what has to go elsewhere.
    pub place: Option<(Fix, Vec<Fix>)>,
    /// Whether the checks are not done yet.
    pub checking: bool,
    /// Counts the changes, so that only the last one is looked into.
    pub change: u32,
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The record that stands there now is looked up.
    Reading,
    /// That could not be done.
    Failed(Failure),
    /// The domain does not exist.
    Gone,
    /// It can be changed.
    Ready,
}

impl Builder {
    /// Nothing is known yet.
    pub fn new(kind: BuildKind, domain: Name, slim: bool) -> Self {
        Self {
            kind,
            domain,
            slim,
            stage: Stage::Reading,
            before: Vec::new(),
            stands: None,
            hosts: Vec::new(),
            named: Vec::new(),
            all_kept: Vec::new(),
            present: Vec::new(),
            given_up: Vec::new(),
            spf: spf::SpfChoices::default(),
            dmarc: dmarc::DmarcChoices::default(),
            own: Typed::default(),
            service: Typed::default(),
            reports: Typed::default(),
            proposed: false,
            nobody_yet: false,
            report: None,
            around: ChangeContext::default(),
            lack: None,
            place: None,
            checking: false,
            change: 0,
        }
    }

    /// Whether `check` is needed to know what stands there now.
    pub fn needs(kind: BuildKind, check: &str) -> bool {
        matches!(check, "domain" | "provider" | "mx" | "health" | "spf") || Self::judges(kind, check)
    }

    /// Whether `check` says something about the record.
    pub fn judges(kind: BuildKind, check: &str) -> bool {
        match kind {
            BuildKind::Spf => matches!(check, "spf" | "spf-sender"),
            BuildKind::Dmarc => check == "dmarc",
        }
    }

    /// Where the record stands.
    pub fn owner(&self) -> Name {
        owner(self.kind, &self.domain)
    }

    /// The text of the record, without what nobody sees in what was kept or pasted.
    pub fn record(&self) -> String {
        let text = match self.kind {
            BuildKind::Spf => self.spf.record(),
            BuildKind::Dmarc => self.dmarc.record(),
        };
        publishable(&text).into_owned()
    }

    /// The change as somebody has to make it, and what has to go elsewhere first.
    pub fn change(&self) -> (Fix, &[Fix]) {
        match &self.place {
            Some((fix, also)) => (Fix { publish: vec![self.record()], ..fix.clone() }, also),
            None => (self.fix(), &[]),
        }
    }

    /// Whether receivers are asked to act on mail that fails while nothing shows that the domain's own passes.
    pub fn is_early(&self) -> Option<Lack> {
        let acts = |policy: Policy| policy != Policy::None;
        let acts = acts(self.dmarc.policy) || self.dmarc.subdomains.is_some_and(acts);
        self.lack.filter(|_| self.kind == BuildKind::Dmarc && acts)
    }

    /// The change that brings it about, in the answer to the question for the record.
    pub fn fix(&self) -> Fix {
        let owner = self.stands.clone().unwrap_or_else(|| self.owner());
        Fix::at(&owner, Rtype::Txt, Safety::Decide)
            .removing(self.before.iter().map(String::as_str))
            .publishing([self.record()])
    }

    /// The domain that customers of a provider include, as far as it is known for this customer.
    pub fn include_of(&self, provider: &Provider) -> Option<String> {
        let hosts: Vec<&str> = self.hosts.iter().map(Name::as_str).collect();
        include_of(provider, &hosts)
    }

    /// An address for reports that can be proposed.
    pub fn proposed_reports(&self) -> Option<String> {
        dmarc::proposed(&self.domain, !self.hosts.is_empty(), &self.dmarc)
    }

    /// Whether a domain of this provider is among those.
    pub fn names(&self, provider: &Provider, providers: &Providers) -> bool {
        let theirs =
            |domain: &String| providers.by_spf_include(domain).is_some_and(|own| own.id == provider.id);
        self.named.iter().any(theirs)
    }

    /// Whether it says what stands there already.
    pub fn is_published(&self) -> bool {
        self.before == [self.record()]
    }

    /// Begins with what stands there now, and where nothing does, with what is recognised.
    pub fn begin(&mut self, cx: &Cx<'_>, report: &Report, mailbox: Option<&Provider>) {
        let query = Query::new(self.owner(), Rtype::Txt);
        let gone = report.findings().any(|(_, finding)| finding.code == Code::Dom010);
        let unknown = Outcome::failed(Failure::Network);
        let outcome = cx.known(&query).unwrap_or(&unknown);
        if gone {
            self.stage = Stage::Gone;
            return;
        }
        if let Some(failure) = outcome.failure() {
            self.stage = Stage::Failed(failure);
            return;
        }
        let receivers = cx.known(&Query::new(self.domain.clone(), Rtype::Mx)).into_iter();
        self.hosts = receivers.flat_map(Outcome::exchanges).map(|(_, host)| host.clone()).collect();
        // At an alias nothing can be changed: the record stands where that leads.
        self.stands = None;
        self.stands = self.fix().behind_alias(outcome).map(|fix| fix.owner);
        let proposal = proposal(self.kind, &self.domain, report, cx);
        match self.kind {
            BuildKind::Spf => {
                (self.before, self.spf) = spf::SpfChoices::first(outcome, proposal.as_deref());
                if self.before.is_empty() && proposal.is_none() {
                    self.include(mailbox);
                }
                self.proposed = self.before.is_empty() && !self.spf.items.is_empty();
                self.nobody_yet = self.before.is_empty() && self.spf.items.is_empty();
                self.present.clone_from(&self.spf.items);
                self.list_own();
                self.named = self.spf.includes().map(str::to_owned).collect();
                let kept = self.spf.items.iter().filter(|item| matches!(item, Item::Kept(_)));
                self.all_kept = kept.map(Item::term).collect();
            }
            BuildKind::Dmarc => {
                (self.before, self.dmarc) = dmarc::DmarcChoices::first(outcome, proposal.as_deref());
                self.nobody_yet = self.before.is_empty() && self.dmarc.policy != Policy::None;
                let reports = self.dmarc.reports.iter().map(|uri| dmarc::address(uri));
                self.reports.text = reports.collect::<Vec<_>>().join(", ");
            }
        }
        self.stage = Stage::Ready;
    }

    /// The user says by now, somewhere else on the page, that the domain sends: what was begun with for a domain without mail
    /// asks receivers for nothing then. Whether the record may be another one now.
    pub fn sends_after_all(&mut self) -> bool {
        let begun = self.kind == BuildKind::Dmarc && std::mem::take(&mut self.nobody_yet);
        if begun {
            self.dmarc.sends_after_all();
        }
        begun
    }

    /// Takes out what the check proposes to take out.
    pub fn give_up(&mut self, fix: &Fix) {
        if let (Stage::Ready, [text]) = (self.stage, &fix.publish[..]) {
            self.given_up = self.spf.give_up(text);
            self.list_own();
        }
    }

    /// Whether all that a provider's customers have in the present record is proposed to be taken out.
    pub fn gives_up(&self, theirs: impl Fn(&str) -> bool) -> bool {
        let given_up = |domain: &String| self.given_up.contains(&Item::Include(domain.clone()));
        let mut named = self.named.iter().filter(|domain| theirs(domain)).peekable();
        named.peek().is_some() && named.all(given_up)
    }

    fn list_own(&mut self) {
        let own: Vec<&str> = self.spf.items.iter().filter_map(Item::own).collect();
        self.own.text = own.join(", ");
    }

    /// Includes the provider of the mailboxes, where the check could propose nothing: the user may have named it.
    fn include(&mut self, mailbox: Option<&Provider>) {
        if let Some(domain) = mailbox.and_then(|provider| self.include_of(provider)) {
            self.spf.add(Item::Include(domain));
        }
    }
}
