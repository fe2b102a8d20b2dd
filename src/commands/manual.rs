//! `astrascope completions` and `astrascope man`: what the command line says of itself, for shells and for `man`.

use std::path::Path;

use anyhow::{Context as _, anyhow};
use clap::Command;
use clap_complete::env::Shells;

use crate::commands::output::print;

/// Shells that can complete.
pub const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// With this the shell asks the program for what it may complete.
pub const COMPLETE_VARIABLE: &str = "ASTRASCOPE_COMPLETE";

/// The name of the program.
const NAME: &str = "astrascope";

/// Prints what makes `shell` ask the program for completions.
///
/// # Errors
/// When there is no such shell, or standard output cannot be written.
pub fn completions(shell: &str) -> anyhow::Result<()> {
    let shells = Shells::builtins();
    let shell = shells
        .completer(shell)
        .ok_or_else(|| anyhow!("no shell is called {shell}"))?;
    let mut text = Vec::new();
    shell.write_registration(COMPLETE_VARIABLE, NAME, NAME, NAME, &mut text)?;
    Ok(print(text)?)
}

/// Writes the manual pages of `command` and its own commands into `folder`, or prints the first one where there is none.
///
/// # Errors
/// When they cannot be written.
pub fn man(command: Command, folder: Option<&Path>) -> anyhow::Result<()> {
    match folder {
        Some(folder) => clap_mangen::generate_to(command, folder)
            .with_context(|| format!("{} cannot be written", folder.display())),
        None => {
            let mut text = Vec::new();
            clap_mangen::Man::new(command).render(&mut text)?;
            Ok(print(text)?)
        }
    }
}
