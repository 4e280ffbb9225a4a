//! The lookups of a report, to be asked again with `dig`.

use super::{Unsafe, Value, line};
use crate::dns::Query;

/// Lines, and how many could not be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lines {
    /// One command a line, without a break behind the last one; empty where none could be written.
    pub text: String,
    /// Questions whose names cannot be put into a command safely.
    pub left_out: usize,
}

/// The command that asks the same question. The name ends in a dot: `dig` would take a bare `mx` for a type.
///
/// # Errors
/// [`Unsafe`] if the name holds what a shell or `dig` could take for something else.
pub fn dig(query: &Query) -> Result<String, Unsafe> {
    let name = [("name", Value::Name(query.name.as_str()))];
    let unchecked = if query.checking_disabled { " +cd" } else { "" };
    line(&format!("dig +dnssec{unchecked} {{name}}. {}", query.rtype), &name)
}

/// The commands that ask the same questions.
pub fn lookups<'a>(queries: impl IntoIterator<Item = &'a Query>) -> Lines {
    let mut lines = Lines::default();
    for query in queries {
        match dig(query) {
            Ok(command) => {
                if !lines.text.is_empty() {
                    lines.text.push('\n');
                }
                lines.text.push_str(&command);
            }
            Err(Unsafe) => lines.left_out += 1,
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::{Name, Rtype};

    #[test]
    fn names_are_whole_and_quoted() {
        let query = |name: &str| Query::new(Name::parse(name).unwrap(), Rtype::Mx);
        assert_eq!(dig(&query("example.org")).as_deref(), Ok("dig +dnssec \"example.org.\" MX"));
        assert_eq!(dig(&query(".")).as_deref(), Ok("dig +dnssec \".\" MX"));
        let unchecked = Query::unchecked(Name::parse("a.example").unwrap(), Rtype::A);
        assert_eq!(dig(&unchecked).as_deref(), Ok("dig +dnssec +cd \"a.example.\" A"));
        let lines = lookups(&[query("a.example"), query("$({touch,pwned}).evil"), query("b.example")]);
        let text = "dig +dnssec \"a.example.\" MX\ndig +dnssec \"b.example.\" MX".to_owned();
        assert_eq!(lines, Lines { text, left_out: 1 });
    }
}
