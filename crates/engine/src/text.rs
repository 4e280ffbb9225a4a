//! Words: finding codes and arguments become sentences in a language.
//!
//! A catalog is six flat JSON files of `www/locales`, key to text: `<language>.json` for the page,
//! `<language>.report.json` for what checks have to say, which is fetched with the first check,
//! `<language>.bounce.json` for pasted errors and headers, fetched with the first paste, `<language>.ticket.json`
//! for the message to whoever can help, fetched when it is opened, `<language>.tools.json` for what is tried, compared and checked
//! in numbers, fetched with the first of these, and `<language>.pages.json` for the pages that explain, which
//! the build reads. Placeholders are `{name}`; a number called `n`
//! chooses among `<key>.one`, `<key>.other` and so on where such keys exist (CLDR plural categories). Adding a
//! language is these six files.

mod arg;

use crate::{bounds, table::Table, visible::visible};

pub use arg::{Arg, Args};

/// The languages of the page: the tag, which is also the name of the file in `www/locales`, and how its speakers call
/// it. The first one is the fall-back.
pub const LANGUAGES: &[(&str, &str)] = &[("en", "English"), ("zh-Hant", "繁體中文")];

/// The language of the product that fits a tag (RFC 5646): the one that has the most of its first parts (RFC 4647
/// section 3.4), and where there is none the first one of the same language, whatever its script or region.
#[must_use]
pub fn known(tag: &str) -> Option<&'static str> {
    best_fit(tag, LANGUAGES.iter().map(|&(language, _)| language))
}

fn best_fit(tag: &str, languages: impl Iterator<Item = &'static str> + Clone) -> Option<&'static str> {
    let ends = tag.match_indices('-').map(|(at, _)| at).chain([tag.len()]);
    let exact = ends.rev().find_map(|end| {
        let range = &tag[..end];
        languages.clone().find(|language| language.eq_ignore_ascii_case(range))
    });
    let first = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    exact.or_else(|| languages.clone().find(|language| first(language) == first(tag)))
}

/// Gives the CLDR plural category of a number in the language of the catalog: `one`, `other`, ...
pub type Plural = fn(u64) -> &'static str;

/// The texts of one language.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    texts: Table<String, String>,
}

impl Catalog {
    /// A catalog of `texts`; what is missing shows its key.
    #[must_use]
    pub fn new(texts: Table<String, String>) -> Self {
        Self { texts }
    }

    /// Keys and texts.
    pub fn texts(&self) -> impl Iterator<Item = (&String, &String)> {
        self.texts.iter()
    }

    /// The text under `key` as it stands.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.texts.get(key).map(String::as_str)
    }

    /// The text under `key`, its placeholders filled with `args`. The result is plain text, never markup, and a value adds
    /// no line to it.
    #[must_use]
    pub fn say(&self, key: &str, args: &Args, plural: Plural) -> String {
        self.say_at(key, args, plural, 0)
    }

    /// A text may name another one by [`Arg::Key`], whose placeholders the same values fill; that one may not go on.
    fn say_at(&self, key: &str, args: &Args, plural: Plural, depth: u8) -> String {
        let text = match args.get("n") {
            Some(&Arg::Number(n)) => {
                self.get(&format!("{key}.{}", plural(n))).or_else(|| self.get(&format!("{key}.other")))
            }
            _ => None,
        };
        match text.or_else(|| self.get(key)) {
            Some(text) => self.fill(text, args, plural, depth),
            None => key.to_owned(),
        }
    }

    fn fill(&self, text: &str, args: &Args, plural: Plural, depth: u8) -> String {
        let mut out = String::with_capacity(text.len() + 32);
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, tail)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            match args.get(name) {
                Some(arg) => self.push_arg(&mut out, arg, args, plural, depth),
                None => {
                    out.push('{');
                    out.push_str(name);
                    out.push('}');
                }
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    /// That there are so many more than are shown or copied.
    #[must_use]
    pub fn more(&self, n: usize, plural: Plural) -> String {
        let mut args = Args::default();
        args.set("n", n.into());
        self.say("list.more", &args, plural)
    }

    fn push_arg(&self, out: &mut String, arg: &Arg, args: &Args, plural: Plural, depth: u8) {
        match arg {
            Arg::Number(n) => out.push_str(&n.to_string()),
            Arg::Text(text) => out.push_str(&visible(text)),
            Arg::Key(key) if depth == 0 => out.push_str(&self.say_at(key, args, plural, 1)),
            Arg::Key(key) => out.push_str(self.get(key).unwrap_or(key)),
            Arg::List(items) => {
                let (shown, more) = bounds::shown(items, bounds::LISTED);
                for (index, item) in shown.iter().enumerate() {
                    if index > 0 {
                        out.push_str(self.get("list.separator").unwrap_or(", "));
                    }
                    self.push_arg(out, item, args, plural, depth);
                }
                if more > 0 {
                    out.push(' ');
                    out.push_str(&self.more(more, plural));
                }
            }
        }
    }
}

