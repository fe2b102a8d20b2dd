//! Which pane gets which cells, for every size of the terminal. Draws nothing.

#[cfg(test)]
mod tests;

use ratatui::layout::Rect;

/// From here on there is room for three columns.
const THREE_COLUMNS: u16 = 160;
/// From here on there is room for two columns.
const TWO_COLUMNS: u16 = 100;
/// From here on there is a blank row below the header.
const AIRY: u16 = 30;
/// From here on two folded panes can share a row.
const SHARED: u16 = 70;
/// Columns of the first of them: `2 Authorization ── signed in until 14:32` fits.
const HOST: u16 = 44;
/// Columns between columns of panes.
const GAP: u16 = 2;

/// Where a pane stands when there is more than one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Small, at the left.
    Side,
    /// Small, at the left as well; below the tables where these have a column of their own.
    Shelf,
    /// A table: as high as its rows, within reason.
    Table,
    /// Long: gets what is left.
    Detail,
}

impl Slot {
    /// Whether it is folded first where room is scarce.
    fn is_small(self) -> bool {
        matches!(self, Self::Side | Self::Shelf)
    }
}

/// What a pane would like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wish {
    /// Rows that it needs to be of use.
    pub(crate) least: u16,
    /// Rows beyond which it gains nothing.
    pub(crate) most: u16,
}

/// What a pane gets. A pane without room has an empty title.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// The row of its title.
    pub(crate) title: Rect,
    /// The rows below it; none if the pane is folded into its title.
    pub(crate) body: Rect,
}

/// Who gets what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Places {
    /// First row of the screen.
    pub(crate) header: Rect,
    /// Last row of the screen.
    pub(crate) footer: Rect,
    /// One for each pane.
    pub(crate) panes: Vec<Place>,
}

/// Columns of the pane at `slot` on a screen of `columns`, where tables gain nothing beyond `widest`.
pub(crate) fn columns_of(slot: Slot, columns: u16, widest: Option<u16>) -> u16 {
    let [side, table, detail] = columns_of_all(columns, widest);
    match slot {
        Slot::Shelf if columns >= THREE_COLUMNS => table,
        Slot::Side | Slot::Shelf => side,
        Slot::Table => table,
        Slot::Detail => detail,
    }
}

fn columns_of_all(columns: u16, widest: Option<u16>) -> [u16; 3] {
    let side = match columns {
        0..TWO_COLUMNS => return [columns; 3],
        TWO_COLUMNS..120 => 36,
        120..180 => 40,
        _ => 46, // the longest redirect URI that is usual fits
    };
    if columns < THREE_COLUMNS {
        return [side, columns - side - GAP, columns - side - GAP];
    }
    let table = (columns * 2 / 5).min(widest.unwrap_or(u16::MAX));
    [side, table, columns - side - table - 2 * GAP]
}

