//! Text of a pasted error without what names people.

use crate::{
    bounce::{BounceFact, FactKind},
    message, steps,
};

/// Shorter names of people than this stand in too many other words.
const MIN_NAME: usize = 3;

/// Names that the text holds and that are not to be shown: addresses as they were found, the names in front of their
/// `@`, and the recipients' domains.
pub(super) fn hidden(facts: &[BounceFact]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        let name = name.to_ascii_lowercase();
        if name.len() >= MIN_NAME && !names.contains(&name) {
            names.push(name);
        }
    };
    let own: Vec<_> = facts.iter().filter(|fact| fact.kind == FactKind::Domain).collect();
    for fact in facts.iter().filter(|fact| fact.private) {
        add(&fact.value);
        if let Some((local, _)) = fact.value.rsplit_once('@') {
            add(local);
        }
        if fact.kind == FactKind::Recipient
            && let Some(domain) = message::domain_of(&fact.value)
            && !own.iter().any(|fact| fact.value.eq_ignore_ascii_case(domain.as_str()))
        {
            add(domain.as_str());
            // As in the names of servers that a provider has for each customer.
            add(&domain.as_str().replace('.', "-"));
        }
    }
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    names
}

/// `text` with `gap` in place of every word that is or holds an address of a mailbox, and of every name in `hidden`.
pub(super) fn masked(text: &str, hidden: &[String], gap: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(is_edge).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        let lower = word.to_ascii_lowercase();
        if word.contains('@') || lower.contains("%40") || word.contains('＠') {
            out.push_str(gap);
        } else {
            without(&mut out, word, &lower, hidden, gap);
        }
        let edge = after.chars().next().map_or(0, char::len_utf8);
        out.push_str(&after[..edge]);
        rest = &after[edge..];
    }
    out
}

/// What ends a word that may be an address.
fn is_edge(c: char) -> bool {
    c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '(' | ')' | '[' | ']' | ',' | ';' | '「' | '」')
}

/// The word with the names in it taken out where they stand by themselves, not inside another word.
fn without(out: &mut String, word: &str, lower: &str, hidden: &[String], gap: &str) {
    let free = |octet: Option<&u8>| octet.is_none_or(|octet| !octet.is_ascii_alphanumeric());
    let mut at = 0;
    while let Some(c) = word[at..].chars().next() {
        steps::took(hidden.len() + 1);
        let found = hidden.iter().find(|name| {
            lower[at..].starts_with(name.as_str())
                && free(at.checked_sub(1).and_then(|before| lower.as_bytes().get(before)))
                && free(lower.as_bytes().get(at + name.len()))
        });
        match found {
            Some(name) => {
                out.push_str(gap);
                at += name.len();
            }
            None => {
                out.push(c);
                at += c.len_utf8();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_names_of_people_are_taken_out() {
        let fact = |kind, value: &str| BounceFact {
            kind,
            value: value.to_owned(),
            span: None,
            proposed: false,
            private: true,
        };
        let facts = [
            fact(FactKind::Recipient, "Bob.Secret@shop.example"),
            fact(FactKind::Sender, "anna@example.org"),
        ];
        let names = hidden(&facts);
        let mask = |text: &str| masked(text, &names, "…");
        assert_eq!(mask("<bob.secret@shop.example>: user bob.secret unknown"), "<…>: user … unknown");
        assert_eq!(mask("host mx.shop.example[11.22.33.1] said"), "host mx.…[11.22.33.1] said");
        assert_eq!(mask("host shop-example.mail.provider.example said"), "host ….mail.provider.example said");
        assert_eq!(mask("https://x.example/?r=bob%40y.example&d=1 <c@d.example>"), "… <…>");
        assert_eq!(mask("hannah's annals, from anna, 收件者bob@a.b"), "hannah's annals, from …, …");
        assert_eq!(mask("example.org stays, shop.example.com too"), "example.org stays, ….com too");
        assert_eq!(mask(""), "");
    }
}
