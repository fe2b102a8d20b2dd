//! The whole screen: a session in every state, drawn into memory, and keys pressed on it.

mod fixture;
mod inspector;
mod keys;
mod resources;
mod sizes;
mod snapshots;
mod states;
