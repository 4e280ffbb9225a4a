//! What the receiver said, what the DNS says now, and why they differ.

use serde::Serialize;

use super::{AuthResult, AuthResults, HeaderReading, Signature};
use crate::{
    dmarc::{self, AppliedPolicy, DmarcVerdict, Vouch},
    dns::{Failure, Name, Outcome, Query, Rtype},
    facts::{Ask, Pending, Step},
    message,
    record::{
        dkim::{Key, Material},
        dmarc::{AlignmentMode, Policy},
    },
    spf::{self, Reason, SpfResult},
};

/// Signatures that are looked at.
const MOST_SIGNATURES: usize = 8;

/// The three comparisons. A part is none where the header gives nothing to compare.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HeaderComparison {
    /// SPF of the envelope sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spf: Option<SpfCompared>,
    /// Each signature.
    pub dkim: Vec<DkimCompared>,
    /// DMARC of the From line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dmarc: Option<DmarcCompared>,
    /// Whether answers are awaited for some of it.
    #[serde(skip)]
    pub pending: bool,
}

/// SPF, then and now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SpfCompared {
    /// The address that handed the message over.
    pub ip: std::net::IpAddr,
    /// The domain of the envelope sender, or of the greeting for bounces.
    pub domain: Name,
    /// The name of the greeting.
    pub helo: String,
    /// What the receiver found; none if it does not say, or cannot be believed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// What comes out now.
    pub now: SpfResult,
    /// Why there is no proper result now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<Reason>,
    /// Whether it may vouch for the From line (DMARC); none if that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aligned: Option<bool>,
    /// Why they differ.
    pub why: DifferenceReason,
}

/// A signature, then and now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DkimCompared {
    /// The domain that signed.
    pub domain: Name,
    /// The selector.
    pub selector: String,
    /// What the receiver found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// The key as it stands in the DNS now.
    pub now: KeyState,
    /// Whether it may vouch for the From line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aligned: Option<bool>,
    /// Why they differ.
    pub why: DifferenceReason,
}

/// DMARC, then and now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DmarcCompared {
    /// The domain of the From line.
    pub domain: Name,
    /// What the receiver found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// What comes out now: SPF from the DNS, DKIM from what the receiver verified, since the text of the message is
    /// not at hand.
    pub now: DmarcState,
    /// The policy that applies now; none if there is none or it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// The domain whose record it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_at: Option<Name>,
    /// Why they differ.
    pub why: DifferenceReason,
}

words! {
    /// A key in the DNS. The words are `header.key.<word>`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
    #[serde(rename_all = "kebab-case")]
    pub enum KeyState {
        /// It is there and can be used.
        Usable = "usable",
        /// It is there and cannot be used.
        Broken = "broken",
        /// It was withdrawn.
        Revoked = "revoked",
        /// It is not there.
        Missing = "missing",
        /// It could not be looked up.
        Failed(#[serde(skip)] Failure) = "failed",
    }
    key "header.key.{}"
}

words! {
    /// DMARC now. The words are `header.dmarc.<word>`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum DmarcState {
        /// SPF or DKIM vouches for the From line.
        Pass = "pass",
        /// Neither does.
        Fail = "fail",
        /// There is no record that asks for it.
        NoRecord = "no-record",
        /// It depends on what is not known.
        Unknown = "unknown",
    }
    key "header.dmarc.{}"
}

words! {
    /// Why then and now differ, or that they do not. The words are `header.why.<word>`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum DifferenceReason {
        /// They do not.
        Same = "same",
        /// The receiver says nothing about it that can be believed.
        NotSaid = "not-said",
        /// A lookup failed now.
        CannotAsk = "cannot-ask",
        /// A lookup had failed then.
        FailedThen = "failed-then",
        /// The message was passed on: the server that handed it over is not the sender's.
        Forwarded = "forwarded",
        /// The receiver judged another address or name.
        JudgedAnother = "judged-another",
        /// The record has been put right since.
        MendedSince = "mended-since",
        /// The record has been changed since, for the worse.
        BrokenSince = "broken-since",
        /// The record has been changed since.
        ChangedSince = "changed-since",
        /// The receiver was milder or stricter than the record.
        OwnRule = "own-rule",
        /// The text was changed on the way.
        TextChanged = "text-changed",
        /// The signature does not fit the key: another key was published, or a header field was changed.
        SignatureUnfit = "signature-unfit",
        /// The signature had ended.
        Ended = "ended",
        /// The key was not there then.
        KeyMissingThen = "key-missing-then",
        /// The key is gone since.
        KeyGoneSince = "key-gone-since",
        /// Without the text of the message a signature cannot be verified again.
        CannotVerify = "cannot-verify",
        /// SPF or DKIM pass, but for another domain.
        NotAligned = "not-aligned",
    }
    key "header.why.{}"
}

