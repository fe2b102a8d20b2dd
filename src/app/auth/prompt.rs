//! The prompt of a sign-in: the URL, what is awaited, and the ways to go on; and the question before signing out.

use crate::app::auth::{Msg, vouching};
use crate::app::{self, Choice, Confirm, Input, Modal, Model, Outbox, Prompt, Subject};
use crate::config::Action;
use crate::domain::{Problem, TestUser, UserKey};

/// Shows the prompt of the flow, with what went wrong last, if anything.
pub(super) fn show_prompt(model: &Model, problem: Option<&Problem>, out: &mut Outbox) {
    let Some((flow, request)) = model
        .auth
        .flow
        .as_ref()
        .and_then(|flow| Some((flow, flow.request.as_ref()?)))
    else {
        return; // nothing to show yet
    };
    let who = model
        .users
        .get(flow.user)
        .map_or("somebody new", TestUser::label);
    let mut lines = Vec::new();
    if let Some(problem) = problem {
        lines.push(problem.to_string());
    }
    lines.push(match &request.problem {
        None => format!("Waiting for the redirect to {}.", request.redirect_uri),
        Some(problem) => format!("{problem}\nPaste the redirect URL instead."),
    });
    let choice = |action, label: &str, msg| Choice {
        action,
        label: label.into(),
        msg: app::Msg::Auth(msg),
    };
    let open = "Open in the browser";
    let first = match model.profiles.is_built_in() {
        true => choice(Action::Confirm, "Walk the pages from here", Msg::Walk),
        false => choice(Action::Confirm, open, Msg::OpenBrowser),
    };
    let mut choices = vec![first];
    choices.push(choice(Action::OpenBrowser, open, Msg::OpenBrowser));
    choices.push(choice(Action::CopyUrl, "Copy the URL", Msg::CopyUrl));
    if vouching::is_offered(model, flow.user) {
        choices.push(choice(
            Action::VouchFor,
            "Vouch for them: no sign-in on the page",
            Msg::Vouch,
        ));
    }
    choices.push(choice(
        Action::EditParameters,
        "What the page is told",
        Msg::EditParameters,
    ));
    if !model.profiles.current.redirect_uris.is_empty() {
        choices.push(choice(
            Action::NextRedirect,
            "Use the next redirect URI",
            Msg::NextRedirect,
        ));
    }
    out.message(app::Msg::open(Modal::Prompt(Prompt {
        subject: Subject::SignIn,
        title: format!("Sign in {who}"),
        url: Some(request.url.clone()),
        lines,
        input: Some(Input {
            label: "redirect URL or code",
            is_masked: false,
            text: String::new(),
        }),
        choices,
    })));
}

/// Asks before the tokens of `user` go: the key for it means other things in other panes.
pub(super) fn ask_sign_out(model: &Model, user: UserKey, out: &mut Outbox) {
    let Some(user) = model.users.get(user) else {
        return; // removed meanwhile
    };
    out.message(app::Msg::open(Modal::Confirm(Confirm::new(
        "Sign a test user out",
        vec![
            format!(
                "The tokens of {} are forgotten, and what was listed.",
                user.label()
            ),
            "Signing in brings it back.".into(),
        ],
        "sign them out",
        app::Msg::sign_out(user.key),
    ))));
}
