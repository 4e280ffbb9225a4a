//! Addresses of the page: what the URL fragment says, and how it is written.
//!
//! ```text
//! #/check/example.org?ip=192.0.2.1&own=203.0.113.9&selector=s1&helo=mx.example.org&mx=1&resolver=google&lang=en
//! #/check/example.org/SPF-090
//! #/check/example.org?try=-TXT%20example.org%20v%3Dspf1%20-all&try=%2BTXT%20example.org%20v%3Dspf1%20mx%20-all
//! #/example/broken
//! #/message
//! #/seen/q1YqSy0qzszPU7JSUDJUsFIoSazQUTICAA
//! #/build/spf/example.org?slim=1
//! #/many
//! ```
//!
//! The fragment reaches no server. A value that cannot be understood is left out and named, never guessed.

use std::{fmt, net::IpAddr};

use crate::{
    dns::{Name, is_inside},
    input::limits,
    percent, steps, text,
};

/// How many addresses or selectors a link may name.
pub const MAX_VALUES: usize = 8;
/// How many changed records a link may name.
pub const MAX_TRIED: usize = 24;
/// Characters of the longest text that is taken from a link.
const MAX_TEXT: usize = 2_000;
/// Characters of the longest snapshot that is taken from a link. What a usual check saw takes two to three thousand.
pub const MAX_SEEN: usize = 64_000;

/// A place in the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// What is shown.
    pub view: View,
    /// The language, as a tag of a locale file.
    pub lang: Option<String>,
    /// The resolver: an id of `resolvers.json`, or an address that has to be confirmed before it is used.
    pub resolver: Option<String>,
    /// Which result of a check or an example is to be seen, as [`crate::report::Report::name`] has it.
    pub finding: Option<String>,
}

/// What is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum View {
    /// The question and the checklist.
    #[default]
    Home,
    /// A live check.
    Check(CheckRequest),
    /// A recorded example, by its id.
    Example(String),
    /// What a check saw, as somebody sent it: a [`Snapshot`](crate::snapshot::Snapshot), compressed and in base64url. Not read yet.
    Seen(String),
    /// A record is put together.
    Build(Building),
    /// The field for a message: an error, a returned mail. The message itself is in no address.
    Message,
    /// Many domains, which are in no address.
    Many,
}

/// A record that is put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// Its kind.
    pub kind: BuildKind,
    /// The domain. Not read yet.
    pub what: String,
    /// Whether it begins without what the check of the present record proposes to take out.
    pub slim: bool,
}

words! {
    /// The kinds of records that can be put together.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum BuildKind {
        /// SPF.
        Spf = "spf",
        /// DMARC.
        Dmarc = "dmarc",
    }
    key "build.link.{}"
}

/// The address at which a record of this kind is put together for a domain, with its `#`.
#[must_use]
pub fn building(kind: BuildKind, what: &str) -> String {
    build(Building { kind, what: what.to_owned(), slim: false })
}

/// The address at which somebody chooses what stays in an SPF record that takes too many lookups, with its `#`.
#[must_use]
pub fn slimming(what: &str) -> String {
    build(Building { kind: BuildKind::Spf, what: what.to_owned(), slim: true })
}

fn build(building: Building) -> String {
    Route { view: View::Build(building), ..Route::default() }.to_string()
}

/// What a check is asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckRequest {
    /// What stands in the box: a domain, an e-mail address, an address. Not read yet.
    pub what: String,
    /// Addresses that send.
    pub ips: Vec<IpAddr>,
    /// The address of the user's own connection, of which only lists are asked.
    pub connection_ip: Option<IpAddr>,
    /// DKIM selectors.
    pub selectors: Vec<String>,
    /// The name the sending server gives.
    pub helo: Option<Name>,
    /// Whether the receiving hosts are asked about at the blocklists too.
    pub receiving_too: bool,
    /// Changed records that somebody wants tried: words of a [`SetChange`](crate::what_if::SetChange).
    pub tried: Vec<String>,
}

