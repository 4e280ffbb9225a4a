//! Error messages of the native tests (`tests/bounces`), each read as the page reads it.

use std::{collections::BTreeMap, fs, io, ops::Range, path::Path};

use mail_triage_engine::{
    bounce::{Reader, Sentence},
    knowledge::Blocklists,
    message::charset::plain,
};

/// Characters of a message around the words that told its cause.
const AROUND: usize = 300;

/// An error message and what it means.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The message, or the part of it that tells.
    pub text: String,
    /// Where the words stand that told the cause, in octets.
    pub mark: Range<usize>,
    /// What happened, in the words of `www/locales`.
    pub said: Sentence,
    /// What to do.
    pub advice: Sentence,
}

/// The first message of each cause, by the id of the cause, that is recognised by words of its own.
pub(crate) fn samples(
    root: &Path,
    reader: &Reader,
    lists: &Blocklists,
) -> io::Result<BTreeMap<String, Sample>> {
    let mut samples = BTreeMap::new();
    for folder in ["tests/bounces", "tests/bounces-found"] {
        let mut files: Vec<_> =
            fs::read_dir(root.join(folder))?.flatten().map(|entry| entry.path()).collect();
        files.sort();
        for file in files.iter().filter(|file| file.extension().is_some_and(|end| end == "txt")) {
            let all = fs::read_to_string(file)?;
            for case in all.split("=== ").skip(1) {
                if let Some((cause, sample)) = sample(case, reader, lists) {
                    samples.entry(cause).or_insert(sample);
                }
            }
        }
    }
    Ok(samples)
}

/// A case of a file: a name, remarks, `> step cause party`, and the message.
fn sample(case: &str, reader: &Reader, lists: &Blocklists) -> Option<(String, Sample)> {
    let (_, rest) = case.split_once('\n')?;
    let (wanted, text) = rest.split_once("> ")?.1.split_once('\n')?;
    let cause = wanted.split_whitespace().nth(1)?;
    // English is what a search engine is asked in, and what both languages can show.
    if !text.is_ascii() {
        return None;
    }
    let reading = reader.read(text.as_bytes(), &plain, lists);
    let verdict = reading.verdicts.iter().find(|one| one.cause.as_deref() == Some(cause))?;
    let mark = verdict.span.clone().filter(|span| !span.is_empty())?;
    let (text, mark) = part(&reading.text, mark);
    Some((
        cause.to_owned(),
        Sample { text, mark, said: verdict.said.clone(), advice: verdict.advice.clone() },
    ))
}

/// The lines around what is marked.
fn part(whole: &str, mark: Range<usize>) -> (String, Range<usize>) {
    let start = whole[..mark.start].rfind('\n').map_or(0, |at| at + 1);
    let from = whole[..start].char_indices().rev().find(|(at, c)| *c == '\n' && start - at > AROUND);
    let from = from.map_or(0, |(at, _)| at + 1);
    let end = whole[mark.end..].find('\n').map_or(whole.len(), |at| mark.end + at);
    let to = whole[end..].char_indices().find(|(at, c)| *c == '\n' && *at > AROUND);
    let to = to.map_or(whole.len(), |(at, _)| end + at);
    let text = whole[from..to].trim_end();
    let cut = text.len() - text.trim_start().len();
    (text[cut..].to_owned(), mark.start - from - cut..mark.end - from - cut)
}
