//! More of a body that is looked at already: what is folded, selected and searched for stays so, and so does being at the end.

use std::sync::Arc;

use crate::catalog::Marks;
use crate::config::Action;
use crate::document::Document;
use crate::ui::panes::inspector::viewer::{View, Viewer, tree_of};

impl Viewer {
    /// Shows `document`, which begins with what is shown now.
    pub(in crate::ui::panes::inspector) fn go_on_with(
        &mut self,
        document: Arc<Document>,
        marks: Option<Arc<Marks>>,
    ) {
        let Some(readable) = document.readable() else {
            return match self.side {
                Some(_) => *self = Self::new(document, marks), // it is something else now
                None => self.go_on_with_side(document, marks),
            };
        };
        let Some(side) = &mut self.side else {
            *self = Self::new(document, marks);
            return;
        };
        let read = Arc::clone(readable.document());
        if side.is_original() {
            side.other().go_on_with_side(read, None);
            self.go_on_with_side(document, marks);
        } else {
            side.other().go_on_with_side(document, marks);
            self.go_on_with_side(read, None);
        }
    }

    fn go_on_with_side(&mut self, document: Arc<Document>, marks: Option<Arc<Marks>>) {
        self.text.go_on_with(document.body().clone());
        self.hex.go_on_with(document.body().clone());
        match &mut self.tree {
            Some(tree) => tree.go_on_with(&document),
            None => {
                self.tree = tree_of(&document);
                if self.tree.is_some() && self.view == View::Raw {
                    self.change_view(View::Tree); // the first value has come
                }
            }
        }
        if let Some(table) = &mut self.table {
            table.go_on_with(&document);
        }
        self.find.go_on_with(&document);
        self.document = document;
        self.marks = marks;
        if self.is_at_end {
            self.act_in_view(Action::MoveLast);
        }
    }
}
