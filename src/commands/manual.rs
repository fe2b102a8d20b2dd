//! `astrascope completions` and `astrascope man`: what the command line says of itself, for shells and for `man`.

use std::path::Path;

use anyhow::Context as _;
use clap::Command;
use clap_complete::Shell;

use crate::commands::output::print;

/// Prints the completions of `command` for `shell`.
///
/// # Errors
/// When standard output cannot be written.
pub fn completions(command: &mut Command, shell: Shell) -> anyhow::Result<()> {
    let mut text = Vec::new();
    clap_complete::generate(shell, command, "astrascope", &mut text);
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
