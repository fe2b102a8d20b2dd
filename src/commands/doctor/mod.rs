//! `astrascope doctor`: looks at everything that the program stands on, and tells what to mend.

mod finding;
mod machine;
mod profile;
mod written;

use std::env;
use std::process::ExitCode;

use crate::commands::doctor::finding::{Finding, State, broken, in_folder, line, summary};
use crate::commands::doctor::written::several;
use crate::commands::home::Home;
use crate::commands::output::{Colours, print_coloured};
use crate::config::Paths;

/// Looks, prints, and tells by its exit code: 0 all works, 1 something has to be mended.
///
/// # Errors
/// When standard output cannot be written.
pub async fn run(profile: Option<&str>) -> anyhow::Result<ExitCode> {
    let findings = look(profile).await;
    let colours = Colours::of_standard_output();
    let lines = findings.iter().map(|finding| line(finding, colours));
    print_coloured(lines.collect::<String>() + &summary(&findings))?;
    let is_broken = |(_, state): &Finding| matches!(state, State::Broken(_));
    Ok(ExitCode::from(u8::from(findings.iter().any(is_broken))))
}

async fn look(profile: Option<&str>) -> Vec<Finding> {
    let mut findings = vec![machine::terminal()];
    let paths = match Paths::from(env::var_os("ASTRASCOPE_HOME")) {
        Ok(paths) => paths,
        Err(error) => {
            findings.push(("home".into(), broken(&error.into())));
            return findings;
        }
    };
    findings.extend(machine::folders(&paths));
    let home = Home::open();
    let settings = match &home {
        Err(error) => in_folder(broken(error), &paths.config),
        Ok(home) => match home.settings.profiles.len() {
            0 => State::Apart("none: the built-in sandbox is used".into()),
            count => State::Well(format!("{} read", several(count, "profile"))),
        },
    };
    findings.push(("config.toml".into(), settings));
    findings.extend(written::all(&paths));
    let Ok(home) = home else {
        return findings; // which profiles there are is not known
    };
    match home.profile(profile) {
        Err(error) => findings.push(("profile".into(), broken(&error))),
        Ok(profile) => findings.extend(profile::of_profile(&home, &profile).await),
    }
    findings
}
