//! One selector, judged.

use super::asked_of;
use crate::{
    change::{Fix, Safety},
    check::{Arg, Code, Cx, Finding, Findings, Level},
    dns::{Name, Outcome, Query, Rtype},
    facts::{Ask, Step},
    knowledge::Provider,
    record::{
        dkim::{Key, KeyErrorKind, Material},
        tags::{TagErrorKind, TagList},
    },
    view::keys::{SelectorContent, SelectorOrigin, TriedSelector},
};

/// Says what is to be said about a selector. `working` names whose keys of the domain work: where there are some, a
/// fault in another one is less urgent, because it may not be in use any more.
pub(super) fn judge(
    cx: &Cx<'_>,
    findings: &mut Findings,
    domain: &Name,
    tried: &TriedSelector<'_>,
    working: &[Option<&str>],
) -> Step<()> {
    let works = !working.is_empty();
    let outcome = cx.ask(&Query::new(tried.name.clone(), Rtype::Txt))?;
    let given = matches!(tried.origin, SelectorOrigin::Given(_));
    let about = |code| about(code, tried);
    let put = |findings: &mut Findings, finding: Finding| cx.found(findings, finding);
    match &tried.found {
        SelectorContent::Nothing if given => put(findings, about(Code::Dki070).arg("domain", domain)),
        SelectorContent::Other(text) if given => {
            let finding = about(Code::Dki070).arg("domain", domain);
            put(findings, finding.label(&tried.name, Rtype::Txt, text.as_str(), 0..0));
        }
        SelectorContent::Failed(failure) if given => {
            put(
                findings,
                asked_of(about(Code::Dki060).arg("domain", domain).arg("n", 1u64), None).because(*failure),
            );
        }
        SelectorContent::Nothing | SelectorContent::Other(_) | SelectorContent::Failed(_) => {}
        // Providers that change keys in turn leave one of a pair empty.
        SelectorContent::Dangling
            if !given && owner(cx, tried).is_some_and(|p| working.contains(&Some(&p.id))) => {}
        SelectorContent::Dangling => put(findings, urgent(dangling(cx, tried), given, works)),
        SelectorContent::Several(texts) => {
            let finding = texts.iter().fold(about(Code::Dki140).arg("n", texts.len()), |finding, text| {
                finding.label(&tried.name, Rtype::Txt, text.as_str(), 0..0)
            });
            put(findings, urgent(finding, given, works));
        }
        SelectorContent::Key(key) => one(cx, findings, tried, key, &seams(outcome, key), works),
    }
    Ok(())
}

/// An alias to a name without a key.
fn dangling(cx: &Cx<'_>, tried: &TriedSelector<'_>) -> Finding {
    let target = tried.alias.as_ref().map_or_else(String::new, Name::to_string);
    let finding = asked_of(about(Code::Dki150, tried).arg("target", target.as_str()), owner(cx, tried));
    let fix = Fix::at(&tried.name, Rtype::Cname, Safety::Decide).removing([target.as_str()]);
    finding.label(&tried.name, Rtype::Cname, target, 0..0).fix(fix)
}

/// The octets of the key's text at which its strings end.
fn seams(outcome: &Outcome, key: &Key) -> Vec<usize> {
    let strings = outcome.texts().filter(|txt| txt.text() == key.text).flat_map(|txt| {
        txt.strings().scan(0, |end, string| {
            *end += string.len();
            Some(*end)
        })
    });
    strings.collect()
}

fn one(
    cx: &Cx<'_>,
    findings: &mut Findings,
    tried: &TriedSelector<'_>,
    key: &Key,
    seams: &[usize],
    works: bool,
) {
    let given = matches!(tried.origin, SelectorOrigin::Given(_));
    let about = |code| about(code, tried);
    let put = |findings: &mut Findings, finding: Finding| cx.found(findings, finding);
    let fault = key.errors.iter().find(|error| error.kind != KeyErrorKind::List(TagErrorKind::Empty));
    if let Some(error) = fault {
        let code = match error.kind {
            KeyErrorKind::Seam => Code::Dki200,
            kind if kind.is_about_the_key() => Code::Dki130,
            _ => Code::Dki120,
        };
        let mut finding = about(code).arg("problem", Arg::key(error.kind.key()));
        finding = finding.label(&tried.name, Rtype::Txt, key.text.as_str(), error.span.range());
        finding = asked_of(finding, owner(cx, tried));
        // A record that stands in somebody else's zone is not the user's to mend.
        if let (None, Some(mended)) = (&tried.alias, key.repaired(seams)) {
            finding = finding.fix(replace(&tried.name, &key.text, mended, Safety::Safe));
        }
        put(findings, urgent(finding, given, works));
        return;
    }
    let labelled = |finding: Finding| {
        finding.label(&tried.name, Rtype::Txt, key.text.as_str(), key.material_span.range())
    };
    match key.material {
        Material::Revoked => {
            let finding = labelled(asked_of(about(Code::Dki080), owner(cx, tried)));
            put(findings, urgent(finding, given, works));
        }
        Material::Rsa(bits) if bits < 1024 => {
            let finding = asked_of(about(Code::Dki090).arg("bits", u64::from(bits)), owner(cx, tried));
            put(findings, urgent(labelled(finding), given, works));
        }
        Material::Rsa(_) | Material::Ed25519 | Material::Unknown => well(cx, findings, tried, key),
    }
}

