//! What stands in one cell: a field of one object, as its column shows it. Looks nothing up but the object and the names.

use std::borrow::Cow;

use jiff::tz::{Offset, TimeZone};

use crate::app::resources::List;
use crate::config::Role;
use crate::document::NodeKind;
use crate::ui::panes::resources::kinds::{Column, Shows};
use crate::ui::panes::resources::names::Names;
use crate::ui::widgets::amount::amount;
use crate::ui::widgets::measure;

/// Columns of an identifier of which only both ends are shown.
const ID: usize = 13;
/// Letters of a day without a time, such as `2026-03-02`.
const DAY: usize = 10;

/// Reads cells of one list.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) list: &'a List,
    pub(super) names: &'a Names,
    /// For times of day.
    pub(super) zone: &'a TimeZone,
}

impl<'a> Cells<'a> {
    /// The text of the field at `path`, such as `source.id`; `None` where there is none, or nothing in it.
    pub(super) fn field(&self, row: usize, path: &str) -> Option<Cow<'a, str>> {
        let (page, node) = self.list.item(row)?;
        let field = path
            .split('.')
            .try_fold(node, |node, name| page.get(node, name))?;
        let text = (page.kind(field) != NodeKind::Null).then(|| page.text(field))?;
        (!text.is_empty()).then_some(text)
    }

    /// The first of the fields of `column` that holds something, as it came.
    pub(super) fn raw(&self, row: usize, column: &Column) -> Option<Cow<'a, str>> {
        column
            .fields
            .iter()
            .find_map(|field| self.field(row, field))
    }

    /// What stands in `row` of `column`; a short form where there is one and `is_short`.
    pub(super) fn text(&self, row: usize, column: &Column, is_short: bool) -> Option<Cow<'a, str>> {
        if column.shows == Shows::Pair {
            return self.pair(row, column, is_short);
        }
        let raw = self.raw(row, column)?;
        Some(match column.shows {
            Shows::Name | Shows::Text | Shows::Note | Shows::Status | Shows::Pair => raw,
            Shows::Amount => money(raw),
            Shows::Time => moment(&raw, self.zone).map_or(raw, Cow::Owned),
            Shows::Link if is_short && raw == CONNECTED => Cow::Borrowed("✓"),
            Shows::Link => raw,
            Shows::Flag(yes, _) if raw == "true" => Cow::Borrowed(yes),
            Shows::Flag(_, no) if raw == "false" => Cow::Borrowed(no),
            Shows::Flag(..) => raw,
            Shows::Mask => Cow::Owned(format!("··{raw}")),
            Shows::Party => match self.names.get(&raw) {
                Some(name) => Cow::Owned(name.to_owned()),
                None => shortened(raw),
            },
        })
    }

    /// Both fields, or the finer one where that is enough or all there is.
    fn pair(&self, row: usize, column: &Column, is_short: bool) -> Option<Cow<'a, str>> {
        let [coarse, fine] = column.fields else {
            return self.raw(row, column);
        };
        match (self.field(row, coarse), self.field(row, fine)) {
            (Some(coarse), Some(fine)) if !is_short => Some(Cow::Owned(format!("{coarse}/{fine}"))),
            (coarse, fine) => fine.or(coarse),
        }
    }
}

/// Whether `column` has a short form.
pub(super) fn has_short(column: &Column) -> bool {
    matches!(column.shows, Shows::Pair | Shows::Link)
}

/// The usual state of the link to a bank.
const CONNECTED: &str = "connected";

/// How the `text` of a cell looks; `None` where nothing stands in it.
pub(super) fn role(shows: Shows, text: Option<&str>, is_selected: bool) -> Role {
    let Some(text) = text else {
        return Role::Muted;
    };
    match shows {
        Shows::Name if is_selected => Role::Strong,
        Shows::Amount if text.starts_with('-') => Role::Warning,
        Shows::Name | Shows::Text | Shows::Amount | Shows::Party => Role::Text,
        Shows::Link if text == CONNECTED || text == "✓" => Role::Muted,
        Shows::Link => Role::Danger,
        Shows::Status => status(text),
        Shows::Note | Shows::Pair | Shows::Time | Shows::Flag(..) | Shows::Mask => Role::Muted,
    }
}

/// How a status looks, of whatever it is one.
pub(super) fn status(word: &str) -> Role {
    match word {
        "active" | "approved" | "completed" | "processed" => Role::Success,
        "document"
        | "flagged"
        | "inactive"
        | "pending"
        | "pending_account_authorization"
        | "requires_user_verification"
        | "retry" => Role::Warning,
        "failed" | "rejected" | "suspended" | "user_suspended" => Role::Danger,
        "cancelled" | "removed" => Role::Muted,
        _ => Role::Text, // Astra may know more of them
    }
}

/// A number of the answer as money.
fn money(number: Cow<'_, str>) -> Cow<'_, str> {
    match amount(&number) {
        Cow::Owned(shown) => Cow::Owned(shown),
        Cow::Borrowed(_) => number,
    }
}

/// Both ends of a long identifier.
fn shortened(id: Cow<'_, str>) -> Cow<'_, str> {
    match measure::fit_middle(&id, ID) {
        Cow::Owned(shown) => Cow::Owned(shown),
        Cow::Borrowed(_) => id,
    }
}

/// A moment of the API, in seconds since 1970. Working clients have seen moments without a zone, in UTC.
pub(super) fn seconds(text: &str) -> Option<i64> {
    let time = text.get(DAY..).unwrap_or_default();
    // Each way of reading costs as much where it fails: 100,000 rows are to be sorted while a key is pressed.
    let at = match time.ends_with(['Z', 'z', ']']) || time.contains(['+', '-']) {
        true => text.parse::<jiff::Timestamp>().ok()?,
        false => Offset::UTC.to_timestamp(text.parse().ok()?).ok()?,
    };
    Some(at.as_second())
}

/// A moment in local time: ` 2 Mar 12:32`; `None` for a day without a time, and for what is no moment.
pub(super) fn moment(text: &str, zone: &TimeZone) -> Option<String> {
    if text.len() <= DAY {
        return None;
    }
    let at = jiff::Timestamp::from_second(seconds(text)?).ok()?;
    let at = at.to_zoned_datetime(zone.clone());
    Some(at.strftime("%e %b %H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_with_and_without_a_zone_are_told_in_local_time() {
        let utc = TimeZone::UTC;
        let east = TimeZone::fixed(jiff::tz::offset(2));
        for (text, zone, expected) in [
            ("2026-03-02T11:58:03.120000", &utc, Some(" 2 Mar 11:58")),
            ("2026-03-02T23:58:03.120000", &east, Some(" 3 Mar 01:58")),
            ("2026-12-31T23:30:00Z", &east, Some(" 1 Jan 01:30")),
            ("2026-03-02T11:58:03-05:00", &utc, Some(" 2 Mar 16:58")),
            ("2026-03-02", &east, None),
            ("next banking day", &utc, None),
        ] {
            assert_eq!(moment(text, zone).as_deref(), expected, "{text}");
        }
        assert_eq!(seconds("1970-01-02"), Some(86_400));
        assert_eq!(seconds("soon"), None);
    }

    #[test]
    fn an_identifier_shows_both_ends() {
        let id = "0b9f4c1e-8a4b-4f6e-9c57-0b1f3d2a7e90";
        assert_eq!(shortened(id.into()), "0b9f4c…2a7e90");
        assert_eq!(shortened("acc_01".into()), "acc_01");
    }
}
