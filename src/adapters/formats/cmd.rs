//! Splits what browsers copy for the command prompt of Windows into commands and words: `^` in the place of the backslash,
//! and quotes as C programs read them. Runs nothing.

use crate::adapters::formats::marked;
use crate::adapters::formats::shell::Command;

/// Whether `text` is for that prompt: its first command has quotes that are marked by `^`, or goes on behind it.
pub(super) fn is_for_windows(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| line.starts_with("curl"));
    first.is_some_and(|line| {
        let rest = line.trim_start_matches("curl").trim_start_matches(".exe");
        rest.trim_start().starts_with("^\"") || rest.ends_with(" ^")
    })
}

/// The commands of `text`, in order. Never fails: a quote that is not closed ends with the text.
pub(super) fn commands(text: &str) -> Vec<Command> {
    let clean = marked::clean(text).replace("\r\n", "\n");
    let mut rest = clean.chars().peekable();
    let mut all = Vec::new();
    let (mut line, mut start, mut is_quoted) = (1, 1, false);
    // One command as the program would get it.
    let mut given = String::new();
    while let Some(c) = rest.next() {
        line += usize::from(c == '\n');
        match c {
            '^' if !is_quoted => match rest.next() {
                // A line that goes on; an empty one behind it stands for a new line.
                Some('\n') => {
                    line += 1;
                    if rest.next_if_eq(&'\n').is_some() {
                        line += 1;
                        given.push('\n');
                    }
                }
                Some(c) => given.push(c),
                None => {}
            },
            '\n' | '&' | '|' if !is_quoted => {
                all.push((start, std::mem::take(&mut given)));
                start = line;
            }
            '"' => {
                is_quoted = !is_quoted;
                given.push(c);
            }
            c => given.push(c),
        }
    }
    all.push((start, given));
    let command = |(line, given): (usize, String)| Command {
        line,
        words: words(&given),
        ..Command::default()
    };
    let commands = all.into_iter().map(command);
    commands
        .filter(|command| !command.words.is_empty())
        .collect()
}

/// The words as C programs of Windows read them: a backslash is one only before quotes.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let (mut is_quoted, mut slashes) = (false, 0);
    for c in text.chars() {
        if c == '\\' {
            slashes += 1;
            continue;
        }
        let is_end = !is_quoted && (c == ' ' || c == '\t');
        let kept = if c == '"' { slashes / 2 } else { slashes };
        if kept > 0 {
            word.get_or_insert_default().push_str(&"\\".repeat(kept));
        }
        match c {
            '"' if slashes % 2 == 1 => word.get_or_insert_default().push(c),
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            _ if is_end => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
        slashes = 0;
    }
    if slashes > 0 {
        word.get_or_insert_default().push_str(&"\\".repeat(slashes));
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(text: &str) -> Vec<String> {
        let [command] = &commands(text)[..] else {
            panic!("{:?}", commands(text));
        };
        command.words.clone()
    }

    #[test]
    fn what_a_browser_copies_is_read() {
        let text = "curl ^\"https://a.example/v1?x=1^&y=^%^C3^%^A4^\" ^\r\n  -H ^\"accept: a/b^\" ^\r\n  --data-raw ^\"^{^\\^\"a^\\^\":^\\^\"b^\n\nc^\\^\"^}^\"\r\n";
        assert!(is_for_windows(text));
        assert_eq!(
            one(text),
            [
                "curl",
                "https://a.example/v1?x=1&y=%C3%A4",
                "-H",
                "accept: a/b",
                "--data-raw",
                "{\"a\":\"b\nc\"}"
            ]
        );
    }

    #[test]
    fn what_documentation_gives_is_read() {
        let text =
            "curl \"https://a.example/x?a=1&b=2\" ^\n -d \"{\\\"a\\\": \\\"C:\\\\x y\\\"}\"\n";
        assert!(is_for_windows(text));
        assert_eq!(
            one(text),
            [
                "curl",
                "https://a.example/x?a=1&b=2",
                "-d",
                "{\"a\": \"C:\\\\x y\"}"
            ]
        );
    }

    #[test]
    fn each_command_knows_its_line() {
        let all = commands("curl ^\n  a\n\ncurl b & curl c");
        let lines: Vec<_> = all.iter().map(|one| (one.line, one.words.len())).collect();
        assert_eq!(lines, [(1, 2), (4, 2), (4, 2)]);
        assert!(!is_for_windows("curl 'https://a.example/?q=a^b' \\\n -H x"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_word_that_is_quoted_as_browsers_do_comes_back(word in "[ -~äß]{0,30}") {
            let mut quoted = String::from("^\"");
            let mut slashes = 0;
            for c in word.chars() {
                match c {
                    '\\' => slashes += 1,
                    '"' => {
                        quoted.push_str(&"^\\".repeat(slashes + 1));
                        slashes = 0;
                    }
                    _ => slashes = 0,
                }
                quoted.push('^');
                quoted.push(c);
            }
            quoted.push_str(&"^\\".repeat(slashes));
            quoted.push_str("^\"");
            prop_assert_eq!(one(&format!("curl {quoted}")), ["curl".to_owned(), word]);
        }
    }
}
