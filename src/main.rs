//! Starts the page, nothing else.

fn main() {}
