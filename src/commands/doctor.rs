//! `astrascope doctor`: looks at everything that the program stands on, and tells what to mend.

use std::env;
use std::io::{self, IsTerminal as _};
use std::path::Path;
use std::process::ExitCode;

use crate::adapters::http::{Client, Credential, Options};
use crate::adapters::trial;
use crate::commands::home::Home;
use crate::commands::output::{Colours, Tone, print};
use crate::commands::tui;
use crate::config::Paths;
use crate::domain::{Auth, BodyLimits, Environment, Found, Method, Prepared, Problem, Profile};
use crate::runtime::{client_options, now};

/// A host that does not answer by now does not answer a call either.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(8);
/// Columns of what was looked at.
const LABELS: usize = 16;

/// How something was found to be.
enum State {
    Well(String),
    /// It works, but not as well as it could.
    Doubtful(Problem),
    Broken(Problem),
}

/// What was looked at, and how it was found to be.
type Finding = (String, State);

/// Looks, prints, and tells by its exit code: 0 all is well, 1 something has to be mended.
///
/// # Errors
/// When standard output cannot be written.
pub async fn run(profile: Option<&str>) -> anyhow::Result<ExitCode> {
    let mut findings = vec![terminal(), keys_and_colours()];
    match Home::open() {
        Err(error) => findings.push(("config.toml".into(), broken(&error))),
        Ok(home) => {
            let count = home.settings.profiles.len();
            let words = match count {
                0 => "none: the built-in sandbox is used".to_owned(),
                count => format!("{count} profile{} read", if count == 1 { "" } else { "s" }),
            };
            findings.push(("config.toml".into(), State::Well(words)));
            findings.extend(folders(&home.paths));
            match home.profile(profile) {
                Err(error) => findings.push(("profile".into(), broken(&error))),
                Ok(profile) => findings.extend(of_profile(&home, &profile).await),
            }
        }
    }
    let is_broken = findings
        .iter()
        .any(|(_, state)| matches!(state, State::Broken(_)));
    let colours = Colours::of_standard_output();
    let mut text: String = findings
        .iter()
        .map(|finding| line(finding, colours))
        .collect();
    text += match is_broken {
        true => "\nsomething has to be mended\n",
        false => "\nall is well\n",
    };
    print(text)?;
    Ok(ExitCode::from(u8::from(is_broken)))
}

fn line((what, state): &Finding, colours: Colours) -> String {
    let (tone, mark, problem) = match state {
        State::Well(words) => {
            return format!(
                "{} {what:LABELS$} {words}\n",
                colours.paint(Tone::Good, "✓")
            );
        }
        State::Doubtful(problem) => (Tone::Faint, "!", problem),
        State::Broken(problem) => (Tone::Wrong, "✗", problem),
    };
    let mut text = format!(
        "{} {what:LABELS$} {}",
        colours.paint(tone, mark),
        problem.what
    );
    if let Some(why) = &problem.why {
        text += &format!(": {why}");
    }
    text.push('\n');
    if let Some(hint) = &problem.hint {
        text += &format!("  {:LABELS$} → {hint}\n", "");
    }
    text
}

/// The words of an error of a command, of which the last line may be a hint.
fn broken(error: &anyhow::Error) -> State {
    let text = format!("{error:#}");
    let (what, hint) = match text.split_once("\nhint: ") {
        Some((what, hint)) => (what.to_owned(), Some(hint.to_owned())),
        None => (text, None),
    };
    let problem = Problem::new(what);
    State::Broken(match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    })
}

fn judged(what: impl Into<String>, result: Result<String, Problem>) -> Finding {
    let state = match result {
        Ok(words) => State::Well(words),
        Err(problem) => State::Broken(problem),
    };
    (what.into(), state)
}

