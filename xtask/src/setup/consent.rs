//! Nothing is installed unsaid: what will be is named first, a person at a terminal is asked, and anybody can refuse.

use std::env;
use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::OnceLock;

use super::Missing;

/// Set to anything but `0`: nothing is installed. The same as `--no-install`.
const VARIABLE: &str = "MAIL_TRIAGE_NO_INSTALL";

/// Whether missing tools may be installed: decided once a run, before the first of them.
pub struct Consent(OnceLock<bool>);

impl Consent {
    /// Undecided, unless it was refused by `--no-install` or by the environment.
    pub fn new(no_install: bool) -> Self {
        let refused = no_install || env::var(VARIABLE).is_ok_and(|value| !matches!(value.as_str(), "" | "0"));
        Self(if refused { OnceLock::from(false) } else { OnceLock::new() })
    }

    /// Whether it was refused, as far as it is decided.
    pub fn is_refused(&self) -> bool {
        self.0.get() == Some(&false)
    }

    /// Says what is about to be installed, where nothing has been said yet, and asks where somebody can answer.
    pub fn to_install(&self, list: &[Missing]) -> bool {
        *self.0.get_or_init(|| {
            print!("{}", announcement(list));
            let person =
                io::stdin().is_terminal() && io::stdout().is_terminal() && env::var_os("CI").is_none();
            !person || ask(&mut io::stdin().lock(), &mut io::stdout())
        })
    }
}

/// What will be installed, by which command, and how to refuse.
fn announcement(list: &[Missing]) -> String {
    let mut text = "What is missing will be installed now:\n".to_owned();
    for Missing { reason, command } in list {
        text.push_str(&format!("  {reason}: {command}\n"));
    }
    text.push_str(&format!(
        "To refuse: --no-install, or {VARIABLE}=1 in the environment; what needs them is then skipped.\n"
    ));
    text
}

/// Enter alone is a yes, as with apt-get; an answer that cannot be read is a no.
fn ask(input: &mut impl BufRead, output: &mut impl Write) -> bool {
    let mut answer = String::new();
    let asked = write!(output, "Go on? [Y/n] ").and_then(|()| output.flush());
    let read = input.read_line(&mut answer);
    asked.is_ok()
        && read.is_ok_and(|bytes| bytes > 0)
        && matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(answer: &str) -> bool {
        let mut shown = Vec::new();
        let yes = ask(&mut answer.as_bytes(), &mut shown);
        assert_eq!(shown, b"Go on? [Y/n] ");
        yes
    }

    #[test]
    fn goes_on_only_where_the_answer_says_so() {
        for yes in ["\n", "y\n", "Yes\n"] {
            assert!(answered(yes), "{yes:?}");
        }
        for no in ["n\n", "no\n", "what?\n", ""] {
            assert!(!answered(no), "{no:?}");
        }
    }

    #[test]
    fn names_the_command_and_how_to_refuse() {
        let servers = Missing {
            reason: "DNS servers missing".to_owned(),
            command: "sudo apt-get install nsd unbound".to_owned(),
        };
        let said = announcement(&[servers]);
        for word in ["DNS servers", "apt-get install nsd unbound", "--no-install", VARIABLE] {
            assert!(said.contains(word), "{word} is not in {said}");
        }
    }

    #[test]
    fn a_refusal_holds_for_the_whole_run() {
        assert!(!Consent::new(true).to_install(&[]));
    }
}
