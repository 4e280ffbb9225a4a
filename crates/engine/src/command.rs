//! Lines for the reader's own terminal. Every command that the product shows is made here.
//!
//! Names come from the DNS, from links and from pasted messages; whoever publishes `MX 10 $(...)` would like to have it
//! run by whoever copies the evidence. So a line is a [template](fn@line) of the product's own, filled with typed values,
//! each of which must look like what it is. What does not is left out, and the page says so.
//!
//! A line is pasted into whatever window is open. Whatever a value may hold means the same, and nothing besides itself,
//! within double quotes in a POSIX shell, in `cmd.exe` and in PowerShell; so there is one way of quoting for all three,
//! and a line for one system that ends up in another does no harm.

mod dig;

pub use dig::{Lines, dig, lookups};

/// A value that is not safe in a command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsafe;

/// What fills a placeholder.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// The name of a host or domain, or an address: lower-case letters, digits, dots, hyphens and underscores, and no
    /// hyphen in front, which would make an option of it.
    Name(&'a str),
    /// A TCP port.
    Port(u16),
    /// A user name: letters, digits and `@ . _ + -`, a letter or digit in front. `curl` reads a colon as the beginning
    /// of a password, and several programs and PowerShell read an `@` in front as a file or a list of arguments.
    User(&'a str),
}

/// The octets of the longest user name (RFC 5321 section 4.5.3.1.3).
const MAX_USER: usize = 254;

impl Value<'_> {
    fn push(self, out: &mut String) -> Result<(), Unsafe> {
        match self {
            Self::Name(name) if is_name(name) => out.push_str(name),
            Self::User(user) if is_user(user) => out.push_str(user),
            Self::Port(port) => out.push_str(&port.to_string()),
            Self::Name(_) | Self::User(_) => return Err(Unsafe),
        }
        Ok(())
    }
}

/// Whether a name can stand in a command line.
fn is_name(name: &str) -> bool {
    let plain = |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || b"._-".contains(&octet);
    !name.starts_with('-') && name.bytes().all(plain)
}

/// Whether a user name can stand in a command line.
#[must_use]
pub fn is_user(user: &str) -> bool {
    let plain = |octet: u8| octet.is_ascii_alphanumeric() || b"@._+-".contains(&octet);
    user.len() <= MAX_USER
        && user.starts_with(|first: char| first.is_ascii_alphanumeric())
        && user.bytes().all(plain)
}

/// Whether words of a template mean nothing to any shell.
fn is_own(text: &str) -> bool {
    text.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"._:/+=-".contains(&octet))
}

/// A command line. `template` holds words of the product's own, one blank between them, and placeholders `{name}`, each
/// of which `values` must fill. A word with a value in it is quoted.
///
/// # Errors
/// [`Unsafe`] if a value is not what its type says, if one is missing, or if the template holds a character that a
/// shell would read.
pub fn line(template: &str, values: &[(&str, Value<'_>)]) -> Result<String, Unsafe> {
    let mut out = String::with_capacity(template.len() + 64);
    for word in template.split(' ') {
        if !out.is_empty() {
            out.push(' ');
        }
        let quote = if word.contains('{') { "\"" } else { "" };
        out.push_str(quote);
        let mut rest = word;
        while let Some((own, after)) = rest.split_once('{') {
            let (name, tail) = after.split_once('}').ok_or(Unsafe)?;
            push_own(&mut out, own)?;
            let value = values.iter().find(|(known, _)| *known == name).ok_or(Unsafe)?.1;
            value.push(&mut out)?;
            rest = tail;
        }
        push_own(&mut out, rest)?;
        out.push_str(quote);
    }
    Ok(out)
}

fn push_own(out: &mut String, own: &str) -> Result<(), Unsafe> {
    if !is_own(own) {
        return Err(Unsafe);
    }
    out.push_str(own);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_a_value_are_quoted() {
        let values =
            [("host", Value::Name("mx.example")), ("port", Value::Port(25)), ("user", Value::User("a@b"))];
        assert_eq!(line("nc -vz {host} {port}", &values).as_deref(), Ok("nc -vz \"mx.example\" \"25\""));
        assert_eq!(
            line("curl --user {user} smtp://{host}:{port}", &values).as_deref(),
            Ok("curl --user \"a@b\" \"smtp://mx.example:25\"")
        );
    }

    #[test]
    fn what_a_shell_or_a_program_would_read_makes_no_line() {
        let name = |name| line("dig {name} MX", &[("name", Value::Name(name))]);
        for bad in [
            "-f", "a b", "a\nb", "$(id)", "`id`", "a;b", "a&b", "a|b", "a\"b", "a'b", "a\\010b", "@x", "+x",
            "A", "ä", "%x%", "a^b", "a!b", "~", "*",
        ] {
            assert_eq!(name(bad), Err(Unsafe), "{bad}");
        }
        for good in ["_dmarc.example.org", "xn--a-1.example", "2001", ""] {
            assert!(name(good).is_ok(), "{good}");
        }
        let user = |user| line("curl --user {user}", &[("user", Value::User(user))]);
        for bad in ["", "@file", "-K", "+a", "a:b", "a b", "a\"b", "$a", "é@b"] {
            assert_eq!(user(bad), Err(Unsafe), "{bad}");
        }
        for template in ["dig {other}", "dig {name", "dig; {name}", "dig $x {name}", "dig {name}|sh", "a\tb"]
        {
            assert_eq!(line(template, &[("name", Value::Name("a"))]), Err(Unsafe), "{template}");
        }
    }
}
