//! Tests of the sandbox as a whole, over real HTTP: the contract of the API, and walks through the hosted pages.

mod bench;
mod browser;
mod calls;
mod cards;
mod control;
mod deliveries;
mod errands;
mod intents;
mod money;
mod people;
mod person;
mod receiver;
mod routines;
mod tokens;
mod walks;
mod webhooks;
