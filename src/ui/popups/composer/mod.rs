//! The composer: the request that is being composed, as a form, as the text of its body, and as it will go out.

mod body_text;
mod choices;
mod field_help;
mod fields;
mod form;
mod heading;
mod masking;
mod offers;
mod outgoing;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use strum::{EnumIter, IntoEnumIterator};

use crate::app::composer::{self, Request};
use crate::app::{Desktop, Modal, Msg, saving};
use crate::config::{Action, Role};
use crate::domain::{Body, EndpointId, Environment};
use crate::ui::footer::Hint;
use crate::ui::pane::Cx;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::widgets::rows;

/// Wider is not easier to read.
const WIDEST: u16 = 128;
/// Higher is not easier to read.
const HIGHEST: u16 = 32;
/// From this many rows of its own on, there is a blank row below the tabs.
const AIRY: u16 = 14;

/// The ways to look at a request, in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, EnumIter)]
enum Tab {
    #[default]
    Form,
    Body,
    Request,
}

impl Tab {
    fn title(self) -> &'static str {
        match self {
            Self::Form => "Form",
            Self::Body => "Body",
            Self::Request => "Request",
        }
    }

    fn next(self) -> Self {
        let mut after = Self::iter().skip_while(|tab| *tab != self).skip(1);
        after.next().unwrap_or_default()
    }
}

/// How the request that is being composed is looked at.
#[derive(Default)]
pub(super) struct Composing {
    /// What was looked at last, empty for a path of a person's own; another endpoint starts over.
    endpoint: Option<EndpointId>,
    tab: Tab,
    form: form::Form,
    body: body_text::BodyText,
    outgoing: outgoing::Outgoing,
}

/// Saves the request as it stands now.
fn save(request: &Request, open: Open<'_>) -> Vec<Msg> {
    let endpoint = open.model.catalog.called(&request.call).ok();
    let draft = endpoint.map(|endpoint| request.draft(&endpoint));
    let msg = |draft| Msg::Saving(saving::Msg::Draft(draft));
    draft.map(msg).into_iter().collect()
}

