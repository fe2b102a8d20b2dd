//! Names of fields that hold secrets.

use crate::catalog::Catalog;
use crate::domain::{Endpoint, Field};

/// Shapes may hold shapes, but no request of the API goes deeper than this.
const DEEPEST: usize = 4;

impl Catalog {
    /// Names of the secret fields in what `endpoint` takes, at any depth. Of a path of a person's own nothing nearer is
    /// known: all that are secret anywhere.
    pub fn secret_names(&self, endpoint: Option<&Endpoint>) -> Vec<String> {
        let mut names = Vec::new();
        match endpoint {
            Some(endpoint) => self.add_secrets(&endpoint.body, DEEPEST, &mut names),
            None => {
                for endpoint in self.endpoints() {
                    for fields in [&endpoint.parameters, &endpoint.query, &endpoint.body] {
                        self.add_secrets(fields, DEEPEST, &mut names);
                    }
                }
            }
        }
        names
    }

    fn add_secrets(&self, fields: &[Field], depth: usize, names: &mut Vec<String>) {
        for field in fields {
            if field.secret && !names.contains(&field.name) {
                names.push(field.name.clone());
            }
            let shape = field.shape.as_deref().and_then(|shape| self.shape(shape));
            if let (Some(shape), 1..) = (shape, depth) {
                self.add_secrets(&shape.fields, depth - 1, names);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EndpointId;

    #[test]
    fn an_endpoint_has_its_own_and_a_free_path_has_all() {
        let catalog = Catalog::built_in().unwrap();
        let endpoint = catalog.endpoint(&EndpointId::new("cards.create"));
        let names = catalog.secret_names(endpoint);
        assert_eq!(names, ["card_number", "card_security_code"]);
        let all = catalog.secret_names(None);
        assert!(names.iter().all(|name| all.contains(name)));
        assert!(all.contains(&"ssn".to_owned()), "{all:?}");
    }
}
