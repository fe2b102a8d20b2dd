//! The line into which a jq filter or a command of the shell is typed: its mistake under the place, names to go on with, and
//! what was typed before.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::transform::{Program, Transforms};
use crate::config::{Action, Role};
use crate::document::{Document, Filter, FilterError, Offers, offers};
use crate::ui::pane::Cx;
use crate::ui::popups::field::{Field, Look};
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// Rows that it takes.
pub(super) const ROWS: u16 = 2;
/// Columns of the sign in front.
const SIGN: usize = 3;

/// What kind of program is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Filter,
    Command,
}

/// A program that is being typed.
pub(super) struct ProgramLine {
    pub(super) kind: Kind,
    field: Field,
    pub(super) problem: Option<FilterError>,
    offers: Offers,
    /// Which of the offers was taken last.
    taken: Option<usize>,
    /// How many programs back it was taken from; 0 for one that is new.
    back: usize,
}

impl Kind {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Filter => " f ",
            Self::Command => " | ",
        }
    }

    pub(super) fn program(self, text: &str) -> Program {
        match self {
            Self::Filter => Program::Filter(text.to_owned()),
            Self::Command => Program::Command(text.to_owned()),
        }
    }

    fn past(self, known: &Transforms) -> &[String] {
        match self {
            Self::Filter => &known.filters,
            Self::Command => &known.commands,
        }
    }
}

impl ProgramLine {
    pub(super) fn new(kind: Kind, text: &str, document: &Document) -> Self {
        let mut line = Self {
            kind,
            field: Field::holding(text),
            problem: None,
            offers: Offers::default(),
            taken: None,
            back: 0,
        };
        line.read(document);
        line
    }

    pub(super) fn text(&self) -> &str {
        self.field.text().trim()
    }

    pub(super) fn program(&self) -> Program {
        self.kind.program(self.text())
    }

    /// Whether it can be run.
    pub(super) fn is_whole(&self) -> bool {
        self.problem.is_none() && !self.text().is_empty()
    }

    /// Takes a key; answers with whether the text has changed.
    pub(super) fn type_in(&mut self, key: KeyEvent, document: &Document) -> bool {
        let is_changed = self.field.type_in(key);
        self.read(document);
        is_changed
    }

    /// Takes pasted text; answers with whether the text has changed.
    pub(super) fn paste(&mut self, text: &str, document: &Document) -> bool {
        let is_changed = self.field.paste(text);
        self.read(document);
        is_changed
    }

    /// Puts the next name that fits in the place of the one that is being typed; answers with whether there is one.
    pub(super) fn complete(&mut self, document: &Document) -> bool {
        let next = self.taken.map_or(0, |taken| taken + 1);
        let count = self.offers.names.len();
        let Some(name) = self.offers.names.get(next % count.max(1)) else {
            return false;
        };
        self.field.replace(self.offers.start, name);
        match count {
            1 => self.read(document),
            _ => {
                self.taken = Some(next % count);
                self.check();
            }
        }
        true
    }

    /// Takes the program before, or the one after, of those that were used; answers with whether there is one.
    pub(super) fn recall(
        &mut self,
        is_back: bool,
        known: &Transforms,
        document: &Document,
    ) -> bool {
        let past = self.kind.past(known);
        let back = match is_back {
            true => self.back + 1,
            false => self.back.saturating_sub(1),
        };
        let text = match past.len().checked_sub(back) {
            Some(_) if back == 0 => "",
            Some(place) => past.get(place).map_or("", String::as_str),
            None => return false,
        };
        self.field = Field::holding(text);
        self.back = back;
        self.read(document);
        true
    }

    fn read(&mut self, document: &Document) {
        self.check();
        self.taken = None;
        self.offers = match self.kind {
            Kind::Filter => {
                let before = self.field.text().get(..self.field.cursor());
                offers(document, before.unwrap_or_default())
            }
            Kind::Command => Offers::default(),
        };
    }

    fn check(&mut self) {
        let text = self.field.text();
        self.problem = match self.kind {
            Kind::Filter if !text.trim().is_empty() => Filter::check(text).err(),
            _ => None,
        };
    }