/// Compares. A pure function of what is known.
///
/// # Errors
/// [`Pending`] while an answer is missing; everything that can be asked is asked by then.
pub fn compare(ask: &impl Ask, reading: &HeaderReading) -> Step<HeaderComparison> {
    let comparison = compare_known(ask, reading);
    if comparison.pending { Err(Pending) } else { Ok(comparison) }
}

/// As [`compare`], with those parts alone that are known by now.
pub fn compare_known(ask: &impl Ask, reading: &HeaderReading) -> HeaderComparison {
    let judged = reading.judged();
    let said = judged.as_ref();
    let discovery = reading.from.as_ref().map(|from| dmarc::discover(ask, from)).transpose();
    // Until it is known how near a name must be, nothing is said of nearness; all is asked for meanwhile.
    let whole = discovery.is_ok();
    let discovery = discovery.ok().flatten();
    let applied = discovery.as_ref().and_then(|discovery| discovery.applied());
    let (adkim, aspf) =
        applied.map_or((AlignmentMode::Relaxed, AlignmentMode::Relaxed), |a| (a.adkim, a.aspf));
    let mut now = HeaderComparison { spf: None, dkim: Vec::new(), dmarc: None, pending: !whole };
    match spf_compared(ask, reading, said, aspf) {
        Ok(spf) => now.spf = spf.filter(|_| whole),
        Err(Pending) => now.pending = true,
    }
    for signature in reading.signatures.iter().take(MOST_SIGNATURES) {
        match dkim_compared(ask, reading, signature, said, adkim) {
            Ok(dkim) => now.dkim.extend(dkim.filter(|_| whole)),
            Err(Pending) => now.pending = true,
        }
    }
    if let Some(discovery) = discovery.filter(|_| !now.pending) {
        now.dmarc = Some(dmarc_compared(&discovery, said, now.spf.as_ref(), &now.dkim));
    }
    now
}

/// What the receiver found, without asking anybody. Its parts stand in the order of [`HeaderComparison`]'s.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceiverResults {
    /// The domain of the envelope sender, and the result of SPF.
    pub spf: Option<(Option<Name>, Option<String>)>,
    /// The domain, selector and result of each signature.
    pub dkim: Vec<(Name, String, Option<String>)>,
    /// The domain of the From line and the result of DMARC.
    pub dmarc: Option<(Name, Option<String>)>,
}

impl ReceiverResults {
    /// What stands in a header.
    #[must_use]
    pub fn of(reading: &HeaderReading) -> Self {
        let judged = reading.judged();
        let said = judged.as_ref();
        let result = |result: &AuthResult| result.result.clone();
        let helo = reading.hand_over().and_then(|hop| hop.helo.clone()).unwrap_or_default();
        let said_spf = said.and_then(|said| said.of("spf").next());
        let domain = envelope(reading, said_spf, &helo).map(|(_, domain)| domain);
        let mut dkim = Vec::new();
        for signature in reading.signatures.iter().take(MOST_SIGNATURES) {
            if let (Some(domain), Some(selector)) = (&signature.domain, &signature.selector)
                && signature.key_name().is_some()
            {
                let found = said.and_then(|said| of_signature(said, domain, selector)).map(result);
                dkim.push((domain.clone(), selector.clone(), found));
            }
        }
        Self {
            spf: (domain.is_some() || said_spf.is_some()).then(|| (domain, said_spf.map(result))),
            dkim,
            dmarc: reading
                .from
                .clone()
                .map(|from| (from, said.and_then(|said| said.of("dmarc").next()).map(result))),
        }
    }
}

/// Whether the name may vouch for the From line.
fn aligned(ask: &impl Ask, from: Option<&Name>, name: &Name, mode: AlignmentMode) -> Step<Option<bool>> {
    let Some(from) = from else { return Ok(None) };
    let alignment = dmarc::aligned(from, name, mode, ask)?;
    Ok((alignment.aligned || alignment.unsure().is_none()).then_some(alignment.aligned))
}

