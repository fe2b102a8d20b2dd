//! The built-in sandbox: people, banks, codes and tokens of its own, made from a seed and kept in memory only.
#![expect(dead_code, reason = "nothing serves the world yet")]

mod bank;
mod clock;
mod grants;
mod people;
mod random;
mod redirects;
mod seed;
mod world;

pub use clock::Clock;
pub use grants::Lifetimes;
pub use seed::test_users;
