//! JSON text as it came: an index over the bytes, and views on it. Nothing is copied, nothing is spelled anew.

use std::borrow::Cow;

use crate::domain::Body;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeKind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    body: Body,
}
impl Document {
    pub fn parse(body: Body) -> Self {
        Self { body }
    }
    pub fn body(&self) -> &Body {
        &self.body
    }
    pub fn root(&self) -> Option<NodeId> {
        None
    }
    pub fn kind(&self, _: NodeId) -> NodeKind {
        NodeKind::Null
    }
    pub fn get(&self, _: NodeId, _: &str) -> Option<NodeId> {
        None
    }
    pub fn children(&self, _: NodeId) -> impl Iterator<Item = NodeId> {
        std::iter::empty()
    }
    pub fn text(&self, _: NodeId) -> Cow<'_, str> {
        Cow::Borrowed("")
    }
}
