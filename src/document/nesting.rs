//! Puts values and containers into the index as they are read; reading them is left to `builder` and `tokens`.

use crate::document::builder::Builder;
use crate::document::fault::{Expect, Reason};
use crate::document::node::{Container, MOST_CONTAINERS, Node, Shape, narrow};

impl Builder {
    /// Notes a value that ends before `end` of the current piece.
    #[inline]
    pub(crate) fn scalar(&mut self, start: usize, end: usize, shape: Shape) -> Option<usize> {
        self.leaf(start, self.read + end, shape);
        Some(end)
    }

    #[inline]
    pub(crate) fn leaf(&mut self, start: usize, end: usize, shape: Shape) {
        self.nodes
            .push(Node::leaf(narrow(start), shape, narrow(end - start)));
        self.children += 1;
        self.expect = self.separator;
    }

    pub(crate) fn open(&mut self, at: usize, shape: Shape, expect: Expect) -> Option<usize> {
        let place = self.containers.len();
        if place >= MOST_CONTAINERS {
            return self.stopped(at, Reason::TooMany(MOST_CONTAINERS));
        }
        let mut new = Container {
            node: narrow(self.nodes.len()),
            parent: narrow(place),
            jump: narrow(place),
            ..Container::default()
        };
        if let Some((around, parent)) = self
            .current
            .and_then(|current| Some((current, self.containers.get_mut(current)?)))
        {
            parent.children = self.children + 1;
            new.index = self.children;
            new.depth = parent.depth + 1;
            new.parent = narrow(around);
            new.jump = new.parent;
            // Jumps double their reach where two of the same reach follow each other (Myers 1983).
            let (depth, jump) = (parent.depth, parent.jump);
            let reach = |place: u32| {
                self.containers
                    .get(place as usize)
                    .copied()
                    .unwrap_or_default()
            };
            let near = reach(jump);
            if depth - near.depth == near.depth - reach(near.jump).depth {
                new.jump = near.jump;
            }
        }
        self.nodes
            .push(Node::container(narrow(self.read + at), shape, place));
        self.containers.push(new);
        self.current = Some(place);
        self.children = 0;
        self.separator = match shape {
            Shape::Object => Expect::ObjectSeparator,
            _ => Expect::ArraySeparator,
        };
        self.expect = expect;
        Some(at + 1)
    }

    pub(crate) fn end(&mut self, at: usize) -> Option<usize> {
        self.close(self.read + at + 1);
        Some(at + 1)
    }

    /// Closes the innermost container; `end` is the offset behind it.
    fn close(&mut self, end: usize) {
        let Some((place, container)) = self
            .current
            .and_then(|place| Some((place, self.containers.get_mut(place)?)))
        else {
            return;
        };
        container.end = narrow(end);
        container.after = narrow(self.nodes.len());
        container.children = self.children;
        let container = *container;
        if self.children == 0 {
            self.containers.pop();
            if let Some(node) = self.nodes.last_mut() {
                let shape = match node.shape() {
                    Shape::Object => Shape::EmptyObject,
                    _ => Shape::EmptyArray,
                };
                *node = Node::leaf(node.start, shape, narrow(end) - node.start);
            }
        }
        self.current = Some(container.parent as usize).filter(|parent| *parent != place);
        let around = self
            .current
            .and_then(|current| self.containers.get(current));
        self.children = around.map_or(1, |around| around.children);
        self.separator = match around.and_then(|around| self.nodes.get(around.node as usize)) {
            None => Expect::End,
            Some(node) if node.shape() == Shape::Object => Expect::ObjectSeparator,
            Some(_) => Expect::ArraySeparator,
        };
        self.expect = self.separator;
    }

    /// Closes what is open where the reading stopped; tells how many containers that were.
    pub(crate) fn close_all(&mut self) -> u32 {
        let end = self.stop.map_or(self.read, |stop| stop.offset);
        let mut open = 0;
        while self.current.is_some() {
            // One that is empty becomes a leaf and counts no more.
            open = open.max(u32::from(self.children > 0) * (self.depth() + 1));
            self.close(end);
        }
        open
    }

    fn depth(&self) -> u32 {
        let current = self
            .current
            .and_then(|current| self.containers.get(current));
        current.map_or(0, |container| container.depth)
    }
}
