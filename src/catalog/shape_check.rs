//! Compares an answer with its documented shape, so that drift between the docs and the API is seen the day it happens.

use crate::catalog::Catalog;
use crate::catalog::marks::{Mark, Marks};
use crate::document::{Document, NodeId, NodeKind};
use crate::domain::{Endpoint, Field, Kind, Paging};

impl Catalog {
    /// Compares the answer of a successful call of `endpoint` with the shape that is documented for it.
    ///
    /// None when nothing can be said: no shape is known, or the text is no whole JSON.
    pub fn check_answer(&self, endpoint: &Endpoint, answer: &Document) -> Option<Marks> {
        let shape = &self.shape(endpoint.answer.as_deref()?)?.fields;
        let root = answer.root().filter(|_| answer.fault().is_none())?;
        let envelope = endpoint.list.as_ref().map(|list| envelope(list, endpoint));
        let mut check = Check {
            catalog: self,
            answer,
            marks: Marks::default(),
            open: Vec::new(),
            seen: Vec::new(),
        };
        match answer.kind(root) {
            NodeKind::Object => check
                .open
                .push((root, envelope.as_deref().unwrap_or(shape))),
            _ => check.wrong_type(root, Kind::Object),
        }
        while let Some((node, fields)) = check.open.pop() {
            match answer.kind(node) {
                NodeKind::Object => check.object(node, fields),
                _ => check.items(node, fields),
            }
        }
        Some(check.marks.sorted())
    }

    /// What the catalogue says of the field at `node` in an answer of `endpoint`.
    pub fn field_at<'a>(
        &'a self,
        endpoint: &Endpoint,
        answer: &Document,
        node: NodeId,
    ) -> Option<&'a Field> {
        let mut names = Vec::new();
        let mut at = Some(node);
        while let Some(node) = at {
            names.extend(answer.key(node));
            at = answer.parent(node);
        }
        if let Some(list) = &endpoint.list {
            names.pop().filter(|name| *name == list.items)?;
        }
        let mut shape = endpoint.answer.as_deref();
        let mut field = None;
        for name in names.iter().rev() {
            let fields = &self.shape(shape?)?.fields;
            let found = fields.iter().find(|field| field.name == *name)?;
            shape = found.shape.as_deref();
            field = Some(found);
        }
        field
    }
}

/// What stands around the items of a list.
fn envelope(list: &Paging, endpoint: &Endpoint) -> Vec<Field> {
    let field = |name: &str, kind: Kind, required: bool| Field {
        name: name.to_owned(),
        kind,
        required,
        nullable: !required,
        ..Field::default()
    };
    let items = Field {
        shape: endpoint.answer.clone(),
        ..field(&list.items, Kind::Array, true)
    };
    // whether there is more, and from where, may be left out on the last page
    let mut fields = vec![
        field(&list.count, Kind::Integer, true),
        items,
        field(&list.more, Kind::Boolean, false),
        field(&list.cursor, Kind::String, false),
    ];
    fields.retain(|field| !field.name.is_empty());
    fields
}

/// A walk over an answer, without recursion, and without allocating for what is as documented.
struct Check<'a> {
    catalog: &'a Catalog,
    answer: &'a Document,
    marks: Marks,
    /// Containers yet to be looked into, with the fields of the object or of the items.
    open: Vec<(NodeId, &'a [Field])>,
    /// For each field of the object in hand whether it was there; kept for its room.
    seen: Vec<bool>,
}

impl<'a> Check<'a> {
    fn object(&mut self, object: NodeId, fields: &'a [Field]) {
        let answer = self.answer;
        self.seen.clear();
        self.seen.resize(fields.len(), false);
        let mut next = 0; // members mostly come in the order of the docs
        for child in answer.children(object) {
            let Some(key) = answer.key(child) else {
                continue; // members have names
            };
            let (before, after) = fields.split_at(next.min(fields.len()));
            let found = after.iter().position(|field| field.name == key);
            let found = found
                .map(|i| i + before.len())
                .or_else(|| before.iter().position(|field| field.name == key));
            match found {
                Some(i) => {
                    self.seen[i] = true;
                    next = i + 1;
                    self.value(child, &fields[i]);
                }
                None => self.marks.push(child, Mark::Undocumented),
            }
        }
        for (field, seen) in fields.iter().zip(&self.seen) {
            if field.required && !seen {
                self.marks.push(object, Mark::Missing(field.name.clone()));
            }
        }
    }

