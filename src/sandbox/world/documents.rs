//! Papers that a person hands in for a check: where their bytes go, and what comes of them.

use std::collections::HashMap;
use std::io;

use crate::domain::UserStatus;
use crate::sandbox::random;
use crate::sandbox::world::World;
use crate::sandbox::world::objection::Objection;
use crate::sandbox::world::people::Check;

/// A place for the bytes of one document. The bytes themselves are not kept.
#[derive(Clone, Debug)]
struct Upload {
    owner: String,
    key: String,
    is_filled: bool,
}

/// All uploads, by their file names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Uploads(HashMap<String, Upload>);

/// Where the bytes of a document are to be put.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) id: String,
    pub(crate) filename: String,
    pub(crate) url: String,
}

/// The path under which documents are put; the rest of it cannot be guessed.
pub(crate) const UPLOADS: &str = "/_uploads";

impl World {
    /// Makes a place for a document of `user`.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub(crate) fn make_place(&mut self, user: &str, extension: &str) -> io::Result<Place> {
        let key = random::secret("")?.reveal().to_owned();
        let id = self.random.uuid();
        let filename = format!("{id}.{extension}");
        let url = format!("{}{UPLOADS}/{key}", self.setup.url);
        let upload = Upload {
            owner: user.to_owned(),
            key,
            is_filled: false,
        };
        self.uploads.0.insert(filename.clone(), upload);
        Ok(Place { id, filename, url })
    }

    /// Takes in that bytes came for the place with this key.
    pub(crate) fn fill_place(&mut self, key: &str) -> Result<(), Objection> {
        let mut uploads = self.uploads.0.values_mut();
        match uploads.find(|upload| upload.key == key) {
            Some(upload) => {
                upload.is_filled = true;
                Ok(())
            }
            None => Err(Objection::missing(
                "no document is expected at this address",
            )),
        }
    }

    /// `user` says that the bytes are there: a check that waits for a document goes on.
    pub(crate) fn confirm_document(&mut self, user: &str, filename: &str) -> Result<(), Objection> {
        match self.uploads.0.get(filename) {
            Some(upload) if upload.owner == user && upload.is_filled => {
                self.uploads.0.remove(filename);
                self.take_document(user);
                Ok(())
            }
            Some(upload) if upload.owner == user => Err(Objection::wrong(
                "no bytes have come for this filename yet: put them to its url first",
            )),
            _ => Err(Objection::missing(
                "filename: this user has no upload with that name",
            )),
        }
    }

    /// A document of `user` has come: whoever had to show one is checked once more, and approved.
    pub(crate) fn take_document(&mut self, user: &str) {
        self.check_again(user, UserStatus::Document, UserStatus::Approved);
    }

    /// `user` has corrected their details, which is asked for once; the check comes to `outcome` now.
    pub(crate) fn take_details(&mut self, user: &str, outcome: UserStatus) {
        self.check_again(user, UserStatus::Retry, outcome);
    }

    fn check_again(&mut self, user: &str, from: UserStatus, outcome: UserStatus) {
        let now = self.now();
        let known = self.user(user);
        if known.is_some_and(|known| known.check.status(now) == from) {
            self.set_check(user, Check::started(outcome, now));
        }
    }
}
