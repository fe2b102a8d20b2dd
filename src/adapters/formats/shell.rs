//! Splits shell text into commands and words, as far as curl commands need it. Runs nothing.

use std::iter::Peekable;
use std::str::Chars;

use crate::adapters::formats::marked;

/// One command: its words, without quotes, variables marked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    /// Where it starts, counted from 1.
    pub(super) line: usize,
    pub(super) words: Vec<String>,
    /// What stands in it that this lexer only skips.
    pub(super) skipped: Vec<&'static str>,
    /// Whether a quote in it is never closed.
    pub(super) is_cut: bool,
}

/// The commands of `text`, in order. Never fails: a quote that is not closed ends with the text.
pub(super) fn commands(text: &str) -> Vec<Command> {
    let clean = marked::clean(text).replace("\r\n", "\n");
    let mut lexer = Lexer {
        rest: clean.chars().peekable(),
        line: 1,
        commands: Vec::new(),
        command: Command::default(),
        word: None,
    };
    lexer.run();
    lexer.commands
}

struct Lexer<'a> {
    rest: Peekable<Chars<'a>>,
    line: usize,
    commands: Vec<Command>,
    command: Command,
    word: Option<String>,
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(c) = self.next() {
            match c {
                ' ' | '\t' => self.end_word(),
                '\n' | ';' | '|' | '&' => self.end_command(),
                '#' if self.word.is_none() => while self.next_if(|c| c != '\n').is_some() {},
                '>' | '<' => self.redirection(),
                '\\' => match self.next() {
                    Some('\n') | None => {}
                    Some(c) => self.push(c),
                },
                '\'' => self.single(),
                '"' => self.double(),
                '$' if self.next_if(|c| c == '\'').is_some() => self.ansi(),
                '$' => self.dollar(),
                '`' => {
                    self.skip("a command substitution");
                    self.push(c);
                }
                c => self.push(c),
            }
        }
        self.end_command();
    }

    fn next(&mut self) -> Option<char> {
        let next = self.rest.next();
        if next == Some('\n') {
            self.line += 1;
        }
        next
    }

    fn next_if(&mut self, is_wanted: impl Fn(char) -> bool) -> Option<char> {
        self.rest.peek().copied().filter(|c| is_wanted(*c))?;
        self.next()
    }

    fn push(&mut self, c: char) {
        self.word().push(c);
    }

    fn push_str(&mut self, text: &str) {
        self.word().push_str(text);
    }

    fn word(&mut self) -> &mut String {
        if self.word.is_none() && self.command.words.is_empty() {
            self.command.line = self.line;
        }
        self.word.get_or_insert_default()
    }

    fn skip(&mut self, what: &'static str) {
        self.command.skipped.push(what);
    }

    fn end_word(&mut self) {
        if let Some(word) = self.word.take() {
            self.command.words.push(word);
        }
    }

    fn end_command(&mut self) {
        self.end_word();
        if !self.command.words.is_empty() {
            self.commands.push(std::mem::take(&mut self.command));
        }
    }

    /// Drops `>` and the file after it, and a number before it.
    fn redirection(&mut self) {
        if self
            .word
            .as_ref()
            .is_some_and(|word| word.chars().all(|c| c.is_ascii_digit()))
        {
            self.word = None;
        }
        self.end_word();
        while self.next_if(|c| "><& \t".contains(c)).is_some() {}
        while self
            .next_if(|c| !c.is_whitespace() && !";|&".contains(c))
            .is_some()
        {}
        self.skip("a redirection");
    }

    /// What comes next before `quote`; that it never comes is noted.
    fn until(&mut self, quote: char) -> Option<char> {
        let next = self.next();
        if next.is_none() {
            self.command.is_cut = true;
        }
        next.filter(|c| *c != quote)
    }

    fn single(&mut self) {
        self.push_str("");
        while let Some(c) = self.until('\'') {
            self.push(c);
        }
    }

    fn double(&mut self) {
        self.push_str("");
        while let Some(c) = self.until('"') {
            match c {
                '\\' => match self.next_if(|c| "$`\"\\\n".contains(c)) {
                    Some('\n') => {}
                    Some(c) => self.push(c),
                    None => self.push('\\'),
                },
                '$' => self.dollar(),
                '`' => {
                    self.skip("a command substitution");
                    self.push(c);
                }
                c => self.push(c),
            }
        }
    }

    /// `$NAME` and `${NAME}`; any other dollar is one.
    fn dollar(&mut self) {
        let is_braced = self.next_if(|c| c == '{').is_some();
        let mut name = String::new();
        while let Some(c) = self.next_if(|c| c.is_ascii_alphanumeric() || c == '_') {
            name.push(c);
        }
        if is_braced {
            let mut has_more = false;
            while self.next_if(|c| c != '}').is_some() {
                has_more = true;
            }
            self.next();
            if has_more {
                self.skip("the default of a variable");
            }
        }
        if !name.is_empty() {
            self.push_str(&marked::variable(&name));
        } else {
            if self.rest.peek() == Some(&'(') {
                self.skip("a command substitution");
            }
            self.push('$');
        }
    }

    /// `$'…'` with the escapes of ANSI C.
    fn ansi(&mut self) {
        let mut bytes = Vec::new();
        while let Some(c) = self.until('\'') {
            if c != '\\' {
                bytes.extend(c.to_string().bytes());
                continue;
            }
            let Some(letter) = self.next() else {
                break;
            };
            match letter {
                'n' => bytes.push(b'\n'),
                't' => bytes.push(b'\t'),
                'r' => bytes.push(b'\r'),
                'a' => bytes.push(7),
                'b' => bytes.push(8),
                'e' | 'E' => bytes.push(27),
                'f' => bytes.push(12),
                'v' => bytes.push(11),
                'x' => bytes.push(low_byte(self.number("", 16, 2))),
                '0'..='7' => bytes.push(low_byte(self.number(&letter.to_string(), 8, 3))),
                'u' | 'U' => {
                    let mut unit = self.number("", 16, if letter == 'u' { 4 } else { 8 });
                    // Browsers write half a character at a time.
                    if (0xD800..0xDC00).contains(&unit) && self.is_low_surrogate() {
                        self.next();
                        self.next();
                        unit = 0x10000 + ((unit - 0xD800) << 10) + (self.number("", 16, 4) & 0x3FF);
                    }
                    bytes.extend(
                        char::from_u32(unit)
                            .unwrap_or(char::REPLACEMENT_CHARACTER)
                            .to_string()
                            .bytes(),
                    );
                }
                other => bytes.extend(other.to_string().bytes()),
            }
        }
        self.push_str(&String::from_utf8_lossy(&bytes));
    }

    fn is_low_surrogate(&self) -> bool {
        let ahead: String = self.rest.clone().take(6).collect();
        let digits = ahead
            .strip_prefix("\\u")
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        digits.is_some_and(|unit| (0xDC00..0xE000).contains(&unit))
    }

    fn number(&mut self, start: &str, radix: u32, longest: usize) -> u32 {
        let mut digits = start.to_owned();
        while digits.len() < longest
            && let Some(c) = self.next_if(|c| c.is_digit(radix))
        {
            digits.push(c);
        }
        u32::from_str_radix(&digits, radix).unwrap_or_default()
    }
}

