//! The parts of the page, each a few dozen lines. The class names are those of `www/style.css`.

mod ask;
pub mod build;
mod calculator;
mod compared;
mod explained;
mod fields;
mod finding;
mod found;
mod guided;
mod head;
mod judged;
mod lists;
mod log;
mod mend;
mod notices;
pub mod page;
mod paste;
mod pictures;
pub mod policy;
mod provider;
mod rules;
mod senders;
mod settings;
mod steps;
mod summary;
mod tree;
mod way;
