//! Sign-ins under way: what was asked for, how far the person has come, and which browser they use.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::time::Duration;

use crate::domain::{Secret, Timestamp};
use crate::sandbox::pages::errands::Errand;
use crate::sandbox::random;

/// How long a person may take.
const LASTS: Duration = Duration::from_secs(30 * 60);

/// What the application asked for in the URL of the authorization page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
    /// Ten digits to fill in; may be empty.
    pub(super) phone: String,
    pub(super) is_phone_fixed: bool,
    /// The user intent whose person signs in.
    pub(super) intent: Option<String>,
    /// The user who authorizes again.
    pub(super) user: Option<String>,
    /// The business profile whose person signs up.
    pub(super) business: Option<String>,
    pub(super) errand: Errand,
}

/// How far the person has come: the form that they see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Says their phone number.
    Phone,
    /// Repeats the code that was "sent" to it.
    OneTimeCode {
        phone: String,
        code: String,
        expires_at: Timestamp,
        tries: u8,
    },
    /// Says who they are and accepts the agreement; without a user, one is made.
    Details { phone: String, user: Option<String> },
    /// Connects a bank.
    Bank { user: String },
    /// Lets the application act, or not.
    Consent { user: String },
    /// Was refused before sign-up and can only go back.
    Barred,
    /// Shows a photo id.
    Document { user: String },
    /// Corrects the details of a check.
    Correction { user: String },
    /// Tells about their business.
    Business { user: String },
    /// Looks at their cards.
    Cards { user: String },
    /// Adds a card.
    NewCard { user: String },
    /// Has run their errand and can only go back.
    Done { message: String },
    /// Copies the authorization code by hand.
    Code { code: Secret },
}

impl Step {
    /// Its name in the form, by which a form of an earlier step is known.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::OneTimeCode { .. } => "code",
            Self::Details { .. } => "details",
            Self::Bank { .. } => "bank",
            Self::Consent { .. } => "consent",
            Self::Barred => "barred",
            Self::Document { .. } => "document",
            Self::Correction { .. } => "correction",
            Self::Business { .. } => "business",
            Self::Cards { .. } => "cards",
            Self::NewCard { .. } => "new-card",
            Self::Done { .. } => "done",
            Self::Code { .. } => "shown-code",
        }
    }
}

/// What was wrong with a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Alert {
    /// The name of the field that is to be mended; empty if it is none alone.
    pub(super) field: &'static str,
    /// What is wrong with it, and what would be right.
    pub(super) text: String,
}

/// A form that was not taken, to be shown again as it was filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Returned {
    pub(super) alert: Alert,
    /// What was entered, by the names of the fields; without passwords and codes.
    pub(super) entered: BTreeMap<String, String>,
}

/// One sign-in.
#[derive(Clone, Debug)]
pub(super) struct Session {
    /// Its part of the path; not secret.
    pub(super) id: String,
    /// What the browser's cookie holds.
    pub(super) cookie: Secret,
    /// What its forms hold, so that no other page can post them.
    pub(super) csrf: Secret,
    pub(super) asked: Asked,
    pub(super) step: Step,
    /// The last form of this step, if it was not taken.
    pub(super) returned: Option<Returned>,
    expires_at: Timestamp,
}

/// All sign-ins under way.
#[derive(Debug, Default)]
pub(super) struct Sessions(HashMap<String, Session>);

impl Sessions {
    /// Starts a sign-in.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(super) fn start(
        &mut self,
        asked: Asked,
        step: Step,
        now: Timestamp,
    ) -> io::Result<Session> {
        self.0.retain(|_, session| now < session.expires_at);
        let session = Session {
            id: random::secret("")?.reveal().to_owned(),
            cookie: random::secret("")?,
            csrf: random::secret("")?,
            asked,
            step,
            returned: None,
            expires_at: now.after(LASTS),
        };
        self.keep(session.clone());
        Ok(session)
    }

    /// The sign-in called `id`, taken out, if this browser's `cookie` belongs to it.
    pub(super) fn take(&mut self, id: &str, cookie: &Secret, now: Timestamp) -> Option<Session> {
        let session = self.0.get(id)?;
        match session.cookie == *cookie && now < session.expires_at {
            true => self.0.remove(id),
            false => None,
        }
    }

    /// Puts a sign-in back.
    pub(super) fn keep(&mut self, session: Session) {
        self.0.insert(session.id.clone(), session);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> Asked {
        Asked {
            redirect_uri: "http://127.0.0.1/callback".into(),
            state: None,
            phone: String::new(),
            is_phone_fixed: false,
            intent: None,
            user: None,
            business: None,
            errand: Errand::Authorize,
        }
    }

    #[test]
    fn another_browser_cannot_go_on() {
        let mut sessions = Sessions::default();
        let session = sessions.start(asked(), Step::Phone, Timestamp(0)).unwrap();
        assert!(
            sessions
                .take(&session.id, &Secret::new("other"), Timestamp(0))
                .is_none()
        );
        assert!(
            sessions
                .take(&session.id, &session.cookie, Timestamp(0))
                .is_some()
        );
        assert!(
            sessions
                .take(&session.id, &session.cookie, Timestamp(0))
                .is_none()
        );
    }

    #[test]
    fn a_sign_in_ends_after_half_an_hour() {
        let mut sessions = Sessions::default();
        let session = sessions.start(asked(), Step::Phone, Timestamp(0)).unwrap();
        let late = Timestamp(0).after(LASTS);
        assert!(sessions.take(&session.id, &session.cookie, late).is_none());
        sessions.start(asked(), Step::Phone, late).unwrap();
        assert_eq!(sessions.0.len(), 1);
    }
}
