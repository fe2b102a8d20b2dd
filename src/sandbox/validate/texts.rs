//! Values that come as text, whatever they stand for: parameters of a query, fields of a form.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use crate::domain::Kind;
use crate::sandbox::validate::{Fault, Rule, Rules, article};

impl Rules {
    /// Checks the parameters of a query.
    pub(crate) fn check_query(&self, query: &BTreeMap<String, String>) -> Result<(), Fault> {
        for rule in &self.0 {
            let name = &rule.field.name;
            match query.get(name) {
                Some(text) => rule.check_parameter(text)?,
                None if rule.field.required => {
                    return Err(Fault::new(name, "is required in the query"));
                }
                None => {}
            }
        }
        Ok(())
    }

    /// Turns the texts of a form into what they stand for; what cannot be turned stays a text, and fails its check.
    pub(crate) fn read_form(&self, form: &mut Map<String, Value>) {
        for rule in &self.0 {
            if let Some(value) = form.get_mut(&rule.field.name)
                && let Some(read) = value.as_str().and_then(|text| read(rule.field.kind, text))
            {
                *value = read;
            }
        }
    }
}

impl Rule {
    fn check_parameter(&self, text: &str) -> Result<(), Fault> {
        let name = &self.field.name;
        match (self.field.kind, read(self.field.kind, text)) {
            (Kind::String, _) => self.check_text(name, text),
            (_, Some(Value::Number(number))) => self.check_number(name, &number),
            (_, Some(_)) | (Kind::Object | Kind::Array, None) => Ok(()),
            (kind, None) => Err(Fault::new(name, format!("must be {}", article(kind)))),
        }
    }
}

/// What `text` stands for, where it is of this kind and not a text.
fn read(kind: Kind, text: &str) -> Option<Value> {
    match kind {
        Kind::Integer => text.parse::<i64>().ok().map(Value::from),
        Kind::Number => text
            .parse::<f64>()
            .ok()
            .and_then(Number::from_f64)
            .map(Value::Number),
        Kind::Boolean => text.parse::<bool>().ok().map(Value::Bool),
        Kind::String | Kind::Object | Kind::Array => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::Catalog;
    use crate::domain::Field;

    fn rules() -> Rules {
        let field = |name: &str, kind| Field {
            name: name.into(),
            kind,
            ..Field::default()
        };
        let fields = [
            Field {
                minimum: Some(1.0),
                ..field("limit", Kind::Integer)
            },
            Field {
                values: vec!["red".into()],
                ..field("colour", Kind::String)
            },
            field("agreed", Kind::Boolean),
        ];
        Rules::of(&fields, &Catalog::default()).unwrap()
    }

    #[test]
    fn a_query_is_checked_as_text() {
        let check = |name: &str, value: &str| {
            rules().check_query(&BTreeMap::from([(name.to_owned(), value.to_owned())]))
        };
        assert_eq!(check("limit", "25"), Ok(()));
        assert_eq!(
            check("limit", "many").unwrap_err().description(),
            "limit must be an integer"
        );
        assert!(check("colour", "blue").unwrap_err().is_unlisted);
        assert_eq!(check("other", "x"), Ok(()));
    }

    #[test]
    fn a_number_in_a_query_keeps_its_bounds() {
        let query = BTreeMap::from([("limit".to_owned(), "0".to_owned())]);
        let fault = rules().check_query(&query).unwrap_err();
        assert_eq!(fault.description(), "limit must be at least 1");
    }

    #[test]
    fn a_form_is_read_as_what_its_texts_stand_for() {
        let mut form = json!({"limit": "5", "agreed": "true", "colour": "red", "other": "1"});
        rules().read_form(form.as_object_mut().unwrap());
        assert_eq!(
            form,
            json!({"limit": 5, "agreed": true, "colour": "red", "other": "1"})
        );
        let mut form = json!({"agreed": "perhaps"});
        let form = form.as_object_mut().unwrap();
        rules().read_form(form);
        let fault = rules().check(form).unwrap_err();
        assert_eq!(
            fault.description(),
            "agreed must be true or false, not a string"
        );
    }
}
