//! A DMARC record put together from choices, and the choices read from a record (RFC 9989 section 4.7).
//!
//! Tags that the choices have no word for stay in the record.

use crate::{
    dns::{Name, Outcome},
    input::limits::InputField,
    record::dmarc::{AlignmentMode, Dmarc, DmarcEdit, DmarcReading, Policy, ReportUri, TagValue, read},
    steps,
};

/// What a domain asks of receivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DmarcChoices {
    /// The record that it began with.
    base: DmarcEdit,
    /// For the domain.
    pub policy: Policy,
    /// `t=y`: receivers do one step less than asked.
    pub testing: bool,
    /// For subdomains; the same as the domain where nothing is said.
    pub subdomains: Option<Policy>,
    /// For subdomains that do not exist; the same as subdomains where nothing is said.
    pub missing: Option<Policy>,
    /// Where aggregate reports go, as URIs.
    pub reports: Vec<String>,
    /// How near a signature's domain must be.
    pub adkim: AlignmentMode,
    /// How near the envelope sender's domain must be.
    pub aspf: AlignmentMode,
}

impl Default for DmarcChoices {
    /// The first record of everybody: watch only.
    fn default() -> Self {
        Self {
            base: DmarcEdit::default(),
            policy: Policy::None,
            testing: false,
            subdomains: None,
            missing: None,
            reports: Vec::new(),
            adkim: AlignmentMode::Relaxed,
            aspf: AlignmentMode::Relaxed,
        }
    }
}

impl DmarcChoices {
    /// The choices that a record stands for; of a text that receivers do not read, what it was meant to be.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let base = DmarcEdit::meant(text);
        let text = base.to_string();
        let read = Dmarc::parse(&text);
        let policy = |given: Option<TagValue<Policy>>| given.and_then(|given| given.value);
        Self {
            policy: policy(read.p).unwrap_or(Policy::None),
            testing: read.is_testing(),
            subdomains: policy(read.sp),
            missing: policy(read.np),
            reports: valid_reports(&read).map(str::to_owned).collect(),
            adkim: read.adkim(),
            aspf: read.aspf(),
            base,
        }
    }

    /// What stands at the domain's `_dmarc` name: the texts that are DMARC records or were meant as one, and the choices
    /// of all of them together, as [`DmarcEdit::merged`] makes one of them.
    #[must_use]
    pub fn of_records(outcome: &Outcome) -> (Vec<String>, Self) {
        let texts = outcome.texts().map(|txt| txt.text().into_owned());
        let texts: Vec<String> = texts.filter(|text| read(text) != DmarcReading::Other).collect();
        let merged =
            DmarcEdit::merged(&texts).map(|record| record.to_string()).or_else(|| texts.first().cloned());
        let choices = merged.map(|text| Self::read(&text)).unwrap_or_default();
        (texts, choices)
    }

    /// As [`DmarcChoices::of_records`], but with the choices of the record that is proposed in place of what stands there.
    #[must_use]
    pub fn first(outcome: &Outcome, proposal: Option<&str>) -> (Vec<String>, Self) {
        let (before, choices) = Self::of_records(outcome);
        (before, proposal.map_or(choices, Self::read))
    }

    /// The record. What is chosen as it stands in the record that it began with stays as it was written there.
    #[must_use]
    pub fn record(&self) -> String {
        let base = self.base.to_string();
        let read = Dmarc::parse(&base);
        let reports = self.reports.join(",");
        let strict = |mode: AlignmentMode| (mode == AlignmentMode::Strict).then_some("s");
        // Each with what it means where it is not said.
        let chosen = [
            ("p", Some(self.policy.as_str()), None),
            ("sp", self.subdomains.map(Policy::as_str), None),
            ("np", self.missing.map(Policy::as_str), None),
            ("t", self.testing.then_some("y"), Some("n")),
            ("adkim", strict(self.adkim), Some("r")),
            ("aspf", strict(self.aspf), Some("r")),
        ];
        let mut record = self.base.clone();
        for (tag, value, default) in chosen {
            let stands = read.list.get(tag).map(|tag| tag.value);
            let same = |stands: &str| value.or(default).is_some_and(|word| word.eq_ignore_ascii_case(stands));
            if !stands.map_or(value.is_none(), same) {
                record = record.set(tag, value);
            }
        }
        if !valid_reports(&read).eq(self.reports.iter().map(String::as_str)) {
            record = record.set("rua", (!reports.is_empty()).then_some(&reports));
        }
        record.to_string()
    }

    /// What was begun with for a domain without mail refuses everything. Once it is said that the domain sends after all,
    /// it only watches: nobody is to be refused by a policy that nobody chose.
    pub fn sends_after_all(&mut self) {
        (self.policy, self.testing) = (Policy::None, false);
    }

    /// Tags that no choice is about, as they stand in the record.
    #[must_use]
    pub fn kept(&self) -> Vec<String> {
        const CHOSEN: [&str; 8] = ["v", "p", "sp", "np", "t", "rua", "adkim", "aspf"];
        let base = self.base.to_string();
        let read = Dmarc::parse(&base);
        let kept = read.list.tags.iter().filter(|tag| !CHOSEN.iter().any(|name| tag.is(name)));
        kept.map(|tag| format!("{}={}", tag.name, tag.value)).collect()
    }
}

