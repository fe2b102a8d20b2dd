//! Lists page by page, under the names that the catalogue gives: newest first, 25 a page, 10 to 100.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;

/// Items a page unless asked otherwise, and the bounds (Astra's guide "Pagination").
const DEFAULT_SIZE: usize = 25;
const SIZES: std::ops::RangeInclusive<usize> = 10..=100;

/// The page of `items` that `call` asks for. Items come newest first, each with its place in the order of creation.
///
/// # Errors
/// A 400 for a size out of bounds or a cursor of another list.
pub(crate) fn page<T>(
    call: &Call<'_>,
    items: impl Iterator<Item = (u64, T)>,
    show: impl Fn(T) -> Value,
) -> Result<Value, Refusal> {
    let names = call.endpoint.list.clone().unwrap_or_default();
    let size = match call.query.get(&names.size).map(|text| text.parse()) {
        None => DEFAULT_SIZE,
        Some(Ok(size)) if SIZES.contains(&size) => size,
        Some(_) => {
            let (least, most) = (SIZES.start(), SIZES.end());
            return Err(Refusal::bad_request(format!(
                "{} must be from {least} to {most}",
                names.size
            )));
        }
    };
    let list = call.endpoint.id.as_str();
    let before = match call.query.get(&names.cursor) {
        None => u64::MAX,
        Some(cursor) => read_cursor(list, cursor).ok_or_else(|| {
            Refusal::bad_request(format!(
                "{} is not one that this list answered",
                names.cursor
            ))
        })?,
    };
    let mut rest = items
        .skip_while(|(sequence, _)| *sequence >= before)
        .peekable();
    let mut last = before;
    let mut shown = Vec::new();
    while shown.len() < size
        && let Some((sequence, item)) = rest.next()
    {
        last = sequence;
        shown.push(show(item));
    }
    let more = rest.peek().is_some();
    let cursor = more.then(|| URL_SAFE_NO_PAD.encode(format!("{list}:{last}")));
    Ok(Value::Object(Map::from_iter([
        (names.count, Value::from(shown.len())),
        (names.items, Value::Array(shown)),
        (names.more, Value::Bool(more)),
        (names.cursor, Value::from(cursor)),
    ])))
}

/// The place before which the next page begins, which stays right when items go or come in between.
fn read_cursor(list: &str, cursor: &str) -> Option<u64> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix(list)?.strip_prefix(':')?.parse().ok()
}
