//! The table of one kind of thing: which columns a width has room for, how wide they are, and how rows are drawn.

use std::borrow::Cow;

use ratatui::text::{Line, Span};

use crate::config::Role;
use crate::ui::pane::Cx;
use crate::ui::panes::resources::cells::{self, Cells, has_short};
use crate::ui::panes::resources::kinds::{Column, Kind, Shows};
use crate::ui::panes::resources::order::Sort;
use crate::ui::panes::resources::sheet::Sheet;
use crate::ui::widgets::measure;
use crate::ui::widgets::visible::visible;

/// Columns in front of the first.
const MARGIN: usize = 3;
/// Columns between columns.
const GAP: usize = 2;
/// Columns behind the last.
const EDGE: usize = 1;
/// Columns of the arrow behind the name of the column by which rows are sorted.
const ARROW: usize = 2;

/// The columns that are shown, each with its width.
pub(super) struct Table {
    kind: &'static Kind,
    sort: Option<Sort>,
    /// Number and width.
    columns: Vec<(usize, usize)>,
    /// Whether columns that have a short form are shown in it.
    is_short: bool,
}

impl Table {
    /// Chooses columns for `width`, wide enough for all rows of `sheet` where that is possible.
    pub(super) fn new(kind: &'static Kind, sheet: &Sheet, sort: Option<Sort>, width: u16) -> Self {
        let long = Self::of(kind, sheet, sort, width, false);
        let is_whole = long.columns.len() == kind.columns.len()
            && long
                .columns
                .iter()
                .all(|(number, width)| *width >= natural(kind, sheet, sort, *number, false));
        match is_whole || !kind.columns.iter().any(has_short) {
            true => long,
            false => Self::of(kind, sheet, sort, width, true),
        }
    }

    /// Columns of the screen that it takes to show everything.
    pub(super) fn widest(kind: &Kind, sheet: &Sheet, sort: Option<Sort>) -> usize {
        let columns = 0..kind.columns.len();
        let widths = columns.map(|number| natural(kind, sheet, sort, number, false) + GAP);
        widths.sum::<usize>() + MARGIN + EDGE
    }

    fn of(
        kind: &'static Kind,
        sheet: &Sheet,
        sort: Option<Sort>,
        width: u16,
        is_short: bool,
    ) -> Self {
        let room = usize::from(width).saturating_sub(MARGIN + EDGE);
        let natural = |number| natural(kind, sheet, sort, number, is_short);
        let least = |number: usize| {
            let whole = natural(number);
            match kind.columns.get(number) {
                Some(column) if can_be_cut(column.shows) => column.bounds.0.min(whole),
                _ => whole,
            }
        };
        let mut by_worth: Vec<usize> = (0..kind.columns.len()).collect();
        by_worth.sort_by_key(|number| std::cmp::Reverse(kind.columns[*number].worth));
        let (mut chosen, mut used) = (Vec::new(), 0);
        for number in by_worth {
            let gap = if chosen.is_empty() { 0 } else { GAP };
            if chosen.is_empty() || used + gap + least(number) <= room {
                used += gap + least(number);
                chosen.push(number);
            }
        }
        chosen.sort_unstable();
        let mut columns: Vec<_> = chosen
            .into_iter()
            .map(|number| (number, least(number)))
            .collect();
        // What is left goes to those that need it, cell by cell, so that none takes it all.
        let mut rest = room.saturating_sub(used);
        while rest > 0 {
            let before = rest;
            for (number, width) in &mut columns {
                if rest > 0 && *width < natural(*number) {
                    *width += 1;
                    rest -= 1;
                }
            }
            if rest == before {
                break;
            }
        }
        if let [(_, only)] = columns.as_mut_slice() {
            *only = (*only).min(room);
        }
        Self {
            kind,
            sort,
            columns,
            is_short,
        }
    }

    /// Numbers of the columns that are shown.
    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> {
        self.columns.iter().map(|(number, _)| *number)
    }

    /// The names of the columns.
    pub(super) fn head(&self, cx: &Cx<'_>) -> Line<'static> {
        let mut spans = vec![Span::raw(" ".repeat(MARGIN))];
        for (number, width) in &self.columns {
            let Some(column) = self.kind.columns.get(*number) else {
                continue; // chosen from these columns
            };
            let heading = heading(column, self.is_short);
            let sort = self.sort.filter(|sort| sort.column == *number);
            let (role, text) = match sort {
                Some(sort) if sort.is_descending => (Role::Accent, format!("{heading} ▼")),
                Some(_) => (Role::Accent, format!("{heading} ▲")),
                None => (Role::Muted, heading.to_owned()),
            };
            spans.push(cx.span(role, align(column.shows, &text, *width)));
            spans.push(Span::raw(" ".repeat(GAP)));
        }
        spans.pop();
        Line::from(spans)
    }

    /// The cells of `row` of the list.
    pub(super) fn cells(
        &self,
        cells: Cells<'_>,
        row: usize,
        is_selected: bool,
        cx: &Cx<'_>,
    ) -> Vec<Span<'static>> {
        let mut spans = Vec::with_capacity(self.columns.len() * 2);
        for (number, width) in &self.columns {
            let Some(column) = self.kind.columns.get(*number) else {
                continue; // chosen from these columns
            };
            let text = cells.text(row, column, self.is_short);
            let shown = text.as_deref().map_or(Cow::Borrowed("–"), visible);
            let role = cells::role(column.shows, text.as_deref(), is_selected);
            spans.push(cx.span(role, align(column.shows, &shown, *width)));
            spans.push(Span::raw(" ".repeat(GAP)));
        }
        spans
    }
}

/// The name of a column.
fn heading(column: &Column, is_short: bool) -> &'static str {
    match column.shows {
        Shows::Link if is_short => "link",
        _ => column.heading,
    }
}

/// Whether something can be left out of a cell: never of numbers.
fn can_be_cut(shows: Shows) -> bool {
    matches!(
        shows,
        Shows::Name | Shows::Text | Shows::Party | Shows::Status
    )
}

/// Cells that column `number` takes to show all rows whole, within reason.
fn natural(kind: &Kind, sheet: &Sheet, sort: Option<Sort>, number: usize, is_short: bool) -> usize {
    let Some(column) = kind.columns.get(number) else {
        return 0;
    };
    let arrow = sort.map_or(0, |sort| if sort.column == number { ARROW } else { 0 });
    let heading = measure::width(heading(column, is_short)) + arrow;
    let widest = sheet.widest(number, is_short).max(column.bounds.0);
    widest.min(column.bounds.1).max(heading)
}

/// Amounts stand under each other digit by digit; names end with a whole word, identifiers with their end.
fn align(shows: Shows, text: &str, width: usize) -> String {
    match shows {
        Shows::Amount => measure::pad_left(text, width),
        // Digits of a card, and the end of an identifier, tell it from others.
        Shows::Party if text.contains(['…', '·']) => {
            measure::pad(&measure::fit_middle(text, width), width)
        }
        _ => measure::pad(&measure::fit_words(text, width), width),
    }
}
