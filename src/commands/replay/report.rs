//! Tells what became of replayed requests: as lines to read, as JSON, and as JUnit for CI.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::json;
use thiserror::Error;

use crate::adapters::formats::milliseconds;
use crate::catalog::Failure;
use crate::commands::output::{Colours, Tone};
use crate::ui::widgets::measure;
use crate::ui::widgets::visible::{visible, visible_lines};

/// What became of one request.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The request, and the user where it was sent for several.
    pub(super) name: String,
    pub(super) result: anyhow::Result<Run>,
}

/// Why there is no answer where the replay was stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("stopped before it was answered")]
pub(super) struct Stopped;

/// An answer, held against what was expected of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Run {
    pub(super) status: u16,
    pub(super) took: Duration,
    pub(super) request_id: Option<String>,
    pub(super) failures: Vec<Failure>,
    /// What the API says where its status is not the expected one.
    pub(super) said: Option<String>,
    /// Differences from the recorded answer, in words.
    pub(super) differences: Vec<String>,
    /// Whether the file was changed to what was answered.
    pub(super) is_updated: bool,
}

impl Run {
    fn is_as_expected(&self) -> bool {
        self.failures.is_empty() && self.differences.is_empty()
    }

    fn lines(&self) -> impl Iterator<Item = String> {
        let failures = self.failures.iter().map(ToString::to_string);
        failures.chain(self.differences.iter().cloned())
    }

    /// The same to be read: after another status, what the body of that answer lacks is left out for what the API says.
    fn told(&self) -> Vec<String> {
        if !self.failures.iter().any(Failure::is_of_status) {
            return self.lines().collect();
        }
        let failures = self.failures.iter().filter(|it| !it.is_of_body());
        let said = self.said.iter().map(|said| format!("it says: {said}"));
        failures.map(ToString::to_string).chain(said).collect()
    }
}

/// How many requests ended how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) expected: usize,
    pub(super) different: usize,
    pub(super) updated: usize,
    pub(super) failed: usize,
    pub(super) stopped: usize,
}

impl Outcome {
    pub(super) fn word(&self) -> &'static str {
        match &self.result {
            Ok(run) if run.is_updated => "updated",
            Ok(run) if run.is_as_expected() => "ok",
            Ok(_) => "differs",
            Err(error) if error.is::<Stopped>() => "stopped",
            Err(_) => "failed",
        }
    }
}

/// Counts `outcomes`.
pub(super) fn count(outcomes: &[Outcome]) -> Count {
    let with = |word| {
        outcomes
            .iter()
            .filter(|outcome| outcome.word() == word)
            .count()
    };
    Count {
        expected: with("ok"),
        different: with("differs"),
        updated: with("updated"),
        failed: with("failed"),
        stopped: with("stopped"),
    }
}

/// Columns of the longest word.
const WORD: usize = 7;

/// The lines about one request; names take `columns`.
pub(super) fn lines(outcome: &Outcome, columns: usize, colours: Colours) -> String {
    let word = outcome.word();
    let tone = match word {
        "ok" | "updated" => Tone::Good,
        _ => Tone::Wrong,
    };
    let head = format!(
        "{}  {}",
        colours.paint(tone, &format!("{word:WORD$}")),
        measure::pad(&visible(&outcome.name), columns)
    );
    let indent = " ".repeat(WORD + 2);
    match &outcome.result {
        Ok(run) => {
            let mut text = format!("{head}  {}  {}\n", run.status, measure::duration(run.took));
            for line in run.told() {
                let _ = writeln!(text, "{indent}{}", visible(&line)); // a String takes everything
            }
            if let (Some(id), false) = (&run.request_id, run.is_as_expected()) {
                let line = format!("request-id {}", visible(id));
                let _ = writeln!(text, "{indent}{}", colours.paint(Tone::Faint, &line));
            }
            text
        }
        Err(error) => {
            let reason = format!("{error:#}");
            let reason = visible_lines(&reason).replace('\n', &format!("\n{indent}"));
            format!("{}\n{indent}{reason}\n", head.trim_end())
        }
    }
}

/// The last line: how many of which.
pub(super) fn summary(count: Count) -> String {
    let Count {
        expected,
        different,
        updated,
        failed,
        stopped,
    } = count;
    let all = expected + different + updated + failed + stopped;
    let parts = [
        (expected, "as expected"),
        (updated, "updated"),
        (different, if different == 1 { "differs" } else { "differ" }),
        (failed, "could not be sent"),
        (stopped, "stopped"),
    ];
    let parts: Vec<_> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    let noun = if all == 1 { "request" } else { "requests" };
    format!("{all} {noun}: {}\n", parts.join(", "))
}

/// Everything as JSON.
pub(super) fn json(outcomes: &[Outcome]) -> serde_json::Value {
    let entry = |outcome: &Outcome| match &outcome.result {
        Ok(run) => json!({
            "name": outcome.name,
            "ok": run.is_as_expected(),
            "updated": run.is_updated,
            "status": run.status,
            "milliseconds": milliseconds(run.took),
            "request_id": run.request_id,
            "failures": run.lines().collect::<Vec<_>>(),
            "said": run.said,
        }),
        Err(error) => json!({ "name": outcome.name, "ok": false, "error": format!("{error:#}") }),
    };
    outcomes.iter().map(entry).collect()
}

