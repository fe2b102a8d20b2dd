//! Saved requests, as they are listed: read from their folders, looked at, taken away. Saving one is the business of `saving`.

use crate::app::{self, Confirm, Modal, Model, Outbox};
use crate::domain::{JobId, Problem, SavedKey, SavedRequest};

/// What is known of the saved requests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Saved {
    /// Those of the project first, each folder in the order of its names.
    pub items: Vec<Item>,
    /// Whether they were ever read.
    pub is_loaded: bool,
    /// Whether there is a project to save into.
    pub has_project: bool,
    listing: Option<JobId>,
    /// What goes on as soon as the folders are read.
    waiting: Vec<app::Msg>,
}

/// A saved request, or a file that should be one.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Which.
    pub key: SavedKey,
    /// What is in the file, or what is wrong with it.
    pub request: Result<SavedRequest, Problem>,
}

/// What was found in the folders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// Everything that is there.
    pub items: Vec<Item>,
    /// Whether there is a project to save into.
    pub has_project: bool,
}

/// What may happen to saved requests.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Somebody wants to see them: read the folders, unless they were.
    Visit,
    /// Read the folders again.
    Reload,
    /// Read the folders again, then go on with this: a file may have been edited since.
    ReadFirst(Box<app::Msg>),
    /// The folders were read.
    Listed {
        /// Which reading.
        job: JobId,
        /// What was found.
        listing: Listing,
    },
    /// Show the text of this one.
    Show(SavedKey),
    /// Take this one away, once the person agrees.
    Remove(SavedKey),
    /// The person agreed.
    RemoveConfirmed(SavedKey),
    /// Something was done with files: what, or why not.
    Done(Result<String, Problem>),
    /// Put the examples into the person's own folder.
    AddSamples,
}

/// What has to be done for saved requests.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Read the folders.
    List(JobId),
    /// Show the text of this file.
    Show(SavedKey),
    /// Remove this file.
    Remove(SavedKey),
    /// Write the examples, as far as they are not there.
    AddSamples,
}

/// A mistake in a file in short, for where the file stands beside it: `line 2: unknown key` of `/home/…/a.toml:2: unknown key`.
pub fn mistake(what: &str) -> String {
    match what.split_once(".toml:") {
        Some((_, rest)) if rest.starts_with(|c: char| c.is_ascii_digit()) => format!("line {rest}"),
        _ => what.to_owned(),
    }
}

impl Item {
    /// The request; or what is wrong with its file, by the name and without the path, of which a notice would show the wrong
    /// end.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn readable(&self) -> Result<&SavedRequest, String> {
        self.request.as_ref().map_err(|problem| {
            let short = mistake(&problem.what);
            let words = match &problem.why {
                Some(why) if short == problem.what => why,
                _ => &short,
            };
            format!("{}: {words}", self.key.name)
        })
    }
}

impl Saved {
    /// The one called so.
    pub fn get(&self, key: &SavedKey) -> Option<&Item> {
        self.items.iter().find(|item| item.key == *key)
    }
}

fn question(key: SavedKey) -> Confirm {
    let place = key.place.name();
    let lines = [
        format!("The file of this saved request ({place}) is removed."),
        "What it was answered stays in the history.".into(),
    ];
    Confirm::new(
        format!("Delete {}?", key.name),
        vec![lines.join(" ")],
        "delete it",
        app::Msg::Saved(Msg::RemoveConfirmed(key)),
    )
}

