//! Where people register domains, as far as it matters for comparing old and new DMARC.
//!
//! RFC 7489 took the organizational domain from the Public Suffix List; RFC 9989 does not, but receivers change over
//! slowly. The whole list is 250 KB and changes daily, too much for a page that needs it for one remark. This table
//! holds the second levels of the countries where most domains are registered under one; they change once in a decade.
//! It also holds the best known endings that companies sell or give away (`uk.com`, `github.io`): whoever has a name
//! there has no say over the name above. Source: <https://publicsuffix.org/list/>, as of 2026-10-22; names in other
//! scripts and third levels are left out. For other countries the usual words (`co`, `com`, `ac`, ...) are taken for a
//! second level, and so are the regions of Japan and Poland, which have a level or two more; those answers are marked as
//! a guess.

use serde::Serialize;

use crate::dns::Name;

/// How well a registered domain is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuffixConfidence {
    /// The suffix is in the table, or is a top-level domain without second levels.
    Sure,
    /// The suffix looks like a second level of a country that the table does not have, or is that of a region.
    Guess,
}

/// Top-level domains, each with a colon, and the second levels below them; `*` stands for every second level. A text, not
/// a table: it can follow with the engine.
const SECOND_LEVELS: &str = "
ae: ac co gov mil net org sch
app: netlify vercel web
ar: bet com coop edu gob gov int mil musica mutual net org seg senasa tur
at: ac co gv or
au: act asn com conf edu gov id net nsw nt org oz qld sa tas vic wa
bd: ac ai co com edu gov id info it mil net org sch tv
be: ac
bh: com edu gov net org
bo: academia agro arte blog bolivia ciencia com cooperativa democracia deporte ecologia economia edu empresa gob
    ia indigena industria info int medicina mil movimiento musica natural net nombre noticias org patria
    plurinacional politica profesional pueblo revista salud tecnologia tksat transporte tv web wiki
br: 9guacu abc adm adv agr aju am anani aparecida api app arq art ato b barueri belem bet bhz bib bio blog bmd
    boavista bsb campinagrande campinas caxias cim cng cnt com contagem coop coz cri cuiaba curitiba def des det
    dev ecn eco edu emp enf eng esp etc eti far feira flog floripa fm fnd fortal fot foz fst g12 geo ggf goiania
    gov gru ia imb ind inf jab jampa jdf joinville jor jus leg leilao lel log londrina macapa maceio manaus
    maringa mat med mil morena mp mus natal net niteroi not ntr odo ong org osasco palmas poa ppg pro psc psi
    pvh qsl radio rec recife rep ribeirao rio riobranco riopreto salvador sampa santamaria santoandre
    saobernardo saogonca seg sjc slg slz social sorocaba srv taxi tc tec teo the tmp trd tur tv udi vet vix vlog
    wiki xyz zlg
ca: ab bc gc mb nb nf nl ns nt nu on pe qc sk yk
ck: *
cl: co gob gov mil
cn: ac ah bj com cq edu fj gd gov gs gx gz ha hb he hi hk hl hn jl js jx ln mil mo net nm nx org qh sc sd sh sn
    sx tj tw xj xz yn zj
co: com edu gov mil net nom org
com: africa appspot br cn co de eu firebaseapp gr herokuapp jpn mex myshopify onrender ru sa uk us wixsite za
cr: ac co ed fi go or sa
cy: ac biz com ekloges gov ltd mil net org press pro tm
cz: gov
de: com
dev: pages workers
do: art com edu gob gov mil net org sld web
dz: art asso com edu gov net org pol soc tm
ec: abg adm agron arqt art bar chef com cont cpa cue dent dgn disco doc edu eng esm fin fot gal gob gov gye ibr
    info k12 lat loj med mil mktg mon net ntr odont org pro prof psic psiq pub rio rrpp sal tech tul tur uio vet
    xxx