/// Everything as JUnit's XML, which CI servers read.
pub(super) fn junit(outcomes: &[Outcome]) -> String {
    let Count {
        different,
        failed,
        stopped,
        ..
    } = count(outcomes);
    let seconds = |took: Duration| format!("{:.3}", took.as_secs_f64());
    let took = |outcome: &Outcome| {
        outcome
            .result
            .as_ref()
            .map_or(Duration::ZERO, |run| run.took)
    };
    let total = seconds(outcomes.iter().map(took).sum());
    let facts = format!(
        "tests=\"{}\" failures=\"{different}\" errors=\"{failed}\" skipped=\"{stopped}\" time=\"{total}\"",
        outcomes.len()
    );
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"astrascope replay\" {facts}>\n  <testsuite name=\"replay\" {facts}>\n"
    );
    for outcome in outcomes {
        let (folder, base) = outcome
            .name
            .rsplit_once('/')
            .unwrap_or(("requests", &outcome.name));
        let case = format!(
            "    <testcase classname=\"{}\" name=\"{}\" time=\"{}\"",
            escape(folder),
            escape(base),
            seconds(took(outcome))
        );
        let (tag, message) = match &outcome.result {
            Ok(_) if outcome.word() != "differs" => {
                let _ = writeln!(text, "{case}/>"); // a String takes everything
                continue;
            }
            Ok(run) => {
                let id = run.request_id.iter().map(|id| format!("request-id {id}"));
                (
                    "failure",
                    run.told()
                        .into_iter()
                        .chain(id)
                        .collect::<Vec<_>>()
                        .join("\n"),
                )
            }
            Err(error) if outcome.word() == "stopped" => ("skipped", error.to_string()),
            Err(error) => ("error", format!("{error:#}")),
        };
        let first = message.lines().next().unwrap_or_default();
        let _ = writeln!(
            text,
            "{case}>\n      <{tag} message=\"{}\">{}</{tag}>\n    </testcase>",
            escape(first),
            escape(&message)
        );
    }
    text.push_str("  </testsuite>\n</testsuites>\n");
    text
}

/// `text` for XML 1.0, which cannot hold most control characters at all.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' | '\t' => escaped.push(c),
            '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            c if c.is_control() => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn outcome(name: &str, result: Result<Run, &'static str>) -> Outcome {
        Outcome {
            name: name.into(),
            result: result.map_err(|error| anyhow::anyhow!(error)),
        }
    }

    fn failure() -> Run {
        Run {
            status: 200,
            took: Duration::from_millis(1_012),
            request_id: Some("req_1".into()),
            failures: vec![Failure {
                what: ".count".into(),
                expected: "6".into(),
                found: "25".into(),
            }],
            said: None,
            differences: vec!["+ .cards[0]: {}".into()],
            is_updated: false,
        }
    }

    #[test]
    fn each_request_has_a_line_and_what_differs_stands_below_it() {
        let fine = Run {
            status: 201,
            took: Duration::from_millis(3),
            ..Run::default()
        };
        let outcomes = [
            outcome("a", Ok(fine)),
            outcome("long/name", Ok(failure())),
            outcome("b", Err("nobody\u{1b}[2A\nhint: x")),
        ];
        let text: String = outcomes
            .iter()
            .map(|outcome| lines(outcome, 9, Colours::none()))
            .collect();
        assert_eq!(
            text + &summary(count(&outcomes)),
            "ok       a          201  3.0 ms\n\
             differs  long/name  200  1.01 s\n         .count: expected 6, found 25\n         + .cards[0]: {}\n         request-id req_1\n\
             failed   b\n         nobody␛[2A\n         hint: x\n\
             3 requests: 1 as expected, 1 differs, 1 could not be sent\n"
        );
    }

    #[test]
    fn junit_counts_and_names_what_differs() {
        let text = junit(&[
            outcome("f/a", Ok(failure())),
            outcome("b", Err("x < \"y\"")),
            Outcome {
                name: "c".into(),
                result: Err(Stopped.into()),
            },
        ]);
        let document = roxmltree::Document::parse(&text).unwrap();
        let suite = document.root_element();
        for (name, value) in [
            ("tests", "3"),
            ("failures", "1"),
            ("errors", "1"),
            ("skipped", "1"),
            ("time", "1.012"),
        ] {
            assert_eq!(suite.attribute(name), Some(value));
        }
        let failed = document
            .descendants()
            .find(|node| node.has_tag_name("failure"))
            .unwrap();
        assert_eq!(
            failed.attribute("message"),
            Some(".count: expected 6, found 25")
        );
        assert!(failed.text().unwrap().ends_with("request-id req_1"));
        let error = document
            .descendants()
            .find(|node| node.has_tag_name("error"))
            .unwrap();
        assert_eq!(error.text(), Some("x < \"y\""));
        assert!(
            document
                .descendants()
                .any(|node| node.has_tag_name("skipped"))
        );
    }

    #[test]
    fn milliseconds_have_no_digits_that_nobody_measured() {
        let run = Run {
            took: Duration::from_nanos(4_035_123),
            ..Run::default()
        };
        let told = json(&[outcome("a", Ok(run))]).to_string();
        assert!(told.contains("\"milliseconds\":4.035,"), "{told}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn junit_parses_whatever_was_answered(name in any::<String>(), found in any::<String>()) {
            let mut run = failure();
            run.failures[0].found = found;
            let text = junit(&[outcome(&name, Ok(run))]);
            prop_assert!(roxmltree::Document::parse(&text).is_ok(), "{}", text);
        }
    }
}
