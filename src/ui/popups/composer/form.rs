//! The Form tab: which field has the keys, what is typed into it, which fields were touched. Drawing them is `fields`'.

use std::collections::BTreeSet;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::composer::{self, Input, Request};
use crate::app::{Model, Msg};
use crate::config::{Action, Role};
use crate::ui::footer::Hint;
use crate::ui::pane::Cx;
use crate::ui::popups::composer::offers::{self, Offers};
use crate::ui::popups::composer::{choices, field_help, fields};
use crate::ui::popups::field::Field;
use crate::ui::popups::frame;
use crate::ui::widgets::rows;
use crate::ui::widgets::scroll::{self, Scroll};

/// From this many columns on, the help of a field stands beside the fields.
const WIDE: u16 = 124;
/// Columns of the help beside the fields, and the gap before it.
const BESIDE: (u16, u16) = (44, 3);
/// Most rows of the help below the fields.
const BELOW: u16 = 6;

/// How the form is looked at.
#[derive(Default)]
pub(super) struct Form {
    /// Which of the inputs has the keys.
    pub(super) focus: usize,
    /// What stands in that one.
    pub(super) field: Field,
    /// Which were typed in.
    touched: BTreeSet<usize>,
    /// Whether it was to be sent: from then on everything that is wrong is told.
    is_tried: bool,
    /// The wrong field as it was followed last.
    wrong: Option<usize>,
    pub(super) scroll: Scroll,
    /// Fields above and below those that were drawn.
    pub(super) hidden: (usize, usize),
    offers: Option<Offers>,
    /// For each input, a value and what the session calls it.
    names: Vec<(String, Option<String>)>,
}

impl Form {
    pub(super) fn has_offers(&self) -> bool {
        self.offers.is_some()
    }

    /// Puts the offered values away; answers with whether there were any.
    pub(super) fn close_offers(&mut self) -> bool {
        self.offers.take().is_some()
    }

