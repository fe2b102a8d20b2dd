//! The whole screen: a session in every state, drawn into memory, and keys pressed on it.

mod arriving;
mod broken;
mod composer;
mod diff;
mod fixture;
mod guide;
mod inspector;
mod keys;
mod notices;
mod pickers;
mod production;
mod programs;
mod readable;
mod requests;
mod resources;
mod runs;
mod search;
mod secrets;
mod sign_in;
mod sizes;
mod snapshots;
mod states;
mod taking;
mod views;
