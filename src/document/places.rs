//! Looks up values and containers in the index by position; what they mean for a document is left to `index`.

use crate::document::index::Document;
use crate::document::node::{Container, Node, NodeId, Shape, narrow};

/// Ways through the table of containers; a place is a position in it.
impl Document {
    pub(crate) fn node(&self, n: NodeId) -> Node {
        let null = Node::leaf(0, Shape::Null, 0);
        self.index.nodes.get(n.position()).copied().unwrap_or(null)
    }

    pub(crate) fn containers(&self) -> &[Container] {
        &self.index.containers
    }

    pub(crate) fn container(&self, place: usize) -> Container {
        self.index
            .containers
            .get(place)
            .copied()
            .unwrap_or_default()
    }

    /// Place of a value that has children.
    pub(crate) fn place(&self, n: NodeId) -> Option<usize> {
        self.node(n).place()
    }

    pub(crate) fn id(&self, place: usize) -> NodeId {
        NodeId::new(self.container(place).node as usize)
    }

    /// Number of containers that start before a value.
    pub(crate) fn places_before(&self, n: NodeId) -> usize {
        let position = narrow(n.position());
        self.containers()
            .partition_point(|container| container.node < position)
    }

    /// Place of the container around a value.
    pub(crate) fn around(&self, n: NodeId) -> Option<usize> {
        if let Some(place) = self.place(n) {
            let parent = self.container(place).parent as usize;
            return (parent != place).then_some(parent);
        }
        let from = self.places_before(n).checked_sub(1)?;
        self.outwards(from, |container| n.position() < container.after as usize)
    }

    /// The first of `place` and the containers around it that is `wanted`; once one is, all around it must be.
    pub(crate) fn outwards(
        &self,
        place: usize,
        wanted: impl Fn(&Container) -> bool,
    ) -> Option<usize> {
        let mut at = place;
        loop {
            let container = self.container(at);
            if wanted(&container) {
                return Some(at);
            }
            if container.parent as usize == at {
                return None;
            }
            let far = container.jump as usize;
            at = match wanted(&self.container(far)) {
                true => container.parent as usize,
                false => far,
            };
        }
    }

    /// Position of the first value that starts behind `byte`, looked for from position `near` on.
    pub(crate) fn first_behind(&self, byte: usize, near: usize) -> usize {
        let is_before = |node: &Node| node.start as usize <= byte;
        let nodes = self.index.nodes.get(near..).unwrap_or_default();
        let mut reach = 1;
        while nodes.get(reach).is_some_and(is_before) {
            reach *= 2;
        }
        let part = nodes.get(..reach.saturating_add(1)).unwrap_or(nodes);
        near + part.partition_point(is_before)
    }
}
