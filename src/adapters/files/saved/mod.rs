//! Saved requests as files that a person likes to read and edit, one TOML file each.

mod expect;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::read;
pub use write::write;
