//! Parts of the tests in a process of their own, beside those of this one.

use std::env;
use std::io::{BufRead, BufReader, PipeReader, pipe};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use crate::sh::{Result, Shell};
use crate::summary::Summary;

/// Parts that run in another process. Its output is kept until this one has finished its own, so that the two never
/// stand mixed.
pub struct Lane {
    child: Child,
    output: Receiver<String>,
}

impl Lane {
    /// Starts the named parts.
    pub fn start(sh: &Shell, parts: &[&str], extra: &[String]) -> Result<Self> {
        let (output, end) = pipe()?;
        let mut command = sh.command(env::current_exe()?);
        let refused = sh.consent().is_refused().then_some("--no-install");
        command.arg("test").args(refused).args(parts).arg("--").args(extra);
        let child = command.stdin(Stdio::null()).stdout(end.try_clone()?).stderr(end).spawn()?;
        // The command holds the end of the pipe that is written to.
        drop(command);
        let (lines, received) = channel();
        thread::spawn(move || collect(output, &lines));
        Ok(Self { child, output: received })
    }

    /// Shows what the parts have said and still say, until they end; what came of them goes into the summary.
    pub fn finish(mut self, summary: &mut Summary) -> Result {
        let mut own = Summary::default();
        for line in self.output {
            if let Some(line) = own.read(&line) {
                println!("{line}");
            }
        }
        let status = self.child.wait()?;
        if !own.complete {
            own.lines.push(format!("FAILED: the parts beside these ended before their time ({status})"));
            own.counts.failed += 1;
        }
        summary.add(own);
        Ok(())
    }
}

fn collect(output: PipeReader, lines: &Sender<String>) {
    for line in BufReader::new(output).split(b'\n') {
        let Ok(line) = line else { return };
        if lines.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
            return;
        }
    }
}