ee: aip com edu fie gov lib med org pri riik
eg: ac com edu eun gov info me mil name net org sci sport tv
er: *
es: com edu gob nom org
fj: ac biz com edu gov id info mil name net org pro
fk: *
fr: asso avoues cci com gouv greta huissier-justice nom prd tm
ge: com cyb edu gov llc net online org pvt school tnx
gh: biz com edu gov mil net org
gr: com edu gov net org
gt: com edu gob ind mil net org
hk: com edu gov idv net org
hr: com from iz name
hu: 2000 agrar bolt casino city co erotica erotika film forum games hotel info ingatlan jogasz konyvelo lakas
    media news org priv reklam sex shop sport suli szex tm tozsde utazas video
id: ac ai biz co desa go kop mil my net or ponpes sch web
ie: gov
il: ac co gov idf k12 muni net org
in: 5g 6g ac aero ai alumni am bank bihar biz business ca cn co com coop cs delhi dr edu er fin firm gen gov
    gujarat ind info int internet io me mil net nic org pg post pro res school travel tv ub uk up us
io: co com edu github gitlab gov mil net nom org readthedocs
ir: ac co gov id net org sch
it: edu gov
jm: *
jo: agri ai com edu eng fm gov mil net org per phd sch tv
jp: ac ad co ed go gr lg ne or
ke: ac co go info me mobi ne or sc
kh: com edu gov net org
kr: ac ai busan chungbuk chungnam co daegu daejeon es gangwon go gwangju gyeongbuk gyeonggi gyeongnam hs incheon
    io it jeju jeonbuk jeonnam kg me mil ms ne or pe re sc seoul ulsan
kw: com edu emb gov ind net org
lb: com edu gov net org
lk: ac assn com edu gov grp hotel int ltd net ngo org sch soc web
lt: gov
lv: asn com conf edu gov id mil net org
ma: ac co gov net org press
me: ac co edu gov its net org priv synology
mm: *
mo: com edu gov net org
mt: com edu net org
mx: com edu gob net org
my: biz com edu gov mil name net org
net: azurewebsites cloudfront ddns gb hu in jp se uk
ng: com edu gov i mil mobi name net org sch
nl: co
no: co
np: *
nz: ac co cri geek gen govt health iwi kiwi maori mil net org parliament school
om: co com edu gov med museum net org pro
org: ae duckdns dyndns eu hopto us zapto
pa: abo ac com edu gob ing med net nom org sld
pe: com edu gob mil net nom org
pg: *
ph: com edu gov i mil net ngo org
pk: ac biz com edu fam gkp gob gog gok gop gos gov net org web
pl: agro aid atm auto biz com edu gmina gov gsm info mail med media miasta net nieruchomosci nom org pc powiat
    priv realestate rel sex shop sklep sos szkola targi tm tourism travel turystyka
pr: ac biz com edu est gov info isla name net org pro prof
pt: com edu gov int net nome org publ
py: com coop edu gov mil net org
qa: com edu gov mil name net org sch
ro: arts com firm info nom nt org rec store tm www
rs: ac co edu gov in org
ru: com msk net org pp spb
sa: com edu gov med net org pub sch
se: a ac b bd brand c com d e f fh fhsk fhv g h i k komforb kommunalforbund komvux l lanbib m n naturbruksgymn o
    org p parti pp press r s t tm u w x y z
sg: com edu gov net org
sv: com edu gob org red
th: ac co go in mi net or
tn: com ens fin gov ind info intl mincom nat net org perso tourism
tr: av bbs bel biz com dr edu gen gov info k12 kep mil name nc net org pol tel tsk tv web
tw: club com ebiz edu game gov idv mil net org
tz: ac co go hotel info me mil mobi ne or sc tv
ua: biz cherkassy cherkasy chernigov chernihiv chernivtsi chernovtsy ck cn co com cr crimea cv dn dnepropetrovsk
    dnipropetrovsk donetsk dp edu gov if in ivano-frankivsk kh kharkiv kharkov kherson khmelnitskiy khmelnytskyi
    kiev kirovograd km kr kropyvnytskyi krym ks kv kyiv lg lt lugansk luhansk lutsk lv lviv mk mykolaiv net
    nikolaev od odesa odessa org pl poltava pp rivne rovno rv sb sebastopol sevastopol sm sumy te ternopil uz
    uzhgorod uzhhorod vinnica vinnytsia vn volyn yalta zakarpattia zaporizhzhe zaporizhzhia zhitomir zhytomyr zp
    zt
