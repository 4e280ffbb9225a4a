//! The commands of this repository.
//!
//! `cargo xtask serve` and `cargo xtask test` are all that a newcomer needs: each looks for the
//! tools that it uses, installs what is missing inside the checkout and then does its work.

mod args;
mod bench;
mod chunks;
mod compact;
mod deny;
mod explain;
mod http;
mod lab;
mod lane;
mod licences;
mod offline;
mod package;
mod page;
mod part;
mod serve;
mod setup;
mod sh;
mod shrink;
mod size;
mod slowest;
mod summary;
mod test;

use std::process::ExitCode;

use crate::sh::{Result, Shell};

const HELP: &str = "\
The commands of this repository.

  cargo xtask serve [--open] [--local-dns] [--port N]
        build the release page and serve it on this machine
          --open       open a browser at the address
          --local-dns  start the local DNS too, and point the page at it: works without internet
          --port N     port of the page (8080)

  cargo xtask build [--site URL] [--no-offline]
        only build the release page, into dist
          --site URL   where it will be, for canonical addresses and the sitemap; or MAIL_TRIAGE_SITE in the environment
          --no-offline keep nothing for when there is no network, and end what an earlier version kept

  cargo xtask package [--site]
        build the npm package of the checks, into target/npm/mail-triage
          --site  put it, and the page that demonstrates it, below the page that is built in dist

  cargo xtask test [PART...] [-- ARGS]
        run every test, or only the named parts; ARGS go to the part's own runner
        parts: fmt clippy clippy-wasm doc deny native differential wasm build size module e2e
        all of them run in two lanes, those of the page beside the others

  cargo xtask test quick [-- ARGS]
        what a change to the engine, the data or the words usually needs: fmt clippy native

  cargo xtask lab
        run only the local DNS, until stopped

  cargo xtask bench [slow-phone|many|lighthouse] [--beside DIR]
        sizes against the budget, time to the whole report, SPF evaluations a second, a table of many domains, what
        Lighthouse says, a first visit on a slow phone
          slow-phone    only the sizes and the first visit
          many          only the sizes and the table of many domains
          lighthouse    only the sizes and what Lighthouse says
          --beside DIR  measure the first visit in turn with another build, such as a copy of an earlier dist

Missing tools are installed into the target directory. System packages (Node, a browser, DNS
servers) are installed only on Debian and Ubuntu, only for `test`, `bench`, `lab` and `--local-dns`.
On Ubuntu the browser is yours to install; `test` names the command.

Each command names first what it will install, and asks where it runs at a terminal. With --no-install,
or MAIL_TRIAGE_NO_INSTALL=1 in the environment, nothing is installed; `test` skips what needs it.
";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(args: &[String]) -> Result {
    let (no_install, args) = without(args, "--no-install");
    let Some((command, rest)) = args.split_first() else {
        print!("{HELP}");
        return Ok(());
    };
    let sh = Shell::new(setup::Consent::new(no_install))?;
    match command.as_str() {
        "serve" => serve::run(&sh, rest),
        "build" => page::run(&sh, rest),
        "package" => package::run(&sh, rest),
        "test" => test::run(&sh, rest),
        "lab" => lab::run(&sh, rest),
        "bench" => bench::run(&sh, rest),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(format!("no command {other:?}; see `cargo xtask --help`").into()),
    }
}

/// Takes a flag out of the arguments, but for those behind `--`, which belong to another program.
fn without(args: &[String], flag: &str) -> (bool, Vec<String>) {
    let own = args.iter().position(|arg| arg == "--").unwrap_or(args.len());
    let kept = args.iter().enumerate().filter(|(at, arg)| *at >= own || *arg != flag);
    let kept: Vec<String> = kept.map(|(_, arg)| arg.clone()).collect();
    (kept.len() < args.len(), kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_flag_of_ours_stands_anywhere_before_the_arguments_of_others() {
        assert_eq!(without(&words("test --no-install fmt"), "--no-install"), (true, words("test fmt")));
        let others = words("test native -- --no-install");
        assert_eq!(without(&others, "--no-install"), (false, others.clone()));
    }
}
