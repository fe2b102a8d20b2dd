//! The columns of the table of accounts: which of them a width has room for, and what stands in them.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::text::{Line, Span};

use crate::app::resources::List;
use crate::config::Role;
use crate::ui::pane::Cx;
use crate::ui::widgets::amount::amount;
use crate::ui::widgets::measure;
use crate::ui::widgets::visible::visible;

/// Columns in front of the first.
const MARGIN: usize = 3;
/// Columns between columns.
const GAP: usize = 2;

/// What a column tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tells {
    Name,
    Mask,
    Type,
    Current,
    Available,
    Institution,
    Connection,
}

use Tells::{Available, Connection, Current, Institution, Mask, Name, Type};

/// From left to right.
const ALL: [Tells; 7] = [
    Name,
    Mask,
    Type,
    Current,
    Available,
    Institution,
    Connection,
];
/// Which of them goes first when there is no room: from the last on.
const BY_WORTH: [Tells; 7] = [
    Name,
    Current,
    Mask,
    Available,
    Connection,
    Institution,
    Type,
];

impl Tells {
    fn head(self) -> &'static str {
        match self {
            Name => "account",
            Mask => "mask",
            Type => "type",
            Current => "current $",
            Available => "available $",
            Institution => "institution",
            Connection => "connection",
        }
    }

    /// Fewest and most columns that make sense.
    fn bounds(self) -> (usize, usize) {
        match self {
            Name => (12, 32),
            Mask => (6, 6),
            Type => (8, 24),
            Current | Available => (11, 26),
            Institution => (12, 28),
            Connection => (10, 10),
        }
    }

    fn is_amount(self) -> bool {
        matches!(self, Current | Available)
    }

    /// What stands in `row`; `None` where the answer has nothing. A short type is the finer one alone.
    fn text<'a>(self, list: &'a List, row: usize, is_short: bool) -> Option<Cow<'a, str>> {
        let field = |name| list.text(row, name).filter(|text| !text.is_empty());
        match self {
            Name => field("nickname")
                .or_else(|| field("name"))
                .or_else(|| field("official_name")),
            Mask => field("mask").map(|mask| Cow::Owned(format!("··{mask}"))),
            Type => match (field("type"), field("subtype")) {
                (Some(kind), Some(finer)) if !is_short => {
                    Some(Cow::Owned(format!("{kind}/{finer}")))
                }
                (kind, finer) => finer.or(kind),
            },
            Current => field("current_balance").map(money),
            Available => field("available_balance").map(money),
            Institution => field("institution_name"),
            Connection => field("connection_status"),
        }
    }
}

/// A number of the answer as money.
fn money(number: Cow<'_, str>) -> Cow<'_, str> {
    match amount(&number) {
        Cow::Owned(shown) => Cow::Owned(shown),
        Cow::Borrowed(_) => number,
    }
}

/// Columns that `tells` would take to show the `seen` rows whole, within reason.
fn natural(tells: Tells, list: &List, seen: &Range<usize>, is_short: bool) -> usize {
    let (least, most) = tells.bounds();
    let text = |row| {
        let text = tells.text(list, row, is_short);
        text.map_or(1, |text| measure::width(&visible(&text)))
    };
    let widest = seen.clone().map(text).max().unwrap_or(0);
    widest.max(measure::width(tells.head())).clamp(least, most)
}

/// The columns that are shown, each with its width.
pub(super) struct Table {
    columns: Vec<(Tells, usize)>,
    /// Whether the type is told by its finer half.
    is_short: bool,
}

impl Table {
    /// Chooses columns for `width`, wide enough for the `seen` rows where that is possible.
    pub(super) fn new(list: &List, seen: Range<usize>, width: u16) -> Self {
        let long = Self::of(list, &seen, width, false);
        let has_long_type = |(tells, width): &(Tells, usize)| {
            *tells == Type && *width >= natural(Type, list, &seen, false)
        };
        match long.columns.iter().any(has_long_type) {
            true => long,
            false => Self::of(list, &seen, width, true),
        }
    }

    fn of(list: &List, seen: &Range<usize>, width: u16, is_short: bool) -> Self {
        let room = usize::from(width).saturating_sub(MARGIN + 1);
        let naturals = ALL.map(|tells| (tells, natural(tells, list, seen, is_short)));
        let least = |tells: Tells| match naturals.iter().find(|(one, _)| *one == tells) {
            // An amount is never cut, nor is a short type.
            Some((_, natural)) if tells.is_amount() || tells == Type => *natural,
            Some((_, natural)) => tells.bounds().0.min(*natural),
            None => 0,
        };
        let mut chosen: Vec<Tells> = Vec::new();
        let mut used = 0;
        for tells in BY_WORTH {
            let gap = if chosen.is_empty() { 0 } else { GAP };
            if chosen.is_empty() || used + gap + least(tells) <= room {
                used += gap + least(tells);
                chosen.push(tells);
            }
        }
        let is_chosen = |(tells, _): &(Tells, usize)| chosen.contains(tells);
        let mut columns: Vec<_> = naturals.into_iter().filter(is_chosen).collect();
        let mut rest = room.saturating_sub(used);
        for (tells, width) in &mut columns {
            let more = (*width - least(*tells)).min(rest);
            *width = least(*tells) + more;
            rest -= more;
        }
        if let [(_, only)] = columns.as_mut_slice() {
            *only = (*only).min(room);
        }
        Self { columns, is_short }
    }

    /// The names of the columns.
    pub(super) fn head(&self, cx: &Cx<'_>) -> Line<'static> {
        let mut spans = vec![Span::raw(" ".repeat(MARGIN))];
        for (index, (tells, width)) in self.columns.iter().enumerate() {
            spans.push(cx.span(Role::Muted, align(*tells, tells.head(), *width)));
            if index + 1 < self.columns.len() {
                spans.push(Span::raw(" ".repeat(GAP)));
            }
        }
        Line::from(spans)
    }

    /// The cells of `row`.
    pub(super) fn cells(
        &self,
        list: &List,
        row: usize,
        is_selected: bool,
        cx: &Cx<'_>,
    ) -> Vec<Span<'static>> {
        let mut spans = Vec::with_capacity(self.columns.len() * 2);
        for (tells, width) in &self.columns {
            let text = tells.text(list, row, self.is_short);
            let shown = text.as_deref().map_or(Cow::Borrowed("–"), visible);
            let role = match (tells, text.as_deref()) {
                (_, None) => Role::Muted,
                (Name, _) if is_selected => Role::Strong,
                (Name | Institution, _) => Role::Text,
                (Current | Available, Some(text)) if text.starts_with('-') => Role::Warning,
                (Current | Available, _) => Role::Text,
                (Connection, Some("connected")) | (Mask | Type, _) => Role::Muted,
                (Connection, _) => Role::Danger,
            };
            spans.push(cx.span(role, align(*tells, &shown, *width)));
            spans.push(Span::raw(" ".repeat(GAP)));
        }
        spans
    }
}

/// Amounts stand under each other digit by digit.
fn align(tells: Tells, text: &str, width: usize) -> String {
    match tells.is_amount() {
        true => measure::pad_left(text, width),
        false => measure::pad(text, width),
    }
}
