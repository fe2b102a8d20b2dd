//! Makes characters visible that would act on the terminal, or hide, instead of being read. Everything drawn goes through it.

use std::borrow::Cow;
use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

/// `text` with control, direction and invisible characters spelled out: `␛`, `␊`, `<U+202E>`.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        push(&mut shown, letter);
    }
    Cow::Owned(shown)
}

/// The same of text that may have several lines: breaks between them and tabs stay.
pub(crate) fn visible_lines(text: &str) -> Cow<'_, str> {
    let is_plain = |letter: char| !is_hidden(letter) || matches!(letter, '\n' | '\t');
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' | '\t' => shown.push(letter),
            '\r' if letters.peek() == Some(&'\n') => {} // the break between two lines, as HTTP has it
            letter => push(&mut shown, letter),
        }
    }
    Cow::Owned(shown)
}

/// Appends `letter` to `shown`, visibly.
pub(crate) fn push(shown: &mut String, letter: char) {
    match letter {
        '\0'..='\x1f' => shown.extend(char::from_u32(0x2400 + u32::from(letter))),
        '\x7f' => shown.push('␡'),
        // Writing to a String cannot fail.
        letter if is_hidden(letter) => drop(write!(shown, "<U+{:04X}>", u32::from(letter))),
        letter => shown.push(letter),
    }
}

/// Columns that `letter` takes when it is made visible.
pub(crate) fn width(letter: char) -> usize {
    match letter {
        '\0'..='\x1f' | '\x7f' => 1,
        letter if is_hidden(letter) => {
            let digits = if u32::from(letter) > 0xffff { 5 } else { 4 };
            "<U+>".len() + digits
        }
        letter => letter.width().unwrap_or(0),
    }
}

/// Whether `letter` acts or hides instead of being seen.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{ad}' // soft hyphen
            | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // direction
            | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}' // no width
            | '\u{2028}' | '\u{2029}' // line breaks
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' // annotations, tags
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_is_borrowed_as_it_is() {
        for text in ["", "Ada Byron", "Zoë 漢字 🦀", "👩‍👩‍👧"] {
            assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn lines_stay_lines() {
        for text in ["one\n\ttwo", "Zoë\n"] {
            assert!(matches!(visible_lines(text), Cow::Borrowed(same) if same == text));
        }
        assert_eq!(visible_lines("a\r\nb\rc\x1b[2A\n"), "a\nb␍c␛[2A\n");
        assert_eq!(visible_lines("\u{9b}2J\u{202e}"), "<U+009B>2J<U+202E>");
    }

    #[test]
    fn nothing_that_acts_on_a_terminal_is_left() {
        assert_eq!(visible("\x1b[31mred\r\n\t\0"), "␛[31mred␍␊␉␀");
        assert_eq!(visible("\u{9b}2J\x7f"), "<U+009B>2J␡");
        assert_eq!(visible("a\u{202e}b\u{2066}"), "a<U+202E>b<U+2066>");
        assert_eq!(visible("\u{feff}x\u{200b}"), "<U+FEFF>x<U+200B>");
        for letter in ['a', '漢', '\x1b', '\x7f', '\u{202e}', '\u{e0001}', '\u{9b}'] {
            let mut shown = String::new();
            push(&mut shown, letter);
            assert_eq!(
                width(letter),
                unicode_width::UnicodeWidthStr::width(shown.as_str())
            );
        }
        let all: String = (0..=0x10_ffff_u32).filter_map(char::from_u32).collect();
        assert!(!visible(&all).chars().any(is_hidden));
    }
}