/// A key that works, and what may be remarked.
fn well(cx: &Cx<'_>, findings: &mut Findings, tried: &TriedSelector<'_>, key: &Key) {
    let mut put = |finding: Finding, span: Option<crate::record::Span>| {
        let span = span.map_or(0..0, crate::record::Span::range);
        cx.found(findings, finding.label(&tried.name, Rtype::Txt, key.text.as_str(), span));
    };
    let finding = match whose(cx, tried) {
        Some(provider) => about(Code::Dki020, tried).arg("provider", provider),
        None => about(Code::Dki010, tried),
    };
    put(
        match key.material {
            Material::Rsa(bits) => {
                finding.arg("bits", u64::from(bits)).arg("strength", Arg::key("dkim.strength.rsa"))
            }
            _ => finding.arg("strength", Arg::key("dkim.strength.ed25519")),
        },
        None,
    );
    match key.material {
        Material::Rsa(bits) if bits < 2048 => {
            let finding = about(Code::Dki100, tried).arg("bits", u64::from(bits));
            put(asked_of(finding, owner(cx, tried)), Some(key.material_span));
        }
        Material::Ed25519 => put(about(Code::Dki110, tried), Some(key.material_span)),
        _ => {}
    }
    if let Some(span) = key.testing {
        let mut finding = about(Code::Dki180, tried);
        if tried.alias.is_none() {
            finding = finding.fix(replace(&tried.name, &key.text, untested(&key.text), Safety::Decide));
        }
        put(asked_of(finding, owner(cx, tried)), Some(span));
    }
    if let Some(span) = key.strict {
        put(about(Code::Dki190, tried), Some(span));
    }
}

fn about(code: Code, tried: &TriedSelector<'_>) -> Finding {
    Finding::new(code, &tried.name).arg("selector", tried.selector.as_str()).arg("name", &tried.name)
}

/// A fault is urgent if the user signs with the key or no other key works; else it may be a left-over.
fn urgent(finding: Finding, given: bool, works: bool) -> Finding {
    if works && !given { finding.rated(Level::Info, 0) } else { finding }
}

fn replace(owner: &Name, old: &str, new: String, safety: Safety) -> Fix {
    Fix::at(owner, Rtype::Txt, safety).removing([old]).publishing([new])
}

/// The record without the flag `y`.
fn untested(text: &str) -> String {
    let list = TagList::parse(text);
    let tags = list.tags.iter().filter_map(|tag| {
        if tag.name != "t" {
            return Some(format!("{}={}", tag.name, tag.value));
        }
        let flags: Vec<&str> = tag.value.split(':').map(str::trim).filter(|flag| *flag != "y").collect();
        (!flags.is_empty()).then(|| format!("t={}", flags.join(":")))
    });
    tags.collect::<Vec<_>>().join("; ")
}

/// The provider whose key it is: an alias tells it best, then who was asked for it.
pub(super) fn owner<'a>(cx: &Cx<'a>, tried: &TriedSelector<'a>) -> Option<&'a Provider> {
    let by_alias = tried.alias.as_ref().and_then(|target| {
        let target = cx.knowledge.selectors.by_target(target)?;
        cx.knowledge.providers.by_id(target.provider.as_deref()?)
    });
    by_alias.or(match tried.origin {
        SelectorOrigin::Provider(provider) => Some(provider),
        SelectorOrigin::Common(selector) => cx.knowledge.providers.by_id(selector.provider.as_deref()?),
        SelectorOrigin::Given(provider) => provider,
    })
}

/// The name of whoever the key belongs to, where that is more than a guess by a common selector.
fn whose<'a>(cx: &Cx<'a>, tried: &TriedSelector<'a>) -> Option<&'a str> {
    if let Some(target) = &tried.alias
        && let Some(known) = cx.knowledge.selectors.by_target(target)
    {
        let named = known.provider.as_deref().and_then(|id| cx.knowledge.providers.by_id(id));
        return named.map(|provider| provider.name.as_str()).or(known.suggests.as_deref());
    }
    match tried.origin {
        SelectorOrigin::Provider(provider) | SelectorOrigin::Given(Some(provider)) => {
            Some(provider.name.as_str())
        }
        SelectorOrigin::Common(_) | SelectorOrigin::Given(None) => None,
    }
}
