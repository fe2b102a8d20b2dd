//! What the Inspector shows before the first call: the steps of Astra's getting-started guide, and how far they are.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::guide::{self, StepState};
use crate::config::{Action, Role};
use crate::ui::pane::Cx;
use crate::ui::widgets::scroll::Scroll;
use crate::ui::widgets::{rows, wrap};

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, scroll: &mut Scroll, cx: &Cx<'_>) {
    let lines = lines(area, cx);
    let first = scroll.fit(lines.len(), area.height);
    rows::draw(frame, area, lines.into_iter().skip(first));
}

/// The step to take now.
pub(super) fn summary(cx: &Cx<'_>) -> String {
    let mut steps = guide::steps(cx.model).into_iter();
    let next = steps.find(|step| step.state == StepState::Next);
    next.map_or_else(|| "no call yet".into(), |step| step.detail)
}

fn lines(area: Rect, cx: &Cx<'_>) -> Vec<Line<'static>> {
    let room = usize::from(area.width).saturating_sub(6);
    let steps = guide::steps(cx.model);
    let welcome = "Getting started: five steps from here to the accounts of a test user.";
    // Titles and details need two rows each, and air between them a third.
    let (has_air, has_details) = (area.height >= 18, area.height >= 10);
    let mut lines = Vec::new();
    let mut say = |margin: &str, role, text: &str| {
        for piece in wrap::words(text, room) {
            lines.push(Line::from(vec![
                Span::raw(margin.to_owned()),
                cx.span(role, piece),
            ]));
        }
    };
    if area.height >= 7 {
        say("   ", Role::Text, welcome);
    }
    if has_air {
        lines.push(Line::default());
    }
    for step in &steps {
        let (mark, title) = match step.state {
            StepState::Done => ((Role::Success, "✓"), Role::Text),
            StepState::Next => ((Role::Accent, "▸"), Role::Strong),
            StepState::Later => ((Role::Muted, "·"), Role::Muted),
        };
        lines.push(Line::from(vec![
            cx.span(mark.0, format!(" {} ", mark.1)),
            cx.span(title, step.title),
        ]));
        if has_details || step.state == StepState::Next {
            let role = if step.state == StepState::Next {
                Role::Accent
            } else {
                Role::Muted
            };
            for piece in wrap::words(&step.detail, room) {
                lines.push(Line::from(vec![Span::raw("     "), cx.span(role, piece)]));
            }
        }
        if has_air {
            lines.push(Line::default());
        }
    }
    // Only where the session has none: nobody else has to read past it.
    if cx.model.profiles.owned().next().is_none() && area.height > rows::count(lines.len()) {
        let key = cx.key("inspector", Action::ShowGuide);
        let words =
            format!("   Keys of your own at Astra? {key} leads from there to the first call.");
        lines.push(cx.line(Role::Muted, words));
    }
    lines
}
