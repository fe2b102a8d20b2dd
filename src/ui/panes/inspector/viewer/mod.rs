//! A body in one of its views, with a search and a line to type into. Each view is a file; this one carries keys to them.

mod growing;
mod sides;
mod typing;

use std::sync::Arc;

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::{Modal, Model, Msg};
use crate::catalog::Marks;
use crate::config::Action;
use crate::document::{Document, NodeId};
use crate::ui::footer::Hint;
use crate::ui::pane::{Cx, Reaction};
use crate::ui::panes::inspector::charset::is_text;
use crate::ui::panes::inspector::find::Find;
use crate::ui::panes::inspector::hex::Hex;
use crate::ui::panes::inspector::json::Look;
use crate::ui::panes::inspector::line::{self, Ask, Asking};
use crate::ui::panes::inspector::table::Table;
use crate::ui::panes::inspector::text::Text;
use crate::ui::panes::inspector::tree::Tree;
use crate::ui::widgets::rows;

/// Ways to look at a body.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum View {
    Tree,
    #[default]
    Raw,
    Hex,
    Table,
}

/// A body as it is looked at.
pub(super) struct Viewer {
    document: Arc<Document>,
    marks: Option<Arc<Marks>>,
    view: View,
    tree: Option<Tree>,
    text: Text,
    hex: Hex,
    table: Option<Table>,
    find: Find,
    asking: Option<Asking>,
    side: Option<sides::Side>,
    /// Whether the last move was to the end: it stays there while more comes.
    is_at_end: bool,
}

/// The tree of what was read; none where it would show the first of many lines only.
fn tree_of(document: &Arc<Document>) -> Option<Tree> {
    match document.has_bad_line() {
        true => None,
        false => Tree::new(document),
    }
}

impl Viewer {
    fn one_sided(document: Arc<Document>, marks: Option<Arc<Marks>>) -> Self {
        let body = document.body();
        let tree = tree_of(&document);
        let view = match tree {
            Some(_) => View::Tree,
            None if is_text(body.as_bytes()) => View::Raw,
            None => View::Hex,
        };
        Self {
            view,
            tree,
            text: Text::new(body.clone()),
            hex: Hex::new(body.clone()),
            table: None,
            find: Find::default(),
            asking: None,
            side: None,
            is_at_end: false,
            document,
            marks,
        }
    }

    pub(super) fn document(&self) -> &Arc<Document> {
        &self.document
    }

    /// What is worth telling in the footer.
    pub(super) fn hints(&self) -> Vec<Hint> {
        let own = match self.view {
            View::Tree => Some((Action::ToggleFold, Some("fold"))),
            View::Table => Some((Action::SortColumn, Some("sort"))),
            View::Raw | View::Hex => None,
        };
        let others = [
            (Action::StartSearch, None),
            (Action::NextView, Some("view")),
        ];
        own.into_iter().chain(others).collect()
    }

    /// The value that is looked at.
    pub(super) fn node(&self) -> Option<NodeId> {
        match self.view {
            View::Tree => self.tree.as_ref()?.node(),
            View::Table => self.table.as_ref()?.node(),
            View::Raw | View::Hex => None,
        }
    }

