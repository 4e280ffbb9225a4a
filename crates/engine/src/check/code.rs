//! The table of everything a check can say.

use serde::{Serialize, Serializer};

words! {
    /// How much a finding matters. Defined once, here.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
    pub enum Level {
        /// Mail is refused, lost or marked as spam because of it: act now.
        Stops = "stops",
        /// Works, but costs trust or will break: worth mending.
        Improve = "improve",
        /// Could not be checked. Neither good nor bad, and never counted as either.
        Unknown = "unknown",
        /// Worth knowing, nothing to do.
        Info = "info",
        /// Checked and in order.
        Pass = "pass",
    }
    key "ui.level.{}"
}

words! {
    /// The texts of a finding. Which of them a code has depends on its level.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum FindingText {
        /// What was found.
        Title = "title",
        /// Why it matters.
        Why = "why",
        /// What to do.
        Do = "do",
        /// The title of several that are one cause.
        Row = "row",
    }
}

macro_rules! codes {
    ($($variant:ident = $id:literal, $slug:literal, $level:ident, $weight:literal, $source:literal;)*) => {
        /// Something a check can say. The text in each language is under `finding.<ID>.*` in the locales.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, reason = "the table names each: id, slug and source")]
        pub enum Code { $($variant),* }

        const TABLE: &[CodeEntry] = &[$(CodeEntry {
            code: Code::$variant,
            id: $id,
            slug: $slug,
            level: Level::$level,
            weight: $weight,
            source: $source,
        }),*];
    };
}

struct CodeEntry {
    code: Code,
    id: &'static str,
    slug: &'static str,
    level: Level,
    weight: u8,
    source: &'static str,
}

