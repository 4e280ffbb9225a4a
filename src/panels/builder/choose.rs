//! What the user chooses and types for a record.

use mail_triage_engine::{
    build::{
        dmarc::read_reports,
        spf::{End, Item, host, read_own},
    },
    knowledge::Providers,
    record::dmarc::{AlignmentMode, Policy},
};

use super::Builder;

/// What the user chooses.
#[derive(Clone)]
pub enum Choose {
    /// A provider sends, or does not.
    Provider(String, bool),
    /// A term is in the record, or is not.
    Item(Item, bool),
    /// What is said of everybody else.
    End(End),
    /// Own servers, as typed so far.
    Own(String),
    /// The name of a service, as typed so far.
    Service(String),
    /// That service sends.
    AddService,
    /// The field was left: what is wrong in it may be said.
    Left,
    /// What to do with failing mail.
    Policy(Policy),
    /// Only as a test.
    Testing(bool),
    /// The same for subdomains.
    Subdomains(Option<Policy>),
    /// The same for subdomains that do not exist.
    Missing(Option<Policy>),
    /// How near a signature's domain must be.
    Adkim(AlignmentMode),
    /// How near the envelope sender's domain must be.
    Aspf(AlignmentMode),
    /// Addresses for reports, as typed so far.
    Reports(String),
}

/// What was typed into a field; nothing of it is lost.
pub struct Typed<T> {
    /// The text.
    pub text: String,
    /// What of it was not taken.
    pub refused: Vec<T>,
    /// Whether that is said yet: not in the middle of a word.
    pub left: bool,
}

impl<T> Default for Typed<T> {
    fn default() -> Self {
        Self { text: String::new(), refused: Vec::new(), left: false }
    }
}

impl Builder {
    /// Takes what the user chose or typed. Whether the record may be another one now.
    pub fn take(&mut self, choose: &Choose, providers: &Providers) -> bool {
        match choose {
            Choose::Provider(id, on) => self.provider(id, *on, providers),
            Choose::Item(item, on) => {
                if *on {
                    self.spf.put_back(item.clone(), &self.present);
                } else {
                    self.spf.set(item.clone(), false);
                }
                self.write_own(item, *on);
            }
            Choose::End(end) => self.spf.end = *end,
            Choose::Own(text) => {
                let (own, refused) = read_own(text);
                self.spf.set_own(own);
                self.own = Typed { text: text.clone(), refused, left: false };
            }
            Choose::Service(text) => {
                self.service = Typed { text: text.clone(), refused: Vec::new(), left: false };
                return false;
            }
            Choose::AddService if self.add_service() => {}
            Choose::AddService => return false,
            Choose::Left => {
                self.own.left = true;
                self.reports.left = true;
                return false;
            }
            Choose::Policy(policy) => self.dmarc.policy = *policy,
            Choose::Testing(on) => self.dmarc.testing = *on,
            Choose::Subdomains(policy) => self.dmarc.subdomains = *policy,
            Choose::Missing(policy) => self.dmarc.missing = *policy,
            Choose::Adkim(mode) => self.dmarc.adkim = *mode,
            Choose::Aspf(mode) => self.dmarc.aspf = *mode,
            Choose::Reports(text) => {
                let (reports, refused) = read_reports(text);
                self.dmarc.reports = reports;
                self.reports = Typed { text: text.clone(), refused, left: false };
            }
        }
        if std::mem::take(&mut self.nobody_yet) {
            if self.spf.items.is_empty() {
                self.nobody_yet = !matches!(choose, Choose::End(_) | Choose::Policy(_));
            } else {
                // Whoever was forgotten is not to be refused by a record that began with nobody.
                self.spf.end = End::SoftFail;
            }
        }
        true
    }

