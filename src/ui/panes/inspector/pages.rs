//! Lines that are only read, with a search in them: the Request and the Headers tab.

use std::ops::Range;
use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::{Model, Msg};
use crate::config::Action;
use crate::document::Document;
use crate::ui::footer::Hint;
use crate::ui::pane::{Cx, Reaction};
use crate::ui::panes::inspector::find::Find;
use crate::ui::panes::inspector::line::{self, Ask, Asking, SEARCH_HINTS};
use crate::ui::panes::inspector::spell::{Found, lit_role};
use crate::ui::widgets::rows;
use crate::ui::widgets::scroll::Scroll;

/// Lines as they are looked at.
pub(super) struct Pages {
    pub(super) scroll: Scroll,
    find: Find,
    asking: Option<Asking>,
    /// The lines as they were drawn last, which is what is searched.
    text: Arc<Document>,
    /// Whether the match that is looked at has to be brought into sight.
    is_sought: bool,
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            scroll: Scroll::default(),
            find: Find::default(),
            asking: None,
            text: Arc::new(Document::parse("".into())),
            is_sought: false,
        }
    }
}

impl Pages {
    /// Tables of the keymap that apply while something is typed.
    pub(super) fn typing(&self) -> Option<&'static [&'static str]> {
        let asking = self.asking.as_ref();
        asking.map(|_| &["search", "text", "always"][..])
    }

    /// What is worth telling in the footer.
    pub(super) fn hints(&self) -> Vec<Hint> {
        match self.typing() {
            Some(_) => SEARCH_HINTS.to_vec(),
            None => vec![(Action::StartSearch, None)],
        }
    }

    pub(super) fn act(&mut self, action: Action) -> Reaction {
        let is_typing = self.asking.is_some();
        let msgs = match action {
            Action::StartSearch => {
                self.asking = Some(Asking::new(Ask::Text, ""));
                Vec::new()
            }
            Action::Confirm if is_typing => {
                let asking = self.asking.take();
                self.asking = asking.filter(|asking| asking.problem.is_some());
                Vec::new()
            }
            Action::Close if is_typing || self.find.is_open() => {
                self.asking = None;
                self.find.forget()
            }
            Action::ToggleRegex if is_typing => {
                self.find.query.is_regex ^= true;
                self.typed()
            }
            Action::NextMatch | Action::PreviousMatch if self.find.is_open() => {
                self.find.step(action == Action::NextMatch);
                self.is_sought = true;
                Vec::new()
            }
            Action::NextMatch | Action::PreviousMatch if !is_typing => {
                vec![Msg::warning("nothing is searched for yet: press /")]
            }
            action if is_typing || self.scroll.act(action) => Vec::new(),
            _ => return Reaction::Ignored,
        };
        Reaction::Handled(msgs)
    }

    pub(super) fn type_in(&mut self, key: KeyEvent) -> Vec<Msg> {
        let asking = self.asking.as_mut();
        match asking.is_some_and(|asking| asking.type_in(key)) {
            true => self.typed(),
            false => Vec::new(),
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> Vec<Msg> {
        let asking = self.asking.as_mut();
        match asking.is_some_and(|asking| asking.paste(text)) {
            true => self.typed(),
            false => Vec::new(),
        }
    }

    /// What is typed has changed: the lines follow it at once.
    fn typed(&mut self) -> Vec<Msg> {
        let Some(asking) = &mut self.asking else {
            return Vec::new();
        };
        asking.problem = None;
        asking.text().clone_into(&mut self.find.query.text);
        match self.find.renew(&self.text) {
            Ok(msgs) => {
                self.is_sought = true;
                msgs
            }
            Err(error) => {
                asking.problem = Some((error.offset.unwrap_or(0), error.reason));
                Vec::new()
            }
        }
    }

    /// Takes over what a job has found.
    pub(super) fn follow(&mut self, model: &Model) {
        self.is_sought |= self.find.follow(model);
    }

    /// Draws `lines`, the matches lit.
    pub(super) fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        lines: Vec<Line<'static>>,
        cx: &Cx<'_>,
    ) {
        let is_searched = self.asking.is_some() || self.find.is_open();
        if is_searched {
            self.read(&lines);
        }
        let bottom = match &self.asking {
            Some(asking) => asking.height(),
            None => u16::from(self.find.is_open()),
        };
        let body = rows::top(area, area.height.saturating_sub(bottom));
        let spans = spans(&lines);
        let current = self.find.current();
        let row = current.filter(|_| std::mem::take(&mut self.is_sought));
        let first = match row {
            Some(found) => {
                let row = spans.partition_point(|span| span.end < found.start);
                self.scroll.show(row, lines.len(), body.height)
            }
            None => self.scroll.fit(lines.len(), body.height),
        };
        let lit = self.find.lit(&self.text);
        let seen = lines.into_iter().zip(spans).skip(first);
        let drawn = seen.take(body.height.into()).map(|(line, span)| {
            let found = lit.map_or_else(Vec::new, |lit| lit.within(span.clone()));
            light(line, span.start, &found, cx)
        });
        rows::draw(frame, body, drawn.collect::<Vec<_>>());
        let below = rows::below(area, body.height);
        match &mut self.asking {
            Some(asking) => asking.draw(frame, below, &self.find, cx),
            None if self.find.is_open() => {
                let line = line::kept(&self.find, usize::from(area.width), cx);
                rows::draw(frame, below, [line]);
            }
            None => {}
        }
    }

    /// Takes note of the lines; a search is carried out anew if they have changed.
    fn read(&mut self, lines: &[Line<'_>]) {
        let text: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let text = text.join("\n");
        if text.as_bytes() == self.text.body().as_bytes() {
            return;
        }
        self.text = Arc::new(Document::parse(text.as_str().into()));
        if !self.find.query.text.is_empty() {
            // A regular expression that was wrong before is wrong still.
            let _ = self.find.renew(&self.text);
        }
    }
}

/// Where each line stands in all of them, a line break between them.
fn spans(lines: &[Line<'_>]) -> Vec<Range<usize>> {
    let mut at = 0;
    let span = |line: &Line<'_>| {
        let start = at;
        let length: usize = line.spans.iter().map(|span| span.content.len()).sum();
        at = start + length + 1;
        start..start + length
    };
    lines.iter().map(span).collect()
}

/// `line`, which begins at the byte `start`, with what was found in it lit.
fn light(line: Line<'static>, start: usize, found: &[Found], cx: &Cx<'_>) -> Line<'static> {
    if found.is_empty() {
        return line;
    }
    let mut at = start;
    let mut spans = Vec::new();
    for span in line.spans {
        let text = span.content.as_ref();
        let mut from = 0;
        let mut push = |to: usize, style| {
            if let Some(piece) = text.get(from..to).filter(|piece| !piece.is_empty()) {
                spans.push(Span::styled(piece.to_owned(), style));
                from = to;
            }
        };
        for (range, is_current) in found {
            let inside = |byte: usize| byte.saturating_sub(at).min(text.len());
            push(inside(range.start), span.style);
            push(inside(range.end), cx.style(lit_role(*is_current)));
        }
        push(text.len(), span.style);
        at += text.len();
    }
    Line::from(spans)
}