impl Popup for Composing {
    fn contexts(&self, open: Open<'_>) -> &'static [&'static str] {
        match (self.tab, &open.model.composer.request) {
            (Tab::Form, _) if self.form.has_offers() => &["list", "text", "always"],
            (Tab::Form, Some(request)) if self.form.is_at_choice(request) => {
                &["composer", "choice", "form", "always"]
            }
            (Tab::Form, _) => &["composer", "form", "always"],
            (Tab::Body, _) => &["composer", "always"],
            (Tab::Request, _) => &["composer", "list", "always"],
        }
    }

    fn hints(&self, open: Open<'_>) -> Vec<Hint> {
        if self.tab == Tab::Form && self.form.has_offers() {
            return vec![(Action::Confirm, Some("take it"))];
        }
        let mut hints = vec![(Action::SendRequest, Some("send"))];
        if let (Tab::Form, Some(request)) = (self.tab, &open.model.composer.request) {
            hints.extend(self.form.hints(request));
        }
        hints.push((Action::SaveRequest, Some("save")));
        let request = open.model.composer.request.as_ref();
        if request.is_some_and(|request| request.key.is_some()) {
            hints.push((Action::KeepKey, Some("same idempotency key")));
        }
        if self.tab == Tab::Body && request.is_some_and(Request::takes_body) {
            hints.push((Action::EditBody, Some("your editor")));
        }
        hints.push((Action::NextTab, Some("next tab")));
        hints
    }

    fn type_in(&mut self, open: Open<'_>, key: KeyEvent) -> Vec<Msg> {
        match (self.tab, &open.model.composer.request) {
            (Tab::Form, Some(request)) => self.form.type_in(request, key),
            (Tab::Body, Some(request)) if request.takes_body() => self.body.type_in(key),
            _ => Vec::new(),
        }
    }

    fn paste(&mut self, open: Open<'_>, text: &str) -> Vec<Msg> {
        match (self.tab, &open.model.composer.request) {
            (Tab::Form, Some(request)) => self.form.paste(request, text),
            (Tab::Body, Some(request)) if request.takes_body() => self.body.paste(text),
            _ => Vec::new(),
        }
    }

    fn act(&mut self, open: Open<'_>, action: Action) -> Vec<Msg> {
        let Some(request) = &open.model.composer.request else {
            return Vec::new(); // nothing is being composed
        };
        match action {
            Action::SendRequest => {
                self.form.try_to_send();
                if request.fault.is_some() {
                    self.tab = Tab::Body;
                }
                return vec![Msg::Composer(composer::Msg::Send)];
            }
            Action::SaveRequest => return save(request, open),
            Action::NextTab => self.tab = self.tab.next(),
            Action::ShowForm => self.tab = Tab::Form,
            Action::ShowBody => self.tab = Tab::Body,
            Action::ShowRequest => self.tab = Tab::Request,
            Action::EditBody if request.takes_body() => {
                self.tab = Tab::Body;
                let body = Body::from(request.raw.as_str());
                return vec![Msg::Desktop(Desktop::EditBody(body))];
            }
            Action::EditBody => return vec![Msg::warning("this call takes no body to edit")],
            Action::KeepKey => return vec![Msg::Composer(composer::Msg::KeepKey)],
            action => match self.tab {
                Tab::Form => return self.form.act(action, open.model, request),
                Tab::Body => {} // every other key is about the text
                Tab::Request => {
                    self.outgoing.scroll.act(action);
                }
            },
        }
        self.follow(open);
        Vec::new()
    }

    fn close_inside(&mut self) -> bool {
        self.form.close_offers()
    }

    fn wheel(&mut self, rows: isize) {
        match self.tab {
            Tab::Form => self.form.wheel(rows),
            Tab::Body => self.body.wheel(rows),
            Tab::Request => self.outgoing.scroll.by(rows),
        }
    }

    fn follow(&mut self, open: Open<'_>) {
        let Some(request) = &open.model.composer.request else {
            return; // nothing is being composed
        };
        let endpoint = request.endpoint().cloned().unwrap_or_default();
        if self.endpoint.as_ref() != Some(&endpoint) {
            *self = Self {
                endpoint: Some(endpoint),
                ..Self::default()
            };
        }
        if self.form.follow(request, open.model) {
            self.tab = Tab::Form;
        }
        self.body.follow(request);
        if self.tab == Tab::Request {
            self.outgoing.follow(request, open.model);
        }
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, _modal: &Modal, cx: &Cx<'_>) {
        let Some(request) = &cx.model.composer.request else {
            return; // nothing is being composed
        };
        let Ok(endpoint) = cx.model.catalog.called(&request.call) else {
            return; // it was there when the form was made
        };
        let columns = area.width.saturating_sub(EDGE.0).min(WIDEST);
        let height = area.height.saturating_sub(EDGE.1).min(HIGHEST);
        let is_production = cx.model.profiles.current.environment == Environment::Production;
        let border = match is_production && endpoint.writes() {
            true => Role::Danger,
            false => Role::Border,
        };
        let title = heading::title(&endpoint, columns.into(), cx);
        let room = frame::open_with(screen, area, title, border, (columns, height), cx);
        let tabs = heading::tabs(self.tab, &endpoint, request, room.width.into(), cx);
        rows::draw(screen, rows::top(room, 1), [tabs]);
        let air = u16::from(room.height >= AIRY);
        let place = rows::below(room, 1 + air);
        match self.tab {
            Tab::Form => self.form.draw(screen, place, request, cx),
            Tab::Body if request.takes_body() => {
                self.body.draw(screen, place, request, &endpoint, cx);
            }
            Tab::Body => {
                let method = endpoint.method.as_str();
                let words = format!("{method} {} takes no body", endpoint.path);
                rows::draw(screen, place, [cx.line(Role::Muted, words)]);
            }
            Tab::Request => self.outgoing.draw(screen, place, cx),
        }
    }
}