    fn provider(&mut self, id: &str, on: bool, providers: &Providers) {
        let Some(provider) = providers.by_id(id) else { return };
        let theirs = |domain: &str| providers.by_spf_include(domain).is_some_and(|known| known.id == id);
        if on {
            // What stood there comes back as it was.
            let before: Vec<String> = self.named.iter().filter(|domain| theirs(domain)).cloned().collect();
            let offered = self.include_of(provider).into_iter();
            let domains: Vec<String> = if before.is_empty() { offered.collect() } else { before };
            for domain in domains {
                self.spf.put_back(Item::Include(domain), &self.present);
            }
        } else {
            self.spf.items.retain(|item| !matches!(item, Item::Include(domain) if theirs(domain)));
        }
    }

    fn add_service(&mut self) -> bool {
        let text = self.service.text.trim();
        let bare = text.strip_prefix("include:").unwrap_or(text);
        match host(bare) {
            Some(domain) => {
                if !self.named.contains(&domain) {
                    self.named.push(domain.clone());
                }
                self.spf.add(Item::Include(domain));
                self.service = Typed::default();
                true
            }
            None => {
                let refused = if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
                self.service = Typed { text: self.service.text.clone(), refused, left: true };
                false
            }
        }
    }

    /// Writes one of the own servers into their field, or takes it out of there. What else was typed stays.
    fn write_own(&mut self, item: &Item, on: bool) {
        let Some(own) = item.own() else { return };
        let words = self.own.text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'));
        let others = words.filter(|word| !word.is_empty() && read_own(word).0.first() != Some(item));
        self.own.text = others.chain(on.then_some(own)).collect::<Vec<_>>().join(", ");
    }
}

#[cfg(test)]
mod tests {
    use mail_triage_engine::{dns::Name, route::BuildKind};

    use super::*;
    use crate::panels::builder::Stage;

    fn begun(kind: BuildKind) -> Builder {
        let mut builder = Builder::new(kind, Name::parse("shop.example").unwrap(), false);
        builder.stage = Stage::Ready;
        builder
    }

    #[test]
    fn a_service_that_is_typed_is_included_once_and_its_field_is_empty_again() {
        let (mut builder, providers) = (begun(BuildKind::Spf), Providers::default());
        for text in ["include:spf.service.example", " spf.service.example "] {
            assert!(!builder.take(&Choose::Service(text.to_owned()), &providers), "typing changes nothing");
            assert!(builder.take(&Choose::AddService, &providers));
            assert_eq!(builder.service.text, "");
        }
        assert_eq!(builder.named, ["spf.service.example"]);
        assert_eq!(
            builder.record().matches("include:spf.service.example").count(),
            1,
            "{}",
            builder.record()
        );
    }

    #[test]
    fn what_is_no_service_stays_and_is_said() {
        let (mut builder, providers) = (begun(BuildKind::Spf), Providers::default());
        builder.take(&Choose::Service("not a name".to_owned()), &providers);
        assert!(!builder.take(&Choose::AddService, &providers));
        assert_eq!(
            (builder.service.text.as_str(), &builder.service.refused[..]),
            ("not a name", &["not a name".to_owned()][..])
        );
    }

    #[test]
    fn what_is_wrong_with_own_servers_is_said_once_the_field_is_left() {
        let (mut builder, providers) = (begun(BuildKind::Spf), Providers::default());
        assert!(builder.take(&Choose::Own("192.0.2.1, 10.0.0.1".to_owned()), &providers));
        assert!(!builder.own.left && builder.own.refused.len() == 1);
        assert!(!builder.take(&Choose::Left, &providers));
        assert!(builder.own.left);
    }

    #[test]
    fn policies_and_reports_are_in_the_record_that_is_published() {
        let (mut builder, providers) = (begun(BuildKind::Dmarc), Providers::default());
        builder.take(&Choose::Policy(Policy::Reject), &providers);
        builder.take(&Choose::Reports("dmarc@shop.example, nonsense".to_owned()), &providers);
        let record = builder.record();
        assert!(record.contains("p=reject") && record.contains("mailto:dmarc@shop.example"), "{record}");
        assert_eq!(builder.reports.refused, ["nonsense"]);
        assert_eq!(builder.fix().owner.as_str(), "_dmarc.shop.example");
        assert!(!builder.is_published());
        builder.before = vec![record];
        assert!(builder.is_published());
    }
}
