//! Help: every key, made from the keymap, in as many columns as there is room for.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::Modal;
use crate::config::{Action, Context, Role};
use crate::ui::pane::Cx;
use crate::ui::panes;
use crate::ui::popups::frame::{self, EDGE};
use crate::ui::popups::popup::Popup;
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{measure, rows};

/// Columns of keys.
const KEYS: usize = 11;
/// Columns of a group: keys and what they do.
const GROUP: u16 = 38;
/// More groups beside each other are not easier to read.
const MOST_GROUPS: u16 = 3;

/// Contexts that there are where a file is looked at.
const OF_A_FILE: [&str; 7] = [
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

/// How help is looked at.
#[derive(Default)]
pub(super) struct Help {
    scroll: Scroll,
}

impl Popup for Help {
    fn scroll(&mut self) -> Option<&mut Scroll> {
        Some(&mut self.scroll)
    }

    fn draw(&mut self, screen: &mut Frame<'_>, area: Rect, _modal: &Modal, cx: &Cx<'_>) {
        let room = area.width.saturating_sub(EDGE.0);
        let count = (room / GROUP).clamp(1, MOST_GROUPS);
        let width = (room / count).min(GROUP);
        let columns = columns(usize::from(count), cx);
        let total = columns.iter().map(Vec::len).max().unwrap_or(0);
        let room = frame::open(screen, area, "Help", width * count, rows::count(total), cx);
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

/// The groups of keys, divided between `count` columns of about the same height.
fn columns(count: usize, cx: &Cx<'_>) -> Vec<Vec<Line<'static>>> {
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
        .map(|context| (context.name != cx.place, group(context, cx)))
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

fn group(context: &Context, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let mut lines = vec![cx.line(Role::Strong, heading(&context.name))];
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
