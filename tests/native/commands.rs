//! Every command line that the product shows, run in real shells: the tool gets exactly the arguments that are meant, and
//! nothing else happens, whatever names strangers publish.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use mail_triage_engine::{
    command::{self, Value, lookups},
    dns::{Query, Rtype},
    settings::{Encryption, commands},
};

use crate::common::hostile::{self, Dice};

/// The tools that any line begins with. None of them is there: what stands in for them tells its arguments.
const TOOLS: [&str; 7] = ["dig", "nslookup", "nc", "openssl", "curl", "curl.exe", "Test-NetConnection"];
/// Words on a line by themselves, so that a line that swallowed its neighbour is noticed.
const MARK: &str = "mark";

/// An empty folder of its own, gone at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("mail-triage-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("run")).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What the tools were given when `pasted` reached a shell, one list a call. Nothing else may have happened.
fn run(shell: &str, pasted: &str) -> Vec<Vec<String>> {
    let folder = Folder::new(shell);
    let (script, inside) = (folder.0.join("pasted"), folder.0.join("run"));
    // A terminal's shell looks up its history too.
    let mut text = match shell {
        "bash" => "unset HISTFILE; shopt -s expand_aliases; set -o history -o histexpand\n".to_owned(),
        _ => String::new(),
    };
    text += "record() { printf '%s\\000' \"$#\" \"$@\"; }\n";
    for tool in TOOLS.iter().chain(&[MARK]) {
        text += &format!("alias {tool}='record {tool}'\n");
    }
    fs::write(&script, text + pasted + "\n").unwrap();
    let program = Path::new("/bin").join(shell);
    let mut command = Command::new(program);
    command.env_clear().env("PATH", "/nowhere").env("HOME", "/nowhere").current_dir(&inside);
    let out = command.stdin(Stdio::from(fs::File::open(&script).unwrap())).output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(
        said.is_empty(),
        "{shell} tried something else: {}",
        said.lines().take(5).collect::<Vec<_>>().join("\n")
    );
    let left: Vec<_> = fs::read_dir(&inside).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.is_empty(), "{shell} made {left:?}");
    calls(&String::from_utf8(out.stdout).unwrap())
}

/// The calls that a stand-in wrote down.
fn calls(out: &str) -> Vec<Vec<String>> {
    let mut words = out.split_terminator('\0');
    let mut calls = Vec::new();
    while let Some(count) = words.next() {
        let count = count.parse().unwrap_or_else(|_| panic!("a shell wrote {count:?}"));
        calls.push(words.by_ref().take(count).map(str::to_owned).collect());
    }
    calls
}

/// Whether a name can be told from everything that a shell or a tool would read: written anew here on purpose.
fn is_safe(name: &str) -> bool {
    name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '.' | '_' | '-')) && !name.starts_with('-')
}

fn meant(query: &Query) -> Vec<String> {
    let unchecked = query.checking_disabled.then_some("+cd");
    let words = ["dig", "+dnssec"].into_iter().chain(unchecked).map(str::to_owned);
    words.chain([format!("{}.", query.name.as_str()), query.rtype.to_string()]).collect()
}

/// The blocks of evidence of 10,000 hostile names: those of records, and those that checks ask because of hostile texts.
fn evidence() -> Vec<Vec<Query>> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut blocks: Vec<Vec<Query>> = Vec::new();
    for _ in 0..15 {
        let report = hostile::session(&mut dice).report();
        blocks.push(report.evidence.iter().map(|evidence| evidence.query.clone()).collect());
    }
    let types: Vec<Rtype> = Rtype::all().collect();
    for _ in 0..1_000 {
        let query = |dice: &mut Dice| {
            let (name, rtype) = (hostile::name(dice), types[dice.roll(types.len())]);
            if dice.roll(9) == 0 { Query::unchecked(name, rtype) } else { Query::new(name, rtype) }
        };
        blocks.push((0..10).map(|_| query(&mut dice)).collect());
    }
    blocks
}