/// A value of a link that was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IgnoredValue {
    /// The name before the `=`, or the path.
    pub name: String,
    /// The value, decoded; of a long one its beginning. Untrusted.
    pub value: String,
    /// Why.
    pub why: IgnoredReason,
    /// How many further ones were left out for the same reason, and are not named.
    pub more: usize,
}

/// Why a value of a link was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IgnoredReason {
    /// It cannot be understood.
    Unknown,
    /// So many others of its kind were taken, and there is room for no more.
    TooMany(usize),
}

impl Route {
    /// Reads a fragment, with or without the `#`. Also returns what was left out.
    #[must_use]
    pub fn parse(fragment: &str) -> (Self, Vec<IgnoredValue>) {
        let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
        let (path, query) = fragment.split_once('?').unwrap_or((fragment, ""));
        let mut route = Self::default();
        let mut ignored: Vec<IgnoredValue> = Vec::new();
        steps::took(fragment.len());
        let mut asked = CheckRequest::default();
        let mut slim = false;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decode(value);
            if name == "slim" && matches!(value.as_str(), "0" | "1") {
                slim = value == "1";
            } else if let Err(why) = route.take(&mut asked, name, &value) {
                leave_out(&mut ignored, name, &value, why);
            }
        }
        let nowhere = || ignored_part("#", &decode(path), IgnoredReason::Unknown);
        let (kind, rest) =
            path.trim_start_matches('/').split_once('/').unwrap_or((path.trim_matches('/'), ""));
        let (rest, finding) = split_finding(rest);
        route.finding = finding.map(str::to_owned).or(route.finding);
        let rest = decode(rest);
        match kind {
            "" => {}
            "message" if rest.is_empty() => route.view = View::Message,
            "many" if rest.is_empty() => route.view = View::Many,
            "seen" if is_seen(&rest) => route.view = View::Seen(rest),
            "check" if !rest.trim().is_empty() && rest.len() <= MAX_TEXT => {
                asked.what = rest;
                route.view = View::Check(asked);
            }
            "example" if is_id(&rest) => route.view = View::Example(rest),
            "build" if rest.len() <= MAX_TEXT => match read_building(&rest) {
                Some(building) => {
                    let slim = slim && building.kind == BuildKind::Spf;
                    route.view = View::Build(Building { slim, ..building });
                }
                None => ignored.push(nowhere()),
            },
            _ => ignored.push(nowhere()),
        }
        route.finding = route.finding.take().filter(|_| route.has_findings());
        (route, ignored)
    }

    /// The same place for somebody else: without the address of this connection, and without an own resolver, whose address
    /// may hold the number of an account.
    #[must_use]
    pub fn to_share(&self) -> Self {
        let mut route = self.clone();
        route.resolver = route.resolver.filter(|resolver| is_id(resolver));
        if let View::Check(asked) = &mut route.view {
            asked.connection_ip = None;
        }
        route
    }

    /// The same place with this result in view.
    #[must_use]
    pub fn with_finding(&self, name: Option<String>) -> Self {
        Self { finding: name.filter(|_| self.has_findings()), ..self.clone() }
    }

    /// Whether results are shown there.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        matches!(self.view, View::Check(_) | View::Example(_) | View::Seen(_))
    }

    /// Takes one value.
    fn take(&mut self, asked: &mut CheckRequest, name: &str, value: &str) -> Result<(), IgnoredReason> {
        match name {
            "ip" => {
                let ip = value.parse::<IpAddr>().map_err(|_| IgnoredReason::Unknown)?;
                return push_new(&mut asked.ips, ip.to_canonical());
            }
            "own" => {
                asked.connection_ip =
                    Some(value.parse::<IpAddr>().map_err(|_| IgnoredReason::Unknown)?.to_canonical())
            }
            "selector" if is_selector(value) => {
                return push_new(&mut asked.selectors, value.to_ascii_lowercase());
            }
            "helo" => match Name::parse(value) {
                Ok(name) if name.is_host_name() => asked.helo = Some(name),
                _ => return Err(IgnoredReason::Unknown),
            },
            "mx" if matches!(value, "0" | "1") => asked.receiving_too = value == "1",
            "try" if asked.tried.len() == MAX_TRIED => return Err(IgnoredReason::TooMany(MAX_TRIED)),
            // Read once somebody tries it: what reads records comes later than what reads addresses.
            "try" if value.len() <= MAX_TEXT && value.starts_with(['+', '-']) => {
                asked.tried.push(value.to_owned())
            }
            "lang" if is_id(value) && text::known(value).is_some() => self.lang = Some(value.to_owned()),
            "finding" if is_id(value) => self.finding = Some(value.to_owned()),
            // Whether there is a resolver of this id is known once their list is there.
            "resolver" if is_id(value) || is_resolver_address(value) => {
                self.resolver = Some(value.to_owned());
            }
            _ => return Err(IgnoredReason::Unknown),
        }
        Ok(())
    }

    /// What is checked, if something is.
    #[must_use]
    pub fn asked(&self) -> Option<&CheckRequest> {
        match &self.view {
            View::Check(asked) => Some(asked),
            _ => None,
        }
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("#/")?;
        let mut pairs: Vec<(&str, String)> = Vec::new();
        match &self.view {
            View::Home => {}
            View::Message => f.write_str("message")?,
            View::Many => f.write_str("many")?,
            View::Example(id) => write!(f, "example/{}", encode(id))?,
            View::Build(building) => {
                write!(f, "build/{}/{}", building.kind.as_str(), encode(building.what.trim()))?;
                if building.slim {
                    pairs.push(("slim", "1".to_owned()));
                }
            }
            View::Seen(seen) => write!(f, "seen/{seen}")?,
            View::Check(asked) => {
                let what = encode(asked.what.trim());
                // What looks like the name of a result at the end is none.
                let whole = split_finding(&what).1.is_none();
                write!(f, "check/{}", if whole { what } else { what.replace('/', "%2F") })?;
                pairs.extend(asked.ips.iter().map(|ip| ("ip", ip.to_string())));
                pairs.extend(asked.connection_ip.iter().map(|ip| ("own", ip.to_string())));
                pairs.extend(asked.selectors.iter().map(|selector| ("selector", selector.clone())));
                pairs.extend(asked.helo.iter().map(|helo| ("helo", helo.as_str().to_owned())));
                if asked.receiving_too {
                    pairs.push(("mx", "1".to_owned()));
                }
                pairs.extend(asked.tried.iter().map(|word| ("try", word.clone())));
            }
        }
        pairs.extend(self.resolver.iter().map(|resolver| ("resolver", resolver.clone())));
        pairs.extend(self.lang.iter().map(|lang| ("lang", lang.clone())));
        if let Some(finding) = &self.finding {
            write!(f, "/{}", encode(finding))?;
        }
        for (index, (name, value)) in pairs.iter().enumerate() {
            f.write_str(if index == 0 { "?" } else { "&" })?;
            write!(f, "{name}={}", encode(value))?;
        }
        Ok(())
    }
}

