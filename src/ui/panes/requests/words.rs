//! What stands in the lists while there is nothing in them: why, and what to press.

use ratatui::text::Line;

use crate::config::{Action, Role};
use crate::domain::Problem;
use crate::ui::pane::Cx;
use crate::ui::widgets::wrap;

/// Columns at both ends.
const MARGINS: u16 = 4;

/// No saved request is there, or none that the search finds.
pub(super) fn no_saved(is_searched: bool, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    if is_searched {
        return nothing_found(columns, cx);
    }
    if !cx.model.saved.is_loaded {
        return lines(Role::Muted, "reading the saved requests", columns, cx);
    }
    let save = cx.key("inspector", Action::SaveRequest);
    let add = cx.key("requests", Action::AddAnother);
    let words =
        format!("none saved yet: {save} in the Inspector saves its call; {add} here adds examples");
    lines(Role::Muted, &words, columns, cx)
}

/// Nothing was kept, nothing is found, or nothing can be read.
pub(super) fn no_history(is_searched: bool, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let history = &cx.model.history;
    match &history.problem {
        Some(problem) => troubled(problem, columns, cx),
        None if is_searched && !history.is_busy() => nothing_found(columns, cx),
        None if history.is_busy() || !history.is_loaded => {
            lines(Role::Muted, "reading the history", columns, cx)
        }
        None => {
            let call = cx.key("", Action::ShowOperations);
            let words = format!(
                "nothing was sent yet; every call will stand here, over sessions: {call} calls an operation"
            );
            lines(Role::Muted, &words, columns, cx)
        }
    }
}

fn troubled(problem: &Problem, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let mut all = lines(Role::Danger, &problem.what, columns, cx);
    if let Some(why) = &problem.why {
        all.extend(lines(Role::Text, why, columns, cx));
    }
    if let Some(hint) = &problem.hint {
        all.extend(lines(Role::Muted, hint, columns, cx));
    }
    all
}

fn nothing_found(columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let close = cx.key("text", Action::Close);
    lines(
        Role::Muted,
        &format!("nothing has that; {close} shows all"),
        columns,
        cx,
    )
}

fn lines(role: Role, text: &str, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let wrapped = wrap::words(text, columns.saturating_sub(MARGINS).into());
    wrapped
        .iter()
        .map(|line| cx.line(role, format!("   {line}")))
        .collect()
}