ug: ac co com edu go gov mil ne or org sc us
uk: ac co gov ltd me net nhs org plc police
uy: com edu gub mil net org
ve: arts bib co com e12 edu emprende firm gob gov ia info int mil net nom org rar rec store tec web
vn: ac ai angiang bacgiang backan baclieu bacninh baria-vungtau bentre binhdinh binhduong binhphuoc binhthuan
    biz camau cantho caobang com daklak daknong danang dienbien dongnai dongthap edu gialai gov hagiang haiduong
    haiphong hanam hanoi hatinh haugiang health hoabinh hue hungyen id info int io khanhhoa kiengiang kontum
    laichau lamdong langson laocai longan namdinh name net nghean ninhbinh ninhthuan org phutho phuyen pro
    quangbinh quangnam quangngai quangninh quangtri soctrang sonla tayninh thaibinh thainguyen thanhhoa
    thanhphohochiminh thuathienhue tiengiang travinh tuyenquang vinhlong vinhphuc yenbai
za: ac agric alt co edu gov grondar law mil net ngo nic nis nom org school tm web
zm: ac biz co com edu gov info mil net org sch
zw: ac co gov mil org
";

/// Second levels of regions. Below some of them names are registered, below others stand the towns under which they are.
const REGIONS: &str = "
br: nom
jp: aichi akita aomori chiba ehime fukui fukuoka fukushima gifu gunma hiroshima hokkaido hyogo ibaraki ishikawa
    iwate kagawa kagoshima kanagawa kawasaki kitakyushu kobe kochi kumamoto kyoto mie miyagi miyazaki nagano
    nagasaki nagoya nara niigata oita okayama okinawa osaka saga saitama sapporo sendai shiga shimane shizuoka
    tochigi tokushima tokyo tottori toyama wakayama yamagata yamaguchi yamanashi yokohama
pl: augustow bedzin beskidy bialystok bielawa bieszczady bydgoszcz bytom cieszyn czest elblag elk gda gdansk
    gdynia gliwice glogow gniezno gorlice jaworzno jgora kalisz kaszuby katowice ketrzyn klodzko kolobrzeg konin
    krakow kutno legnica lodz lomza lowicz lubin lublin lukow malbork malopolska mazowsze mazury mielec nysa
    olkusz olsztyn opole ostroda ostroleka pila podhale podlasie pomorze poznan pruszkow pulawy radom rybnik
    rzeszow sanok skoczow slask slupsk sopot sosnowiec starachowice stargard suwalki swidnica swinoujscie
    szczecin tarnobrzeg tgory turek tychy walbrzych warmia warszawa waw wloclawek wodzislaw wroc wroclaw
    zakopane zgora zgorzelec
uk: sch
";

/// Second levels that many countries have.
const USUAL: &[&str] =
    &["ac", "co", "com", "edu", "go", "gob", "gouv", "gov", "ltd", "mil", "ne", "net", "nom", "or", "org"];

/// Countries that sell names directly below their top-level domain and where the usual words belong to somebody.
const FLAT: &[&str] = &["cc", "ch", "dk", "eu", "fi", "is", "li", "lu"];

/// The domain that was registered: one label below the public suffix. A public suffix is its own answer.
#[must_use]
pub fn registered(domain: &Name) -> (Name, SuffixConfidence) {
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
    suffix_labels(&labels) == (labels.len(), SuffixConfidence::Sure)
}