fn spf_compared(
    ask: &impl Ask,
    reading: &HeaderReading,
    said: Option<&AuthResults>,
    mode: AlignmentMode,
) -> Step<Option<SpfCompared>> {
    let hop = reading.hand_over();
    let helo = hop.and_then(|hop| hop.helo.clone()).unwrap_or_default();
    let said_spf = said.and_then(|said| said.of("spf").next());
    let Some(ip) = reading.sender_ip else { return Ok(None) };
    let Some((mail_from, domain)) = envelope(reading, said_spf, &helo) else { return Ok(None) };
    let evaluation = spf::evaluate(ask, &spf::Input::new(ip, &mail_from, &helo));
    let aligned = aligned(ask, reading.from.as_ref(), &domain, mode);
    let (evaluation, aligned) = (evaluation?, aligned?);
    let now = evaluation.result;
    let another =
        said_spf.and_then(|said| said.domain("smtp.mailfrom")).is_some_and(|judged| judged != domain);
    let forwarded = reading.is_passed_on();
    let why = match said_spf.map(|said| said.result.as_str()) {
        None => DifferenceReason::NotSaid,
        Some(_) if now == SpfResult::TempError => DifferenceReason::CannotAsk,
        Some(word) if word == now.as_str() || word == "hardfail" && now == SpfResult::Fail => match now {
            SpfResult::Fail | SpfResult::SoftFail if forwarded => DifferenceReason::Forwarded,
            _ => DifferenceReason::Same,
        },
        Some("temperror") => DifferenceReason::FailedThen,
        Some(_) if another => DifferenceReason::JudgedAnother,
        Some("bestguesspass" | "policy") => DifferenceReason::OwnRule,
        Some(_) if now == SpfResult::Pass => DifferenceReason::MendedSince,
        Some("pass") => DifferenceReason::BrokenSince,
        Some(_) => DifferenceReason::ChangedSince,
    };
    Ok(Some(SpfCompared {
        ip,
        domain,
        helo,
        said: said_spf.map(|said| said.result.clone()),
        now,
        problem: evaluation.problem.map(|problem| problem.reason),
        aligned,
        why,
    }))
}

/// The envelope sender and the domain that SPF is about.
fn envelope(reading: &HeaderReading, said: Option<&AuthResult>, helo: &str) -> Option<(String, Name)> {
    let mail_from =
        reading.envelope_sender.clone().or_else(|| said?.property("smtp.mailfrom").map(str::to_owned))?;
    let name = match message::domain_of(&mail_from) {
        Some(domain) => Some(domain),
        // Microsoft writes only the domain; an empty sender is a bounce, and the greeting counts.
        None if mail_from.contains('.') => Name::parse(&mail_from).ok(),
        None => Name::parse(helo).ok().filter(|_| mail_from.is_empty()),
    };
    let domain = name.filter(|name| !name.is_root())?;
    Some((mail_from, domain))
}

fn dkim_compared(
    ask: &impl Ask,
    reading: &HeaderReading,
    signature: &Signature,
    said: Option<&AuthResults>,
    mode: AlignmentMode,
) -> Step<Option<DkimCompared>> {
    let (Some(domain), Some(selector), Some(name)) =
        (&signature.domain, &signature.selector, signature.key_name())
    else {
        return Ok(None);
    };
    let outcome = ask.ask(&Query::new(name, Rtype::Txt));
    let aligned = aligned(ask, reading.from.as_ref(), domain, mode);
    let now = key_state(outcome?);
    let aligned = aligned?;
    let said = said.and_then(|said| of_signature(said, domain, selector));
    let received = reading.hand_over().and_then(|hop| hop.time).map(|time| time.unix);
    let ended = signature.ends.zip(received).is_some_and(|(ends, received)| ends < received);
    let about = said.map(|said| {
        format!("{} {}", said.comment, said.reason.as_deref().unwrap_or_default()).to_ascii_lowercase()
    });
    let mentions =
        |words: &[&str]| about.as_deref().is_some_and(|about| words.iter().any(|word| about.contains(word)));
    let why = match (said.map(|said| said.result.as_str()), now) {
        (None, _) => DifferenceReason::NotSaid,
        (Some(_), KeyState::Failed(_)) => DifferenceReason::CannotAsk,
        (Some("temperror"), _) => DifferenceReason::FailedThen,
        (Some("pass"), KeyState::Usable) => DifferenceReason::Same,
        (Some("pass"), _) => DifferenceReason::KeyGoneSince,
        _ if ended || mentions(&["expired"]) => DifferenceReason::Ended,
        (Some(_), KeyState::Usable) if mentions(&["no key", "key not found", "nxdomain", "no valid key"]) => {
            DifferenceReason::KeyMissingThen
        }
        (Some(_), KeyState::Usable) if mentions(&["body", "hash"]) => DifferenceReason::TextChanged,
        (Some(_), KeyState::Usable) if mentions(&["verif", "bad signature", "invalid signature"]) => {
            DifferenceReason::SignatureUnfit
        }
        (Some(_), KeyState::Usable) => DifferenceReason::CannotVerify,
        (Some(_), _) => DifferenceReason::Same,
    };
    Ok(Some(DkimCompared {
        domain: domain.clone(),
        selector: selector.clone(),
        said: said.map(|said| said.result.clone()),
        now,
        aligned,
        why,
    }))
}

