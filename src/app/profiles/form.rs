//! The fields of a profile: which there are, what is wrong with what is typed, and what becomes of it.

use url::Url;

use crate::app::profiles::{Effect, Msg, PortCheck, SecretSource};
use crate::app::{self, Confirm, FieldKind, Form, FormField, FormSubject, Modal, Model, Outbox};
use crate::config::{ProfileText, check_value};
use crate::domain::{Environment, Profile, Secret, is_loopback};

/// What stands behind a field: its key in `config.toml`, or one of these two.
const NAME: &str = "name";
const SECRET: &str = "client_secret";

/// A field: key, label, what it is for.
type Row = (&'static str, &'static str, &'static str);

/// The fields in order.
const ROWS: [Row; 14] = [
    (NAME, "name", "how you call the profile: --profile takes it"),
    (
        "environment",
        "environment",
        "← → chooses; keys of the sandbox and of production differ",
    ),
    ("client_id", "client id", "from Astra's dashboard: API keys"),
    (
        SECRET,
        "client secret",
        "from Astra's dashboard; it goes to the keyring, never to config.toml. Empty: what is kept for this host and client id stays",
    ),
    (
        "redirect_uri",
        "redirect URI",
        "the one in use, registered at Astra to the letter, such as http://127.0.0.1:8765/callback",
    ),
    (
        "redirect_uris",
        "also registered",
        "other redirect URIs, a blank between them",
    ),
    ("api_url", "API URL", "where the API is"),
    (
        "secure_url",
        "secure URL",
        "takes card and bank-account numbers; empty: the API URL",
    ),
    (
        "app_url",
        "app URL",
        "has the hosted pages; empty: the API URL",
    ),
    (
        "authorize_path",
        "authorize path",
        "of the page that signs in; empty: Astra's",
    ),
    (
        "token_path",
        "token path",
        "of the token endpoint; empty: Astra's",
    ),
    (
        "authorize_query",
        "sign-in extras",
        "more parameters for the hosted pages, such as phone_read_only=true&debit_direct=true",
    ),
    (
        "trusted_provider",
        "vouches as",
        "your name as a provider, where Astra has approved trusted authentication; empty: people sign in on the page",
    ),
    (
        "ca_file",
        "CA file",
        "certificates to trust beside the system's, in PEM; empty: none",
    ),
];

/// Names of the environments, as they are chosen from.
const ENVIRONMENTS: [&str; 4] = ["sandbox", "production", "custom", "built-in"];

/// What there is to say of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    #[default]
    Silent,
    /// It is good, and why.
    Good(String),
    /// It may be meant, but look.
    Doubt(String),
    /// It cannot be saved.
    Wrong(String),
}

/// What there is to say of each of `values`, in the order of the fields.
pub fn verdicts(model: &Model, values: &[&str]) -> Vec<Verdict> {
    let typed = typed(values.iter().copied());
    let verdict = |(row, text): (&Row, &&str)| match is_shown(row.0, &typed) {
        true => verdict(model, row.0, text.trim(), &typed),
        false => Verdict::Silent,
    };
    ROWS.iter().zip(values).map(verdict).collect()
}

/// Which fields are shown for `values`.
pub fn shown(values: &[&str]) -> Vec<bool> {
    let typed = typed(values.iter().copied());
    ROWS.iter().map(|row| is_shown(row.0, &typed)).collect()
}

/// The redirect URI among `values`, whose port may be looked at.
pub fn redirect_uri(values: &[&str]) -> Option<String> {
    let index = ROWS.iter().position(|row| row.0 == "redirect_uri")?;
    values.get(index).map(|text| text.trim().to_owned())
}

fn is_shown(key: &str, typed: &ProfileText) -> bool {
    match (key, typed.environment()) {
        ("api_url" | "secure_url" | "app_url" | "authorize_path" | "token_path", environment) => {
            environment == Some(Environment::Custom)
        }
        ("client_id" | SECRET | "ca_file", environment) => {
            environment != Some(Environment::BuiltIn)
        }
        _ => true,
    }
}

fn verdict(model: &Model, key: &str, text: &str, typed: &ProfileText) -> Verdict {
    if let Err(reason) = check_value(key, text) {
        return Verdict::Wrong(reason);
    }
    let is_built_in = typed.environment() == Some(Environment::BuiltIn);
    let missing = || Verdict::Wrong("this is needed".into());
    match key {
        NAME if text.is_empty() => missing(),
        NAME => name(model, text, is_built_in),
        "environment" => match typed.environment() {
            Some(Environment::Production) => Verdict::Doubt("real money moves here".into()),
            Some(Environment::BuiltIn) => Verdict::Good("needs no keys and no network".into()),
            _ => Verdict::Silent,
        },
        "client_id" | "api_url" if text.is_empty() => missing(),
        "redirect_uri" if text.is_empty() && !is_built_in => missing(),
        SECRET if text.is_empty() => secret(model),
        "redirect_uri" => redirect(model, text),
        _ => Verdict::Silent,
    }
}

fn name(model: &Model, text: &str, is_built_in: bool) -> Verdict {
    let is_own = model.profiles.editing.as_deref() == Some(text);
    if !is_own && model.profiles.get(text).is_some() {
        return Verdict::Wrong("there is a profile of that name".into());
    }
    match text == Profile::built_in().name && !is_built_in {
        true => Verdict::Wrong("that name belongs to the built-in sandbox".into()),
        false => Verdict::Silent,
    }
}

