//! The checks for programs of others: what stands between JavaScript and the engine, without a page and without Yew.
//!
//! `cargo xtask package` makes an npm package of it: three programs, fetched apart, and the scripts of `js/`, which are what
//! people call. `js/README.md` says how.
//!
//! | program | what calls it | what is in it | what comes in chunks, when asked for |
//! |---|---|---|---|
//! | `src/bin/checks.rs` | `check`, `whatIf`, `render`, `describe` | every check | reports in words; facts, zones, changes |
//! | `src/bin/messages.rs` | `explainMessage` | errors, returned mail, headers | |
//! | `src/bin/records.rs` | `evaluateSpf`, `parseRecord` | SPF and the text of records, a few questions | facts, zones |
//!
//! What a call takes and brings are types of this crate ([`options`], [`spf`], [`parsed`], [`changes`], [`description`],
//! [`form`], [`refusal`]), which know no browser and are tested natively; `call` joins them to promises, signals and objects.
//! Nothing is global: a program holds what one `create` of the scripts has, however many of them there are.

pub mod changes;
pub mod description;
pub mod facts_text;
pub mod form;
mod html;
pub mod message;
pub mod options;
pub mod parsed;
pub mod refusal;
pub mod span;
pub mod spf;
#[cfg(test)]
mod types;

#[cfg(target_arch = "wasm32")]
pub mod call;
