//! The Body tab: the text of the body, with line numbers and the place where it breaks.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use tui_textarea::{CursorMove, TextArea};

use crate::app::Msg;
use crate::app::composer::{self, Request};
use crate::config::Role;
use crate::domain::Endpoint;
use crate::ui::pane::Cx;
use crate::ui::popups::field;
use crate::ui::widgets::{rows, wrap};

/// What Tab types.
const INDENT: &str = "  ";
/// Lines that a page has, where none was drawn yet.
const PAGE: u16 = 10;

/// How the text of the body is looked at.
#[derive(Default)]
pub(super) struct BodyText {
    area: TextArea<'static>,
    /// The text as the model has it.
    text: String,
    /// Rows of the last drawing.
    height: u16,
}

impl BodyText {
    /// Takes the text over where it was changed elsewhere.
    pub(super) fn follow(&mut self, request: &Request) {
        if self.text != request.raw {
            self.text.clone_from(&request.raw);
            let lines = request.raw.split('\n');
            self.area = lines.map(|line| line.trim_end_matches('\r')).collect();
        }
    }

    pub(super) fn type_in(&mut self, key: KeyEvent) -> Vec<Msg> {
        self.area.set_max_histories(0); // nothing that was deleted is kept: it may be secret
        let page = i32::from(if self.height == 0 { PAGE } else { self.height });
        let has_changed = match key.code {
            KeyCode::Enter => self.break_line(),
            KeyCode::Tab => self.area.insert_str(INDENT),
            KeyCode::Up => self.walk(CursorMove::Up),
            KeyCode::Down => self.walk(CursorMove::Down),
            KeyCode::PageUp => self.leap(-page),
            KeyCode::PageDown => self.leap(page),
            _ => field::edit_line(&mut self.area, key),
        };
        self.typed(has_changed)
    }

    pub(super) fn paste(&mut self, text: &str) -> Vec<Msg> {
        self.area.set_max_histories(0);
        // Terminals send the line breaks of a paste as carriage returns.
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let is_text = |letter: &char| matches!(letter, '\n' | '\t') || !letter.is_control();
        let text: String = text.chars().filter(is_text).collect();
        let has_changed = self.area.insert_str(text);
        self.typed(has_changed)
    }

    pub(super) fn wheel(&mut self, rows: isize) {
        self.leap(i32::try_from(rows).unwrap_or_default());
    }

    fn typed(&mut self, has_changed: bool) -> Vec<Msg> {
        if !has_changed {
            return Vec::new();
        }
        self.text = self.area.lines().join("\n");
        vec![Msg::Composer(composer::Msg::TypedRaw(self.text.clone()))]
    }

    /// The new line begins below the first letter of the old one.
    fn break_line(&mut self) -> bool {
        let row = self.area.cursor().0;
        let line = self.area.lines().get(row).map_or("", String::as_str);
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let blanks = " ".repeat(blanks.min(self.area.cursor().1));
        self.area.insert_newline();
        self.area.insert_str(blanks);
        true
    }

    fn walk(&mut self, to: CursorMove) -> bool {
        self.area.move_cursor(to);
        false
    }

    fn leap(&mut self, rows: i32) -> bool {
        let to = match rows {
            ..0 => CursorMove::Up,
            _ => CursorMove::Down,
        };
        (0..rows.unsigned_abs()).for_each(|_| self.area.move_cursor(to));
        false
    }

    pub(super) fn draw(
        &mut self,
        screen: &mut Frame<'_>,
        area: Rect,
        request: &Request,
        endpoint: &Endpoint,
        cx: &Cx<'_>,
    ) {
        let (role, words) = match &request.fault {
            Some(fault) if request.is_free() => {
                let place = format!("no JSON from line {}, column {}", fault.line, fault.column);
                (Role::Warning, format!("{place} on; it is sent as it is"))
            }
            Some(fault) => {
                let place = format!("✗ line {}, column {}", fault.line, fault.column);
                (Role::Danger, format!("{place}: {}", fault.reason))
            }
            None if request.is_free() => (Role::Muted, "sent as it is".into()),
            None if endpoint.form => (Role::Muted, "sent as fields of a web form".into()),
            None => (Role::Muted, "in step with the form".into()),
        };
        let said = wrap::words(&words, area.width.into());
        let below = rows::count(said.len()).min(area.height / 2);
        let gap = u16::from(area.height > 8);
        let text = rows::top(area, area.height.saturating_sub(below + gap));
        self.draw_text(screen, text, cx);
        if let (Some(fault), false) = (&request.fault, request.is_free()) {
            self.mark(screen, text, fault.line, cx);
        }
        let place = rows::below(area, text.height + gap);
        rows::draw(screen, place, said.iter().map(|line| cx.line(role, line)));
    }

    fn draw_text(&mut self, screen: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        self.height = area.height;
        self.area.set_style(cx.style(Role::Text));
        self.area.set_cursor_line_style(Style::default());
        self.area.set_line_number_style(cx.style(Role::Muted));
        let cursor = cx.style(Role::Text).add_modifier(Modifier::REVERSED);
        self.area.set_cursor_style(cursor);
        if !area.is_empty() {
            screen.render_widget(&self.area, area);
        }
    }

    /// Makes the number of the line stand out in which the text breaks.
    fn mark(&self, screen: &mut Frame<'_>, area: Rect, line: usize, cx: &Cx<'_>) {
        let top = usize::from(self.area.scroll_offset().0);
        let Some(row) = line
            .checked_sub(1 + top)
            .filter(|row| *row < area.height.into())
        else {
            return; // out of sight
        };
        let number = Rect {
            width: self.area.line_number_width().min(area.width),
            ..rows::top(rows::below(area, rows::count(row)), 1)
        };
        screen
            .buffer_mut()
            .set_style(number, cx.style(Role::Danger));
    }
}
