//! What a person can set: keys, colours, profiles. Read from embedded defaults and from files of their own.

mod action;
mod paths;
mod profiles;

pub use action::Action;
pub use paths::Paths;
pub use profiles::{ConfigError, Settings, with_client_id};
