//! What a browser gives to the checks of [`mail_triage_engine`]: the one crate that names `web-sys`, `js-sys` and
//! `gloo-net`. The page and the module for other pages stand on it; what draws the page is not in here.
//!
//! | module | what is in it |
//! |---|---|
//! | [`doh`] | one question to one resolver (RFC 8484) |
//! | [`fetch`] | how requests are sent |
//! | [`policy`] | the one file that is not DNS (RFC 8461) |
//! | [`transport`] | asks for all runs of a page: the [`Source`](mail_triage_engine::source::Source) of a live run |
//! | [`log`] | what was asked of others in a visit |
//! | [`data`], [`words`], [`json`] | the knowledge files and the texts, fetched when they are needed |
//! | [`compress`] | octets in links |
//! | [`host`] | promises, callbacks and signals of the page that calls the module |
//! | [`dom`], [`address`], [`storage`], [`clipboard`], [`share`], [`files`], [`clock`], [`network`], [`charset`] | what the page does with its window |
//!
//! A page has one [`transport::Transport`]. A run is a [`Driver`](mail_triage_engine::driver::Driver) over
//! [`transport::Lookups`] of its own; what is recorded needs nothing of this crate.
//!
//! Nothing in here decides anything about mail: that is the engine's, which can be tested without a browser.
#![cfg(target_arch = "wasm32")]

mod body;

pub mod address;
pub mod charset;
pub mod clipboard;
pub mod clock;
pub mod compress;
pub mod data;
pub mod doh;
pub mod dom;
pub mod fetch;
pub mod files;
pub mod host;
pub mod json;
pub mod log;
pub mod menus;
pub mod network;
pub mod notify;
pub mod policy;
pub mod save;
pub mod share;
pub mod storage;
pub mod transport;
pub mod words;
