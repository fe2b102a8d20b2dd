//! A request before it is saved: name, description, folder, and what is taken over into the file.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::saving::{Expectation, Msg as Edit, Saving};
use crate::app::{Modal, Msg};
use crate::config::{Action, Chord, Role};
use crate::domain::{Check, FieldCheck, Place, Scalar};
use crate::ui::footer::Hint;
use crate::ui::pane::Cx;
use crate::ui::popups::field::{Field, Look};
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::widgets::scroll;
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows, wrap};

/// Wider is not easier to read.
const WIDEST: u16 = 76;
/// Columns of the labels.
const LABELS: usize = 13;
/// Rows below the form for what is wrong with it, or for help.
const FOOT: u16 = 2;
/// So many of the fields that are missing are named.
const NAMED: usize = 4;

/// A row of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Row {
    Name,
    Description,
    Place,
    References,
    Expect(Expectation),
}

/// How a request that is about to be saved is looked at.
#[derive(Default)]
pub(super) struct Keeping {
    name: Option<Field>,
    description: Field,
    /// The chosen row.
    row: usize,
}

impl Popup for Keeping {
    fn contexts(&self, _open: Open<'_>) -> &'static [&'static str] {
        &["saving", "always"]
    }

    fn hints(&self, open: Open<'_>) -> Vec<Hint> {
        let mut hints = vec![(Action::Confirm, Some("save"))];
        if let Some(saving) = &open.model.saving {
            let row = self.chosen(saving);
            if !matches!(row, Row::Name | Row::Description) {
                hints.push((Action::NextChoice, Some("change")));
            }
        }
        hints.push((Action::MoveDown, Some("next")));
        hints
    }

    /// A blank is text in a field, and a change elsewhere.
    fn types(&self, open: Open<'_>, chord: Chord, _action: Action) -> bool {
        let row = open.model.saving.as_ref().map(|saving| self.chosen(saving));
        matches!(row, Some(Row::Name | Row::Description)) && chord.typed().is_some()
    }

    fn type_in(&mut self, open: Open<'_>, key: KeyEvent) -> Vec<Msg> {
        let Some(saving) = &open.model.saving else {
            return Vec::new(); // put away meanwhile
        };
        let is_plain = !matches!(key.code, KeyCode::Tab | KeyCode::Enter);
        match self.chosen(saving) {
            Row::Name if is_plain => self.named(|field| field.type_in(key)),
            Row::Description if is_plain => self.described(|field| field.type_in(key)),
            _ => Vec::new(),
        }
    }

    fn paste(&mut self, open: Open<'_>, text: &str) -> Vec<Msg> {
        let Some(saving) = &open.model.saving else {
            return Vec::new(); // put away meanwhile
        };
        match self.chosen(saving) {
            Row::Name => self.named(|field| field.paste(text)),
            Row::Description => self.described(|field| field.paste(text)),
            _ => Vec::new(),
        }
    }

    fn act(&mut self, open: Open<'_>, action: Action) -> Vec<Msg> {
        let Some(saving) = &open.model.saving else {
            return Vec::new(); // put away meanwhile
        };
        let rows = form(saving);
        if let Some(row) = scroll::step(action, self.row, rows.len().saturating_sub(1), 1) {
            self.row = row;
            return Vec::new();
        }
        match action {
            Action::Confirm => vec![Msg::Saving(Edit::Save)],
            Action::NextChoice | Action::PreviousChoice => {
                let edit = match self.chosen(saving) {
                    Row::Place => Edit::NextPlace,
                    Row::References => Edit::ToggleReferences,
                    Row::Expect(what) => Edit::Toggle(what),
                    Row::Name | Row::Description => return Vec::new(),
                };
                vec![Msg::Saving(edit)]
            }
            _ => Vec::new(),
        }
    }

    fn follow(&mut self, open: Open<'_>) {
        if let (None, Some(saving)) = (&self.name, &open.model.saving) {
            self.name = Some(Field::holding(&saving.name));
            self.description = Field::holding(&saving.request.description);
        }
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, _modal: &Modal, cx: &Cx<'_>) {
        let Some(saving) = &cx.model.saving else {
            return; // put away meanwhile
        };
        let form = form(saving);
        let columns = WIDEST.min(area.width.saturating_sub(EDGE.0));
        let foot = foot(saving, self.chosen(saving), columns.into(), cx);
        let foot_rows = FOOT.max(rows::count(foot.len()));
        let available = area.height.saturating_sub(EDGE.1);
        let air = u16::from(available > rows::count(form.len()) + foot_rows);
        let height = rows::count(form.len()) + air + foot_rows;
        let room = frame::open(screen, area, "Save this request", columns, height, cx);
        for (number, (row, place)) in form.iter().zip(room.rows()).enumerate() {
            let is_chosen = number == self.row.min(form.len().saturating_sub(1));
            self.draw_row(screen, place, *row, is_chosen, saving, cx);
        }
        let below = rows::below(room, rows::count(form.len()) + air);
        rows::draw(screen, below, foot);
    }
}

impl Keeping {
    fn chosen(&self, saving: &Saving) -> Row {
        let rows = form(saving);
        let row = self.row.min(rows.len().saturating_sub(1));
        rows.get(row).copied().unwrap_or(Row::Name)
    }

