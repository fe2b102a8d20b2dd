//! Requests that last: the saved ones and the history, each a tab with a search of its own.

mod acting;
mod history;
mod list;
mod marks;
mod saved;
mod words;

use std::collections::BTreeSet;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;

use crate::app::{Modal, Model, Msg, history as kept, saved as files};
use crate::config::{Action, Role};
use crate::domain::SavedKey;
use crate::domain::history::EntryId;
use crate::ui::layout::{Slot, Wish};
use crate::ui::pane::{Cx, Pane, Reaction};
use crate::ui::panes::requests::list::List;
use crate::ui::widgets::{amount, rows};

/// Tables of `keymap.toml` that apply while a search is typed.
const TYPING: &[&str] = &["filter", "text", "always"];
/// Rows that make a list of any use.
const ENOUGH: u16 = 3;
/// Rows of the shortest list while it is searched.
const WITH_SEARCH: u16 = 2;
/// Rows that are enough to choose from, while other panes want theirs.
const PLENTY: u16 = 30;

/// The tabs in order.
const TABS: [&str; 2] = ["Saved", "History"];

/// How saved requests and history are looked at.
#[derive(Default)]
pub(crate) struct Requests {
    is_history: bool,
    saved: List,
    /// Columns of the names of saved requests, and of what they call.
    widths: (usize, usize),
    /// Where the cursor was among the saved requests when they were looked at last: what was searched for, row, request.
    was: Option<(String, usize, SavedKey)>,
    /// Places in the list of saved requests that the search has left, in order.
    found: Vec<usize>,
    history: List,
    /// Saved requests that are marked, to be sent one after the other.
    marked: BTreeSet<SavedKey>,
    /// Exchanges of the history that are marked, to be taken out together; they need not be listed.
    marked_entries: BTreeSet<EntryId>,
}

impl Requests {
    /// Takes over what has changed in the model.
    fn catch_up(&mut self, model: &Model) {
        let items = &model.saved.items;
        self.found = saved::find(items, self.saved.text());
        self.widths = saved::widths(items);
        // Files that come or go above it do not move the cursor to another request.
        if let Some((text, row, key)) = self.was.take()
            && (text.as_str(), row) == (self.saved.text(), self.saved.row())
            && let Some(row) = self
                .found
                .iter()
                .position(|at| items.get(*at).is_some_and(|item| item.key == key))
        {
            self.saved.choose(row);
        }
        self.saved.fit(self.found.len());
        let (text, row) = (self.saved.text().to_owned(), self.saved.row());
        self.was = self.item(model).map(|item| (text, row, item.key.clone()));
        self.marked
            .retain(|key| items.iter().any(|item| item.key == *key));
        history::follow(&mut self.history, &model.history);
    }
}

