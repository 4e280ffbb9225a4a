//! What is seen, one component a file: function components whose properties are cheap to compare, so that each is drawn anew
//! only when something of its own has changed. Panels have a state of their own (`panels`). The class names are those of
//! `www/style.css`.

pub mod asked;
pub mod asking;
pub mod builder;
pub mod calculator;
mod fields;
pub mod foot;
pub mod form;
pub mod guide;
pub mod h;
pub mod head;
pub mod kept;
pub mod keys;
pub mod many;
pub mod memory;
pub mod notices;
pub mod on;
pub mod opinion;
pub mod page_context;
pub mod parts;
pub mod paste;
pub mod places;
pub mod policy;
pub mod provider_choice;
pub mod resolver;
pub mod scene;
pub mod sender_form;
pub mod settings;
pub mod settled;
pub mod shared;
pub mod sharing;
pub mod text;
pub mod ticket;
pub mod ui;
pub mod what_if;
