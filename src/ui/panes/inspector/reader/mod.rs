//! A body, or what a program makes of it: a jq filter or a command of the shell. Looking at either is left to the viewer.

mod program_line;
mod standing;

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::transform::{self, Ending, Made, Program};
use crate::app::{Modal, Model, Msg};
use crate::catalog::Marks;
use crate::config::{Action, Role};
use crate::document::Document;
use crate::domain::Problem;
use crate::ui::footer::Hint;
use crate::ui::pane::{Cx, Reaction};
use crate::ui::panes::inspector::line::SEARCH_HINTS;
use crate::ui::panes::inspector::viewer::Viewer;
use crate::ui::widgets::rows;

use program_line::{Kind, ProgramLine, ROWS};

/// A body up to this size is filtered while the filter is typed; a longer one when it is finished.
const LIVE: usize = 1 << 20;

/// A body as it is read.
pub(super) struct Reader {
    whole: Viewer,
    /// What is shown instead of it.
    shown: Option<Shown>,
    /// The program that applies.
    program: Option<Program>,
    /// The body of which its result is still awaited.
    awaited: Option<Arc<Document>>,
    /// Why it has none.
    trouble: Option<Problem>,
    line: Option<ProgramLine>,
}

/// What a program made of the body.
struct Shown {
    made: Made,
    viewer: Viewer,
}

impl Reader {
    pub(super) fn new(whole: Viewer) -> Self {
        Self {
            whole,
            shown: None,
            program: None,
            awaited: None,
            trouble: None,
            line: None,
        }
    }

    /// Goes on with `document`, which begins with what there was of the body.
    pub(super) fn go_on_with(&mut self, document: Arc<Document>, marks: Option<Arc<Marks>>) {
        self.whole.go_on_with(document, marks);
    }

    /// Whether a result is still awaited.
    fn is_awaited(&self) -> bool {
        self.awaited.is_some()
    }

    /// What is looked at.
    pub(super) fn viewer(&self) -> &Viewer {
        match &self.shown {
            Some(shown) => &shown.viewer,
            None => &self.whole,
        }
    }

    fn viewer_mut(&mut self) -> &mut Viewer {
        match &mut self.shown {
            Some(shown) => &mut shown.viewer,
            None => &mut self.whole,
        }
    }

    /// Whether it is the body itself that is looked at.
    pub(super) fn is_whole(&self) -> bool {
        self.shown.is_none()
    }

    /// Moves to the value at `path` of what is looked at, if it is there.
    pub(super) fn reveal(&mut self, path: &str) -> bool {
        let viewer = self.viewer_mut();
        let node = viewer.document().find(path).ok();
        if let Some(node) = node {
            viewer.reveal(node);
        }
        node.is_some()
    }

    /// What is worth telling in the footer.
    pub(super) fn hints(&self) -> Vec<Hint> {
        if let Some(line) = &self.line {
            let (enter, complete) = match line.kind {
                Kind::Filter => ("keep", Some((Action::CompleteName, Some("complete")))),
                Kind::Command => ("run", None),
            };
            let first = [(Action::Confirm, Some(enter))].into_iter().chain(complete);
            let last = [
                (Action::PreviousTyped, Some("used before")),
                (Action::Close, Some("whole body")),
            ];
            return first.chain(last).collect();
        }
        if self.viewer().typing().is_some() {
            return SEARCH_HINTS.to_vec();
        }
        let own = (self.program.is_some()).then_some((Action::Close, Some("whole body")));
        let programs = [
            (Action::FilterBody, Some("filter")),
            (Action::WriteBody, Some("write")),
        ];
        let views = self.viewer().hints();
        own.into_iter().chain(views).chain(programs).collect()
    }

