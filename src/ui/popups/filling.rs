//! Fields to fill: labels in one column, values beside them, below what the field with the keys is for and what is wrong with
//! it. What is typed stays here until it is saved; of a secret nothing is ever shown.

use std::collections::BTreeSet;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::profiles::form::{self, Verdict};
use crate::app::reveal::{self, Whose};
use crate::app::{FieldKind, Form, FormField, FormSubject, Modal, Model, Msg, modals, profiles};
use crate::config::{Action, Role};
use crate::domain::Secret;
use crate::ui::footer::Hint;
use crate::ui::pane::Cx;
use crate::ui::popups::field::{Field, Look};
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::widgets::scroll::{self, Scroll};
use crate::ui::widgets::{measure, rows, visible, wrap};

/// Wider is not easier to read.
const WIDEST: u16 = 84;
/// Columns of the sign in front of a label, and of the gap behind it.
const MARGIN: usize = 2;
/// Rows below the fields: what the field is for, and what is wrong.
const HELP: u16 = 3;

/// How a form is looked at.
#[derive(Default)]
pub(super) struct Filling {
    /// What it was opened with.
    form: Option<Form>,
    /// Whether it was closed by saving it, which may not have worked.
    is_sent: bool,
    fields: Vec<Field>,
    kinds: Vec<FieldKind>,
    focus: usize,
    shown: Vec<bool>,
    verdicts: Vec<Verdict>,
    /// Fields in which something was typed, or that were left.
    touched: BTreeSet<usize>,
    /// Whether it was to be saved: from then on everything that is wrong is told.
    is_tried: bool,
    scroll: Scroll,
}

impl Filling {
    fn values(&self) -> Vec<&str> {
        self.fields.iter().map(Field::text).collect()
    }

    fn secrets(&self) -> Vec<Secret> {
        self.values().into_iter().map(Secret::new).collect()
    }

    /// Takes over what the form starts with.
    fn start(&mut self, form: &Form) {
        self.form = Some(form.clone());
        let holding = |field: &FormField| Field::holding(&field.value);
        self.fields = form.fields.iter().map(holding).collect();
        self.kinds = form.fields.iter().map(|field| field.kind).collect();
    }

    /// Looks at the values anew.
    fn check(&mut self, subject: FormSubject, model: &Model) {
        let values = self.values();
        let (shown, verdicts) = match subject {
            FormSubject::Profile => (form::shown(&values), form::verdicts(model, &values)),
            FormSubject::User(_) | FormSubject::SignIn(_) => (
                vec![true; values.len()],
                vec![Verdict::Silent; values.len()],
            ),
        };
        (self.shown, self.verdicts) = (shown, verdicts);
    }

    fn is_shown(&self, index: usize) -> bool {
        self.shown.get(index).copied().unwrap_or(true)
    }

    /// The fields that are shown.
    fn visible(&self) -> Vec<usize> {
        (0..self.fields.len())
            .filter(|index| self.is_shown(*index))
            .collect()
    }

    fn choices(&self) -> Option<&'static [&'static str]> {
        match self.kinds.get(self.focus) {
            Some(FieldKind::Choice(choices)) => Some(choices),
            _ => None,
        }
    }

    /// The next choice, or the one before.
    fn choose(&mut self, by: isize) {
        let Some(choices) = self.choices() else {
            return;
        };
        let count = isize::try_from(choices.len()).unwrap_or(1);
        let Some(field) = self.fields.get_mut(self.focus) else {
            return;
        };
        let at = choices.iter().position(|choice| *choice == field.text());
        let at = at.and_then(|at| isize::try_from(at).ok()).unwrap_or(0);
        let next = usize::try_from((at + by).rem_euclid(count)).unwrap_or(0);
        if let Some(choice) = choices.get(next) {
            *field = Field::holding(choice);
        }
    }

    /// Goes to another field: `to` is told which of those that are shown has the keys, and which is the last.
    fn go(&mut self, to: impl Fn(usize, usize) -> usize) {
        let fields = self.visible();
        let at = fields.iter().position(|index| *index == self.focus);
        let target = to(at.unwrap_or(0), fields.len().saturating_sub(1));
        self.touched.insert(self.focus);
        self.focus = fields.get(target).copied().unwrap_or(0);
    }

    /// Something was typed: it is looked at, and so is the port of a redirect URI.
    fn changed(&mut self, open: Open<'_>) -> Vec<Msg> {
        let Modal::Form(form) = open.modal else {
            return Vec::new();
        };
        self.touched.insert(self.focus);
        self.check(form.subject, open.model);
        if form.subject != FormSubject::Profile {
            return Vec::new();
        }
        let uri = form::redirect_uri(&self.values()).unwrap_or_default();
        let port = open.model.profiles.port.as_ref();
        let is_known = port.is_some_and(|port| port.uri == uri);
        match is_known {
            true => Vec::new(),
            false => vec![Msg::Profiles(profiles::Msg::CheckPort(uri))],
        }
    }

    /// Saves, unless something is wrong: then that field gets the keys.
    fn save(&mut self) -> Vec<Msg> {
        self.is_tried = true;
        let wrong = self
            .verdicts
            .iter()
            .position(|verdict| matches!(verdict, Verdict::Wrong(_)));
        match wrong {
            Some(index) => {
                self.focus = index;
                vec![Msg::warning("something is wrong here: it was not saved")]
            }
            None => {
                self.is_sent = true;
                vec![Msg::Modals(modals::Msg::SubmitForm(self.secrets()))]
            }
        }
    }
}

