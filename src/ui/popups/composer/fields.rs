//! The rows of the form: headings, labels in one column, values, and beside them what is wrong.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::composer::{Input, Place, Request};
use crate::catalog::{Part, check_draft};
use crate::config::Role;
use crate::domain::{Confidence, MASK, carries_secret};
use crate::ui::pane::Cx;
use crate::ui::popups::composer::form::Form;
use crate::ui::popups::composer::{choices, offers};
use crate::ui::popups::field::Look;
use crate::ui::popups::{line, marks};
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// Columns of the sign in front of a label.
const MARKER: usize = 2;
/// Columns behind the labels.
const GAP: usize = 3;
/// In front of a choice, within the gap.
const BACK: &str = "‹ ";
/// The field with the keys does not get narrower than this for what is said beside it.
const NARROWEST: usize = 16;
/// An identifier is not cut to less than this for its name.
const SHORTEST_ID: usize = 13;
/// Fewer columns are not enough for a name and the gap before it.
const SHORTEST_NAME: usize = 8;
/// From this many rows on there is a blank row between groups.
const AIRY: u16 = 10;
/// In the place of a value that is left out.
const NOTHING: &str = "–";

/// A row of the form.
#[derive(Clone, Copy)]
enum Row {
    Blank,
    Group(&'static str),
    Input(usize),
}

pub(super) fn draw(
    form: &mut Form,
    screen: &mut Frame<'_>,
    area: Rect,
    request: &Request,
    cx: &Cx<'_>,
) {
    let rows = rows_of(request, area.height >= AIRY);
    let is_focused = |row: &Row| matches!(row, Row::Input(index) if *index == form.focus);
    let at = rows.iter().position(is_focused).unwrap_or_default();
    if form.focus == 0 {
        form.scroll.show(0, rows.len(), area.height); // with the heading above it
    }
    let first = form.scroll.show(at, rows.len(), area.height);
    let columns = usize::from(area.width);
    let labels = labels(request, columns / 2);
    let (before, rest) = rows.split_at(first.min(rows.len()));
    let (seen, after) = rest.split_at(rest.len().min(area.height.into()));
    form.hidden = (fields(before), fields(after));
    // A heading says nothing without a field below it.
    let seen = match seen {
        [seen @ .., Row::Group(_)] => seen,
        seen => seen,
    };
    let lines = seen.iter().map(|row| match row {
        Row::Blank => Line::default(),
        Row::Group(title) => cx.line(Role::Strong, *title),
        Row::Input(index) => input_line(form, request, *index, labels, columns, cx),
    });
    rows::draw(screen, area, lines);
    draw_field(
        form,
        screen,
        rows::below(area, rows::count(at - first.min(at))),
        labels,
        request,
        cx,
    );
}

/// The field with the keys is drawn over its row: the cursor stands in it.
fn draw_field(
    form: &mut Form,
    screen: &mut Frame<'_>,
    row: Rect,
    labels: usize,
    request: &Request,
    cx: &Cx<'_>,
) {
    let Some(input) = request.inputs.get(form.focus) else {
        return; // there is nothing to fill in
    };
    if !choices::of(input).is_empty() {
        return; // chosen, not typed
    }
    let start = MARKER + labels;
    let room = usize::from(row.width).saturating_sub(start);
    let said = said(
        form,
        request,
        form.focus,
        room.saturating_sub(NARROWEST),
        cx,
    );
    let left = room.saturating_sub(said.map_or(0, |text| measure::width(&text)));
    let name = name(form, form.focus, left);
    // The cursor stands behind the text.
    let typed = measure::width(&visible(&input.text)) + 1;
    let columns = match measure::width(&name) {
        0 => left,
        name => typed.min(left - name),
    };
    let place = Rect {
        x: row.x + rows::count(start).min(row.width),
        width: rows::count(columns),
        ..rows::top(row, 1)
    };
    let beside = Rect {
        x: place.right(),
        width: rows::count(measure::width(&name)),
        ..place
    };
    rows::draw(screen, beside, [cx.line(Role::Muted, name)]);
    let sample = input.field.sample.as_ref();
    let placeholder = sample.map_or_else(String::new, |sample| format!("like {sample}"));
    let look = Look {
        is_active: !form.has_offers(),
        is_masked: input.field.secret,
        placeholder: &placeholder,
    };
    form.field.draw(screen, place, look, cx);
}

fn fields(rows: &[Row]) -> usize {
    let fields = rows.iter().filter(|row| matches!(row, Row::Input(_)));
    fields.count()
}

fn rows_of(request: &Request, is_airy: bool) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut group = None;
    for (index, input) in request.inputs.iter().enumerate() {
        let title = heading(input.place);
        if group != Some(title) {
            if group.is_some() && is_airy {
                rows.push(Row::Blank);
            }
            group = Some(title);
            rows.push(Row::Group(title));
        }
        rows.push(Row::Input(index));
    }
    rows
}

