//! How far something long is scrolled.

use crate::config::Action;

/// The first row that is seen, of something that is longer than its room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scroll {
    offset: usize,
    /// Rows that fitted at the last drawing: what a page is.
    height: usize,
    /// Rows that there were at the last drawing.
    total: usize,
}

impl Scroll {
    /// Takes note of the room and the rows there are, and answers with the first row to draw.
    pub(crate) fn fit(&mut self, total: usize, height: u16) -> usize {
        self.total = total;
        self.height = usize::from(height);
        self.offset = self.offset.min(total.saturating_sub(self.height));
        self.offset
    }

    /// The same, with `row` in sight.
    pub(crate) fn show(&mut self, row: usize, total: usize, height: u16) -> usize {
        let height = usize::from(height).max(1);
        self.offset = self.offset.clamp((row + 1).saturating_sub(height), row);
        self.fit(total, u16::try_from(height).unwrap_or(u16::MAX))
    }

    /// Moves by `rows`.
    pub(crate) fn by(&mut self, rows: isize) {
        let last = self.total.saturating_sub(self.height);
        self.offset = self.offset.saturating_add_signed(rows).min(last);
    }

    /// Scrolls as `action` says, if it is about that.
    pub(crate) fn act(&mut self, action: Action) -> bool {
        let last = self.total.saturating_sub(self.height);
        let target = step(action, self.offset, last, self.height);
        self.offset = target.unwrap_or(self.offset);
        target.is_some()
    }

    /// Rows of a page.
    pub(crate) fn page(&self) -> usize {
        self.height
    }

    /// The first row that is seen.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// Rows before and after what is seen.
    pub(crate) fn hidden(&self) -> (usize, usize) {
        let after = self.total.saturating_sub(self.offset + self.height);
        (self.offset, after)
    }
}

/// Where `action` leads from `row`, when rows run from 0 to `last` and a page has `page` of them; `None` if it is not about that.
pub(crate) fn step(action: Action, row: usize, last: usize, page: usize) -> Option<usize> {
    // One row of the old page stays in sight.
    let page = page.saturating_sub(1).max(1);
    Some(match action {
        Action::MoveUp => row.saturating_sub(1),
        Action::MoveDown => (row + 1).min(last),
        Action::PageUp => row.saturating_sub(page),
        Action::PageDown => (row + page).min(last),
        Action::MoveFirst => 0,
        Action::MoveLast => last,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_selected_row_is_always_in_sight() {
        let mut scroll = Scroll::default();
        assert_eq!(scroll.show(9, 20, 5), 5);
        assert_eq!(scroll.show(7, 20, 5), 5);
        assert_eq!(scroll.show(2, 20, 5), 2);
        assert_eq!(scroll.show(0, 3, 0), 0);
    }

    #[test]
    fn scrolling_stops_at_both_ends() {
        let mut scroll = Scroll::default();
        scroll.fit(20, 5);
        assert!(scroll.act(Action::MoveLast));
        assert_eq!(scroll.fit(20, 5), 15);
        scroll.by(3);
        assert_eq!(scroll.fit(20, 5), 15);
        scroll.by(-99);
        assert_eq!(scroll.fit(20, 5), 0);
        assert!(scroll.act(Action::PageDown));
        assert_eq!((scroll.offset(), scroll.hidden()), (4, (4, 11)));
        assert!(!scroll.act(Action::Quit));
    }
}
