//! An SPF record put together from choices, and the choices read from a record (RFC 7208).
//!
//! What the choices have no word for stays in the record, at its place: the order of terms has a meaning.

use std::net::IpAddr;

use crate::{
    dns::{Name, Outcome, is_inside},
    input::limits::InputField,
    knowledge::Provider,
    record::spf::{DualCidr, Mechanism, Oddity, Qualifier, SpfEdit, TermKind, is_spf, near_miss, parse},
    steps,
};

/// Terms of a record that become choices; what stands behind them is kept as one.
const MOST_TERMS: usize = 500;

/// Who may send, and what becomes of everybody else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpfChoices {
    /// Who may send, in the order of the record, each once.
    pub items: Vec<Item>,
    /// Everybody else.
    pub end: End,
    /// The domain of a `redirect=`, which counts where [`End::Redirect`] is chosen.
    pub redirect: Option<String>,
}

/// A term in front of the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// Whoever may send for another domain.
    Include(String),
    /// The hosts that receive the domain's mail.
    Mx,
    /// The host at the domain itself, usually that of its website.
    Website,
    /// An address or a range: `192.0.2.1`, `2001:db8::/32`.
    Network(String),
    /// The addresses of a host.
    Host(String),
    /// Something else, as written.
    Kept(String),
}

words! {
    /// What is said of everybody who is not named.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum End {
        /// `-all`: their mail is forged, refuse it.
        Fail = "fail",
        /// `~all`: their mail is suspicious.
        #[default]
        SoftFail = "softfail",
        /// `?all`: nothing.
        Neutral = "neutral",
        /// `redirect=`: what another domain says.
        Redirect = "redirect",
    }
}

impl End {
    /// The three that anybody can choose.
    pub const CHOICES: [Self; 3] = [Self::SoftFail, Self::Fail, Self::Neutral];

    /// The term, where it needs no domain.
    #[must_use]
    pub fn term(self) -> &'static str {
        match self {
            Self::Fail => "-all",
            Self::SoftFail => "~all",
            Self::Neutral => "?all",
            Self::Redirect => "redirect=",
        }
    }
}

impl Item {
    /// The term.
    #[must_use]
    pub fn term(&self) -> String {
        match self {
            Self::Include(domain) => format!("include:{domain}"),
            Self::Mx => "mx".to_owned(),
            Self::Website => "a".to_owned(),
            Self::Network(network) => {
                let family = if network.contains(':') { "ip6" } else { "ip4" };
                format!("{family}:{network}")
            }
            Self::Host(host) => format!("a:{host}"),
            Self::Kept(text) => text.clone(),
        }
    }

    /// Whether both are the same term, in any case.
    fn is(&self, other: &Self) -> bool {
        use Item::{Host, Include, Kept, Mx, Network, Website};
        match (self, other) {
            (Include(a), Include(b)) | (Network(a), Network(b)) | (Host(a), Host(b)) | (Kept(a), Kept(b)) => {
                a.eq_ignore_ascii_case(b)
            }
            (Mx, Mx) | (Website, Website) => true,
            _ => false,
        }
    }

    /// Whether it is one of the user's own servers, as they are typed.
    #[must_use]
    pub fn own(&self) -> Option<&str> {
        match self {
            Self::Network(text) | Self::Host(text) => Some(text),
            _ => None,
        }
    }
}

