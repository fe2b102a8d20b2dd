//! How one tab is looked at: which row is selected, how far it is scrolled, by what it is filtered and sorted.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use ratatui::text::{Line, Span};
use tui_textarea::TextArea;

use crate::config::{Action, Role};
use crate::ui::pane::Cx;
use crate::ui::panes::resources::cells::Cells;
use crate::ui::panes::resources::kinds::Kind;
use crate::ui::panes::resources::order::Sort;
use crate::ui::panes::resources::sheet::Sheet;
use crate::ui::panes::resources::table::Table;
use crate::ui::panes::resources::words;
use crate::ui::panes::users::{highlight, marker};
use crate::ui::widgets::amount;
use crate::ui::widgets::rows;
use crate::ui::widgets::scroll::{self, Scroll};

/// Rows for the names of the columns.
const HEAD: u16 = 1;
/// Rows of a table below which nothing more is told of the selected row.
const ENOUGH: u16 = 4;
/// Columns in front of the filter.
const SLASH: u16 = 3;

/// How one tab is looked at.
#[derive(Default)]
pub(super) struct View {
    pub(super) sheet: Sheet,
    scroll: Scroll,
    /// The selected row of the list. It stays selected when rows are put in another order.
    row: usize,
    pub(super) sort: Option<Sort>,
    field: TextArea<'static>,
    /// Whether letters go into the filter.
    pub(super) is_typing: bool,
    /// Numbers of the columns that were seen at the last drawing.
    columns: Vec<usize>,
    /// Rows above the first of the list at the last drawing.
    above: u16,
}

impl View {
    /// Catches up with the list.
    pub(super) fn follow(&mut self, kind: &Kind, cells: Cells<'_>) {
        let filter = self.field.lines().concat();
        self.sheet.follow(kind, cells, self.sort, &filter);
        if self.sheet.position(self.row).is_none() {
            self.row = self.sheet.row(0).unwrap_or(0);
        }
    }

    /// Forgets what was looked at, for another user.
    pub(super) fn leave(&mut self) {
        *self = Self {
            sort: self.sort,
            ..Self::default()
        };
    }

    /// The selected row of the list, if any row is shown.
    pub(super) fn selected(&self) -> Option<usize> {
        self.sheet.position(self.row).map(|_| self.row)
    }

    /// Moves the selection as `action` says; answers whether it was about that and is at the last row now.
    pub(super) fn step(&mut self, action: Action) -> Option<bool> {
        let last = self.sheet.len().saturating_sub(1);
        let at = self.sheet.position(self.row).unwrap_or(0);
        let next = scroll::step(action, at, last, self.scroll.page())?;
        self.row = self.sheet.row(next).unwrap_or(self.row);
        Some(next == last)
    }

    /// Selects the row that was drawn `row` rows below the first of the pane.
    pub(super) fn click(&mut self, row: usize) {
        let position = row
            .checked_sub(usize::from(self.above + HEAD))
            .map(|row| row + self.scroll.offset());
        if let Some(row) = position.and_then(|position| self.sheet.row(position)) {
            self.row = row;
        }
    }

    /// Sorts by the next column that is seen, and behind the last of them as it is listed.
    pub(super) fn sort_next(&mut self, kind: &Kind) {
        let place = |sort: Sort| self.columns.iter().position(|one| *one == sort.column);
        let next = match self.sort.map(place) {
            None => 0,
            Some(place) => place.map_or(usize::MAX, |place| place + 1),
        };
        let column = self.columns.get(next).copied();
        self.sort =
            column.and_then(|number| Some(Sort::by(number, kind.columns.get(number)?.shows)));
    }

    /// Sorts the other way round.
    pub(super) fn reverse(&mut self) {
        if let Some(sort) = &mut self.sort {
            sort.is_descending = !sort.is_descending;
        }
    }

    /// Shows all rows again; answers whether some were left out.
    pub(super) fn clear(&mut self) -> bool {
        let was_filtered = !self.field.is_empty() || self.is_typing;
        self.field = TextArea::default();
        self.is_typing = false;
        was_filtered
    }

    /// Whether the line of the filter is shown.
    pub(super) fn has_filter(&self) -> bool {
        self.is_typing || !self.field.is_empty()
    }

