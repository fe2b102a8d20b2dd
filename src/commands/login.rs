//! `astrascope login` and `astrascope logout`: sign a test user in from a shell, and forget what is kept.

use std::io::{self, IsTerminal as _, Read as _};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use clap_complete::ArgValueCandidates;
use jiff::tz::TimeZone;

use crate::adapters::browser;
use crate::adapters::files::temporary;
use crate::adapters::http::{Client, Credential};
use crate::adapters::oauth::{self, Listener};
use crate::adapters::vault::Vault;
use crate::commands::complete;
use crate::commands::home::Home;
use crate::commands::hosts::{self, Asked};
use crate::commands::output::{note, print};
use crate::commands::typed;
use crate::commands::wallet::{self, Wallet};
use crate::domain::parameters::{over, pairs};
use crate::domain::{
    Auth, Environment, Method, Nonce, Prepared, Problem, Profile, Redirect, Secret, SecretStore,
    TestUser, Timestamp, UserKey, UserStatus,
};
use crate::runtime::{client_options, now};
use crate::ui::widgets::measure;
use crate::ui::widgets::visible::visible;

/// Whom to sign in.
#[derive(Clone, Debug, Args)]
pub struct Login {
    /// A test user who has signed in before, by a part of the name; somebody new if not given
    #[arg(long, value_name = "NAME", add = ArgValueCandidates::new(complete::users))]
    user: Option<String>,
    /// Read the client secret from standard input and keep it; signs nobody in
    #[arg(long, conflicts_with = "user")]
    secret_stdin: bool,
}

/// What to forget.
#[derive(Clone, Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Logout {
    /// The tokens of this test user, by a part of the name
    #[arg(long, value_name = "NAME", add = ArgValueCandidates::new(complete::users))]
    user: Option<String>,
    /// Every client secret and every token of every profile
    #[arg(long)]
    all: bool,
}

/// Longest secret that is read: what is longer is a slip.
const LONGEST_SECRET: u64 = 4096;

/// Opens what belongs to the profile, which must not be the built-in sandbox.
fn open(profile: Option<&str>) -> anyhow::Result<(Wallet, Vault)> {
    let home = Home::open()?;
    let profile = home.profile(profile)?;
    let vault = home.vault(&profile).ok_or_else(|| {
        anyhow!(
            "the built-in sandbox signs its test users in by itself, and keeps nothing\n\
             hint: name a profile with keys of your own: --profile NAME"
        )
    })?;
    let credentials = home.credentials(&profile);
    let wallet = Wallet {
        client: Client::new(client_options(&profile, home.settings.bodies)),
        profile,
        credentials,
    };
    Ok((wallet, vault))
}

/// Signs a test user in, or keeps the client secret.
///
/// # Errors
/// When the configuration is wrong, or the person is not signed in after all.
pub async fn login(profile: Option<&str>, options: &Login) -> anyhow::Result<()> {
    let (wallet, vault) = open(profile)?;
    if options.secret_stdin {
        if io::stdin().is_terminal() {
            note(format_args!(
                "the client secret of {} is read up to Ctrl-D",
                place(&wallet.profile)
            ));
        }
        return keep_secret(&wallet);
    }
    wallet::load(&wallet.credentials);
    if wallet.credentials.client_secret().is_empty() {
        bail!(
            "the client secret of {} is not known\n\
             hint: astrascope login --secret-stdin reads it, or set ASTRASCOPE_CLIENT_SECRET",
            wallet.profile.name
        );
    }
    let users = vault.read()?;
    let mut user = match &options.user {
        Some(name) => wallet::find(&users, name)?.clone(),
        None => TestUser::unnamed(new_key(&users)),
    };
    note(format_args!("signing in at {}", place(&wallet.profile)));
    find_hosts(&wallet.profile).await?;
    let (redirect, redirect_uri) = authorize(&wallet.profile, &user).await?;
    let exchanged = wallet.exchange(user.key, &redirect.code, redirect_uri);
    let (grant, mut standing) = exchanged.await?;
    identify(&wallet, &mut user).await?;
    // A phone belongs to one user: whoever was new may be known already.
    if let Some(known) = users
        .iter()
        .find(|known| known.key != user.key && !user.phone.is_empty() && known.phone == user.phone)
    {
        let tokens = wallet.credentials.tokens(user.key);
        wallet.credentials.forget(user.key);
        if let Some(tokens) = tokens {
            standing = wallet
                .credentials
                .set_tokens(known.key, tokens, grant.clone());
        }
        user = TestUser {
            key: known.key,
            own_name: known.own_name.clone(),
            ..user
        };
    }
    user.last_used = Some(now());
    vault.identify(&user)?; // what was noted about them stays
    let store = standing.store;
    wallet::tell(standing);
    let until = measure::time(grant.expires_at, now(), &TimeZone::system());
    let words = format!(
        "{} is signed in until {until}; the tokens are kept {}\n",
        visible(user.label()),
        store.meaning()
    );
    Ok(print(words)?)
}

