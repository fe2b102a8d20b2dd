//! Counts the rows that folded containers hide, so that a row is found in logarithmic time. Knows containers by
//! their place only; what is folded, and what a row shows, is decided in `rows`.

use crate::document::node::Container;

/// Containers that share one leaf of the tree. They are gone through one by one, which takes about 100 ns. Tests keep
/// the blocks small, so that a few containers make a tree.
const BLOCK: usize = if cfg!(test) { 2 } else { 64 };

/// For each container the number of rows that it hides, given what the containers in it hide by themselves.
///
/// The row of a container is its row with nothing folded, less all that is hidden before its place. This number
/// grows from one visible container to the next, and for one inside a folded container it is less than for that
/// one. Hence a container is hidden when an earlier one has a higher row, and the last visible container up to a
/// row is the one with the highest row among all before the first that exceeds it. Sums and peaks in a tree over
/// blocks of containers answer both in logarithmic time, and folding changes one number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    hidden: Vec<u32>,
    /// A binary heap: the parent of `i` is `i / 2`, the leaves come last, 0 is unused.
    tree: Vec<Sum>,
}

#[derive(Clone, Copy, Debug)]
struct Sum {
    /// Rows hidden by the containers of this part.
    hidden: i64,
    /// Highest row in this part, if nothing before it were hidden.
    peak: i64,
}

const NOTHING: Sum = Sum {
    hidden: 0,
    peak: i64::MIN / 2,
};

impl Sum {
    fn then(self, next: Self) -> Self {
        Self {
            hidden: self.hidden + next.hidden,
            peak: self.peak.max(next.peak - self.hidden),
        }
    }
}

/// Row of a container's opening bracket with nothing folded: values before it, and brackets closed before it.
pub(crate) fn open_row(container: &Container, place: usize) -> i64 {
    i64::from(container.node) + place as i64 - i64::from(container.depth)
}

impl Tally {
    /// Nothing hidden.
    pub(crate) fn new(containers: &[Container]) -> Self {
        let mut tally = Self::default();
        tally.rebuild(containers);
        tally
    }

    /// Rows that a container hides; it is folded if there are any.
    pub(crate) fn hidden(&self, place: usize) -> u32 {
        self.hidden.get(place).copied().unwrap_or_default()
    }

    /// Changes one number.
    pub(crate) fn set(&mut self, containers: &[Container], place: usize, hidden: u32) {
        if let Some(slot) = self.hidden.get_mut(place) {
            *slot = hidden;
            let mut at = self.leaves() + place / BLOCK;
            self.put(at, self.block(containers, place / BLOCK));
            while at > 1 {
                at /= 2;
                self.put(at, self.sum(2 * at).then(self.sum(2 * at + 1)));
            }
        }
    }

    /// Changes many numbers: `fold` says for each place and container how many rows it hides. The tree is built
    /// again, which takes some milliseconds for a million containers.
    pub(crate) fn set_all(
        &mut self,
        containers: &[Container],
        fold: impl Fn(usize, &Container) -> u32,
    ) {
        self.hidden.clear();
        let hidden = containers.iter().enumerate();
        self.hidden
            .extend(hidden.map(|(place, container)| fold(place, container)));
        self.rebuild(containers);
    }

    /// Counts anew what each folded container hides, `is_folded` saying which ones are.
    pub(crate) fn recount(
        &mut self,
        containers: &[Container],
        is_folded: impl Fn(&Self, usize, &Container) -> bool,
    ) {
        // From the last to the first, so that all in a container is counted before it.
        let mut inside = vec![0; containers.len()];
        let mut hidden = vec![0; containers.len()];
        for (place, container) in containers.iter().enumerate().rev() {
            let rows = container.children + 1 + inside[place];
            if is_folded(self, place, container) {
                hidden[place] = rows;
            } else if let Some(parent) = inside.get_mut(container.parent as usize) {
                *parent += rows;
            }
        }
        self.hidden = hidden;
        self.rebuild(containers);
    }

    /// Sum of the rows hidden by the containers before `place`.
    pub(crate) fn hidden_before(&self, place: usize) -> i64 {
        let place = place.min(self.hidden.len());
        let first = place / BLOCK * BLOCK;
        let last = self.hidden[first..place].iter();
        let mut sum = last.map(|hidden| i64::from(*hidden)).sum();
        let mut at = self.leaves() + place / BLOCK;
        while at > 1 {
            if at % 2 == 1 {
                sum += self.sum(at - 1).hidden;
            }
            at /= 2;
        }
        sum
    }

    /// Highest row of the containers before `place`.
    pub(crate) fn peak_before(&self, containers: &[Container], place: usize) -> i64 {
        let place = place.min(self.hidden.len());
        let mut sum = self.part(containers, place / BLOCK * BLOCK, place);
        let mut at = self.leaves() + place / BLOCK;
        while at > 1 {
            if at % 2 == 1 {
                sum = self.sum(at - 1).then(sum);
            }
            at /= 2;
        }
        sum.peak
    }

    /// First container whose row is above `row`; the number of containers if there is none.
    pub(crate) fn first_above(&self, containers: &[Container], row: i64) -> usize {
        let (mut at, mut before) = (1, 0);
        if self.sum(at).peak <= row {
            return containers.len();
        }
        while at < self.leaves() {
            let left = self.sum(2 * at);
            at *= 2;
            if left.peak - before <= row {
                before += left.hidden;
                at += 1;
            }
        }
        let first = (at - self.leaves()) * BLOCK;
        for (place, container, hidden) in self.stretch(containers, first, first + BLOCK) {
            if open_row(container, place) - before > row {
                return place;
            }
            before += i64::from(hidden);
        }
        containers.len()
    }

    fn leaves(&self) -> usize {
        self.tree.len() / 2
    }

    fn sum(&self, at: usize) -> Sum {
        self.tree.get(at).copied().unwrap_or(NOTHING)
    }

    fn put(&mut self, at: usize, sum: Sum) {
        if let Some(slot) = self.tree.get_mut(at) {
            *slot = sum;
        }
    }

    fn block(&self, containers: &[Container], block: usize) -> Sum {
        self.part(containers, block * BLOCK, (block + 1) * BLOCK)
    }

    fn part(&self, containers: &[Container], from: usize, to: usize) -> Sum {
        let part = self.stretch(containers, from, to);
        part.fold(NOTHING, |sum, (place, container, hidden)| Sum {
            hidden: sum.hidden + i64::from(hidden),
            peak: sum.peak.max(open_row(container, place) - sum.hidden),
        })
    }

    /// Places, containers and what they hide.
    fn stretch<'a>(
        &'a self,
        containers: &'a [Container],
        from: usize,
        to: usize,
    ) -> impl Iterator<Item = (usize, &'a Container, u32)> {
        let to = to.min(self.hidden.len()).min(containers.len());
        let from = from.min(to);
        let hidden = self.hidden[from..to].iter().copied();
        let both = (from..to).zip(&containers[from..to]).zip(hidden);
        both.map(|((place, container), hidden)| (place, container, hidden))
    }

    fn rebuild(&mut self, containers: &[Container]) {
        self.hidden.resize(containers.len(), 0);
        // One block more than needed, so that the place behind the last container has one too.
        let leaves = (containers.len() / BLOCK + 1).next_power_of_two();
        self.tree.clear();
        self.tree.resize(2 * leaves, NOTHING);
        for block in 0..containers.len().div_ceil(BLOCK) {
            self.put(leaves + block, self.block(containers, block));
        }
        for at in (1..leaves).rev() {
            self.put(at, self.sum(2 * at).then(self.sum(2 * at + 1)));
        }
    }
}
