//! What is seen, one component a file: function components whose properties are cheap to compare, so that each is drawn anew
//! only when something of its own has changed. The class names are those of `www/style.css`.

pub mod asked;
pub mod foot;
pub mod form;
pub mod head;
pub mod notices;
pub mod shared;
pub mod text;
