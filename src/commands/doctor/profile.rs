//! What belongs to one profile: its secrets, its hosts and the clock.

use std::env;

use crate::adapters::trial;
use crate::commands::doctor::finding::{Finding, State, judged};
use crate::commands::home::Home;
use crate::commands::hosts::{self, Asked};
use crate::domain::{Environment, Found, Problem, Profile, Response};
use crate::runtime::now;

/// Looks at what `profile` needs.
pub(super) async fn of_profile(home: &Home, profile: &Profile) -> Vec<Finding> {
    let mut findings = vec![(
        "profile".to_owned(),
        State::Well(format!("{} ({})", profile.name, profile.environment.name())),
    )];
    if profile.environment == Environment::BuiltIn {
        findings.push(judged(
            "loopback",
            trial::port("http://127.0.0.1:0/").map(|()| "sockets can be opened".into()),
        ));
        return findings;
    }
    findings.extend(secrets(home, profile));
    let port = trial::port(&profile.redirect_uri);
    let caught = |()| format!("{} can be listened on, or pasted", profile.redirect_uri);
    findings.push(judged("redirect URI", port.map(caught)));
    if let Some(proxy) = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .into_iter()
        .find(|variable| env::var_os(variable).is_some_and(|value| !value.is_empty()))
    {
        findings.push((
            "proxy".into(),
            State::Well(format!("{proxy} is used for https")),
        ));
    }
    findings.extend(network(profile).await);
    findings
}

/// Where secrets are kept, and whether the file of them is safe.
fn secrets(home: &Home, profile: &Profile) -> Vec<Finding> {
    let credentials = home.credentials(profile);
    let kept = credentials.peek();
    let store = match kept.problem {
        None => State::Well(format!("kept {}", kept.store.meaning())),
        Some(mut problem) => {
            problem.what = format!("kept {}: {}", kept.store.meaning(), problem.what);
            State::Doubtful(problem)
        }
    };
    let secret = match kept.client_secret {
        Some(Found::Environment) => State::Well("from ASTRASCOPE_CLIENT_SECRET".into()),
        Some(Found::Store(store)) => State::Well(store.meaning().into()),
        None => State::Doubtful(
            Problem::new("not given")
                .hint("type it in the program (p, Ctrl-e), or astrascope login --secret-stdin"),
        ),
    };
    let users = match home.vault(profile).map(|vault| vault.read()) {
        Some(Err(problem)) => State::Broken(problem),
        Some(Ok(users)) => State::Well(format!(
            "{} known, {} signed in",
            users.len(),
            kept.grants.len()
        )),
        None => State::Apart("none are kept".into()),
    };
    vec![
        ("secrets".into(), store),
        ("client secret".into(), secret),
        ("test users".into(), users),
    ]
}

/// Whether each host answers at all, and whether the clocks agree.
async fn network(profile: &Profile) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut clock = None;
    for Asked { what, host, answer } in hosts::ask(profile).await {
        if let Ok(answer) = &answer {
            clock = clock.or_else(|| trial::clock(answer, now()));
        }
        let words = |answer: Response| format!("{host} answers ({})", answer.status);
        findings.push(judged(what, answer.map(words)));
    }
    findings.extend(clock.map(|(what, result)| judged(what, result)));
    findings
}
