//! Tests of the sandbox as a whole, over real HTTP: the contract of the API, and walks through the hosted pages.

mod bench;
mod browser;
mod calls;
mod intents;
mod tokens;
mod walks;
