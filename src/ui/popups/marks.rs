//! What is said of an endpoint in a word: its method, how sure the catalogue is of it.

use ratatui::text::Span;

use crate::config::Role;
use crate::domain::{Confidence, Method};
use crate::ui::pane::Cx;
use crate::ui::widgets::measure;

/// The method in its colour, filled to `columns`.
pub(super) fn method(method: Method, columns: usize, cx: &Cx<'_>) -> Span<'static> {
    let role = match method {
        Method::Get => Role::Success,
        Method::Post => Role::Accent,
        Method::Put | Method::Patch => Role::Warning,
        Method::Delete => Role::Danger,
    };
    cx.span(role, measure::pad(method.as_str(), columns))
}

/// In a word, unless it stands in the documentation.
pub(super) fn confidence(confidence: Confidence) -> Option<&'static str> {
    match confidence {
        Confidence::Inferred => Some("inferred"),
        Confidence::Observed => Some("observed"),
        Confidence::Documented => None,
    }
}

/// In a sentence.
pub(super) fn doubt(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Inferred => "Inferred: it may be wrong.",
        Confidence::Observed => "Observed in working clients, not documented.",
        Confidence::Documented => "",
    }
}

/// The name of a resource as a heading: `Business profiles`.
pub(super) fn title(resource: &str) -> String {
    let words = resource.replace('_', " ");
    let mut letters = words.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}
