//! The form of a request: a field for each parameter and member that the catalogue knows, nested ones spelled out.

use crate::catalog::{Catalog, check_header, check_value};
use crate::domain::{Auth, Endpoint, Field, Kind};

/// Where the value of a field goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// It says what is called, where the catalogue does not.
    Call,
    /// Into the path.
    Path,
    /// Into the query.
    Query,
    /// Into the body.
    Body,
    /// Into the query, with a name that the form does not know: `name=value`.
    MoreQuery,
    /// Into the header: `name: value`.
    Header,
}

/// One field of the form and what was typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Input {
    /// Where its value goes.
    pub place: Place,
    /// Its name; in a body, the way to it: `source`, `id`.
    pub path: Vec<String>,
    /// What the catalogue says of it.
    pub field: Field,
    /// What was typed; empty means that it is left out.
    pub text: String,
}

/// Shapes may hold shapes, but no request of the API goes deeper than this.
const DEEPEST: usize = 4;

impl Input {
    /// The name to show: `source.id`.
    pub fn label(&self) -> String {
        self.path.join(".")
    }

    /// What is wrong with what was typed, in a short phrase.
    pub fn problem(&self) -> Option<String> {
        match self.place {
            Place::MoreQuery | Place::Header if self.text.is_empty() => None,
            Place::MoreQuery => self.pair().is_none().then(|| "name=value".into()),
            Place::Header => match self.pair() {
                Some((name, _)) => check_header(&name, Auth::None).err(),
                None => Some("name: value".into()),
            },
            _ => check_value(&self.field, &self.text).err(),
        }
    }

    /// Name and value of a field that holds both.
    pub fn pair(&self) -> Option<(String, String)> {
        let sign = match self.place {
            Place::MoreQuery => '=',
            Place::Header => ':',
            _ => return None,
        };
        let (name, value) = self.text.split_once(sign)?;
        let (name, value) = match sign {
            ':' => (name.trim(), value.trim()),
            _ => (name, value),
        };
        (!name.is_empty()).then(|| (name.to_owned(), value.to_owned()))
    }

    /// What to choose from, where the list is closed.
    pub fn choices(&self) -> &[String] {
        &self.field.values
    }
}

/// The form of `endpoint`: path, query, body, in each the required fields first; samples are filled in where a field is
/// required and has one.
pub(super) fn inputs(endpoint: &Endpoint, catalog: &Catalog) -> Vec<Input> {
    let mut inputs = Vec::new();
    for (place, fields) in [
        (Place::Path, &endpoint.parameters),
        (Place::Query, &endpoint.query),
        (Place::Body, &endpoint.body),
    ] {
        let first = inputs.len();
        for field in fields {
            add(&mut inputs, place, &[], field, field.required, catalog);
        }
        inputs[first..].sort_by_key(|input| !input.field.required);
    }
    inputs
}

/// Adds `field`, or the members of an object whose shape is known. A member of an object that may be left out is not
/// required by the form, whatever it is in its object.
fn add(
    inputs: &mut Vec<Input>,
    place: Place,
    above: &[String],
    field: &Field,
    is_required: bool,
    catalog: &Catalog,
) {
    let path = [above, std::slice::from_ref(&field.name)].concat();
    let shape = field
        .shape
        .as_deref()
        .and_then(|shape| catalog.shape(shape));
    if let (Kind::Object, Some(shape)) = (field.kind, shape)
        && path.len() < DEEPEST
    {
        for member in &shape.fields {
            add(
                inputs,
                place,
                &path,
                member,
                is_required && member.required,
                catalog,
            );
        }
        return;
    }
    let text = match (&field.sample, is_required) {
        (Some(sample), true) => sample.clone(),
        _ => String::new(),
    };
    let field = Field {
        required: is_required,
        ..field.clone()
    };
    inputs.push(Input {
        place,
        path,
        field,
        text,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EndpointId;

    fn form(id: &str) -> Vec<Input> {
        let catalog = Catalog::built_in().unwrap();
        inputs(catalog.endpoint(&EndpointId::new(id)).unwrap(), &catalog)
    }

    #[test]
    fn required_fields_come_first_and_bring_their_samples() {
        let form = form("user_intents.create");
        let first_free = form.iter().position(|input| !input.field.required).unwrap();
        assert!(
            form[first_free..]
                .iter()
                .all(|input| !input.field.required && input.text.is_empty())
        );
        let name = form
            .iter()
            .find(|input| input.label() == "first_name")
            .unwrap();
        assert_eq!(name.text, "Edmund");
        assert!(
            form[..first_free]
                .iter()
                .all(|input| input.problem().is_none()),
            "samples are good values"
        );
    }

    #[test]
    fn members_of_a_nested_object_are_fields_of_their_own() {
        let labels: Vec<_> = form("routines.card_to_account")
            .iter()
            .map(Input::label)
            .collect();
        assert!(labels.contains(&"source.id".to_owned()), "{labels:?}");
    }

    #[test]
    fn parts_of_the_path_come_before_everything() {
        assert_eq!(form("transfers.cancel")[0].place, Place::Path);
    }
}