/// The addresses for reports that receivers can read.
fn valid_reports<'r>(record: &'r Dmarc<'_>) -> impl Iterator<Item = &'r str> {
    record.rua.iter().filter(|uri| uri.is_valid()).map(|uri| uri.text)
}

/// An address for reports to propose: whoever receives mail for a domain has this one (RFC 5321 section 4.5.1). None for a
/// domain that receives no mail, and none beside addresses that are there already.
#[must_use]
pub fn proposed(domain: &Name, receives: bool, choices: &DmarcChoices) -> Option<String> {
    (receives && choices.reports.is_empty()).then(|| format!("postmaster@{domain}"))
}

/// The address of a report URI as people type it.
#[must_use]
pub fn address(uri: &str) -> &str {
    let rest = uri.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("mailto:")).and(uri.get(7..));
    rest.filter(|rest| !rest.contains('%')).unwrap_or(uri)
}

/// Reads addresses for reports as people type or paste them. The second list is what is none. No more than
/// [`InputField::List`] is read.
#[must_use]
pub fn read_reports(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut reports, mut refused) = (Vec::new(), Vec::new());
    let text = InputField::List.part(text);
    steps::took(text.len());
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).filter(|w| !w.is_empty()) {
        let uri = if word.contains(':') { word.to_owned() } else { format!("mailto:{word}") };
        let record = format!("v=DMARC1; p=none; rua={uri}");
        let read = Dmarc::parse(&record);
        let sound = read.list.errors.is_empty()
            && matches!(read.rua.as_slice(), [one] if one.is_valid() && one.mail_domain().is_some() && !has_size(one));
        match sound {
            true if reports.contains(&uri) => {}
            true => reports.push(uri),
            false => refused.push(word.to_owned()),
        }
    }
    (reports, refused)
}

