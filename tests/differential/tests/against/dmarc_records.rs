//! DMARC records: random lists of tags, read by mail-auth, by Cloudflare's crate and here.

use std::{cell::Cell, sync::Arc};

use futures::{executor::block_on, future::BoxFuture};
use mail_auth::{
    common::parse::TxtRecordParser,
    dmarc::{Alignment, Dmarc as Theirs, Policy as TheirPolicy, Psd as TheirPsd},
};
use mail_triage_engine::record::dmarc::{
    AlignmentMode, Dmarc, DmarcReading, Effect, Policy, PolicyTag, Psd, read,
};
use proptest::prelude::*;

use crate::runner;

/// Records of valid tags, each once, in any order behind the version.
fn sound() -> impl Strategy<Value = String> {
    let policy = "(none|quarantine|reject|Reject|NONE)";
    let tags = (
        prop::option::weighted(0.9, policy.prop_map(|word| format!("p={word}"))),
        prop::option::of(policy.prop_map(|word| format!("sp={word}"))),
        prop::option::of(policy.prop_map(|word| format!("np={word}"))),
        prop::option::of("(adkim|ADKIM)=[rsRS]"),
        prop::option::of("aspf ?= ?[rs]"),
        prop::option::of("t=[yn]"),
        prop::option::of("psd=[ynu]"),
        prop::option::of("rua=mailto:[a-z]{1,5}@[a-z]{1,5}\\.example(, ?mailto:r@b\\.example)?"),
        prop::option::of("(pct=[0-9]{1,2}|ri=86400|rf=afrf|x=y|fo=[01ds])"),
    );
    (tags, any::<u64>(), "(; |;|  ;  )", "(;|; )?").prop_map(|(tags, seed, between, end)| {
        let (p, sp, np, adkim, aspf, t, psd, rua, more) = tags;
        let mut tags: Vec<String> =
            [p, sp, np, adkim, aspf, t, psd, rua, more].into_iter().flatten().collect();
        // Any order, made from the case.
        let mut state = seed;
        tags.sort_by_cached_key(|tag| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(tag.len() as u64 | 1);
            state
        });
        let version = std::iter::once("v=DMARC1".to_owned());
        format!("{}{end}", version.chain(tags).collect::<Vec<_>>().join(&between))
    })
}

fn word(policy: TheirPolicy) -> Option<Policy> {
    match policy {
        TheirPolicy::None => Some(Policy::None),
        TheirPolicy::Quarantine => Some(Policy::Quarantine),
        TheirPolicy::Reject => Some(Policy::Reject),
        TheirPolicy::Unspecified => None,
    }
}

fn mode(alignment: Alignment) -> AlignmentMode {
    match alignment {
        Alignment::Relaxed => AlignmentMode::Relaxed,
        Alignment::Strict => AlignmentMode::Strict,
    }
}

#[test]
fn mail_auth_reads_the_same_in_sound_records() {
    let outcome = runner(4_000).run(&sound(), |text| {
        let DmarcReading::Record(ours) = read(&text) else { panic!("no record: {text}") };
        let theirs = Theirs::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"));
        let policy = |tag| ours.policy_for(tag).map(|(policy, _)| policy);
        // Without a policy it says so and decides later; here that is one answer (RFC 9989 section 4.10.1).
        if ours.effect() == Effect::AsWritten {
            let found = [PolicyTag::P, PolicyTag::Sp, PolicyTag::Np].map(policy);
            prop_assert_eq!(found, [theirs.p, theirs.sp, theirs.np].map(word), "{}", text);
        } else {
            prop_assert_eq!(
                (word(theirs.p), ours.effect() == Effect::AsNone),
                (None, !theirs.rua.is_empty()),
                "{}",
                text
            );
        }
        prop_assert_eq!((ours.adkim(), ours.aspf()), (mode(theirs.adkim), mode(theirs.aspf)), "{}", text);
        prop_assert_eq!(ours.is_testing(), theirs.t, "{}", text);
        let psd = match theirs.psd {
            TheirPsd::Yes => Psd::Yes,
            TheirPsd::No => Psd::No,
            TheirPsd::Default => Psd::Unsaid,
        };
        prop_assert_eq!(ours.psd(), psd, "{}", text);
        prop_assert_eq!(ours.rua.len(), theirs.rua.len(), "{}", text);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

/// A name server with one record.
struct One(String);

impl dmarc::dns::Lookup for One {
    fn lookup_txt<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<Vec<String>, dmarc::DMARCError>> {
        Box::pin(async { Ok(vec![self.0.clone()]) })
    }
}

/// The policy that Cloudflare's crate reads.
pub fn by_cloudflare(text: &str) -> Option<dmarc::Policy> {
    let logger = slog::Logger::root(slog::Discard, slog::o!());
    let found = dmarc::load_policy_with_resolver(Arc::new(One(text.to_owned())), &logger, "example.org");
    // Its root is asked as well, where `sp` counts instead of `p`; a record that it reads is read at the name itself.
    block_on(found).ok().flatten()
}

#[test]
fn cloudflare_reads_the_same_in_sound_records() {
    let compared = Cell::new(0);
    let outcome = runner(6_000).run(&sound(), |text| {
        let ours = Dmarc::parse(&text);
        // It compares words as they are written; they count in any case (RFC 9989 section 4.8, RFC 5234 section 2.3).
        // And it knows no record without a policy, which counts as `p=none` where reports are asked for (section 4.10.1).
        let capitals = text.trim_start_matches("v=DMARC1").bytes().any(|b| b.is_ascii_uppercase());
        if capitals || ours.effect() != Effect::AsWritten {
            return Ok(());
        }
        compared.set(compared.get() + 1);
        let theirs = by_cloudflare(&text).unwrap_or_else(|| panic!("it reads nothing: {text}"));
        prop_assert_eq!(
            ours.policy_for(PolicyTag::P).map(|(p, _)| p.as_str()),
            Some(theirs.action.to_str()),
            "{}",
            text
        );
        let modes = [theirs.adkim, theirs.aspf].map(|mode| format!("{mode:?}"));
        prop_assert_eq!([ours.adkim(), ours.aspf()].map(|mode| format!("{mode:?}")), modes, "{}", text);
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    assert!(compared.get() > 1_000, "{} compared", compared.get());
}
