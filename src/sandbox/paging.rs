//! Lists page by page, under the names that the catalogue gives: newest first, 25 a page, 10 to 100.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::domain::Paging;
use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;

/// Items a page unless asked otherwise, and the bounds (Astra's guide "Pagination").
const DEFAULT_SIZE: usize = 25;
const SIZES: std::ops::RangeInclusive<usize> = 10..=100;

/// Rows in the order of creation, of which a call may see some. They are looked up, never copied.
pub(crate) struct Rows<'a, T, P, W> {
    /// All of them, oldest first.
    pub(crate) rows: &'a [T],
    /// The place of a row in the order of creation.
    pub(crate) place: P,
    /// Whether the call asks for this row.
    pub(crate) is_wanted: W,
}

/// The page of `rows` that `call` asks for. Only what is on it is shown.
///
/// # Errors
/// A 400 for a size out of bounds or a cursor of another list.
pub(crate) fn page<T, P: Fn(&T) -> u64, W: Fn(&T) -> bool>(
    call: &Call<'_>,
    rows: &Rows<'_, T, P, W>,
    show: impl Fn(&T) -> Value,
) -> Result<Reply, Refusal> {
    let names = call.endpoint.list.clone().unwrap_or_default();
    let size = size(call, &names)?;
    let list = call.endpoint.id.as_str();
    let before = match call.query.get(&names.cursor).filter(|it| !it.is_empty()) {
        None => u64::MAX,
        Some(cursor) => read_cursor(list, cursor).ok_or_else(|| foreign_cursor(&names))?,
    };
    // The page begins where the last one ended, however many rows lie before it.
    let end = rows.rows.partition_point(|row| (rows.place)(row) < before);
    let older = rows.rows.get(..end).unwrap_or_default();
    let mut rest = older.iter().rev().filter(|row| (rows.is_wanted)(row));
    let mut last = before;
    let mut shown = Vec::new();
    for row in rest.by_ref().take(size) {
        last = (rows.place)(row);
        shown.push(show(row));
    }
    let more = rest.next().is_some();
    let cursor = more.then(|| write_cursor(list, &last.to_string()));
    Ok(answer(names, shown, more, cursor))
}

/// The items a page that `call` asks for; all there are where the catalogue knows of no paging.
fn size(call: &Call<'_>, names: &Paging) -> Result<usize, Refusal> {
    if names.size.is_empty() {
        return Ok(usize::MAX);
    }
    match call.query.get(&names.size).map(|text| text.parse()) {
        None => Ok(DEFAULT_SIZE),
        Some(Ok(size)) if SIZES.contains(&size) => Ok(size),
        Some(_) => {
            let (least, most) = (SIZES.start(), SIZES.end());
            Err(Refusal::bad_request(format!(
                "{} must be from {least} to {most}",
                names.size
            )))
        }
    }
}

/// The envelope of a list, without the fields that the catalogue does not name.
pub(crate) fn answer(
    names: Paging,
    shown: Vec<Value>,
    more: bool,
    cursor: Option<String>,
) -> Reply {
    let fields = [
        (names.count, Value::from(shown.len())),
        (names.items, Value::Array(shown)),
        (names.more, Value::Bool(more)),
        (names.cursor, Value::from(cursor)),
    ];
    let named = fields.into_iter().filter(|(name, _)| !name.is_empty());
    Reply::Json(Value::Object(Map::from_iter(named)))
}

/// A cursor that leads `list` on from `place`.
pub(crate) fn write_cursor(list: &str, place: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("{list}:{place}"))
}

/// The place from which `cursor` leads `list` on, which stays right when items go or come in between.
pub(crate) fn read_cursor<T: std::str::FromStr>(list: &str, cursor: &str) -> Option<T> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix(list)?.strip_prefix(':')?.parse().ok()
}

/// The refusal of a cursor that this list never answered.
pub(crate) fn foreign_cursor(names: &Paging) -> Refusal {
    Refusal::bad_request(format!(
        "{} is not one that this list answered",
        names.cursor
    ))
}
