//! The question after a write whose outcome is unknown: whether to look it up. It is never sent again by itself.

use crate::app::requests::Entry;
use crate::app::{self, Confirm, Model};
use crate::domain::{Auth, EndpointId, Outcome};

/// The question for `entry`, if it may have changed something and there is a list to look it up in.
pub(super) fn question(model: &Model, entry: &Entry) -> Option<Confirm> {
    let Outcome::Failed(problem) = &entry.exchange.outcome else {
        return None;
    };
    let exchange = &entry.exchange;
    let endpoint = model.catalog.endpoint(&exchange.endpoint)?;
    if !problem.is_outcome_unknown || !endpoint.writes() {
        return None;
    }
    let list = EndpointId::new(format!("{}.list", exchange.endpoint.resource()));
    let list = model.catalog.endpoint(&list)?;
    let user = exchange.user.filter(|_| list.auth == Auth::Bearer)?;
    let what = exchange.endpoint.resource().replace('_', " ");
    Some(Confirm::new(
        "No answer: was it carried out?",
        vec![
            format!(
                "{} {}",
                exchange.request.method.as_str(),
                exchange.request.url
            ),
            problem.what.clone(),
            "It was sent, and its outcome is unknown. It is not sent again by itself: look first."
                .into(),
        ],
        format!("list the {what}"),
        app::Msg::load_list(user, list.id.clone()),
    ))
}
