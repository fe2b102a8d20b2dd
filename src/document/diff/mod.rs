//! What differs between two JSON documents, by meaning: neither the order of members nor the spelling of a number or a text
//! counts. Shows nothing.

mod digest;
mod order;
mod rules;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;

use crate::document::content::is_plain;
use crate::document::diff::digest::digests;
use crate::document::diff::order::{Pairing, by_digest, by_id};
use crate::document::{Document, NodeId, NodeKind};

pub use rules::{Rule, Rules};

/// One difference between an old and a new document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it is, as jq spells it: in the new document, or in the old one for what was removed.
    pub path: String,
    /// What differs.
    pub change: Change,
    /// Whether a rule says that it differs between any two answers.
    pub is_volatile: bool,
}

/// What differs. Nodes called `from` and `into` are of the old document, those called `to` of the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// `to` is new in the container `into`; the whole document is, if there was none.
    Added {
        /// The container, of the old document.
        into: Option<NodeId>,
        /// The new value.
        to: NodeId,
    },
    /// `from` is gone.
    Removed {
        /// The old value.
        from: NodeId,
    },
    /// `to` stands in the place of `from`, and at most one of them is a container of that kind.
    Changed {
        /// The old value.
        from: NodeId,
        /// The new value.
        to: NodeId,
    },
    /// An item of an array, known by its `id`, has another place among its neighbours. What differs in it is told apart.
    Moved {
        /// The item in the old array.
        from: NodeId,
        /// The item in the new array.
        to: NodeId,
    },
}

impl Difference {
    /// Says anew whether one of `rules` explains it, between the documents in which it was found.
    pub fn judge(&mut self, old: &Document, new: &Document, rules: &Rules) {
        let by_value = match self.change {
            Change::Changed { from, to } => rules.cover_values(&old.text(from), &new.text(to)),
            Change::Added { .. } | Change::Removed { .. } | Change::Moved { .. } => false,
        };
        self.is_volatile = by_value || rules.cover(&self.path);
    }
}

/// The differences between `old` and `new`, in the order of the new document.
///
/// Items of arrays are matched by their `id`, if all have one and it is theirs alone; else those that are equal are matched,
/// and between them one by one. The time is that of sorting, not of comparing everything with everything.
pub fn diff(old: &Document, new: &Document, rules: &Rules) -> Vec<Difference> {
    let (from, to) = match (old.root(), new.root()) {
        (None, None) => return Vec::new(),
        (Some(from), None) => return vec![whole(Change::Removed { from })],
        (None, Some(to)) => return vec![whole(Change::Added { into: None, to })],
        (Some(from), Some(to)) => (from, to),
    };
    let mut walk = Walk {
        old,
        new,
        rules,
        digests: (digests(old), digests(new)),
        steps: Vec::new(),
        tasks: vec![Task::Compare {
            from,
            to,
            place: None,
        }],
        found: Vec::new(),
    };
    walk.run();
    walk.found
}

fn whole(change: Change) -> Difference {
    Difference {
        path: ".".into(),
        change,
        is_volatile: false,
    }
}

/// A step of the way from the root, and the place in [`Walk::steps`] of the one before it.
struct Placed {
    before: Option<usize>,
    step: Step,
}

enum Step {
    Name(String),
    Index(usize),
}

/// What is still to do. Tasks stand on a stack of their own: a document may be nested deeper than the program's.
enum Task {
    Compare {
        from: NodeId,
        to: NodeId,
        place: Option<usize>,
    },
    Tell {
        change: Change,
        place: Option<usize>,
    },
}

struct Walk<'a> {
    old: &'a Document,
    new: &'a Document,
    rules: &'a Rules,
    /// By node, of the old and of the new document.
    digests: (Vec<u64>, Vec<u64>),
    steps: Vec<Placed>,
    tasks: Vec<Task>,
    found: Vec<Difference>,
}

