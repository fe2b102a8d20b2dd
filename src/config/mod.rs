//! What a person can set: keys, colours, profiles. Read from embedded defaults and from files of their own.

mod action;
mod chord;
mod keymap;
mod paths;
mod profiles;
mod theme;

pub use action::Action;
pub use chord::Chord;
pub use keymap::{Binding, Context, Keymap, KeymapError, Resolution};
pub use paths::Paths;
pub use profiles::{
    ConfigError, HistorySettings, ProfileText, Settings, check_value, put_profile, remove_profile,
    with_client_id,
};
pub use theme::{Role, Theme, ThemeError};