/// A filled text without the spaces between Chinese or Japanese letters: a template has them for the names in Latin letters
/// that mostly stand there.
#[must_use]
pub fn close_up(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        if char == ' ' && is_wide(before) && chars.peek().is_some_and(|&next| is_wide(next)) {
            continue;
        }
        out.push(char);
        before = char;
    }
    out
}

/// Whether no space stands beside this character: Chinese and Japanese letters and their punctuation.
fn is_wide(char: char) -> bool {
    matches!(char, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog(texts: &[(&str, &str)]) -> Catalog {
        Catalog::new(texts.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect())
    }

    fn english(n: u64) -> &'static str {
        if n == 1 { "one" } else { "other" }
    }

    #[test]
    fn the_exact_language_comes_before_one_that_only_begins_alike() {
        let fit = |tag| best_fit(tag, ["en", "zh-Hant", "zh-Hans"].into_iter());
        for (tag, language) in [
            ("zh-Hans", "zh-Hans"),
            ("ZH-hans-CN", "zh-Hans"),
            ("zh-Hant-TW", "zh-Hant"),
            ("zh", "zh-Hant"),
            ("zh-TW", "zh-Hant"),
            ("en-GB", "en"),
        ] {
            assert_eq!(fit(tag), Some(language), "{tag}");
        }
        assert_eq!(fit("de"), None);
        assert_eq!(fit("e"), None);
        assert_eq!(fit(""), None);
    }

    #[test]
    fn placeholders_plurals_and_missing_texts() {
        let catalog = catalog(&[
            ("lookups.one", "{n} lookup at {where}"),
            ("lookups.other", "{n} lookups at {where}"),
            ("here", "this place"),
        ]);
        let mut args = Args::default();
        args.set("n", 1u64.into());
        args.set("where", Arg::key("here"));
        assert_eq!(catalog.say("lookups", &args, english), "1 lookup at this place");
        args.set("n", 12u64.into());
        args.set("where", Arg::list(["a", "b"]));
        assert_eq!(catalog.say("lookups", &args, english), "12 lookups at a, b");
        args.set("where", Arg::key("lookups.other"));
        assert_eq!(
            catalog.say("lookups", &args, english),
            "12 lookups at 12 lookups at {n} lookups at {where}"
        );
        assert_eq!(catalog.say("nowhere", &args, english), "nowhere");
    }

    #[test]
    fn a_long_list_says_how_much_it_leaves_out() {
        let catalog = catalog(&[("t", "{hosts}."), ("list.more.other", "and {n} more")]);
        let said = |n: usize| {
            let mut args = Args::default();
            args.set("hosts", Arg::list((0..n).map(|at| format!("h{at}"))));
            catalog.say("t", &args, english)
        };
        assert!(said(bounds::LISTED).ends_with(", h11."));
        assert!(said(4000).ends_with(", h11 and 3988 more."));
        assert!(said(bounds::LISTED + 1).ends_with("h11, h12."), "one more needs no words");
    }

    #[test]
    fn no_space_stands_between_chinese_letters() {
        assert_eq!(close_up("寄件位址在 黑名單 上。"), "寄件位址在黑名單上。");
        assert_eq!(close_up("寄件位址在 Spamhaus ZEN 上。 OK"), "寄件位址在 Spamhaus ZEN 上。 OK");
    }

    #[test]
    fn values_are_not_read_as_templates() {
        let catalog = catalog(&[("t", "{a} {b} {")]);
        let mut args = Args::default();
        args.set("a", "{b}".into());
        args.set("b", "x".into());
        assert_eq!(catalog.say("t", &args, english), "{b} x {");
    }
}