fn terminal() -> Finding {
    let name = env::var("TERM").unwrap_or_default();
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|variable| env::var(variable).ok().filter(|value| !value.is_empty()));
    let is_utf8 = locale.as_ref().is_none_or(|locale| {
        let locale = locale.to_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    });
    let state = match (io::stdout().is_terminal(), crossterm::terminal::size()) {
        (false, _) => State::Well("not asked: standard output is none".into()),
        (true, _) if name.is_empty() || name == "dumb" => State::Broken(
            Problem::new(format!("TERM is {name:?}"))
                .hint("start it in a terminal that moves its cursor, such as xterm-256color"),
        ),
        (true, Ok((columns, rows))) if columns < 60 || rows < 15 => State::Doubtful(
            Problem::new(format!("{columns}×{rows} is small"))
                .hint("60×15 and more shows everything"),
        ),
        (true, Ok(_)) if !is_utf8 => State::Doubtful(
            Problem::new(format!("the locale is {}", locale.unwrap_or_default()))
                .because("lines and marks may look wrong")
                .hint("set LANG to one that ends in UTF-8"),
        ),
        (true, Ok((columns, rows))) => State::Well(format!("{name}, {columns}×{rows}")),
        (true, Err(error)) => {
            State::Broken(Problem::new("its size is not known").because(error.to_string()))
        }
    };
    ("terminal".into(), state)
}

fn keys_and_colours() -> Finding {
    let read = tui::keymap()
        .map(drop)
        .and_then(|()| tui::theme().map(drop));
    match read {
        Ok(()) => ("keys and colours".into(), State::Well("read".into())),
        Err(error) => ("keys and colours".into(), broken(&error)),
    }
}

/// Whether the folders can be written, by making a file in each and taking it away.
fn folders(paths: &Paths) -> Vec<Finding> {
    [
        ("config", &paths.config),
        ("data", &paths.data),
        ("state", &paths.state),
    ]
    .map(|(name, folder)| judged(format!("{name} folder"), writable(folder)))
    .into()
}

fn writable(folder: &Path) -> Result<String, Problem> {
    let name = folder.display();
    // A folder that is not there yet is made by the first write: then the one above counts.
    let existing = folder.ancestors().find(|folder| folder.exists());
    let existing = existing.unwrap_or(folder);
    let mut builder = tempfile::Builder::new();
    match builder.prefix(".astrascope-doctor").tempfile_in(existing) {
        Ok(_) if existing == folder => Ok(format!("{name} can be written")),
        Ok(_) => Ok(format!("{name} is made when it is needed")),
        Err(error) => Err(Problem::new(format!("{name} cannot be written"))
            .because(error.to_string())
            .hint("change its permissions, or set ASTRASCOPE_HOME to a folder of your own")),
    }
}

async fn of_profile(home: &Home, profile: &Profile) -> Vec<Finding> {
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
    let kept = credentials.load();
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
        None => State::Well("none are kept".into()),
    };
    vec![
        ("secrets".into(), store),
        ("client secret".into(), secret),
        ("test users".into(), users),
    ]
}

/// Whether each host answers at all, and whether the clocks agree.
async fn network(profile: &Profile) -> Vec<Finding> {
    let Some(hosts) = &profile.hosts else {
        return Vec::new();
    };
    let client = Client::new(Options {
        timeout: PATIENCE,
        ..client_options(profile, BodyLimits::default())
    });
    let mut findings = Vec::new();
    let mut clock = None;
    let mut seen: Vec<&str> = Vec::new();
    for (what, host) in [
        ("API", &hosts.api),
        ("secure host", &hosts.secure),
        ("hosted pages", &hosts.app),
    ] {
        if seen.contains(&host.as_str()) {
            continue; // a profile may have one host for everything
        }
        seen.push(host);
        let request = Prepared {
            method: Method::Get,
            url: format!("{host}/"),
            headers: Vec::new(),
            body: None,
            auth: Auth::None,
        };
        let answer = client.call(&request, Credential::None).await;
        if let Ok(answer) = &answer {
            clock = clock.or_else(|| trial::clock(answer, now()));
        }
        let words = |answer: crate::domain::Response| format!("{host} answers ({})", answer.status);
        findings.push(judged(what, answer.map(words)));
    }
    findings.extend(clock.map(|(what, result)| judged(what, result)));
    findings
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_broken_is_told_with_what_to_do() {
        let finding = (
            "data folder".to_owned(),
            State::Broken(Problem::new("a").because("b").hint("c")),
        );
        let text = line(&finding, Colours::none());
        assert_eq!(text, "✗ data folder      a: b\n                   → c\n");
    }

    #[test]
    fn folders_are_tried_and_left_as_they_were() {
        let home = tempfile::tempdir().unwrap();
        assert!(writable(home.path()).unwrap().ends_with("can be written"));
        assert!(
            writable(&home.path().join("a/b"))
                .unwrap()
                .ends_with("when it is needed")
        );
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
