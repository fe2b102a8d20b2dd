//! JSON text as it came: an index over the bytes, and views on it. Nothing is copied, nothing is spelled anew.
//!
//! A [`Document`] holds a shared [`Body`](crate::domain::Body) and eight bytes for each value in it, plus 32 for
//! each container that is not empty. Values stand in the order of the text, so that a subtree is a range of
//! positions; parents and depths are kept for containers only and found for leaves by bisection. Names of members
//! are found by going back from their values. The text may be broken, cut or of any depth; nothing here recurses.

#[cfg(test)]
mod acceptance;
#[cfg(test)]
mod agreement;
mod builder;
mod content;
mod diff;
mod fault;
mod filter;
mod folded;
mod folds;
mod follow;
mod index;
mod nesting;
mod node;
mod path;
mod pattern;
mod places;
mod readable;
mod rows;
#[cfg(test)]
mod samples;
mod scan;
mod search;
mod sort;
mod summary;
mod tally;
mod tokens;
mod unescape;

pub use builder::Builder;
pub use diff::{Change, Difference, Rule, Rules, diff};
pub use fault::Fault;
pub use filter::{Filter, FilterError, Offers, Ran, RunError, offers, with_stack};
pub use follow::Step;
pub use index::Document;
pub use node::{NodeId, NodeKind};
pub use path::{Path, PathError};
pub use pattern::{Pattern, PatternError};
pub use readable::Readable;
pub use rows::{Row, RowKind, Rows};
pub use search::{Matches, Scope, Search};
pub use sort::{Advance, Sorting};