    fn named(&mut self, edit: impl FnOnce(&mut Field) -> bool) -> Vec<Msg> {
        let field = self.name.get_or_insert_default();
        match edit(field) {
            true => vec![Msg::Saving(Edit::Named(field.text().to_owned()))],
            false => Vec::new(),
        }
    }

    fn described(&mut self, edit: impl FnOnce(&mut Field) -> bool) -> Vec<Msg> {
        match edit(&mut self.description) {
            true => vec![Msg::Saving(Edit::Described(
                self.description.text().to_owned(),
            ))],
            false => Vec::new(),
        }
    }

    fn draw_row(
        &mut self,
        screen: &mut Frame<'_>,
        place: Rect,
        row: Row,
        is_chosen: bool,
        saving: &Saving,
        cx: &Cx<'_>,
    ) {
        let label = measure::pad(label(row), LABELS);
        let role = if is_chosen { Role::Accent } else { Role::Muted };
        rows::draw(screen, place, [cx.line(role, label)]);
        let shift = rows::count(LABELS).min(place.width);
        let value = Rect {
            x: place.x + shift,
            width: place.width - shift,
            ..place
        };
        let look = |placeholder| Look {
            is_active: is_chosen,
            placeholder,
            ..Look::default()
        };
        let line = match row {
            Row::Name => {
                let field = self.name.get_or_insert_default();
                return field.draw(screen, value, look("folder/name"), cx);
            }
            Row::Description => {
                return self
                    .description
                    .draw(screen, value, look("what it is for"), cx);
            }
            Row::Place => folder(saving, cx),
            Row::References => tick(saving.with_references, references(saving), is_chosen, cx),
            Row::Expect(what) => {
                let (is_on, words) = expectation(saving, what);
                tick(is_on, words, is_chosen, cx)
            }
        };
        let line = Line::from(crate::ui::popups::line::cut(line, value.width.into()));
        rows::draw(screen, value, [line]);
    }
}

/// The rows that there are for this request.
fn form(saving: &Saving) -> Vec<Row> {
    let mut rows = vec![Row::Name, Row::Description, Row::Place];
    if !saving.references.is_empty() {
        rows.push(Row::References);
    }
    let expectations = [
        (saving.status.is_some(), Expectation::Status),
        (saving.has_shape, Expectation::Shape),
        (saving.field.is_some(), Expectation::Field),
    ];
    let there = expectations.into_iter().filter(|(is_there, _)| *is_there);
    rows.extend(there.map(|(_, what)| Row::Expect(what)));
    rows
}

fn label(row: Row) -> &'static str {
    match row {
        Row::Name => "name",
        Row::Description => "description",
        Row::Place => "folder",
        Row::References => "ids",
        Row::Expect(Expectation::Status) => "expect",
        Row::Expect(_) => "",
    }
}