/// Notes that a value was left out. A few are named; one with too many beside it is named once for all of its kind.
fn leave_out(ignored: &mut Vec<IgnoredValue>, name: &str, value: &str, why: IgnoredReason) {
    steps::took(ignored.len());
    let alike =
        |known: &&mut IgnoredValue| known.why == why && (why == IgnoredReason::Unknown || known.name == name);
    let full = match why {
        IgnoredReason::Unknown => ignored.iter().filter(|known| known.why == why).count() >= limits::NAMED,
        IgnoredReason::TooMany(_) => ignored.iter().any(|known| known.why == why && known.name == name),
    };
    match ignored.iter_mut().rev().find(alike).filter(|_| full) {
        Some(last) => last.more += 1,
        None => ignored.push(ignored_part(name, value, why)),
    }
}

fn ignored_part(name: &str, value: &str, why: IgnoredReason) -> IgnoredValue {
    IgnoredValue {
        name: name.chars().take(40).collect(),
        value: value.chars().take(200).collect(),
        why,
        more: 0,
    }
}

/// What stands before the name of a result, and that name: a code and maybe a number behind it, such as `SPF-090` or
/// `BL-010-2`.
fn split_finding(path: &str) -> (&str, Option<&str>) {
    match path.rsplit_once('/') {
        Some((before, name)) if is_finding(name) => (before, Some(name)),
        _ => (path, None),
    }
}

