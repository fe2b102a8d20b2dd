//! `astrascope status` and `astrascope users`: which profile, which keys, who is signed in.

use serde_json::json;

use crate::commands::home::Home;
use crate::commands::login::time;
use crate::commands::output::{note, print};
use crate::domain::{Environment, Found, Grant, SecretStore, TestUser, UserStatus};
use crate::runtime::now;
use crate::sandbox;
use crate::ui::widgets::measure;
use crate::ui::widgets::visible::{visible, visible_lines};

/// Tells where things stand, in words or as JSON.
///
/// # Errors
/// When the configuration is wrong, or the test users cannot be read.
pub fn run(profile: Option<&str>, as_json: bool) -> anyhow::Result<()> {
    let home = Home::open()?;
    let profile = home.profile(profile)?;
    let kept = home.credentials(&profile).peek();
    let users = match home.vault(&profile) {
        Some(vault) => vault.read()?,
        None => Vec::new(),
    };
    let grant_of = |user: &TestUser| {
        let found = kept.grants.iter().find(|(key, _)| *key == user.key);
        found.map(|(_, grant)| grant)
    };
    let is_built_in = profile.environment == Environment::BuiltIn;
    let secret = match kept.client_secret {
        _ if is_built_in => "built-in",
        Some(Found::Environment) => "environment",
        Some(Found::Store(store)) => store.name(),
        None => "missing",
    };
    let api = profile.hosts.as_ref().map(|hosts| hosts.api.as_str());
    if as_json {
        let users: Vec<_> = users
            .iter()
            .map(|user| entry(user, grant_of(user)))
            .collect();
        let problem = kept.problem.as_ref().map(ToString::to_string);
        let status = json!({
            "profile": profile.name,
            "environment": profile.environment.name(),
            "api": api,
            "client_id": profile.client_id,
            "client_secret": secret,
            "store": kept.store.name(),
            "store_problem": problem,
            "users": users,
        });
        return Ok(print(serde_json::to_string_pretty(&status)? + "\n")?);
    }
    let mut text = format!(
        "profile        {}\nenvironment    {}\n",
        profile.name,
        match profile.environment {
            Environment::Production => "PRODUCTION",
            other => other.name(),
        }
    );
    if is_built_in {
        text += "\nThe built-in sandbox makes its own keys and keeps nothing.\n";
        return Ok(print(text)?);
    }
    let secret = match kept.client_secret {
        Some(Found::Environment) => "from the environment",
        Some(Found::Store(store)) => store.meaning(),
        None => "not given: astrascope login --secret-stdin reads it",
    };
    text += &format!(
        "API            {}\nclient id      {}\nclient secret  {secret}\nredirect URI   {}\n",
        api.unwrap_or_default(),
        profile.client_id,
        profile.redirect_uri
    );
    if let Some(problem) = &kept.problem {
        let words = kept.store.meaning();
        text += &format!("secrets        {words}: {problem}\n").replace("\nhint: ", "; ");
    } else if kept.store != SecretStore::Memory {
        text += &format!("secrets        {}\n", kept.store.meaning());
    }
    text += &match users.is_empty() {
        true => "\nno test user has signed in yet: astrascope login\n".to_owned(),
        false => format!("\n{}", table(&users, grant_of)),
    };
    Ok(print(visible_lines(&text).as_ref())?)
}

fn entry(user: &TestUser, grant: Option<&Grant>) -> serde_json::Value {
    let seconds = grant.map(|grant| grant.expires_at.since(now()).as_secs());
    json!({
        "name": user.label(),
        "email": user.email,
        "phone": user.phone,
        "status": user.status.map(UserStatus::name),
        "tags": user.tags,
        "note": user.note,
        "is_signed_in": grant.is_some_and(|grant| grant.can_refresh || !grant.is_expired(now())),
        "can_renew": grant.is_some_and(|grant| grant.can_refresh),
        "valid_for_seconds": seconds,
    })
}

/// Lists the test users of the profile, as a table or as JSON; those of the built-in sandbox are always the same.
///
/// # Errors
/// When the configuration is wrong, or the test users cannot be read.
pub fn users(profile: Option<&str>, as_json: bool) -> anyhow::Result<()> {
    let home = Home::open()?;
    let profile = home.profile(profile)?;
    let (users, grants) = match home.vault(&profile) {
        None => (sandbox::test_users(0), Vec::new()),
        Some(vault) => (vault.read()?, home.credentials(&profile).peek().grants),
    };
    let grant_of = |user: &TestUser| {
        let found = grants.iter().find(|(key, _)| *key == user.key);
        found.map(|(_, grant)| grant)
    };
    if as_json {
        let users: serde_json::Value = users
            .iter()
            .map(|user| entry(user, grant_of(user)))
            .collect();
        return Ok(print(format!("{users:#}\n"))?);
    }
    if users.is_empty() {
        note(format_args!(
            "no test user of {0} has signed in yet\nhint: astrascope login --profile {0}",
            profile.name
        ));
    }
    Ok(print(table(&users, grant_of))?)
}

/// A line each: name, status, phone, e-mail, until when signed in, tags.
fn table<'a>(
    users: &'a [TestUser],
    grant_of: impl Fn(&'a TestUser) -> Option<&'a Grant>,
) -> String {
    let cells = |user: &'a TestUser| [user.label(), &user.phone, &user.email].map(visible);
    let width = |column: usize| {
        let widths = users
            .iter()
            .map(|user| measure::width(&cells(user)[column]));
        widths.max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    let line = |user: &'a TestUser| {
        let status = user.status.map_or("", UserStatus::name);
        let [name, phone, email] = cells(user);
        let mut line = format!(
            "{}  {status:9}  {}  {}",
            measure::pad(&name, widths[0]),
            measure::pad(&phone, widths[1]),
            measure::pad(&email, widths[2]),
        );
        if let Some(grant) = grant_of(user) {
            line += &match (grant.is_expired(now()), grant.can_refresh) {
                (false, _) => format!("  signed in until {}", time(grant.expires_at)),
                (true, true) => "  signed in, renewed by the next call".into(),
                (true, false) => "  token ran out".into(),
            };
        }
        if !user.tags.is_empty() {
            line += &format!("  [{}]", visible(&user.tags.join(" ")));
        }
        line.trim_end().to_owned() + "\n"
    };
    users.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::UserKey;

    #[test]
    fn a_name_neither_acts_on_the_terminal_nor_makes_a_line() {
        let user = TestUser {
            name: "Ada\u{1b}[2A\nEve".into(),
            email: "a@b\u{9b}2J".into(),
            tags: vec!["\u{7}".into()],
            ..TestUser::unnamed(UserKey(1))
        };
        let text = table(&[user], |_| None);
        assert!(
            text.starts_with("Ada␛[2A␊Eve  ") && text.ends_with("a@b<U+009B>2J  [␇]\n"),
            "{text}"
        );
    }
}
