//! A file in the views of the Inspector: the only pane of `astrascope view`.

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::file::Content;
use crate::app::{Model, Msg};
use crate::config::{Action, Role};
use crate::document::Document;
use crate::ui::layout::{Slot, Wish};
use crate::ui::pane::{Cx, Pane, Reaction};
use crate::ui::panes::inspector::reader::Reader;
use crate::ui::panes::inspector::response::complaint;
use crate::ui::panes::inspector::viewer::Viewer;
use crate::ui::panes::inspector::{picture, progress, taking};
use crate::ui::widgets::visible::visible;
use crate::ui::widgets::{measure, rows};

/// Columns of a path that tell anything.
const LEAST_PATH: usize = 4;

/// A file as it is looked at.
#[derive(Default)]
pub(crate) struct FilePane {
    reader: Option<Reader>,
    /// What is shown in it, or the reading of it.
    shown: Option<Arc<Document>>,
    /// Rows above the body at the last drawing.
    words: usize,
}

impl Pane for FilePane {
    fn id(&self) -> &'static str {
        "inspector"
    }

    fn title(&self) -> &'static str {
        "File"
    }

    fn focus(&self) -> Action {
        Action::FocusInspector
    }

    fn contexts(&self) -> &'static [&'static str] {
        &["list"]
    }

    fn typing(&self) -> Option<&'static [&'static str]> {
        self.reader.as_ref()?.typing()
    }

    fn type_in(&mut self, key: KeyEvent, _model: &Model) -> Vec<Msg> {
        let reader = self.reader.as_mut();
        reader.map_or_else(Vec::new, |reader| reader.type_in(key))
    }

    fn paste(&mut self, text: &str, _model: &Model) -> Vec<Msg> {
        let reader = self.reader.as_mut();
        reader.map_or_else(Vec::new, |reader| reader.paste(text))
    }

    fn slot(&self) -> Slot {
        Slot::Detail
    }

    fn wish(&self, _cx: &Cx<'_>, _columns: u16) -> Wish {
        Wish {
            least: 1,
            most: u16::MAX,
        }
    }

    fn hints(&self, _model: &Model) -> Vec<(Action, Option<&'static str>)> {
        self.reader.as_ref().map_or_else(Vec::new, Reader::hints)
    }

    fn summary(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        self.tail(cx, usize::MAX)
    }

    fn tail(&self, cx: &Cx<'_>, columns: usize) -> Vec<Span<'static>> {
        let node = self.reader.as_ref().and_then(|reader| {
            let viewer = reader.viewer();
            let node = viewer.node()?;
            Some(viewer.document().path(node))
        });
        match node {
            Some(path) if columns >= LEAST_PATH => {
                let path = visible(&path);
                vec![cx.span(Role::Name, measure::fit_end(&path, columns))]
            }
            _ => Vec::new(),
        }
    }

    fn mark(&self, cx: &Cx<'_>) -> Vec<Span<'static>> {
        let body = self.shown.as_ref().map(|document| document.body());
        body.map_or_else(Vec::new, |body| {
            vec![cx.span(Role::Muted, measure::bytes(body.len()))]
        })
    }

    fn act(&mut self, action: Action, model: &Model) -> Reaction {
        let Some(reader) = &mut self.reader else {
            return Reaction::Ignored;
        };
        match action {
            Action::Export if reader.typing().is_none() => {
                Reaction::send(taking::menu(Some(reader), None))
            }
            Action::WriteBody if reader.typing().is_none() => {
                let name = model.file.as_ref().map_or("", |file| file.base());
                Reaction::send(taking::write(reader, name))
            }
            action => reader.act(action, model),
        }
    }

    fn click(&mut self, row: usize, _model: &Model) -> Reaction {
        if let (Some(reader), Some(row)) = (&mut self.reader, row.checked_sub(self.words)) {
            reader.click(row);
        }
        Reaction::done()
    }

    fn wheel(&mut self, rows: isize, _model: &Model) -> Reaction {
        if let Some(reader) = &mut self.reader {
            reader.wheel(rows);
        }
        Reaction::done()
    }

    fn follow(&mut self, model: &Model) -> Vec<Msg> {
        let document = model.file.as_ref().and_then(|file| file.content.document());
        if let Some(document) = document
            && self
                .shown
                .as_ref()
                .is_none_or(|shown| !Arc::ptr_eq(shown, document))
        {
            self.show(document);
        }
        let reader = self.reader.as_mut();
        reader.map_or_else(Vec::new, |reader| reader.follow(model))
    }

    fn draw(&mut self, frame: &mut Frame<'_>, area: Rect, cx: &Cx<'_>) {
        let mut words = Vec::new();
        match cx.model.file.as_ref().map(|file| &file.content) {
            Some(Content::Failed(problem)) => {
                words.push(cx.line(Role::Danger, format!("   {problem}")));
            }
            Some(Content::Read(document)) if document.body().is_empty() => {
                words.push(cx.line(Role::Muted, "   the file is empty"));
            }
            Some(Content::Read(document)) if document.is_blank() => {
                words.push(cx.line(Role::Muted, "   the file is blank: white space only"));
            }
            Some(Content::Read(document)) => {
                let bytes = document.body().as_bytes();
                let picture = picture::describe(bytes, bytes.len());
                words.extend(picture.map(|it| cx.line(Role::Accent, format!("   {it}"))));
                let is_json = document.readable().is_none()
                    && matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['));
                if let Some(fault) = document.fault().filter(|_| is_json) {
                    words.extend(complaint(fault, area.width, cx));
                }
            }
            Some(Content::Reading { progress, .. }) => {
                let mut spans = vec![
                    cx.span(Role::Accent, format!("   {}", cx.spinner())),
                    cx.span(Role::Text, " reading "),
                ];
                let room = usize::from(area.width).saturating_sub(rows::width(&spans) + 1);
                spans.extend(progress::spans(*progress, room, cx));
                words.push(Line::from(spans));
            }
            None => {}
        }
        words.extend(
            self.reader
                .as_ref()
                .and_then(|reader| reader.viewer().words(cx)),
        );
        self.words = words.len();
        let body = rows::below(area, rows::count(words.len()));
        rows::draw(frame, area, words);
        if let Some(reader) = &mut self.reader {
            reader.draw(frame, body, cx);
        }
    }
}

impl FilePane {
    fn show(&mut self, document: &Arc<Document>) {
        self.shown = Some(Arc::clone(document));
        match &mut self.reader {
            Some(reader) => reader.go_on_with(Arc::clone(document), None),
            None => self.reader = Some(Reader::new(Viewer::new(Arc::clone(document), None))),
        }
    }
}
