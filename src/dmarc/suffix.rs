//! Where people register domains, as far as it matters for comparing old and new DMARC.
//!
//! RFC 7489 took the organizational domain from the Public Suffix List; RFC 9989 does not, but receivers change over
//! slowly. The whole list is 250 KB and changes daily, too much for a page that needs it for one remark. This table
//! holds the second levels under which most domains of a country are registered; they change once in a decade. It also
//! holds the best known endings that companies sell or give away (`uk.com`, `github.io`): whoever has a name there has no
//! say over the name above. Source: <https://publicsuffix.org/list/>, read in 2026 for the countries below, and the part
//! of its private section under which people receive mail. For other countries the usual words (`co`, `com`, `ac`, ...)
//! are taken for a second level, and so are the regions of Japan and Poland, which have a level or two more; those answers
//! are marked as a guess.

use serde::Serialize;

use crate::dns::Name;

/// How well a registered domain is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Known {
    /// The suffix is in the table, or is a top-level domain without second levels.
    Sure,
    /// The suffix looks like a second level of a country that the table does not have, or is that of a region.
    Guess,
}

/// Top-level domain and the second levels below it; `*` stands for every second level.
const SECOND_LEVELS: &[(&str, &str)] = &[
    ("ae", "ac co gov mil net org sch"),
    ("app", "netlify vercel web"),
    ("ar", "com edu gob gov int mil net org tur"),
    ("at", "ac co gv or sth"),
    ("au", "asn com edu gov id net org"),
    ("bd", "*"),
    ("bh", "com edu gov net org"),
    ("bo", "com edu gob int mil net org tv web"),
    ("br", "adv art blog com eco edu emp eng gov ind inf jus leg med mil mp net nom org pro tur tv"),
    ("ck", "*"),
    ("cl", "co gob gov mil"),
    ("cn", "ac com edu gov mil net org"),
    ("co", "com edu gov mil net nom org"),
    (
        "com",
        "africa appspot br cn co de eu firebaseapp gr herokuapp jpn mex myshopify onrender ru sa uk us wixsite za",
    ),
    ("cr", "ac co ed fi go or sa"),
    ("cy", "ac biz com ekloges gov ltd mil net org press pro tm"),
    ("de", "com"),
    ("dev", "pages workers"),
    ("do", "art com edu gob gov mil net org sld web"),
    ("ec", "com edu fin gob gov info med mil net org pro"),
    ("eg", "ac com edu eng gov me mil name net org sci sport tv"),
    ("er", "*"),
    ("es", "com edu gob nom org"),
    ("fj", "ac biz com gov info mil name net org pro"),
    ("fk", "*"),
    ("fr", "asso com gouv nom prd tm"),
    ("gh", "com edu gov mil org"),
    ("gr", "com edu gov net org"),
    ("gt", "com edu gob ind mil net org"),
    ("hk", "com edu gov idv net org"),
    ("hu", "co org"),
    ("id", "ac biz co desa go mil my net or ponpes sch web"),
    ("il", "ac co gov idf k12 muni net org"),
    ("in", "ac co edu firm gen gov ind mil net nic org res"),
    ("io", "github gitlab readthedocs"),
    ("ir", "ac co gov id net org sch"),
    ("jm", "*"),
    ("jo", "com edu gov mil net org sch"),
    ("jp", "ac ad co ed go gr lg ne or"),
    ("ke", "ac co go info me mobi ne or sc"),
    ("kh", "*"),
    ("kr", "ac co es go hs kg mil ms ne or pe re sc"),
    ("kw", "com edu emb gov ind net org"),
    ("lb", "com edu gov net org"),
    ("lk", "ac assn com edu gov grp hotel int ltd net ngo org sch soc web"),
    ("ma", "ac co gov net org press"),
    ("me", "synology"),
    ("mm", "*"),
    ("mo", "com edu gov net org"),
    ("mt", "com edu net org"),
    ("mx", "com edu gob net org"),
    ("my", "biz com edu gov mil name net org"),
    ("net", "azurewebsites cloudfront ddns gb hu in jp se uk"),
    ("ng", "com edu gov i mil mobi name net org sch"),
    ("nl", "co"),
    ("no", "co"),
    ("np", "*"),
    ("nz", "ac co cri geek gen govt health iwi kiwi maori mil net org parliament school"),
    ("om", "co com edu gov med museum net org pro"),
    ("org", "ae duckdns dyndns eu hopto us zapto"),
    ("pa", "abo ac com edu gob ing med net nom org sld"),
    ("pe", "com edu gob mil net nom org"),
    ("pg", "*"),
    ("ph", "com edu gov i mil net ngo org"),
    ("pk", "biz com edu fam gob gok gon gop gos gov info net org web"),
    (
        "pl",
        "agro aid atm auto biz com edu gmina gov gsm info mail med media miasta net nieruchomosci nom org pc powiat priv realestate rel sex shop sklep sos szkola targi tm tourism travel turystyka",
    ),
    ("pt", "com edu gov int net nome org publ"),
    ("py", "com coop edu gov mil net org"),
    ("qa", "com edu gov mil name net org sch"),
    ("ro", "arts com firm info nom nt org rec store tm www"),
    ("rs", "ac co edu gov in org"),
    ("ru", "com msk net org pp spb"),
    ("sa", "com edu gov med net org pub sch"),
    ("se", "com"),
    ("sg", "com edu gov net org per"),
    ("sv", "com edu gob org red"),
    ("th", "ac co go in mi net or"),
    ("tn", "com ens fin gov ind info intl mincom nat net org perso tourism"),
    ("tr", "av bbs bel biz com dr edu gen gov info k12 kep mil name net org pol tel tsk tv web"),
    ("tw", "club com ebiz edu game gov idv mil net org"),
    ("tz", "ac co go hotel info me mil mobi ne or sc tv"),
    ("ua", "biz co com edu gov in net org pp"),
    ("ug", "ac co com edu go gov mil ne or org sc us"),
    ("uk", "ac co gov ltd me net nhs org plc police sch"),
    ("uy", "com edu gub mil net org"),
    ("ve", "arts co com e12 edu firm gob gov info int mil net org rec store tec web"),
    ("vn", "ac biz com edu gov health info int name net org pro"),
    ("za", "ac agric alt co edu gov law mil net ngo nic nom org school tm web"),
    ("zm", "ac biz co com edu gov info mil net org sch"),
    ("zw", "ac co gov mil org"),
];

