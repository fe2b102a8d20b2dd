//! What a job brings back: an answer, read as far as showing it needs.

use std::sync::Arc;

use crate::catalog::Marks;
use crate::document::Document;
use crate::domain::{Exchange, Response};

/// An HTTP answer together with the index over its body.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The answer as it came.
    pub response: Response,
    /// The index over its body; built by the job, since it takes as long as the body is large.
    pub document: Arc<Document>,
    /// Where it differs from its documented shape, if one is known and the call succeeded.
    pub marks: Option<Arc<Marks>>,
}

/// An exchange that was carried out outside of the ordinary way, with its secrets masked: the token exchange.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// The exchange.
    pub exchange: Exchange,
    /// The index over the body of its answer, if there was one.
    pub document: Option<Arc<Document>>,
}
