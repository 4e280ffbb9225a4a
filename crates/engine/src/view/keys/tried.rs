//! What is at a selector.

use crate::{
    cx::Cx,
    dns::{Answer, Failure, Name, Outcome, Query, Rtype, Txt},
    facts::{Ask, Pending, Step},
    knowledge::{Provider, Selector},
    record::dkim::{Key, Material},
    view::wildcard,
};

/// A selector that was asked about.
pub(crate) struct TriedSelector<'a> {
    pub selector: String,
    pub origin: SelectorOrigin<'a>,
    /// Where the key would stand.
    pub name: Name,
    /// Where the alias leads, if the selector is one.
    pub alias: Option<Name>,
    pub found: SelectorContent,
}

impl TriedSelector<'_> {
    /// Whether the user named it.
    pub(crate) fn is_given(&self) -> bool {
        matches!(self.origin, SelectorOrigin::Given(_))
    }
}

/// What a name that nobody published brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wildcard {
    /// It does not exist: names exist only if they are published.
    No,
    /// It exists without text, as every name does under compact denial (RFC 9824).
    Blank,
    /// These texts, in their own order.
    Texts(Vec<String>),
    /// An alias to a name without text: to the same one for all names, or, where a whole branch is led elsewhere
    /// (DNAME, RFC 6672), to `{label}.{the same name}`.
    Alias {
        /// The label of the name that nobody published.
        label: String,
        /// Where it led.
        target: Name,
    },
    /// Not known.
    Unknown,
}

impl Wildcard {
    pub(super) fn of(answer: &Answer) -> Self {
        let texts = answer.records.iter().filter_map(|record| record.data.txt());
        let mut texts: Vec<String> = texts.map(|txt| txt.text().into_owned()).collect();
        texts.sort();
        Self::Texts(texts)
    }

    /// Whether it says under every name that there is no key.
    pub(crate) fn revokes(&self) -> bool {
        let Self::Texts(texts) = self else { return false };
        let revoked = |text: &String| {
            Key::is_meant(text) && Key::parse(text.clone(), &[]).material == Material::Revoked
        };
        !texts.is_empty() && texts.iter().all(revoked)
    }

    /// Whether it says under every name what may be a key.
    pub(crate) fn has_key(&self) -> bool {
        matches!(self, Self::Texts(texts) if texts.iter().any(|text| Key::is_meant(text)))
    }

    /// Whether an alias of `selector` to `target` is its work.
    fn leads(&self, selector: &str, to: Option<&Name>) -> bool {
        let (Self::Alias { label, target }, Some(to)) = (self, to) else { return false };
        to == target
            || target
                .as_str()
                .strip_prefix(label.as_str())
                .is_some_and(|rest| rest.starts_with('.') && to.as_str().strip_prefix(selector) == Some(rest))
    }
}

/// Why a selector is tried.
#[derive(Clone, Copy)]
pub(crate) enum SelectorOrigin<'a> {
    /// The user named it; the recognised provider who uses such a name, if there is one.
    Given(Option<&'a Provider>),
    /// A recognised provider uses it.
    Provider(&'a Provider),
    /// It is common.
    Common(&'a Selector),
}

/// What was found at a selector.
pub(crate) enum SelectorContent {
    /// Nothing, or only what a wildcard puts everywhere.
    Nothing,
    /// An alias to a name without a key.
    Dangling,
    /// One key.
    Key(Key),
    /// Several keys; which one counts is undefined.
    Several(Vec<String>),
    /// Text that is no key.
    Other(String),
    /// The lookup failed.
    Failed(Failure),
}

impl SelectorContent {
    /// Whether it tells that the selector is in use, or was.
    pub(crate) fn is_something(&self) -> bool {
        matches!(self, Self::Dangling | Self::Key(_) | Self::Several(_))
    }

    /// Whether it is a key that receivers can use.
    pub(crate) fn works(&self) -> bool {
        matches!(self, Self::Key(key) if key.works())
    }
}

fn query(base: &Name, selector: &str) -> Option<Query> {
    Some(Query::new(base.under(selector).ok()?, Rtype::Txt))
}

/// Asks about all names from `from` on at the same time.
pub(super) fn ask(cx: &Cx<'_>, base: &Name, names: &[(String, SelectorOrigin<'_>)], from: usize) -> Step<()> {
    let mut pending = Ok(());
    cx.section(|| {
        for (selector, _) in &names[from..] {
            if let Some(query) = query(base, selector)
                && cx.ask(&query).is_err()
            {
                pending = Err(Pending);
            }
        }
    });
    pending
}

/// Reads what came of [`ask`].
pub(super) fn read<'a>(
    cx: &Cx<'_>,
    base: &Name,
    names: &[(String, SelectorOrigin<'a>)],
    wildcard: &Wildcard,
) -> Step<Vec<TriedSelector<'a>>> {
    let mut tried = Vec::with_capacity(names.len());
    let mut pending = Ok(());
    for (selector, origin) in names {
        let Some(query) = query(base, selector) else { continue };
        let outcome = cx.ask(&query)?;
        let alias = match wildcard::alias_target(cx, outcome) {
            Ok(alias) => alias,
            Err(Pending) => {
                pending = Err(Pending);
                continue;
            }
        };
        let found = match found(outcome, wildcard) {
            SelectorContent::Dangling if wildcard.leads(selector, alias.as_ref()) => SelectorContent::Nothing,
            found => found,
        };
        tried.push(TriedSelector {
            selector: selector.clone(),
            origin: *origin,
            name: query.name,
            alias,
            found,
        });
    }
    pending.map(|()| tried)
}

fn found(outcome: &Outcome, wildcard: &Wildcard) -> SelectorContent {
    match outcome {
        Outcome::Failed(failed) => return SelectorContent::Failed(failed.failure),
        Outcome::NoData(negative) | Outcome::NxDomain(negative) => {
            return if negative.chain.is_empty() {
                SelectorContent::Nothing
            } else {
                SelectorContent::Dangling
            };
        }
        Outcome::Records(_) => {}
    }
    let everywhere = |txt: &&Txt| match wildcard {
        Wildcard::Texts(texts) => texts.binary_search_by(|text| text.as_str().cmp(&txt.text())).is_ok(),
        _ => false,
    };
    let texts: Vec<&Txt> = outcome.texts().filter(|txt| !everywhere(txt)).collect();
    let keys: Vec<&&Txt> = texts.iter().filter(|txt| Key::is_meant(&txt.text())).collect();
    match (keys.as_slice(), texts.first()) {
        ([], None) => SelectorContent::Nothing,
        ([], Some(text)) => SelectorContent::Other(text.text().into_owned()),
        ([one], _) => SelectorContent::Key(Key::read(one)),
        (several, _) => SelectorContent::Several(several.iter().map(|txt| txt.text().into_owned()).collect()),
    }
}
