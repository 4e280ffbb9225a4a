//! A record that is changed term by term, and several made one (RFC 7208).
//!
//! Terms that a change does not touch stay as they were written, broken ones included.

use std::{fmt, net::IpAddr};

use super::{Mechanism, Qualifier, SpfRecord, TermKind, parse};
use crate::{dns::Network, table::Table};

/// The record with which one begins: it names nobody yet, and only says that everybody else is suspicious.
pub const NOBODY: &str = "v=spf1 ~all";

/// A record that is being changed. Shows as its text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpfEdit {
    words: Vec<Word>,
}

/// A term as written, and what it does.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    text: String,
    role: Role,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// A mechanism that lets somebody send.
    Admits,
    /// A mechanism that says something else of somebody, so that what stands behind it does not let them send.
    Excludes,
    /// `all`.
    All(Qualifier),
    /// `redirect=`.
    Redirect,
    /// `exp=`, of which a record may hold one (section 6).
    Explanation,
    /// Without effect, or not understood.
    Other,
}

impl SpfEdit {
    /// The record that `text` is; nothing of it is lost but blanks.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let word = |term: super::Term| {
            let role = match term.kind {
                TermKind::Directive(qualifier, Mechanism::All) => Role::All(qualifier),
                TermKind::Directive(Qualifier::Pass, _) => Role::Admits,
                TermKind::Directive(..) => Role::Excludes,
                TermKind::Redirect(_) => Role::Redirect,
                TermKind::Explanation(_) => Role::Explanation,
                TermKind::Unknown { .. } | TermKind::Broken => Role::Other,
            };
            Word { text: term.span.of(text).to_owned(), role }
        };
        let SpfRecord { terms, .. } = parse(text);
        Self { words: terms.into_iter().map(word).collect() }
    }

    /// The record of these terms, in their order.
    #[must_use]
    pub fn of<T: AsRef<str>>(terms: impl IntoIterator<Item = T>) -> Self {
        let text = terms.into_iter().fold("v=spf1".to_owned(), |text, term| text + " " + term.as_ref());
        Self::parse(&text)
    }

    /// Without the terms at `positions`.
    #[must_use]
    pub fn without(mut self, positions: &[usize]) -> Self {
        let mut index = 0..;
        self.words.retain(|_| index.next().is_none_or(|index| !positions.contains(&index)));
        self
    }

    /// With the term at `position` replaced.
    #[must_use]
    pub fn replaced(mut self, position: usize, by: &str) -> Self {
        if let Some(word) = self.words.get_mut(position) {
            by.clone_into(&mut word.text);
        }
        Self::of(self.words.iter().map(|word| &word.text))
    }

    /// With `term` in front of all others.
    #[must_use]
    pub fn with_first(self, term: &str) -> Self {
        Self::of([term].into_iter().chain(self.words.iter().map(|word| word.text.as_str())))
    }

    /// With `term` behind all others.
    #[must_use]
    pub fn with_last(self, term: &str) -> Self {
        Self::of(self.words.iter().map(|word| word.text.as_str()).chain([term]))
    }

    /// With `ip` let in, in front of the term that speaks of everybody else. The same if it is named already.
    #[must_use]
    pub fn with_sender(mut self, ip: IpAddr) -> Self {
        let ip = ip.to_canonical();
        let text = mechanism(Network::new(ip, if ip.is_ipv4() { 32 } else { 128 }));
        let is_end = |word: &Word| matches!(word.role, Role::All(_) | Role::Redirect);
        let end = self.words.iter().position(is_end).unwrap_or(self.words.len());
        if !self.words[..end].iter().any(|word| word.text.trim_start_matches('+').eq_ignore_ascii_case(&text))
        {
            self.words.insert(end, Word { text, role: Role::Admits });
        }
        self
    }

    /// With its `all` at the end, and without the `redirect` that it makes void. Of several `all` only the first ever
    /// counted.
    #[must_use]
    pub fn all_last(mut self) -> Self {
        let all = self.words.iter().find(|word| matches!(word.role, Role::All(_))).cloned();
        self.words.retain(|word| !matches!(word.role, Role::All(_) | Role::Redirect));
        self.words.extend(all);
        self
    }

    /// One record in place of several, which receivers read none of (section 4.5): whoever may send by one of them may send
    /// by it, in whatever order they came, for the DNS gives them in none.
    ///
    /// - Terms that exclude somebody stay where they are in the record they are from, and stand behind the other records;
    ///   where several records hold such terms, these come last.
    /// - Everybody else is treated as by the gentlest of the records. One without `all` is neutral (section 4.7), and so may
    ///   be what another domain says to which it redirects; that everybody may send becomes neutral too.
    /// - What a record redirects to becomes an include, for a redirect counts only where nothing else decides; beside an `all`
    ///   it never counted and goes (section 6.1).
    #[must_use]
    pub fn merged<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Self {
        let records: Vec<Self> = texts.into_iter().map(|text| Self::parse(text.as_ref())).collect();
        let end = records.iter().map(Self::end).max().unwrap_or(Qualifier::SoftFail);
        let (strict, mild): (Vec<Self>, Vec<Self>) = records.into_iter().partition(Self::excludes);
        let is_one = strict.windows(2).all(|pair| pair[0] == pair[1]);
        let mut words: Vec<Word> = mild.into_iter().chain(strict).flat_map(Self::without_end).collect();
        if !is_one {
            words.sort_by_key(|word| word.role == Role::Excludes);
        }
        let mut known: Table<String, ()> = Table::default();
        let mut is_explained = false;
        words.retain(|word| {
            let again = word.role == Role::Explanation && std::mem::replace(&mut is_explained, true);
            !again && known.insert(word.text.to_ascii_lowercase(), ())
        });
        words.push(Word { text: format!("{}all", end.sign()), role: Role::All(end) });
        Self { words }
    }

    fn excludes(&self) -> bool {
        self.words.iter().any(|word| word.role == Role::Excludes)
    }

    /// What it says of everybody else, as far as another record may say it: to let everybody send is no record's purpose.
    fn end(&self) -> Qualifier {
        let all = self.words.iter().find_map(|word| match word.role {
            Role::All(qualifier) => Some(qualifier),
            _ => None,
        });
        all.filter(|&qualifier| qualifier != Qualifier::Pass).unwrap_or(Qualifier::Neutral)
    }

    /// Its terms but `all`, those that admit somebody without a sign, and what it redirects to as an include.
    fn without_end(self) -> impl Iterator<Item = Word> {
        let is_void = self.words.iter().any(|word| matches!(word.role, Role::All(_)));
        let (redirects, words): (Vec<Word>, Vec<Word>) = self
            .words
            .into_iter()
            .filter(|word| !matches!(word.role, Role::All(_)))
            .partition(|word| word.role == Role::Redirect);
        let plain = |word: Word| match word.role {
            Role::Admits => Word { text: word.text.trim_start_matches('+').to_owned(), ..word },
            _ => word,
        };
        let included = |word: Word| {
            let (_, domain) = word.text.split_once('=')?;
            Some(Word { text: format!("include:{domain}"), role: Role::Admits })
        };
        let redirects = redirects.into_iter().filter(move |_| !is_void);
        words.into_iter().map(plain).chain(redirects.filter_map(included))
    }
}

