//! How one value and one container are kept in the index; walking over them is left to `index`.

/// Bits of a link that hold a number; the rest hold the shape.
const VALUE_BITS: u32 = 29;
const VALUE_MASK: u32 = (1 << VALUE_BITS) - 1;

/// A scalar this long or longer is measured again when asked for. Tests keep it short to get there.
pub(crate) const LONG: u32 = if cfg!(test) { 64 } else { VALUE_MASK };

/// Most containers that an index can number.
pub(crate) const MOST_CONTAINERS: usize = VALUE_MASK as usize;

/// One value of a document, in the order of the text: the root is the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(u32);

impl NodeId {
    /// The value that stands at `position` in the order of the text.
    ///
    /// A document answers for a value that it does not have as for an empty `null`.
    pub fn new(position: usize) -> Self {
        Self(narrow(position))
    }

    /// Position in the order of the text, the root's being 0.
    pub fn position(self) -> usize {
        self.0 as usize
    }
}

/// The six kinds of JSON value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the words of RFC 8259")]
pub enum NodeKind {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
}

/// What a link's number means: for the first two it is the place in the table of containers, else a
/// length in bytes. Empty containers are leaves: they have a length and no place in that table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Object,
    Array,
    String,
    Number,
    Bool,
    Null,
    EmptyObject,
    EmptyArray,
}

const SHAPES: [Shape; 8] = [
    Shape::Object,
    Shape::Array,
    Shape::String,
    Shape::Number,
    Shape::Bool,
    Shape::Null,
    Shape::EmptyObject,
    Shape::EmptyArray,
];

/// One value in eight bytes: where it starts, its shape, and its length or its place among the containers.
///
/// Parent, next sibling and depth are not kept here: only containers have them, see [`Container`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) start: u32,
    link: u32,
}

impl Node {
    /// A value without children, `length` bytes long.
    pub(crate) fn leaf(start: u32, shape: Shape, length: u32) -> Self {
        let length = length.min(LONG);
        Self {
            start,
            link: (shape as u32) << VALUE_BITS | length,
        }
    }

    /// A container with its place in the table of containers.
    pub(crate) fn container(start: u32, shape: Shape, place: usize) -> Self {
        let place = narrow(place).min(VALUE_MASK);
        Self {
            start,
            link: (shape as u32) << VALUE_BITS | place,
        }
    }

    pub(crate) fn shape(self) -> Shape {
        SHAPES[(self.link >> VALUE_BITS) as usize]
    }

    pub(crate) fn kind(self) -> NodeKind {
        match self.shape() {
            Shape::Object | Shape::EmptyObject => NodeKind::Object,
            Shape::Array | Shape::EmptyArray => NodeKind::Array,
            Shape::String => NodeKind::String,
            Shape::Number => NodeKind::Number,
            Shape::Bool => NodeKind::Bool,
            Shape::Null => NodeKind::Null,
        }
    }

    /// Place among the containers, if it has children.
    pub(crate) fn place(self) -> Option<usize> {
        (self.link < 2 << VALUE_BITS).then_some((self.link & VALUE_MASK) as usize)
    }

    /// Length in bytes of a value without children; `None` when it must be measured.
    pub(crate) fn length(self) -> Option<usize> {
        let length = self.link & VALUE_MASK;
        (length < LONG).then_some(length as usize)
    }
}

/// A container that is not empty. They stand in the order of the text, parents before children.
///
/// Parents, depths and positions of leaves follow from it: the last container that starts before a leaf,
/// or one of the containers around that one, is the leaf's parent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Container {
    /// The value that it is.
    pub(crate) node: u32,
    /// Offset behind its closing bracket.
    pub(crate) end: u32,
    /// First value behind it and all that is in it.
    pub(crate) after: u32,
    /// The container around it; its own place for the root.
    pub(crate) parent: u32,
    /// A container further out, chosen so that every search outwards takes logarithmic time.
    pub(crate) jump: u32,
    /// Number of containers around it.
    pub(crate) depth: u32,
    /// Number of its members or items.
    pub(crate) children: u32,
    /// Its position in the container around it.
    pub(crate) index: u32,
}

/// Offsets and positions fit 32 bits: the builder takes no longer text. What would not fit is cut to the most.
pub(crate) fn narrow(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_takes_eight_bytes_and_a_container_thirty_two() {
        assert_eq!(size_of::<Node>(), 8);
        assert_eq!(size_of::<Container>(), 32);
    }

    #[test]
    fn shapes_survive_packing() {
        for shape in SHAPES {
            let node = Node::leaf(7, shape, 5);
            assert_eq!((node.start, node.shape()), (7, shape));
        }
        assert_eq!(Node::container(0, Shape::Array, 9).place(), Some(9));
        assert_eq!(Node::leaf(0, Shape::EmptyArray, 9).place(), None);
        assert_eq!(Node::leaf(0, Shape::String, 9).length(), Some(9));
        assert_eq!(Node::leaf(0, Shape::String, LONG + 9).length(), None);
    }
}