fn heading(place: Place) -> &'static str {
    match place {
        Place::Call => "Call",
        Place::Path => "Path",
        Place::Query => "Query",
        Place::Body => "Body",
        Place::MoreQuery | Place::Header => "More",
    }
}

/// Columns of the labels with the gap behind them: as wide as the widest, at most `most`.
fn labels(request: &Request, most: usize) -> usize {
    let width = |input: &Input| {
        let extra: usize = [star(input), doubt(input).map(|(_, word)| word)]
            .into_iter()
            .flatten()
            .map(|word| measure::width(word) + 1)
            .sum();
        measure::width(&input.label()) + extra
    };
    let widest = request.inputs.iter().map(width).max();
    (widest.unwrap_or_default() + GAP).min(most)
}

/// Behind the label of what must be filled in.
fn star(input: &Input) -> Option<&'static str> {
    input.field.required.then_some("*")
}

/// Behind the label of what does not stand in the documentation.
fn doubt(input: &Input) -> Option<(Role, &'static str)> {
    let role = match input.field.confidence {
        Confidence::Inferred => Role::Warning,
        _ => Role::Muted,
    };
    marks::confidence(input.field.confidence).map(|word| (role, word))
}

fn input_line(
    form: &Form,
    request: &Request,
    index: usize,
    labels: usize,
    columns: usize,
    cx: &Cx<'_>,
) -> Line<'static> {
    let Some(input) = request.inputs.get(index) else {
        return Line::default(); // rows are made of what there is
    };
    let is_focused = index == form.focus;
    let role = match (is_focused, input.field.required) {
        (true, _) => Role::Strong,
        (false, true) => Role::Text,
        (false, false) => Role::Muted,
    };
    let mut label = vec![cx.span(role, input.label())];
    if let Some(star) = star(input) {
        label.push(cx.span(Role::Accent, format!(" {star}")));
    }
    if let Some((role, word)) = doubt(input) {
        label.push(cx.span(role, format!(" {word}")));
    }
    let is_typed = is_focused && choices::of(input).is_empty();
    let gap = GAP.min(labels);
    let mut spans = vec![line::marker(is_focused, cx)];
    spans.extend(line::pad(label, labels - gap));
    spans.push(match is_focused && !is_typed && gap == GAP {
        true => cx.span(
            Role::Key,
            format!("{}{BACK}", " ".repeat(GAP - BACK.chars().count())),
        ),
        false => Span::raw(" ".repeat(gap)),
    });
    let room = columns.saturating_sub(MARKER + labels);
    let shown = value(input, is_focused, cx);
    let least = match is_typed {
        true => NARROWEST,
        false => rows::width(&shown),
    };
    let said = said(form, request, index, room.saturating_sub(least), cx);
    let said = said.unwrap_or_default();
    let left = room.saturating_sub(measure::width(&said));
    let shown = with_sources(shown, input, left, cx);
    let name = name(form, index, left);
    match is_typed {
        true => spans.push(Span::raw(" ".repeat(left))), // the field comes over this
        false if name.is_empty() => spans.extend(line::cut(shown, left)),
        false => {
            let columns = left - measure::width(&name);
            let text = visible(&input.text);
            let value = cx.span(Role::Text, measure::fit_middle(&text, columns));
            let used = measure::width(&value.content);
            let name = cx.span(Role::Muted, name);
            let rest = Span::raw(" ".repeat(columns - used));
            spans.extend([value, name, rest]);
        }
    }
    spans.push(cx.span(Role::Danger, said));
    Line::from(spans)
}