    fn focused<'a>(&self, request: &'a Request) -> Option<&'a Input> {
        request.inputs.get(self.focus)
    }

    /// Whether the field with the keys has a closed list of values.
    pub(super) fn is_at_choice(&self, request: &Request) -> bool {
        self.focused(request)
            .is_some_and(|input| !choices::of(input).is_empty())
    }

    pub(super) fn hints(&self, request: &Request) -> Vec<Hint> {
        let mut hints = Vec::new();
        if request.inputs.len() > 1 {
            hints.push((Action::MoveDown, Some("next field")));
        }
        if self.is_at_choice(request) {
            hints.push((Action::NextChoice, Some("choose")));
        }
        if self
            .focused(request)
            .is_some_and(|input| !input.field.from.is_empty())
        {
            hints.push((Action::OfferValues, Some("values")));
        }
        hints
    }

    /// The person wants it sent: a field that is wrong again gets the keys again.
    pub(super) fn try_to_send(&mut self) {
        self.is_tried = true;
        self.wrong = None;
    }

    /// Whether what is wrong with this input is told: not while nobody has been there.
    pub(super) fn tells(&self, index: usize, request: &Request) -> bool {
        self.is_tried || self.touched.contains(&index) || request.wrong == Some(index)
    }

    /// What the session calls the value of an input, if it has a name for it.
    pub(super) fn name(&self, index: usize) -> Option<&str> {
        let (_, name) = self.names.get(index)?;
        name.as_deref()
    }

    /// Looks for the names of values that have none yet: what tells them may just have come.
    fn find_names(&mut self, request: &Request, model: &Model) {
        self.names.resize(request.inputs.len(), Default::default());
        for (known, input) in self.names.iter_mut().zip(&request.inputs) {
            if known.0 != input.text || known.1.is_none() {
                let name = offers::name_of(model, request, input);
                *known = (input.text.clone(), name);
            }
        }
    }

    /// Catches up with the request; answers with whether a field turned out to be wrong.
    pub(super) fn follow(&mut self, request: &Request, model: &Model) -> bool {
        self.find_names(request, model);
        let is_news = request.wrong != self.wrong && request.wrong.is_some();
        self.wrong = request.wrong;
        if let (true, Some(wrong)) = (is_news, request.wrong) {
            self.offers = None;
            self.focus = wrong;
        }
        self.focus = self.focus.min(request.inputs.len().saturating_sub(1));
        self.load(request);
        is_news
    }

    /// Takes the text of the focused input into the field, unless it is there.
    fn load(&mut self, request: &Request) {
        let text = self.focused(request).map_or("", |input| &input.text);
        if self.field.text() != text {
            self.field = Field::holding(text);
        }
    }

    fn typed(&mut self, text: String) -> Vec<Msg> {
        self.touched.insert(self.focus);
        let input = self.focus;
        vec![Msg::Composer(composer::Msg::Typed { input, text })]
    }

    pub(super) fn type_in(&mut self, request: &Request, key: KeyEvent) -> Vec<Msg> {
        let Some(input) = self.focused(request) else {
            return Vec::new(); // there is nothing to fill in
        };
        if self.has_offers() {
            return Vec::new(); // something is being chosen
        }
        if request.is_held(self.focus) {
            return held();
        }
        if self.is_at_choice(request) {
            let chosen = choices::typed(input, key);
            return chosen.map_or_else(Vec::new, |text| self.typed(text));
        }
        match self.field.type_in(key) {
            true => self.typed(self.field.text().to_owned()),
            false => Vec::new(),
        }
    }

    pub(super) fn paste(&mut self, request: &Request, text: &str) -> Vec<Msg> {
        if self.focused(request).is_none() || self.has_offers() {
            return Vec::new();
        }
        if request.is_held(self.focus) {
            return held();
        }
        if self.is_at_choice(request) {
            self.field = Field::default(); // one value takes the place of the other
        }
        match self.field.paste(text) {
            true => self.typed(self.field.text().to_owned()),
            false => Vec::new(),
        }
    }

    pub(super) fn act(&mut self, action: Action, model: &Model, request: &Request) -> Vec<Msg> {
        let Some(input) = self.focused(request) else {
            return Vec::new(); // there is nothing to fill in
        };
        if let Some(offers) = &mut self.offers {
            if action != Action::Confirm {
                offers.act(action);
                return Vec::new();
            }
            let value = offers.selected().to_owned();
            self.offers = None;
            return self.typed(value);
        }
        match action {
            Action::NextChoice | Action::PreviousChoice | Action::OfferValues
                if request.is_held(self.focus) =>
            {
                held()
            }
            Action::NextChoice | Action::PreviousChoice => {
                self.typed(choices::step(input, action == Action::NextChoice))
            }
            Action::OfferValues => match offers::of(model, request, input) {
                Ok(offers) => {
                    self.offers = Some(offers);
                    Vec::new()
                }
                Err(why) => vec![Msg::warning(why)],
            },
            action => {
                let last = request.inputs.len().saturating_sub(1);
                let target = scroll::step(action, self.focus, last, self.scroll.page());
                self.focus = target.unwrap_or(self.focus);
                self.load(request);
                Vec::new()
            }
        }
    }

    pub(super) fn wheel(&mut self, rows: isize) {
        match &mut self.offers {
            Some(offers) => offers.wheel(rows),
            None => self.focus = self.focus.saturating_add_signed(rows.signum()),
        }
    }

    pub(super) fn draw(
        &mut self,
        screen: &mut Frame<'_>,
        area: Rect,
        request: &Request,
        cx: &Cx<'_>,
    ) {
        self.focus = self.focus.min(request.inputs.len().saturating_sub(1));
        self.load(request);
        let Some(input) = self.focused(request) else {
            let words = "there is nothing to fill in";
            rows::draw(screen, area, [cx.line(Role::Muted, words)]);
            return;
        };
        let (place, help) = split(area);
        fields::draw(self, screen, place, request, cx);
        let problem = fields::problem(request, self.focus, cx);
        let problem = problem.filter(|_| self.tells(self.focus, request));
        let problem = match (&request.fault, request.is_held(self.focus)) {
            (Some(fault), true) => Some(format!(
                "the text of the body breaks at line {}; here stands what was there before",
                fault.line
            )),
            _ => problem,
        };
        let lines = field_help::lines(input, problem, help.width.into(), cx);
        rows::draw(screen, help, lines);
        match &mut self.offers {
            Some(offers) => offers.draw(screen, area, &input.label(), cx),
            None => frame::tell_more(screen, area, self.hidden, cx),
        }
    }
}

/// Why nothing is typed.
fn held() -> Vec<Msg> {
    vec![Msg::warning(
        "the body breaks: mend or empty its text first",
    )]
}

/// The room of the fields, and that of the help: beside them where there are columns for it, else below.
fn split(area: Rect) -> (Rect, Rect) {
    if area.width >= WIDE {
        let fields = Rect {
            width: area.width - BESIDE.0 - BESIDE.1,
            ..area
        };
        let help = Rect {
            x: fields.right() + BESIDE.1,
            width: BESIDE.0,
            ..area
        };
        return (fields, help);
    }
    let help = (area.height / 3).min(BELOW);
    let gap = u16::from(help > 3);
    let fields = rows::top(area, area.height - help - gap);
    (fields, rows::below(area, fields.height + gap))
}
