//! A secret shown for a moment, because somebody asked for it. It hides itself again.

use std::time::Duration;

use crate::app::{self, Env, Model, Outbox};
use crate::domain::{Grant, Secret, Timestamp, UserKey};

/// Long enough to compare a secret with another screen, short enough not to be forgotten there.
const SHOWN_FOR: Duration = Duration::from_secs(10);

/// Which secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// The client secret of the profile.
    Client,
    /// The access token of this test user.
    User(UserKey),
    /// The one that is being typed: it is where it is typed, and nowhere else.
    Typed,
}

/// What is shown, and until when.
#[derive(Clone, Debug, PartialEq)]
pub struct Revealed {
    /// Which secret it is.
    pub whose: Whose,
    /// The secret; empty where it is being typed.
    pub secret: Secret,
    /// When it hides itself.
    pub until: Timestamp,
    /// What the user had allowed when it was read: with that it goes.
    grant: Option<Grant>,
}

/// What may happen to a secret that is shown.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Show this one; or hide it, if it is shown.
    Toggle(Whose),
    /// This was read from the store.
    Read(Whose, Secret),
    /// Hide whatever is shown.
    Hide,
}

/// What has to be done for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Read this one from the store.
    Read(Whose),
}

pub(crate) fn update(model: &mut Model, msg: Msg, env: Env, out: &mut Outbox) {
    match msg {
        Msg::Toggle(whose) if is_shown(model, whose) => model.revealed = None,
        Msg::Toggle(Whose::Typed) => show(model, Whose::Typed, Secret::default(), env),
        Msg::Toggle(whose) => out.effect(app::Effect::Reveal(Effect::Read(whose))),
        Msg::Read(_, secret) if secret.is_empty() => {
            out.message(app::Msg::warning("there is no secret to show yet"));
        }
        Msg::Read(Whose::User(user), _)
            if model.users.selected != Some(user) || model.auth.grant(user).is_none() => {} // somebody else is looked at by now, or it is gone
        Msg::Read(whose, secret) => show(model, whose, secret, env),
        Msg::Hide => model.revealed = None,
    }
}

fn show(model: &mut Model, whose: Whose, secret: Secret, env: Env) {
    model.revealed = Some(Revealed {
        whose,
        secret,
        until: env.now.after(SHOWN_FOR),
        grant: grant(model, whose),
    });
}

/// What the owner of an access token has allowed.
fn grant(model: &Model, whose: Whose) -> Option<Grant> {
    match whose {
        Whose::User(user) => model.auth.grant(user).cloned(),
        Whose::Client | Whose::Typed => None,
    }
}

/// Hides an access token as soon as it is another, or somebody else is looked at.
pub(crate) fn settle(model: &mut Model) {
    if let Some(Revealed {
        whose: Whose::User(user),
        grant: of,
        ..
    }) = &model.revealed
        && (model.users.selected != Some(*user) || model.auth.grant(*user) != of.as_ref())
    {
        model.revealed = None;
    }
}

/// Whether this one is shown now.
pub fn is_shown(model: &Model, whose: Whose) -> bool {
    revealed(model, whose).is_some()
}

/// This one, while it is shown.
pub fn revealed(model: &Model, whose: Whose) -> Option<&Secret> {
    let revealed = model.revealed.as_ref();
    revealed
        .filter(|revealed| revealed.whose == whose)
        .map(|revealed| &revealed.secret)
}

/// Hides what was shown long enough.
pub(crate) fn woke(model: &mut Model, env: Env) {
    let is_over = |revealed: &Revealed| env.now >= revealed.until;
    if model.revealed.as_ref().is_some_and(is_over) {
        model.revealed = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::{ADA, BEN, Session};
    use crate::app::{Effect as AppEffect, Msg as AppMsg, users, wakeup};

    fn ask(session: &mut Session, msg: Msg) {
        session.send(AppMsg::Reveal(msg));
    }

    #[test]
    fn a_secret_is_read_shown_and_hides_itself_after_ten_seconds() {
        let mut session = Session::new();
        ask(&mut session, Msg::Toggle(Whose::Client));
        let read = AppEffect::Reveal(Effect::Read(Whose::Client));
        assert!(session.effects.contains(&read));
        assert_eq!(
            revealed(&session.model, Whose::Client),
            None,
            "not before it is read"
        );
        ask(
            &mut session,
            Msg::Read(Whose::Client, Secret::new("hunter2")),
        );
        let shown = revealed(&session.model, Whose::Client).unwrap();
        assert_eq!(shown.reveal(), "hunter2");
        assert!(!format!("{:?}", session.model).contains("hunter2"));
        let due = wakeup::next(&session.model, session.now).unwrap();
        assert!(
            due <= session.now.after(SHOWN_FOR),
            "the loop is woken for it"
        );
        session.wait(Duration::from_secs(9));
        assert!(is_shown(&session.model, Whose::Client));
        session.wait(Duration::from_secs(1));
        assert!(!is_shown(&session.model, Whose::Client));
        assert_eq!(
            wakeup::next(&session.model, session.now),
            None,
            "nothing ticks on"
        );
    }

    #[test]
    fn a_token_is_hidden_as_soon_as_it_is_gone_or_another_is_looked_at() {
        let shown = || {
            let mut session = Session::new();
            session.sign_in(ADA);
            ask(&mut session, Msg::Read(Whose::User(ADA), Secret::new("at")));
            assert!(is_shown(&session.model, Whose::User(ADA)));
            session
        };
        for goes in [
            AppMsg::sign_out(ADA),
            AppMsg::Users(users::Msg::Remove(ADA)),
            AppMsg::Users(users::Msg::Select(Some(BEN))),
        ] {
            let mut session = shown();
            session.send(goes.clone());
            assert_eq!(session.model.revealed, None, "{goes:?}");
        }
        let mut session = shown();
        session.send(AppMsg::refresh(ADA));
        assert!(
            is_shown(&session.model, Whose::User(ADA)),
            "the old one lasts until the new one is there"
        );
        session.send(AppMsg::sign_out(ADA));
        ask(&mut session, Msg::Read(Whose::User(ADA), Secret::new("at")));
        assert_eq!(session.model.revealed, None, "it was read too late");
    }

    #[test]
    fn the_same_key_hides_it_and_another_user_never_sees_it() {
        let mut session = Session::new();
        ask(&mut session, Msg::Toggle(Whose::Typed));
        assert!(is_shown(&session.model, Whose::Typed));
        ask(&mut session, Msg::Toggle(Whose::Typed));
        assert!(!is_shown(&session.model, Whose::Typed));
        session.model.users.selected = None;
        ask(&mut session, Msg::Read(Whose::User(ADA), Secret::new("at")));
        assert!(!is_shown(&session.model, Whose::User(ADA)));
        ask(&mut session, Msg::Read(Whose::Client, Secret::default()));
        assert!(!is_shown(&session.model, Whose::Client), "nothing is kept");
    }
}
