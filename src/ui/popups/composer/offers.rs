//! Values that the session knows for a field: ids from lists and answers, settings of the profile. Found when asked for.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::Model;
use crate::app::composer::{Input, Request};
use crate::config::{Action, Role};
use crate::document::{Document, NodeId, NodeKind};
use crate::domain::{Endpoint, Field, Response};
use crate::ui::pane::Cx;
use crate::ui::popups::composer::choices;
use crate::ui::popups::frame;
use crate::ui::popups::line;
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// More are not easier to choose from; the newest are kept.
const MOST: usize = 200;
/// Columns between name and value.
const GAP: usize = 2;
/// Names are cut here, values are not.
const WIDEST_NAME: usize = 40;

/// Fields that name an object to a person, the likeliest first.
const NAMES: [&str; 7] = [
    "nickname",
    "name",
    "official_name",
    "first_name",
    "filename",
    "card_company",
    "type",
];
/// Fields that tell objects of one name from each other.
const DETAILS: [&str; 5] = ["last_name", "mask", "last_four_digits", "amount", "status"];

/// A value and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Offer {
    name: String,
    value: String,
}

/// Values to choose from; there is at least one.
#[derive(Default)]
pub(super) struct Offers {
    all: Vec<Offer>,
    selected: usize,
    scroll: Scroll,
}

/// What the values of `field` are ids, or settings, of: `accounts`, `payment instruments`.
pub(super) fn sources(field: &Field) -> Vec<String> {
    let resource = |from: &String| from.split('.').next().unwrap_or_default().replace('_', " ");
    field.from.iter().map(resource).collect()
}

/// What the session knows for `input`.
///
/// # Errors
/// Why there is nothing to offer, and what to do about it.
pub(super) fn of(model: &Model, request: &Request, input: &Input) -> Result<Offers, String> {
    let sources: Vec<_> = input
        .field
        .from
        .iter()
        .filter_map(|from| from.split_once('.'))
        .collect();
    if sources.is_empty() {
        return Err(format!(
            "the session has no values to offer for {}",
            input.label()
        ));
    }
    let mut all = Vec::new();
    for (resource, field) in &sources {
        if *resource == "profile" {
            all.extend(setting(model, field));
        } else {
            of_answers(model, request, resource, field, &mut all);
            of_lists(model, request, resource, field, &mut all);
        }
    }
    let mut seen = BTreeSet::new();
    all.retain(|offer| !offer.value.is_empty() && seen.insert(offer.value.clone()));
    if all.is_empty() {
        let is_coming = |resource: &str| {
            let user = request.user;
            user.is_some_and(|user| model.resources.is_loading(user, resource))
        };
        if sources.iter().any(|(resource, _)| is_coming(resource)) {
            return Err("the values are on their way: try again in a moment".into());
        }
        let names = self::sources(&input.field).join(" or ");
        return Err(format!("no {names} seen yet: list or create some first"));
    }
    Ok(Offers {
        all,
        ..Offers::default()
    })
}

/// What the session calls the value that stands in `input`, where that is one of those that are offered.
pub(super) fn name_of(model: &Model, request: &Request, input: &Input) -> Option<String> {
    let Field { from, secret, .. } = &input.field;
    let is_typed = choices::of(input).is_empty();
    if input.text.is_empty() || from.is_empty() || *secret || !is_typed {
        return None;
    }
    let offers = of(model, request, input).ok()?;
    let offer = offers.all.into_iter().find(|it| it.value == input.text)?;
    (!offer.name.is_empty()).then_some(offer.name)
}

fn setting(model: &Model, name: &str) -> Option<Offer> {
    let profile = &model.profiles.current;
    let value = match name {
        "client_id" => &profile.client_id,
        "redirect_uri" => &profile.redirect_uri,
        _ => return None,
    };
    Some(Offer {
        name: format!("of the profile {}", profile.name),
        value: value.clone(),
    })
}

/// Takes `field` of every object that endpoints of `resource` answered to the same test user, the newest answer first.
/// Users may be anybody: money goes from one to another.
fn of_answers(model: &Model, request: &Request, resource: &str, field: &str, all: &mut Vec<Offer>) {
    for entry in model.requests.entries.iter().rev() {
        let exchange = &entry.exchange;
        let is_about = exchange.endpoint.as_str().split('.').next() == Some(resource);
        let is_theirs =
            exchange.user.is_none() || exchange.user == request.user || resource == "user";
        let is_success = exchange.response().is_some_and(Response::is_success);
        let endpoint = model.catalog.endpoint(&exchange.endpoint);
        if let (true, Some(document), Some(endpoint)) = (
            is_about && is_theirs && is_success,
            &entry.document,
            endpoint,
        ) {
            take(document, endpoint, field, all);
        }
        if all.len() >= MOST {
            return;
        }
    }
}

