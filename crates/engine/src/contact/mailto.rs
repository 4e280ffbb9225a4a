//! Links that open a mail program with a message in it (RFC 6068).

use crate::{
    percent, steps,
    visible::{visible, visible_lines},
};

/// Octets of the longest link. Some systems cut longer ones off, or open nothing at all.
pub const MAX_LINK: usize = 1_800;

/// The link. If the whole body does not fit, it holds as many lines as do, and then `rest`, which says that the rest is
/// to be pasted. The address may be missing; subject and body are text of any kind, and what nobody sees in
/// them is made visible.
#[must_use]
pub fn mailto(to: Option<&str>, subject: &str, body: &str, rest: &str) -> String {
    let body = &*visible_lines(body);
    let mut link = String::from("mailto:");
    encode(&mut link, &visible(to.unwrap_or_default()), b"@", usize::MAX);
    link.push_str("?subject=");
    encode(&mut link, &visible(subject), b"", usize::MAX);
    link.push_str("&body=");
    let mut whole = link.clone();
    if encode(&mut whole, body, b"", MAX_LINK) {
        return whole;
    }
    let mut end = String::new();
    encode(&mut end, "\n", b"", usize::MAX);
    encode(&mut end, rest, b"", usize::MAX);
    for line in body.split_inclusive('\n') {
        let before = link.len();
        if !encode(&mut link, line, b"", MAX_LINK.saturating_sub(end.len())) {
            link.truncate(before);
            break;
        }
    }
    link + &end
}

/// Percent-encodes everything but unreserved characters (RFC 3986 section 2.3) and those in `kept`; a line break is
/// CR LF (RFC 6068 section 5). Stops once there are more than `most` octets: a message may be as long as it likes. Whether
/// all of it went in.
fn encode(out: &mut String, text: &str, kept: &[u8], most: usize) -> bool {
    for octet in text.bytes() {
        steps::took(1);
        if out.len() > most {
            return false;
        }
        match octet {
            b'\n' => out.push_str("%0D%0A"),
            octet => percent::push(out, octet, kept),
        }
    }
    out.len() <= most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_meaning_in_links_is_encoded() {
        assert_eq!(
            mailto(Some("postmaster@shop.example"), "a & b?", "x=1\r\ny+2 %\n", "-"),
            "mailto:postmaster@shop.example?subject=a%20%26%20b%3F&body=x%3D1%0D%0Ay%2B2%20%25%0D%0A"
        );
        assert_eq!(mailto(None, "信", "", "-"), "mailto:?subject=%E4%BF%A1&body=");
        assert_eq!(
            mailto(Some("a?cc=b@c.example"), "", "", ""),
            "mailto:a%3Fcc%3Db@c.example?subject=&body="
        );
    }

    #[test]
    fn a_long_message_is_cut_between_lines_and_says_so() {
        let body = "信寄不到\n".repeat(100);
        let link = mailto(None, "s", &body, "貼上其餘");
        assert!(link.len() <= MAX_LINK && link.len() > MAX_LINK / 2, "{}", link.len());
        let mut rest = String::new();
        encode(&mut rest, "\n貼上其餘", b"", usize::MAX);
        assert!(link.ends_with(&rest), "{link}");
        let mut line = String::new();
        encode(&mut line, "信寄不到\n", b"", usize::MAX);
        assert_eq!((link.len() - "mailto:?subject=s&body=".len() - rest.len()) % line.len(), 0);
        // One line that is too long by itself is left out.
        let link = mailto(None, "s", &"x".repeat(5_000), "rest");
        assert_eq!(link, "mailto:?subject=s&body=%0D%0Arest");
    }
}
