//! What every import answers with, and what is done to every request that is taken over.

use crate::adapters::files::saved::refer;
use crate::adapters::formats::marked;
use crate::adapters::formats::recognise::{Foreign, recognise};
use crate::adapters::history::Entry;
use crate::adapters::history::mask::Marks;
use crate::catalog::Catalog;
use crate::domain::{Body, RequestName, SavedRequest};

/// Requests that were taken over, and what could not be.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Import {
    /// The requests, with different names and without secrets.
    pub requests: Vec<SavedRequest>,
    /// What could not be taken over, or was changed: a line each, in the order of the source.
    pub notes: Vec<String>,
}

impl Import {
    /// The request of an entry of the history, to be saved: what was masked is a reference, unless it has no name there.
    pub fn of_entry(entry: &Entry, catalog: &Catalog) -> Self {
        let request = &entry.request;
        let mut importer = Importer::new(catalog);
        let place = format!("entry {}", entry.id);
        let text = |text: &str| marked::clean(text);
        let body = request
            .body
            .as_ref()
            .map(|body| std::str::from_utf8(body.as_bytes()));
        if body.is_some_and(|body| body.is_err()) {
            importer.note(&place, "the body was left out: it is not UTF-8");
        }
        if entry.request_size > request.body.as_ref().map_or(0, Body::len) {
            importer.note(&place, "the body is not whole: it was too large to be kept");
        }
        let headers = request.headers.iter();
        let foreign = Foreign {
            method: request.method.as_str().to_owned(),
            url: text(&request.url),
            headers: headers
                .map(|(name, value)| (text(name), text(value)))
                .collect(),
            body: body.and_then(Result::ok).map(text),
            auth: Some(request.auth),
        };
        importer.take(&place, &foreign, None, "");
        let mut import = importer.finish();
        for request in &mut import.requests {
            request.user.clone_from(&entry.user);
            request.profile = Some(entry.profile.clone());
        }
        import
    }
}

/// An import under way.
pub(super) struct Importer<'a> {
    catalog: &'a Catalog,
    marks: Marks,
    import: Import,
}

impl<'a> Importer<'a> {
    pub(super) fn new(catalog: &'a Catalog) -> Self {
        Self {
            catalog,
            marks: Marks::of(catalog),
            import: Import::default(),
        }
    }

    pub(super) fn catalog(&self) -> &Catalog {
        self.catalog
    }

    /// Says something about `place` of the source.
    pub(super) fn note(&mut self, place: &str, note: &str) {
        self.import.notes.push(format!("{place}: {note}"));
    }

    /// Takes `foreign` over; `name` and `description` replace what is made up.
    pub(super) fn take(
        &mut self,
        place: &str,
        foreign: &Foreign,
        name: Option<RequestName>,
        description: &str,
    ) {
        let (request, notes) = recognise(self.catalog, foreign);
        for note in notes {
            self.note(place, &note);
        }
        let Some(mut request) = request else {
            return; // a note has said why
        };
        request.name = name.unwrap_or(request.name);
        request.description = description.trim().to_owned();
        for note in refer(&mut request, &self.marks) {
            self.note(place, &note);
        }
        request.name = self.free(&request.name);
        self.import.requests.push(request);
    }

    /// `name`, numbered if a request of this import has it already.
    fn free(&self, name: &RequestName) -> RequestName {
        let is_free =
            |name: &RequestName| !self.import.requests.iter().any(|known| known.name == *name);
        let numbered = (2..).map(|number| name.numbered(number));
        std::iter::once(name.clone())
            .chain(numbered)
            .find(is_free)
            .unwrap_or_default()
    }

    pub(super) fn finish(self) -> Import {
        self.import
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::formats::fixture::{catalog, entry};
    use crate::domain::{Call, EndpointId, MASK, Method};

    #[test]
    fn an_entry_becomes_a_request_without_its_secrets() {
        let mut entry = entry(Method::Post, "http://127.0.0.1:1/v1/user_intent");
        entry.request.headers = vec![("content-type".into(), "application/json".into())];
        entry.request.body = Some(Body::from(
            format!("{{\"ssn\": \"{MASK}\", \"first_name\": \"{{{{Ada\"}}").as_str(),
        ));
        entry.request_size = 48;
        entry.request.auth = crate::domain::Auth::Basic;
        let import = Import::of_entry(&entry, catalog());
        let request = &import.requests[0];
        assert_eq!(
            request.call,
            Call::Endpoint(EndpointId::new("user_intents.create"))
        );
        let body = "{\"ssn\": \"{{env.ASTRA_SSN}}\", \"first_name\": \"\\{{Ada\"}";
        assert_eq!(request.body.as_deref(), Some(body));
        assert_eq!(
            (request.user.as_deref(), request.profile.as_deref()),
            (Some("Ada Byron"), Some("built-in"))
        );
        assert_eq!(import.notes, ["entry 7: a secret became {{env.ASTRA_SSN}}"]);
    }
}
