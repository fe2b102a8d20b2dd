//! What a person can set: keys, colours, profiles. Read from embedded defaults and from files of their own.

mod action;

pub use action::Action;
