//! One key with its modifiers: read from text, from the terminal, and spelled for a person. Bound to nothing here.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key pressed together with modifiers, in one spelling whatever the terminal sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Chord {
    code: KeyCode,
    modifiers: KeyModifiers,
}

const MODIFIERS: [(&str, KeyModifiers); 3] = [
    ("ctrl-", KeyModifiers::CONTROL),
    ("alt-", KeyModifiers::ALT),
    ("shift-", KeyModifiers::SHIFT),
];

impl Chord {
    /// Reads `q`, `G`, `ctrl-u`, `shift-tab`, `f5`; `None` for what is no key.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut rest, mut modifiers) = (text, KeyModifiers::NONE);
        while let Some((prefix, modifier)) = MODIFIERS
            .iter()
            .find(|(prefix, _)| rest.len() > prefix.len() && has_prefix(rest, prefix))
        {
            rest = rest.get(prefix.len()..)?;
            modifiers |= *modifier;
        }
        let mut letters = rest.chars();
        if let (Some(letter), None) = (letters.next(), letters.next()) {
            return Some(Self::new(KeyCode::Char(letter), modifiers));
        }
        // Names of keys are crokey's; letters are not left to it, since it does not tell `G` from `g`.
        let named = crokey::parse(rest).ok()?;
        let code = named.codes.iter().copied().next()?;
        (named.codes.len() == 1).then(|| Self::new(code, modifiers | named.modifiers))
    }

    fn new(code: KeyCode, modifiers: KeyModifiers) -> Self {
        let known = KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT;
        let modifiers = modifiers & known;
        match code {
            // A letter says by itself whether shift was held; terminals differ in whether they repeat it.
            KeyCode::Char(letter) => {
                let is_shifted = modifiers.contains(KeyModifiers::SHIFT);
                let letter = if is_shifted && letter.is_lowercase() {
                    letter.to_uppercase().next().unwrap_or(letter)
                } else {
                    letter
                };
                Self {
                    code: KeyCode::Char(letter),
                    modifiers: modifiers - KeyModifiers::SHIFT,
                }
            }
            KeyCode::BackTab => Self {
                code: KeyCode::Tab,
                modifiers: modifiers | KeyModifiers::SHIFT,
            },
            code => Self { code, modifiers },
        }
    }

    /// The letter that this chord types, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(letter) if self.modifiers.is_empty() => Some(letter),
            _ => None,
        }
    }

    /// The chord without `alt`, if it has it: terminals send Escape and a key pressed right after it as that.
    pub fn without_alt(self) -> Option<Self> {
        self.modifiers
            .contains(KeyModifiers::ALT)
            .then(|| Self::new(self.code, self.modifiers - KeyModifiers::ALT))
    }

    /// The modifiers that are held.
    pub fn modifiers(self) -> KeyModifiers {
        self.modifiers
    }

    /// The Escape key.
    pub fn escape() -> Self {
        Self::new(KeyCode::Esc, KeyModifiers::NONE)
    }
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

impl From<KeyEvent> for Chord {
    fn from(event: KeyEvent) -> Self {
        Self::new(event.code, event.modifiers)
    }
}

/// As it is shown to a person: `q`, `Ctrl-u`, `Shift-Tab`, `↑`.
impl fmt::Display for Chord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (modifier, name) in [
            (KeyModifiers::CONTROL, "Ctrl-"),
            (KeyModifiers::ALT, "Alt-"),
            (KeyModifiers::SHIFT, "Shift-"),
        ] {
            if self.modifiers.contains(modifier) {
                f.write_str(name)?;
            }
        }
        match self.code {
            KeyCode::Char(' ') => f.write_str("Space"),
            KeyCode::Char(letter) => write!(f, "{letter}"),
            KeyCode::Up => f.write_str("↑"),
            KeyCode::Down => f.write_str("↓"),
            KeyCode::Left => f.write_str("←"),
            KeyCode::Right => f.write_str("→"),
            KeyCode::PageUp => f.write_str("PgUp"),
            KeyCode::PageDown => f.write_str("PgDn"),
            KeyCode::F(number) => write!(f, "F{number}"),
            code => write!(f, "{code:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        Chord::parse(text).map(|chord| chord.to_string())
    }

    #[test]
    fn chords_are_read_and_shown() {
        for (text, expected) in [
            ("q", "q"),
            ("G", "G"),
            ("shift-g", "G"),
            ("ctrl-u", "Ctrl-u"),
            ("Ctrl-U", "Ctrl-U"),
            ("shift-tab", "Shift-Tab"),
            ("backtab", "Shift-Tab"),
            ("-", "-"),
            ("ctrl--", "Ctrl--"),
            ("é", "é"),
            ("space", "Space"),
            ("pageup", "PgUp"),
            ("up", "↑"),
            ("f5", "F5"),
            ("enter", "Enter"),
            ("esc", "Esc"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "ctrl-", "hello", "ctrl-hello", "a-b"] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn what_a_terminal_sends_is_spelled_in_one_way() {
        let key = |code, modifiers| Chord::from(KeyEvent::new(code, modifiers));
        let shift = KeyModifiers::SHIFT;
        assert_eq!(key(KeyCode::Char('G'), shift), Chord::parse("G").unwrap());
        assert_eq!(key(KeyCode::Char('g'), shift), Chord::parse("G").unwrap());
        let back = Chord::parse("shift-tab").unwrap();
        assert_eq!(key(KeyCode::BackTab, shift), back);
        assert_eq!(key(KeyCode::Tab, shift), back);
    }

    #[test]
    fn only_plain_letters_are_typed() {
        assert_eq!(Chord::parse("G").unwrap().typed(), Some('G'));
        assert_eq!(Chord::parse("ctrl-g").unwrap().typed(), None);
        assert_eq!(Chord::parse("enter").unwrap().typed(), None);
        let alt = Chord::parse("alt-q").unwrap();
        assert_eq!(alt.without_alt(), Chord::parse("q"));
    }
}