/// Divides `area` between header, footer and the panes, of which number `focus` has the keys. Where tables have a column of
/// their own, what they do not need beyond `widest` goes to the details beside them.
pub(crate) fn arrange(
    area: Rect,
    focus: usize,
    is_zoomed: bool,
    wishes: &[(Slot, Wish)],
    widest: Option<u16>,
) -> Places {
    let mut places = Places {
        panes: vec![Place::default(); wishes.len()],
        ..Places::default()
    };
    let mut middle = area;
    if area.height >= 3 {
        places.footer = Rect {
            y: area.bottom() - 1,
            height: 1,
            ..area
        };
        middle.height -= 1;
    }
    if area.height >= 4 {
        let rows = if area.height >= AIRY { 2 } else { 1 };
        places.header = Rect { height: 1, ..area };
        middle = Rect {
            y: area.y + rows,
            height: middle.height - rows,
            ..middle
        };
    }
    if middle.is_empty() {
        return places;
    }
    let stack = Stack {
        focus,
        wishes,
        is_narrow: false,
    };
    if is_zoomed {
        stack.place(middle, &[focus], &mut places.panes);
        return places;
    }
    let at = |wanted: &[Slot]| -> Vec<usize> {
        let is_wanted = |index: &usize| {
            wishes
                .get(*index)
                .is_some_and(|(slot, _)| wanted.contains(slot))
        };
        (0..wishes.len()).filter(is_wanted).collect()
    };
    let [side, table, detail] = columns_of_all(area.width, widest);
    let left = Rect {
        width: side,
        ..middle
    };
    if area.width >= THREE_COLUMNS {
        let centre = Rect {
            x: left.right() + GAP,
            width: table,
            ..middle
        };
        let right = Rect {
            x: centre.right() + GAP,
            width: detail,
            ..middle
        };
        stack.place(left, &at(&[Slot::Side]), &mut places.panes);
        stack.place(centre, &at(&[Slot::Table, Slot::Shelf]), &mut places.panes);
        stack.place(right, &at(&[Slot::Detail]), &mut places.panes);
    } else if area.width >= TWO_COLUMNS {
        let right = Rect {
            x: left.right() + GAP,
            width: detail,
            ..middle
        };
        stack.place(left, &at(&[Slot::Side, Slot::Shelf]), &mut places.panes);
        stack.place(right, &at(&[Slot::Table, Slot::Detail]), &mut places.panes);
    } else {
        let mut all = at(&[Slot::Side, Slot::Table, Slot::Detail, Slot::Shelf]);
        let lodger = lodger(&all, focus, wishes);
        all.retain(|index| Some(*index) != lodger);
        Stack {
            is_narrow: true,
            ..stack
        }
        .place(middle, &all, &mut places.panes);
        if let Some(lodger) = lodger.filter(|_| area.width >= SHARED) {
            lodge(lodger, wishes, &mut places.panes);
        }
    }
    places
}

/// The small pane behind the long ones has no row of its own in one column, unless it has the keys: every row counts there.
fn lodger(members: &[usize], focus: usize, wishes: &[(Slot, Wish)]) -> Option<usize> {
    let last = members.last().copied().filter(|last| *last != focus)?;
    let (slot, _) = wishes.get(last)?;
    (slot.is_small() && members.len() > 1).then_some(last)
}

/// Gives `lodger` the end of the row of the last small pane that is folded into its title.
fn lodge(lodger: usize, wishes: &[(Slot, Wish)], places: &mut [Place]) {
    let is_host = |(index, place): &(usize, &Place)| {
        let is_side = wishes.get(*index).is_some_and(|(slot, _)| slot.is_small());
        is_side && !place.title.is_empty() && place.body.is_empty()
    };
    let host = places
        .iter()
        .enumerate()
        .rfind(is_host)
        .map(|(index, _)| index);
    let Some(host) = host.and_then(|host| places.get_mut(host)) else {
        return; // it is seen once it gets the keys
    };
    let row = host.title;
    let left = HOST.min(row.width);
    host.title.width = left;
    host.body.width = left;
    let title = Rect {
        x: row.x + left,
        width: row.width - left,
        ..row
    };
    let body = Rect {
        y: title.y + 1,
        height: 0,
        ..title
    };
    if let Some(place) = places.get_mut(lodger) {
        *place = Place { title, body };
    }
}

/// In this order panes take what is left of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Small,
    Details,
    Tables,
}

/// Panes above each other.
struct Stack<'a> {
    focus: usize,
    wishes: &'a [(Slot, Wish)],
    /// Whether all panes share one column: small ones that do not have the keys are folded into their titles then.
    is_narrow: bool,
}