impl Pane for Requests {
    fn id(&self) -> &'static str {
        "requests"
    }

    fn title(&self) -> &'static str {
        "Requests"
    }

    fn focus(&self) -> Action {
        Action::FocusRequests
    }

    fn contexts(&self) -> &'static [&'static str] {
        &["list"]
    }

    fn typing(&self) -> Option<&'static [&'static str]> {
        self.list().is_typing.then_some(TYPING)
    }

    fn slot(&self) -> Slot {
        Slot::Shelf
    }

    fn wish(&self, cx: &Cx<'_>, columns: u16) -> Wish {
        let most = match self.rows_of_all(cx.model) {
            0 => rows::count(self.words(columns, cx).len()),
            count => rows::count(count),
        };
        // A search takes a row from the list, not from other panes: they would move under the eye.
        let most = most.max(WITH_SEARCH);
        Wish {
            least: most.min(ENOUGH),
            most: most.min(PLENTY),
        }
    }

    fn hints(&self, model: &Model) -> Vec<(Action, Option<&'static str>)> {
        if self.typing().is_some() {
            return vec![
                (Action::Confirm, Some("keep it")),
                (Action::Close, Some("all")),
                (Action::MoveDown, Some("next row")),
            ];
        }
        let other = if self.is_history { "saved" } else { "history" };
        let mut hints = vec![(Action::Open, Some("read"))];
        if self.rows(model) == 0 {
            hints.clear();
            if !self.is_history && !self.saved.has_line() {
                hints.push((Action::AddAnother, Some("add examples")));
            }
        } else if self.is_history {
            hints.extend([
                (Action::Reload, Some("send again")),
                (Action::Replay, Some("and compare")),
                (
                    Action::Export,
                    Some(match self.marked_entries.is_empty() {
                        true => "export",
                        false => "export marked",
                    }),
                ),
                (Action::MarkRequest, Some("mark")),
                (Action::ComposeAgain, Some("compose")),
                (Action::SaveRequest, Some("save")),
            ]);
        } else {
            let run = if self.marked.is_empty() {
                "and compare"
            } else {
                "send marked"
            };
            let is_whole = self.item(model).is_none_or(|item| item.request.is_ok());
            let all = [
                (Action::Reload, "send", is_whole),
                (Action::Replay, run, is_whole || !self.marked.is_empty()),
                (Action::ComposeAgain, "compose", is_whole),
                (Action::MarkRequest, "mark", is_whole),
                (Action::RunAsAll, "as all users", is_whole),
                (Action::DeleteSelected, "delete", true),
            ];
            let works = all.into_iter().filter(|(.., works)| *works);
            hints.extend(works.map(|(action, words, _)| (action, Some(words))));
        }
        if model.run.is_some() {
            hints.push((Action::ShowRun, Some("last run")));
        }
        hints.extend([
            (Action::FilterRows, Some("search")),
            (Action::NextList, Some(other)),
        ]);
        if self.list().has_line() {
            hints.insert(0, (Action::Close, Some("all")));
        } else if self.can_unmark(model) {
            hints.push((Action::Close, Some("mark none")));
        }
        hints
    }

    fn summary(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let saved = cx.model.saved.items.len();
        let mut spans = vec![cx.span(Role::Muted, format!("{} saved", amount::grouped(saved)))];
        if let Some(total) = cx.model.history.total {
            spans.push(cx.span(Role::Muted, format!(" · {} kept", amount::grouped(total))));
        }
        spans
    }

    fn tabs(&self) -> Option<(Vec<&'static str>, usize)> {
        Some((TABS.to_vec(), usize::from(self.is_history)))
    }

    fn mark(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let run = cx.model.run.as_ref().filter(|run| run.is_busy());
        let words = match (run, self.is_history) {
            (Some(run), _) => format!("{} {}/{}", cx.spinner(), run.done(), run.legs.len()),
            (None, _) if self.count_marked() > 0 => {
                format!("{} marked", amount::grouped(self.count_marked()))
            }
            (None, false) => amount::grouped(cx.model.saved.items.len()),
            (None, true) => cx
                .model
                .history
                .total
                .map(amount::grouped)
                .unwrap_or_default(),
        };
        vec![cx.span(Role::Muted, words)]
    }

    fn act(&mut self, action: Action, model: &Model) -> Reaction {
        let count = self.rows(model);
        match action {
            Action::NextList | Action::PreviousList => {
                self.is_history = !self.is_history;
                return Reaction::Handled(self.visit(model));
            }
            Action::ShowRun => {
                return Reaction::send(match model.run {
                    Some(_) => Msg::open(Modal::Run),
                    None => Msg::warning("nothing was run yet: mark some (Space), send them (R)"),
                });
            }
            Action::FilterRows => {
                self.list_mut().is_typing = true;
                return Reaction::done();
            }
            Action::Close if self.list().has_line() => {
                return Reaction::Handled(self.show_all(model));
            }
            Action::Close if self.can_unmark(model) => {
                match self.is_history {
                    true => self.marked_entries.clear(),
                    false => self.marked.clear(),
                }
                return Reaction::done();
            }
            Action::Confirm if self.list().is_typing => {
                self.list_mut().keep();
                return Reaction::done();
            }
            action if self.list_mut().step(action, count) => {
                let is_near_end = self.is_history && self.history.is_near_end(count);
                return match is_near_end && !model.history.is_complete {
                    true => Reaction::send(Msg::History(kept::Msg::More)),
                    false => Reaction::done(),
                };
            }
            _ => {}
        }
        match self.is_history {
            true => self.act_on_history(action, model),
            false => self.act_on_saved(action, model),
        }
    }

    fn visit(&mut self, _model: &Model) -> Vec<Msg> {
        // Files may have been edited elsewhere since.
        match self.is_history {
            true => vec![Msg::History(kept::Msg::Visit)],
            false => vec![Msg::Saved(files::Msg::Reload)],
        }
    }

    fn type_in(&mut self, key: KeyEvent, model: &Model) -> Vec<Msg> {
        self.list_mut().type_in(key);
        self.catch_up(model);
        self.searched()
    }

    fn paste(&mut self, text: &str, model: &Model) -> Vec<Msg> {
        self.list_mut().paste(text);
        self.catch_up(model);
        self.searched()
    }

    fn click(&mut self, row: usize, model: &Model) -> Reaction {
        let count = self.rows(model);
        self.list_mut().click(row, count);
        Reaction::done()
    }

    fn follow(&mut self, model: &Model) -> Vec<Msg> {
        self.catch_up(model);
        Vec::new()
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let count = self.rows(cx.model);
        let found = count;
        let area = self.list_mut().draw_line(frame, area, found, cx);
        if count == 0 {
            let lines = self.words(area.width, cx);
            return rows::draw(frame, area, lines);
        }
        let seen = self.list_mut().seen(count, area.height);
        let chosen = self.list().row();
        let times = history::times(&cx.model.history.lines, cx);
        let lines = seen.filter_map(|row| {
            let is_chosen = row == chosen;
            match self.is_history {
                true => {
                    let line = cx.model.history.lines.get(row)?;
                    let look = (is_chosen, self.marked_entries.contains(&line.id));
                    Some(history::line(line, look, times, area.width, cx))
                }
                false => {
                    let item = cx.model.saved.items.get(*self.found.get(row)?)?;
                    let is_marked = self.marked.contains(&item.key);
                    Some(saved::line(
                        item,
                        (is_chosen, is_marked),
                        self.widths,
                        area.width,
                        cx,
                    ))
                }
            }
        });
        rows::draw(frame, area, lines.collect::<Vec<_>>());
    }
}