impl SpfChoices {
    /// The choices that a record stands for. An `all` that lets everybody send becomes the gentlest that does not;
    /// `None` if there is no record.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let record = parse(text);
        let mut choices = Self::default();
        let mut end = None;
        for (index, term) in record.terms.iter().enumerate() {
            let word = term.span.of(text);
            if index >= MOST_TERMS {
                // Kept as it stands, and held against nothing.
                choices.items.push(Item::Kept(text[term.span.range().start..].trim_end().to_owned()));
                break;
            }
            match term.kind {
                TermKind::Directive(qualifier, Mechanism::All) => {
                    end = end.or(Some(match qualifier {
                        Qualifier::Fail => End::Fail,
                        Qualifier::Neutral => End::Neutral,
                        Qualifier::SoftFail | Qualifier::Pass => End::SoftFail,
                    }));
                }
                TermKind::Redirect(domain) => choices.redirect = Some(domain.of(text).to_owned()),
                TermKind::Directive(Qualifier::Pass, mechanism) => {
                    choices.add(item(mechanism, text).unwrap_or_else(|| Item::Kept(word.to_owned())));
                }
                _ => choices.add(Item::Kept(word.to_owned())),
            }
        }
        let left = if choices.redirect.is_some() { End::Redirect } else { End::SoftFail };
        choices.end = end.unwrap_or(left);
        choices
    }

    /// What stands at the domain: the texts that are SPF records or were meant as one, and the choices of all of them
    /// together, as [`SpfEdit::merged`] makes one of them.
    #[must_use]
    pub fn of_records(outcome: &Outcome) -> (Vec<String>, Self) {
        let (mut texts, mut meant): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for txt in outcome.texts() {
            let text = txt.text().into_owned();
            meant.push(match near_miss(&text) {
                _ if is_spf(text.as_bytes()) => text.clone(),
                Some(miss) if miss.oddity != Oddity::SenderId => miss.meant,
                _ => continue,
            });
            texts.push(text);
        }
        let choices = match meant.as_slice() {
            [] => Self::default(),
            [one] => Self::read(one),
            several => Self::read(&SpfEdit::merged(several).to_string()),
        };
        (texts, choices)
    }

    /// As [`SpfChoices::of_records`], but with the choices of the record that is proposed in place of what stands there.
    #[must_use]
    pub fn first(outcome: &Outcome, proposal: Option<&str>) -> (Vec<String>, Self) {
        let (before, choices) = Self::of_records(outcome);
        (before, proposal.map_or(choices, Self::read))
    }

    /// The record.
    #[must_use]
    pub fn record(&self) -> String {
        let mut text = "v=spf1".to_owned();
        for item in &self.items {
            text.push(' ');
            text.push_str(&item.term());
        }
        text.push(' ');
        match (self.end, &self.redirect) {
            (End::Redirect, Some(domain)) => {
                text.push_str("redirect=");
                text.push_str(domain);
            }
            (End::Redirect, None) => text.push_str(End::SoftFail.term()),
            (end, _) => text.push_str(end.term()),
        }
        text
    }

    /// Whether `item` is chosen.
    #[must_use]
    pub fn has(&self, item: &Item) -> bool {
        steps::took(self.items.len());
        self.items.iter().any(|known| known.is(item))
    }

    /// Adds what is not there yet, at the end.
    pub fn add(&mut self, item: Item) {
        if !self.has(&item) {
            self.items.push(item);
        }
    }

    /// Chooses `item`, or no longer.
    pub fn set(&mut self, item: Item, on: bool) {
        if on {
            self.add(item);
        } else {
            self.items.retain(|known| !known.is(&item));
        }
    }

    /// Chooses `item` again, at its place in `order`; at the end if it has none there. What stands before a term may
    /// refuse whom it lets in.
    pub fn put_back(&mut self, item: Item, order: &[Item]) {
        if self.has(&item) {
            return;
        }
        let before = order.iter().position(|known| known.is(&item)).map(|at| &order[..at]);
        let after = |before: &[Item]| {
            let nearest = before.iter().rev();
            let places = nearest.filter_map(|near| self.items.iter().position(|known| known.is(near)));
            places.map(|at| at + 1).next().unwrap_or_default()
        };
        let at = before.map_or(self.items.len(), after);
        self.items.insert(at, item);
    }

    /// Takes out what `proposed` no longer holds, and returns it in the order of the record.
    pub fn give_up(&mut self, proposed: &str) -> Vec<Item> {
        let stays = Self::read(proposed);
        let all = std::mem::take(&mut self.items);
        let (stay, gone) = all.into_iter().partition(|item| stays.has(item));
        self.items = stay;
        gone
    }

    /// The user's own servers are these and no others; those that stay keep their places.
    pub fn set_own(&mut self, own: Vec<Item>) {
        self.items.retain(|item| item.own().is_none() || own.contains(item));
        for item in own {
            self.add(item);
        }
    }

    /// Domains that are included.
    pub fn includes(&self) -> impl Iterator<Item = &str> {
        self.items.iter().filter_map(|item| match item {
            Item::Include(domain) => Some(domain.as_str()),
            _ => None,
        })
    }
}

