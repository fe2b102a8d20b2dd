//! The last row: the keys that work here now, or what just happened.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::config::{Action, Role};
use crate::domain::Environment;
use crate::ui::pane::Cx;
use crate::ui::widgets::{measure, rows, visible};

/// A key and what it does here.
pub(crate) type Hint = (Action, Option<&'static str>);

/// Draws the hints for `contexts`: `first` as far as they fit, `last` always, at the right.
pub(crate) fn draw(
    frame: &mut Frame<'_>,
    area: Rect,
    contexts: &[&str],
    first: &[Hint],
    last: &[Hint],
    cx: &Cx<'_>,
) {
    let columns = usize::from(area.width);
    let mut right = Vec::new();
    for hint in last {
        let spans = spans(*hint, contexts, cx);
        if rows::width(&right) + rows::width(&spans) + 2 <= columns {
            right.extend(spans);
        }
    }
    let mark = environment(cx);
    let room = columns.saturating_sub(rows::width(&right) + rows::width(&mark) + 1);
    let left = match notice(cx, room) {
        Some(notice) => notice,
        None => hints(first, contexts, room, cx),
    };
    let mut line = mark;
    line.push(Span::raw(" "));
    line.extend(left);
    let blanks = columns.saturating_sub(rows::width(&line) + rows::width(&right));
    line.push(Span::raw(" ".repeat(blanks)));
    line.extend(right);
    rows::draw(frame, area, [Line::from(line)]);
}

/// Where real money moves, the word for it stands before every key.
fn environment(cx: &Cx<'_>) -> Vec<Span<'static>> {
    match cx.model.profiles.current.environment {
        Environment::Production => vec![cx.span(Role::Production, " PRODUCTION ")],
        _ => Vec::new(),
    }
}

/// As many whole hints as fit.
fn hints(hints: &[Hint], contexts: &[&str], room: usize, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let mut line = Vec::new();
    for hint in hints {
        let spans = spans(*hint, contexts, cx);
        if rows::width(&line) + rows::width(&spans) > room {
            break;
        }
        line.extend(spans);
    }
    line
}

/// `a sign in` and a gap behind it; nothing for an action without a key here.
fn spans(hint: Hint, contexts: &[&str], cx: &Cx<'_>) -> Vec<Span<'static>> {
    let (action, words) = hint;
    let Some(keys) = cx.keymap.keys(contexts, action) else {
        return Vec::new();
    };
    let words = words.map_or_else(|| action.meaning().to_lowercase(), ToOwned::to_owned);
    vec![
        cx.span(Role::Key, keys),
        cx.span(Role::Muted, format!(" {words}")),
        Span::raw("  "),
    ]
}

/// What just happened, cut between words where it is longer than `room`.
fn notice(cx: &Cx<'_>, room: usize) -> Option<Vec<Span<'static>>> {
    let notice = cx.model.notices.current.as_ref()?;
    let role = if notice.is_warning {
        Role::Danger
    } else {
        Role::Success
    };
    let mark = if notice.is_warning { "! " } else { "✓ " };
    let text = notice.text.replace("\nhint: ", " · ").replace('\n', " ");
    let text = visible::visible(&text);
    let room = room.saturating_sub(4);
    let mut shown = String::new();
    for word in text.split(' ') {
        if measure::width(&shown) + measure::width(word) + 1 > room {
            shown.push('…');
            break;
        }
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(word);
    }
    Some(vec![
        cx.span(role, mark),
        cx.span(role, shown),
        Span::raw("  "),
    ])
}
