//! A server that runs as long as its owner.

use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpStream, UdpSocket};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::sh::{Result, Shell};

/// How long a server may take to start, and how long to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// How to see that a server answers.
pub enum Ready {
    /// It answers a DNS question over UDP.
    Dns(u16),
    /// It accepts TCP connections.
    Tcp(u16),
}

/// Whose rights a server gets.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum User {
    /// Those of whoever started it.
    Ours,
    /// Never root's.
    NotRoot,
}

/// A child process; dropping it stops it.
pub struct Daemon {
    name: &'static str,
    child: Child,
    log: PathBuf,
}

impl Daemon {
    /// Starts a server in the foreground, with its output in `dir/name.log`.
    pub fn spawn(
        sh: &Shell,
        name: &'static str,
        dir: &Path,
        user: User,
        configure: impl FnOnce(&mut Command),
    ) -> Result<Self> {
        let program = sh.find(&[name]).ok_or_else(|| format!("{name} is not installed"))?;
        let log = dir.join(format!("{name}.log"));
        let out = File::create(&log)?;
        let program = unconfined(program, dir)?;
        let mut command = wrapped(sh, program, user);
        configure(&mut command);
        let child = command
            .stdin(Stdio::null())
            .stdout(out.try_clone()?)
            .stderr(out)
            .spawn()
            .map_err(|error| format!("cannot start {name}: {error}"))?;
        Ok(Self { name, child, log })
    }

    /// Waits until the server answers; shows its log where it does not.
    pub fn wait(&mut self, ready: &Ready) -> Result {
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("{} ended ({status})\n{}", self.name, self.log_text()).into());
            }
            if ready.answers() {
                return Ok(());
            }
            thread::sleep(Duration::from_millis(20));
        }
        Err(format!("{} does not answer\n{}", self.name, self.log_text()).into())
    }

    fn log_text(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(Some(_))) {
            return;
        }
        // nsd has children of its own, which only a polite end reaches.
        let mut kill = Command::new("kill");
        kill.arg(self.child.id().to_string()).status().ok();
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if matches!(self.child.try_wait(), Ok(Some(_)) | Err(_)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The server where no AppArmor profile knows it: the profiles of Debian and Ubuntu go by path and let a server read
/// only its usual configuration. A copy has no profile, and no rights that the person at the terminal has not.
fn unconfined(program: PathBuf, dir: &Path) -> Result<PathBuf> {
    let profile = program.to_string_lossy().trim_start_matches('/').replace('/', ".");
    if !Path::new("/etc/apparmor.d").join(profile).exists() {
        return Ok(program);
    }
    let copy = dir.join(program.file_name().unwrap_or_default());
    fs::copy(&program, &copy)?;
    Ok(copy)
}

/// The server under `setpriv`, which stops it even where this process is killed and cannot.
fn wrapped(sh: &Shell, program: PathBuf, user: User) -> Command {
    let Some(setpriv) = sh.find(&["setpriv"]) else {
        return sh.command(program);
    };
    let mut command = sh.command(setpriv);
    command.args(["--pdeathsig", "TERM"]);
    if user == User::NotRoot && sh.is_root() {
        command.args(["--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]);
    }
    command.arg(program);
    command
}

impl Ready {
    fn answers(&self) -> bool {
        match *self {
            Self::Tcp(port) => TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok(),
            Self::Dns(port) => asks(port).is_ok(),
        }
    }
}

/// Asks for the root's SOA; any answer will do.
fn asks(port: u16) -> std::io::Result<usize> {
    let question = [
        0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, // header: one question, recursion desired
        0, 0, 6, 0, 1, // root, SOA, IN
    ];
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    socket.set_read_timeout(Some(Duration::from_millis(200)))?;
    socket.send_to(&question, (Ipv4Addr::LOCALHOST, port))?;
    socket.recv(&mut [0; 512])
}