/// Takes `field` of what lists of `resource` hold: the session may have dropped the answers that they came in.
fn of_lists(model: &Model, request: &Request, resource: &str, field: &str, all: &mut Vec<Offer>) {
    let Some(user) = request.user else {
        return; // on nobody's behalf
    };
    for list in model.resources.lists_of(user, resource) {
        let items = (0..list.rows.len()).filter_map(|row| list.item(row));
        let offers = items.filter_map(|(page, object)| offer(page, object, field));
        all.extend(offers.take(MOST.saturating_sub(all.len())));
    }
}

fn offer(document: &Document, object: NodeId, field: &str) -> Option<Offer> {
    Some(Offer {
        value: text(document, object, field)?,
        name: name(document, object),
    })
}

/// Takes `field` of the object that was answered, or of each item of the list.
fn take(document: &Document, endpoint: &Endpoint, field: &str, all: &mut Vec<Offer>) {
    let Some(root) = document.root() else {
        return; // no JSON
    };
    let items = endpoint
        .list
        .as_ref()
        .and_then(|list| document.get(root, &list.items));
    let offer = |object: NodeId| offer(document, object, field);
    match items {
        Some(items) => all.extend(document.children(items).take(MOST).filter_map(offer)),
        None => all.extend(offer(root)),
    }
}

fn text(document: &Document, object: NodeId, name: &str) -> Option<String> {
    let node = document.get(object, name)?;
    let is_value = !matches!(
        document.kind(node),
        NodeKind::Null | NodeKind::Object | NodeKind::Array
    );
    is_value.then(|| document.text(node).into_owned())
}

/// What a person calls `object`: `Checking 6789`.
fn name(document: &Document, object: NodeId) -> String {
    let first = NAMES.iter().find_map(|name| text(document, object, name));
    let details = DETAILS
        .iter()
        .filter_map(|name| text(document, object, name));
    let words: Vec<_> = first.into_iter().chain(details).collect();
    words.join(" ")
}

impl Offers {
    /// The value that is selected.
    pub(super) fn selected(&self) -> &str {
        self.all.get(self.selected).map_or("", |offer| &offer.value)
    }

    pub(super) fn act(&mut self, action: Action) {
        let last = self.all.len().saturating_sub(1);
        let target = scroll::step(action, self.selected, last, self.scroll.page());
        self.selected = target.unwrap_or(self.selected);
    }

    pub(super) fn wheel(&mut self, rows: isize) {
        let last = self.all.len().saturating_sub(1);
        self.selected = self.selected.saturating_add_signed(rows).min(last);
    }

    pub(super) fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, label: &str, cx: &Cx<'_>) {
        let widest = |text: fn(&Offer) -> &str| {
            let widths = self
                .all
                .iter()
                .map(|offer| measure::width(&visible(text(offer))));
            widths.max().unwrap_or_default()
        };
        let names = widest(|offer| &offer.name).min(WIDEST_NAME);
        let columns = rows::count(2 + names + GAP + widest(|offer| &offer.value));
        let height = rows::count(self.all.len());
        let title = format!("Known for {label}");
        let room = frame::open(screen, area, &title, columns.max(24), height, cx);
        let first = self.scroll.show(self.selected, self.all.len(), room.height);
        let line = |(index, offer): (usize, &Offer)| {
            let is_selected = index == self.selected;
            let role = if is_selected {
                Role::Strong
            } else {
                Role::Text
            };
            let mut spans = vec![line::marker(is_selected, cx)];
            spans.extend(line::pad(vec![cx.span(role, &offer.name)], names + GAP));
            spans.push(cx.span(Role::Muted, &offer.value));
            match is_selected {
                true => Line::from(spans).style(cx.style(Role::Selection)),
                false => Line::from(spans),
            }
        };
        let lines = self.all.iter().enumerate().skip(first).map(line);
        rows::draw(screen, room, lines.take(room.height.into()));
        frame::tell_more(screen, room, self.scroll.hidden(), cx);
    }
}