fn is_finding(name: &str) -> bool {
    let mut parts = name.split('-');
    let letters = parts.next().is_some_and(|part| {
        (2..=4).contains(&part.len()) && part.bytes().all(|octet| octet.is_ascii_alphabetic())
    });
    let mut is_number = |most: usize| {
        let number = parts.next();
        number
            .map(|part| (1..=most).contains(&part.len()) && part.bytes().all(|octet| octet.is_ascii_digit()))
    };
    letters && is_number(3) == Some(true) && is_number(4) != Some(false) && parts.next().is_none()
}

/// The place that a text leads to which is nothing but a link with what was seen, such as a file that holds one.
#[must_use]
pub fn seen_in(text: &str) -> Option<String> {
    let (_, seen) = text.trim().split_once("#/seen/")?;
    is_seen(seen).then(|| format!("#/seen/{seen}"))
}

/// Whether the text can be a snapshot: base64url (RFC 4648 section 5).
fn is_seen(text: &str) -> bool {
    (1..=MAX_SEEN).contains(&text.len())
        && text.bytes().all(|octet| octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_'))
}

/// `spf/example.org`.
fn read_building(text: &str) -> Option<Building> {
    let (word, what) = text.split_once('/')?;
    let kind = BuildKind::from_word(word)?;
    (!what.trim().is_empty()).then(|| Building { kind, what: what.to_owned(), slim: false })
}

/// Adds a value that is not there yet.
fn push_new<T: PartialEq>(values: &mut Vec<T>, value: T) -> Result<(), IgnoredReason> {
    if values.contains(&value) {
        return Ok(());
    }
    if values.len() == MAX_VALUES {
        return Err(IgnoredReason::TooMany(MAX_VALUES));
    }
    values.push(value);
    Ok(())
}

/// Whether the text can be an id or a language tag.
fn is_id(text: &str) -> bool {
    (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Whether the text can be a DKIM selector: labels of letters, digits, hyphens and underscores (RFC 6376 section 3.1).
#[must_use]
pub fn is_selector(text: &str) -> bool {
    text.len() <= 190
        && text.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        })
}

/// Whether the text can be the address of a resolver: `https:`, or `http:` on this machine, without user, query or
/// fragment. `http://[::1]` is none: the page's Content-Security-Policy cannot allow it, as no IPv6 address can stand in
/// one (CSP3 section 2.3.1, `host-part`).
#[must_use]
pub fn is_resolver_address(text: &str) -> bool {
    let host_and_path = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => Some(rest),
        (_, Some(rest)) if matches!(host(rest), "127.0.0.1" | "localhost") => Some(rest),
        _ => None,
    };
    host_and_path.is_some_and(|rest| {
        rest.len() <= 300
            && rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[')
            && rest.bytes().all(|b| {
                b.is_ascii_graphic() && !matches!(b, b'?' | b'#' | b'@' | b'\\' | b'"' | b'<' | b'>')
            })
    })
}

/// Whether the address of a resolver leads to this machine, which can be reached without any network.
#[must_use]
pub fn is_on_this_machine(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| matches!(host(rest), "127.0.0.1" | "localhost" | "[::1]"))
}

/// Whether the address of a resolver leads to this machine or into the network around it. Browsers ask before a page of the
/// Internet may reach such addresses, or refuse (Local Network Access).
#[must_use]
pub fn is_near(url: &str) -> bool {
    /// Ends of names that mean something in a local network alone (RFC 6762, RFC 6761, RFC 8375), or are used as such.
    const LOCAL: [&str; 5] = [".local", ".localhost", ".lan", ".home.arpa", ".internal"];
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let Some(host) = rest.map(host) else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(ip) => is_inside(ip),
        Err(_) => !host.contains('.') || LOCAL.iter().any(|end| host.ends_with(end)),
    }
}

/// The host of an address, which begins behind its `//`.
fn host(rest: &str) -> &str {
    let authority = rest.split('/').next().unwrap_or_default();
    match authority.rsplit_once(':') {
        Some((host, port)) if port.parse::<u16>().is_ok() => host,
        _ => authority,
    }
}