impl Requests {
    fn list(&self) -> &List {
        if self.is_history {
            &self.history
        } else {
            &self.saved
        }
    }

    fn list_mut(&mut self) -> &mut List {
        if self.is_history {
            &mut self.history
        } else {
            &mut self.saved
        }
    }

    /// Rows of the open tab.
    fn rows(&self, model: &Model) -> usize {
        match self.is_history {
            true => model.history.lines.len(),
            false => self.found.len(),
        }
    }

    /// The same if nothing is searched for: the pane keeps its place while somebody types.
    fn rows_of_all(&self, model: &Model) -> usize {
        let all = match self.is_history {
            true => model.history.total.unwrap_or(0),
            false => model.saved.items.len(),
        };
        match self.list().has_line() {
            true => all.max(self.rows(model)),
            false => self.rows(model),
        }
    }

    /// What stands there where there are no rows.
    fn words(&self, columns: u16, cx: &Cx<'_>) -> Vec<ratatui::text::Line<'static>> {
        match self.is_history {
            true => words::no_history(!self.history.text().is_empty(), columns, cx),
            false => words::no_saved(!self.saved.text().is_empty(), columns, cx),
        }
    }

    /// The history is searched by its store, saved requests as they stand here.
    fn searched(&self) -> Vec<Msg> {
        match self.is_history {
            true => vec![Msg::History(kept::Msg::Search(
                self.history.text().to_owned(),
            ))],
            false => Vec::new(),
        }
    }
}