    fn items(&mut self, array: NodeId, fields: &'a [Field]) {
        let answer = self.answer;
        for item in answer.children(array) {
            match answer.kind(item) {
                NodeKind::Object => self.object(item, fields),
                _ => self.wrong_type(item, Kind::Object),
            }
        }
    }

    fn value(&mut self, node: NodeId, field: &'a Field) {
        let fits = match (self.answer.kind(node), field.kind) {
            (NodeKind::Null, _) => {
                if !field.nullable {
                    self.wrong_type(node, field.kind);
                }
                return;
            }
            (NodeKind::String, Kind::String)
            | (NodeKind::Bool, Kind::Boolean)
            | (NodeKind::Number, Kind::Number)
            | (NodeKind::Object, Kind::Object)
            | (NodeKind::Array, Kind::Array) => true,
            (NodeKind::Number, Kind::Integer) => {
                let is_fraction = |byte: &u8| matches!(byte, b'.' | b'e' | b'E');
                !self.answer.raw(node).iter().any(is_fraction)
            }
            _ => false,
        };
        if !fits {
            return self.wrong_type(node, field.kind);
        }
        if !field.values.is_empty() {
            let value = self.answer.text(node);
            if !field.values.iter().any(|known| *known == value) {
                let value = value.into_owned();
                self.marks.push(node, Mark::NotInEnum { value });
            }
        }
        let catalog = self.catalog;
        if let Some(shape) = field.shape.as_deref().and_then(|id| catalog.shape(id)) {
            self.open.push((node, &shape.fields));
        }
    }