fn folder(saving: &Saving, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let words = match saving.place {
        Place::Project => "of this project (.astrascope/requests)",
        Place::Personal => "your own (requests, beside config.toml)",
    };
    let mut spans = vec![cx.span(Role::Text, words)];
    if saving.has_project {
        spans.insert(0, cx.span(Role::Muted, "‹ "));
        spans.push(cx.span(Role::Muted, " ›"));
    }
    spans
}

fn tick(is_on: bool, words: String, is_chosen: bool, cx: &Cx<'_>) -> Vec<Span<'static>> {
    let (sign, role) = match is_on {
        true => (cx.span(Role::Success, "✓ "), Role::Text),
        false => (cx.span(Role::Muted, "· "), Role::Muted),
    };
    let role = if is_chosen { Role::Strong } else { role };
    vec![sign, cx.span(role, words)]
}

/// What stands for the ids.
fn references(saving: &Saving) -> String {
    let names: Vec<&str> = saving
        .references
        .iter()
        .map(|(_, name)| name.as_str())
        .collect();
    format!("{} in the place of what is known", names.join(", "))
}

fn expectation(saving: &Saving, what: Expectation) -> (bool, String) {
    match what {
        Expectation::Status => {
            let status = saving.status.unwrap_or_default();
            (saving.with_status, format!("status {status}"))
        }
        Expectation::Shape => (saving.with_shape, "the documented shape".into()),
        Expectation::Field => {
            let words = saving.field.as_ref().map(spelled).unwrap_or_default();
            (saving.with_field, words)
        }
    }
}

/// `count is 6`, `id is there`.
pub(crate) fn spelled(check: &FieldCheck) -> String {
    let value = match &check.check {
        Check::Equals(Scalar::Text(text)) => format!("is {text:?}"),
        Check::Equals(Scalar::Integer(number)) => format!("is {number}"),
        Check::Equals(Scalar::Float(number)) => format!("is {number}"),
        Check::Equals(Scalar::Boolean(flag)) => format!("is {flag}"),
        _ => "is there".into(),
    };
    format!("{} {value}", check.path)
}

/// What has to be filled in before it is sent.
fn still(missing: &[String]) -> String {
    let (named, rest) = missing.split_at(missing.len().min(NAMED));
    let more = match rest.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let verb = if missing.len() == 1 { "is" } else { "are" };
    format!("{}{more} {verb} needed and still empty", named.join(", "))
}

/// What is wrong, or what the chosen row is about.
fn foot(saving: &Saving, row: Row, columns: usize, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let (role, words) = match (&saving.problem, row) {
        (Some(problem), _) => (
            Role::Danger,
            problem.to_string().replace("\nhint", " · hint"),
        ),
        (None, Row::Name) if !saving.missing.is_empty() => (Role::Warning, still(&saving.missing)),
        (None, Row::Name) => (
            Role::Muted,
            "/ makes folders; secrets never go into the file".into(),
        ),
        (None, Row::Description) => (
            Role::Muted,
            "for whoever reads the file, or the list".into(),
        ),
        (None, Row::Place) if !saving.has_project => (
            Role::Muted,
            "mkdir .astrascope in a project makes a folder that git can keep".into(),
        ),
        (None, Row::Place) => (
            Role::Muted,
            "the folder of the project can be kept by git".into(),
        ),
        (None, Row::References) => (
            Role::Muted,
            "filled in when it is sent, so that it replays with another test user".into(),
        ),
        (None, Row::Expect(Expectation::Status)) if !saving.with_status => (
            Role::Muted,
            "without it a success is expected, which this answer was not".into(),
        ),
        (None, Row::Expect(_)) => (
            Role::Muted,
            "held against the answer each time it is sent again".into(),
        ),
    };
    let lines = wrap::words(&visible(&words), columns);
    lines.iter().map(|line| cx.line(role, line)).collect()
}
