//! What the product knows about the world: typed views of `www/data`.

/// Everything known.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {}
