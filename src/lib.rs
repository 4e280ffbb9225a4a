//! Why are my e-mails not arriving? The engine and the page of Mail Triage.

pub mod dns;