/// The mechanism as a choice, if there is one for it.
fn item(mechanism: Mechanism, text: &str) -> Option<Item> {
    let plain = |cidr: DualCidr| cidr == DualCidr::default();
    Some(match mechanism {
        Mechanism::Include(domain) if domain.is_fixed(text) && !domain.of(text).contains('%') => {
            Item::Include(domain.of(text).to_owned())
        }
        Mechanism::Mx(None, cidr) if plain(cidr) => Item::Mx,
        Mechanism::A(None, cidr) if plain(cidr) => Item::Website,
        Mechanism::A(Some(host), cidr) if plain(cidr) && !host.of(text).contains('%') => {
            Item::Host(host.of(text).to_owned())
        }
        Mechanism::Ip4(ip, bits) => Item::Network(network(ip.into(), bits)),
        Mechanism::Ip6(ip, bits) => Item::Network(network(ip.into(), bits)),
        _ => return None,
    })
}

fn network(ip: IpAddr, bits: u8) -> String {
    let whole = if ip.is_ipv4() { 32 } else { 128 };
    if bits == whole { ip.to_string() } else { format!("{ip}/{bits}") }
}

/// A word that is none of the user's servers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedServer {
    /// As typed.
    pub text: String,
    /// Why.
    pub why: RefusedReason,
}

/// Why a server was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusedReason {
    /// Neither an address, nor a range, nor the name of a host.
    Unreadable,
    /// An address inside a network, which nobody outside ever sees.
    Private,
}

/// Reads addresses, ranges and host names as people type or paste them, terms of a record included. No more than
/// [`InputField::List`] is read.
#[must_use]
pub fn read_own(text: &str) -> (Vec<Item>, Vec<RefusedServer>) {
    let (mut own, mut refused) = (Vec::new(), Vec::new());
    let text = InputField::List.part(text);
    steps::took(text.len());
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).filter(|w| !w.is_empty()) {
        match one_own(word) {
            Ok(item) if own.contains(&item) => {}
            Ok(item) => own.push(item),
            Err(why) => refused.push(RefusedServer { text: word.to_owned(), why }),
        }
    }
    (own, refused)
}

fn one_own(word: &str) -> Result<Item, RefusedReason> {
    let lower = word.to_ascii_lowercase();
    let body = ["ip4:", "ip6:", "a:", "+ip4:", "+ip6:", "+a:"]
        .iter()
        .find_map(|prefix| lower.strip_prefix(prefix))
        .unwrap_or(&lower);
    let (address, bits) = body.split_once('/').map_or((body, None), |(ip, bits)| (ip, Some(bits)));
    let plain = address.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = plain.parse::<IpAddr>() {
        let ip = ip.to_canonical();
        let whole = if ip.is_ipv4() { 32 } else { 128 };
        let bits = match bits.map(str::parse::<u8>) {
            None => whole,
            Some(Ok(bits)) if (1..=whole).contains(&bits) => bits,
            Some(_) => return Err(RefusedReason::Unreadable),
        };
        return if is_inside(ip) {
            Err(RefusedReason::Private)
        } else {
            Ok(Item::Network(network(ip, bits)))
        };
    }
    host(body).map(Item::Host).ok_or(RefusedReason::Unreadable)
}

/// A name with two labels at least, as it stands in a record. No more than [`InputField::Line`] is read.
#[must_use]
pub fn host(text: &str) -> Option<String> {
    let text = InputField::Line.part(text);
    steps::took(text.len());
    let name = Name::parse(text.trim().trim_end_matches('.')).ok()?;
    let sound = name.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b".-_".contains(&b))
        && name.labels().count() >= 2
        && parse(&format!("v=spf1 include:{name}")).errors.is_empty();
    sound.then(|| name.as_str().to_owned())
}

