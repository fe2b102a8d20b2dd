//! Calls of the API: reads the credential, calls, indexes the body of the answer off the threads that wait for sockets.

use std::sync::Arc;

use tokio::task::spawn_blocking;

use crate::adapters::http::Watch;
use crate::adapters::intake::Intake;
use crate::app::requests::{self, Caller};
use crate::app::{Answer, Msg};
use crate::catalog::{Catalog, Marks};
use crate::document::Document;
use crate::domain::{Arriving, Body, Endpoint, JobId, Prepared};
use crate::runtime::arrivals::{Arrivals, Sight};
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
    let mut show = Show {
        tools: tools.clone(),
        job,
        arrivals: Arrivals::new(tools.client.options().bodies.memory),
    };
    let result = match tools.credential(caller) {
        Ok(credential) => tools.client.watched(&request, credential, &mut show).await,
        Err(problem) => Err(problem),
    };
    let result = match result {
        Ok(response) => {
            let documented = documented.filter(|_| response.is_success());
            let arrivals = show.arrivals;
            let (document, marks) = read_apart(response.body.clone(), documented, |body| {
                arrivals.finish(body)
            })
            .await;
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

/// Shows an answer while it arrives.
struct Show {
    tools: Tools,
    job: JobId,
    arrivals: Arrivals,
}

impl Watch for Show {
    fn look(&mut self, answer: &Arriving, body: &Intake) {
        let Some(Sight(document)) = self.arrivals.look(answer.progress, body) else {
            return;
        };
        let msg = requests::Msg::Arrived {
            job: self.job,
            arriving: answer.clone(),
            document,
        };
        // A loop that is too busy to be told will be told more at the next look.
        let _ = self.tools.messages.try_send(Msg::Requests(msg));
    }
}

/// The index over `body`, built off the threads that wait for sockets when that takes long.
pub(super) async fn index(
    body: Body,
    documented: Documented,
) -> (Arc<Document>, Option<Arc<Marks>>) {
    read_apart(body, documented, Document::parse).await
}

async fn read_apart(
    body: Body,
    documented: Documented,
    parse: impl FnOnce(Body) -> Document + Send + 'static,
) -> (Arc<Document>, Option<Arc<Marks>>) {
    if body.len() <= INDEXED_IN_PLACE {
        return compared(parse(body), &documented);
    }
    let kept = body.clone();
    let read_there = spawn_blocking(move || compared(parse(body), &documented)).await;
    read_there.unwrap_or_else(|_| compared(Document::parse(kept), &None)) // only cancelled when the program ends
}

fn compared(document: Document, documented: &Documented) -> (Arc<Document>, Option<Arc<Marks>>) {
    let marks = documented
        .as_ref()
        .and_then(|(catalog, endpoint)| catalog.check_answer(endpoint, &document));
    (Arc::new(document), marks.map(Arc::new))
}