// A code is a prefix and three digits in steps of ten; once published it is never given another meaning.
// The columns: variant = id, slug, level, weight (how likely it is the reason that mail does not arrive, 0 to 100),
// source (RFC and section, or the sender rules it comes from).
codes! {
    Dom010 = "DOM-010", "domain-does-not-exist", Stops, 100, "RFC 8020";
    Dom020 = "DOM-020", "domain-cannot-be-looked-up", Unknown, 90, "RFC 1035 section 4.1.1";
    Dom030 = "DOM-030", "domain-exists", Pass, 0, "RFC 1035";

    Dki010 = "DKI-010", "key-found", Pass, 0, "RFC 6376 section 3.6.1";
    Dki020 = "DKI-020", "key-of-a-provider-found", Pass, 0, "RFC 6376 section 3.6.1";
    Dki030 = "DKI-030", "no-key-exists", Improve, 60, "RFC 8020, RFC 6376 section 3.6.2";
    Dki040 = "DKI-040", "no-key-among-those-tried", Unknown, 0, "RFC 6376 section 3.1";
    Dki050 = "DKI-050", "key-with-an-unknown-name", Info, 0, "RFC 8020";
    Dki060 = "DKI-060", "keys-could-not-be-looked-up", Unknown, 0, "RFC 6376 section 6.1.2";
    Dki070 = "DKI-070", "no-key-at-the-given-selector", Improve, 60, "RFC 6376 section 6.1.2";
    Dki080 = "DKI-080", "key-revoked", Improve, 45, "RFC 6376 section 3.6.1";
    Dki090 = "DKI-090", "rsa-key-below-1024", Improve, 60, "RFC 8301 section 3.2";
    Dki100 = "DKI-100", "rsa-key-below-2048", Info, 0, "RFC 8301 section 3.2";
    Dki110 = "DKI-110", "only-an-ed25519-key", Info, 0, "RFC 8463 section 3";
    Dki120 = "DKI-120", "key-record-broken", Improve, 55, "RFC 6376 section 3.6.1";
    Dki130 = "DKI-130", "key-unreadable", Improve, 55, "RFC 6376 section 3.6.1";
    Dki140 = "DKI-140", "several-records-at-a-selector", Improve, 45, "RFC 6376 section 3.6.2.2";
    Dki150 = "DKI-150", "alias-to-a-key-that-is-gone", Improve, 40, "RFC 6376 section 3.6.2";
    Dki160 = "DKI-160", "wildcard-below-domainkey", Info, 0, "RFC 6376 section 6.1.2";
    Dki170 = "DKI-170", "no-key-by-intent", Info, 0, "RFC 6376 section 3.6.1";
    Dki180 = "DKI-180", "testing-flag", Improve, 10, "RFC 6376 section 3.6.1";
    Dki190 = "DKI-190", "not-for-subdomains", Info, 0, "RFC 6376 section 3.6.1";
    Dki200 = "DKI-200", "strings-split-wrongly", Improve, 55, "RFC 6376 section 3.6.2.2";
    Dki210 = "DKI-210", "key-waits-at-the-provider", Improve, 60, "RFC 6376 section 3.6.2";
    Dki220 = "DKI-220", "no-key-and-no-mail", Info, 0, "RFC 7208 section 10.1.2";
    Dki230 = "DKI-230", "not-a-selector", Unknown, 0, "RFC 6376 section 3.1";
    Dki240 = "DKI-240", "no-key-and-use-unknown", Unknown, 0, "RFC 8020, RFC 7208 section 10.1.2";

    Sts010 = "STS-010", "policy-announced", Info, 0, "RFC 8461 section 3.1";
    Sts020 = "STS-020", "no-mta-sts", Info, 0, "RFC 8461 section 3.1";
    Sts030 = "STS-030", "record-broken", Improve, 8, "RFC 8461 section 3.1";
    Sts040 = "STS-040", "several-records", Improve, 8, "RFC 8461 section 3.1";
    Sts050 = "STS-050", "policy-host-missing", Improve, 12, "RFC 8461 section 3.3";
    Sts060 = "STS-060", "could-not-be-looked-up", Unknown, 0, "RFC 8461 section 3.1";
    Sts100 = "STS-100", "policy-fits", Pass, 0, "RFC 8461 section 3.2";
    Sts110 = "STS-110", "policy-is-a-trial", Info, 0, "RFC 8461 section 5";
    Sts120 = "STS-120", "policy-withdrawn", Info, 0, "RFC 8461 section 8.3";
    Sts130 = "STS-130", "host-not-in-policy", Stops, 55, "RFC 8461 section 4.1";
    Sts140 = "STS-140", "policy-broken", Improve, 15, "RFC 8461 section 3.2";
    Sts150 = "STS-150", "policy-soon-forgotten", Info, 0, "RFC 8461 section 3.2";
    Sts160 = "STS-160", "policy-not-compared", Unknown, 0, "RFC 8461 section 4.1";
    Sts170 = "STS-170", "no-certificate-allowed", Improve, 15, "RFC 8659 section 4.2";
    Sts180 = "STS-180", "few-may-issue-certificates", Info, 0, "RFC 8659 section 4.2";
    Sts190 = "STS-190", "issuers-unknown", Unknown, 0, "RFC 8659 section 5.4";

    Tlr010 = "TLR-010", "reports-asked-for", Pass, 0, "RFC 8460 section 3";
    Tlr020 = "TLR-020", "no-reports-asked-for", Info, 0, "RFC 8460 section 3";
    Tlr030 = "TLR-030", "record-broken", Improve, 4, "RFC 8460 section 3";
    Tlr040 = "TLR-040", "several-records", Improve, 4, "RFC 8460 section 3";
    Tlr050 = "TLR-050", "could-not-be-looked-up", Unknown, 0, "RFC 8460 section 3";

    Bim010 = "BIM-010", "logo-published", Pass, 0, "draft-brand-indicators-for-message-identification section 4.2";
    Bim020 = "BIM-020", "no-logo", Info, 0, "draft-brand-indicators-for-message-identification section 4.2";
    Bim030 = "BIM-030", "record-broken", Improve, 2, "draft-brand-indicators-for-message-identification section 4.2";
    Bim040 = "BIM-040", "needs-dmarc-enforcement", Improve, 2, "draft-brand-indicators-for-message-identification section 7.1";
    Bim050 = "BIM-050", "declined", Info, 0, "draft-brand-indicators-for-message-identification section 4.2";
    Bim060 = "BIM-060", "several-records", Improve, 2, "draft-brand-indicators-for-message-identification section 7.2";
    Bim070 = "BIM-070", "could-not-be-looked-up", Unknown, 0, "draft-brand-indicators-for-message-identification section 7.2";
    Bim080 = "BIM-080", "no-certificate-for-the-logo", Info, 0, "draft-brand-indicators-for-message-identification section 4.2";
    Bim090 = "BIM-090", "setting-not-valid", Improve, 1, "draft-brand-indicators-for-message-identification section 4.2";
    Bim100 = "BIM-100", "certificate-without-a-logo", Improve, 2, "draft-brand-indicators-for-message-identification section 4.2";

    Dan010 = "DAN-010", "works", Pass, 0, "RFC 7672 section 2.2";
    Dan020 = "DAN-020", "not-used", Info, 0, "RFC 7672 section 2.2";
    Dan030 = "DAN-030", "not-signed", Info, 0, "RFC 7672 section 2.1.1";
    Dan040 = "DAN-040", "usage-not-for-mail", Improve, 10, "RFC 7672 section 3.1.3";
    Dan050 = "DAN-050", "record-broken", Improve, 20, "RFC 6698 section 2.1";
    Dan060 = "DAN-060", "could-not-be-looked-up", Unknown, 0, "RFC 7672 section 2.1.1";
    Dan070 = "DAN-070", "only-some-hosts", Info, 0, "RFC 7672 section 2.2.1";
    Dan080 = "DAN-080", "use-unknown", Unknown, 0, "RFC 7672 section 2.1";
    Dan090 = "DAN-090", "issuers-retired", Improve, 15, "RFC 7671 section 5.2";

    Sec010 = "SEC-010", "signed", Pass, 0, "RFC 4035 section 3.2.3";
    Sec020 = "SEC-020", "not-signed", Info, 0, "RFC 4035 section 4.3";
    Sec030 = "SEC-030", "signatures-broken", Stops, 98, "RFC 4035 section 4.3";
    Sec040 = "SEC-040", "signatures-expired", Stops, 98, "RFC 4034 section 3.1.5";
    Sec050 = "SEC-050", "signed-but-not-vouched-for", Unknown, 0, "RFC 4035 section 3.2.3";
    Sec060 = "SEC-060", "could-not-be-told", Unknown, 0, "RFC 8914 section 4";
    Sec070 = "SEC-070", "receiving-host-broken", Stops, 60, "RFC 4035 section 4.3";
    Sec080 = "SEC-080", "withdrawn-algorithm", Improve, 5, "RFC 9904, RFC 9905, RFC 9906";
    Sec090 = "SEC-090", "algorithm-unknown", Unknown, 0, "RFC 9904";

    Nsh010 = "NSH-010", "name-servers-found", Pass, 0, "RFC 1034 section 4.1";
    Nsh020 = "NSH-020", "single-name-server", Improve, 10, "RFC 1034 section 4.1";
    Nsh030 = "NSH-030", "name-server-without-address", Improve, 25, "RFC 1912 section 2.8";
    Nsh040 = "NSH-040", "name-server-is-an-alias", Improve, 5, "RFC 2181 section 10.3";
    Nsh050 = "NSH-050", "some-name-servers-fail", Info, 0, "RFC 8914 section 4";
    Nsh060 = "NSH-060", "alias-in-place-of-the-domain", Stops, 70, "RFC 1034 section 3.6.2";
    Nsh070 = "NSH-070", "name-is-an-alias", Info, 0, "RFC 1034 section 3.6.2";
    Nsh080 = "NSH-080", "wildcard-text", Info, 0, "RFC 4592 section 2";
    Nsh090 = "NSH-090", "wildcard-mail", Info, 0, "RFC 4592 section 2";
    Nsh100 = "NSH-100", "changes-take-long", Info, 0, "RFC 1912 section 2.2";
    Nsh110 = "NSH-110", "soa-odd", Info, 0, "RFC 1912 section 2.2";
    Nsh120 = "NSH-120", "registration-ran-out", Stops, 92, "ICANN Expired Registration Recovery Policy";
    Nsh130 = "NSH-130", "parked", Improve, 40, "ICANN Expired Registration Recovery Policy";
    Nsh140 = "NSH-140", "could-not-be-looked-up", Unknown, 0, "RFC 1034 section 4.1";
    Nsh150 = "NSH-150", "dns-host", Info, 0, "RFC 1034 section 4.2.1";
    Nsh160 = "NSH-160", "dns-host-not-recognised", Info, 0, "RFC 1034 section 4.2.1";
    Nsh170 = "NSH-170", "no-name-server-reached", Unknown, 80, "RFC 8914 section 4.23";
    Nsh180 = "NSH-180", "wildcard-alias", Info, 0, "RFC 4592 section 2";
    Nsh190 = "NSH-190", "alias-leads-nowhere", Stops, 90, "RFC 1034 section 3.6.2, RFC 5321 section 5.1";
    Nsh200 = "NSH-200", "alias-unknown", Unknown, 0, "RFC 1034 section 3.6.2";

    Bl010 = "BL-010", "address-listed", Stops, 90, "RFC 5782 section 2.1";
    Bl020 = "BL-020", "domain-listed", Stops, 90, "RFC 5782 section 3";
    Bl030 = "BL-030", "network-listed", Stops, 90, "RFC 6471 section 2.2";
    Bl040 = "BL-040", "policy-listed", Improve, 40, "RFC 6471 section 2.2";
    Bl050 = "BL-050", "shared-address-listed", Info, 0, "RFC 5782 section 2.1";
    Bl060 = "BL-060", "not-listed", Pass, 0, "RFC 5782 section 5";
    Bl070 = "BL-070", "list-refuses", Unknown, 0, "RFC 6471 section 3.4";
    Bl080 = "BL-080", "list-lookup-failed", Unknown, 0, "RFC 5782 section 2.1";
    Bl090 = "BL-090", "list-does-not-prove-itself", Unknown, 0, "RFC 5782 section 5";
    Bl100 = "BL-100", "list-broken", Unknown, 0, "RFC 6471 section 3.3";
    Bl110 = "BL-110", "list-says-something-unknown", Unknown, 0, "RFC 5782 section 2.3";
    Bl120 = "BL-120", "well-spoken-of", Pass, 0, "RFC 5782 section 2.3";
    Bl130 = "BL-130", "sending-address-unknown", Unknown, 0, "RFC 5782 section 1";
    Bl140 = "BL-140", "provider-looks-after-the-address", Info, 0, "RFC 5782 section 1";
    Bl150 = "BL-150", "receiving-host-listed", Info, 0, "RFC 5782 section 1";
    Bl160 = "BL-160", "address-not-public", Unknown, 0, "RFC 6890";
    Bl170 = "BL-170", "answers-through-different-resolvers", Unknown, 0, "RFC 5782 section 5";
    Bl180 = "BL-180", "own-connection-listed", Improve, 20, "RFC 5782 section 2.1";
    Bl190 = "BL-190", "own-connection-not-for-direct-mail", Info, 0, "RFC 6471 section 2.2";
    Bl200 = "BL-200", "remark-on-a-list", Info, 0, "RFC 5782 section 2.3";
    Bl210 = "BL-210", "receiving-host-not-found", Unknown, 0, "RFC 5321 section 5.1";
    Bl220 = "BL-220", "sending-host-not-found", Unknown, 0, "RFC 7208 section 5";
    Bl230 = "BL-230", "others-may-send", Unknown, 0, "RFC 7208 section 5";

    Prv010 = "PRV-010", "mailbox-provider", Info, 0, "RFC 5321 section 5.1";
    Prv020 = "PRV-020", "gateway-in-front", Info, 0, "RFC 5321 section 5.1";
    Prv030 = "PRV-030", "sending-services", Info, 0, "RFC 7208 section 5.2";
    Prv040 = "PRV-040", "provider-not-recognised", Info, 0, "RFC 5321 section 5.1";
    Prv050 = "PRV-050", "mailbox-at-the-provider-itself", Info, 0, "RFC 5321 section 5.1";
    Prv060 = "PRV-060", "provider-could-not-be-looked-up", Unknown, 0, "RFC 5321 section 5.1";

    Con010 = "CON-010", "provider-names-found", Pass, 0, "RFC 1034 section 3.6";
    Con020 = "CON-020", "provider-name-leads-nowhere", Improve, 15, "RFC 1034 section 3.6";
    Con030 = "CON-030", "provider-names-unknown", Unknown, 0, "RFC 1034 section 3.6";

    Rcp010 = "RCP-010", "recipient-domain-does-not-exist", Stops, 95, "RFC 8020, RFC 5321 section 5.1";
    Rcp020 = "RCP-020", "recipient-domain-takes-no-mail", Stops, 90, "RFC 7505 section 3";
    Rcp030 = "RCP-030", "recipient-domain-without-server", Stops, 90, "RFC 5321 section 5.1";
    Rcp040 = "RCP-040", "recipient-domain-found", Pass, 0, "RFC 5321 section 5.1";
    Rcp050 = "RCP-050", "recipient-domain-unknown", Unknown, 40, "RFC 5321 section 5.1";

    Net010 = "NET-010", "address-belongs-to", Info, 0, "RFC 4271 section 1.1";
    Net020 = "NET-020", "owner-not-known", Info, 0, "RFC 4271 section 1.1";

    Ptr010 = "PTR-010", "private-address", Info, 0, "RFC 6890";
    Ptr020 = "PTR-020", "reverse-name-unknown", Unknown, 40, "RFC 1912 section 2.1";
    Ptr030 = "PTR-030", "no-reverse-name", Stops, 85, "RFC 1912 section 2.1, sender rules of Gmail, Yahoo and Microsoft";
    Ptr040 = "PTR-040", "confirmation-unknown", Unknown, 30, "RFC 1912 section 2.1";
    Ptr050 = "PTR-050", "not-confirmed", Stops, 75, "RFC 1912 section 2.1, sender rules of Gmail, Yahoo and Microsoft";
    Ptr060 = "PTR-060", "several-reverse-names", Info, 0, "RFC 2181 section 10.2";
    Ptr070 = "PTR-070", "some-names-not-confirmed", Improve, 30, "RFC 1912 section 2.1";
    Ptr080 = "PTR-080", "generic-looking-name", Info, 0, "M3AAWG sender best common practices";
    Ptr090 = "PTR-090", "too-many-addresses", Info, 0, "RFC 1912 section 2.1";
    Ptr100 = "PTR-100", "confirmed", Pass, 0, "RFC 1912 section 2.1";
    Ptr110 = "PTR-110", "greeting-name-not-full", Improve, 30, "RFC 5321 section 4.1.1.1";
    Ptr120 = "PTR-120", "greeting-name-leads-back", Pass, 0, "RFC 5321 section 4.1.4";
    Ptr130 = "PTR-130", "greeting-name-leads-elsewhere", Improve, 35, "RFC 5321 section 4.1.4";
    Ptr140 = "PTR-140", "greeting-name-unknown", Unknown, 15, "RFC 5321 section 4.1.4";
    Ptr150 = "PTR-150", "greeting-and-reverse-name-differ", Info, 0, "RFC 5321 section 4.1.4";

    Sub010 = "SUB-010", "submission-server", Info, 0, "RFC 6186 section 3.1, RFC 8314 section 5.1";
    Sub020 = "SUB-020", "submission-not-offered", Info, 0, "RFC 6186 section 3.4";
    Sub030 = "SUB-030", "submission-server-without-address", Improve, 10, "RFC 2782";
    Sub040 = "SUB-040", "submission-unknown", Unknown, 5, "RFC 6186";
    Sub050 = "SUB-050", "autoconfig-host", Info, 0, "Thunderbird autoconfiguration, draft-ietf-mailmaint-autoconfig";
    Sub060 = "SUB-060", "autodiscover-host", Info, 0, "Microsoft Autodiscover, MS-OXDISCO section 3.1.5";
    Sub070 = "SUB-070", "no-automatic-settings", Info, 0, "RFC 6186";

    Mx010 = "MX-010", "cannot-receive", Stops, 55, "RFC 5321 section 5.1";
    Mx020 = "MX-020", "address-instead-of-mx", Improve, 25, "RFC 5321 section 5.1";
    Mx030 = "MX-030", "no-mx-and-sends-no-mail", Info, 0, "RFC 7505 section 1";
    Mx040 = "MX-040", "null-mx", Info, 0, "RFC 7505 section 3";
    Mx050 = "MX-050", "null-mx-of-a-sender", Stops, 85, "RFC 7505 section 4.2";
    Mx060 = "MX-060", "null-mx-beside-others", Stops, 65, "RFC 7505 section 3";
    Mx070 = "MX-070", "target-is-alias", Improve, 15, "RFC 2181 section 10.3, RFC 5321 section 5.1";
    Mx080 = "MX-080", "target-without-address", Stops, 55, "RFC 5321 section 5.1";
    Mx090 = "MX-090", "target-does-not-exist", Stops, 55, "RFC 5321 section 5.1, RFC 8020";
    Mx100 = "MX-100", "target-is-an-address", Stops, 55, "RFC 1035 section 3.3.9";
    Mx110 = "MX-110", "target-is-a-single-label", Stops, 55, "RFC 5321 section 2.3.5";
    Mx120 = "MX-120", "target-ends-with-domain-twice", Stops, 55, "RFC 1035 section 5.1";
    Mx130 = "MX-130", "target-has-private-address", Stops, 55, "RFC 6890";
    Mx140 = "MX-140", "target-unknown", Unknown, 30, "RFC 5321 section 5.1";
    Mx150 = "MX-150", "mx-unknown", Unknown, 50, "RFC 5321 section 5.1";
    Mx160 = "MX-160", "preference-shared", Info, 0, "RFC 5321 section 5.1";
    Mx170 = "MX-170", "reachable-over-ipv6", Info, 0, "RFC 3974";
    Mx180 = "MX-180", "ipv4-only", Info, 0, "RFC 3974";
    Mx190 = "MX-190", "ipv6-only", Improve, 30, "RFC 3974";
    Mx200 = "MX-200", "can-receive", Pass, 0, "RFC 5321 section 5.1";
    Mx210 = "MX-210", "target-is-no-host-name", Improve, 15, "RFC 1123 section 2.1";
    Mx220 = "MX-220", "domain-is-alias", Info, 0, "RFC 5321 section 5.1";
    Mx230 = "MX-230", "many-targets", Info, 0, "RFC 5321 section 5.1";
    Mx240 = "MX-240", "no-mx-and-use-unknown", Unknown, 30, "RFC 5321 section 5.1, RFC 7505 section 1";
    Mx250 = "MX-250", "host-named-twice", Info, 0, "RFC 5321 section 5.1";
    Mx260 = "MX-260", "null-mx-with-a-preference", Improve, 2, "RFC 7505 section 3";
    Mx270 = "MX-270", "target-behind-a-web-proxy", Improve, 50, "https://developers.cloudflare.com/dns/proxy-status/";

    Spf010 = "SPF-010", "no-record", Stops, 60, "RFC 7208 section 4.5, sender rules of Gmail, Yahoo and Microsoft";
    Spf020 = "SPF-020", "no-record-and-no-mail", Improve, 15, "RFC 7208 section 10.1.2, M3AAWG on protecting parked domains";
    Spf030 = "SPF-030", "several-records", Stops, 85, "RFC 7208 sections 3.2 and 4.5";
    Spf040 = "SPF-040", "not-taken-for-a-record", Stops, 80, "RFC 7208 section 4.5";
    Spf050 = "SPF-050", "record-on-www", Stops, 65, "RFC 7208 sections 3 and 4.4";
    Spf060 = "SPF-060", "syntax", Stops, 85, "RFC 7208 sections 4.6 and 12";
    Spf070 = "SPF-070", "blank-missing-between-strings", Stops, 85, "RFC 7208 section 3.3";
    Spf080 = "SPF-080", "name-that-cannot-exist", Improve, 20, "RFC 7208 section 4.8, RFC 1035 section 2.3.4";
    Spf090 = "SPF-090", "too-many-lookups", Stops, 85, "RFC 7208 section 4.6.4";
    Spf100 = "SPF-100", "close-to-the-lookup-limit", Info, 0, "RFC 7208 section 4.6.4";
    Spf110 = "SPF-110", "too-many-void-lookups", Stops, 70, "RFC 7208 section 4.6.4";
    Spf120 = "SPF-120", "void-lookup", Improve, 15, "RFC 7208 section 4.6.4";
    Spf130 = "SPF-130", "target-without-record", Stops, 80, "RFC 7208 sections 5.2 and 6.1";
    Spf140 = "SPF-140", "target-broken", Stops, 75, "RFC 7208 sections 5.2 and 6.1";
    Spf150 = "SPF-150", "circle", Stops, 80, "RFC 7208 section 4.6.4";
    Spf160 = "SPF-160", "mx-with-too-many-hosts", Stops, 75, "RFC 7208 section 4.6.4";
    Spf170 = "SPF-170", "everybody-may-send", Improve, 40, "RFC 7208 sections 5.1 and 11.1";
    Spf180 = "SPF-180", "very-wide-range", Improve, 20, "RFC 7208 section 11.1";
    Spf190 = "SPF-190", "neutral-all", Improve, 15, "RFC 7208 sections 2.6.2 and 8.2";
    Spf200 = "SPF-200", "no-all", Improve, 15, "RFC 7208 sections 4.7 and 5.1";
    Spf210 = "SPF-210", "terms-after-all", Improve, 30, "RFC 7208 section 5.1";
    Spf220 = "SPF-220", "redirect-beside-all", Improve, 10, "RFC 7208 section 6.1";
    Spf230 = "SPF-230", "ptr", Improve, 10, "RFC 7208 section 5.5";
    Spf240 = "SPF-240", "modifier-meant-as-mechanism", Improve, 45, "RFC 7208 sections 4.6.1 and 6";
    Spf250 = "SPF-250", "type-99-remains", Info, 0, "RFC 7208 section 3.1";
    Spf260 = "SPF-260", "long", Improve, 10, "RFC 7208 section 3.4";
    Spf270 = "SPF-270", "upper-case-version", Info, 0, "RFC 7208 section 4.5";
    Spf280 = "SPF-280", "leftover", Info, 0, "RFC 7208 section 4.5, RFC 4406";
    Spf290 = "SPF-290", "sends-no-mail", Pass, 0, "RFC 7208 section 10.1.2";
    Spf300 = "SPF-300", "nobody-may-send", Stops, 88, "RFC 7208 section 5.1";
    Spf310 = "SPF-310", "own-mail-server-not-covered", Info, 0, "RFC 7208 section 5.4";
    Spf320 = "SPF-320", "in-order", Pass, 0, "RFC 7208";
    Spf330 = "SPF-330", "record-unknown", Unknown, 60, "RFC 7208 section 2.6.6";
    Spf340 = "SPF-340", "branch-unknown", Unknown, 40, "RFC 7208 section 2.6.6";
    Spf350 = "SPF-350", "mailbox-provider-not-covered", Improve, 35, "RFC 7208 section 5.2";
    Spf360 = "SPF-360", "nobody-may-send-and-use-unknown", Unknown, 40, "RFC 7208 sections 5.1 and 10.1.2";
    Spf370 = "SPF-370", "no-record-and-use-unknown", Unknown, 55, "RFC 7208 sections 4.5 and 10.1.2";
    Spf380 = "SPF-380", "target-impossible", Stops, 80, "RFC 7208 sections 4.3, 5.2 and 6.1";
    Spf390 = "SPF-390", "text-of-another-service", Improve, 3, "RFC 7208 section 6";
    Spf400 = "SPF-400", "sender-passes", Pass, 0, "RFC 7208 section 2.6.3";
    Spf410 = "SPF-410", "sender-fails", Stops, 90, "RFC 7208 sections 2.6.4 and 8.4";
    Spf420 = "SPF-420", "sender-softfails", Stops, 70, "RFC 7208 sections 2.6.5 and 8.5";
    Spf430 = "SPF-430", "sender-neutral", Improve, 40, "RFC 7208 sections 2.6.2 and 8.2";
    Spf440 = "SPF-440", "sender-not-judged", Info, 0, "RFC 7208 sections 2.6.7 and 8.7";
    Spf450 = "SPF-450", "sender-breaks-the-record", Stops, 80, "RFC 7208 sections 2.6.7 and 8.7";
    Spf460 = "SPF-460", "sender-unknown", Unknown, 50, "RFC 7208 sections 2.6.6 and 8.6";
    Spf470 = "SPF-470", "greeting-name-passes", Pass, 0, "RFC 7208 section 2.3";
    Spf480 = "SPF-480", "greeting-name-fails", Improve, 30, "RFC 7208 section 2.3";
    Spf490 = "SPF-490", "greeting-name-unknown", Unknown, 0, "RFC 7208 sections 2.3 and 2.6.6";
    Spf500 = "SPF-500", "greeting-name-broken", Improve, 30, "RFC 7208 sections 2.3 and 2.6.7";
    Spf510 = "SPF-510", "explanation-broken", Improve, 1, "RFC 7208 section 6.2";
    Spf520 = "SPF-520", "explanation-unknown", Unknown, 0, "RFC 7208 section 6.2";

    Dma010 = "DMA-010", "no-dmarc-record", Improve, 45, "RFC 9989 section 4.10.1; sender rules of Gmail, Yahoo and Microsoft";
    Dma020 = "DMA-020", "policy-applies", Pass, 0, "RFC 9989 section 4.10.1";
    Dma030 = "DMA-030", "dmarc-lookup-failed", Unknown, 20, "RFC 9989 section 4.10.1";
    Dma040 = "DMA-040", "several-dmarc-records", Improve, 60, "RFC 9989 section 4.10";
    Dma050 = "DMA-050", "nearly-a-dmarc-record", Improve, 55, "RFC 9989 section 4.7";
    Dma060 = "DMA-060", "dmarc-record-at-the-wrong-name", Improve, 50, "RFC 9989 section 4.5";
    Dma070 = "DMA-070", "dmarc-alias-leads-nowhere", Improve, 50, "RFC 1034 section 3.6.2";
    Dma080 = "DMA-080", "wildcard-answers-for-dmarc", Info, 0, "RFC 4592 section 2.1";
    Dma090 = "DMA-090", "foreign-text-at-dmarc", Info, 0, "RFC 9989 section 4.10";
    Dma100 = "DMA-100", "dmarc-kept-elsewhere", Info, 0, "RFC 1034 section 3.6.2";
    Dma110 = "DMA-110", "dmarc-without-policy", Improve, 20, "RFC 9989 section 4.10.1";
    Dma120 = "DMA-120", "dmarc-policy-not-valid", Improve, 50, "RFC 9989 section 4.10.1";
    Dma130 = "DMA-130", "dmarc-value-not-valid", Improve, 10, "RFC 9989 section 4.8";
    Dma140 = "DMA-140", "not-a-dmarc-tag", Improve, 15, "RFC 9989 section 4.8";
    Dma150 = "DMA-150", "unknown-dmarc-tag", Info, 0, "RFC 9989 section 4.7";
    Dma160 = "DMA-160", "dmarc-tag-twice", Improve, 30, "RFC 6376 section 3.2";
    Dma170 = "DMA-170", "historic-dmarc-tag", Info, 0, "RFC 9989 appendix C.5.2";
    Dma180 = "DMA-180", "policy-not-second", Info, 0, "RFC 7489 section 6.4";
    Dma190 = "DMA-190", "unusual-dmarc-version", Info, 0, "RFC 9989 section 4.8";
    Dma200 = "DMA-200", "dmarc-tested", Info, 0, "RFC 9989 section 4.7";
    Dma210 = "DMA-210", "policy-none", Info, 0, "RFC 9989 section 5.1.5";
    Dma220 = "DMA-220", "policy-quarantine", Info, 0, "RFC 9989 section 5.1.7";
    Dma230 = "DMA-230", "enforced-without-proof", Stops, 80, "RFC 9989 section 5.1";
    Dma240 = "DMA-240", "alignment", Info, 0, "RFC 9989 section 4.4";
    Dma250 = "DMA-250", "old-and-new-rule-differ", Info, 0, "RFC 9989 appendix C.3";
    Dma260 = "DMA-260", "subdomains-weaker", Info, 0, "RFC 9989 section 4.7";
    Dma270 = "DMA-270", "subdomain-tag-without-effect", Info, 0, "RFC 9989 section 4.7";
    Dma280 = "DMA-280", "claims-to-be-a-public-suffix", Improve, 30, "RFC 9989 section 4.10.2";
    Dma290 = "DMA-290", "policy-of-the-public-suffix", Improve, 30, "RFC 9989 section 4.10.1";
    Dma300 = "DMA-300", "unused-domain-open", Info, 0, "RFC 9989 section 4.7";
    Dma310 = "DMA-310", "no-reports", Info, 0, "RFC 9989 section 5.1.3";
    Dma320 = "DMA-320", "report-address-not-valid", Improve, 10, "RFC 9989 section 4.8";
    Dma330 = "DMA-330", "report-size", Info, 0, "RFC 9989 appendix C.4";
    Dma340 = "DMA-340", "report-address-not-mail", Info, 0, "RFC 9989 section 4.7";
    Dma350 = "DMA-350", "reports-not-permitted", Improve, 15, "RFC 9990 section 4";
    Dma360 = "DMA-360", "reports-arrive", Pass, 0, "RFC 9990 section 4";
    Dma370 = "DMA-370", "reports-cannot-arrive", Improve, 15, "RFC 5321 section 5.1";
    Dma380 = "DMA-380", "report-target-unknown", Unknown, 0, "RFC 9990 section 4";
    Dma390 = "DMA-390", "reports-diverted", Improve, 10, "RFC 9990 section 4";
    Dma400 = "DMA-400", "failure-options-without-effect", Info, 0, "RFC 9989 section 4.7";
    Dma410 = "DMA-410", "many-report-addresses", Info, 0, "RFC 7489 section 6.2";
    Dma420 = "DMA-420", "odd-character-in-dmarc", Improve, 15, "RFC 9989 section 4.8";
    Dma430 = "DMA-430", "services-count-by-signature", Info, 0, "RFC 9989 section 4.4.2";
    Dma440 = "DMA-440", "record-that-nobody-finds", Info, 0, "RFC 9989 section 4.10";
    // DMA-450 was a wildcard alias, which NSH-180 tells.
    Dma460 = "DMA-460", "record-for-www-only", Info, 0, "RFC 9989 section 4.10";
}

