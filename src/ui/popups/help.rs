//! Help: every key, made from the keymap, in as many columns as there is room for; searched by words.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::{Modal, Msg};
use crate::config::{Action, Context, Role};
use crate::ui::footer::Hint;
use crate::ui::input::close;
use crate::ui::pane::Cx;
use crate::ui::panes;
use crate::ui::popups::field::{Field, Look};
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::popup::{Open, Popup};
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{measure, rows};

/// Columns of keys.
const KEYS: usize = 11;
/// Columns of a group: keys and what they do.
const GROUP: u16 = 38;
/// More groups beside each other are not easier to read.
const MOST_GROUPS: u16 = 3;

/// In front of a search.
const SLASH: &str = "/ ";

/// Contexts that there are where a file is looked at.
const OF_A_FILE: [&str; 8] = [
    "help",
    "inspector",
    "list",
    "search",
    "program",
    "text",
    "global",
    "always",
];
/// What of the keys that work everywhere a file has a use for.
const EVERYWHERE: [Action; 4] = [Action::Open, Action::Export, Action::ShowHelp, Action::Quit];
/// What of the Inspector needs a session around it.
const OF_A_SESSION: [Action; 5] = [
    Action::SaveRequest,
    Action::Replay,
    Action::RunAsAll,
    Action::IgnoreField,
    Action::ExpectField,
];

/// Tables of the keymap that apply while it is read.
const READING: [&str; 4] = ["help", "popup", "list", "always"];
/// Tables of the keymap that apply while a search is typed.
const TYPING: [&str; 3] = ["filter", "text", "always"];

/// How help is looked at.
#[derive(Default)]
pub(super) struct Help {
    scroll: Scroll,
    /// The words that keys are searched by, once a search was started.
    search: Option<Field>,
    is_typing: bool,
}

impl Help {
    fn changed(&mut self, edit: impl FnOnce(&mut Field) -> bool) -> Vec<Msg> {
        if let Some(field) = self.search.as_mut().filter(|_| self.is_typing)
            && edit(field)
        {
            self.scroll = Scroll::default();
        }
        Vec::new()
    }

    /// Draws the search at the top of `room`, and answers with what is left.
    fn draw_search(&mut self, screen: &mut Frame<'_>, room: Rect, cx: &Cx<'_>) -> Rect {
        let Some(field) = &mut self.search else {
            return room;
        };
        let role = match self.is_typing {
            true => Role::Key,
            false => Role::Muted,
        };
        let line = rows::top(room, 1);
        rows::draw(screen, line, [cx.line(role, SLASH)]);
        let slash = rows::count(SLASH.len()).min(line.width);
        let place = Rect {
            x: line.x + slash,
            width: line.width - slash,
            ..line
        };
        let look = Look {
            is_active: self.is_typing,
            placeholder: "words, or a key",
            ..Look::default()
        };
        field.draw(screen, place, look, cx);
        rows::below(room, 1)
    }
}

