//! Every key of a text that the program can ask for is there, and every text is asked for.

use std::{collections::BTreeSet, fs, path::Path};

use mail_triage_engine::{
    bounce::{self, Basis, ClaimStatus, FactKind, Finality, Lead},
    check::{CheckId, Code, FindingText, Level},
    contact::PageKind,
    dmarc::PolicySource,
    dns::Failure,
    headers::{DifferenceReason, DmarcState, KeyState, RemarkKind, Trust},
    input::{InputError, InputNote},
    knowledge::{
        Actor, Auth, ClaimKind, LimitKind, ProviderKind, ResponsibleParty, Retry, Role, Scope, Security,
    },
    limits::SendingKind,
    many, opinion, picture,
    reading::Reading,
    record::{bimi::BimiErrorKind, dkim::KeyErrorKind, dmarc, mta_sts, spf, tls_rpt::TlsRptErrorKind},
    report::{
        CheckVerdict, changes,
        headline::HeadlineVerdict,
        rules::{RULES, RuleStatus},
    },
    route,
    settings::{Encryption, Purpose, SettingsRemark, TestOutput},
    spf::{Reason, SpfResult},
    view::{dmarc::Lack, owner},
};

use crate::common::texts;

/// Keys of values for which nothing is said.
const UNSAID: [&str; 5] =
    ["dmarc.effect.as-written", "dmarc.tag.p", "judge.spf.temperror", "limit.other", "smtp.remark.nothing"];

/// What keys begin with that are put together in more than one step.
const BEGINNINGS: [&str; 4] =
    ["calc.account.", "contact.party.", "judge.dkim.unknown.", "judge.spf.unknown."];

/// The keys of every enum that has a `key`.
fn keys_of_enums() -> Vec<Vec<String>> {
    vec![
        Actor::keys(),
        changes::Since::keys(),
        opinion::Difference::keys(),
        Reading::keys(),
        Auth::keys(),
        Basis::keys(),
        CheckId::keys(),
        CheckVerdict::keys(),
        ClaimKind::keys(),
        DmarcState::keys(),
        Encryption::keys(),
        FactKind::keys(),
        Failure::keys(),
        Finality::keys(),
        TestOutput::keys(),
        InputError::keys(),
        KeyState::keys(),
        Lack::keys(),
        Lead::keys(),
        Level::keys(),
        LimitKind::keys(),
        InputNote::keys(),
        ClaimStatus::keys(),
        PageKind::keys(),
        ResponsibleParty::keys(),
        ProviderKind::keys(),
        Purpose::keys(),
        Reason::keys(),
        SettingsRemark::keys(),
        RemarkKind::keys(),
        Retry::keys(),
        Role::keys(),
        HeadlineVerdict::keys(),
        Scope::keys(),
        Security::keys(),
        SendingKind::keys(),
        SpfResult::keys(),
        RuleStatus::keys(),
        Trust::keys(),
        DifferenceReason::keys(),
        bounce::PastedKind::keys(),
        bounce::Speaker::keys(),
        PolicySource::keys(),
        BimiErrorKind::keys(),
        KeyErrorKind::keys(),
        TlsRptErrorKind::keys(),
        mta_sts::StsRecordErrorKind::keys(),
        dmarc::Effect::keys(),
        dmarc::Policy::keys(),
        dmarc::PolicyTag::keys(),
        dmarc::UriProblem::keys(),
        dmarc::VersionFault::keys(),
        many::Column::keys(),
        mta_sts::PolicyErrorKind::keys(),
        owner::NetworkKind::keys(),
        picture::judgement::Chance::keys(),
        picture::judgement::DmarcVerdict::keys(),
        picture::spf_tree::BranchMark::keys(),
        route::BuildKind::keys(),
        spf::Fault::keys(),
        spf::Oddity::keys(),
    ]
}