    fn wrong_type(&mut self, node: NodeId, expected: Kind) {
        self.marks.push(node, Mark::WrongType { expected });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Counts;
    use crate::domain::{Body, EndpointId};

    const GOOD: &str = r#"{"count":1,"transfers":[{"id":"t1","routine_type":"one-time","routine_name":"Rent","routine_id":"r1",
        "client_correlation_id":null,"source_id":"a","destination_id":"b","amount":25.0,"payment_type":"ach","initiated":"i","updated":"u",
        "estimated_clearing_date":"2026-03-04","status":"pending","chargeback":{"cb_id":"C1","exception_settled_amount":1}}],"more":false,"cursor":null}"#;

    /// Path and mark of every difference.
    fn said(id: &str, text: &str) -> Option<(Vec<String>, Counts)> {
        let catalog = Catalog::built_in().unwrap();
        let endpoint = catalog.endpoint(&EndpointId::new(id)).unwrap();
        let answer = Document::parse(Body::from(text));
        let marks = catalog.check_answer(endpoint, &answer)?;
        let lines = marks
            .iter()
            .map(|(node, mark)| format!("{} {mark:?}", answer.path(*node)));
        Some((lines.collect(), marks.counts()))
    }

    #[test]
    fn an_answer_as_documented_has_no_marks() {
        assert_eq!(
            said("transfers.list", GOOD),
            Some((Vec::new(), Counts::default()))
        );
        let transactions = r#"{"cursor":"c","more":true,"transactions":[]}"#;
        assert_eq!(
            said("transactions.list", transactions).unwrap().1.total(),
            0
        );
    }

    #[test]
    fn every_difference_is_marked_at_its_place() {
        let text = GOOD
            .replace("\"id\":\"t1\",", "\"colour\":\"red\",")
            .replace("25.0", "\"25.0\"")
            .replace("pending", "lost")
            .replace("\"C1\"", "{}")
            .replace("\"count\":1", "\"count\":1.0")
            .replace("\"b\"", "null");
        let (lines, counts) = said("transfers.list", &text).unwrap();
        assert_eq!(
            lines,
            [
                ".count WrongType { expected: Integer }",
                ".transfers[0] Missing(\"id\")",
                ".transfers[0].colour Undocumented",
                ".transfers[0].destination_id WrongType { expected: String }",
                ".transfers[0].amount WrongType { expected: Number }",
                ".transfers[0].status NotInEnum { value: \"lost\" }",
                ".transfers[0].chargeback.cb_id WrongType { expected: String }",
            ]
        );
        let wanted = Counts {
            missing: 1,
            undocumented: 1,
            wrong_type: 4,
            not_in_enum: 1,
        };
        assert_eq!(counts, wanted);
        assert_eq!(counts.total(), lines.len());
    }

    #[test]
    fn the_outermost_value_and_the_items_are_checked_too() {
        assert_eq!(
            said("transfers.list", "[]").unwrap().0,
            [". WrongType { expected: Object }"]
        );
        let (lines, _) = said("transfers.list", r#"{"count":0,"transfers":[1]}"#).unwrap();
        assert_eq!(lines, [".transfers[0] WrongType { expected: Object }"]);
        let (lines, _) = said("transfers.list", "{}").unwrap();
        assert_eq!(lines, [". Missing(\"count\")", ". Missing(\"transfers\")"]);
    }

    #[test]
    fn nothing_is_said_of_what_is_not_known_or_not_whole() {
        assert_eq!(said("phone.list", "{}"), None);
        assert_eq!(said("accounts.get", ""), None);
        assert_eq!(said("accounts.get", "{\"id\":"), None);
    }

    #[test]
    fn the_marks_of_one_node_are_found_again() {
        let catalog = Catalog::built_in().unwrap();
        let endpoint = catalog.endpoint(&EndpointId::new("user.get")).unwrap();
        let answer = Document::parse(Body::from(r#"{"status":"new","more":1}"#));
        let marks = catalog.check_answer(endpoint, &answer).unwrap();
        let root = answer.root().unwrap();
        assert_eq!(
            marks.on(root).collect::<Vec<_>>(),
            [&Mark::Missing("id".into())]
        );
        let more = answer.get(root, "more").unwrap();
        assert_eq!(marks.on(more).collect::<Vec<_>>(), [&Mark::Undocumented]);
    }

    #[test]
    fn a_field_leads_to_its_documentation() {
        let catalog = Catalog::built_in().unwrap();
        let endpoint = catalog
            .endpoint(&EndpointId::new("transfers.list"))
            .unwrap();
        let answer = Document::parse(Body::from(GOOD));
        let root = answer.root().unwrap();
        let transfer = answer
            .item(answer.get(root, "transfers").unwrap(), 0)
            .unwrap();
        let chargeback = answer.get(transfer, "chargeback").unwrap();
        let name = |node| {
            catalog
                .field_at(endpoint, &answer, node)
                .map(|field| field.name.as_str())
        };
        assert_eq!(
            name(answer.get(transfer, "amount").unwrap()),
            Some("amount")
        );
        assert_eq!(
            name(answer.get(chargeback, "cb_id").unwrap()),
            Some("cb_id")
        );
        assert_eq!(name(root), None);
        assert_eq!(name(transfer), None);
        assert_eq!(name(answer.get(root, "count").unwrap()), None);
    }

    #[test]
    fn shapes_within_themselves_need_no_stack() {
        let mut catalog = Catalog::default();
        let text = "[[shape]]\nid = \"a\"\nfield = [{ name = \"a\", type = \"object\", shape = \"a\" }]\n[[endpoint]]\nid = \"a.b\"\nmethod = \"GET\"\npath = \"/a\"\nsummary = \"s\"\nauth = \"none\"\nsuccess = 200\nanswer = \"a\"\n";
        catalog.add("mine.toml", text).unwrap(); // a file of one's own would be refused
        let levels = 100_000;
        let text = "{\"a\":".repeat(levels) + "{}" + &"}".repeat(levels);
        let answer = Document::parse(Body::from(text.as_str()));
        let marks = catalog
            .check_answer(&catalog.endpoints()[0], &answer)
            .unwrap();
        assert_eq!(marks.counts().total(), 0);
    }
}