/// What stands in a field that is not typed in.
fn value(input: &Input, is_focused: bool, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let is_choice = !choices::of(input).is_empty();
    match (input.text.as_str(), is_choice && is_focused) {
        ("", false) => vec![cx.span(Role::Muted, NOTHING)],
        (text, true) => {
            let text = if text.is_empty() { "left out" } else { text };
            vec![cx.span(Role::Field, text), cx.span(Role::Key, " ›")]
        }
        (text, false) if input.field.secret => {
            vec![cx.span(Role::Text, "•".repeat(text.chars().count()))]
        }
        (text, false) => match input.pair() {
            Some((name, _)) if input.place == Place::Header && carries_secret(&name) => {
                vec![cx.span(Role::Text, format!("{name}: {MASK}"))]
            }
            _ => vec![cx.span(Role::Text, text)],
        },
    }
}

/// In an empty field, where its value can come from, as far as there is room for it.
fn with_sources(
    shown: Vec<Span<'static>>,
    input: &Input,
    room: usize,
    cx: &Cx<'_>,
) -> Vec<Span<'static>> {
    let sources = offers::sources(&input.field);
    if sources.is_empty() || !input.text.is_empty() {
        return shown;
    }
    let left = room.saturating_sub(rows::width(&shown));
    let told = (1..=sources.len()).rev().map(|count| {
        let rest = if count < sources.len() { ", …" } else { "" };
        let names = sources.get(..count).unwrap_or_default().join(", ");
        format!("  from {names}{rest}")
    });
    match told.into_iter().find(|words| measure::width(words) <= left) {
        Some(words) => [shown, vec![cx.span(Role::Muted, words)]].concat(),
        None => shown,
    }
}

/// What the session calls the value of a field, beside it, as far as `room` has columns for both; or nothing.
fn name(form: &Form, index: usize, room: usize) -> String {
    let most = room.saturating_sub(SHORTEST_ID);
    match form.name(index) {
        Some(name) if most >= SHORTEST_NAME => {
            format!("  {}", measure::fit_words(&visible(name), most - 2))
        }
        _ => String::new(),
    }
}

/// What is said of a field beside it: the phrase where `room` is enough for it, else the sign alone.
fn said(form: &Form, request: &Request, index: usize, room: usize, cx: &Cx<'_>) -> Option<String> {
    if !form.tells(index, request) {
        return None;
    }
    let phrase = format!("  ✗ {}", visible(&problem(request, index, cx)?));
    match measure::width(&phrase) <= room {
        true => Some(phrase),
        false => Some("  ✗".into()),
    }
}

/// What is wrong with a field: with what was typed, or else with it among the others.
pub(super) fn problem(request: &Request, index: usize, cx: &Cx<'_>) -> Option<String> {
    let input = request.inputs.get(index)?;
    if let Some(phrase) = input.problem() {
        return Some(phrase);
    }
    if request.wrong != Some(index) {
        return None;
    }
    let endpoint = cx.model.catalog.called(&request.call).ok()?;
    let part = match input.place {
        Place::Call => return None, // it stands alone
        Place::Path => Part::Path,
        Place::Query | Place::MoreQuery => Part::Query,
        Place::Header => Part::Header,
        Place::Body => Part::Body,
    };
    let name = input.pair().map_or_else(|| input.label(), |(name, _)| name);
    let problems = check_draft(&endpoint, &cx.model.catalog, &request.draft(&endpoint));
    let found = problems
        .into_iter()
        .find(|found| found.part == part && found.problem.path == name);
    found.map(|found| found.problem.message)
}
