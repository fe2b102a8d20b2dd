//! The help of the field that has the keys: what it means, what may stand in it, where values come from.

use ratatui::text::{Line, Span};

use crate::app::composer::Input;
use crate::catalog::example;
use crate::config::{Action, Role};
use crate::domain::{Confidence, Field, Kind};
use crate::ui::pane::Cx;
use crate::ui::popups::composer::{choices, offers};
use crate::ui::popups::marks;
use crate::ui::widgets::{measure, rows, wrap};

/// The weightiest first: what does not fit is left out from the end.
pub(super) fn lines(
    input: &Input,
    problem: Option<String>,
    columns: usize,
    cx: &Cx<'_>,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut say = |role: Role, text: &str| {
        let wrapped = wrap::words(text, columns);
        lines.extend(wrapped.iter().map(|line| cx.line(role, line)));
    };
    if let Some(problem) = &problem {
        say(Role::Danger, &format!("✗ {problem}"));
    }
    say(Role::Text, &input.field.meaning);
    lines.extend(values(input, columns, cx));
    let mut say = |role: Role, text: &str| {
        let wrapped = wrap::words(text, columns);
        lines.extend(wrapped.iter().map(|line| cx.line(role, line)));
    };
    let mut facts = facts(&input.field);
    facts.retain(|fact| problem.as_ref() != Some(fact)); // said already
    say(Role::Muted, &facts.join(" · "));
    if !input.field.from.is_empty() {
        let keys = cx.keymap.keys(&["form"], Action::OfferValues);
        let keys = keys.unwrap_or_else(|| Action::OfferValues.meaning().to_owned());
        let from = offers::sources(&input.field).join(", ");
        say(Role::Muted, &format!("{keys} offers {from} seen so far"));
    }
    if input.field.confidence != Confidence::Documented {
        say(Role::Warning, marks::doubt(input.field.confidence));
    }
    lines
}

/// The closed list of values, the chosen one bright.
fn values(input: &Input, columns: usize, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let mut spans: Vec<Span<'static>> = Vec::new();
    for value in choices::of(input) {
        if !spans.is_empty() && rows::width(&spans) + measure::width(value) + 2 > columns {
            lines.push(Line::from(std::mem::take(&mut spans)));
        }
        if !spans.is_empty() {
            spans.push(Span::raw("  "));
        }
        let role = if value == input.text {
            Role::Accent
        } else {
            Role::Text
        };
        spans.push(cx.span(role, value));
    }
    if !spans.is_empty() {
        lines.push(Line::from(spans));
    }
    lines
}

/// Type, limits and a sample in short phrases.
fn facts(field: &Field) -> Vec<String> {
    let mut facts = vec![match field.required {
        true => "needed".to_owned(),
        false => "may be left out".to_owned(),
    }];
    let kind = match (field.format, field.kind) {
        (Some(format), _) => example(format),
        (None, Kind::String) => "text",
        (None, Kind::Number) => "a number",
        (None, Kind::Integer) => "a whole number",
        (None, Kind::Boolean) => "true or false",
        (None, Kind::Object) => "a JSON object",
        (None, Kind::Array) => "a JSON array",
    };
    let is_listed = !field.values.is_empty() || field.kind == Kind::Boolean;
    facts.push(match is_listed {
        true => "one of these".to_owned(),
        false => kind.to_owned(),
    });
    let limits = [
        field
            .min_length
            .map(|least| format!("at least {least} characters")),
        field
            .max_length
            .map(|most| format!("at most {most} characters")),
        field.minimum.map(|least| format!("from {least}")),
        field.maximum.map(|most| format!("up to {most}")),
        field.nullable.then(|| "or null".to_owned()),
    ];
    facts.extend(limits.into_iter().flatten());
    let sample = field
        .sample
        .as_ref()
        .filter(|_| !is_listed && field.format.is_none());
    facts.extend(sample.map(|sample| format!("like {sample}")));
    if field.secret {
        facts.push("hidden wherever it is shown".to_owned());
    }
    facts
}
