//! What is said around a table and in its place: what to press, what went wrong, what is left out, how far loading is.

use ratatui::text::{Line, Span};

use crate::app::Model;
use crate::app::resources::List;
use crate::config::{Action, Role};
use crate::domain::{Problem, TestUser, UserKey};
use crate::ui::mishap;
use crate::ui::pane::Cx;
use crate::ui::panes::resources::ID;
use crate::ui::panes::resources::cells::{Cells, moment};
use crate::ui::panes::resources::kinds::{Advice, Kind};
use crate::ui::widgets::{amount, measure, rows, wrap};

/// Columns in front of words.
const MARGIN: usize = 3;
/// What stands between the parts of the line below a table.
const DOT: &str = " · ";
/// Columns in which an identifier can still be told from others by its ends.
const SHORTEST_ID: usize = 13;

/// Who is selected, as they are called.
pub(super) fn name(model: &Model) -> String {
    model
        .users
        .current()
        .map_or("somebody new", TestUser::label)
        .to_owned()
}

/// Whether `user` is signed in.
pub(super) fn is_signed_in(model: &Model, user: Option<UserKey>) -> bool {
    user.is_some_and(|user| model.auth.grant(user).is_some())
}

/// What to press to see `what`.
pub(super) fn invitation(what: &str, cx: &Cx<'_>) -> String {
    match is_signed_in(cx.model, cx.model.users.selected) {
        true => format!("press {} to ask for {what}", cx.key(ID, Action::Reload)),
        false => format!(
            "press {} to sign in {}",
            cx.key(ID, Action::SignIn),
            name(cx.model)
        ),
    }
}

/// `text` in lines that fit `columns`, indented like rows.
pub(super) fn lines(role: Role, text: &str, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let room = usize::from(columns).saturating_sub(MARGIN + 1);
    let pieces = wrap::words(text, room);
    let line = |piece| Line::from(vec![Span::raw(" ".repeat(MARGIN)), cx.span(role, piece)]);
    pieces.into_iter().map(line).collect()
}

/// What went wrong, why, and what to do.
pub(super) fn problem(problem: &Problem, columns: u16, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let parts = std::iter::once((Role::Danger, &problem.what))
        .chain(problem.why.iter().map(|why| (Role::Text, why)))
        .chain(problem.hint.iter().map(|hint| (Role::Muted, hint)));
    parts
        .flat_map(|(role, text)| lines(role, text, columns, cx))
        .collect()
}

/// What stands in the place of rows, or above them.
pub(super) fn message(
    kind: &Kind,
    list: Option<&List>,
    columns: u16,
    cx: &Cx<'_>,
) -> Vec<Line<'static>> {
    let say = |role, text: &str| lines(role, text, columns, cx);
    let Some(list) = list else {
        return say(Role::Muted, &invitation(&format!("the {}", kind.many), cx));
    };
    if let Some(what) = &list.problem {
        return problem(what, columns, cx);
    }
    if !list.rows.is_empty() {
        return Vec::new();
    }
    if list.is_loading {
        return say(Role::Muted, "loading…");
    }
    let advice = match narrowing(list).is_empty() {
        true => &kind.advice,
        false => &Advice {
            words: "press {} to see all of them",
            action: Action::Close,
        },
    };
    let key = cx.key(ID, advice.action);
    let none = match narrowing(list).is_empty() {
        true => format!("{} has no {} yet", name(cx.model), kind.one),
        false => format!("there is no such {}", kind.one),
    };
    let mut all = say(Role::Text, &none);
    all.extend(say(Role::Muted, &advice.words.replace("{}", &key)));
    all
}

/// What a list was asked for besides a period, which is always asked for where the API wants one.
pub(super) fn narrowing(list: &List) -> Vec<&(String, String)> {
    let is_period = |name: &str| name.starts_with("date_");
    let pairs = list.filter.iter();
    pairs.filter(|(name, _)| !is_period(name)).collect()
}