impl Stack<'_> {
    /// Places the panes numbered `members` into `area`.
    fn place(&self, area: Rect, members: &[usize], places: &mut [Place]) {
        let heights = self.heights(area.height, members);
        let used: u16 = heights.iter().map(|(_, body)| 1 + body.unwrap_or(0)).sum();
        let gaps = u16::try_from(heights.len().saturating_sub(1)).unwrap_or(0);
        let is_airy = !self.is_narrow && area.height.saturating_sub(used) >= gaps;
        let mut y = area.y;
        for (index, body) in heights {
            let title = Rect {
                y,
                height: 1,
                ..area
            };
            let height = body.unwrap_or(0);
            let body = Rect {
                y: y + 1,
                height,
                ..area
            };
            if let Some(place) = places.get_mut(index) {
                *place = Place { title, body };
            }
            y += 1 + height + u16::from(is_airy);
        }
    }

    /// The panes that have room for a title, and for each its rows below, `None` if it is folded.
    fn heights(&self, height: u16, members: &[usize]) -> Vec<(usize, Option<u16>)> {
        let mut order = members.to_vec();
        order.sort_by_key(|index| self.rank(*index));
        order.truncate(height.into());
        let mut rest = height - u16::try_from(order.len()).unwrap_or(height);
        let mut bodies = vec![None; self.wishes.len()];
        for (turn, index) in order.iter().enumerate() {
            let (slot, wish) = self.wishes[*index];
            let may_open = turn == 0 || !self.is_narrow || !slot.is_small();
            let least = self.least(slot, wish, (height, members));
            if may_open && rest > 0 && (turn == 0 || rest >= least) {
                let rows = least.min(rest);
                bodies[*index] = Some(rows);
                rest -= rows;
            }
        }
        // Air between the panes of a column is worth more than rows beyond what is needed.
        let gaps = u16::try_from(order.len().saturating_sub(1)).unwrap_or(0);
        let air = if self.is_narrow || rest < 3 * gaps {
            0
        } else {
            gaps
        };
        rest -= air;
        for turn in [Turn::Small, Turn::Details, Turn::Tables] {
            for index in &order {
                let (slot, wish) = self.wishes[*index];
                let is_first = *index == self.focus && self.is_narrow;
                // A table beside others takes only what nobody else wants, unless it has the keys in the one narrow column.
                let its_turn = match slot {
                    _ if is_first => Turn::Small,
                    Slot::Detail => Turn::Details,
                    Slot::Table if members.len() > 1 => Turn::Tables,
                    Slot::Side | Slot::Shelf | Slot::Table => Turn::Small,
                };
                if let Some(rows) = bodies[*index].as_mut().filter(|_| turn == its_turn) {
                    let more = wish.most.saturating_sub(*rows).min(rest);
                    *rows += more;
                    rest -= more;
                }
            }
        }
        let mut shown: Vec<_> = order.iter().map(|index| (*index, bodies[*index])).collect();
        shown.sort_by_key(|(index, _)| *index);
        // What nobody wants goes to the last one that is open, for its background and its clicks.
        if let Some((_, Some(rows))) = shown.iter_mut().rev().find(|(_, body)| body.is_some()) {
            *rows += rest;
        }
        shown
    }

    /// Whoever has the keys first, then the long ones, then the small ones.
    fn rank(&self, index: usize) -> (bool, u8, usize) {
        let slot = self.wishes.get(index).map(|(slot, _)| *slot);
        let rank = match slot {
            Some(Slot::Detail) => 0,
            Some(Slot::Table) => 1,
            Some(Slot::Side | Slot::Shelf) | None => 2,
        };
        (index != self.focus, rank, index)
    }

    /// Rows below which a pane is not opened; a table gets up to two fifths of the column, beside small panes three.
    fn least(&self, slot: Slot, wish: Wish, (height, members): (u16, &[usize])) -> u16 {
        let is_detail = |index: &usize| self.wishes[*index].0 == Slot::Detail;
        let fifths = if members.iter().any(is_detail) { 2 } else { 3 };
        match slot {
            Slot::Table => wish.most.min(height * fifths / 5).max(wish.least),
            Slot::Side | Slot::Shelf | Slot::Detail => wish.least,
        }
    }
}