    /// Tables of the keymap that apply while something is typed.
    pub(super) fn typing(&self) -> Option<&'static [&'static str]> {
        self.asking.as_ref().map(|asking| match asking.ask {
            Ask::Search | Ask::Text => &["search", "text", "always"][..],
            Ask::Path => &["text", "always"],
        })
    }

    pub(super) fn act(&mut self, action: Action) -> Reaction {
        if let Some(ask) = self.asking.as_ref().map(|asking| asking.ask) {
            return Reaction::Handled(self.act_while_typing(action, ask));
        }
        match action {
            Action::StartSearch => {
                self.find.begin(self.offset());
                self.asking = Some(Asking::new(Ask::Search, ""));
            }
            Action::GoToPath if self.tree.is_some() => {
                self.find.begin(self.offset());
                self.asking = Some(Asking::new(Ask::Path, ""));
            }
            Action::NextMatch | Action::PreviousMatch if self.find.is_open() => {
                self.find.step(action == Action::NextMatch);
                self.reveal_match();
                return Reaction::Handled(self.find.catch_up(&self.document));
            }
            Action::NextMatch | Action::PreviousMatch => {
                return Reaction::send(Msg::warning("nothing is searched for yet: press /"));
            }
            Action::Close if self.is_table_being_sorted() => {
                let table = self.table.as_mut();
                return Reaction::Handled(table.map_or_else(Vec::new, Table::stop_sorting));
            }
            Action::Close if self.find.is_open() => {
                return Reaction::Handled(self.find.forget());
            }
            Action::NextView => self.go_to_next_view(),
            Action::ShowTable => return self.toggle_table(),
            Action::SortColumn if self.view == View::Table => return self.sort(),
            Action::Open if self.view == View::Table => self.change_view(View::Tree),
            Action::Open if self.view == View::Tree => return self.open(),
            action => {
                if !self.act_in_view(action) {
                    return Reaction::Ignored;
                }
                self.is_at_end = action == Action::MoveLast;
            }
        }
        Reaction::done()
    }

    fn is_table_being_sorted(&self) -> bool {
        let table = self.table.as_ref().filter(|_| self.view == View::Table);
        table.is_some_and(Table::is_being_sorted)
    }

    fn act_in_view(&mut self, action: Action) -> bool {
        match self.view {
            View::Tree => self.tree.as_mut().is_some_and(|tree| tree.act(action)),
            View::Raw => self.text.act(action),
            View::Hex => self.hex.act(action),
            View::Table => self.table.as_mut().is_some_and(|table| table.act(action)),
        }
    }

    /// The array under or around the cursor as a table, and back.
    fn toggle_table(&mut self) -> Reaction {
        if self.view == View::Table {
            self.change_view(View::Tree);
            return Reaction::done();
        }
        let node = self
            .node()
            .or_else(|| self.document.at_offset(self.offset()));
        match Table::around(&self.document, node) {
            Some(table) => {
                // The same array stays sorted as it was.
                match &mut self.table {
                    Some(old) if old.array() == table.array() => {
                        old.reveal(node.unwrap_or(old.array()));
                    }
                    _ => self.table = Some(table),
                }
                self.view = View::Table;
                Reaction::done()
            }
            None if self.turn_to_table() => match self.view {
                View::Table => Reaction::done(),
                _ => self.toggle_table(),
            },
            None => Reaction::send(Msg::warning(
                "there is no array of objects to make a table of",
            )),
        }
    }

    fn sort(&mut self) -> Reaction {
        let Some(table) = &mut self.table else {
            return Reaction::Ignored;
        };
        Reaction::Handled(table.sort())
    }

    /// Shows all of a long string, folds or unfolds anything else.
    fn open(&mut self) -> Reaction {
        let Some(tree) = &mut self.tree else {
            return Reaction::Ignored;
        };
        match tree.long_string() {
            Some(node) => {
                let text = self.document.text(node).into_owned();
                Reaction::send(Msg::open(Modal::Note {
                    title: self.document.path(node),
                    lines: vec![text],
                }))
            }
            None => {
                tree.act(Action::Open);
                Reaction::done()
            }
        }
    }

    /// Moves to `node`, unfolding what hides it.
    pub(super) fn reveal(&mut self, node: NodeId) {
        if let Some(tree) = &mut self.tree {
            tree.reveal(node);
            self.view = View::Tree;
            self.is_at_end = false;
        }
    }

    fn reveal_match(&mut self) {
        if let Some(found) = self.find.current() {
            self.show(found.start);
        }
    }

    /// Brings the byte `offset` into sight.
    fn show(&mut self, offset: usize) {
        self.is_at_end = false;
        match (self.view, &mut self.tree) {
            (View::Tree, Some(tree)) => {
                if let Some(node) = self.document.at_offset(offset) {
                    tree.reveal(node);
                }
            }
            (View::Hex, _) => self.hex.show(offset),
            (View::Table, _) => {
                if let (Some(table), Some(node)) =
                    (&mut self.table, self.document.at_offset(offset))
                {
                    table.reveal(node);
                }
            }
            _ => self.text.show(offset),
        }
    }

    /// The byte that is looked at.
    fn offset(&self) -> usize {
        match (self.view, &self.tree) {
            (View::Tree, Some(tree)) => tree.offset(),
            (View::Hex, _) => self.hex.offset(),
            (View::Table, _) => self.node().map_or(0, |node| self.document.span(node).0),
            _ => self.text.offset(),
        }
    }

    fn next_view(&self) -> View {
        match self.view {
            View::Tree => View::Raw,
            View::Raw => View::Hex,
            View::Hex | View::Table if self.tree.is_some() => View::Tree,
            View::Hex | View::Table => View::Raw,
        }
    }

    /// Another view of the same place.
    fn change_view(&mut self, view: View) {
        let (offset, is_at_end) = (self.offset(), self.is_at_end);
        self.view = view;
        self.show(offset);
        self.is_at_end = is_at_end;
    }

    /// Takes over what a job has found; answers with what has to be done next.
    pub(super) fn follow(&mut self, model: &Model) -> Vec<Msg> {
        if self.find.follow(model) {
            self.reveal_match();
        }
        let table = self.table.as_mut();
        table
            .and_then(|table| table.follow(model))
            .into_iter()
            .collect()
    }

    pub(super) fn click(&mut self, row: usize) {
        self.is_at_end = false;
        match (self.view, &mut self.tree, &mut self.table) {
            (View::Tree, Some(tree), _) => tree.click(row),
            (View::Table, _, Some(table)) => table.click(row),
            _ => {}
        }
    }

    pub(super) fn wheel(&mut self, rows: isize) {
        self.is_at_end = false;
        match (self.view, &mut self.tree) {
            (View::Tree, Some(tree)) => tree.wheel(rows),
            (View::Hex, _) => self.hex.by(rows),
            (View::Table, _) => {
                if let Some(table) = &mut self.table {
                    table.by(rows);
                }
            }
            _ => self.text.by(rows),
        }
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let bottom = match &self.asking {
            Some(asking) => asking.height(),
            None => u16::from(self.find.is_open()),
        };
        let body = rows::top(area, area.height.saturating_sub(bottom));
        let lit = self.find.lit(&self.document);
        match (self.view, &mut self.tree) {
            (View::Tree, Some(tree)) => {
                let look = Look {
                    lit,
                    marks: self.marks.as_deref(),
                    ..Look::plain(&self.document, &[], 0)
                };
                tree.draw(frame, body, look, cx);
            }
            (View::Hex, _) => self.hex.draw(frame, body, lit, cx),
            (View::Table, _) => {
                if let Some(table) = &mut self.table {
                    table.draw(frame, body, lit, cx);
                }
            }
            _ => self.text.draw(frame, body, lit, cx),
        }
        let below = rows::below(area, body.height);
        match &mut self.asking {
            Some(asking) => asking.draw(frame, below, &self.find, cx),
            None if self.find.is_open() => {
                let line = line::kept(&self.find, usize::from(area.width), cx);
                rows::draw(frame, below, [line]);
            }
            None => {}
        }
    }
}
