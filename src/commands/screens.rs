//! `astrascope screens`: draws the pictures of the README by running a session in a terminal in memory.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{anyhow, bail};
use crossterm::event::KeyCode;

use crate::adapters::credentials::Credentials;
use crate::commands::session::Session;
use crate::commands::svg;
use crate::config::{Keymap, Theme};
use crate::domain::Profile;
use crate::runtime::{Headless, Remote};
use crate::sandbox;
use crate::ui::Screen;

/// Longer than anything on loopback takes, even on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

/// Columns and rows of the pictures.
const SIZE: (u16, u16) = (120, 34);

/// Draws the pictures into `folder`.
///
/// # Errors
/// When the session does not come to show what it should, or a picture cannot be written.
pub async fn run(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let (console, remote) = Headless::new(SIZE.0, SIZE.1);
    let screen = Screen::new(Keymap::built_in()?, Theme::named("dark")?);
    let (profile, credentials) = (Profile::built_in(), Credentials::new());
    let mut session = Session::open(
        console,
        screen,
        profile,
        credentials,
        sandbox::Options::default(),
    )?;
    tokio::select! {
        ended = session.run() => bail!("the session ended too early: {:?}", ended?),
        drawn = tour(remote, folder) => drawn,
    }
}

/// What a newcomer does in the first minute, with a picture of each step.
async fn tour(mut remote: Remote, folder: &Path) -> anyhow::Result<()> {
    until(&mut remote, "http://127.0.0.1:").await?;
    save(&remote, folder, "start")?;
    remote.keys("a");
    until(&mut remote, "response_type=code").await?;
    save(&remote, folder, "sign-in")?;
    remote.press(KeyCode::Enter);
    until(&mut remote, "200 OK").await?;
    until(&mut remote, "\"accounts\"").await?;
    save(&remote, folder, "accounts")?;
    remote.keys("?");
    until(&mut remote, "Help").await?;
    save(&remote, folder, "help")
}

async fn until(remote: &mut Remote, text: &str) -> anyhow::Result<()> {
    remote
        .until(LIMIT, |screen| screen.contains(text))
        .await
        .map(drop)
        .map_err(|screen| anyhow!("the screen does not show {text:?}:\n{screen}"))
}

fn save(remote: &Remote, folder: &Path, name: &str) -> anyhow::Result<()> {
    let file = folder.join(format!("{name}.svg"));
    fs::write(&file, svg::render(&remote.frame()))?;
    Ok(())
}
