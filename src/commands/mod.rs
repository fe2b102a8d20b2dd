//! One file per command. They introduce adapters, sandbox, core and screen to each other.

pub mod catalogue;
pub mod complete;
pub mod doctor;
pub mod endpoints;
pub mod engine;
pub mod export;
pub mod files;
pub mod filter_body;
pub mod history;
pub mod home;
mod hosts;
pub mod import;
pub mod login;
pub mod manual;
pub(crate) mod output;
mod record;
pub mod replay;
pub mod sandbox;
pub mod screens;
pub mod send;
pub mod session;
pub mod status;
pub(crate) mod stop;
mod svg;
pub mod tui;
pub mod view;
pub mod wallet;
