//! The parts of the page, each a few dozen lines of markup. The class names are those of `www/style.css`.

pub mod ask;
pub mod finding;
pub mod header;
pub mod page;
pub mod record;
pub mod steps;
pub mod summary;