/// Second levels of regions. Below some of them names are registered, below others stand the towns under which they are.
const REGIONS: &[(&str, &str)] = &[
    (
        "jp",
        "aichi akita aomori chiba ehime fukui fukuoka fukushima gifu gunma hiroshima hokkaido hyogo ibaraki ishikawa \
         iwate kagawa kagoshima kanagawa kawasaki kitakyushu kobe kochi kumamoto kyoto mie miyagi miyazaki nagano \
         nagasaki nagoya nara niigata oita okayama okinawa osaka saga saitama sapporo sendai shiga shimane shizuoka \
         tochigi tokushima tokyo tottori toyama wakayama yamagata yamaguchi yamanashi yokohama",
    ),
    (
        "pl",
        "augustow bedzin beskidy bialystok bielawa bieszczady bydgoszcz bytom cieszyn czest elblag elk gda gdansk \
         gdynia gliwice glogow gniezno gorlice jaworzno jgora kalisz kaszuby katowice ketrzyn klodzko kolobrzeg konin \
         krakow kutno legnica lodz lomza lowicz lubin lublin lukow malbork malopolska mazowsze mazury mielec nysa \
         olkusz olsztyn opole ostroda ostroleka pila podhale podlasie pomorze poznan pruszkow pulawy radom rybnik \
         rzeszow sanok skoczow slask slupsk sopot sosnowiec starachowice stargard suwalki swidnica swinoujscie \
         szczecin tarnobrzeg tgory turek tychy walbrzych warmia warszawa waw wloclawek wodzislaw wroc wroclaw zakopane \
         zgora zgorzelec",
    ),
];

