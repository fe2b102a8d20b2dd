//! Trusted authentication: tokens with which the client vouches for a person whom it has signed in itself.

use std::collections::HashMap;
use std::io;
use std::time::Duration;

use crate::domain::{Secret, Timestamp};
use crate::sandbox::random;
use crate::sandbox::world::World;
use crate::sandbox::world::objection::Objection;

/// How long a token works, and once only (Astra's guide "Trusted authentication").
const LASTS: Duration = Duration::from_secs(60);

/// For whom the client vouches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// A user.
    User(String),
    /// The person of a user intent, who becomes a user.
    Intent(String),
    /// The person of a business profile, who becomes a user.
    Business(String),
}

/// Tokens that have not been used yet.
#[derive(Default)]
pub(crate) struct Vouchers(HashMap<String, (Subject, Timestamp)>);

impl World {
    /// A token that stands for `subject`'s sign-in.
    pub(crate) fn vouch(&mut self, subject: Subject) -> io::Result<Result<Secret, Objection>> {
        let missing = match &subject {
            Subject::User(id) if self.user(id).is_none() => "user_id: there is no such user",
            Subject::Intent(id) if self.intent(id).is_none() => {
                "user_intent_id: there is no such user intent"
            }
            Subject::Business(id) if self.business(id).is_none() => {
                "business_profile_id: there is no such business profile"
            }
            _ => {
                let now = self.now();
                self.vouchers
                    .0
                    .retain(|_, (_, expires_at)| now < *expires_at);
                let token = random::secret("vt_")?;
                let voucher = (subject, now.after(LASTS));
                self.vouchers.0.insert(token.reveal().to_owned(), voucher);
                return Ok(Ok(token));
            }
        };
        Ok(Err(Objection::missing(missing)))
    }

    /// The user for whom `token` vouches, if it still does; it is used up.
    pub(crate) fn spend_voucher(&mut self, token: &str) -> Option<String> {
        let (subject, expires_at) = self.vouchers.0.remove(token)?;
        if self.now() >= expires_at {
            return None;
        }
        match subject {
            Subject::User(id) => Some(id),
            Subject::Intent(id) => self.convert(&id),
            Subject::Business(id) => self.convert_business(&id),
        }
    }
}
