//! Fields with a closed list of values: stepping through it, and jumping to a value by its first letter.

use crossterm::event::{KeyCode, KeyEvent};

use crate::app::composer::Input;
use crate::domain::Kind;

/// What to choose from; nothing where anything may be typed.
pub(super) fn of(input: &Input) -> Vec<&str> {
    let listed = input.choices();
    match input.field.kind {
        Kind::Boolean if listed.is_empty() => vec!["true", "false"],
        _ => listed.iter().map(String::as_str).collect(),
    }
}

/// The value after, or before, the one that is chosen; one of them is to leave it out, where that is allowed.
pub(super) fn step(input: &Input, is_forward: bool) -> String {
    let mut all = of(input);
    if !input.field.required {
        all.insert(0, "");
    }
    let count = all.len().max(1);
    let index = match (all.iter().position(|text| *text == input.text), is_forward) {
        (Some(at), true) => (at + 1) % count,
        (Some(at), false) => (at + count - 1) % count,
        (None, true) => 0,
        (None, false) => count - 1,
    };
    all.get(index).copied().unwrap_or_default().to_owned()
}

/// What a typed key chooses: a letter the next value that begins with it, Backspace nothing.
pub(super) fn typed(input: &Input, key: KeyEvent) -> Option<String> {
    let letter = match key.code {
        KeyCode::Backspace | KeyCode::Delete => return Some(String::new()),
        KeyCode::Char(letter) if key.modifiers.is_empty() => letter,
        _ => return None,
    };
    let all = of(input);
    let at = all.iter().position(|text| *text == input.text);
    let start = at.map_or(0, |at| at + 1);
    let mut around = all.iter().cycle().skip(start).take(all.len());
    let found = around.find(|text| text.starts_with(letter.to_ascii_lowercase()));
    found.map(|text| (*text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::composer::Place;
    use crate::domain::Field;

    fn input(text: &str, required: bool) -> Input {
        let values = ["ach", "debit", "delayed"];
        Input {
            place: Place::Body,
            path: vec!["type".into()],
            field: Field {
                values: values.map(String::from).to_vec(),
                required,
                ..Field::default()
            },
            text: text.into(),
        }
    }

    #[test]
    fn choices_go_round_and_may_be_left_out_only_where_allowed() {
        assert_eq!(step(&input("delayed", true), true), "ach");
        assert_eq!(step(&input("ach", true), false), "delayed");
        assert_eq!(step(&input("delayed", false), true), "");
        assert_eq!(step(&input("", false), true), "ach");
        assert_eq!(step(&input("odd", true), true), "ach");
    }

    #[test]
    fn a_letter_jumps_to_the_next_value_that_begins_with_it() {
        let key = |letter| KeyEvent::from(KeyCode::Char(letter));
        assert_eq!(typed(&input("ach", true), key('d')).unwrap(), "debit");
        assert_eq!(typed(&input("debit", true), key('d')).unwrap(), "delayed");
        assert_eq!(typed(&input("delayed", true), key('D')).unwrap(), "debit");
        assert_eq!(typed(&input("ach", true), key('x')), None);
        let backspace = KeyEvent::from(KeyCode::Backspace);
        assert_eq!(typed(&input("ach", true), backspace).unwrap(), "");
    }
}