/// The domain that a customer of `provider` with these MX hosts includes; none where the provider asks for none. To
/// include what a provider redirects to says the same beside other terms (RFC 7208 sections 5.2 and 6.1).
#[must_use]
pub fn include_of(provider: &Provider, mx_hosts: &[&str]) -> Option<String> {
    let record = provider.spf_to_publish(mx_hosts)?;
    let named = |term: &str| term.strip_prefix("include:").or(term.strip_prefix("redirect=")).and_then(host);
    record.split(' ').find_map(named)
}

/// How long a record is, for the forms and the answers it has to go through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// It fits into one string.
    Short,
    /// It needs several strings of 255 octets (RFC 7208 section 3.3).
    Split,
    /// With what stands beside it, it may be too long for an answer over UDP (section 3.4).
    Long,
}

/// Octets of a record above which an answer with it may be cut.
const LONG: usize = 450;

impl Length {
    /// The length of a record.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match text.len() {
            0..=255 => Self::Short,
            256..=LONG => Self::Split,
            _ => Self::Long,
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_record_becomes_choices_and_comes_back() {
        for (text, back) in [
            ("v=spf1 include:a.example mx a ip4:192.0.2.1 ip6:2001:db8::/32 a:h.example -all", None),
            ("v=spf1 -ip4:192.0.2.9 ip4:192.0.2.0/24 exists:%{i}.x.example ra=me ~all", None),
            ("v=spf1 redirect=a.example", None),
            ("v=spf1 mx/24 a:h.example/28 ptr include:%{d}.x.example ?all", None),
            ("V=SPF1 +mx +all", Some("v=spf1 mx ~all")),
            ("v=spf1 mx", Some("v=spf1 mx ~all")),
            ("v=spf1 -all mx", Some("v=spf1 mx -all")),
            (
                "v=spf1 mx MX include:a.example INCLUDE:A.example -all",
                Some("v=spf1 mx include:a.example -all"),
            ),
            ("v=spf1 inclde:a.example -all", None),
            ("v=spf1 redirect=a.example -all", Some("v=spf1 -all")),
        ] {
            let choices = SpfChoices::read(text);
            assert_eq!(choices.record(), back.unwrap_or(text), "{text}");
        }
        assert_eq!(SpfChoices::read("v=spf1 redirect=a.example -all").redirect.as_deref(), Some("a.example"));
    }

    #[test]
    fn several_records_are_read_as_one() {
        let zone = "example.org. TXT \"v=spf1 include:a.example -all\"\n\
            example.org. TXT \"x=1\"\nexample.org. TXT \"spf2.0/pra mx -all\"\n\
            example.org. TXT \"v=spf1; redirect=b.example\"\nexample.org. TXT \"v=spf1 include:a.example ?all\"\n";
        let zone = crate::zone::Zone::parse(zone).unwrap();
        let query = crate::dns::Query::new(Name::parse("example.org").unwrap(), crate::dns::Rtype::Txt);
        let (texts, choices) = SpfChoices::of_records(crate::facts::Ask::ask(&zone, &query).unwrap());
        assert_eq!(texts.len(), 3);
        assert_eq!(choices.record(), "v=spf1 include:a.example include:b.example ?all");
    }

    #[test]
    fn servers_are_read_as_people_type_them() {
        let (own, refused) = read_own(
            "192.0.2.1, ip4:198.51.100.0/24;\n[2001:db8::1] Mail.Example.org. a:h.example 192.0.2.1 10.0.0.5 999.1.1.1 mail 192.0.2.0/33 x@y.example a._ fd00::1",
        );
        let own: Vec<_> = own.iter().map(Item::term).collect();
        assert_eq!(
            own,
            ["ip4:192.0.2.1", "ip4:198.51.100.0/24", "ip6:2001:db8::1", "a:mail.example.org", "a:h.example"]
        );
        let refused: Vec<_> = refused.iter().map(|refused| (refused.text.as_str(), refused.why)).collect();
        use RefusedReason::{Private, Unreadable};
        assert_eq!(
            refused,
            [
                ("10.0.0.5", Private),
                ("999.1.1.1", Unreadable),
                ("mail", Unreadable),
                ("192.0.2.0/33", Unreadable),
                ("x@y.example", Unreadable),
                ("a._", Unreadable),
                ("fd00::1", Private),
            ]
        );
    }

