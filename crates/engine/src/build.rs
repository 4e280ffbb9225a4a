//! What to publish: how a change of the zone is shown to somebody who has to make it, and what would come of it.
//!
//! [`around`](crate::around) says where a change belongs and what it costs, [`diff()`] what is different between two texts. [`spf`] and
//! [`dmarc`] put records together from choices, and [`proposal`] says with which those begin. None of them asks anything. What would come of a change an
//! [`Overlay`](crate::overlay::Overlay) tells.

mod diff;
pub mod dmarc;
mod first;
pub mod spf;

pub use diff::diff;
pub use first::{first_record, owner, proposal};