    /// Tables of the keymap that apply while something is typed.
    pub(super) fn typing(&self) -> Option<&'static [&'static str]> {
        match self.line {
            Some(_) => Some(&["program", "text", "always"]),
            None => self.viewer().typing(),
        }
    }

    pub(super) fn act(&mut self, action: Action, model: &Model) -> Reaction {
        if self.line.is_some() {
            return Reaction::Handled(self.act_while_typing(action, model));
        }
        if self.viewer().typing().is_some() {
            return self.viewer_mut().act(action);
        }
        match action {
            Action::FilterBody => return self.ask(Kind::Filter),
            Action::PipeBody => return self.ask(Kind::Command),
            Action::ExplainField if self.has_more_to_say() => {
                return Reaction::Handled(self.say_all());
            }
            _ => {}
        }
        match self.viewer_mut().act(action) {
            Reaction::Ignored if action == Action::Close && self.program.is_some() => {
                Reaction::Handled(self.drop_program())
            }
            reaction => reaction,
        }
    }

    /// Opens the line for a program of this kind, with the one that applies in it.
    fn ask(&mut self, kind: Kind) -> Reaction {
        if kind == Kind::Filter && self.whole.document().root().is_none() {
            return Reaction::send(Msg::warning(
                "the body is no JSON to filter: | pipes it to a command",
            ));
        }
        let text = match (&self.program, kind) {
            (Some(Program::Filter(text)), Kind::Filter)
            | (Some(Program::Command(text)), Kind::Command) => text.as_str(),
            _ => "",
        };
        self.line = Some(ProgramLine::new(kind, text, self.whole.document()));
        Reaction::done()
    }

    fn act_while_typing(&mut self, action: Action, model: &Model) -> Vec<Msg> {
        let Some(line) = &mut self.line else {
            return Vec::new();
        };
        let document = self.whole.document();
        match action {
            Action::CompleteName if line.complete(document) => self.typed(),
            Action::PreviousTyped if line.recall(true, &model.transforms, document) => self.typed(),
            Action::NextTyped if line.recall(false, &model.transforms, document) => self.typed(),
            Action::Confirm if line.text().is_empty() => {
                self.line = None;
                self.drop_program()
            }
            Action::Confirm if line.is_whole() => {
                let program = line.program();
                self.line = None;
                let remember = transform::Msg::Remember(program.clone());
                let mut msgs = vec![Msg::Transform(remember)];
                msgs.extend(self.start(program));
                msgs
            }
            Action::Close => {
                self.line = None;
                self.drop_program()
            }
            _ => Vec::new(), // a mistake has to be mended first
        }
    }

    pub(super) fn type_in(&mut self, key: KeyEvent) -> Vec<Msg> {
        let document = self.whole.document();
        let Some(line) = &mut self.line else {
            return self.viewer_mut().type_in(key);
        };
        match line.type_in(key, document) {
            true => self.typed(),
            false => Vec::new(),
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> Vec<Msg> {
        let document = self.whole.document();
        let Some(line) = &mut self.line else {
            return self.viewer_mut().paste(text);
        };
        match line.paste(text, document) {
            true => self.typed(),
            false => Vec::new(),
        }
    }

    /// What is typed has changed: a short body follows a filter at once.
    fn typed(&mut self) -> Vec<Msg> {
        let is_short = self.whole.document().body().len() <= LIVE;
        let Some(line) = self.line.as_ref().filter(|line| line.kind == Kind::Filter) else {
            return Vec::new();
        };
        if line.text().is_empty() {
            return self.drop_program();
        }
        match line.is_whole() && is_short {
            true => self.start(line.program()),
            false => Vec::new(),
        }
    }

    fn start(&mut self, program: Program) -> Vec<Msg> {
        // A filter gives the same as before; a command may not.
        let is_same = self.program.as_ref() == Some(&program) && self.trouble.is_none();
        if is_same && matches!(program, Program::Filter(_)) {
            return Vec::new();
        }
        self.program = Some(program.clone());
        let source = Arc::clone(self.whole.document());
        self.awaited = Some(Arc::clone(&source));
        vec![Msg::Transform(transform::Msg::Start { source, program })]
    }

    /// Back to the whole body.
    fn drop_program(&mut self) -> Vec<Msg> {
        self.shown = None;
        self.trouble = None;
        self.awaited = None;
        match self.program.take() {
            Some(_) => vec![Msg::Transform(transform::Msg::Stop)],
            None => Vec::new(),
        }
    }

    fn has_more_to_say(&self) -> bool {
        let shown = self.shown.as_ref();
        shown.is_some_and(|shown| !shown.made.said.is_empty())
    }

    /// Shows all that a program complained of.
    fn say_all(&self) -> Vec<Msg> {
        let (Some(program), Some(shown)) = (&self.program, &self.shown) else {
            return Vec::new();
        };
        let lines = shown.made.said.lines().map(ToOwned::to_owned).collect();
        let title = program.text().to_owned();
        vec![Msg::open(Modal::Note { title, lines })]
    }

    /// Takes over what jobs have found and made; answers with what has to be done next.
    pub(super) fn follow(&mut self, model: &Model) -> Vec<Msg> {
        let asked = self.awaited.as_ref().zip(self.program.as_ref());
        let result = asked
            .and_then(|(source, program)| model.transforms.of(source, program))
            .and_then(|transform| transform.ended.clone());
        if let Some(result) = result {
            self.awaited = None;
            match result {
                Ok(made) => self.take(made),
                Err(problem) => self.trouble = Some(problem),
            }
        }
        self.viewer_mut().follow(model)
    }

    fn take(&mut self, made: Made) {
        self.trouble = None;
        let is_typed = self.line.is_some();
        if is_typed && made.ending == Ending::Results(0) && !made.said.is_empty() {
            // What was shown stays while one is still typing.
            self.trouble = Some(Problem::new(made.said));
            return;
        }
        let viewer = Viewer::new(made.document.clone(), None);
        self.shown = Some(Shown { made, viewer });
    }

    pub(super) fn click(&mut self, row: usize) {
        self.viewer_mut().click(row);
    }

    pub(super) fn wheel(&mut self, rows: isize) {
        self.viewer_mut().wheel(rows);
    }

    pub(super) fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let kept = match (&self.line, &self.program) {
            (None, Some(program)) => standing::kept(self, program, usize::from(area.width), cx),
            _ => Vec::new(),
        };
        let bottom = match self.line {
            Some(_) => ROWS,
            None => rows::count(kept.len()),
        };
        let above = rows::top(area, area.height.saturating_sub(bottom));
        let below = rows::below(area, above.height);
        match &self.shown {
            Some(shown) if shown.made.document.body().is_empty() => {
                let words = match shown.made.ending {
                    Ending::Results(_) => "   nothing results from the filter",
                    Ending::Exit(_) => "   the command wrote nothing",
                };
                rows::draw(frame, above, [cx.line(Role::Muted, words)]);
            }
            _ => self.viewer_mut().draw(frame, above, cx),
        }
        let behind = standing::short(self, cx);
        let trouble = standing::trouble(self, usize::from(area.width), cx);
        match &mut self.line {
            Some(line) => line.draw(frame, below, behind, trouble, cx),
            None => rows::draw(frame, below, kept),
        }
    }
}