    /// Draws it, with `standing` behind it, and `trouble` below where nothing else has to be told there.
    pub(super) fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        standing: Vec<Span<'static>>,
        trouble: Option<Line<'static>>,
        cx: &Cx<'_>,
    ) {
        let columns = usize::from(area.width);
        let width = columns.saturating_sub(SIGN + rows::width(&standing) + 2);
        let gap = Span::raw(" ".repeat(width + 1));
        let line = [vec![cx.span(Role::Key, self.kind.sign()), gap], standing].concat();
        let below = self.below(columns, width, trouble, cx);
        rows::draw(frame, area, [Line::from(line), below]);
        let place = Rect {
            x: area.x + rows::count(SIGN).min(area.width),
            width: rows::count(width).min(area.width),
            height: 1.min(area.height),
            ..area
        };
        let look = Look {
            is_active: cx.is_focused,
            placeholder: match self.kind {
                Kind::Filter => "a jq filter, such as .accounts[].id",
                Kind::Command => "a command that reads the body, such as sort | uniq -c",
            },
            ..Look::default()
        };
        self.field
            .draw(frame, place.intersection(frame.area()), look, cx);
    }

    fn below(
        &self,
        columns: usize,
        width: usize,
        trouble: Option<Line<'static>>,
        cx: &Cx<'_>,
    ) -> Line<'static> {
        let names = &self.offers.names;
        match &self.problem {
            // Where something is missing at the end, one is still typing: names help more.
            Some(problem) if problem.offset < self.field.text().len() || names.is_empty() => {
                caret(self.field.text(), problem, columns, width, cx)
            }
            _ if !names.is_empty() => self.offered(columns, cx),
            _ => trouble.unwrap_or_else(|| self.hint(cx)),
        }
    }

    /// Names to go on with, as far as they fit; the one that was taken last stands out.
    fn offered(&self, columns: usize, cx: &Cx<'_>) -> Line<'static> {
        let names = &self.offers.names;
        let key = cx.keymap.keys(&["program"], Action::CompleteName);
        let mut line = vec![
            Span::raw("   "),
            cx.span(Role::Key, key.unwrap_or_default()),
        ];
        let first = self.taken.unwrap_or(0);
        for (index, name) in names.iter().enumerate().skip(first) {
            let role = match self.taken == Some(index) {
                true => Role::Accent,
                false => Role::Name,
            };
            let name = cx.span(role, format!("  {}", visible(name)));
            let left = names.len() - index;
            if rows::width(&line) + name.width() + 5 > columns && left > 0 {
                line.push(cx.span(Role::Muted, format!("  +{left}")));
                break;
            }
            line.push(name);
        }
        Line::from(line)
    }

    fn hint(&self, cx: &Cx<'_>) -> Line<'static> {
        let key = |action| {
            cx.keymap
                .keys(&["program", "text"], action)
                .unwrap_or_default()
        };
        let past = self.kind.past(&cx.model.transforms).last();
        let words = match past.filter(|_| self.field.is_empty()) {
            Some(last) => format!("   {} {}", key(Action::PreviousTyped), visible(last)),
            None => {
                let what = match self.kind {
                    Kind::Filter => "keeps it",
                    Kind::Command => "runs it",
                };
                let (enter, escape) = (key(Action::Confirm), key(Action::Close));
                format!("   {enter} {what} · {escape} shows the whole body")
            }
        };
        cx.line(Role::Muted, words)
    }
}

/// What is wrong, under the place where it is.
fn caret(
    text: &str,
    problem: &FilterError,
    columns: usize,
    width: usize,
    cx: &Cx<'_>,
) -> Line<'static> {
    let before = text.get(..problem.offset).map_or(0, measure::width);
    let is_missing = problem.offset >= text.len();
    let role = if is_missing {
        Role::Muted
    } else {
        Role::Danger
    };
    let reason = visible(&problem.reason);
    let column = SIGN + before;
    if before > width {
        let words = format!("   at column {}: {reason}", before + 1);
        return cx.line(role, measure::fit(&words, columns));
    }
    let words = match column + 2 + measure::width(&reason) <= columns {
        true => format!("{}^ {reason}", " ".repeat(column)),
        false => {
            let reason = measure::fit(&reason, column.saturating_sub(1));
            format!("{} ^", measure::pad_left(&reason, column.saturating_sub(1)))
        }
    };
    cx.line(role, words)
}