impl fmt::Display for SpfEdit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("v=spf1")?;
        self.words.iter().try_for_each(|word| write!(f, " {}", word.text))
    }
}

/// The mechanism for an address or range.
fn mechanism(network: Network) -> String {
    let family = if network.first.is_ipv4() { "ip4" } else { "ip6" };
    format!("{family}:{network}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(texts: &[&str]) -> String {
        SpfEdit::merged(texts).to_string()
    }

    #[test]
    fn a_sender_goes_in_front_of_the_end() {
        let with = |text: &str, ip: &str| SpfEdit::parse(text).with_sender(ip.parse().unwrap()).to_string();
        assert_eq!(with("v=spf1 mx -all", "192.0.2.9"), "v=spf1 mx ip4:192.0.2.9 -all");
        assert_eq!(with("v=spf1 redirect=a.example", "192.0.2.9"), "v=spf1 ip4:192.0.2.9 redirect=a.example");
        assert_eq!(with("v=spf1 mx", "2001:db8::1"), "v=spf1 mx ip6:2001:db8::1");
        assert_eq!(with("v=spf1 ip4:192.0.2.9 -all", "192.0.2.9"), "v=spf1 ip4:192.0.2.9 -all");
        assert_eq!(
            with("v=spf1 ip4:192.0.2.90 -all", "192.0.2.9"),
            "v=spf1 ip4:192.0.2.90 ip4:192.0.2.9 -all"
        );
    }

    #[test]
    fn all_goes_to_the_end() {
        let edit = SpfEdit::parse("v=spf1 mx ~all include:a.example -all redirect=b.example");
        assert_eq!(edit.all_last().to_string(), "v=spf1 mx include:a.example ~all");
    }

    #[test]
    fn terms_are_changed_and_the_others_stay_as_written() {
        let edit = || SpfEdit::parse("v=spf1  MX moo:: +a  -all");
        assert_eq!(edit().to_string(), "v=spf1 MX moo:: +a -all");
        assert_eq!(edit().without(&[1, 3]).to_string(), "v=spf1 MX +a");
        assert_eq!(edit().replaced(3, "~all").to_string(), "v=spf1 MX moo:: +a ~all");
        assert_eq!(edit().replaced(9, "~all"), edit());
        assert_eq!(edit().with_first("mx").with_last("?all").to_string(), "v=spf1 mx MX moo:: +a -all ?all");
    }

    #[test]
    fn records_merge_into_one() {
        assert_eq!(
            merged(&["v=spf1 include:a.example -all", "v=spf1 include:b.example INCLUDE:A.example ~all"]),
            "v=spf1 include:a.example include:b.example ~all"
        );
        assert_eq!(merged(&["v=spf1 mx -all", "v=spf1 +MX -all"]), "v=spf1 mx -all");
        assert_eq!(merged(&["v=spf1 mx exp=a.example -all", "v=spf1 exp=b.example -all"]), {
            "v=spf1 mx exp=a.example -all"
        });
    }

    #[test]
    fn everybody_else_is_treated_as_by_the_gentlest_in_any_order() {
        for (one, other, end) in [
            ("-all", "-all", "-all"),
            ("-all", "~all", "~all"),
            ("-all", "?all", "?all"),
            ("~all", "?all", "?all"),
            ("-all", "+all", "?all"),
            ("~all", "+all", "?all"),
            // Neutral by RFC 7208 section 4.7.
            ("-all", "", "?all"),
            // Of two in one record the second is never looked at.
            ("-all ~all", "-all", "-all"),
        ] {
            let [one, other] = [one, other].map(|all| format!("v=spf1 mx {all}"));
            assert_eq!(merged(&[&one, &other]), format!("v=spf1 mx {end}"), "{one} {other}");
            assert_eq!(merged(&[&other, &one]), format!("v=spf1 mx {end}"), "{other} {one}");
        }
        assert_eq!(merged(&["v=spf1 -all", "v=spf1 redirect=a.example"]), "v=spf1 include:a.example ?all");
        let void = "v=spf1 a -all redirect=a.example";
        assert_eq!(merged(&["v=spf1 mx -all", void]), "v=spf1 mx a -all", "it let nobody send");
    }

    #[test]
    fn nobody_is_excluded_whom_another_record_lets_send() {
        let strict = "v=spf1 -ip4:192.0.2.9 ip4:192.0.2.0/24 -all";
        let together = "v=spf1 ip4:192.0.2.9 -ip4:192.0.2.9 ip4:192.0.2.0/24 -all";
        assert_eq!(merged(&[strict, "v=spf1 ip4:192.0.2.9 -all"]), together);
        assert_eq!(merged(&["v=spf1 ip4:192.0.2.9 -all", strict]), together);
        assert_eq!(merged(&[strict, strict]), strict, "alone it keeps its order");
        assert_eq!(
            merged(&["v=spf1 -a mx -all", "v=spf1 -mx a -all"]),
            "v=spf1 mx a -a -mx -all",
            "of two that exclude somebody neither goes first"
        );
    }
}