    pub(super) fn type_in(&mut self, key: KeyEvent) {
        match (key.modifiers, key.code) {
            (KeyModifiers::CONTROL, KeyCode::Char('u')) => {
                self.field.delete_line_by_head();
            }
            (KeyModifiers::CONTROL, KeyCode::Char('w')) => {
                self.field.delete_word();
            }
            (KeyModifiers::CONTROL, _) | (_, KeyCode::Enter | KeyCode::Tab) => {} // would break the line
            // Nothing is left to take away: the line goes.
            (_, KeyCode::Backspace) if self.field.is_empty() => self.is_typing = false,
            _ => drop(self.field.input_without_shortcuts(key)),
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        let line: String = text
            .trim()
            .chars()
            .filter(|one| !one.is_control())
            .collect();
        self.field.insert_str(line);
    }

    /// Draws the table with what stands around it.
    pub(super) fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        kind: &'static Kind,
        cells: Cells<'_>,
        cx: &Cx<'_>,
    ) {
        let mut area = self.draw_above(frame, area, kind, cells, cx);
        if self.sheet.len() == 0 {
            return;
        }
        let table = rows::count(self.sheet.len()).saturating_add(HEAD);
        let enough = match words::went_wrong(cells, self.row) {
            Some(_) => HEAD + 1, // why is worth a row
            None => ENOUGH.min(table),
        };
        if area.height > enough {
            area.height = table.min(area.height - 1);
            let below = Rect {
                y: area.bottom(),
                height: 1,
                ..area
            };
            let line = match cells.list.is_loading_all {
                true => words::progress(cells.list, cx),
                false => words::detail(kind, cells, self.row, area.width, cx),
            };
            rows::draw(frame, below, [line]);
        }
        let total = self.sheet.len();
        let at = self.sheet.position(self.row).unwrap_or(0);
        let height = area.height.saturating_sub(HEAD).max(1);
        let first = self.scroll.show(at, total, height);
        let table = Table::new(kind, &self.sheet, self.sort, area.width);
        self.columns = table.numbers().collect();
        let head = std::iter::once(table.head(cx));
        let seen = first..total.min(first + usize::from(height));
        let lines = seen.filter_map(|position| {
            let row = self.sheet.row(position)?;
            let is_selected = position == at;
            let mut spans = vec![marker(is_selected, cx)];
            spans.extend(table.cells(cells, row, is_selected, cx));
            Some(highlight(Line::from(spans), is_selected, cx))
        });
        rows::draw(frame, area, head.chain(lines));
    }

    /// Draws what stands above the table, and answers with what is left of `area`.
    fn draw_above(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        kind: &Kind,
        cells: Cells<'_>,
        cx: &Cx<'_>,
    ) -> Rect {
        let mut rest = area;
        if let Some(scope) = words::scope(kind, cells, cx) {
            rows::draw(frame, rest, [scope]);
            rest = rows::below(rest, 1);
        }
        // What went wrong with the newest page stands above the rows that are there.
        let message = words::message(kind, Some(cells.list), area.width, cx);
        let count = rows::count(message.len());
        rows::draw(frame, rest, message);
        rest = rows::below(rest, count);
        if self.has_filter() && !rest.is_empty() {
            self.draw_filter(frame, rows::top(rest, 1), cells, cx);
            rest = rows::below(rest, 1);
        }
        self.above = area.height - rest.height;
        if self.sheet.len() == 0 && self.sheet.is_filtered() && !cells.list.rows.is_empty() {
            let key = cx.key("text", Action::Close);
            let none = format!("no row has that; {key} shows all");
            rows::draw(
                frame,
                rest,
                words::lines(Role::Muted, &none, area.width, cx),
            );
        }
        rest
    }

    fn draw_filter(&mut self, frame: &mut Frame<'_>, row: Rect, cells: Cells<'_>, cx: &Cx<'_>) {
        let room = row.width / 2;
        let count = words::matches(self.sheet.len(), cells.list, room, cx);
        let width = rows::count(rows::width(&count)).min(room);
        let role = if self.is_typing {
            Role::Key
        } else {
            Role::Muted
        };
        rows::draw(frame, row, [Line::from(cx.span(role, " / "))]);
        let room = row.width.saturating_sub(width + SLASH + 1);
        let field = Rect {
            x: row.x + SLASH.min(row.width),
            width: room,
            ..row
        };
        let text = cx.style(Role::Text);
        let cursor = match self.is_typing {
            true => text.add_modifier(Modifier::REVERSED),
            false => text,
        };
        self.field.set_style(text);
        self.field.set_cursor_line_style(text);
        self.field.set_cursor_style(cursor);
        self.field.set_max_histories(0);
        if !field.is_empty() {
            frame.render_widget(&self.field, field);
        }
        let end = Rect {
            x: row.right().saturating_sub(width),
            width,
            ..row
        };
        rows::draw(frame, end, [Line::from(count)]);
    }

    /// Rows that it would like.
    pub(super) fn rows(&self, kind: &Kind, cells: Cells<'_>, columns: u16, cx: &Cx<'_>) -> u16 {
        let scope = usize::from(words::scope(kind, cells, cx).is_some());
        let filter = usize::from(self.has_filter());
        let message = words::message(kind, Some(cells.list), columns, cx).len();
        // The height stays while rows are filtered: panes below would jump at each letter.
        let table = match cells.list.rows.len() {
            0 => 0,
            rows => rows + usize::from(HEAD) + 1,
        };
        rows::count(scope + filter + message + table)
    }
}

/// The number of rows as it stands at the end of the title.
pub(super) fn count(
    found: Option<usize>,
    total: usize,
    has_more: bool,
    cx: &Cx<'_>,
) -> Span<'static> {
    let total = amount::grouped(total);
    let more = if has_more { ", more below" } else { "" };
    let words = match found {
        Some(found) => format!("{} of {total}", amount::grouped(found)),
        None => format!("{total}{more}"),
    };
    cx.span(Role::Muted, words)
}