/// The patterns by which the engine spells those keys.
fn patterns_of_enums() -> Vec<String> {
    let mut patterns = Vec::new();
    each_source(Path::new("crates/engine/src"), &mut |text| {
        let lines = text.lines().filter_map(|line| line.strip_prefix("    key \"")?.strip_suffix('"'));
        patterns.extend(lines.map(str::to_owned));
    });
    patterns
}

/// The keys that are put together from values the program knows, as far as each must have a text.
fn keys() -> BTreeSet<String> {
    let mut keys: BTreeSet<String> = keys_of_enums().into_iter().flatten().collect();
    for unsaid in UNSAID {
        assert!(keys.remove(unsaid), "{unsaid}");
    }
    keys.extend(Auth::ALL.iter().map(|auth| format!("smtp.method.{}", auth.as_str())));
    keys.extend(HeadlineVerdict::ALL.iter().map(|says| says.key_of_advice()));
    keys.extend(HeadlineVerdict::ALL.iter().map(|says| format!("many.{}", says.key())));
    keys.extend(RuleStatus::ALL.iter().map(|status| status.key_of_count()));
    keys.extend(opinion::Difference::ALL.iter().map(|difference| difference.key_of_text()));
    keys.extend(Purpose::ALL.iter().map(|purpose| purpose.key_of_text()));
    let decided = [SpfResult::Pass, SpfResult::Fail, SpfResult::SoftFail, SpfResult::Neutral];
    keys.extend(decided.iter().map(|result| format!("{}.anyone", result.key())));
    for rule in RULES {
        keys.extend(["title", "how"].map(|part| format!("rules.{}.{part}", rule.id)));
    }
    for code in Code::all() {
        use FindingText::{Do, Row, Title, Why};
        let parts: &[FindingText] = match code.level() {
            Level::Stops | Level::Improve if code.is_of_lists() => &[Title, Why, Do, Row],
            Level::Stops | Level::Improve => &[Title, Why, Do],
            Level::Unknown => &[Title, Do],
            Level::Info | Level::Pass => &[Title],
        };
        keys.extend(parts.iter().map(|part| code.key(*part)));
    }
    keys
}

#[test]
fn every_enum_that_has_keys_is_in_the_list() {
    let (spelled, listed) = (patterns_of_enums(), keys_of_enums());
    assert_eq!(spelled.len(), listed.len(), "{spelled:#?}");
    for keys in listed {
        assert!(spelled.iter().any(|pattern| keys.iter().all(|key| fits(key, pattern))), "{keys:?}");
    }
}

#[test]
fn no_key_of_an_enum_is_spelled_anywhere_else() {
    let once = patterns_of_enums();
    let again: Vec<String> =
        Named::new().patterns.into_iter().filter(|pattern| once.contains(&bare(pattern))).collect();
    assert!(again.is_empty(), "{again:#?}");
}

/// A pattern without the names in its braces.
fn bare(pattern: &str) -> String {
    let mut parts = pattern.split('{');
    let head = parts.next().unwrap_or_default().to_owned();
    parts.fold(head, |bare, part| bare + "{}" + part.split_once('}').map_or(part, |(_, rest)| rest))
}

#[test]
fn every_key_that_is_put_together_has_its_text() {
    let texts = texts("en");
    let has = |key: &String| texts.contains_key(key) || texts.contains_key(&format!("{key}.other"));
    let bare: Vec<String> = keys().into_iter().filter(|key| !has(key)).collect();
    assert!(bare.is_empty(), "{bare:#?}");
}

/// What the sources and the data name: keys as they stand, and those that are put together, with `{}` for the rest.
struct Named {
    whole: BTreeSet<String>,
    patterns: BTreeSet<String>,
}

