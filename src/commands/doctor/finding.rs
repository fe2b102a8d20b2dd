//! How something was found to be, and the line that tells it.

use std::path::Path;

use crate::commands::output::{Colours, Tone};
use crate::domain::Problem;
use crate::ui::widgets::visible::visible_lines;

/// Columns of what was looked at.
const LABELS: usize = 16;

/// How something was found to be.
pub(super) enum State {
    Well(String),
    /// It does not apply here.
    Apart(String),
    /// It works, but not as well as it could.
    Doubtful(Problem),
    Broken(Problem),
}

/// What was looked at, and how it was found to be.
pub(super) type Finding = (String, State);

pub(super) fn line((what, state): &Finding, colours: Colours) -> String {
    let (tone, mark, problem) = match state {
        State::Well(words) | State::Apart(words) => {
            let (tone, mark) = match state {
                State::Well(_) => (Tone::Good, "✓"),
                _ => (Tone::Faint, "–"),
            };
            let words = visible_lines(words);
            return format!("{} {what:LABELS$} {words}\n", colours.paint(tone, mark));
        }
        State::Doubtful(problem) => (Tone::Faint, "!", problem),
        State::Broken(problem) => (Tone::Wrong, "✗", problem),
    };
    let mut text = format!(
        "{} {what:LABELS$} {}",
        colours.paint(tone, mark),
        visible_lines(&problem.what)
    );
    if let Some(why) = &problem.why {
        text += &format!(": {}", visible_lines(why));
    }
    text.push('\n');
    if let Some(hint) = &problem.hint {
        text += &format!("  {:LABELS$} → {}\n", "", visible_lines(hint));
    }
    text
}

/// The same with the folder of the file, where nothing is said yet of how to mend it.
pub(super) fn in_folder(state: State, folder: &Path) -> State {
    match state {
        State::Broken(problem) if problem.hint.is_none() => {
            State::Broken(problem.hint(format!("correct it in {}", folder.display())))
        }
        state => state,
    }
}

/// The last line.
pub(super) fn summary(findings: &[Finding]) -> String {
    let is_to_look_at =
        |(_, state): &&Finding| matches!(state, State::Doubtful(_) | State::Broken(_));
    match findings.iter().filter(is_to_look_at).count() {
        0 => "\nall well\n".into(),
        count => format!("\n{count} to look at\n"),
    }
}

/// The words of an error of a command, of which the last line may be a hint.
pub(super) fn broken(error: &anyhow::Error) -> State {
    let text = format!("{error:#}");
    let (what, hint) = match text.split_once("\nhint: ") {
        Some((what, hint)) => (what.to_owned(), Some(hint.to_owned())),
        None => (text, None),
    };
    let problem = Problem::new(what);
    State::Broken(match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    })
}

pub(super) fn judged(what: impl Into<String>, result: Result<String, Problem>) -> Finding {
    let state = match result {
        Ok(words) => State::Well(words),
        Err(problem) => State::Broken(problem),
    };
    (what.into(), state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_broken_is_told_with_what_to_do() {
        let finding = (
            "data folder".to_owned(),
            State::Broken(Problem::new("a").because("b").hint("c")),
        );
        let text = line(&finding, Colours::none());
        assert_eq!(text, "✗ data folder      a: b\n                   → c\n");
        assert_eq!(summary(&[finding]), "\n1 to look at\n");
    }

    #[test]
    fn what_does_not_apply_is_nothing_to_look_at() {
        let finding = ("terminal".to_owned(), State::Apart("none here".into()));
        assert_eq!(
            line(&finding, Colours::none()),
            "– terminal         none here\n"
        );
        assert_eq!(summary(&[finding]), "\nall well\n");
    }
}