/// The hosted pages and the profile, to be checked before anything is typed.
fn place(profile: &Profile) -> String {
    let environment = match profile.environment {
        Environment::Production => "PRODUCTION",
        other => other.name(),
    };
    let app = profile.hosts.as_ref().map(|hosts| hosts.app.as_str());
    format!(
        "{} (profile {}, {environment})",
        app.unwrap_or_default(),
        profile.name
    )
}

/// Whether there is anybody to sign in with, before a person is sent there.
async fn find_hosts(profile: &Profile) -> Result<(), Problem> {
    for Asked { what, host, answer } in hosts::ask(profile).await {
        if let Err(problem) = answer
            && what != hosts::SECURE
        {
            let why = problem
                .why
                .map_or_else(String::new, |why| format!(", {why}"));
            let look = format!("run astrascope doctor --profile {}", profile.name);
            return Err(Problem::new(format!("{host} does not answer"))
                .because(format!("{}{why}", problem.what))
                .hint(problem.hint.unwrap_or(look)));
        }
    }
    Ok(())
}

/// A key that no other instance gives out.
fn new_key(users: &[TestUser]) -> UserKey {
    let now = u64::try_from(now().0).unwrap_or(0) << 10;
    let highest = users.iter().map(|user| user.key.0).max();
    UserKey(now.max(highest.unwrap_or(0) + 1))
}

fn keep_secret(wallet: &Wallet) -> anyhow::Result<()> {
    let mut text = zeroize::Zeroizing::new(String::new());
    io::stdin().take(LONGEST_SECRET).read_to_string(&mut text)?;
    let secret = Secret::new(text.trim());
    if secret.is_empty() {
        bail!("standard input is empty: nothing was kept");
    }
    let standing = wallet.credentials.set_client_secret(secret);
    let store = standing.store;
    wallet::tell(standing);
    let name = &wallet.profile.name;
    Ok(print(format!(
        "the client secret of {name} is kept {}\n",
        store.meaning()
    ))?)
}

/// Sends the person to the hosted pages, and waits for the redirect or for what is pasted.
async fn authorize(profile: &Profile, user: &TestUser) -> anyhow::Result<(Redirect, String)> {
    let listener = Listener::bind(&profile.redirect_uri);
    let redirect_uri = match &listener {
        Ok(listener) => listener.redirect_uri().to_owned(),
        Err(_) => profile.redirect_uri.clone(),
    };
    let state = oauth::new_nonce();
    let phone = user.short_phone().map(|phone| ("phone", phone));
    let id = (!user.id.is_empty()).then_some(("user_id", user.id.as_str()));
    let known = phone.into_iter().chain(id);
    let known = known.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let hints = over(pairs(&user.sign_in), known.collect());
    let url = profile.authorize_url(&redirect_uri, &state, &hints)?;
    note(format!("open this page and authorize:\n{url}"));
    if io::stderr().is_terminal() && browser::open(&url).is_err() {
        note("no browser could be opened from here");
    }
    let pasted = typed::line();
    match listener {
        Ok(listener) => {
            note(format!(
                "waiting for the redirect to {redirect_uri}; it may also be pasted here"
            ));
            tokio::select! {
                redirect = listener.wait(&state, || {}) => Ok((redirect?, redirect_uri)),
                Ok(text) = pasted => Ok((checked(&text, &state)?, redirect_uri)),
            }
        }
        Err(problem) => {
            note(format!("{problem}\npaste the redirect URL here"));
            let text = pasted.await.context("nothing was pasted")?;
            Ok((checked(&text, &state)?, redirect_uri))
        }
    }
}