/// What is pasted, and the calls that are meant.
fn lines_of_evidence() -> (String, Vec<Vec<String>>) {
    let (mut pasted, mut wanted) = (String::new(), Vec::new());
    let (mut hostile, mut safe) = (0, 0);
    for block in evidence() {
        let lines = lookups(&block);
        let kept: Vec<&Query> = block.iter().filter(|query| is_safe(query.name.as_str())).collect();
        assert_eq!(lines.left_out, block.len() - kept.len(), "{block:?}");
        hostile += lines.left_out;
        safe += kept.len();
        wanted.extend(kept.into_iter().map(meant));
        wanted.push(vec![MARK.to_owned()]);
        pasted += &format!("{}\n{MARK}\n", lines.text);
    }
    assert!(hostile > 3_000 && safe > 3_000, "{hostile} hostile, {safe} safe");
    (pasted, wanted)
}

/// The commands of step 3, and those of the checklist, with what is typed and what strangers publish.
fn lines_of_settings() -> (String, Vec<Vec<String>>) {
    let mut dice = Dice(7);
    let (mut pasted, mut wanted) = (String::new(), Vec::new());
    let templates = templates();
    for round in 0..1_000 {
        let (server, user) = match round % 3 {
            0 => ("mail.shop.example".to_owned(), hostile::text(&mut dice)),
            1 => (hostile::text(&mut dice), "anna@shop.example".to_owned()),
            _ => (
                "mail.shop.example".to_owned(),
                ["@file", "-K", "a\"b", "anna+x@b.example"][round % 4].to_owned(),
            ),
        };
        for command in commands(&server, "587", Encryption::StartTls, &user) {
            let host = server.trim();
            let plain = user.trim().chars().all(|c| c.is_ascii_alphanumeric() || "@._+-".contains(c));
            let plain = plain && user.trim().starts_with(|c: char| c.is_ascii_alphanumeric());
            let shown = if plain { user.trim() } else { "USER" };
            wanted.push(words(&command.line, host, shown));
            pasted += &format!("{}\n", command.line);
        }
        let (host, domain) = (hostile::name(&mut dice), hostile::name(&mut dice));
        for template in &templates {
            let values = [
                ("host", Value::Name(host.as_str())),
                ("port", Value::Port(465)),
                ("domain", Value::Name(domain.as_str())),
            ];
            let fits = (!template.contains("{host}") || is_safe(host.as_str()))
                && (!template.contains("{domain}") || is_safe(domain.as_str()));
            let line = command::line(template, &values);
            assert_eq!(line.is_ok(), fits, "{template} with {host} and {domain}");
            if let Ok(line) = line {
                let filled = |word: &str| {
                    let word = word.replace("{host}", host.as_str()).replace("{port}", "465");
                    word.replace("{domain}", domain.as_str())
                };
                wanted.push(template.split(' ').map(filled).collect());
                pasted += &format!("{line}\n");
            }
        }
    }
    (pasted, wanted)
}

/// The words of a line of step 3: which one it is tells its tool, what is in it is known.
fn words(line: &str, host: &str, user: &str) -> Vec<String> {
    let all: &[&str] = match (line.split(' ').next(), line.contains("--user"), line.contains(" -v ")) {
        (Some("Test-NetConnection"), ..) => &["Test-NetConnection", "HOST", "-Port", "587"],
        (Some("nc"), ..) => &["nc", "-vz", "-w", "10", "HOST", "587"],
        (Some("openssl"), ..) => &[
            "openssl",
            "s_client",
            "-starttls",
            "smtp",
            "-crlf",
            "-connect",
            "HOST:587",
            "-servername",
            "HOST",
            "-verify_hostname",
            "HOST",
        ],
        (Some("curl.exe"), false, true) => {
            &["curl.exe", "-v", "--ssl-reqd", "--max-time", "20", "smtp://HOST:587"]
        }
        (Some(_), true, false) => {
            &["CURL", "-sS", "--ssl-reqd", "--max-time", "20", "--user", "USERNAME", "smtp://HOST:587"]
        }
        _ => panic!("what is {line:?}?"),
    };
    let curl = line.split(' ').next().unwrap();
    let fill = |word: &&str| word.replace("HOST", host).replace("USERNAME", user).replace("CURL", curl);
    all.iter().map(fill).collect()
}

