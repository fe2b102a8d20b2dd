//! What is read at each step on the way to keys of one's own: what to do where, and the keys that do it from here.

use crate::app::profiles::{self, SecretSource};
use crate::app::{Choice, Desktop, Model, Msg, Picker, intents};
use crate::app::{Modal, guide};
use crate::config::Action;
use crate::domain::{Environment, TestUser};

/// One step, to read and to act on.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// A paragraph each.
    pub lines: Vec<String>,
    /// What has to be copied to the letter.
    pub url: Option<String>,
    /// Ways to go on; the first is what Enter does.
    pub choices: Vec<Choice>,
}

impl Page {
    fn new<const N: usize>(lines: [&str; N]) -> Self {
        Self {
            lines: lines.map(str::to_owned).into(),
            url: None,
            choices: Vec::new(),
        }
    }

    fn offer(mut self, action: Action, label: impl Into<String>, msg: Msg) -> Self {
        self.choices.push(Choice {
            action,
            label: label.into(),
            msg,
        });
        self
    }

    fn browse(self, what: &str, url: Option<&str>) -> Self {
        match url {
            Some(url) => {
                let msg = Msg::Desktop(Desktop::OpenBrowser(url.to_owned()));
                self.offer(Action::OpenBrowser, format!("Open {what}"), msg)
            }
            None => self,
        }
    }
}

/// The page of the step at `index`, counted from 0.
pub fn page(model: &Model, index: usize) -> Page {
    match index {
        0 => account(model),
        1 => keys(model),
        2 => test_user(model),
        3 => sign_in(model),
        _ => call(model),
    }
}

/// The environment that is spoken of: that of the profile or, before there is one, Astra's sandbox.
fn environment(model: &Model) -> Environment {
    match model.profiles.current.environment {
        Environment::BuiltIn => Environment::Sandbox,
        other => other,
    }
}

fn account(model: &Model) -> Page {
    match environment(model).dashboard() {
        Some(url) => {
            let mut page = Page::new([
                "Sign up, or in, at Astra's dashboard. Sandbox and production have one each, with keys of their own; begin with the sandbox.",
                "Meanwhile the built-in sandbox goes on working without any of this: Esc leads back to it.",
            ])
            .browse("the dashboard", Some(url));
            page.url = Some(url.to_owned());
            page
        }
        None => Page::new([
            "The profile names hosts of its own: whoever runs them has the account for you.",
        ]),
    }
}

fn keys(model: &Model) -> Page {
    let profiles = &model.profiles;
    let current = &profiles.current;
    let mut page = Page::new([
        "In the dashboard, copy client id and client secret of your application, and register this redirect URI, letter by letter. astrascope listens there for the code.",
        "The secret goes to the keyring of this machine, never into config.toml.",
    ]);
    let draft = profiles::form::draft();
    let redirect_uri = match profiles.is_built_in() {
        true => draft.redirect_uri,
        false => current.redirect_uri.clone(),
    };
    let name = current.name.clone();
    page = match (profiles.is_built_in(), profiles.secret) {
        (true, _) => page.offer(
            Action::Confirm,
            "Type them into a profile",
            Msg::Profiles(profiles::Msg::Add),
        ),
        (false, SecretSource::Missing) => {
            page.offer(Action::Confirm, "Type the client secret", Msg::ask_secret())
        }
        (false, _) => page
            .offer(
                Action::TestKeys,
                "Try the keys",
                Msg::Profiles(profiles::Msg::TryKeys(Vec::new())),
            )
            .offer(
                Action::EditProfile,
                format!("Change the profile {name}"),
                Msg::Profiles(profiles::Msg::Edit(name.clone())),
            ),
    };
    if profiles.is_built_in() && profiles.owned().next().is_some() {
        let pick = Msg::open(Modal::Picker(Picker::Profiles));
        page = page.offer(Action::ChooseProfile, "Go over to a profile of yours", pick);
    }
    page = page.browse("the dashboard", environment(model).dashboard());
    page = page.offer(
        Action::CopyUrl,
        "Copy the redirect URI",
        Msg::Desktop(Desktop::Copy {
            text: redirect_uri.clone(),
            what: "redirect URI",
        }),
    );
    page.url = Some(redirect_uri);
    page
}

fn test_user(model: &Model) -> Page {
    let page = match environment(model) {
        Environment::Production => Page::new([
            "In production people are real: whoever signs in next is added to the list of test users.",
        ]),
        _ => Page::new([
            "Calls are made in the name of a person. A user intent makes one up, and the sandbox decides about them by their details.",
            "The page sends a code to their phone. Numbers that are made up have to be allowed in the dashboard's sandbox settings.",
        ]),
    };
    if !is_ready(model) {
        return page;
    }
    page.offer(
        Action::NewUser,
        "Make a test user",
        Msg::Intents(intents::Msg::Ask),
    )
    .offer(
        Action::ChooseUser,
        "Choose one",
        Msg::open(Modal::Picker(Picker::Users)),
    )
    .browse("the dashboard", environment(model).dashboard())
}

fn sign_in(model: &Model) -> Page {
    let page = Page::new([
        "The person signs in on Astra's page and allows your application to act for them. The browser then comes back to the redirect URI with a code, which is exchanged for tokens.",
        "If the page shows the code instead, copy it and paste it into the prompt.",
    ]);
    if !is_ready(model) {
        return page;
    }
    let current = model.users.current();
    let name = current.map_or("somebody new", TestUser::label);
    let hosts = model.profiles.current.hosts.as_ref();
    let app = hosts.map(|hosts| hosts.app.as_str());
    page.offer(
        Action::Confirm,
        format!("Sign in {name}"),
        Msg::sign_in(current.map(|user| user.key)),
    )
    .browse("the app of the hosted pages", app)
}

fn call(model: &Model) -> Page {
    let current = model.users.current().map(|user| user.key);
    let user = current.filter(|user| model.auth.grant(*user).is_some());
    let is_done = guide::own_steps(model)
        .iter()
        .all(|step| step.state == guide::StepState::Done);
    let page = match is_done {
        true => Page::new([
            "GET /v1/accounts has answered: all five steps are done.",
            "o in the session has every other operation, ? every key.",
        ]),
        false => Page::new([
            "With the token of the person everything of theirs can be read and moved. The list of their accounts is a good first call.",
        ]),
    };
    match user.filter(|_| is_ready(model)) {
        Some(user) => page.offer(
            Action::Confirm,
            "List the accounts",
            Msg::load_accounts(user),
        ),
        None => page,
    }
}

/// Whether there are keys of one's own to go on with.
fn is_ready(model: &Model) -> bool {
    let [_, keys, ..] = guide::own_steps(model);
    keys.state == guide::StepState::Done
}