impl Named {
    fn new() -> Self {
        let mut named = Self { whole: keys(), patterns: BTreeSet::new() };
        for root in ["crates", "src", "index.html", "www/data", "www/boot.js"] {
            each_source(Path::new(root), &mut |text| named.read(text));
        }
        named
            .whole
            .extend(Code::all().flat_map(|code| FindingText::ALL.iter().map(move |text| code.key(*text))));
        // The first paint stands in index.html itself, and a test holds it against the texts.
        let page = include_str!("page.rs");
        named.whole.extend(page.split('"').flat_map(|word| [word.to_owned(), format!("static.{word}")]));
        named
    }

    /// Takes every string of a source.
    fn read(&mut self, text: &str) {
        for quoted in text.split(['"', '\'', '`']) {
            let is_key = |c: char| c.is_ascii_alphanumeric() || "._-{}".contains(c);
            if !quoted.contains('.') || !quoted.chars().all(is_key) {
                continue;
            }
            match quoted.split_once('{') {
                None => drop(self.whole.insert(quoted.to_owned())),
                // The keys of enums and of findings are listed one by one; what begins with a brace could be anything.
                Some(_) if text.contains(&format!("    key \"{quoted}\"\n")) => {}
                Some((head, _)) if !head.contains('.') || head == "finding." => {}
                Some(_) => drop(self.patterns.insert(quoted.to_owned())),
            }
        }
    }

    fn names(&self, key: &str) -> bool {
        BEGINNINGS.iter().any(|beginning| key.starts_with(beginning))
            || self.whole.contains(key)
            || self.patterns.iter().any(|pattern| fits(key, pattern))
    }
}

/// Whether a key can be made of a pattern: something stands for each pair of braces.
fn fits(key: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('{').map(|part| part.split_once('}').map_or(part, |(_, rest)| rest));
    let Some(mut rest) = parts.next().and_then(|head| key.strip_prefix(head)) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (at, part) in parts.iter().enumerate() {
        if rest.is_empty() {
            return false;
        }
        let last = at + 1 == parts.len();
        let found = if last {
            rest.len().checked_sub(part.len()).filter(|_| rest.ends_with(part))
        } else {
            rest[1..].find(part).map(|at| at + 1)
        };
        let Some(found) = found.filter(|found| *found > 0) else { return false };
        rest = &rest[found + part.len()..];
    }
    rest.is_empty()
}

#[test]
fn every_text_is_asked_for() {
    let named = Named::new();
    let texts = texts("en");
    let plural = [".zero", ".one", ".two", ".few", ".many", ".other"];
    let base = |key: &str| plural.iter().find_map(|end| key.strip_suffix(end)).unwrap_or(key).to_owned();
    let left: Vec<&String> =
        texts.keys().filter(|key| !named.names(key) && !named.names(&base(key))).collect();
    assert!(left.is_empty(), "{left:#?}");
    assert!(!named.names("failure.nobody-says-this") && !named.names("static.nobody-says-this"));
    assert!(!named.names("finding.SPF-999.title") && !named.names("headline.nobody-says-this"));
}

#[test]
fn patterns_are_read_as_they_are_filled() {
    for (key, pattern) in
        [("host.a.path", "host.{}.path"), ("guide.1.vpn", "guide.{step}.{}"), ("a.b", "a.{x}")]
    {
        assert!(fits(key, pattern), "{key} {pattern}");
    }
    for (key, pattern) in
        [("host..path", "host.{}.path"), ("host.a.paths", "host.{}.path"), ("a.", "a.{x}"), ("b.c", "a.{x}")]
    {
        assert!(!fits(key, pattern), "{key} {pattern}");
    }
}

fn each_source(path: &Path, take: &mut dyn FnMut(&str)) {
    if path.is_dir() {
        let name = path.file_name().unwrap();
        if name != "tests" && name != "benches" && name != "examples" {
            fs::read_dir(path).unwrap().for_each(|entry| each_source(&entry.unwrap().path(), take));
        }
    } else if path.file_name().is_some_and(|name| name != "tests.rs")
        && let Ok(text) = fs::read_to_string(path)
    {
        take(text.split("#[cfg(test)]\nmod tests").next().unwrap());
    }
}
