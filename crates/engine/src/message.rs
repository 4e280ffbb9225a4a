//! E-mail messages as octets: header fields, MIME parts, delivery reports.
//!
//! Reading never fails: what has no form is text. It takes time in proportion to the input, whatever the input, and
//! nothing of the input is dropped but what is no text (pictures, programs).
//!
//! Characters are decoded by whoever calls, see [`Decode`]: the page has the browser's decoder, which knows every
//! charset of the web, and carries no tables of its own.
//!
//! Read here and not by a library: the smallest that is well kept, `mail-parser` 0.11 without its features, adds 70 KB
//! (gzip) to the page, most of it tables for what a delivery report never holds, and cannot be given a decoder.

pub mod charset;
mod date;
mod header;
mod html;
mod mime;
pub mod outlook;
mod params;
pub mod report;
mod transfer;
mod words;

pub use charset::Decode;
pub use date::Date;
pub use header::{Header, Headers, MOST_FIELDS, address, addresses, domain_of, uncommented};
pub use html::{looks_like_html, to_text};
pub use mime::{Body, Entity, MAX_DEPTH, MAX_PARTS, headers, parse};
pub use params::{ContentType, tags};
pub use report::DeliveryReport;
pub use transfer::{base64, looks_quoted_printable, quoted_printable};
pub use words::decode_words;
