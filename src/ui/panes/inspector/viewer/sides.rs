//! A body that reads better as something else has two sides: that, and what came. The key that changes the view turns it over
//! behind the last view of a side.

use std::mem;
use std::sync::Arc;

use ratatui::text::Line;

use crate::catalog::Marks;
use crate::config::{Action, Role};
use crate::document::{Document, Readable};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::table::Table;
use crate::ui::panes::inspector::viewer::{View, Viewer};

/// The other side, and what this one is.
pub(super) struct Side {
    other: Box<Viewer>,
    /// What it is, in words.
    words: &'static str,
    /// The view in which it is shown first.
    first: View,
    /// Whether this is what came.
    is_original: bool,
}

impl Side {
    /// Whether what is looked at is what came.
    pub(super) fn is_original(&self) -> bool {
        self.is_original
    }

    /// The side that is not looked at.
    pub(super) fn other(&mut self) -> &mut Viewer {
        &mut self.other
    }
}

impl Viewer {
    /// A body as it reads best.
    pub(in crate::ui::panes::inspector) fn new(
        document: Arc<Document>,
        marks: Option<Arc<Marks>>,
    ) -> Self {
        let Some(readable) = document.readable().cloned() else {
            return Self::one_sided(document, marks);
        };
        let mut front = Self::one_sided(Arc::clone(readable.document()), None);
        let mut words = "laid out for reading";
        if let Readable::Table(_) = readable {
            words = "read as a table";
            front.table = Table::around(&front.document, None);
            front.view = if front.table.is_some() {
                View::Table
            } else {
                front.view
            };
        }
        let mut back = Self::one_sided(document, marks);
        if back.view == View::Tree {
            back.view = View::Raw; // broken JSON: the tree is on the other side
        }
        let first = front.view;
        front.side = Some(Side {
            other: Box::new(back),
            words,
            first,
            is_original: false,
        });
        front
    }

    /// What this side is, if there are two.
    pub(in crate::ui::panes::inspector) fn words(&self, cx: &Cx<'_>) -> Option<Line<'static>> {
        let side = self.side.as_ref()?;
        let key = cx.key("inspector", Action::NextView);
        let words = match side.is_original {
            true => "   as it came".to_owned(),
            false if self.is_last_view() => {
                format!("   {} · {key} shows it as it came", side.words)
            }
            false => format!("   {} · {key} shows it as JSON", side.words),
        };
        Some(cx.line(Role::Muted, words))
    }

    /// Whether the next view is one of the other side.
    fn is_last_view(&self) -> bool {
        self.side
            .as_ref()
            .is_some_and(|side| match side.is_original {
                true => self.view == View::Hex,
                false => self.view != View::Table,
            })
    }

    /// Turns over to the side that has an array of objects, if it is that one.
    pub(super) fn turn_to_table(&mut self) -> bool {
        let has_table = self.side.as_ref().is_some_and(|side| {
            side.is_original && Table::around(&side.other.document, None).is_some()
        });
        if has_table {
            self.turn_over();
        }
        has_table
    }

    /// The next view of this side, or the other side behind the last.
    pub(super) fn go_to_next_view(&mut self) {
        match self.is_last_view() {
            true => self.turn_over(),
            false => self.change_view(self.next_view()),
        }
    }

    fn turn_over(&mut self) {
        let Some(Side {
            mut other,
            words,
            first,
            is_original,
        }) = self.side.take()
        else {
            return;
        };
        mem::swap(self, &mut other);
        self.view = match is_original {
            true => first,
            false => View::Raw,
        };
        self.side = Some(Side {
            other,
            words,
            first,
            is_original: !is_original,
        });
    }
}