/// The result for one signature: by selector and domain, by domain, or the only one there is.
fn of_signature<'a>(said: &'a AuthResults, domain: &Name, selector: &str) -> Option<&'a AuthResult> {
    let named = |result: &AuthResult| result.domain("header.d").or_else(|| result.domain("header.i"));
    let mine = |result: &&AuthResult| named(result).as_ref() == Some(domain);
    said.of("dkim")
        .filter(mine)
        .find(|result| result.property("header.s").is_some_and(|s| s.eq_ignore_ascii_case(selector)))
        .or_else(|| said.of("dkim").find(|result| mine(result) && result.property("header.s").is_none()))
        .or_else(|| said.of("dkim").find(|result| named(result).is_none() && said.of("dkim").count() == 1))
}

fn key_state(outcome: &Outcome) -> KeyState {
    if let Some(failure) = outcome.failure() {
        return KeyState::Failed(failure);
    }
    let keys = outcome.texts();
    let mut state = KeyState::Missing;
    for txt in keys {
        let key = Key::read(txt);
        match key.material {
            Material::Revoked => return KeyState::Revoked,
            Material::Rsa(_) | Material::Ed25519 => return KeyState::Usable,
            Material::Unknown => state = KeyState::Broken,
        }
    }
    state
}

fn dmarc_compared(
    discovery: &dmarc::PolicyDiscovery,
    said: Option<&AuthResults>,
    spf: Option<&SpfCompared>,
    dkim: &[DkimCompared],
) -> DmarcCompared {
    let said = said.and_then(|said| said.of("dmarc").next());
    let by_spf = spf.map_or(Vouch::Unknown, |spf| match spf.now {
        SpfResult::Pass => Vouch::Yes.aligned(spf.aligned),
        SpfResult::TempError => Vouch::Unknown,
        _ => Vouch::No,
    });
    let signed = |signature: &DkimCompared| signature.said.as_deref() == Some("pass");
    let by_dkim = dkim.iter().map(|signature| match &signature.said {
        Some(_) if signed(signature) => Vouch::Yes.aligned(signature.aligned),
        Some(_) => Vouch::No,
        None => Vouch::Unknown,
    });
    let by_dkim = by_dkim.fold(Vouch::No, Vouch::or);
    let strangers = spf.is_some_and(|spf| spf.now == SpfResult::Pass && spf.aligned == Some(false))
        || dkim.iter().any(|dkim| signed(dkim) && dkim.aligned == Some(false));
    let applied = discovery.applied();
    let now = match (&discovery.policy, dmarc::verdict(by_spf, by_dkim)) {
        (AppliedPolicy::Unknown { .. }, _) => DmarcState::Unknown,
        (AppliedPolicy::Nothing, _) => DmarcState::NoRecord,
        (AppliedPolicy::Record(_), DmarcVerdict::Pass) => DmarcState::Pass,
        (AppliedPolicy::Record(_), DmarcVerdict::Fail) => DmarcState::Fail,
        (AppliedPolicy::Record(_), _) => DmarcState::Unknown,
    };
    let why = match (said.map(|said| said.result.as_str()), now) {
        (None, _) => DifferenceReason::NotSaid,
        (Some(_), DmarcState::Unknown) if matches!(discovery.policy, AppliedPolicy::Unknown { .. }) => {
            DifferenceReason::CannotAsk
        }
        (Some("temperror"), _) => DifferenceReason::FailedThen,
        (Some("fail"), DmarcState::Fail) if strangers => DifferenceReason::NotAligned,
        (Some("pass"), DmarcState::Pass)
        | (Some("fail"), DmarcState::Fail)
        | (Some("none"), DmarcState::NoRecord) => DifferenceReason::Same,
        (Some(_), DmarcState::Unknown) => DifferenceReason::CannotVerify,
        (Some("bestguesspass"), _) => DifferenceReason::OwnRule,
        (Some("pass"), _) => DifferenceReason::BrokenSince,
        (Some(_), DmarcState::Pass) => DifferenceReason::MendedSince,
        (Some("none" | "permerror"), _) | (Some(_), DmarcState::NoRecord) => DifferenceReason::ChangedSince,
        (Some(_), _) => DifferenceReason::OwnRule,
    };
    DmarcCompared {
        domain: discovery.domain.clone(),
        said: said.map(|said| said.result.clone()),
        now,
        policy: applied.and_then(|applied| applied.policy),
        record_at: applied.map(|applied| applied.domain.clone()),
        why,
    }
}
