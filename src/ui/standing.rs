//! Where a test user stands, in words: with signing in, and with the identity check.

use crate::app::auth::SignIn;
use crate::config::Role;
use crate::domain::{TestUser, UserKey, UserStatus};
use crate::ui::pane::Cx;

/// Where somebody stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Standing {
    /// How it looks.
    pub(crate) role: Role,
    /// In words.
    pub(crate) words: String,
    /// In a word or two, without the time.
    pub(crate) brief: String,
    /// Whether it will change by itself in a moment.
    pub(crate) is_moving: bool,
}

/// The status of `user` in words.
pub(crate) fn status(user: &TestUser) -> (Role, &'static str) {
    let Some(status) = user.status else {
        return (Role::Muted, "not known");
    };
    let role = match status {
        UserStatus::Approved => Role::Success,
        UserStatus::Pending | UserStatus::Retry | UserStatus::Document => Role::Warning,
        UserStatus::Suspended | UserStatus::Rejected => Role::Danger,
        UserStatus::ConvertedToUser => Role::Muted,
    };
    (role, status.name())
}

/// Where `user` stands, or nobody.
pub(crate) fn of(user: Option<UserKey>, cx: &Cx<'_>) -> Standing {
    let standing = |role, words: &str| Standing {
        role,
        words: words.into(),
        brief: words.into(),
        is_moving: false,
    };
    let moving = |words: &str| Standing {
        is_moving: true,
        ..standing(Role::Warning, words)
    };
    let Some(user) = user else {
        return standing(Role::Muted, "signed out");
    };
    match cx.model.auth.state(user) {
        SignIn::SignedOut => standing(Role::Muted, "signed out"),
        SignIn::Authorizing => {
            let is_walking = cx
                .model
                .auth
                .flow
                .as_ref()
                .is_some_and(|flow| flow.walk.is_some());
            match is_walking {
                true => moving("walking the pages"),
                false => standing(Role::Warning, "waiting for the redirect"),
            }
        }
        SignIn::Exchanging { .. } => moving("exchanging the code"),
        SignIn::Refreshing { .. } => moving("renewing the token"),
        SignIn::SignedIn { grant, .. } if grant.is_expired(cx.now) => {
            let words = format!("token ran out at {}", cx.time(grant.expires_at));
            Standing {
                brief: "token ran out".into(),
                ..standing(Role::Warning, &words)
            }
        }
        SignIn::SignedIn { grant, .. } => {
            let words = format!("signed in until {}", cx.time(grant.expires_at));
            Standing {
                brief: "signed in".into(),
                ..standing(Role::Success, &words)
            }
        }
        SignIn::Failed(_) => standing(Role::Danger, "sign-in failed"),
    }
}
