//! Everything that touches the world outside: network, browser, environment, files. It reports in the words of the
//! domain and decides nothing; who asks for what, and what follows from an answer, is the business of the core.

pub mod browser;
pub mod credentials;
pub mod editor;
pub mod files;
pub mod formats;
pub mod history;
pub mod http;
pub mod intake;
pub mod oauth;
pub mod profile_file;
pub mod renaming;
pub mod this_program;
pub mod trial;
pub mod vault;
pub mod webhooks;