fn low_byte(number: u32) -> u8 {
    number.to_le_bytes()[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<String> {
        let commands = commands(text);
        commands
            .into_iter()
            .flat_map(|command| command.words)
            .map(|word| marked::template(&word))
            .collect()
    }

    #[test]
    fn quotes_are_taken_off_as_a_shell_does() {
        for (text, expected) in [
            ("a 'b c' \"d 'e'\" f\\ g", vec!["a", "b c", "d 'e'", "f g"]),
            ("'it'\\''s' \"\" ''", vec!["it's", "", ""]),
            (
                "\"a\\$b\\n\\\"\" $'a\\n\\'\\x41\\u00e9\\xc3\\xa9\\041'",
                vec!["a$b\\n\"", "a\n'Aéé!"],
            ),
            ("$'\\ud83d\\ude00' $'\\U0001F600'", vec!["😀", "😀"]),
            (
                "\"Bearer $TOKEN\" ${A_1}x '$B' $ 5$",
                vec!["Bearer {{env.TOKEN}}", "{{env.A_1}}x", "$B", "$", "5$"],
            ),
            ("a \\\n  b # c\n", vec!["a", "b"]),
            ("a#b > /dev/null 2>&1", vec!["a#b"]),
            ("'open", vec!["open"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn commands_are_told_apart_with_their_lines() {
        let found = commands("a b\n\n\nc && d | e `f`\r\ng");
        let lines: Vec<_> = found
            .iter()
            .map(|command| (command.line, command.words.join(" ")))
            .collect();
        let expected = [(1, "a b"), (4, "c"), (4, "d"), (4, "e `f`"), (5, "g")];
        assert_eq!(
            lines,
            expected.map(|(line, words)| (line, words.to_owned()))
        );
        assert_eq!(found[3].skipped, ["a command substitution"; 2]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_split_without_a_panic(text in r#"(\$'|[\\'"$`{}<>&|;# \nux0-9aé]){0,24}"#) {
            let _ = commands(&text);
        }
    }
}
