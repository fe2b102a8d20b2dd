//! The question before a write on production: what will be sent where, how much, from whom to whom.

use crate::app::requests::{Msg, Order};
use crate::app::{self, Confirm, Model};
use crate::document::Document;
use crate::domain::{Draft, Endpoint, Prepared, Problem, TestUser};

/// Names of body fields that say where money comes from and goes to, and as what they are shown.
const ENDS: [(&str, &str); 4] = [
    ("source_id", "from"),
    ("source.id", "from"),
    ("destination_id", "to"),
    ("destination.id", "to"),
];

/// The question whether to carry `order` out.
pub(super) fn question(
    model: &Model,
    endpoint: &Endpoint,
    request: &Prepared,
    order: Order,
) -> Confirm {
    let (job, draft) = (order.job, &order.draft);
    let user = draft.user.and_then(|user| model.users.get(user));
    let who = user.map(TestUser::label);
    let mut lines = consequences(endpoint, request, (draft, who), |id| name(model, draft, id));
    let leg = job.and_then(|job| model.run.as_ref()?.place(job));
    lines.splice(0..0, leg);
    let declined = |job| app::Msg::Unsent {
        job,
        problem: Problem::new("not sent: the answer was no"),
    };
    Confirm {
        title: format!("Send to production as {}?", model.profiles.current.name),
        lines,
        yes: "send".into(),
        is_typed: true,
        msg: Box::new(app::Msg::Requests(Msg::SendConfirmed(order))),
        no: job.map(|job| Box::new(declined(job))),
    }
}

/// What the body of `draft` says more than once: which of them counts is the server's choice, and nobody can agree to that.
///
/// # Errors
/// With its name.
pub fn check_doubled(draft: &Draft) -> Result<(), Problem> {
    let Some(body) = &draft.body else {
        return Ok(());
    };
    let body = Document::parse(body.clone());
    let doubled = body
        .doubled()
        .map(|node| body.key(node).unwrap_or_default());
    doubled.map_or(Ok(()), |name| {
        Err(
            Problem::new(format!("not sent: the body says \"{name}\" twice"))
                .because("which of them counts is not known, and production asks about one")
                .hint("take one of them out"),
        )
    })
}

/// What a person has to know of `draft` before they agree to it, a line each: what is called, on whose behalf, how much, and
/// from where to where, as `name` calls an account with an id.
pub fn consequences(
    endpoint: &Endpoint,
    request: &Prepared,
    (draft, who): (&Draft, Option<&str>),
    name: impl Fn(&str) -> String,
) -> Vec<String> {
    let mut lines = vec![
        format!("{}: {}", endpoint.summary, draft.call),
        format!("{} {}", request.method.as_str(), request.url),
    ];
    lines.extend(who.map(|who| format!("on behalf of {who}")));
    if let Some(body) = &draft.body {
        // Read from the text itself: an amount is shown as it is spelled.
        let body = Document::parse(body.clone());
        lines.extend(member(&body, "amount").map(|amount| format!("amount {amount} USD")));
        for (path, word) in ENDS {
            lines.extend(member(&body, path).map(|id| format!("{word} {}", name(&id))));
        }
    }
    lines
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
