//! Calls of the API: reads the credential, calls, indexes the body of the answer off the threads that wait for sockets.

use std::sync::Arc;

use tokio::task::spawn_blocking;

use crate::app::requests::{self, Caller};
use crate::app::{Answer, Msg};
use crate::catalog::{Catalog, Marks};
use crate::document::Document;
use crate::domain::{Body, Endpoint, JobId, Prepared};
use crate::runtime::effects::Tools;

/// A body up to this size is indexed where it arrived: handing it to another thread would take longer.
const INDEXED_IN_PLACE: usize = 256 << 10;

/// An endpoint and the catalogue that its shapes stand in; none where nothing is known of an answer.
pub(super) type Documented = Option<(Arc<Catalog>, Endpoint)>;

pub(super) async fn call(
    tools: Tools,
    job: JobId,
    documented: Documented,
    request: Prepared,
    caller: Caller,
) {
    let result = match tools.credential(caller) {
        Ok(credential) => tools.client.call(&request, credential).await,
        Err(problem) => Err(problem),
    };
    let result = match result {
        Ok(response) => {
            let documented = documented.filter(|_| response.is_success());
            let (document, marks) = index(response.body.clone(), documented).await;
            Ok(Answer {
                response,
                document,
                marks,
            })
        }
        Err(problem) => Err(problem),
    };
    tools
        .report(Msg::Requests(requests::Msg::Finished { job, result }))
        .await;
}

/// The index over `body`, built off the threads that wait for sockets when that takes long.
pub(super) async fn index(
    body: Body,
    documented: Documented,
) -> (Arc<Document>, Option<Arc<Marks>>) {
    if body.len() <= INDEXED_IN_PLACE {
        return read(body, &documented);
    }
    let kept = body.clone();
    let read_there = spawn_blocking(move || read(body, &documented)).await;
    read_there.unwrap_or_else(|_| read(kept, &None)) // only cancelled when the program ends
}

fn read(body: Body, documented: &Documented) -> (Arc<Document>, Option<Arc<Marks>>) {
    let document = Document::parse(body);
    let marks = documented
        .as_ref()
        .and_then(|(catalog, endpoint)| catalog.check_answer(endpoint, &document));
    (Arc::new(document), marks.map(Arc::new))
}