fn secret(model: &Model) -> Verdict {
    let profiles = &model.profiles;
    let is_current = profiles.editing.as_deref() == Some(profiles.current.name.as_str());
    match (is_current, profiles.secret) {
        (true, SecretSource::Missing | SecretSource::Sought) | (false, _) => {
            Verdict::Doubt("empty: asked for when it is needed and not kept yet".into())
        }
        (true, source) => Verdict::Good(format!("kept {}", source.meaning())),
    }
}

fn redirect(model: &Model, text: &str) -> Verdict {
    let Ok(url) = Url::parse(text) else {
        return Verdict::Silent; // nothing typed yet
    };
    if !is_loopback(url.host_str().unwrap_or_default()) || url.scheme() != "http" {
        let words = "not on this machine: the redirect has to be pasted";
        return Verdict::Doubt(words.into());
    }
    match &model.profiles.port {
        Some(PortCheck { uri, problem }) if uri == text => match problem {
            Some(problem) => Verdict::Doubt(problem.clone()),
            None => Verdict::Good("its port is free".into()),
        },
        _ => Verdict::Silent,
    }
}

/// What was typed, by key; fields that are not shown count as empty.
fn typed<'a>(values: impl Iterator<Item = &'a str>) -> ProfileText {
    let mut typed = ProfileText::default();
    for ((key, ..), text) in ROWS.into_iter().zip(values) {
        match key {
            NAME => text.trim().clone_into(&mut typed.name),
            SECRET => {} // goes its own way
            key => typed.values.push((key, text.trim().to_owned())),
        }
    }
    let hidden: Vec<&str> = ROWS
        .iter()
        .map(|row| row.0)
        .filter(|key| !is_shown(key, &typed))
        .collect();
    for (key, text) in &mut typed.values {
        if hidden.contains(key) {
            text.clear();
        }
    }
    typed
}

/// Opens the form on `profile`, which replaces the one called `original`.
pub(super) fn open(
    model: &mut Model,
    profile: &Profile,
    original: Option<String>,
    out: &mut Outbox,
) {
    let hosts = profile.hosts.clone().unwrap_or_default();
    let is_custom = profile.environment == Environment::Custom;
    let is_built_in = profile.environment == Environment::BuiltIn;
    let usual = Profile::built_in();
    let unless = |text: &String, usual: &str| match text == usual {
        true => String::new(),
        false => text.clone(),
    };
    let value = |key: &str| match key {
        NAME => profile.name.clone(),
        "environment" => profile.environment.name().to_owned(),
        "client_id" if !is_built_in => profile.client_id.clone(),
        "redirect_uri" if is_built_in => unless(&profile.redirect_uri, &usual.redirect_uri),
        "redirect_uri" => profile.redirect_uri.clone(),
        "redirect_uris" => profile.redirect_uris.join(" "),
        "api_url" if is_custom => hosts.api.clone(),
        "secure_url" if is_custom => unless(&hosts.secure, &hosts.api),
        "app_url" if is_custom => unless(&hosts.app, &hosts.api),
        "authorize_path" => unless(&profile.authorize_path, &usual.authorize_path),
        "token_path" => unless(&profile.token_path, &usual.token_path),
        "authorize_query" => profile.authorize_query.clone(),
        "trusted_provider" => profile.trusted_provider.clone().unwrap_or_default(),
        "ca_file" => profile.ca_file.clone().unwrap_or_default(),
        _ => String::new(),
    };
    let fields = ROWS.map(|(key, label, help)| FormField {
        label,
        value: value(key),
        kind: match key {
            SECRET => FieldKind::Masked,
            "environment" => FieldKind::Choice(&ENVIRONMENTS),
            _ => FieldKind::Text,
        },
        help,
    });
    let title = match &original {
        Some(name) => format!("Profile {name}"),
        None => "New profile".into(),
    };
    model.profiles.editing = original;
    out.effect(app::Effect::Profiles(Effect::CheckPort(
        profile.redirect_uri.clone(),
    )));
    out.message(app::Msg::open(Modal::Form(Form {
        subject: FormSubject::Profile,
        title,
        fields: fields.into(),
    })));
}

/// A profile with what most people need.
pub(crate) fn draft() -> Profile {
    Profile {
        name: String::new(),
        environment: Environment::Sandbox,
        redirect_uri: "http://127.0.0.1:8765/callback".into(),
        ..Profile::built_in()
    }
}

/// Takes what was typed apart: the profile, and its secret.
pub(super) fn read(values: &[Secret]) -> (ProfileText, Secret) {
    let typed = typed(values.iter().map(Secret::reveal));
    let index = ROWS.iter().position(|row| row.0 == SECRET);
    let secret = index.and_then(|index| values.get(index));
    let secret = secret.map(|secret| Secret::new(secret.reveal().trim()));
    (typed, secret.unwrap_or_default())
}

/// What is asked before a profile goes.
pub(super) fn question(profile: &Profile, is_current: bool) -> Confirm {
    let name = &profile.name;
    let mut lines = vec![
        format!(
            "{name} ({}) is taken out of config.toml.",
            profile.environment.name()
        ),
        "Its client secret, the tokens and the list of its test users are forgotten.".into(),
    ];
    if is_current {
        lines.push("The session goes over to the built-in sandbox.".into());
    }
    Confirm::new(
        "Delete a profile",
        lines,
        format!("delete {name}"),
        app::Msg::Profiles(Msg::Delete(name.clone())),
    )
}
