//! Trusted authentication (Astra's guide of that name): the application vouches for a person whom it has signed in itself. The
//! token for it works once and for a minute, so it goes straight into the URL of the page and is kept nowhere.

use serde::Deserialize;
use url::Url;

use crate::adapters::http::{Client, Credential};
use crate::domain::{Auth, Body, Method, Prepared, Problem, Secret};

/// For whom, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouch {
    /// The endpoint that answers a token.
    pub url: String,
    /// Who says so, about whom, as JSON.
    pub body: String,
    /// Identifies the application.
    pub client_id: String,
}

#[derive(Deserialize)]
struct Answer {
    token: String,
}

/// `page`, the URL of a hosted page, for somebody who needs not sign in there any more.
///
/// # Errors
/// When Astra does not take the word of the application, or is out of reach.
pub async fn vouch(
    client: &Client,
    request: &Vouch,
    client_secret: &Secret,
    page: &str,
) -> Result<Secret, Problem> {
    let prepared = Prepared {
        method: Method::Post,
        url: request.url.clone(),
        headers: vec![
            ("accept".into(), "application/json".into()),
            ("content-type".into(), "application/json".into()),
        ],
        body: Some(Body::from(request.body.as_str())),
        auth: Auth::Basic,
    };
    let credential = Credential::Basic {
        client_id: request.client_id.clone(),
        client_secret: client_secret.clone(),
    };
    let response = client.call(&prepared, credential).await?;
    let refused = || Problem::new("Astra does not take the application's word for this person");
    if !response.is_success() {
        return Err(refused()
            .because(format!("it answered {}", response.status))
            .hint("trusted authentication needs Astra's approval; compare trusted_provider and the customer id"));
    }
    let answer: Answer = serde_json::from_slice(response.body.as_bytes())
        .map_err(|_| refused().because("the answer has no token in it"))?; // its text may be secret
    let mut url =
        Url::parse(page).map_err(|_| Problem::new("the URL of the hosted pages is not valid"))?;
    url.query_pairs_mut()
        .append_pair("session_token", &answer.token);
    Ok(Secret::new(String::from(url)))
}