impl Popup for Filling {
    fn contexts(&self, _open: Open<'_>) -> &'static [&'static str] {
        match self.choices() {
            Some(_) => &["fields", "form", "choice", "always"],
            None => &["fields", "form", "always"],
        }
    }

    /// What was typed and not saved is there again when the same form is opened.
    fn is_kept(&self) -> bool {
        true
    }

    fn resumes(&self, open: Open<'_>) -> bool {
        // A new profile that could not be written is still there to be mended.
        let name = self.fields.first().map_or("", Field::text);
        let is_saved = open.model.profiles.get(name).is_some();
        matches!(open.modal, Modal::Form(form) if self.form.as_ref() == Some(form))
            && !(self.is_sent && is_saved)
    }

    fn hints(&self, open: Open<'_>) -> Vec<Hint> {
        let mut hints = vec![
            (Action::SaveForm, Some("save")),
            (Action::MoveDown, Some("next field")),
        ];
        if self.choices().is_some() {
            hints.push((Action::NextChoice, Some("choose")));
        }
        if matches!(open.modal, Modal::Form(form) if form.subject == FormSubject::Profile) {
            hints.push((Action::TestKeys, Some("try the keys")));
            if self.kinds.get(self.focus) == Some(&FieldKind::Masked) {
                hints.push((Action::RevealSecret, Some("show it")));
            }
        }
        hints
    }

    fn type_in(&mut self, open: Open<'_>, key: KeyEvent) -> Vec<Msg> {
        if let Some(choices) = self.choices() {
            let KeyCode::Char(letter) = key.code else {
                return Vec::new();
            };
            let Some(choice) = choices.iter().find(|choice| choice.starts_with(letter)) else {
                return Vec::new();
            };
            if let Some(field) = self.fields.get_mut(self.focus) {
                *field = Field::holding(choice);
            }
            return self.changed(open);
        }
        let field = self.fields.get_mut(self.focus);
        match field.is_some_and(|field| field.type_in(key)) {
            true => self.changed(open),
            false => Vec::new(),
        }
    }

    fn paste(&mut self, open: Open<'_>, text: &str) -> Vec<Msg> {
        if self.choices().is_some() {
            return Vec::new();
        }
        let field = self.fields.get_mut(self.focus);
        match field.is_some_and(|field| field.paste(text)) {
            true => self.changed(open),
            false => Vec::new(),
        }
    }

    fn act(&mut self, open: Open<'_>, action: Action) -> Vec<Msg> {
        match action {
            Action::SaveForm => self.save(),
            Action::NextChoice => {
                self.choose(1);
                self.changed(open)
            }
            Action::PreviousChoice => {
                self.choose(-1);
                self.changed(open)
            }
            Action::RevealSecret => vec![Msg::Reveal(reveal::Msg::Toggle(Whose::Typed))],
            Action::TestKeys => vec![Msg::Profiles(profiles::Msg::TryKeys(self.secrets()))],
            action => {
                let page = self.scroll.page();
                self.go(|at, last| scroll::step(action, at, last, page).unwrap_or(at));
                Vec::new()
            }
        }
    }

    fn wheel(&mut self, rows: isize) {
        self.go(|at, last| at.saturating_add_signed(rows.signum()).min(last));
    }

    fn follow(&mut self, open: Open<'_>) {
        let Modal::Form(form) = open.modal else {
            return;
        };
        if self.fields.len() != form.fields.len() {
            self.start(form);
        }
        self.check(form.subject, open.model);
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, modal: &Modal, cx: &Cx<'_>) {
        let Modal::Form(form) = modal else {
            return;
        };
        let columns = WIDEST.min(area.width.saturating_sub(EDGE.0));
        let fields = self.visible();
        let height = rows::count(fields.len()) + 1 + HELP;
        let room = frame::open(screen, area, &form.title, columns, height, cx);
        let help = HELP.min(room.height.saturating_sub(1));
        let gap = u16::from(room.height > rows::count(fields.len()) + help);
        let place = rows::top(room, room.height.saturating_sub(help + gap));
        let at = fields
            .iter()
            .position(|index| *index == self.focus)
            .unwrap_or(0);
        let first = self.scroll.show(at, fields.len(), place.height);
        let labels = form.fields.iter().map(|field| measure::width(field.label));
        let start = MARGIN + labels.max().unwrap_or(0) + MARGIN;
        let seen = fields.iter().skip(first).take(place.height.into());
        let lines: Vec<_> = seen
            .map(|index| self.line(form, *index, start, cx))
            .collect();
        rows::draw(screen, place, lines);
        frame::tell_more(screen, place, self.scroll.hidden(), cx);
        self.draw_field(
            screen,
            rows::below(place, rows::count(at - first.min(at))),
            form,
            start,
            cx,
        );
        let below = rows::below(room, place.height + gap);
        rows::draw(screen, below, self.help(form, room.width.into(), cx));
    }
}

impl Filling {
    fn line(&self, form: &Form, index: usize, start: usize, cx: &Cx<'_>) -> Line<'static> {
        let Some((field, typed)) = form.fields.get(index).zip(self.fields.get(index)) else {
            return Line::default();
        };
        let is_focused = index == self.focus;
        let (sign, mark) = match self.verdicts.get(index) {
            Some(Verdict::Good(_)) => (Role::Success, "✓ "),
            Some(Verdict::Doubt(_)) => (Role::Warning, "! "),
            Some(Verdict::Wrong(_)) if self.tells(index) => (Role::Danger, "✗ "),
            _ => (Role::Muted, "  "),
        };
        let label = if is_focused {
            Role::Strong
        } else {
            Role::Muted
        };
        let value = match field.kind {
            FieldKind::Masked if !reveal::is_shown(cx.model, Whose::Typed) => {
                "•".repeat(typed.text().chars().count())
            }
            FieldKind::Choice(_) if is_focused => format!("◂ {} ▸", typed.text()),
            _ => visible::visible(typed.text()).into_owned(),
        };
        let role = match (field.kind, typed.text()) {
            (FieldKind::Choice(_), "production") => Role::Danger,
            _ => Role::Text,
        };
        Line::from(vec![
            cx.span(sign, mark),
            cx.span(label, measure::pad(field.label, start - MARGIN)),
            cx.span(role, value),
        ])
    }

    /// Whether what is wrong with this field is told: not while nobody has been there.
    fn tells(&self, index: usize) -> bool {
        self.is_tried
            || self.touched.contains(&index)
            || self
                .fields
                .get(index)
                .is_some_and(|field| !field.is_empty())
    }

    /// The field with the keys is drawn over its row: the cursor stands in it.
    fn draw_field(
        &mut self,
        screen: &mut Frame<'_>,
        row: Rect,
        form: &Form,
        start: usize,
        cx: &Cx<'_>,
    ) {
        let Some(kind) = form.fields.get(self.focus).map(|field| field.kind) else {
            return;
        };
        if matches!(kind, FieldKind::Choice(_)) {
            return; // chosen, not typed
        }
        let start = rows::count(start).min(row.width);
        let place = Rect {
            x: row.x + start,
            width: row.width - start,
            ..rows::top(row, 1)
        };
        let look = Look {
            is_active: true,
            is_masked: kind == FieldKind::Masked && !reveal::is_shown(cx.model, Whose::Typed),
            placeholder: "",
        };
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.draw(screen, place, look, cx);
        }
    }

    /// What is wrong with the field that has the keys, and what it is for.
    fn help(&self, form: &Form, columns: usize, cx: &Cx<'_>) -> Vec<Line<'static>> {
        let verdict = match self.verdicts.get(self.focus) {
            Some(Verdict::Good(words)) => Some((Role::Success, words)),
            Some(Verdict::Doubt(words)) => Some((Role::Warning, words)),
            Some(Verdict::Wrong(words)) if self.tells(self.focus) => Some((Role::Danger, words)),
            _ => None,
        };
        let purpose = form.fields.get(self.focus).map_or("", |field| field.help);
        let verdict = verdict.map(|(role, words)| (role, words.as_str()));
        let said = verdict.into_iter().chain([(Role::Muted, purpose)]);
        said.flat_map(|(role, words)| {
            let pieces = wrap::words(words, columns.saturating_sub(MARGIN));
            pieces.into_iter().map(move |piece| (role, piece))
        })
        .map(|(role, piece)| Line::from(vec![Span::raw("  "), cx.span(role, piece)]))
        .collect()
    }
}
