//! A pasted message explained for another page.

use serde::Serialize;
use wasm_bindgen::{JsError, JsValue};

use mail_triage_browser::{
    charset,
    host::{Running, octets, set},
    json,
    words::{BOUNCES, FINDINGS, Words, known},
};
use mail_triage_engine::{
    bounce::{self, Reader},
    headers,
    knowledge::{Blocklists, Read, SmtpCodes, files},
};

/// Does what [`super::explain`] promises.
pub fn explain(message: JsValue, options: JsValue) -> Running {
    // Boxed, so that its states are not written out in what is there from the start.
    Box::pin(explain_now(message, options))
}

async fn explain_now(message: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
    let octets = octets(&message).ok_or_else(|| error("the message is neither text nor a Uint8Array"))?;
    let fields = json::tree(&options);
    let base = String::read(fields.field("base"));
    let mut codes: SmtpCodes = fetched(&base, files::SMTP_CODES).await?;
    for place in [files::SMTP_WORDS].into_iter().chain(bounce::wordings(&octets, &charset::decode)) {
        codes = codes.with(fetched(&base, place).await?);
    }
    let reader = Reader::new(codes);
    let lists: Blocklists = fetched(&base, files::BLOCKLISTS).await?;
    let reading = reader.read(&octets, &charset::decode, &lists);
    let said = object(&reading)?;
    set(&said, "version", &1.into());
    if let Some(header) = &reading.header {
        set(&said, "remarks", &object(&headers::remarks(header))?);
    }
    if let Some(language) = fields.field("lang").text().and_then(known) {
        let words = Words::fetch(&base, language, &[FINDINGS, BOUNCES]).await;
        let told: Vec<[String; 2]> = reading
            .verdicts
            .iter()
            .map(|verdict| [&verdict.said, &verdict.advice].map(|said| words.fill(&said.key, &said.args)))
            .collect();
        set(&said, "words", &object(&told)?);
    }
    Ok(said)
}

async fn fetched<T: Read>(base: &str, place: &str) -> Result<T, JsValue> {
    let file = json::fetch_json(format!("{base}{place}")).await;
    file.map(|file| T::read(&file)).ok_or_else(|| error("data files cannot be fetched"))
}

fn object(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value
        .serialize(&serde_wasm_bindgen::Serializer::json_compatible())
        .map_err(|_| error("the reading cannot be written"))
}

fn error(text: &str) -> JsValue {
    JsError::new(text).into()
}
