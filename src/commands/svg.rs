//! A frame as an SVG picture that looks like a terminal.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};

/// Width of a cell at a font size of 14, for the usual monospaced fonts.
const CELL_WIDTH: f32 = 8.43;
/// Height of a cell.
const CELL_HEIGHT: f32 = 18.0;
/// From the top of a cell to the line that letters stand on.
const BASELINE: f32 = 13.5;
/// Room around the cells.
const MARGIN: f32 = 14.0;

const BACKGROUND: &str = "#16181d";
const FOREGROUND: &str = "#d6d8de";

/// The sixteen colours that a terminal brings along, in the order of their numbers.
const ANSI: [&str; 16] = [
    "#30343c", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4",
    "#6b7280", "#ff7b86", "#b5e08c", "#ffd68a", "#7cc4ff", "#d89cf0", "#6fd3de", "#ffffff",
];

/// Draws `frame`.
pub(crate) fn render(frame: &Buffer) -> String {
    let (columns, rows) = (frame.area.width, frame.area.height);
    let width = f32::from(columns) * CELL_WIDTH + 2.0 * MARGIN;
    let height = f32::from(rows) * CELL_HEIGHT + 2.0 * MARGIN;
    let mut svg = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        svg,
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0}" height="{height:.0}" viewBox="0 0 {width:.0} {height:.0}" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>"#
    );
    for row in 0..rows {
        let mut column = 0;
        while column < columns {
            column = run(&mut svg, frame, row, column);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Draws the cells from `column` on that look alike, and answers with the column after them.
fn run(svg: &mut String, frame: &Buffer, row: u16, column: u16) -> u16 {
    let first = &frame[(column, row)];
    let mut text = String::new();
    let mut end = column;
    while end < frame.area.width && is_alike(first, &frame[(end, row)]) {
        text.push_str(frame[(end, row)].symbol());
        end += 1;
    }
    let is_reversed = first.modifier.contains(Modifier::REVERSED);
    let (mut ink, mut paper) = (colour(first.fg), colour(first.bg));
    if is_reversed {
        (ink, paper) = (
            paper.or_else(|| Some(BACKGROUND.into())),
            ink.or_else(|| Some(FOREGROUND.into())),
        );
    }
    let x = f32::from(column) * CELL_WIDTH + MARGIN;
    let y = f32::from(row) * CELL_HEIGHT + MARGIN;
    let width = f32::from(end - column) * CELL_WIDTH;
    if let Some(paper) = paper {
        let _ = writeln!(
            svg,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{CELL_HEIGHT}" fill="{paper}"/>"#
        );
    }
    if !text.trim().is_empty() {
        let ink = ink.unwrap_or_else(|| FOREGROUND.into());
        let baseline = y + BASELINE;
        let style = style(first.modifier);
        let text = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;");
        let _ = writeln!(
            svg,
            r#"<text x="{x:.1}" y="{baseline:.1}" textLength="{width:.1}" fill="{ink}"{style}>{text}</text>"#
        );
    }
    end
}

fn is_alike(a: &Cell, b: &Cell) -> bool {
    a.fg == b.fg && a.bg == b.bg && a.modifier == b.modifier
}

fn style(modifier: Modifier) -> String {
    let attributes = [
        (Modifier::BOLD, r#" font-weight="bold""#),
        (Modifier::ITALIC, r#" font-style="italic""#),
        (Modifier::UNDERLINED, r#" text-decoration="underline""#),
        (Modifier::DIM, r#" opacity="0.7""#),
    ];
    attributes
        .iter()
        .filter(|(one, _)| modifier.contains(*one))
        .map(|(_, attribute)| *attribute)
        .collect()
}

/// `None` is the terminal's own colour.
fn colour(colour: Color) -> Option<String> {
    let ansi = |index: usize| ANSI.get(index).map(ToString::to_string);
    match colour {
        Color::Reset => None,
        Color::Rgb(red, green, blue) => Some(format!("#{red:02x}{green:02x}{blue:02x}")),
        Color::Indexed(index) if index < 16 => ansi(index.into()),
        Color::Indexed(index @ 16..=231) => {
            let level = |n: u8| if n == 0 { 0 } else { 55 + 40 * n };
            let index = index - 16;
            Some(format!(
                "#{:02x}{:02x}{:02x}",
                level(index / 36),
                level(index / 6 % 6),
                level(index % 6)
            ))
        }
        Color::Indexed(index) => {
            let grey = 8 + 10 * (index - 232);
            Some(format!("#{grey:02x}{grey:02x}{grey:02x}"))
        }
        Color::Black => ansi(0),
        Color::Red => ansi(1),
        Color::Green => ansi(2),
        Color::Yellow => ansi(3),
        Color::Blue => ansi(4),
        Color::Magenta => ansi(5),
        Color::Cyan => ansi(6),
        Color::Gray => ansi(7),
        Color::DarkGray => ansi(8),
        Color::LightRed => ansi(9),
        Color::LightGreen => ansi(10),
        Color::LightYellow => ansi(11),
        Color::LightBlue => ansi(12),
        Color::LightMagenta => ansi(13),
        Color::LightCyan => ansi(14),
        Color::White => ansi(15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn text_is_escaped_and_runs_of_one_style_are_one_element() {
        let mut frame = Buffer::empty(Rect::new(0, 0, 6, 1));
        frame.set_string(0, 0, "<a", Style::default().fg(Color::Red));
        frame.set_string(
            2,
            0,
            "&b",
            Style::default().add_modifier(Modifier::REVERSED),
        );
        let svg = render(&frame);
        assert!(svg.contains(">&lt;a</text>"), "{svg}");
        assert!(svg.contains(">&amp;b</text>"), "{svg}");
        assert_eq!(svg.matches("<text").count(), 2);
        assert!(roxmltree::Document::parse(&svg).is_ok());
    }
}
