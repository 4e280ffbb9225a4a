//! Command-line arguments: flags, options with a value, and the rest.

use crate::sh::Result;

/// Arguments of one command, taken out one by one; what is left at the end is an error.
pub struct Args(Vec<String>);

impl Args {
    /// Starts with all arguments of a command.
    pub fn new(args: &[String]) -> Self {
        Self(args.to_vec())
    }

    /// Takes a flag such as `--open`; true where it was given.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|arg| arg != name);
        self.0.len() != before
    }

    /// Takes an option with a value, `--beside DIR` or `--beside=DIR`.
    pub fn text(&mut self, name: &str) -> Result<Option<String>> {
        let with_equals = format!("{name}=");
        let Some(at) = self.0.iter().position(|arg| arg == name || arg.starts_with(&with_equals)) else {
            return Ok(None);
        };
        let arg = self.0.remove(at);
        match arg.strip_prefix(&with_equals) {
            Some(value) => Ok(Some(value.to_owned())),
            None if at < self.0.len() => Ok(Some(self.0.remove(at))),
            None => Err(format!("{name} needs a value").into()),
        }
    }

    /// Takes an option with a number, `--port 8080` or `--port=8080`.
    pub fn number(&mut self, name: &str) -> Result<Option<u16>> {
        let Some(value) = self.text(name)? else { return Ok(None) };
        match value.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(format!("{name} needs a number, not {value:?}").into()),
        }
    }

    /// Ends the reading: an argument that nobody took is a typing error.
    pub fn finish(self) -> Result {
        match self.0.first() {
            None => Ok(()),
            Some(arg) => Err(format!("unknown argument {arg:?}; see `cargo xtask --help`").into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn takes_flags_and_numbers_in_any_order() {
        let mut args = args("--port 81 --open");
        assert!(args.flag("--open"));
        assert_eq!(args.number("--port").unwrap(), Some(81));
        args.finish().unwrap();
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(args("--opne").finish().is_err());
        assert!(args("--port").number("--port").is_err());
        assert!(args("--port=high").number("--port").is_err());
    }
}
