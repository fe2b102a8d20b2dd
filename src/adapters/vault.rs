//! The test users of one profile, from one session to the next: who they are, and what the person notes about them. No
//! secret is in it; tokens are in the credentials store under the same keys.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::adapters::files::atomic::{self, Access};
use crate::adapters::files::lock::Lock;
use crate::adapters::files::read_optional;
use crate::domain::{Problem, TestUser, Timestamp, UserKey, UserStatus};

/// The file of one profile.
#[derive(Clone, Debug)]
pub struct Vault(PathBuf);

#[derive(Default, Serialize, Deserialize)]
struct Written {
    users: Vec<WrittenUser>,
}

/// A test user as it is written. Fields that a later version adds are no mistake.
#[derive(Serialize, Deserialize)]
struct WrittenUser {
    key: u64,
    #[serde(default)]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    own_name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    status: Option<UserStatus>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    customer_id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sign_in: String,
    #[serde(default)]
    last_used: Option<i64>,
}

impl Vault {
    /// The users of `profile`, below the data folder. Nothing is opened yet.
    pub fn new(data: &Path, profile: &str) -> Self {
        Self(data.join("users").join(format!("{profile}.json")))
    }

    /// Everybody, in the order in which they came.
    ///
    /// # Errors
    /// When the file is there but cannot be read.
    pub fn read(&self) -> Result<Vec<TestUser>, Problem> {
        let users = self.load()?.users;
        Ok(users.into_iter().map(TestUser::from).collect())
    }

    /// Takes `user` in, or what has changed about them.
    ///
    /// # Errors
    /// When the file cannot be read or written; it stays as it is then.
    pub fn save(&self, user: &TestUser) -> Result<(), Problem> {
        self.change(|users| {
            let written = WrittenUser::from(user);
            match users.iter_mut().find(|known| known.key == written.key) {
                Some(known) => *known = written,
                None => users.push(written),
            }
        })
    }

    /// Takes `user` in, or what Astra tells about them; what a person has noted about whoever is in already stays.
    ///
    /// # Errors
    /// When the file cannot be read or written; it stays as it is then.
    pub fn identify(&self, user: &TestUser) -> Result<(), Problem> {
        self.change(|users| {
            let told = WrittenUser::from(user);
            match users.iter_mut().find(|known| known.key == told.key) {
                Some(known) => {
                    (known.id, known.name) = (told.id, told.name);
                    (known.email, known.phone) = (told.email, told.phone);
                    (known.status, known.last_used) = (told.status, told.last_used);
                }
                None => users.push(told),
            }
        })
    }

    /// Notes that `user` was used at `at`; whoever was taken out meanwhile stays out.
    ///
    /// # Errors
    /// When the file cannot be read or written; it stays as it is then.
    pub fn touch(&self, user: UserKey, at: Timestamp) -> Result<(), Problem> {
        self.change(|users| {
            let known = users.iter_mut().filter(|known| known.key == user.0);
            known.for_each(|known| known.last_used = Some(at.0));
        })
    }

    /// Takes `user` out.
    ///
    /// # Errors
    /// When the file cannot be read or written; it stays as it is then.
    pub fn remove(&self, user: UserKey) -> Result<(), Problem> {
        self.change(|users| users.retain(|known| known.key != user.0))
    }

    /// Takes everybody out.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn clear(&self) -> Result<(), Problem> {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(atomic::explain(&self.0, &error))
            }
            _ => Ok(()),
        }
    }

    /// Where the file is, if there is one, whatever is in it.
    pub fn found(&self) -> Option<&Path> {
        fs::symlink_metadata(&self.0).ok().map(|_| self.0.as_path())
    }

    /// Keeps everybody for `other`, too, whose profile is the same one under another name.
    ///
    /// # Errors
    /// When the file cannot be read, or the other not be written.
    pub fn copy_to(&self, other: &Self) -> Result<(), Problem> {
        let _lock = Lock::wait(&self.0.with_extension("lock"));
        match read_optional(&self.0)? {
            Some(text) => atomic::write(&other.0, text.as_bytes(), Access::Private),
            None => Ok(()),
        }
    }

    /// What another instance has written meanwhile stays.
    fn change(&self, change: impl FnOnce(&mut Vec<WrittenUser>)) -> Result<(), Problem> {
        let _lock = Lock::wait(&self.0.with_extension("lock"));
        let mut written = self.load()?;
        change(&mut written.users);
        let text = serde_json::to_vec_pretty(&written).map_err(|error| {
            Problem::new("the test users were not written").because(error.to_string())
        })?;
        atomic::write(&self.0, &text, Access::Private)
    }

    fn load(&self) -> Result<Written, Problem> {
        let Some(text) = read_optional(&self.0)? else {
            return Ok(Written::default());
        };
        serde_json::from_str(&text).map_err(|error| {
            let name = self.0.display();
            Problem::new(format!("{name} cannot be read"))
                .because(error.to_string())
                .hint("mend it, or move it away to start without test users")
        })
    }
}