fn checked(text: &Secret, state: &Nonce) -> Result<Redirect, Problem> {
    let redirect = Redirect::parse(text.reveal())?;
    match &redirect.state {
        Some(other) if other != state => {
            Err(Problem::new("this redirect belongs to another sign-in")
                .hint("run the command again, and paste the redirect that follows from its page"))
        }
        _ => Ok(redirect),
    }
}

/// Asks Astra who has signed in.
async fn identify(wallet: &Wallet, user: &mut TestUser) -> Result<(), Problem> {
    let Some((hosts, tokens)) = wallet
        .profile
        .hosts
        .as_ref()
        .zip(wallet.credentials.tokens(user.key))
    else {
        return Ok(()); // neither is missing after an exchange
    };
    let request = Prepared {
        method: Method::Get,
        url: format!("{}/v1/user", hosts.api),
        headers: vec![("accept".into(), "application/json".into())],
        body: None,
        auth: Auth::Bearer,
    };
    let credential = Credential::Bearer(tokens.access);
    let answer = wallet.client.call(&request, credential).await?;
    let told: serde_json::Value =
        serde_json::from_slice(answer.body.as_bytes()).unwrap_or_default();
    let text = |name: &str| {
        told.get(name)
            .and_then(|value| value.as_str())
            .unwrap_or_default()
    };
    if answer.is_success() {
        let name = format!("{} {}", text("first_name"), text("last_name"));
        name.trim().clone_into(&mut user.name);
        (user.id, user.email, user.phone) = (
            text("id").into(),
            text("email").into(),
            text("phone").into(),
        );
        user.status = UserStatus::parse(text("status"));
    }
    Ok(())
}

/// Forgets tokens, or everything, and tells what is left: nothing.
///
/// # Errors
/// When something could not be forgotten.
pub fn logout(profile: Option<&str>, options: &Logout) -> anyhow::Result<()> {
    if options.all {
        return forget_everything();
    }
    let (wallet, vault) = open(profile)?;
    let users = vault.read()?;
    let user = wallet::find(&users, options.user.as_deref().unwrap_or_default())?;
    wallet.credentials.load();
    let standing = wallet.credentials.forget(user.key);
    let left = wallet.credentials.load().grants;
    // Nothing was written where what is kept could not be read.
    let is_unknown = standing.store == SecretStore::Memory && standing.problem.is_some();
    if is_unknown || left.iter().any(|(key, _)| *key == user.key) {
        let problem = standing.problem.unwrap_or_default();
        bail!("the tokens of {} are still kept: {problem}", user.label());
    }
    Ok(print(format!(
        "{} is signed out; no token is kept\n",
        visible(user.label())
    ))?)
}

fn forget_everything() -> anyhow::Result<()> {
    let home = Home::open()?;
    let mut failed = Vec::new();
    for profile in home.known() {
        let credentials = home.credentials(&profile);
        match credentials.forget_all() {
            Ok(()) => print(format!("{}: nothing is kept any more\n", profile.name))?,
            Err(problem) => failed.push(format!("{}: {problem}", profile.name)),
        }
    }
    if let Err(problem) = temporary::sweep(&home.paths.data) {
        failed.push(problem.to_string());
    }
    let file = home.paths.data.join("credentials.json");
    if file.exists() {
        failed.push(format!(
            "{} is still there: it may hold profiles that config.toml does not name any more\nhint: rm {0}",
            file.display()
        ));
    }
    match failed.is_empty() {
        true => Ok(print("no client secret and no token is left\n")?),
        false => bail!("{}", failed.join("\n")),
    }
}

/// When something ends, for people.
pub(super) fn time(at: Timestamp) -> String {
    measure::time(at, now(), &TimeZone::system())
}
