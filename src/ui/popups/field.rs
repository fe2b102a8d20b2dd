//! A field of one line: what is typed and pasted into it, and how it is drawn.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Modifier;
use tui_textarea::{CursorMove, DataCursor, TextArea};

use crate::config::Role;
use crate::ui::pane::Cx;

/// A line of text that is being typed.
#[derive(Default)]
pub(crate) struct Field {
    area: TextArea<'static>,
}

/// How a field is drawn.
#[derive(Clone, Copy, Default)]
pub(crate) struct Look<'a> {
    /// Whether the cursor stands in it.
    pub(crate) is_active: bool,
    /// Whether what is typed is hidden.
    pub(crate) is_masked: bool,
    /// What stands in it while it is empty.
    pub(crate) placeholder: &'a str,
}

impl Field {
    /// A field that holds `text`, the cursor behind it.
    pub(crate) fn holding(text: &str) -> Self {
        let mut area = TextArea::from([text]);
        area.move_cursor(CursorMove::End);
        Self { area }
    }

    /// What it holds.
    pub(crate) fn text(&self) -> &str {
        self.area.lines().first().map_or("", String::as_str)
    }

    /// The byte that the cursor stands before.
    pub(crate) fn cursor(&self) -> usize {
        let DataCursor(_, letters) = self.area.cursor();
        let text = self.text();
        text.char_indices()
            .nth(letters)
            .map_or(text.len(), |(at, _)| at)
    }

    /// Puts `text` in the place of what stands between the byte `from` and the cursor.
    pub(crate) fn replace(&mut self, from: usize, text: &str) {
        let (old, cursor) = (self.text(), self.cursor());
        let before = old.get(..from).unwrap_or_default();
        let letters = before.chars().count() + text.chars().count();
        let after = old.get(cursor..).unwrap_or_default();
        self.area = TextArea::from([format!("{before}{text}{after}")]);
        let column = u16::try_from(letters).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(0, column));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// Empties it.
    pub(crate) fn take(&mut self) -> String {
        std::mem::take(&mut self.area).into_lines().concat()
    }

    /// Takes a key; answers with whether what it holds has changed.
    pub(crate) fn type_in(&mut self, key: KeyEvent) -> bool {
        self.area.set_max_histories(0); // nothing that was deleted is kept: it may be secret
        edit_line(&mut self.area, key)
    }

    /// Takes pasted text; answers with whether what it holds has changed.
    pub(crate) fn paste(&mut self, text: &str) -> bool {
        self.area.set_max_histories(0);
        // A copied URL may bring line breaks of the place where it was wrapped.
        let line: String = text
            .trim()
            .chars()
            .filter(|letter| !letter.is_control())
            .collect();
        self.area.insert_str(line)
    }

    pub(crate) fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, look: Look<'_>, cx: &Cx<'_>) {
        if area.is_empty() {
            return;
        }
        let style = cx.style(Role::Field);
        self.area.set_cursor_line_style(style);
        self.area.set_style(style);
        self.area.set_cursor_style(match look.is_active {
            true => style.add_modifier(Modifier::REVERSED),
            false => style,
        });
        match look.is_masked {
            true => self.area.set_mask_char('•'),
            false => self.area.clear_mask_char(),
        }
        self.area.set_placeholder_text(look.placeholder);
        self.area
            .set_placeholder_style(style.patch(cx.style(Role::Muted)));
        screen.buffer_mut().set_style(area, style);
        screen.render_widget(&self.area, area);
    }
}

/// Lets `key` edit, or move in, the line of the cursor. Other shortcuts of the text area would break the line, or keep a
/// copy of what was deleted.
pub(crate) fn edit_line(area: &mut TextArea<'_>, key: KeyEvent) -> bool {
    let is_ctrl = key.modifiers == KeyModifiers::CONTROL;
    let is_plain = (key.modifiers - KeyModifiers::SHIFT).is_empty();
    match key.code {
        KeyCode::Char('u') if is_ctrl => area.delete_line_by_head(),
        KeyCode::Char('w') if is_ctrl => area.delete_word(),
        KeyCode::Char(_) if is_plain => area.input_without_shortcuts(key),
        KeyCode::Backspace => area.delete_char(),
        KeyCode::Delete => area.delete_next_char(),
        KeyCode::Left if is_ctrl => walk(area, CursorMove::WordBack),
        KeyCode::Right if is_ctrl => walk(area, CursorMove::WordForward),
        KeyCode::Left => walk(area, CursorMove::Back),
        KeyCode::Right => walk(area, CursorMove::Forward),
        KeyCode::Home => walk(area, CursorMove::Head),
        KeyCode::End => walk(area, CursorMove::End),
        _ => false,
    }
}

/// Moves the cursor, which changes nothing of the text.
fn walk(area: &mut TextArea<'_>, to: CursorMove) -> bool {
    area.move_cursor(to);
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(field: &mut Field, code: KeyCode, modifiers: KeyModifiers) -> bool {
        field.type_in(KeyEvent::new(code, modifiers))
    }

    #[test]
    fn a_field_is_edited_in_its_middle_and_stays_one_line() {
        let mut field = Field::holding("ac");
        let none = KeyModifiers::NONE;
        assert!(!press(&mut field, KeyCode::Left, none));
        assert!(press(&mut field, KeyCode::Char('b'), none));
        assert!(!press(&mut field, KeyCode::End, none));
        assert!(field.paste(" \r\nd\n"));
        assert!(!press(&mut field, KeyCode::Enter, none));
        assert!(!press(
            &mut field,
            KeyCode::Char('k'),
            KeyModifiers::CONTROL
        ));
        assert_eq!(field.text(), "abcd");
        assert!(press(&mut field, KeyCode::Char('u'), KeyModifiers::CONTROL));
        assert!(field.is_empty());
    }

    #[test]
    fn what_stands_before_the_cursor_is_replaced() {
        let mut field = Field::holding("é.ab | .c");
        for _ in 0..5 {
            press(&mut field, KeyCode::Left, KeyModifiers::NONE);
        }
        assert_eq!(field.cursor(), 5);
        field.replace(3, "accounts");
        assert_eq!((field.text(), field.cursor()), ("é.accounts | .c", 11));
    }
}