impl From<WrittenUser> for TestUser {
    fn from(user: WrittenUser) -> Self {
        Self {
            key: UserKey(user.key),
            id: user.id,
            name: user.name,
            own_name: user.own_name,
            email: user.email,
            phone: user.phone,
            status: user.status,
            note: user.note,
            tags: user.tags,
            customer_id: user.customer_id,
            sign_in: user.sign_in,
            last_used: user.last_used.map(Timestamp),
        }
    }
}

impl From<&TestUser> for WrittenUser {
    fn from(user: &TestUser) -> Self {
        Self {
            key: user.key.0,
            id: user.id.clone(),
            name: user.name.clone(),
            own_name: user.own_name.clone(),
            email: user.email.clone(),
            phone: user.phone.clone(),
            status: user.status,
            note: user.note.clone(),
            tags: user.tags.clone(),
            customer_id: user.customer_id.clone(),
            sign_in: user.sign_in.clone(),
            last_used: user.last_used.map(|at| at.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> TestUser {
        TestUser {
            id: "u1".into(),
            name: "Ada Byron".into(),
            own_name: "the happy path".into(),
            email: "ada@example.com".into(),
            phone: "+16505550100".into(),
            status: Some(UserStatus::Approved),
            note: "two banks".into(),
            tags: vec!["ach".into(), "demo".into()],
            last_used: Some(Timestamp(5)),
            ..TestUser::unnamed(UserKey(u64::MAX))
        }
    }

    #[test]
    fn two_instances_keep_each_others_users() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (
            Vault::new(folder.path(), "a"),
            Vault::new(folder.path(), "a"),
        );
        assert_eq!(one.read(), Ok(Vec::new()));
        let ben = TestUser::unnamed(UserKey(2));
        one.save(&ada()).unwrap();
        other.save(&ben).unwrap();
        one.save(&ada()).unwrap();
        assert_eq!(one.read(), Ok(vec![ada(), ben.clone()]));
        let noted = TestUser {
            note: "waits".into(),
            ..ada()
        };
        other.save(&noted).unwrap();
        let told = TestUser {
            status: Some(UserStatus::Suspended),
            ..ada()
        };
        one.identify(&told).unwrap();
        let noted = TestUser {
            status: told.status,
            ..noted
        };
        one.touch(noted.key, Timestamp(9)).unwrap();
        one.touch(UserKey(3), Timestamp(9)).unwrap();
        let touched = TestUser {
            last_used: Some(Timestamp(9)),
            ..noted
        };
        assert_eq!(one.read(), Ok(vec![touched, ben.clone()]));
        other.remove(UserKey(u64::MAX)).unwrap();
        assert_eq!(one.read(), Ok(vec![ben]));
        assert_eq!(Vault::new(folder.path(), "b").read(), Ok(Vec::new()));
        one.clear().unwrap();
        one.clear().unwrap();
        assert_eq!(other.read(), Ok(Vec::new()));
    }

    #[test]
    fn a_broken_file_is_told_and_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::new(folder.path(), "a");
        atomic::write(&vault.0, b"{\"users\": 1}", Access::Private).unwrap();
        assert!(vault.save(&ada()).unwrap_err().hint.is_some());
        assert_eq!(fs::read(&vault.0).unwrap(), b"{\"users\": 1}");
    }
}
