//! Text broken into lines of a width: at blanks for sentences, behind separators for URLs. Nothing is left out.

use unicode_width::UnicodeWidthChar;

use crate::ui::widgets::visible::visible;

/// Breaks `text` at blanks; a word that is longer than a line is broken where the line ends. Line breaks stay.
pub(crate) fn words(text: &str, columns: usize) -> Vec<String> {
    text.lines()
        .flat_map(|line| pieces(&visible(line), columns, |letter| letter == ' '))
        .map(|line| line.trim_end().to_owned())
        .collect()
}

/// Breaks a URL, or another text without blanks, behind `/`, `&`, `?`, `,` where that is possible.
pub(crate) fn url(text: &str, columns: usize) -> Vec<String> {
    let is_separator = |letter| matches!(letter, '/' | '&' | '?' | ',' | ' ');
    pieces(&visible(text), columns, is_separator)
}

/// Breaks `text` behind the last letter that may end a line, or where the line is full.
fn pieces(text: &str, columns: usize, may_end: impl Fn(char) -> bool) -> Vec<String> {
    let columns = columns.max(1);
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for letter in text.chars() {
        let width = letter.width().unwrap_or(0);
        // A blank at the end of a line may hang over: it is not seen.
        if used + width > columns && !(letter == ' ' && may_end(' ')) {
            let end = line
                .char_indices()
                .rev()
                .find(|(at, letter)| may_end(*letter) && !is_in_scheme(&line, *at));
            let rest = match end {
                Some((at, letter)) => line.split_off(at + letter.len_utf8()),
                None => String::new(),
            };
            used = rest.chars().map(|letter| letter.width().unwrap_or(0)).sum();
            lines.push(std::mem::replace(&mut line, rest));
        }
        used += width;
        line.push(letter);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// Whether the slash `at` is one of those of `http://`.
fn is_in_scheme(line: &str, at: usize) -> bool {
    line.get(..at)
        .is_some_and(|before| before.ends_with(':') || before.ends_with(":/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_break_at_blanks() {
        assert_eq!(words("press a to sign in", 8), ["press a", "to sign", "in"]);
        assert_eq!(words("one\ntwo", 8), ["one", "two"]);
        assert_eq!(words("unbreakable", 4), ["unbr", "eaka", "ble"]);
        assert_eq!(words("漢字漢字", 4), ["漢字", "漢字"]);
        assert!(words("", 4).is_empty());
        assert_eq!(words("a\x1bb", 0), ["a", "␛", "b"]);
    }

    #[test]
    fn a_url_breaks_behind_its_separators_and_loses_nothing() {
        let text = "http://127.0.0.1:4000/login/oauth/authorize?client_id=app&response_type=code";
        let lines = url(text, 30);
        assert_eq!(lines.concat(), text);
        assert_eq!(lines[0], "http://127.0.0.1:4000/login/");
        assert_eq!(lines[1], "oauth/authorize?client_id=app&");
        assert_eq!(
            url("http://127.0.0.1:80/x", 19),
            ["http://127.0.0.1:80", "/x"]
        );
        assert!(lines.iter().all(|line| line.len() <= 30), "{lines:?}");
    }
}