impl Popup for Help {
    fn contexts(&self, _open: Open<'_>) -> &'static [&'static str] {
        match self.is_typing {
            true => &TYPING,
            false => &READING,
        }
    }

    fn hints(&self, _open: Open<'_>) -> Vec<Hint> {
        match self.is_typing {
            true => vec![(Action::Confirm, Some("keep it"))],
            false => vec![
                (Action::MoveDown, Some("scroll")),
                (Action::PageDown, None),
                (Action::StartSearch, Some("search")),
            ],
        }
    }

    fn type_in(&mut self, _open: Open<'_>, key: KeyEvent) -> Vec<Msg> {
        self.changed(|field| field.type_in(key))
    }

    fn paste(&mut self, _open: Open<'_>, text: &str) -> Vec<Msg> {
        self.changed(|field| field.paste(text))
    }

    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn act(&mut self, _open: Open<'_>, action: Action) -> Vec<Msg> {
        match action {
            Action::StartSearch => {
                self.search.get_or_insert_default();
                self.is_typing = true;
            }
            Action::Confirm if self.is_typing => self.is_typing = false,
            Action::Confirm => return vec![close()],
            action => drop(self.scroll.act(action)),
        }
        Vec::new()
    }

    fn close_inside(&mut self) -> bool {
        self.is_typing = false;
        self.search.take().is_some()
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, _modal: &Modal, cx: &Cx<'_>) {
        let room = area.width.saturating_sub(EDGE.0);
        let count = (room / GROUP).clamp(1, MOST_GROUPS);
        let width = (room / count).min(GROUP);
        let height = |columns: &[Vec<Line<'_>>]| columns.iter().map(Vec::len).max().unwrap_or(0);
        // The popup stays as high as all of it needs: it would jump at each letter.
        let all = height(&columns(usize::from(count), "", cx));
        let room = frame::open(screen, area, "Help", width * count, rows::count(all), cx);
        let room = self.draw_search(screen, room, cx);
        let words = self.search.as_ref().map_or("", Field::text);
        let columns = columns(usize::from(count), words, cx);
        let total = height(&columns);
        if total == 0 {
            rows::draw(screen, room, [cx.line(Role::Muted, "no key does that")]);
        }
        let first = self.scroll.fit(total, room.height);
        for (index, lines) in (0_u16..).zip(columns) {
            let place = Rect {
                x: room.x + index * width,
                width,
                ..room
            }
            .intersection(room);
            rows::draw(screen, place, lines.into_iter().skip(first));
        }
        frame::tell_more(screen, room, self.scroll.hidden(), cx);
    }
}

/// The groups of keys that have `words`, divided between `count` columns of about the same height.
fn columns(count: usize, words: &str, cx: &Cx<'_>) -> Vec<Vec<Line<'static>>> {
    let mut columns = vec![Vec::new(); count];
    let is_file = cx.model.file.is_some();
    let groups = cx
        .keymap
        .contexts()
        .iter()
        .filter(|context| !context.bindings.is_empty())
        .filter(|context| !is_file || OF_A_FILE.contains(&context.name.as_str()));
    // What works in the pane that has the keys stands first, the rest by how well it fits.
    let mut groups: Vec<_> = groups
        .map(|context| (context.name != cx.place, group(context, words, cx)))
        .filter(|(_, group)| group.len() > 1) // more than its heading
        .collect();
    groups.sort_by_key(|(is_elsewhere, group)| (*is_elsewhere, std::cmp::Reverse(group.len())));
    for (_, lines) in groups {
        let shortest = columns
            .iter_mut()
            .min_by_key(|column: &&mut Vec<_>| column.len());
        if let Some(column) = shortest {
            if !column.is_empty() {
                column.push(Line::default());
            }
            column.extend(lines);
        }
    }
    columns
}

/// Heading and keys of `context`: those of which each of `words` is in the heading, the keys or what they do.
fn group(context: &Context, words: &str, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let heading = heading(&context.name);
    let words = words.to_lowercase();
    let mut lines = vec![cx.line(Role::Strong, heading.as_str())];
    let is_file = cx.model.file.is_some();
    for (action, keys) in context.actions() {
        let is_of_use = match context.name.as_str() {
            "global" => EVERYWHERE.contains(&action),
            _ => !OF_A_SESSION.contains(&action),
        };
        if is_file && !is_of_use {
            continue;
        }
        let keys = keys.join(" ");
        let told = format!("{heading} {keys} {}", action.meaning()).to_lowercase();
        if !words.split_whitespace().all(|word| told.contains(word)) {
            continue;
        }
        lines.push(Line::from(vec![
            cx.span(
                Role::Key,
                measure::pad(&keys, KEYS.max(measure::width(&keys))),
            ),
            Span::raw("  "),
            cx.span(Role::Text, action.meaning()),
        ]));
    }
    lines
}

/// Where a context applies.
fn heading(name: &str) -> String {
    let words = match name {
        "help" => "In this help",
        "always" => "Always",
        "global" => "Everywhere",
        "list" => "Inside a pane",
        "popup" => "In a question",
        "composer" => "Composing a request",
        "form" => "In the form of a request",
        "choice" => "At a choice in a form",
        "picker" => "In a list to search",
        "confirm" => "At yes or no",
        "text" => "While typing",
        "search" => "While searching",
        "resources" => "Lists of the API",
        "filter" => "While typing a filter",
        "program" => "While typing jq or a command",
        "export" => "Copy or export",
        "saving" => "Saving a request",
        "run" => "Sending several requests",
        "guide" => "Keys of your own",
        "profiles" => "Choosing a profile",
        "fields" => "Profile or test user",
        name => {
            let pane = panes::all().into_iter().find(|pane| pane.id() == name);
            return pane.map_or_else(|| name.to_owned(), |pane| pane.title().to_owned());
        }
    };
    words.to_owned()
}