pub(crate) fn update(model: &mut Model, msg: Msg, out: &mut Outbox) {
    let saved = &mut model.saved;
    let effect = |effect| app::Effect::Saved(effect);
    match msg {
        Msg::Visit if saved.is_loaded || saved.listing.is_some() => {}
        Msg::ReadFirst(msg) => {
            saved.waiting.push(*msg);
            out.message(app::Msg::Saved(Msg::Reload));
        }
        Msg::Visit | Msg::Reload => {
            let job = model.new_job();
            if let Some(old) = model.saved.listing.replace(job) {
                out.effect(app::Effect::Cancel(old));
            }
            out.effect(effect(Effect::List(job)));
        }
        Msg::Listed { job, listing } => {
            if saved.listing.take_if(|listing| *listing == job).is_some() {
                saved.items = listing.items;
                saved.has_project = listing.has_project;
                saved.is_loaded = true;
                for msg in saved.waiting.drain(..) {
                    out.message(msg);
                }
            }
        }
        Msg::Show(key) => out.effect(effect(Effect::Show(key))),
        Msg::Remove(key) => out.message(app::Msg::open(Modal::Confirm(question(key)))),
        Msg::RemoveConfirmed(key) => out.effect(effect(Effect::Remove(key))),
        Msg::Done(result) => {
            out.message(match result {
                Ok(words) => app::Msg::notice(words),
                Err(problem) => app::Msg::warning(problem.to_string()),
            });
            out.message(app::Msg::Saved(Msg::Reload));
        }
        Msg::AddSamples => out.effect(effect(Effect::AddSamples)),
    }
}

/// A job ended by a defect of this program.
pub(crate) fn crashed(model: &mut Model, job: JobId) {
    if model
        .saved
        .listing
        .take_if(|listing| *listing == job)
        .is_some()
    {
        model.saved.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Session;
    use crate::domain::Place;

    fn send(session: &mut Session, msg: Msg) {
        session.send(app::Msg::Saved(msg));
    }

    fn key(name: &str) -> SavedKey {
        SavedKey {
            place: Place::Personal,
            name: name.into(),
        }
    }

    #[test]
    fn folders_are_read_once_and_again_after_a_change() {
        let mut session = Session::new();
        send(&mut session, Msg::Visit);
        send(&mut session, Msg::Visit);
        let [app::Effect::Saved(Effect::List(job))] = session.take_effects()[..] else {
            panic!("the folders were not read once");
        };
        let items = vec![Item {
            key: key("a/b"),
            request: Ok(SavedRequest::default()),
        }];
        let listing = Listing {
            items,
            has_project: false,
        };
        send(&mut session, Msg::Listed { job, listing });
        assert!(session.model.saved.get(&key("a/b")).is_some());
        send(&mut session, Msg::Done(Ok("a/b was deleted".into())));
        assert!(matches!(
            session.take_effects()[..],
            [app::Effect::Saved(Effect::List(_))]
        ));
        assert_eq!(
            session.model.notices.current.as_ref().unwrap().text,
            "a/b was deleted"
        );
    }

    #[test]
    fn what_was_edited_meanwhile_is_read_before_it_is_sent() {
        let mut session = Session::new();
        let next = Box::new(app::Msg::notice("went on"));
        send(&mut session, Msg::ReadFirst(next));
        let [app::Effect::Saved(Effect::List(job))] = session.take_effects()[..] else {
            panic!("the folders were not read");
        };
        assert_eq!(session.model.notices.current, None);
        let listing = Listing::default();
        send(&mut session, Msg::Listed { job, listing });
        let told = session.model.notices.current.as_ref().unwrap();
        assert_eq!(told.text, "went on");
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_by_its_name() {
        let told = |problem| {
            let item = Item {
                key: key("a/b"),
                request: Err(problem),
            };
            item.readable().unwrap_err()
        };
        let path = "/home/ada/requests/a/b.toml";
        assert_eq!(
            told(Problem::new(format!("{path}:2: unknown key \"x\"")).hint("known are y, z")),
            "a/b: line 2: unknown key \"x\""
        );
        assert_eq!(
            told(Problem::new(format!("{path} cannot be read")).because("permission denied")),
            "a/b: permission denied"
        );
    }

    #[test]
    fn nothing_is_deleted_without_a_yes() {
        let mut session = Session::new();
        send(&mut session, Msg::Remove(key("a/b")));
        assert!(session.take_effects().is_empty());
        session.send(app::Msg::Modals(app::modals::Msg::Confirmed));
        assert_eq!(
            session.take_effects(),
            [app::Effect::Saved(Effect::Remove(key("a/b")))]
        );
    }
}