/// What part of all things is listed, if not all: `only those from Checking`, or of which days.
pub(super) fn scope(kind: &Kind, cells: Cells<'_>, cx: &Cx<'_>) -> Option<Line<'static>> {
    let list = cells.list;
    let mut spans = vec![Span::raw(" ".repeat(MARGIN))];
    let pair = |wanted: &str| list.filter.iter().find(|(name, _)| name == wanted);
    if let (Some((_, start)), Some((_, end))) = (pair("date_start"), pair("date_end")) {
        spans.push(cx.span(Role::Muted, format!("from {start} to {end}")));
    }
    for (name, value) in narrowing(list) {
        let words = match name.as_str() {
            "source_id" => format!("only from {}", cells.names.get(value).unwrap_or(value)),
            "id" => {
                let routine = cells.field(0, "routine_name");
                format!("only of routine {}", routine.as_deref().unwrap_or(value))
            }
            name => format!("only with {name} {value}"),
        };
        spans.push(cx.span(Role::Accent, words));
        let all = format!("{DOT}{} shows all {}", cx.key(ID, Action::Close), kind.many);
        spans.push(cx.span(Role::Muted, all));
    }
    (spans.len() > 1).then(|| Line::from(spans))
}

/// How many rows match, at the end of the line in which the filter is typed; in fewer words where there is less room.
pub(super) fn matches(found: usize, list: &List, room: u16, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let total = amount::grouped(list.rows.len());
    let found = amount::grouped(found);
    let mut words = format!("{found} of {total}");
    if list.next.is_some() {
        let more = format!(" loaded, {} loads the rest", cx.key(ID, Action::LoadAll));
        let fits = measure::width(&words) + measure::width(&more) < usize::from(room);
        words.push_str(if fits { &more } else { " loaded" });
    }
    vec![cx.span(Role::Muted, words), Span::raw(" ")]
}

/// How far loading everything is, and what stops it.
pub(super) fn progress(list: &List, cx: &Cx<'_>) -> Line<'static> {
    Line::from(vec![
        Span::raw(" "),
        cx.span(Role::Accent, cx.spinner()),
        cx.span(
            Role::Text,
            format!(" loaded {} …  ", amount::grouped(list.rows.len())),
        ),
        cx.span(Role::Key, cx.key(ID, Action::CancelCall)),
        cx.span(Role::Muted, " stops"),
    ])
}

/// Why `row` went wrong, if it did.
pub(super) fn went_wrong(cells: Cells<'_>, row: usize) -> Option<String> {
    let (page, object) = cells.list.item(row)?;
    mishap::of(page, object)
}

/// The line below the table: why the selected row went wrong, if it did, what it is called by the API, and its moments as
/// exactly as they came.
pub(super) fn detail(
    kind: &Kind,
    cells: Cells<'_>,
    row: usize,
    columns: u16,
    cx: &Cx<'_>,
) -> Line<'static> {
    let room = usize::from(columns).saturating_sub(1);
    let mut spans = vec![Span::raw(" ".repeat(MARGIN))];
    if let Some(words) = went_wrong(cells, row) {
        let words = measure::fit_words(&words, room.saturating_sub(MARGIN)).into_owned();
        spans.push(cx.span(Role::Danger, words));
        spans.push(cx.span(Role::Muted, DOT));
    }
    let id = cells.field(row, "id");
    let id = id.as_deref().unwrap_or("without an id");
    let left = room.saturating_sub(rows::width(&spans));
    if left < SHORTEST_ID {
        spans.pop(); // the dot
        return Line::from(spans);
    }
    let id = measure::fit_middle(id, left).into_owned();
    spans.push(cx.span(Role::Text, id));
    for (label, field) in kind.details {
        let Some(text) = cells.field(row, field) else {
            continue; // nothing is known of it
        };
        let label = cx.span(Role::Muted, format!("{DOT}{label} "));
        let exact = cx.span(Role::Muted, &text);
        let mut used = rows::width(&spans) + rows::width(&[label.clone(), exact.clone()]);
        if used > room {
            continue; // the next may be shorter
        }
        spans.extend([label, exact]);
        if let Some(local) = moment(&text, cells.zone) {
            let local = cx.span(Role::Muted, format!(" ({})", local.trim_start()));
            used += measure::width(&local.content);
            spans.extend((used <= room).then_some(local));
        }
    }
    Line::from(spans)
}