/// Percent-encodes what a fragment or a value cannot hold; `/` and `@` stay readable.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    percent::encode(&mut out, text, b":@/[],");
    out
}

/// Undoes percent-encoding; what is not valid stays as it is.
fn decode(text: &str) -> String {
    String::from_utf8_lossy(&percent::decode(text)).into_owned()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(fragment: &str) -> (Route, Vec<String>) {
        let (route, ignored) = Route::parse(fragment);
        (route, ignored.into_iter().map(|ignored| format!("{}={}", ignored.name, ignored.value)).collect())
    }

    #[test]
    fn a_link_with_everything_comes_back_as_it_was() {
        let text = "#/check/name@example.org?ip=192.0.2.1&ip=2001:db8::1&own=203.0.113.9&selector=s1\
                    &helo=mx.example.org&mx=1&resolver=google&lang=zh-Hant";
        let (route, ignored) = read(text);
        assert!(ignored.is_empty(), "{ignored:?}");
        assert_eq!(route.asked().unwrap().ips.len(), 2);
        assert_eq!(route.asked().unwrap().connection_ip, Some("203.0.113.9".parse().unwrap()));
        assert_eq!(route.to_string(), text.replace(' ', ""));
    }

    #[test]
    fn bad_values_are_left_out_and_named() {
        for bad in [
            "ip=300.1.1.1",
            "own=me",
            "selector=a b",
            "helo=-x",
            "mx=yes",
            "lang=../x",
            "resolver=ftp://x",
            "color=red",
            "lang=fr",
            "mx=",
        ] {
            let (route, ignored) = read(&format!("#/check/example.org?{bad}&ip=192.0.2.7&"));
            assert_eq!(route.asked().unwrap().what, "example.org");
            assert_eq!(route.asked().unwrap().ips.len(), 1);
            assert_eq!((route.lang, route.resolver), (None, None));
            assert_eq!(ignored, [bad]);
        }
    }

    #[test]
    fn a_few_of_the_values_that_are_left_out_are_named_and_the_rest_is_counted() {
        let said = |query: &str| {
            let (_, ignored) = Route::parse(&format!("#/check/example.org?{query}"));
            ignored.into_iter().map(|one| (one.name, one.value, one.more)).collect::<Vec<_>>()
        };
        let of = |name: &str, value: &str, more| (name.to_owned(), value.to_owned(), more);
        let unknown: String = (0..1000).map(|n| format!("x{n}=1&")).collect();
        let named = (0..8).map(|n| of(&format!("x{n}"), "1", if n == 7 { 992 } else { 0 }));
        assert_eq!(said(&unknown), named.collect::<Vec<_>>());
        let many: String =
            (0..1000).map(|n| format!("ip=192.0.{}.{}&selector=s{n}&", n / 250, n % 250)).collect();
        assert_eq!(said(&many), [of("ip", "192.0.0.8", 991), of("selector", "s8", 991)]);
        let long = "ü".repeat(1000);
        assert_eq!(said(&format!("x={long}")), [of("x", &"ü".repeat(200), 0)]);
    }

    #[test]
    fn other_places() {
        for home in ["", "#", "#/", "/"] {
            assert_eq!(read(home), (Route::default(), vec![]), "{home}");
        }
        assert_eq!(read("#/example/broken").0.view, View::Example("broken".into()));
        assert_eq!(read("#/check/").1, ["#=/check/"]);
        assert_eq!(read("#finding").1, ["#=finding"]);
        assert_eq!(read("#/?lang=en").0.lang.as_deref(), Some("en"));
    }

    #[test]
    fn the_field_for_a_message_has_an_address_and_the_message_has_none() {
        let (route, ignored) = read("#/message?lang=zh-Hant");
        assert_eq!((&route.view, route.lang.as_deref(), ignored.len()), (&View::Message, Some("zh-Hant"), 0));
        assert_eq!(route.to_string(), "#/message?lang=zh-Hant");
        assert_eq!(read("#/message/550%205.7.26").1.len(), 1);
    }

    #[test]
    fn records_that_are_put_together() {
        let view = |kind, what: &str| View::Build(Building { kind, what: what.to_owned(), slim: false });
        let (route, ignored) = read("#/build/spf/example.org?lang=en");
        assert_eq!((route.view, ignored), (view(BuildKind::Spf, "example.org"), vec![]));
        assert_eq!(building(BuildKind::Dmarc, "bäckerei.example"), "#/build/dmarc/b%C3%A4ckerei.example");
        assert_eq!(
            read("#/build/dmarc/b%C3%A4ckerei.example").0.view,
            view(BuildKind::Dmarc, "bäckerei.example")
        );
        for bad in ["#/build/", "#/build/spf", "#/build/spf/", "#/build/dkim/example.org", "#/build/spf/%20"]
        {
            let (route, ignored) = read(bad);
            assert_eq!((route.view, ignored.len()), (View::Home, 1), "{bad}");
        }
        let (slim, ignored) = read(&slimming("example.org"));
        assert_eq!((slim.to_string().as_str(), ignored.len()), ("#/build/spf/example.org?slim=1", 0));
        assert!(matches!(slim.view, View::Build(Building { slim: true, .. })));
        assert_eq!(read("#/build/dmarc/example.org?slim=1").0.to_string(), "#/build/dmarc/example.org");
        assert_eq!(read("#/build/spf/example.org?slim=yes").1, ["slim=yes"]);
        // What belongs to a check means nothing here.
        assert_eq!(read("#/build/spf/example.org?ip=192.0.2.1").0.to_string(), "#/build/spf/example.org");
    }

    #[test]
    fn a_link_may_name_what_is_to_be_seen() {
        let (route, ignored) = read("#/check/example.org/SPF-090?lang=en");
        assert_eq!((route.finding.as_deref(), ignored.len()), (Some("SPF-090"), 0));
        assert_eq!(route.asked().unwrap().what, "example.org");
        assert_eq!(route.to_string(), "#/check/example.org/SPF-090?lang=en");
        assert_eq!(route.with_finding(None).to_string(), "#/check/example.org?lang=en");
        // As links of the first edition name it.
        assert_eq!(
            read("#/check/example.org?finding=BL-010-2").0.to_string(),
            "#/check/example.org/BL-010-2"
        );
        for same in ["#/example/broken/SPF-090", "#/seen/q1Yq_-x/BL-010-12"] {
            assert_eq!(read(same).0.to_string(), same);
        }
        // Where no results are shown it means nothing.
        for other in ["#/", "#/build/spf/example.org"] {
            let (route, ignored) = read(&format!("{other}?finding=SPF-090"));
            assert_eq!((route.to_string(), ignored.len()), (other.to_owned(), 0));
            assert_eq!(route.with_finding(Some("SPF-090".to_owned())), route);
        }
        assert_eq!(read("#/check/example.org?finding=<b>").1, ["finding=<b>"]);
        // What is no name of a result belongs to what was typed.
        for typed in ["example.org/path", "example.org/SPF-0900", "example.org/a-1-2-3", "example.org/S-010"]
        {
            assert_eq!(read(&format!("#/check/{typed}")).0.asked().unwrap().what, typed);
        }
    }

    #[test]
    fn a_text_may_be_a_link_with_what_was_seen() {
        assert_eq!(seen_in("https://mail.example/#/seen/q1Yq_-x\n").as_deref(), Some("#/seen/q1Yq_-x"));
        for other in ["550 5.7.1 see https://mail.example/#/seen/q1Yq for more", "#/seen/", "q1Yq", ""] {
            assert_eq!(seen_in(other), None, "{other}");
        }
    }

    #[test]
    fn a_link_may_hold_what_was_seen() {
        let (route, ignored) = read("#/seen/q1Yq_-x?lang=en");
        assert_eq!((route.view, ignored.len()), (View::Seen("q1Yq_-x".to_owned()), 0));
        let long = "A".repeat(MAX_SEEN + 1);
        for bad in ["", "a b", "a+b", "%00", &long] {
            let (route, ignored) = read(&format!("#/seen/{bad}"));
            assert_eq!((route.view, ignored.len()), (View::Home, 1), "{}", &bad[..bad.len().min(9)]);
        }
    }

    #[test]
    fn what_is_shared_names_neither_this_connection_nor_an_own_resolver() {
        let share = |fragment: &str| read(fragment).0.to_share().to_string();
        let link = "#/check/example.org?own=203.0.113.9&resolver=https://dns.example/account-4711&lang=en";
        assert_eq!(share(link), "#/check/example.org?lang=en");
        let listed = "#/check/example.org/SPF-090?ip=192.0.2.1&resolver=google";
        assert_eq!(share(listed), listed);
    }

    #[test]
    fn what_is_typed_survives_the_link() {
        for what in [
            "münchen.example",
            "a b?c&d=e#f%41",
            "\"x y\"@example.org",
            "http://example.org/a?b",
            "http://example.org/SPF-090",
            "寄信.example",
        ] {
            let view = View::Check(CheckRequest { what: what.to_owned(), ..CheckRequest::default() });
            let route = Route { view, ..Route::default() };
            assert_eq!(read(&route.to_string()).0.asked().unwrap().what, what);
        }
    }

    #[test]
    fn addresses_of_resolvers() {
        for good in [
            "https://dns.example/dns-query",
            "https://dns.example:8443/x",
            "http://127.0.0.1:8053/dns-query",
            "http://localhost/dns-query",
            "https://[::1]:8053/dns-query",
        ] {
            assert!(is_resolver_address(good), "{good}");
        }
        for bad in [
            "http://[::1]:8053/dns-query",
            "http://dns.example/dns-query",
            "http://127.0.0.1.example/x",
            "http://localhost@example/x",
            "https://user@dns.example/",
            "https://dns.example/?a=b",
            "https://",
            "https:///x",
            "javascript:alert(1)",
            "ftp://127.0.0.1/",
            "https://dns.example/a b",
        ] {
            assert!(!is_resolver_address(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_on_this_machine_needs_no_network() {
        for here in ["http://127.0.0.1:8053/dns-query", "https://localhost/dns-query", "https://[::1]:8053/x"]
        {
            assert!(is_on_this_machine(here), "{here}");
        }
        for there in [
            "https://dns.example/dns-query",
            "https://127.0.0.1.example/x",
            "https://x/127.0.0.1",
            "127.0.0.1",
        ] {
            assert!(!is_on_this_machine(there), "{there}");
        }
    }

    #[test]
    fn what_is_near_is_told_from_the_internet() {
        for near in [
            "http://127.0.0.1:8053/dns-query",
            "https://localhost/dns-query",
            "https://[::1]:8053/x",
            "https://192.168.1.1/dns-query",
            "https://[fd00::1]/dns-query",
            "https://pi.hole.home.arpa/dns-query",
            "https://router/dns-query",
            "https://dns.lan:8443/x",
        ] {
            assert!(is_near(near), "{near}");
        }
        for far in [
            "https://dns.example/dns-query",
            "https://9.9.9.9/dns-query",
            "https://[2606:4700::1111]/x",
            "router",
            "google",
        ] {
            assert!(!is_near(far), "{far}");
        }
    }

    #[test]
    fn a_link_names_only_so_many_addresses() {
        let many: Vec<String> = (0..12).map(|n| format!("ip=192.0.2.{n}")).collect();
        let (route, ignored) = read(&format!("#/check/example.org?{}", many.join("&")));
        assert_eq!((route.asked().unwrap().ips.len(), ignored.len()), (MAX_VALUES, 1));
        let fragment = format!("#/check/example.org?{}&ip=x", many.join("&"));
        let whys = Route::parse(&fragment).1.into_iter().map(|ignored| (ignored.why, ignored.more));
        assert_eq!(
            whys.collect::<Vec<_>>(),
            [(IgnoredReason::TooMany(MAX_VALUES), 3), (IgnoredReason::Unknown, 0)]
        );
    }

    proptest! {
        #[test]
        fn anything_can_be_read_and_written_again(text in ".{0,200}") {
            let (route, _) = Route::parse(&text);
            let written = route.to_string();
            let (again, ignored) = Route::parse(&written);
            prop_assert_eq!(again.to_string(), written);
            prop_assert!(ignored.is_empty());
        }
    }
}
