//! The tab of the history: a row for each exchange, newest first.

use ratatui::text::{Line, Span};

use crate::app::history::History;
use crate::config::Role;
use crate::domain::history::{EntryId, Summary};
use crate::ui::pane::Cx;
use crate::ui::panes::requests::list::List;
use crate::ui::panes::users::{highlight, marker};
use crate::ui::widgets::measure;
use crate::ui::widgets::visible::visible;

/// From here on there is room for more than time, method, status and path.
const WIDE: u16 = 72;
/// Columns of the longest method.
const METHOD: usize = 6;
/// Columns of a time of another day: `24 Nov 12:30`.
const TIME: usize = 12;
/// Columns of a time of this day.
const SHORT_TIME: usize = 5;
/// Columns of how long it took.
const TOTAL: usize = 8;
/// Columns of a name.
const USER: usize = 16;

/// Keeps what was chosen chosen when newer ones come in above it; what was on top stays on top.
pub(super) fn follow(list: &mut List, history: &History) {
    let lines = &history.lines;
    let chosen = list.chosen();
    let place = |id: EntryId| lines.iter().position(|line| line.id == id);
    let is_whole = history.query.is_empty() && !history.is_busy();
    let sought = is_whole.then(|| list.take_sought()).flatten();
    if let Some(row) = sought.and_then(place) {
        list.choose(row);
        return list.remember(lines.get(row).map(|line| line.id));
    }
    match chosen.filter(|_| list.row() > 0).and_then(place) {
        Some(row) => list.choose(row),
        None => list.fit(lines.len()),
    }
    list.remember(lines.get(list.row()).map(|line| line.id));
}

/// Columns of the times of all of `lines`, of which the oldest is the last.
pub(super) fn times(lines: &[Summary], cx: &Cx<'_>) -> usize {
    let oldest = lines.last().map(|line| cx.time(line.started_at));
    match oldest.is_some_and(|time| time.len() > SHORT_TIME) {
        true => TIME,
        false => SHORT_TIME,
    }
}

/// One row; the times of all take so many columns.
pub(super) fn line(
    line: &Summary,
    (is_chosen, is_marked): (bool, bool),
    times: usize,
    columns: u16,
    cx: &Cx<'_>,
) -> Line<'static> {
    let is_wide = columns >= WIDE;
    let time = cx.time(line.started_at);
    let (time, times) = match (is_wide, time.len() > SHORT_TIME) {
        (true, _) => (time, times + 1),
        // Of another day there is room for the day alone.
        (false, true) => (
            time.split(':')
                .next()
                .map(|day| day.rsplit_once(' ').map_or(day, |(day, _)| day).to_owned())
                .unwrap_or_default(),
            SHORT_TIME + 1,
        ),
        (false, false) => (time, SHORT_TIME + 1),
    };
    let method = match is_wide {
        true => measure::pad(line.method.as_str(), METHOD),
        false => measure::pad(short(line.method.as_str()), 4),
    };
    let (role, status) = status(line);
    let mut spans = vec![
        marker(is_chosen, cx),
        cx.span(Role::Accent, if is_marked { "● " } else { "  " }),
        cx.span(Role::Muted, format!("{} ", measure::pad(&time, times))),
        cx.span(Role::Name, format!("{method} ")),
        cx.span(role, format!("{} ", measure::pad(&status, 3))),
    ];
    let mut used = 3 + 2 + times + 1 + measure::width(&method) + 1 + 4;
    if is_wide {
        let total = measure::duration(line.total);
        let user = visible(line.user.as_deref().unwrap_or("–")).into_owned();
        spans.push(cx.span(Role::Muted, format!("{total:>TOTAL$}  ")));
        spans.push(cx.span(
            Role::Text,
            format!("{}  ", measure::pad(&measure::fit(&user, USER), USER)),
        ));
        used += TOTAL + 2 + USER + 2;
    }
    let left = usize::from(columns).saturating_sub(used + 1);
    spans.push(cx.span(Role::Text, measure::fit(&visible(path(&line.url)), left)));
    if let Some(failure) = line.failure.as_deref().filter(|_| is_wide) {
        spans.push(Span::raw("  "));
        spans.push(cx.span(Role::Danger, visible(failure)));
    }
    highlight(Line::from(spans), is_chosen, cx)
}

/// `DELETE` in four letters.
fn short(method: &str) -> &str {
    match method {
        "DELETE" => "DEL",
        "PATCH" => "PTCH",
        method => method,
    }
}

fn status(line: &Summary) -> (Role, String) {
    match line.status {
        Some(status @ 200..300) => (Role::Success, status.to_string()),
        Some(status @ 300..400) => (Role::Warning, status.to_string()),
        Some(status) => (Role::Danger, status.to_string()),
        None => (Role::Danger, "✗".into()),
    }
}

/// Path and query.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/")
}
