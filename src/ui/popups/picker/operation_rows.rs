//! The rows of the list of operations, and what is said below it of the selected one.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::catalog::Match;
use crate::config::Role;
use crate::domain::{Call, Confidence, Endpoint};
use crate::ui::pane::Cx;
use crate::ui::popups::picker::choosing;
use crate::ui::popups::{line, marks};
use crate::ui::widgets::{measure, wrap};

/// Columns of a method and the gap behind it.
const METHOD: usize = 7;
/// Columns of a summary, which is shown beside the path where there is room for it.
const SUMMARY: usize = 60;
/// Columns of the marks: credential, whether it writes, how sure the catalogue is.
const MARKS: [usize; 3] = [6, 6, 8];
/// Columns that the longest path, its method and all marks need.
pub(super) const NARROW: u16 = 76;
/// Columns with summaries, and a gap between the longest path and its summary.
pub(super) const WIDE: u16 = NARROW + 64;
pub(super) fn own_line(
    typed: Option<Call>,
    is_selected: bool,
    columns: usize,
    cx: &Cx<'_>,
) -> Line<'static> {
    let words = if is_selected {
        Role::Strong
    } else {
        Role::Text
    };
    let mut spans = vec![line::marker(is_selected, cx)];
    match typed {
        Some(Call::Path { method, path, .. }) => {
            spans.push(marks::method(method, METHOD, cx));
            spans.push(cx.span(words, format!("{path}  ")));
            spans.push(cx.span(Role::Muted, "a request of your own"));
        }
        _ => {
            spans.push(cx.span(Role::Muted, measure::pad("any", METHOD)));
            spans.push(cx.span(words, "a request of your own"));
        }
    }
    choosing::row(line::pad(spans, columns), is_selected, cx)
}

/// What a request of one's own is good for.
pub(super) fn own_detail(place: Rect, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let columns = usize::from(place.width);
    let summary = "Any method and path, with query, headers and body as you type them";
    let details = "For what the catalogue does not know yet. Where it knows the path, the answer is held against it. \
                   Your own endpoints can be added to the catalogue, too: see the README.";
    let mut lines = vec![cx.line(Role::Strong, line::words(summary, columns))];
    let rest = usize::from(place.height).saturating_sub(1);
    let wrapped = wrap::words(details, columns).into_iter().take(rest);
    lines.extend(wrapped.map(|text| cx.line(Role::Muted, text)));
    lines
}

pub(super) fn match_line(
    found: &Match,
    is_selected: bool,
    columns: usize,
    cx: &Cx<'_>,
) -> Line<'static> {
    let Some(endpoint) = cx.model.catalog.endpoints().get(found.index) else {
        return Line::default(); // it was there when it was found
    };
    let words = if is_selected {
        Role::Strong
    } else {
        Role::Text
    };
    let places = &found.positions;
    let marks = match columns >= usize::from(NARROW) {
        true => 3,
        false => 2, // how sure the catalogue is stands in the composer, too
    };
    let marks_width = MARKS
        .iter()
        .take(marks)
        .map(|width| width + 2)
        .sum::<usize>();
    let summary = if columns >= usize::from(WIDE) {
        SUMMARY
    } else {
        0
    };
    let path = columns.saturating_sub(2 + METHOD + marks_width + summary);
    let mut spans = vec![
        line::marker(is_selected, cx),
        marks::method(endpoint.method, METHOD, cx),
    ];
    spans.extend(line::pad(
        line::lit(&endpoint.path, &places.path, words, cx),
        path,
    ));
    let text = line::lit(&endpoint.summary, &places.summary, Role::Muted, cx);
    spans.extend(line::pad(text, summary));
    let writes = if endpoint.writes() { "writes" } else { "" };
    let confidence = marks::confidence(endpoint.confidence).unwrap_or_default();
    let of = [
        (Role::Muted, endpoint.auth.name()),
        (Role::Warning, writes),
        (Role::Muted, confidence),
    ];
    for ((role, text), width) in of.into_iter().zip(MARKS).take(marks) {
        spans.push(Span::raw("  "));
        spans.push(cx.span(role, measure::pad(text, width)));
    }
    choosing::row(spans, is_selected, cx)
}

/// What the selected operation does, and what to know about it.
pub(super) fn detail(endpoint: &Endpoint, place: Rect, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let columns = usize::from(place.width);
    let summary = vec![cx.span(Role::Strong, line::words(&endpoint.summary, columns))];
    let id = vec![cx.span(Role::Muted, endpoint.id.as_str())];
    let mut lines = vec![line::ends(summary, id, columns)];
    let mut details = endpoint.details.clone();
    if endpoint.confidence != Confidence::Documented {
        details = format!("{} {details}", marks::doubt(endpoint.confidence));
    }
    let rest = usize::from(place.height).saturating_sub(1);
    let wrapped = wrap::words(details.trim(), columns);
    let is_cut = wrapped.len() > rest;
    for (index, text) in wrapped.into_iter().take(rest).enumerate() {
        let text = match is_cut && index + 1 == rest {
            true => line::words(&format!("{text} …"), columns),
            false => text,
        };
        lines.push(cx.line(Role::Muted, text));
    }
    lines
}
