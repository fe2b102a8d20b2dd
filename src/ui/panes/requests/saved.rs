//! The tab of saved requests: which the search has left, and a row of each.

use ratatui::text::{Line, Span};

use crate::app::saved::{self, Item};
use crate::config::Role;
use crate::domain::{Place, SavedRequest};
use crate::ui::pane::Cx;
use crate::ui::panes::users::{highlight, marker};
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// Columns around a name: the cursor and the mark in front of it, and air behind it.
const EDGE: usize = 6;
/// From here on there is room for what is called, and for the beginning of what it is for.
const WIDE: u16 = 50;
/// Fewer columns than this tell nothing of what it is for.
const ENOUGH: usize = 16;
/// Most columns of a name where there is more to tell.
const NAMES: usize = 32;
/// Most columns of what is called.
const CALLS: usize = 28;

/// Places of the items that have each word of `text` in name, description or call.
pub(super) fn find(items: &[Item], text: &str) -> Vec<usize> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let has = |item: &Item| {
        let mut all = item.key.name.to_lowercase();
        if let Ok(request) = &item.request {
            all = format!(
                "{all} {} {}",
                request.description.to_lowercase(),
                request.call
            );
        }
        words.iter().all(|word| all.contains(word))
    };
    let places = items
        .iter()
        .enumerate()
        .filter(|(_, item)| words.is_empty() || has(item));
    places.map(|(place, _)| place).collect()
}

/// Columns of the names, and of what is called, as far as all of `items` need them.
pub(super) fn widths(items: &[Item]) -> (usize, usize) {
    let widest = |width: fn(&Item) -> usize| items.iter().map(width).max().unwrap_or(0);
    let call = |item: &Item| match &item.request {
        Ok(request) => measure::width(&request.call.to_string()),
        Err(_) => 0,
    };
    let names = widest(|item| measure::width(&item.key.name));
    (names.min(NAMES), widest(call).min(CALLS))
}

/// One row.
pub(super) fn line(
    item: &Item,
    (is_chosen, is_marked): (bool, bool),
    (names, calls): (usize, usize),
    columns: u16,
    cx: &Cx<'_>,
) -> Line<'static> {
    let room = usize::from(columns).saturating_sub(EDGE);
    let names = if columns >= WIDE { names } else { room };
    let (mark, wrong) = match (is_marked, &item.request) {
        (true, Ok(_)) => ("●", " "),
        (true, Err(_)) => ("●", "✗ "),
        (false, Err(_)) => ("", "✗ "),
        (false, Ok(_)) => ("", "  "),
    };
    let mut cursor = marker(is_chosen, cx);
    if is_marked && item.request.is_err() {
        cursor.content.to_mut().pop(); // what is wrong stands beside the mark
    }
    let mut spans = vec![
        cursor,
        cx.span(Role::Accent, mark),
        cx.span(Role::Danger, wrong),
    ];
    spans.extend(name(item, names, cx));
    match &item.request {
        Ok(request) if columns >= WIDE => {
            let used = rows::width(&spans);
            spans.push(Span::raw(" ".repeat((names + EDGE).saturating_sub(used))));
            let left = room.saturating_sub(names + 1);
            spans.extend(more(item.key.place, request, (calls, left), cx));
        }
        Ok(_) => {}
        Err(problem) => {
            let used = rows::width(&spans);
            let start = if columns >= WIDE { names + EDGE } else { 0 };
            spans.push(Span::raw(" ".repeat(start.saturating_sub(used).max(2))));
            let left = usize::from(columns).saturating_sub(rows::width(&spans) + 1);
            let words = saved::mistake(&problem.what);
            let words = measure::fit_words(&visible(&words), left).into_owned();
            if left >= ENOUGH.min(measure::width(&words)) {
                spans.push(cx.span(Role::Danger, words));
            }
        }
    }
    highlight(Line::from(spans), is_chosen, cx)
}

/// Folders in front of the name stand back.
fn name(item: &Item, columns: usize, cx: &Cx<'_>) -> [Span<'static>; 2] {
    let name = visible(&item.key.name);
    let shown = measure::fit(&name, columns);
    let at = shown.rfind('/').map_or(0, |at| at + 1);
    let (folder, base) = shown.split_at(at);
    let role = match item.request {
        Ok(_) => Role::Text,
        Err(_) => Role::Danger,
    };
    [cx.span(Role::Muted, folder), cx.span(role, base)]
}

/// What is called, and what it is for.
fn more(
    place: Place,
    request: &SavedRequest,
    (calls, columns): (usize, usize),
    cx: &Cx<'_>,
) -> Vec<Span<'static>> {
    let call = request.call.to_string();
    let calls = calls.min(columns);
    let call = measure::pad(&measure::fit(&visible(&call), calls), calls);
    let left = columns.saturating_sub(calls + 2);
    let left = if left < ENOUGH { 0 } else { left };
    let words = match (request.description.lines().next(), place) {
        (Some(words), _) => words.to_owned(),
        (None, Place::Project) => "of the project".to_owned(),
        (None, Place::Personal) => String::new(),
    };
    vec![
        cx.span(Role::Name, call),
        Span::raw("  "),
        cx.span(Role::Muted, measure::fit_words(&visible(&words), left)),
    ]
}
