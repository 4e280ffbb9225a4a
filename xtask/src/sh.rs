//! Where the checkout is, and how other programs are run.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::setup::{Consent, Missing};

/// A command that failed says so in a sentence for the person at the terminal.
pub type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The checkout and the PATH that children get: tools installed into the target directory
/// come first.
pub struct Shell {
    root: PathBuf,
    target: PathBuf,
    path: OsString,
    consent: Consent,
}

impl Shell {
    /// Finds the checkout from where xtask was built.
    pub fn new(consent: Consent) -> Result<Self> {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("xtask has no parent directory")?.to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(dir) => root.join(dir),
            None => root.join("target"),
        };
        let mut dirs = vec![target.join("tools/bin"), target.join("tools/npm/node_modules/.bin")];
        dirs.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
        // Daemons live here, outside the PATH of ordinary users.
        dirs.extend(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
        let path = env::join_paths(dirs)?;
        Ok(Self { root, target, path, consent })
    }

    /// The top of the checkout.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's target directory.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Where tools that were missing are installed.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// Whether tools may be installed in this run.
    pub fn consent(&self) -> &Consent {
        &self.consent
    }

    /// Asked before each installing; said and answered once a run.
    pub fn may_install(&self, missing: &Missing) -> std::result::Result<(), Missing> {
        if self.consent.to_install(std::slice::from_ref(missing)) {
            Ok(())
        } else {
            Err(missing.because("installing was refused"))
        }
    }

    /// The first of `names` on the PATH.
    pub fn find(&self, names: &[&str]) -> Option<PathBuf> {
        names
            .iter()
            .flat_map(|name| env::split_paths(&self.path).map(move |dir| dir.join(name)))
            .find(|file| file.is_file())
    }

    /// Whether we may do everything.
    pub fn is_root(&self) -> bool {
        self.output("id -u").as_deref() == Some("0")
    }

    /// A command in the checkout with the right PATH.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).env("PATH", &self.path);
        command
    }

    /// A command from words separated by blanks.
    pub fn line(&self, line: &str) -> Command {
        let mut words = line.split_whitespace();
        let mut command = self.command(words.next().unwrap_or_default());
        command.args(words);
        command
    }

    /// Standard output of a short command, or nothing where it is absent or fails.
    pub fn output(&self, line: &str) -> Option<String> {
        let output = self.line(line).stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

/// Shows a command, runs it and fails where it fails.
pub fn run(command: &mut Command) -> Result {
    let shown = show(command);
    println!("  $ {shown}");
    let status =
        command.stdin(Stdio::null()).status().map_err(|error| format!("cannot start `{shown}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed ({status})").into()) }
}

/// Like [`run`], and hands each line of standard output to `seen` while passing it on.
pub fn run_watching(command: &mut Command, mut seen: impl FnMut(&str)) -> Result {
    let shown = show(command);
    println!("  $ {shown}");
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start `{shown}`: {error}"))?;
    if let Some(stdout) = child.stdout.take() {
        let mut out = std::io::stdout();
        for line in BufReader::new(stdout).split(b'\n') {
            let line = line?;
            out.write_all(&line)?;
            out.write_all(b"\n")?;
            seen(&String::from_utf8_lossy(&line));
        }
    }
    let status = child.wait()?;
    if status.success() { Ok(()) } else { Err(format!("`{shown}` failed ({status})").into()) }
}

/// Like [`run`], and gives what the command writes to standard output.
pub fn run_reading(command: &mut Command) -> Result<String> {
    let shown = show(command);
    println!("  $ {shown}");
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot start `{shown}`: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{shown}` failed ({})", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn show(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
