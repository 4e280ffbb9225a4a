//! `explainMessage`.

use wasm_bindgen::JsValue;

use mail_triage_browser::{
    charset,
    host::{octets, set},
    json,
    words::plural_of,
};
use mail_triage_engine::{
    bounce::{self, Reader},
    headers,
    knowledge::{Blocklists, Read, SmtpCodes, Value, files},
};

use super::{catalog, object, refused};
use crate::refusal::{Refusal, RefusalCode};

/// The places of the files that reading this message takes.
///
/// # Errors
/// If it is neither text nor octets.
pub fn files_for(message: &JsValue) -> Result<JsValue, JsValue> {
    let octets = read(message)?;
    let always = [files::SMTP_CODES, files::SMTP_WORDS, files::BLOCKLISTS];
    let places: Vec<&str> = always.into_iter().chain(bounce::wordings(&octets, &charset::decode)).collect();
    object(&places)
}

/// Says what a message says, with the files that [`files_for`] has named. Where `texts` of the language `lang` are given, what
/// happened and what to do about it stands in `words`, for each verdict.
///
/// # Errors
/// If the message is neither text nor octets, or the language cannot be read.
pub fn explain(
    message: &JsValue,
    files: &JsValue,
    lang: Option<String>,
    texts: &JsValue,
) -> Result<JsValue, JsValue> {
    let octets = read(message)?;
    let Value::Map(files) = json::tree(files) else {
        return Err(refused(&Refusal::new(RefusalCode::Files, "a file of the package cannot be read")));
    };
    let lists = Value::Map(files.clone());
    let wordings = files.iter().filter(|(place, _)| *place != files::BLOCKLISTS);
    let codes = wordings.fold(SmtpCodes::default(), |codes, (_, file)| codes.with(SmtpCodes::read(file)));
    let lists = Blocklists::read(lists.field(files::BLOCKLISTS));
    let mut reading = Reader::new(codes).read(&octets, &charset::decode, &lists);
    crate::message::count_in_units(&mut reading);
    let said = object(&reading)?;
    set(&said, "version", &1.into());
    if let Some(header) = &reading.header {
        set(&said, "remarks", &object(&headers::remarks(header))?);
    }
    if let Some(lang) = lang {
        let (catalog, language) = catalog(&lang, texts).map_err(|refusal| refused(&refusal))?;
        let plural = plural_of(language);
        let told = reading.verdicts.iter().map(|verdict| {
            [&verdict.said, &verdict.advice].map(|said| catalog.say(&said.key, &said.args, plural))
        });
        set(&said, "words", &object(&told.collect::<Vec<_>>())?);
    }
    Ok(said)
}

fn read(message: &JsValue) -> Result<Vec<u8>, JsValue> {
    let refusal = || Refusal::new(RefusalCode::Message, "the message is neither text nor a Uint8Array");
    octets(message).ok_or_else(|| refused(&refusal()))
}