    #[test]
    fn own_servers_change_and_the_rest_stays_where_it_is() {
        let mut choices = SpfChoices::read("v=spf1 ip4:192.0.2.1 mx -ip4:192.0.2.7 a:h.example ~all");
        choices.set_own(vec![Item::Host("h.example".into()), Item::Network("192.0.2.2".into())]);
        assert_eq!(choices.record(), "v=spf1 mx -ip4:192.0.2.7 a:h.example ip4:192.0.2.2 ~all");
        choices.set(Item::Mx, false);
        choices.set(Item::Include("a.example".into()), true);
        choices.end = End::Fail;
        assert_eq!(
            choices.record(),
            "v=spf1 -ip4:192.0.2.7 a:h.example ip4:192.0.2.2 include:a.example -all"
        );
    }

    #[test]
    fn what_is_given_up_comes_back_where_it_stood() {
        let present = SpfChoices::read("v=spf1 mx a include:a.example -ip4:192.0.2.7 a:h.example ~all");
        let mut choices = present.clone();
        let gone = choices.give_up("v=spf1 a -ip4:192.0.2.7 ~all");
        let terms: Vec<_> = gone.iter().map(Item::term).collect();
        assert_eq!(terms, ["mx", "include:a.example", "a:h.example"]);
        assert_eq!(choices.record(), "v=spf1 a -ip4:192.0.2.7 ~all");
        for item in gone.into_iter().rev() {
            choices.put_back(item, &present.items);
        }
        assert_eq!(choices, present);
        choices.put_back(Item::Mx, &present.items);
        choices.put_back(Item::Include("new.example".into()), &present.items);
        assert_eq!(
            choices.record(),
            "v=spf1 mx a include:a.example -ip4:192.0.2.7 a:h.example include:new.example ~all"
        );
    }

    fn domain() -> impl Strategy<Value = String> {
        "[a-z_][a-z0-9]{0,8}(\\.[a-z][a-z0-9]{0,8}){1,3}"
    }

    fn chosen() -> impl Strategy<Value = Item> {
        prop_oneof![
            domain().prop_map(Item::Include),
            domain().prop_map(Item::Host),
            Just(Item::Mx),
            Just(Item::Website),
            (any::<u32>(), 1..=32_u8)
                .prop_map(|(ip, bits)| Item::Network(network(IpAddr::V4(ip.into()), bits))),
            (any::<u128>(), 1..=128_u8)
                .prop_map(|(ip, bits)| Item::Network(network(IpAddr::V6(ip.into()), bits))),
        ]
    }

    proptest! {
        #[test]
        fn choices_make_a_record_without_mistakes_and_come_back(
            items in prop::collection::vec(chosen(), 0..20),
            end in prop::sample::select(&End::CHOICES[..]),
        ) {
            let mut choices = SpfChoices { end, ..SpfChoices::default() };
            for item in items {
                choices.add(item);
            }
            let text = choices.record();
            prop_assert_eq!(parse(&text).errors, []);
            prop_assert_eq!(Length::of(&text) == Length::Short, text.len() <= 255);
            prop_assert_eq!(SpfChoices::read(&text), choices);
        }

        #[test]
        fn no_term_of_a_record_is_lost(text in "v=spf1( (mx|a|ptr|[-~?+]?ip4:192\\.0\\.2\\.[0-9]|include:[ab]\\.example|exists:%\\{i\\}\\.x\\.example|ra=[a-z]|moo|a/24|exp=e\\.example|é)){0,10}( [-~?]all)?") {
            let after = SpfChoices::read(&text).record();
            let words = |text: &str| {
                let words = text.split(' ').map(|word| word.trim_start_matches('+').to_ascii_lowercase());
                words.collect::<Vec<_>>()
            };
            let after = words(&after);
            for word in words(&text) {
                prop_assert!(after.contains(&word), "{word} of {text} is not in {after:?}");
            }
        }

        #[test]
        fn whatever_is_typed_is_taken_or_named(text in "\\PC{0,60}") {
            let (own, refused) = read_own(&text);
            for item in own {
                prop_assert_eq!(parse(&format!("v=spf1 {} -all", item.term())).errors, []);
            }
            for refused in refused {
                prop_assert!(text.contains(&refused.text));
            }
        }
    }
}
