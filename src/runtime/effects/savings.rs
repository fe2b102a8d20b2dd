//! Saved requests as files: listed, shown, written, removed.

use std::sync::Arc;

use tokio::task::spawn_blocking;

use crate::adapters::files::saved::{Listed, SavedRequests};
use crate::adapters::history::mask::Marks;
use crate::app::saved::{self, Effect, Item, Listing};
use crate::app::saving;
use crate::app::{Modal, Msg};
use crate::domain::{Place, Problem, RequestName, SavedKey};
use crate::runtime::effects::{Effects, Tools};

impl Effects {
    pub(super) fn start_saved(&mut self, tools: Tools, effect: Effect) {
        let folders = self.saved.clone();
        match effect {
            Effect::List(job) => self.jobs.start(job, async move {
                let listing = spawn_blocking(move || list(folders.as_ref())).await;
                let listing = listing.unwrap_or_default(); // only cancelled when the program ends
                tools
                    .report(Msg::Saved(saved::Msg::Listed { job, listing }))
                    .await;
            }),
            Effect::Show(key) => report(tools, move || show(folders.as_ref(), &key)),
            Effect::Remove(key) => report(tools, move || {
                let removed =
                    name(&key).and_then(|name| there(folders.as_ref())?.remove(key.place, &name));
                done(removed.map(|()| format!("{} was deleted", key.name)))
            }),
            Effect::AddSamples => report(tools, move || {
                done(there(folders.as_ref()).and_then(SavedRequests::add_samples))
            }),
        }
    }

    pub(super) fn start_saving(&self, tools: Tools, effect: saving::Effect) {
        let folders = self.saved.clone();
        let catalog = Arc::clone(&self.catalog);
        let saving::Effect::Save {
            place,
            request,
            may_replace,
        } = effect;
        report(tools, move || {
            let marks = Marks::of(&catalog);
            let save = |folders: &SavedRequests| match may_replace {
                true => folders.save(place, *request, &marks).map(Some),
                false => folders.save_new(place, *request, &marks),
            };
            Msg::Saving(saving::Msg::Ended(there(folders.as_ref()).and_then(save)))
        });
    }
}

/// Does `work` where it may wait for the disk, and reports what it says, in the order in which it was asked for.
fn report(tools: Tools, work: impl FnOnce() -> Msg + Send + 'static) {
    let done = tools.keeper.keep(work);
    tokio::spawn(async move {
        if let Some(msg) = done.await {
            tools.report(msg).await;
        }
    });
}

fn done(result: Result<String, Problem>) -> Msg {
    Msg::Saved(saved::Msg::Done(result))
}

fn there(folders: Option<&SavedRequests>) -> Result<&SavedRequests, Problem> {
    folders.ok_or_else(|| Problem::new("this session has no files"))
}

fn name(key: &SavedKey) -> Result<RequestName, Problem> {
    RequestName::parse(&key.name)
}

fn list(folders: Option<&SavedRequests>) -> Listing {
    let Some(folders) = folders else {
        return Listing::default();
    };
    let item = |found: Listed| Item {
        key: SavedKey {
            place: found.place,
            name: found.name,
        },
        request: found.request,
    };
    let mut items: Vec<Item> = folders.list().into_iter().map(item).collect();
    items.sort_by(|one, two| one.key.cmp(&two.key));
    Listing {
        items,
        has_project: folders
            .folders()
            .iter()
            .any(|(place, _)| *place == Place::Project),
    }
}

/// The text of a file, with what is wrong with it above.
fn show(folders: Option<&SavedRequests>, key: &SavedKey) -> Msg {
    let read = there(folders).and_then(|folders| {
        let text = folders.text(key.place, &key.name)?;
        let wrong = name(key)
            .and_then(|name| folders.load(Some(key.place), &name))
            .err();
        let mut lines: Vec<String> = wrong
            .map(|problem| problem.to_string())
            .into_iter()
            .collect();
        if !lines.is_empty() {
            lines.push(" ".into());
        }
        lines.push(text);
        Ok(lines)
    });
    match read {
        Ok(lines) => Msg::open(Modal::Note {
            title: key.name.clone(),
            lines,
        }),
        Err(problem) => Msg::warning(problem.to_string()),
    }
}
