//! The dress that a text comes in: quoted, forwarded, with other line ends, with characters that nobody sees.
//!
//! People do not paste what a server sent. They paste what their mail program made of it, or somebody else's. All of that
//! goes off first, so that the same report gives the same answer.

use std::borrow::Cow;

use crate::{steps, visible::is_invisible};

/// How often a text may have been quoted.
const MOST_QUOTED: usize = 4;
/// Of so many characters more than one that nobody sees: they are no text.
const RIDDLED: usize = 4;

/// A text without what mail programs and copying put around its lines.
pub(super) fn undressed(text: &str) -> Cow<'_, str> {
    let mut text = plain_lines(text);
    for _ in 0..MOST_QUOTED {
        steps::took(text.len());
        if !is_quoted(&text) {
            break;
        }
        text = Cow::Owned(unquoted(&text));
    }
    text
}

/// With line feeds as line ends: a carriage return alone ends a line where nothing else does, several times. Characters that nobody sees stay, for they may have been put there to deceive; where they
/// stand between all others, a charset was read wrongly, and they go.
fn plain_lines(text: &str) -> Cow<'_, str> {
    steps::took(text.len());
    let is_unseen = |c: char| c == '\0' || is_invisible(c);
    let unseen = text.chars().filter(|&c| is_unseen(c)).count();
    let is_riddled = unseen > 0 && unseen * RIDDLED > text.chars().count();
    let ends_lines = !text.contains('\n') && text.matches('\r').nth(1).is_some();
    if !ends_lines && !is_riddled && !text.contains("\r\n") {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().filter(|&c| !is_riddled || !is_unseen(c)).peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\r' if ends_lines => plain.push('\n'),
            c => plain.push(c),
        }
    }
    Cow::Owned(plain)
}

/// Whether most lines are quoted. `>>>` alone is what sendmail writes in front of a command.
fn is_quoted(text: &str) -> bool {
    let (mut quoted, mut all) = (0_usize, 0_usize);
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        all += 1;
        let is_command = line.starts_with(">>> ") || line.starts_with(">>>\t");
        quoted += usize::from(line.starts_with('>') && !is_command);
    }
    all > 1 && quoted * 2 > all || all == 1 && quoted == 1
}

/// Without one sign of quotation at the beginning of each line.
fn unquoted(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let bare = line.strip_prefix('>').map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest));
        plain.push_str(bare);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mail_programs_add_goes() {
        assert_eq!(undressed("a\rb\rc"), "a\nb\nc");
        assert_eq!(undressed("a\rb\r\nc\n"), "a\rb\nc\n");
        assert_eq!(undressed("5\u{200b}5\0\u{202e}0 no"), "550 no");
        assert_eq!(undressed("550 no\u{202e} such user"), "550 no\u{202e} such user");
        assert_eq!(
            undressed("Anna wrote:\n> 550 no\n> such user\n>\n>> deep\n"),
            "Anna wrote:\n550 no\nsuch user\n\n> deep\n"
        );
        assert_eq!(undressed("> > 550 no\n> > user\n"), "550 no\nuser\n");
        let transcript = ">>> RCPT To:<b@c.example>\n<<< 550 no\n";
        assert_eq!(undressed(transcript), transcript);
        assert!(matches!(undressed("550 no"), Cow::Borrowed(_)));
    }
}
