//! Which items of two arrays belong together. Does not look into them further than it needs for that.

use std::collections::{HashMap, VecDeque};

use crate::document::{Document, NodeId, NodeKind};

/// For each item of the new array: its partner in the old one, and whether it has moved past others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pairing {
    pub(super) partners: Vec<Option<usize>>,
    pub(super) moved: Vec<bool>,
}

/// What items of lists are known by.
const ID: &str = "id";

/// Matches items by their `id`; `None` unless all are objects with one that no other has.
pub(super) fn by_id(old: (&Document, &[NodeId]), new: (&Document, &[NodeId])) -> Option<Pairing> {
    let before = ids(old.0, old.1)?;
    let after = ids(new.0, new.1)?;
    let mut partners = vec![None; new.1.len()];
    for (id, at) in &after {
        partners[*at] = before.get(id).copied();
    }
    let kept = longest_rise(&partners);
    let moved = partners
        .iter()
        .zip(kept)
        .map(|(partner, is_kept)| partner.is_some() && !is_kept)
        .collect();
    Some(Pairing { partners, moved })
}

fn ids(document: &Document, items: &[NodeId]) -> Option<HashMap<Vec<u8>, usize>> {
    let mut ids = HashMap::new();
    for (at, item) in items.iter().enumerate() {
        let id = (document.kind(*item) == NodeKind::Object)
            .then(|| document.get(*item, ID))
            .flatten()?;
        let text = match document.kind(id) {
            NodeKind::String => document.text(id).into_owned().into_bytes(),
            NodeKind::Number => [b"#", document.raw(id)].concat(), // 1 is not "1"
            _ => return None,
        };
        if ids.insert(text, at).is_some() {
            return None;
        }
    }
    (!ids.is_empty() || items.is_empty()).then_some(ids)
}

/// Matches equal items where they stand in the same order, and those between them one by one.
pub(super) fn by_digest(old: &[u64], new: &[u64]) -> Pairing {
    let mut places: HashMap<u64, VecDeque<usize>> = HashMap::new();
    for (at, digest) in old.iter().enumerate() {
        places.entry(*digest).or_default().push_back(at);
    }
    let mut equal: Vec<Option<usize>> = new
        .iter()
        .map(|digest| places.get_mut(digest).and_then(VecDeque::pop_front))
        .collect();
    let kept = longest_rise(&equal);
    for (partner, is_kept) in equal.iter_mut().zip(kept) {
        if !is_kept {
            *partner = None;
        }
    }
    let mut partners = equal.clone();
    let (mut start_old, mut start_new) = (0, 0);
    let anchors = equal
        .into_iter()
        .enumerate()
        .filter_map(|(at, partner)| Some((at, partner?)));
    for (at, partner) in anchors.chain([(new.len(), old.len())]) {
        for step in 0..(at - start_new).min(partner - start_old) {
            partners[start_new + step] = Some(start_old + step);
        }
        (start_old, start_new) = (partner + 1, at + 1);
    }
    Pairing {
        moved: vec![false; new.len()],
        partners,
    }
}

/// Marks a longest series of partners that rise: those stay where they are, and the fewest others have to move.
fn longest_rise(partners: &[Option<usize>]) -> Vec<bool> {
    // By length of a series: where the one with the smallest end ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut before = vec![None; partners.len()];
    for (at, partner) in partners.iter().enumerate() {
        let Some(partner) = partner else {
            continue;
        };
        let length =
            ends.partition_point(|end| partners[*end].is_some_and(|known| known < *partner));
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut is_kept = vec![false; partners.len()];
    let mut next = ends.last().copied();
    while let Some(at) = next {
        is_kept[at] = true;
        next = before[at];
    }
    is_kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_items_move() {
        let kept = longest_rise(&[Some(3), Some(0), None, Some(1), Some(2)]);
        assert_eq!(kept, [false, true, false, true, true]);
    }

    #[test]
    fn equal_items_hold_and_those_between_are_matched_in_order() {
        let Pairing { partners, .. } = by_digest(&[1, 2, 3, 4], &[1, 9, 3, 8, 4, 7]);
        assert_eq!(partners, [Some(0), Some(1), Some(2), None, Some(3), None]);
        assert_eq!(by_digest(&[], &[1]).partners, [None]);
    }
}
