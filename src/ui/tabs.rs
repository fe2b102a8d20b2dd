//! Names of tabs in a row: always in the same order, the open one in brackets, so that it is told without colour.

use ratatui::text::Span;

use crate::config::Role;
use crate::ui::pane::Cx;
use crate::ui::widgets::measure;

/// Stands where names are left out.
const MORE: [&str; 2] = ["‹", "›"];

/// As many of `names` as fit into `columns`, with the one at `open` among them, drawn as `role`.
pub(crate) fn spans(
    names: &[&'static str],
    open: usize,
    role: Role,
    columns: usize,
    cx: &Cx<'_>,
) -> Vec<Span<'static>> {
    let (first, last) = window(names, open, columns);
    let mut spans = Vec::new();
    if first > 0 {
        spans.push(cx.span(Role::Muted, MORE[0]));
    }
    for (index, name) in names.iter().enumerate().take(last).skip(first) {
        spans.push(match index == open {
            true => cx.span(role, format!("[{name}]")),
            false => cx.span(Role::Muted, format!(" {name} ")),
        });
    }
    if last < names.len() {
        spans.push(cx.span(Role::Muted, MORE[1]));
    }
    spans
}

/// The names that are seen: from the first on, as long as the open one is among them.
fn window(names: &[&str], open: usize, columns: usize) -> (usize, usize) {
    let last_from = |first: usize| {
        let mut used = usize::from(first > 0);
        let mut last = first;
        for name in names.iter().skip(first) {
            used += measure::width(name) + 2;
            let rest = usize::from(last + 1 < names.len());
            if used + rest > columns {
                break;
            }
            last += 1;
        }
        last
    };
    let first = (0..open).find(|first| last_from(*first) > open);
    let first = first.unwrap_or(open);
    (first, last_from(first).max(open + 1).min(names.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["one", "three", "five"];

    #[test]
    fn all_stand_in_their_order_where_there_is_room() {
        assert_eq!(window(&NAMES, 0, 18), (0, 3));
        assert_eq!(window(&NAMES, 2, 18), (0, 3));
    }

    #[test]
    fn the_open_one_is_seen_however_little_room_there_is() {
        assert_eq!(window(&NAMES, 0, 13), (0, 2));
        assert_eq!(window(&NAMES, 2, 14), (1, 3));
        assert_eq!(window(&NAMES, 1, 9), (1, 2));
        assert_eq!(window(&NAMES, 2, 0), (2, 3));
        assert_eq!(window(&[], 0, 9), (0, 0));
    }
}