fn templates() -> Vec<String> {
    let guide: serde_json::Value =
        serde_json::from_str(&fs::read_to_string("www/data/guide.json").unwrap()).unwrap();
    let items = guide["steps"].as_array().unwrap().iter().flat_map(|step| step["items"].as_array().unwrap());
    let commands = items.filter_map(|item| item["commands"].as_array()).flatten();
    let templates: Vec<String> = commands.map(|one| one["run"].as_str().unwrap().to_owned()).collect();
    assert!(templates.len() >= 8, "{templates:?}");
    templates
}

/// The first difference, since all of both would fill pages.
fn same(shell: &str, got: &[Vec<String>], wanted: &[Vec<String>]) {
    for (got, wanted) in got.iter().zip(wanted) {
        assert_eq!(got, wanted, "{shell}");
    }
    assert_eq!(got.len(), wanted.len(), "{shell}");
}

#[test]
fn what_is_copied_from_the_evidence_runs_dig_and_nothing_else() {
    let (pasted, wanted) = lines_of_evidence();
    for shell in ["sh", "bash"] {
        same(shell, &run(shell, &pasted), &wanted);
    }
}

#[test]
fn what_is_copied_from_the_steps_runs_its_tool_and_nothing_else() {
    let (pasted, wanted) = lines_of_settings();
    for shell in ["sh", "bash"] {
        same(shell, &run(shell, &pasted), &wanted);
    }
}

/// The stand-in notices what it is there to notice.
#[test]
fn a_line_that_does_something_else_is_noticed() {
    for pasted in ["dig $(printf x >made) MX", "dig a; touch made", "dig a\ntouch made", "dig a >made", "id"]
    {
        for shell in ["sh", "bash"] {
            let noticed = std::panic::catch_unwind(|| run(shell, pasted)).is_err();
            assert!(noticed, "{shell}: {pasted}");
        }
    }
}

/// PowerShell where it is installed; it starts real programs, so the lines are fewer.
#[test]
fn powershell_reads_the_same_words() {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let Some(pwsh) =
        std::env::split_paths(&path).map(|folder| folder.join("pwsh")).find(|file| file.is_file())
    else {
        eprintln!("skipped: there is no pwsh");
        return;
    };
    let folder = Folder::new("pwsh");
    let (tools, inside, out) = (folder.0.join("tools"), folder.0.join("run"), folder.0.join("out"));
    fs::create_dir(&tools).unwrap();
    for tool in TOOLS.iter().chain(&[MARK]) {
        let record =
            format!("#!/bin/sh\nprintf '%s\\000' \"$(($# + 1))\" {tool} \"$@\" >>'{}'\n", out.display());
        fs::write(tools.join(tool), record).unwrap();
        let made = Command::new("/bin/chmod").arg("+x").arg(tools.join(tool)).status().unwrap();
        assert!(made.success());
    }
    let first = |(pasted, wanted): (String, Vec<Vec<String>>)| {
        let lines: Vec<String> =
            pasted.lines().filter(|line| !line.is_empty()).take(150).map(str::to_owned).collect();
        let wanted = wanted.into_iter().take(lines.len()).collect::<Vec<_>>();
        (lines.join("\n"), wanted)
    };
    let (evidence, mut wanted) = first(lines_of_evidence());
    let (settings, more) = first(lines_of_settings());
    wanted.extend(more);
    let script = folder.0.join("pasted.ps1");
    fs::write(&script, format!("{evidence}\n{settings}\n")).unwrap();
    let ran = Command::new(pwsh)
        .args(["-NoProfile", "-NonInteractive", "-File"])
        .arg(&script)
        .env("PATH", &tools)
        .current_dir(&inside)
        .output()
        .unwrap();
    assert!(ran.stderr.is_empty(), "{}", String::from_utf8_lossy(&ran.stderr));
    assert_eq!(fs::read_dir(&inside).unwrap().count(), 0);
    same("pwsh", &calls(&fs::read_to_string(&out).unwrap()), &wanted);
}
