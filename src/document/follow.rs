//! Follows the way of a `{{reference}}` through a document: by name, by place, by the value of a field.

use crate::document::{Document, NodeId, NodeKind};

/// One step of a way through a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The member of this name.
    Name(String),
    /// The item at this place; negative places count from the end.
    Index(i64),
    /// The first item whose member `name` reads `value`.
    Where {
        /// Name of the member.
        name: String,
        /// Its value as text.
        value: String,
    },
}

impl Document {
    /// The value that `steps` lead to from `node`.
    pub fn follow(&self, node: NodeId, steps: &[Step]) -> Option<NodeId> {
        steps
            .iter()
            .try_fold(node, |node, step| match (self.kind(node), step) {
                (NodeKind::Object, Step::Name(name)) => self.get(node, name),
                (NodeKind::Array, Step::Index(index)) => {
                    let place = match usize::try_from(*index) {
                        Ok(place) => place,
                        Err(_) => self
                            .child_count(node)
                            .checked_sub(usize::try_from(index.unsigned_abs()).ok()?)?,
                    };
                    self.item(node, place)
                }
                (NodeKind::Array, Step::Where { name, value }) => {
                    let is_it = |item: &NodeId| {
                        self.get(*item, name)
                            .is_some_and(|field| self.text(field) == *value)
                    };
                    self.children(node)
                        .find(|item| self.kind(*item) == NodeKind::Object && is_it(item))
                }
                _ => None,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Body;

    #[test]
    fn names_places_and_conditions_lead_to_a_value() {
        let document = Document::parse(Body::from(
            r#"{"cards":[{"id":"a","status":"flagged"},{"id":"b","status":"approved"}]}"#,
        ));
        let root = document.root().unwrap();
        let name = |name: &str| Step::Name(name.into());
        let text = |steps: &[Step]| {
            document
                .follow(root, steps)
                .map(|node| document.text(node).into_owned())
        };
        let approved = Step::Where {
            name: "status".into(),
            value: "approved".into(),
        };
        assert_eq!(
            text(&[name("cards"), approved, name("id")]).as_deref(),
            Some("b")
        );
        assert_eq!(
            text(&[name("cards"), Step::Index(-2), name("id")]).as_deref(),
            Some("a")
        );
        assert_eq!(text(&[name("cards"), Step::Index(-3), name("id")]), None);
        assert_eq!(text(&[name("cards"), name("id")]), None);
        assert_eq!(text(&[name("cards"), Step::Index(2)]), None);
    }
}
