//! The checks for other pages, as a JavaScript module.
