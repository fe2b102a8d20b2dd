//! The yes that a write on production needs, each its own: said beforehand, or typed when it is asked for.

use std::io::{self, IsTerminal as _};

use anyhow::bail;

use crate::app::requests::{check_doubled, consequences};
use crate::commands::output::aside;
use crate::commands::typed;
use crate::domain::{Draft, Endpoint, Prepared, Profile, RequestName};
use crate::ui::widgets::visible::visible;

/// What the person agreed to beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Agreed {
    /// To nothing.
    #[default]
    Nothing,
    /// To the one call that the command is about.
    This,
    /// To these saved requests.
    Named(Vec<String>),
}

/// What the person agreed to beforehand, and the question that is open.
#[derive(Debug, Default)]
pub(super) struct Consent {
    agreed: Agreed,
    /// Held while a question is open: there is one keyboard.
    asking: tokio::sync::Mutex<()>,
}

impl Consent {
    pub(super) fn new(agreed: Agreed) -> Self {
        Self {
            agreed,
            ..Self::default()
        }
    }

    /// Returns once the person has agreed to a call on `profile`; `of` is the saved request that makes it, `who` the test user
    /// it acts for.
    ///
    /// # Errors
    /// When they have not, or cannot be asked.
    pub(super) async fn ask(
        &self,
        profile: &Profile,
        (endpoint, request, draft): (&Endpoint, &Prepared, &Draft),
        (of, who): (Option<&RequestName>, Option<&str>),
    ) -> anyhow::Result<()> {
        check_doubled(draft)?;
        let is_agreed = match &self.agreed {
            Agreed::Nothing => false,
            Agreed::This => true,
            Agreed::Named(names) => {
                of.is_some_and(|of| names.iter().any(|name| name == of.as_str()))
            }
        };
        if is_agreed {
            return Ok(());
        }
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            let yes = of.map_or_else(|| "--yes".to_owned(), |of| format!("--yes {of}"));
            bail!(
                "not sent: it changes something on production, and nobody can be asked\nhint: run it in a terminal, or agree beforehand with {yes}"
            );
        }
        let _alone = self.asking.lock().await;
        aside(format_args!(
            "Send to production as {}?\n",
            visible(&profile.name)
        ));
        for line in consequences(endpoint, request, (draft, who), str::to_owned) {
            aside(format_args!("  {}\n", visible(&line))); // what was sent makes no line of its own
        }
        aside("yes or no? [no] ");
        let answer = typed::line().await.unwrap_or_default();
        match answer.reveal().trim().to_lowercase().as_str() {
            "y" | "yes" => Ok(()),
            _ => bail!("not sent: the answer was no"),
        }
    }
}
