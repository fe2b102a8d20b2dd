//! The five steps of Astra's getting-started guide, and how far this session has come. What is read at each step on the way
//! to keys of one's own is in `pages`.

mod pages;

pub use pages::{Page, page};

use crate::app::{Model, profiles::SecretSource};

/// One step of the guide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is to be done.
    pub title: &'static str,
    /// The same in a few words, for a narrow column.
    pub short: &'static str,
    /// How far it is, or what to press.
    pub detail: String,
    /// Where it stands.
    pub state: StepState,
}

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Done.
    Done,
    /// The one to do now.
    Next,
    /// Later.
    Later,
}

/// Which steps are done.
fn done(model: &Model) -> [bool; 5] {
    let profiles = &model.profiles;
    let has_keys = profiles.is_built_in()
        || !matches!(
            profiles.secret,
            SecretSource::Missing | SecretSource::Sought
        );
    let current = model.users.current();
    let has_user = current.is_some();
    let is_signed_in = current.is_some_and(|user| model.auth.grant(user.key).is_some());
    let has_called = current.is_some_and(|user| {
        let list = model
            .resources
            .list(user.key, crate::app::resources::ACCOUNTS);
        list.is_some_and(|list| !list.pages.is_empty())
    });
    [true, has_keys, has_user, is_signed_in, has_called]
}

/// The steps as they are taken with keys of one's own: the built-in sandbox has taken none of them.
pub fn own_steps(model: &Model) -> [Step; 5] {
    let profiles = &model.profiles;
    let has_account = profiles.owned().next().is_some();
    let done = match profiles.is_built_in() {
        true => [has_account, false, false, false, false],
        false => done(model),
    };
    let mut steps = steps(model);
    mark(&mut steps, done);
    steps
}

/// Says where each of `steps` stands: exactly one is `Next` until all are done.
fn mark(steps: &mut [Step; 5], done: [bool; 5]) {
    let next = done.iter().position(|is_done| !is_done);
    for (index, (step, is_done)) in steps.iter_mut().zip(done).enumerate() {
        step.state = match (is_done, next == Some(index)) {
            (true, _) => StepState::Done,
            (false, true) => StepState::Next,
            (false, false) => StepState::Later,
        };
    }
}

/// The five steps as they stand now.
pub fn steps(model: &Model) -> [Step; 5] {
    let profiles = &model.profiles;
    let is_built_in = profiles.is_built_in();
    let done = done(model);
    let [_, has_keys, has_user, is_signed_in, has_called] = done;
    let current = model.users.current();
    let name = current.map_or("a test user", |user| user.label());
    let words = [
        (
            "Create a developer account",
            "Developer account",
            if is_built_in {
                "not needed on the sandbox".into()
            } else {
                format!("client id {}", profiles.current.client_id)
            },
        ),
        (
            "Get client id, client secret, redirect URI",
            "Client keys, redirect URI",
            match (is_built_in, has_keys) {
                (true, _) => "made up by the sandbox".into(),
                (false, true) => format!("client secret {}", profiles.secret.meaning()),
                (false, false) => "press 1, then c to enter the secret".into(),
            },
        ),
        (
            "Choose a test user",
            "Test user",
            if has_user {
                name.to_owned()
            } else {
                "press a to sign in somebody new".into()
            },
        ),
        (
            "Send them through the OAuth page",
            "OAuth page",
            if is_signed_in {
                "code exchanged for tokens".into()
            } else {
                format!("press a to sign {name} in")
            },
        ),
        (
            "Call the API",
            "API call",
            if has_called {
                "GET /v1/accounts answered".into()
            } else {
                "press r to list the accounts".into()
            },
        ),
    ];
    let mut steps = words.map(|(title, short, detail)| Step {
        title,
        short,
        detail,
        state: StepState::Later,
    });
    mark(&mut steps, done);
    steps
}