impl Walk<'_> {
    fn run(&mut self) {
        while let Some(task) = self.tasks.pop() {
            match task {
                Task::Tell { change, place } => self.tell(change, place),
                Task::Compare { from, to, place } => self.compare(from, to, place),
            }
        }
    }

    fn compare(&mut self, from: NodeId, to: NodeId, place: Option<usize>) {
        if self.digests.0[from.position()] == self.digests.1[to.position()] {
            return;
        }
        let mut tasks = match (self.old.kind(from), self.new.kind(to)) {
            (NodeKind::Object, NodeKind::Object) => self.members(from, to, place),
            (NodeKind::Array, NodeKind::Array) => self.items(from, to, place),
            _ => return self.tell(Change::Changed { from, to }, place),
        };
        tasks.reverse(); // the first is to be done first
        self.tasks.append(&mut tasks);
    }

    fn members(&mut self, from: NodeId, to: NodeId, place: Option<usize>) -> Vec<Task> {
        let (old, new) = (self.old, self.new);
        let mut before = members(old, from);
        let after = members(new, to);
        let mut tasks = Vec::new();
        for child in new.children(to) {
            let name = new.key(child).unwrap_or_default();
            if after.get(&name) != Some(&child) {
                continue; // the same name comes again, and the last one counts
            }
            let match_ = before.remove(&name);
            let place = self.step(place, Step::Name(name.into_owned()));
            tasks.push(match match_ {
                Some(from) => Task::Compare {
                    from,
                    to: child,
                    place,
                },
                None => Task::Tell {
                    change: Change::Added {
                        into: Some(from),
                        to: child,
                    },
                    place,
                },
            });
        }
        for child in old.children(from) {
            let name = old.key(child).unwrap_or_default();
            if before.get(&name) == Some(&child) {
                let place = self.step(place, Step::Name(name.into_owned()));
                tasks.push(Task::Tell {
                    change: Change::Removed { from: child },
                    place,
                });
            }
        }
        tasks
    }

    fn items(&mut self, from: NodeId, to: NodeId, place: Option<usize>) -> Vec<Task> {
        let before: Vec<NodeId> = self.old.children(from).collect();
        let after: Vec<NodeId> = self.new.children(to).collect();
        let digest = |digests: &[u64], items: &[NodeId]| {
            items
                .iter()
                .map(|item| digests[item.position()])
                .collect::<Vec<_>>()
        };
        let Pairing { partners, moved } = by_id((self.old, &before), (self.new, &after))
            .unwrap_or_else(|| {
                by_digest(
                    &digest(&self.digests.0, &before),
                    &digest(&self.digests.1, &after),
                )
            });
        let mut is_gone = vec![true; before.len()];
        let mut tasks = Vec::new();
        for (at, to) in after.iter().copied().enumerate() {
            let place = self.step(place, Step::Index(at));
            match partners[at] {
                None => tasks.push(Task::Tell {
                    change: Change::Added {
                        into: Some(from),
                        to,
                    },
                    place,
                }),
                Some(partner) => {
                    is_gone[partner] = false;
                    let from = before[partner];
                    if moved[at] {
                        tasks.push(Task::Tell {
                            change: Change::Moved { from, to },
                            place,
                        });
                    }
                    tasks.push(Task::Compare { from, to, place });
                }
            }
        }
        for (at, from) in before
            .iter()
            .copied()
            .enumerate()
            .filter(|(at, _)| is_gone[*at])
        {
            let place = self.step(place, Step::Index(at));
            tasks.push(Task::Tell {
                change: Change::Removed { from },
                place,
            });
        }
        tasks
    }

    fn step(&mut self, before: Option<usize>, step: Step) -> Option<usize> {
        self.steps.push(Placed { before, step });
        Some(self.steps.len() - 1)
    }

    fn tell(&mut self, change: Change, place: Option<usize>) {
        let path = self.path(place);
        let mut difference = Difference {
            path,
            change,
            is_volatile: false,
        };
        difference.judge(self.old, self.new, self.rules);
        self.found.push(difference);
    }

    fn path(&self, mut place: Option<usize>) -> String {
        let mut steps = Vec::new();
        while let Some(at) = place {
            let placed = &self.steps[at];
            steps.push(&placed.step);
            place = placed.before;
        }
        let mut path = String::new();
        for step in steps.into_iter().rev() {
            match step {
                Step::Name(name) if is_plain(name) => path.push_str(&format!(".{name}")),
                Step::Name(name) => {
                    path.push_str(&format!(".{}", serde_json::Value::from(name.as_str())));
                }
                Step::Index(at) if path.is_empty() => path.push_str(&format!(".[{at}]")),
                Step::Index(at) => path.push_str(&format!("[{at}]")),
            }
        }
        if path.is_empty() { ".".into() } else { path }
    }
}

/// The members of an object by name; of those with the same name the last, as readers of JSON take it.
fn members(document: &Document, object: NodeId) -> HashMap<Cow<'_, str>, NodeId> {
    document
        .children(object)
        .map(|child| (document.key(child).unwrap_or_default(), child))
        .collect()
}
