//! What the keys do with a saved request or an exchange of the history.

use crate::app::saved::Item;
use crate::app::{Model, Msg, history as kept, replay, runs, saved as files};
use crate::config::Action;
use crate::ui::pane::Reaction;
use crate::ui::panes::requests::{Requests, marks};

impl Requests {
    /// How many rows of the open tab are marked, whether they are listed or not.
    pub(super) fn count_marked(&self) -> usize {
        match self.is_history {
            true => self.marked_entries.len(),
            false => self.marked.len(),
        }
    }

    /// Whether Escape takes the marks away: not where it leads back to a run.
    pub(super) fn can_unmark(&self, model: &Model) -> bool {
        let is_left = model.run.as_ref().is_some_and(|run| run.is_left(model));
        self.count_marked() > 0 && !is_left
    }

    /// Leaves the search. What was found stays under the cursor, among what is around it.
    pub(super) fn show_all(&mut self, model: &Model) -> Vec<Msg> {
        let place = self.found.get(self.saved.row()).copied();
        let found = model.history.lines.get(self.history.row());
        let found = found.filter(|_| !self.history.text().is_empty());
        self.list_mut().clear();
        self.catch_up(model);
        match (self.is_history, found) {
            (true, Some(line)) => {
                self.history.seek(line.id);
                vec![Msg::History(kept::Msg::ShowAround(line.id))]
            }
            (true, None) => self.searched(),
            (false, _) => {
                self.saved.choose(place.unwrap_or(0));
                Vec::new()
            }
        }
    }

    pub(super) fn act_on_history(&mut self, action: Action, model: &Model) -> Reaction {
        let lines = &model.history.lines;
        let Some(line) = lines.get(self.history.row()) else {
            return Reaction::Ignored;
        };
        let purpose = match action {
            Action::MarkRequest => {
                marks::toggle(&mut self.marked_entries, line.id);
                return self.go_down(lines.len());
            }
            Action::MarkAll => {
                let listed = lines.iter().map(|line| line.id).collect();
                marks::toggle_all(&mut self.marked_entries, &listed);
                return Reaction::done();
            }
            Action::Export => return Reaction::send(marks::menu(&self.marked_entries, line)),
            Action::CopyRequestId => return Reaction::send(marks::copy_request_id(line)),
            Action::Open => kept::Purpose::Show,
            Action::ComposeAgain => kept::Purpose::Compose,
            Action::Reload => kept::Purpose::Send,
            Action::Replay => kept::Purpose::Replay,
            Action::SaveRequest => kept::Purpose::Save,
            Action::RunAsAll => kept::Purpose::SendAsAll,
            _ => return Reaction::Ignored,
        };
        Reaction::send(Msg::History(kept::Msg::Open(line.id, purpose)))
    }

    /// The saved request under the cursor.
    pub(super) fn item<'m>(&self, model: &'m Model) -> Option<&'m Item> {
        let place = self.found.get(self.saved.row())?;
        model.saved.items.get(*place)
    }

    pub(super) fn act_on_saved(&mut self, action: Action, model: &Model) -> Reaction {
        if action == Action::AddAnother {
            return Reaction::send(Msg::Saved(files::Msg::AddSamples));
        }
        let Some(item) = self.item(model) else {
            return Reaction::Ignored;
        };
        let key = item.key.clone();
        let read_first = |msg| Msg::Saved(files::Msg::ReadFirst(Box::new(msg)));
        let replay = |then| read_first(Msg::Replay(replay::Msg::Saved(key.clone(), then)));
        Reaction::send(match action {
            Action::Open => Msg::Saved(files::Msg::Show(key)),
            Action::ComposeAgain => replay(replay::Then::Compose),
            Action::Reload => replay(replay::Then::Send),
            Action::Replay if !self.marked.is_empty() => {
                let in_order = model.saved.items.iter().map(|item| &item.key);
                let marked = in_order.filter(|key| self.marked.contains(*key));
                read_first(Msg::Runs(runs::Msg::Start(marked.cloned().collect())))
            }
            Action::Replay => replay(replay::Then::Compare),
            Action::RunAsAll => read_first(Msg::Runs(runs::Msg::AsAll(runs::Source::Saved(key)))),
            Action::DeleteSelected => Msg::Saved(files::Msg::Remove(key)),
            Action::MarkRequest => {
                marks::toggle(&mut self.marked, key);
                return self.go_down(self.found.len());
            }
            Action::MarkAll => {
                let found = self
                    .found
                    .iter()
                    .filter_map(|at| model.saved.items.get(*at));
                let listed = found.map(|item| item.key.clone()).collect();
                marks::toggle_all(&mut self.marked, &listed);
                return Reaction::done();
            }
            _ => return Reaction::Ignored,
        })
    }

    fn go_down(&mut self, count: usize) -> Reaction {
        self.list_mut().step(Action::MoveDown, count);
        Reaction::done()
    }
}
