//! The screen: draws the model and turns keys into messages. Changes no facts, performs no I/O.
//!
//! A [`Screen`] has panes, in the one order of `panes::all`, and popups that lie over them. How something is looked at
//! (selection, scroll, open tab) lives here; facts live in [`crate::app::Model`].

mod footer;
mod header;
mod input;
mod layout;
mod mishap;
mod pane;
mod panes;
mod popups;
mod screen;
mod standing;
mod tabs;
mod title;
pub(crate) mod widgets;

#[cfg(test)]
mod tests;

pub use screen::Screen;
