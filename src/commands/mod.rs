//! One file per command. They introduce adapters, sandbox, core and screen to each other.

pub mod sandbox;
pub mod screens;
pub mod session;
mod svg;
pub mod tui;
pub mod view;
