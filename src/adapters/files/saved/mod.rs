//! Saved requests as files that a person likes to read and edit, one TOML file each.

mod answer;
mod expect;
mod folders;
mod listing;
mod read;
#[cfg(test)]
mod read_tests;
mod references;
mod samples;
#[cfg(test)]
mod tests;
mod write;

pub use answer::{answer_path, read_answer, write_answer};
pub(crate) use folders::PROJECT;
pub use folders::SavedRequests;
pub use listing::Listed;
pub use read::read;
pub use references::refer;
pub(crate) use references::variable;
pub use write::write;
