//! What to publish: how a change of the zone is shown to somebody who has to make it, and what would come of it.
//!
//! [`around`] says where a change belongs and what it costs, [`diff()`] what is different between two texts, [`what_if()`]
//! makes facts of a world in which the change is made. [`spf`] and [`dmarc`] put records together from choices. None of
//! them asks anything.

pub mod around;
mod diff;
pub mod dmarc;
pub mod spf;
mod what_if;

pub use around::{Around, Lookups};
pub use diff::diff;
pub use what_if::{WhatIf, what_if};
