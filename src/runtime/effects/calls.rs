//! Calls of the API: reads the credential, calls, indexes the body of the answer off the threads that wait for sockets.

use std::sync::Arc;

use tokio::task::spawn_blocking;

use crate::adapters::http::Watch;
use crate::adapters::intake::Intake;
use crate::app::requests::{self, Caller};
use crate::app::{Answer, Msg};
use crate::catalog::{Catalog, Marks};
use crate::document::Document;
use crate::domain::{Arriving, Body, Endpoint, JobId, Prepared, Secret};
use crate::runtime::arrivals::{Arrivals, Sight};
use crate::runtime::effects::{Tools, own_secrets};

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
    let user = match &caller {
        Caller::User(user) => Some(*user),
        Caller::Application { .. } | Caller::Nobody => None,
    };
    let secrets = tools.secrets(user);
    let mut show = Show {
        tools: tools.clone(),
        job,
        secrets: secrets.clone(),
        arrivals: Arrivals::new(tools.client.options().bodies.memory),
    };
    let result = match tools.credential(caller) {
        Ok(credential) => tools.client.watched(&request, credential, &mut show).await,
        Err(problem) => Err(problem),
    };
    let result = match result {
        Ok(mut response) => {
            let documented = documented.filter(|_| response.is_success());
            let arrivals = show.arrivals;
            let is_masked = own_secrets::mask(&mut response, &secrets);
            let kind = response.header("content-type").map(ToOwned::to_owned);
            let body = response.body.clone();
            let (document, marks) = read_apart(body, kind, documented, move |body| {
                match is_masked {
                    true => Document::parse(body), // not what has arrived
                    false => arrivals.finish(body),
                }
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
    secrets: Vec<Secret>,
    arrivals: Arrivals,
}

impl Watch for Show {
    fn look(&mut self, answer: &Arriving, body: &Intake) {
        let kind = answer.headers.iter();
        let kind = kind.clone().find(|(name, _)| name == "content-type");
        let kind = kind.map(|(_, value)| value.as_str());
        let Some(Sight(document)) = self.arrivals.look(answer.progress, body, kind) else {
            return;
        };
        let is_safe = |document: &Arc<Document>| {
            !own_secrets::are_in(document.body().as_bytes(), &self.secrets)
        };
        let document = document.filter(is_safe); // it is shown once it is whole, and masked
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
    kind: Option<String>,
    documented: Documented,
) -> (Arc<Document>, Option<Arc<Marks>>) {
    read_apart(body, kind, documented, Document::parse).await
}

async fn read_apart(
    body: Body,
    kind: Option<String>,
    documented: Documented,
    parse: impl FnOnce(Body) -> Document + Send + 'static,
) -> (Arc<Document>, Option<Arc<Marks>>) {
    if body.len() <= INDEXED_IN_PLACE {
        return compared(parse(body), kind.as_deref(), &documented);
    }
    let kept = body.clone();
    let read_there =
        spawn_blocking(move || compared(parse(body), kind.as_deref(), &documented)).await;
    read_there.unwrap_or_else(|_| compared(Document::parse(kept), None, &None)) // only cancelled when the program ends
}

fn compared(
    document: Document,
    kind: Option<&str>,
    documented: &Documented,
) -> (Arc<Document>, Option<Arc<Marks>>) {
    let marks = documented
        .as_ref()
        .and_then(|(catalog, endpoint)| catalog.check_answer(endpoint, &document));
    (Arc::new(document.made_readable(kind)), marks.map(Arc::new))
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;
    use crate::adapters::credentials::Credentials;
    use crate::adapters::http::fixture::{answer_raw, get, patient};
    use crate::runtime::effects::keeper::Keeper;
    use crate::runtime::values::Concealed;

    /// What becomes of a call that is answered with `bytes`.
    async fn answered(bytes: &'static [u8]) -> Answer {
        let url = answer_raw(bytes, false).await;
        let (messages, mut reported) = mpsc::channel(64);
        let credentials = Credentials::new();
        credentials.set_client_secret(Secret::new("a-secret-of-the-application"));
        let tools = Tools {
            client: patient(),
            credentials,
            vault: None,
            home: None,
            keeper: Keeper::start(),
            messages,
            concealed: Concealed::default(),
        };
        call(tools, JobId(1), None, get(&url), Caller::Nobody).await;
        while let Some(msg) = reported.recv().await {
            if let Msg::Requests(requests::Msg::Finished { result, .. }) = msg {
                return result.unwrap();
            }
        }
        panic!("no result was reported");
    }

    #[tokio::test]
    async fn an_answer_is_made_readable_as_its_header_says() {
        let bytes = b"HTTP/1.1 200 OK\r\ncontent-type: text/csv; charset=latin1\r\n\
            content-length: 12\r\n\r\nid,n\n1,caf\xe9\n";
        let answer = answered(bytes).await;
        let readable = answer.document.readable().unwrap();
        let body = String::from_utf8_lossy(readable.document().body().as_bytes());
        assert_eq!(body, "[{\"id\": 1, \"n\": \"café\"}]");
    }

    #[tokio::test]
    async fn a_secret_that_an_answer_repeats_is_masked() {
        let bytes = b"HTTP/1.1 200 OK\r\nx-sent: a-secret-of-the-application\r\n\
            content-length: 38\r\n\r\n{\"sent\":\"a-secret-of-the-application\"}";
        let answer = answered(bytes).await;
        let shown = format!("{{\"sent\":\"{}\"}}", crate::domain::MASK);
        assert_eq!(answer.document.body().as_bytes(), shown.as_bytes());
        assert_eq!(answer.response.body, *answer.document.body());
        assert_eq!(answer.response.header("x-sent"), Some(crate::domain::MASK));
    }
}
