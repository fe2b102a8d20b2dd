//! The question before a write on production: what will be sent where, how much, from whom to whom.

use crate::app::requests::Msg;
use crate::app::{self, Confirm, Model};
use crate::document::Document;
use crate::domain::{Draft, Endpoint, Environment, JobId, Prepared};

/// Names of body fields that say where money comes from and goes to, and as what they are shown.
const ENDS: [(&str, &str); 4] = [
    ("source_id", "from"),
    ("source.id", "from"),
    ("destination_id", "to"),
    ("destination.id", "to"),
];

/// The question for `draft`, if it has to be asked: only production does, where a call changes something.
pub(super) fn question(
    model: &Model,
    endpoint: &Endpoint,
    request: &Prepared,
    (job, draft): (Option<JobId>, &Draft),
) -> Option<Confirm> {
    let profile = &model.profiles.current;
    if profile.environment != Environment::Production || !endpoint.writes {
        return None;
    }
    let mut lines = vec![
        format!("{}: {}", endpoint.summary, draft.call),
        format!("{} {}", request.method.as_str(), request.url),
    ];
    let who = draft.user.and_then(|user| model.users.get(user));
    lines.extend(who.map(|user| format!("on behalf of {}", user.label())));
    if let Some(body) = &draft.body {
        // Read from the text itself: an amount is shown as it is spelled.
        let body = Document::parse(body.clone());
        lines.extend(member(&body, "amount").map(|amount| format!("amount {amount} USD")));
        for (path, word) in ENDS {
            lines.extend(
                member(&body, path).map(|id| format!("{word} {}", name(model, draft, &id))),
            );
        }
    }
    Some(Confirm {
        title: format!("Send to production as {}?", profile.name),
        lines,
        yes: "send".into(),
        msg: Box::new(app::Msg::Requests(Msg::SendConfirmed(job, draft.clone()))),
    })
}

/// The text of the member at `path`, such as `source.id`.
fn member(body: &Document, path: &str) -> Option<String> {
    let node = path
        .split('.')
        .try_fold(body.root()?, |node, name| body.get(node, name))?;
    Some(body.text(node).into_owned())
}

/// What a person calls the account with this id, with the id itself.
fn name(model: &Model, draft: &Draft, id: &str) -> String {
    let list = draft
        .user
        .and_then(|user| model.resources.list(user, "accounts.list"));
    let known = list.and_then(|list| {
        let row = (0..list.rows.len())
            .find(|row| list.text(*row, "id").is_some_and(|text| text == id))?;
        let name = list
            .text(row, "nickname")
            .or_else(|| list.text(row, "name"))?;
        Some(format!("{name} ({id})"))
    });
    known.unwrap_or_else(|| id.to_owned())
}
