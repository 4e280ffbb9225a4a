//! What the panels of the page hold, and what they make of it: plain data without a browser. The components that show it
//! are in `components`.

pub mod builder;
pub mod calculator;
pub mod code;
pub mod keys;
pub mod many;
pub mod opinion;
pub mod past;
pub mod paste;
pub mod policy;
pub mod resolver;
pub mod settings;
pub mod ticket;
pub mod what_if;