impl Code {
    /// Every code, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|entry| entry.code)
    }

    fn entry(self) -> &'static CodeEntry {
        &TABLE[self as usize]
    }

    /// The stable identifier, such as `SPF-010`.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.entry().id
    }

    /// The code with this identifier.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        TABLE.iter().find(|entry| entry.id == id).map(|entry| entry.code)
    }

    /// A name for people who read code.
    #[must_use]
    pub fn slug(self) -> &'static str {
        self.entry().slug
    }

    /// The key of one of its texts.
    #[must_use]
    pub fn key(self, text: FindingText) -> String {
        format!("finding.{}.{}", self.id(), text.as_str())
    }

    /// How much it matters, unless the finding says otherwise.
    #[must_use]
    pub fn level(self) -> Level {
        self.entry().level
    }

    /// How likely it is the reason that mail does not arrive, 0 to 100, unless the finding says otherwise.
    #[must_use]
    pub fn weight(self) -> u8 {
        self.entry().weight
    }

    /// Whether it tells what lists say. Several lists tell one and the same fact: findings of such a code about one subject
    /// are one cause.
    #[must_use]
    pub fn is_of_lists(self) -> bool {
        // They stand together in the table.
        (Self::Bl010..=Self::Bl230).contains(&self)
    }

    /// Where the rule comes from.
    #[must_use]
    pub fn source(self) -> &'static str {
        self.entry().source
    }
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn identifiers_have_the_agreed_form_and_are_used_once() {
        let mut ids = BTreeSet::new();
        let mut slugs = BTreeSet::new();
        for code in Code::all() {
            let (prefix, number) = code.id().split_once('-').unwrap();
            assert!(
                (2..=4).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_uppercase()),
                "{}",
                code.id()
            );
            assert!(
                number.len() == 3 && number.ends_with('0') && number.parse::<u16>().is_ok(),
                "{}",
                code.id()
            );
            assert!(ids.insert(code.id()), "{} twice", code.id());
            assert!(slugs.insert((prefix, code.slug())), "{} twice", code.slug());
            assert!(!code.source().is_empty(), "{} has no source", code.id());
            assert_eq!(Code::from_id(code.id()), Some(code));
            assert_eq!(code.is_of_lists(), prefix == "BL", "{}", code.id());
        }
    }
}
