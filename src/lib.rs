//! Why are my e-mails not arriving? The engine and the page of Mail Triage.

pub mod check;
pub mod dns;
pub mod facts;
pub mod knowledge;
pub mod report;
pub mod session;
pub mod target;
pub mod text;
pub mod zone;
