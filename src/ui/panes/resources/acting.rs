//! What keys do to the lists: to the person, to the rows, to the selected one.

use crate::app::resources::{self};
use crate::app::{Model, Msg};
use crate::config::{Action, Role};
use crate::domain::{Draft, EndpointId, UserKey};
use crate::ui::pane::{Cx, Reaction};
use crate::ui::panes::resources::cells::Cells;
use crate::ui::panes::resources::deeds::FIRST_ACCOUNT;
use crate::ui::panes::resources::kinds::{KINDS, Kind, OF_ROUTINE, OF_TRANSFERS};
use crate::ui::panes::resources::{Open, Resources, cells, person, words};
use ratatui::text::Span;

impl Resources {
    /// The endpoint behind the open tab.
    pub(super) fn endpoint(&self) -> &'static str {
        match KINDS.get(self.tab) {
            Some(_) if self.tab == OF_TRANSFERS && self.is_of_routine => OF_ROUTINE,
            Some(kind) => kind.list,
            None => resources::USER,
        }
    }

    pub(super) fn open<'a>(&'a self, model: &'a Model) -> Option<Open<'a>> {
        let user = self.user?;
        Some(Open {
            user,
            kind: KINDS.get(self.tab)?,
            view: self.views.get(self.tab)?,
            cells: Cells {
                list: model.resources.list(user, self.endpoint())?,
                names: &self.names,
                zone: self.zone.as_ref()?,
            },
        })
    }

    /// Loads the list of the open tab.
    pub(super) fn load(&self, user: UserKey, filter: Vec<(String, String)>) -> Msg {
        Msg::Resources(resources::Msg::Load {
            user,
            endpoint: EndpointId::new(self.endpoint()),
            filter,
        })
    }

    /// The gist where there is no list.
    pub(super) fn short_summary(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let status = self.user.and_then(|user| person::status(cx.model, user));
        match (KINDS.get(self.tab), status) {
            (None, Some(status)) => vec![
                cx.span(Role::Text, words::name(cx.model)),
                cx.span(Role::Muted, " · "),
                cx.span(cells::status(&status), status),
            ],
            (kind, _) => {
                let what = kind.map_or("the user".into(), |kind| format!("the {}", kind.many));
                vec![cx.span(Role::Muted, words::invitation(&what, cx))]
            }
        }
    }

    pub(super) fn act_on_person(&mut self, action: Action, model: &Model) -> Reaction {
        if self.person.act(action) {
            return Reaction::done();
        }
        let user = model.users.selected;
        match (action, words::is_signed_in(model, user), user) {
            (Action::Reload | Action::Open, true, Some(user)) => {
                Reaction::send(Msg::identify(user))
            }
            (Action::Open, false, user) => Reaction::send(Msg::sign_in(user)),
            (Action::ComposeRoutine, ..) => {
                Reaction::send(Msg::compose("routines.create", Vec::new()))
            }
            _ => Reaction::Ignored,
        }
    }

    pub(super) fn act_on_list(&mut self, action: Action, model: &Model) -> Reaction {
        let (Some(user), Some(kind)) = (model.users.selected, KINDS.get(self.tab)) else {
            return match action {
                Action::Open => Reaction::send(Msg::sign_in(None)),
                _ => Reaction::Ignored,
            };
        };
        let endpoint = EndpointId::new(self.endpoint());
        let list = model.resources.list(user, self.endpoint());
        match (action, list) {
            (Action::Reload, _) => {
                return Reaction::send(Msg::Resources(resources::Msg::Reload { user, endpoint }));
            }
            (Action::Open, None) if model.auth.grant(user).is_none() => {
                return Reaction::send(Msg::sign_in(Some(user)));
            }
            (Action::Open, None) => return Reaction::send(self.load(user, Vec::new())),
            (Action::AddAnother, _) => {
                return match kind.add {
                    Some(add) => Reaction::send(Msg::compose(add, Vec::new())),
                    None => Reaction::send(Msg::warning("the API has no call that adds one")),
                };
            }
            _ => {}
        }
        if let Some(reaction) = self.act_on_rows(action, model) {
            return reaction;
        }
        match (action, list) {
            (Action::LoadAll, Some(_)) => {
                Reaction::send(Msg::Resources(resources::Msg::LoadAll { user, endpoint }))
            }
            (Action::CancelCall, Some(list)) if list.is_loading_all => {
                Reaction::send(Msg::Resources(resources::Msg::StopLoading))
            }
            (Action::Close, Some(list)) if !words::narrowing(list).is_empty() => {
                self.is_of_routine = false;
                Reaction::send(self.load(user, Vec::new()))
            }
            (action, _) => self.act_on_selected(kind, action, model),
        }
    }

    /// Filters, sorts, moves.
    pub(super) fn act_on_rows(&mut self, action: Action, model: &Model) -> Option<Reaction> {
        let kind = KINDS.get(self.tab)?;
        let endpoint = self.endpoint();
        let view = self.views.get_mut(self.tab)?;
        match action {
            Action::FilterRows => view.is_typing = true,
            Action::Confirm => view.is_typing = false,
            Action::Close if view.has_filter() => drop(view.clear()),
            Action::SortRows => view.sort_next(kind),
            Action::ReverseRows => view.reverse(),
            action => {
                let is_last = view.step(action)?;
                let is_onward = matches!(
                    action,
                    Action::MoveDown | Action::PageDown | Action::MoveLast
                );
                let user = self.user?;
                let list = model.resources.list(user, endpoint)?;
                let wants_more = is_last && is_onward && list.next.is_some() && !list.is_loading;
                return Some(match wants_more {
                    true => Reaction::send(Msg::Resources(resources::Msg::LoadMore {
                        user,
                        endpoint: EndpointId::new(endpoint),
                    })),
                    false => Reaction::done(),
                });
            }
        }
        self.catch_up(model);
        Some(Reaction::done())
    }

    /// Does something with the selected row.
    pub(super) fn act_on_selected(
        &mut self,
        kind: &Kind,
        action: Action,
        model: &Model,
    ) -> Reaction {
        let chosen = self.open(model).and_then(|open| open.chosen());
        let deed = kind.deeds.iter().find(|(of, _)| *of == action);
        match (action, chosen, deed) {
            (Action::Open, Some(chosen), _) => {
                let read = kind.get.zip(chosen.id()).map(|(get, id)| {
                    Msg::send(
                        Draft::new(get)
                            .on_behalf_of(chosen.user)
                            .with_path("id", id),
                    )
                });
                Reaction::Handled(read.into_iter().collect())
            }
            (_, Some(chosen), Some((_, deed))) => {
                let (msg, listed) = deed.follows(chosen);
                if let Some(endpoint) = listed {
                    self.tab = OF_TRANSFERS;
                    self.is_of_routine = endpoint == OF_ROUTINE;
                    self.views[OF_TRANSFERS].clear();
                }
                Reaction::send(msg)
            }
            (Action::ComposeRoutine, None, _) | (Action::ComposeRoutine, _, None) => {
                let (label, value) = FIRST_ACCOUNT;
                let values = vec![(label.into(), value.into())];
                Reaction::send(Msg::compose("routines.create", values))
            }
            _ => Reaction::Ignored,
        }
    }
}