/// How many labels the public suffix of these has.
fn suffix_labels(labels: &[&str]) -> (usize, SuffixConfidence) {
    let [.., second, top] = labels else { return (labels.len(), SuffixConfidence::Sure) };
    if below(REGIONS, top).any(|region| region == *second) {
        return (2, SuffixConfidence::Guess);
    }
    let mut levels = below(SECOND_LEVELS, top).peekable();
    if levels.peek().is_some() {
        return (
            1 + usize::from(levels.any(|level| level == "*" || level == *second)),
            SuffixConfidence::Sure,
        );
    }
    let looks = top.len() == 2 && USUAL.contains(second) && !FLAT.contains(top);
    if looks { (2, SuffixConfidence::Guess) } else { (1, SuffixConfidence::Sure) }
}

/// The second levels that a text has for a top-level domain.
fn below(text: &'static str, top: &str) -> impl Iterator<Item = &'static str> {
    text.split_whitespace()
        .skip_while(move |word| word.strip_suffix(':') != Some(top))
        .skip(1)
        .take_while(|word| !word.ends_with(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_stands_there_once() {
        for text in [SECOND_LEVELS, REGIONS] {
            let mut tops: Vec<&str> =
                text.split_whitespace().filter_map(|word| word.strip_suffix(':')).collect();
            let all = tops.len();
            tops.sort_unstable();
            tops.dedup();
            assert_eq!(tops.len(), all);
            assert!(tops.iter().all(|top| below(text, top).next().is_some()));
        }
    }

    #[test]
    fn registered_domains() {
        for (domain, expected, known) in [
            ("a.b.example.com", "example.com", SuffixConfidence::Sure),
            ("example.com", "example.com", SuffixConfidence::Sure),
            ("com", "com", SuffixConfidence::Sure),
            ("shop.example.co.uk", "example.co.uk", SuffixConfidence::Sure),
            ("example.uk", "example.uk", SuffixConfidence::Sure),
            ("shop.example.com.tw", "example.com.tw", SuffixConfidence::Sure),
            ("shop.example.tw", "example.tw", SuffixConfidence::Sure),
            ("co.uk", "co.uk", SuffixConfidence::Sure),
            ("shop.example.co.me", "example.co.me", SuffixConfidence::Sure),
            ("shop.example.bj.cn", "example.bj.cn", SuffixConfidence::Sure),
            ("shop.example.it", "example.it", SuffixConfidence::Sure),
            ("school.town.sch.uk", "town.sch.uk", SuffixConfidence::Guess),
            ("a.b.example.np", "b.example.np", SuffixConfidence::Sure),
            ("a.example.co.ls", "example.co.ls", SuffixConfidence::Guess),
            ("co.ls", "co.ls", SuffixConfidence::Guess),
            ("shop.mail.com.de", "mail.com.de", SuffixConfidence::Sure),
            ("mail.example.de", "example.de", SuffixConfidence::Sure),
            ("mail.example.uk.com", "example.uk.com", SuffixConfidence::Sure),
            ("example.eu.com", "example.eu.com", SuffixConfidence::Sure),
            ("somebody.github.io", "somebody.github.io", SuffixConfidence::Sure),
            ("a.example.tokyo.jp", "example.tokyo.jp", SuffixConfidence::Guess),
            ("mail.example.waw.pl", "example.waw.pl", SuffixConfidence::Guess),
            ("mail.example.pl", "example.pl", SuffixConfidence::Sure),
            ("localhost", "localhost", SuffixConfidence::Sure),
        ] {
            let name = Name::parse(domain).unwrap();
            assert_eq!(registered(&name), (Name::parse(expected).unwrap(), known), "{domain}");
        }
        assert!(is_public_suffix(&Name::parse("com.tw").unwrap()));
        assert!(is_public_suffix(&Name::parse("uk.com").unwrap()));
        assert!(!is_public_suffix(&Name::parse("example.com.tw").unwrap()));
    }
}
