//! Where a program stands with a body: running, its results, how it ended, what it complained of.

use ratatui::text::{Line, Span};

use crate::app::transform::{Ending, Program};
use crate::config::{Action, Role};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::reader::Reader;
use crate::ui::panes::inspector::reader::program_line::Kind;
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// In a word or two.
pub(super) fn short(reader: &Reader, cx: &Cx<'_>) -> Vec<Span<'static>> {
    if reader.is_awaited() {
        return vec![cx.span(Role::Accent, format!("{} running", cx.spinner()))];
    }
    if reader.trouble.is_some() {
        return Vec::new(); // it is told below
    }
    let Some(shown) = &reader.shown else {
        return Vec::new();
    };
    let (role, words) = match shown.made.ending {
        Ending::Results(0) => (Role::Warning, "no result".into()),
        Ending::Results(1) => (Role::Strong, "1 result".into()),
        Ending::Results(count) => (Role::Strong, format!("{count} results")),
        Ending::Exit(Some(0)) => (Role::Success, "exit 0".into()),
        Ending::Exit(Some(code)) => (Role::Danger, format!("exit {code}")),
        Ending::Exit(None) if shown.made.is_cut => (Role::Warning, "ended".into()),
        Ending::Exit(None) => (Role::Danger, "killed".into()),
    };
    let mut spans = vec![cx.span(role, words)];
    if shown.made.is_cut {
        let size = measure::bytes(shown.made.document.body().len());
        spans.push(cx.span(Role::Warning, format!(" · more than {size}, cut there")));
    }
    spans
}

/// What went wrong, in a line.
pub(super) fn trouble(reader: &Reader, columns: usize, cx: &Cx<'_>) -> Option<Line<'static>> {
    let cut = |words: &str| measure::fit(&visible(words), columns.saturating_sub(4)).into_owned();
    if let Some(problem) = &reader.trouble {
        return Some(cx.line(Role::Danger, format!("   {}", cut(&problem.to_string()))));
    }
    let made = &reader.shown.as_ref()?.made;
    let mut lines = made.said.lines();
    let first = lines.next()?;
    let role = match made.ending {
        Ending::Exit(Some(0)) => Role::Warning,
        _ => Role::Danger,
    };
    let more = match lines.count() {
        0 => String::new(),
        more => {
            let key = cx.key("inspector", Action::ExplainField);
            format!("  +{more} lines: {key}")
        }
    };
    let room = columns.saturating_sub(4 + measure::width(&more));
    let first = measure::fit(&visible(first), room).into_owned();
    Some(Line::from(vec![
        cx.span(role, format!("   {first}")),
        cx.span(Role::Muted, more),
    ]))
}

/// The lines of a program that is kept: what it is, where it stands, how to go on.
pub(super) fn kept(
    reader: &Reader,
    program: &Program,
    columns: usize,
    cx: &Cx<'_>,
) -> Vec<Line<'static>> {
    let key = |action| cx.key("inspector", action);
    let (kind, change) = match program {
        Program::Filter(_) => (Kind::Filter, Action::FilterBody),
        Program::Command(_) => (Kind::Command, Action::PipeBody),
    };
    let escape = match reader.is_awaited() {
        true => "stops it",
        false => "whole body",
    };
    let hints = format!(
        "   {} {escape} · {} another",
        key(Action::Close),
        key(change)
    );
    let standing = short(reader, cx);
    let used = rows::width(&standing) + 6;
    let text = visible(program.text());
    let text = measure::fit(&text, columns.saturating_sub(used)).into_owned();
    let mut line = vec![
        cx.span(Role::Key, kind.sign()),
        cx.span(Role::Text, text),
        Span::raw("  "),
    ];
    line.extend(standing);
    if rows::width(&line) + measure::width(&hints) < columns {
        line.push(cx.span(Role::Muted, hints));
    }
    let below = trouble(reader, columns, cx);
    std::iter::once(Line::from(line)).chain(below).collect()
}
