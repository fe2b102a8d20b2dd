//! Exchanges for the tests of this folder.

use std::sync::LazyLock;
use std::time::Duration;

use crate::adapters::history::mask::Marks;
use crate::adapters::history::{Entry, EntryId};
use crate::catalog::Catalog;
use crate::domain::{
    Auth, Body, EndpointId, Method, Outcome, Prepared, Response, Timestamp, Timing,
};

/// Read once: the catalogue takes longer than a thousand cases of a property.
static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::built_in().unwrap());

pub(super) fn catalog() -> &'static Catalog {
    &CATALOG
}

pub(super) fn marks() -> Marks {
    Marks::of(catalog())
}

pub(in crate::adapters) fn entry(method: Method, url: &str) -> Entry {
    Entry {
        id: EntryId(7),
        started_at: Timestamp(1_772_471_045_120),
        profile: "built-in".into(),
        user: Some("Ada Byron".into()),
        endpoint: EndpointId::new("accounts.list"),
        request: Prepared {
            method,
            url: url.into(),
            headers: Vec::new(),
            body: None,
            auth: Auth::Bearer,
        },
        request_size: 0,
        outcome: Outcome::Done(Response {
            status: 200,
            version: "HTTP/1.1".into(),
            headers: vec![
                ("content-type".into(), "application/json".into()),
                ("request-id".into(), "req_1".into()),
            ],
            body: Body::from("{\"count\":0,\"accounts\":[]}"),
            timing: Timing {
                dns: None,
                connect: Some(Duration::from_micros(1_500)),
                wait: Duration::from_millis(40),
                download: Duration::from_millis(2),
                total: Duration::from_micros(43_500),
            },
            received_at: Timestamp(1_772_471_045_164),
        }),
        response_size: 25,
    }
}