/// A size behind an address is historic (RFC 9989 appendix C.4).
fn has_size(uri: &ReportUri<'_>) -> bool {
    uri.size.is_some()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::dmarc::is_record;

    #[test]
    fn the_first_record_only_watches() {
        let mut choices = DmarcChoices::default();
        assert_eq!(choices.record(), "v=DMARC1; p=none");
        choices.reports = read_reports("dmarc@example.org").0;
        assert_eq!(choices.record(), "v=DMARC1; p=none; rua=mailto:dmarc@example.org");
    }

    #[test]
    fn tags_of_the_old_record_stay() {
        let mut choices = DmarcChoices::read(
            "v=DMARC1; p=quarantine; pct=50; ruf=mailto:f@example.org; fo=1; x-own=1; rua=mailto:a@example.org",
        );
        assert_eq!(choices.kept(), ["ruf=mailto:f@example.org", "fo=1", "x-own=1"]);
        choices.policy = Policy::Reject;
        choices.subdomains = Some(Policy::None);
        choices.adkim = AlignmentMode::Strict;
        assert_eq!(
            choices.record(),
            "v=DMARC1; p=reject; ruf=mailto:f@example.org; fo=1; x-own=1; rua=mailto:a@example.org; sp=none; adkim=s"
        );
    }

    #[test]
    fn what_is_chosen_as_it_stands_stays_as_it_was_written() {
        for text in [
            "v=DMARC1; p=none; adkim=r; aspf=S; t=n; rua=mailto:a@example.org,mailto:b@example.org",
            "v=DMARC1; p=reject; fo=1; sp=none; ruf=mailto:f@example.org",
        ] {
            assert_eq!(DmarcChoices::read(text).record(), text);
        }
        let mut choices = DmarcChoices::read("v=DMARC1; p=none; aspf=s; adkim=r");
        choices.aspf = AlignmentMode::Relaxed;
        assert_eq!(choices.record(), "v=DMARC1; p=none; adkim=r");
    }

    #[test]
    fn a_record_for_a_domain_that_sends_after_all_only_watches() {
        let mut choices = DmarcChoices::read("v=DMARC1; p=reject; rua=mailto:d@example.org");
        choices.sends_after_all();
        assert_eq!(choices.record(), "v=DMARC1; p=none; rua=mailto:d@example.org");
    }

    #[test]
    fn a_record_that_was_meant_becomes_one() {
        for text in
            ["v=DMARC1 p=none", "v=dmarc1; p=none", "v=DMARC1; p=non", "DMARC1; p=none", "nonsense", ""]
        {
            let record = DmarcChoices::read(text).record();
            assert!(is_record(&record), "{text}: {record}");
            assert_eq!(
                Dmarc::parse(&record).policy_for(crate::record::dmarc::PolicyTag::P).unwrap().0,
                Policy::None
            );
        }
    }

    #[test]
    fn of_several_records_the_one_that_says_most_counts() {
        let zone = "_dmarc.example.org. TXT \"v=DMARC1; p=none\"\n_dmarc.example.org. TXT \"x\"\n\
            _dmarc.example.org. TXT \"v=DMARC1; p=none; rua=mailto:d@example.org\"\n";
        let zone = crate::zone::Zone::parse(zone).unwrap();
        let query =
            crate::dns::Query::new(Name::parse("_dmarc.example.org").unwrap(), crate::dns::Rtype::Txt);
        let (texts, choices) = DmarcChoices::of_records(crate::facts::Ask::ask(&zone, &query).unwrap());
        assert_eq!(texts.len(), 2);
        assert_eq!(choices.record(), "v=DMARC1; p=none; rua=mailto:d@example.org");
    }

    #[test]
    fn addresses_are_read_as_people_type_them() {
        let (reports, refused) = read_reports(
            "a@example.org, mailto:b@example.org; a@example.org c.example.org d@ @e.example f@example.org!10m https://x.example/ é@example.org",
        );
        assert_eq!(reports, ["mailto:a@example.org", "mailto:b@example.org"]);
        assert_eq!(
            refused,
            ["c.example.org", "d@", "@e.example", "f@example.org!10m", "https://x.example/", "é@example.org"]
        );
        assert_eq!(
            (address("mailto:a@b.example"), address("https://x.example")),
            ("a@b.example", "https://x.example")
        );
    }

    fn policy() -> impl Strategy<Value = Policy> {
        prop_oneof![Just(Policy::None), Just(Policy::Quarantine), Just(Policy::Reject)]
    }

    fn mode() -> impl Strategy<Value = AlignmentMode> {
        prop_oneof![Just(AlignmentMode::Relaxed), Just(AlignmentMode::Strict)]
    }

    #[test]
    fn an_address_is_proposed_where_mail_is_received_and_none_is_there() {
        let domain = Name::parse("example.org").unwrap();
        let none = DmarcChoices::read("v=DMARC1; p=none");
        assert_eq!(proposed(&domain, true, &none).as_deref(), Some("postmaster@example.org"));
        assert_eq!(proposed(&domain, false, &none), None);
        let some = DmarcChoices::read("v=DMARC1; p=none; rua=mailto:d@example.org");
        assert_eq!(proposed(&domain, true, &some), None);
        // It is one that the builder takes, and the record holds none before it is taken.
        let (taken, refused) = read_reports("postmaster@example.org");
        assert_eq!((taken, refused.len()), (vec!["mailto:postmaster@example.org".to_owned()], 0));
        assert_eq!(none.record(), "v=DMARC1; p=none");
    }

    proptest! {
        #[test]
        fn choices_make_a_record_without_mistakes_and_come_back(
            (policy, subdomains, missing) in (policy(), prop::option::of(policy()), prop::option::of(policy())),
            (testing, adkim, aspf) in (any::<bool>(), mode(), mode()),
            reports in prop::collection::vec("[a-z]{1,8}@[a-z]{1,8}\\.example", 0..4),
        ) {
            let (reports, refused) = read_reports(&reports.join(" "));
            prop_assert!(refused.is_empty());
            let choices = DmarcChoices { base: DmarcEdit::default(), policy, testing, subdomains, missing, reports, adkim, aspf };
            let text = choices.record();
            let read = Dmarc::parse(&text);
            prop_assert!(is_record(&text) && read.list.errors.is_empty());
            let back = DmarcChoices::read(&text);
            prop_assert_eq!(back.record(), text.as_str());
            prop_assert_eq!(DmarcChoices { base: DmarcEdit::default(), ..back }, choices);
        }

        #[test]
        fn whatever_is_typed_is_taken_or_named(text in "\\PC{0,60}") {
            let (reports, refused) = read_reports(&text);
            let record = DmarcChoices { reports, ..DmarcChoices::default() }.record();
            prop_assert!(Dmarc::parse(&record).list.errors.is_empty(), "{}", record);
            for refused in refused {
                prop_assert!(text.contains(&refused));
            }
        }

        #[test]
        fn any_text_becomes_a_record(text in "(v=DMARC1;)?([a-z]{1,5}=|[pr]=|rua=|mailto:|[;,@! “é]|\\PC){0,20}") {
            prop_assert!(is_record(&DmarcChoices::read(&text).record()));
        }
    }
}
