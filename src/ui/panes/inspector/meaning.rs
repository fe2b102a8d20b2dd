//! What a value means: times in local time, amounts grouped, pictures described, and what the catalogue says of a field.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ratatui::text::Span;

use crate::config::Role;
use crate::document::{Document, NodeId, NodeKind};
use crate::domain::{Confidence, Field, Kind, Timestamp};
use crate::ui::pane::Cx;
use crate::ui::panes::inspector::picture;
use crate::ui::widgets::amount;

/// Nothing that is a time is spelled longer.
const LONGEST_TIME: usize = 40;
/// Text in base64 that is shorter is no picture.
const SHORTEST_PICTURE: usize = 48;
/// As much of a picture as its size is read from.
const PICTURE_HEAD: usize = 64 << 10;
/// Seconds since 1970 that are taken for a time: 2001 to 2100.
const TIMES: std::ops::Range<i64> = 1_000_000_000..4_102_444_800;

/// What is said behind a value in muted words.
pub(super) fn beside(document: &Document, node: NodeId, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let raw = document.raw(node);
    let words = match document.kind(node) {
        NodeKind::String if raw.len() <= LONGEST_TIME => {
            time(&document.text(node)).and_then(|at| local(at, cx))
        }
        NodeKind::String if raw.len() >= SHORTEST_PICTURE => encoded(raw),
        NodeKind::Number => number(document, node, cx),
        _ => None,
    };
    words.map_or_else(Vec::new, |words| {
        vec![cx.span(Role::Muted, format!("  · {words}"))]
    })
}

/// The moment that `text` names; without a zone it is UTC, as in all of Astra's answers.
fn time(text: &str) -> Option<Timestamp> {
    if !text.starts_with(|first: char| first.is_ascii_digit()) || !text.contains('T') {
        return None;
    }
    let moment = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let plain: DateTime = text.parse().ok()?;
        TimeZone::UTC.to_timestamp(plain).ok()
    });
    moment.map(|moment| Timestamp(moment.as_millisecond()))
}

fn local(at: Timestamp, cx: &Cx<'_>) -> Option<String> {
    let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
    let at = at.to_zoned_datetime(cx.zone.clone());
    Some(at.strftime("%a %-d %b %Y %H:%M").to_string())
}

fn number(document: &Document, node: NodeId, cx: &Cx<'_>) -> Option<String> {
    let key = document.key(node)?.to_ascii_lowercase();
    let text = document.text(node);
    let is_about = |words: &[&str]| words.iter().any(|word| key.contains(word));
    if is_about(&["amount", "balance", "limit", "fee"]) {
        let shown = amount::amount(&text);
        // Only what is easier to read than the number as it stands.
        return shown.contains(',').then(|| shown.into_owned());
    }
    let is_time = is_about(&["time", "date", "created", "updated", "expire", "iat", "exp"])
        || key.ends_with("_at");
    let seconds: i64 = text.parse().ok().filter(|_| is_time)?;
    let millis = match seconds {
        seconds if TIMES.contains(&seconds) => seconds * 1000,
        millis if TIMES.contains(&(millis / 1000)) => millis,
        _ => return None,
    };
    local(Timestamp(millis), cx)
}

/// What a string in base64 holds, if it is a picture.
fn encoded(raw: &[u8]) -> Option<String> {
    let text = raw.get(1..raw.len().saturating_sub(1))?;
    let data = match text.starts_with(b"data:image/") {
        true => text.get(memchr::memchr(b',', text)? + 1..)?,
        false => text,
    };
    let is_likely = [&b"iVBORw0KGgo"[..], b"/9j/", b"R0lGOD", b"UklGR", b"Qk"]
        .iter()
        .any(|start| data.starts_with(start));
    if !is_likely {
        return None;
    }
    let head = data.get(..data.len().min(PICTURE_HEAD) / 4 * 4)?;
    let bytes = STANDARD.decode(head).ok()?;
    let padding = data.iter().rev().take_while(|byte| **byte == b'=').count();
    let size = (data.len() * 3 / 4).saturating_sub(padding);
    picture::describe(&bytes, size)
}

/// A JSON type, as it is spelled in documentation.
pub(super) fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::String => "string",
        Kind::Number => "number",
        Kind::Integer => "integer",
        Kind::Boolean => "boolean",
        Kind::Object => "object",
        Kind::Array => "array",
    }
}

/// What the catalogue says of a field, a paragraph each.
pub(super) fn documentation(field: &Field) -> Vec<String> {
    let mut lines = Vec::new();
    if !field.meaning.is_empty() {
        lines.push(field.meaning.clone());
    }
    let presence = match field.required {
        true => "always there",
        false => "may be left out",
    };
    let null = if field.nullable { ", may be null" } else { "" };
    lines.push(format!("{}, {presence}{null}", kind(field.kind)));
    if !field.values.is_empty() {
        lines.push(format!("one of {}", field.values.join(", ")));
    }
    if let Some(sample) = &field.sample {
        lines.push(format!("such as {sample}"));
    }
    lines.push(
        match field.confidence {
            Confidence::Documented => "This stands in Astra's documentation.",
            Confidence::Observed => "This was seen in working clients; it is not documented.",
            Confidence::Inferred => "This was concluded from something else; it may be wrong.",
        }
        .into(),
    );
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_other_text() {
        let at = Some(Timestamp(1_772_454_720_000));
        assert_eq!(time("2026-03-02T12:32:00Z"), at);
        assert_eq!(time("2026-03-02T13:32:00+01:00"), at);
        assert_eq!(time("2026-03-02T12:32:00.000000"), at);
        for text in ["2026-03-02", "Ta", "12", "2026-13-02T00:00:00Z", ""] {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn a_picture_in_base64_is_described() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x02\0\0\0rest of it";
        let text = format!("\"{}\"", STANDARD.encode(png));
        let words = format!("PNG 2×3, {} B", png.len());
        assert_eq!(encoded(text.as_bytes()), Some(words.clone()));
        let url = format!("\"data:image/png;base64,{}\"", STANDARD.encode(png));
        assert_eq!(encoded(url.as_bytes()), Some(words));
        assert_eq!(encoded(b"\"words and no picture\""), None);
    }
}
