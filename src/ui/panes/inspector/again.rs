//! What is done with an exchange to have it again: saving its request, sending it again, comparing.

use crate::app::replay::{self, Comparison};
use crate::app::requests::Entry;
use crate::app::saving::{self, Taken, check_at};
use crate::app::{Choice, Modal, Model, Msg, Prompt, Subject};
use crate::config::Action;
use crate::domain::{FieldCheck, SavedKey};
use crate::ui::footer::Hint;
use crate::ui::pane::Reaction;
use crate::ui::panes::inspector::{Inspector, Tab};
use crate::ui::popups::saving::spelled;

/// Saves, sends again, or sends as everybody.
pub(super) fn act(action: Action, entry: &Entry, path: Option<String>) -> Msg {
    let job = entry.exchange.job;
    match (action, &entry.draft) {
        (Action::SaveRequest, _) => Msg::Saving(saving::Msg::Exchange { job, path }),
        (Action::RunAsAll, Some(draft)) => Msg::send_as_all(draft.clone()),
        (Action::RunAsAll, None) => Msg::warning("this exchange cannot be sent again"),
        _ => Msg::Replay(replay::Msg::Exchange(job)),
    }
}

impl Inspector {
    /// Names of the tabs, which one is open, and what goes to the next.
    pub(super) fn names(&self) -> (Vec<&'static str>, usize, Action) {
        let tabs = Tab::all(self.has_diff);
        let open = tabs.iter().position(|tab| *tab == self.tab).unwrap_or(0);
        let names = tabs.iter().map(|tab| tab.title()).collect();
        (names, open, Action::NextTab)
    }

    /// Where the value that is looked at stands, as jq spells it.
    pub(super) fn place(&self) -> Option<String> {
        match self.tab {
            Tab::Diff => self.diff.place().map(ToOwned::to_owned),
            _ => {
                let viewer = self.reader().filter(|reader| reader.is_whole())?.viewer();
                Some(viewer.document().path(viewer.node()?))
            }
        }
    }

    pub(super) fn follow_diff(&mut self, model: &Model) {
        let entry = model.requests.current();
        let comparison = entry.and_then(|entry| model.replay.of(entry.exchange.job));
        self.has_diff = comparison.is_some();
        if model.replay.brought_forward > self.brought_forward && self.has_diff {
            self.brought_forward = model.replay.brought_forward;
            self.tab = Tab::Diff;
        }
        if self.tab == Tab::Diff && !self.has_diff {
            self.tab = Tab::Response;
        }
        self.diff.follow(entry, model);
    }

    /// What is worth telling of the Diff tab.
    pub(super) fn diff_hints(&self, model: &Model) -> Vec<Hint> {
        let mut hints = vec![(Action::Replay, Some("again"))];
        if self.diff.place().is_some() {
            hints.push((Action::Open, Some("show")));
        }
        if self.diff.chosen().is_some() {
            hints.push((Action::IgnoreField, Some("ignore")));
        }
        if self.diff.can_fold() {
            hints.push((Action::ToggleFold, Some("fold")));
            hints.push((Action::FoldAll, Some("fold all")));
        }
        let entry = model.requests.current();
        let comparison = entry.and_then(|entry| model.replay.of(entry.exchange.job));
        if comparison.is_some_and(|comparison| comparison.saved.is_some()) {
            hints.push((Action::ExpectField, Some("expect")));
        }
        hints.push((Action::SaveRequest, Some("save")));
        hints.push((Action::NextTab, Some("next tab")));
        hints
    }

    pub(super) fn act_on_diff(&mut self, action: Action, entry: &Entry, model: &Model) -> Reaction {
        if self.diff.act(action) {
            return Reaction::done();
        }
        let chosen = self.diff.chosen();
        match (action, chosen) {
            (Action::Open, _) if self.diff.place().is_some() => {
                let path = self.diff.place().unwrap_or_default().to_owned();
                if self.response.reveal(&path) {
                    self.tab = Tab::Response;
                    return Reaction::done();
                }
                Reaction::send(Msg::warning("it is not in the new answer any more"))
            }
            (Action::IgnoreField, Some(difference)) => Reaction::send(Msg::Replay(
                replay::Msg::ToggleRule(difference.path.clone()),
            )),
            (Action::IgnoreField, None) => {
                let words = match self.diff.place() {
                    Some(_) => "choose one of the differences below it",
                    None => "there is no difference under the cursor",
                };
                Reaction::send(Msg::warning(words))
            }
            (Action::ExpectField, _) => {
                let path = self.diff.place();
                let comparison = model.replay.of(entry.exchange.job);
                Reaction::send(match comparison {
                    Some(comparison) => expect(comparison, entry, path),
                    None => return Reaction::Ignored,
                })
            }
            _ => Reaction::Ignored,
        }
    }
}

/// Asks what of the answer is to be expected from now on.
fn expect(comparison: &Comparison, entry: &Entry, path: Option<&str>) -> Msg {
    let Some(key) = &comparison.saved else {
        return Msg::warning("only saved requests expect anything: save this one (s)");
    };
    let Some(response) = entry.exchange.response() else {
        return Msg::warning("there is no answer yet");
    };
    let field = |just_there| -> Option<FieldCheck> {
        check_at(entry.document.as_deref()?, path?, just_there)
    };
    let (equal, there) = (field(false), field(true));
    let mut choices = vec![choice(
        Action::Choose1,
        format!("status {}", response.status),
        key,
        Taken::Status(response.status),
    )];
    if entry.marks.is_some() {
        let words = "the documented shape".to_owned();
        choices.push(choice(Action::Choose2, words, key, Taken::Shape));
    }
    if let Some(check) = equal.filter(|check| Some(check) != there.as_ref()) {
        choices.push(choice(
            Action::Choose3,
            spelled(&check),
            key,
            Taken::Field(check),
        ));
    }
    if let Some(check) = there {
        choices.push(choice(
            Action::Choose4,
            spelled(&check),
            key,
            Taken::Field(check),
        ));
    }
    Msg::open(Modal::Prompt(Prompt {
        subject: Subject::Expectation,
        title: format!("Expect of {} from now on", key.name),
        url: None,
        lines: vec!["It is written into the file of the saved request.".into()],
        input: None,
        choices,
    }))
}

fn choice(action: Action, label: String, key: &SavedKey, taken: Taken) -> Choice {
    Choice {
        action,
        label,
        msg: Msg::Saving(saving::Msg::Expect(key.clone(), taken)),
    }
}