/// Second levels that many countries have.
const USUAL: &[&str] =
    &["ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "ltd", "mil", "ne", "net", "nom", "or", "org"];

/// Countries that sell names directly below their top-level domain and where the usual words belong to somebody.
const FLAT: &[&str] =
    &["be", "ca", "cc", "ch", "cz", "de", "dk", "eu", "fi", "ie", "io", "is", "it", "li", "lt", "lu", "lv"];

/// The domain that was registered: one label below the public suffix. A public suffix is its own answer.
#[must_use]
pub fn registered(domain: &Name) -> (Name, Known) {
    let labels: Vec<&str> = domain.labels().collect();
    let (suffix, known) = suffix_labels(&labels);
    let keep = (suffix + 1).min(labels.len());
    let name = Name::parse(&labels[labels.len() - keep..].join(".")).unwrap_or_else(|_| domain.clone());
    (name, known)
}

/// Whether the name is itself a public suffix, as far as the table knows.
#[must_use]
pub fn is_public_suffix(domain: &Name) -> bool {
    let labels: Vec<&str> = domain.labels().collect();
    suffix_labels(&labels) == (labels.len(), Known::Sure)
}

/// How many labels the public suffix of these has.
fn suffix_labels(labels: &[&str]) -> (usize, Known) {
    let [.., second, top] = labels else { return (labels.len(), Known::Sure) };
    let in_region = |(of, names): &(&str, &str)| of == top && names.split(' ').any(|name| name == *second);
    if REGIONS.iter().any(in_region) {
        return (2, Known::Guess);
    }
    if let Ok(at) = SECOND_LEVELS.binary_search_by_key(top, |(top, _)| top) {
        let listed = SECOND_LEVELS[at].1.split(' ').any(|level| level == "*" || level == *second);
        return (1 + usize::from(listed), Known::Sure);
    }
    let looks = top.len() == 2 && USUAL.contains(second) && !FLAT.contains(top);
    if looks { (2, Known::Guess) } else { (1, Known::Sure) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order() {
        assert!(SECOND_LEVELS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn registered_domains() {
        for (domain, expected, known) in [
            ("a.b.example.com", "example.com", Known::Sure),
            ("example.com", "example.com", Known::Sure),
            ("com", "com", Known::Sure),
            ("shop.example.co.uk", "example.co.uk", Known::Sure),
            ("example.uk", "example.uk", Known::Sure),
            ("shop.example.com.tw", "example.com.tw", Known::Sure),
            ("shop.example.tw", "example.tw", Known::Sure),
            ("co.uk", "co.uk", Known::Sure),
            ("a.b.example.np", "b.example.np", Known::Sure),
            ("a.example.co.ls", "example.co.ls", Known::Guess),
            ("co.ls", "co.ls", Known::Guess),
            ("shop.mail.com.de", "mail.com.de", Known::Sure),
            ("mail.example.de", "example.de", Known::Sure),
            ("mail.example.uk.com", "example.uk.com", Known::Sure),
            ("example.eu.com", "example.eu.com", Known::Sure),
            ("somebody.github.io", "somebody.github.io", Known::Sure),
            ("a.example.tokyo.jp", "example.tokyo.jp", Known::Guess),
            ("mail.example.waw.pl", "example.waw.pl", Known::Guess),
            ("mail.example.pl", "example.pl", Known::Sure),
            ("localhost", "localhost", Known::Sure),
        ] {
            let name = Name::parse(domain).unwrap();
            assert_eq!(registered(&name), (Name::parse(expected).unwrap(), known), "{domain}");
        }
        assert!(is_public_suffix(&Name::parse("com.tw").unwrap()));
        assert!(is_public_suffix(&Name::parse("uk.com").unwrap()));
        assert!(!is_public_suffix(&Name::parse("example.com.tw").unwrap()));
    }
}
