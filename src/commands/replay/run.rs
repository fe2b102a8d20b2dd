//! Sends one saved request again and holds its answer against what is expected of it, and against the answer that was recorded.

use std::collections::HashSet;
use std::path::PathBuf;

use crate::adapters::files::atomic::{self, Access};
use crate::adapters::files::read_optional;
use crate::adapters::files::saved::{answer_path, read_answer, write, write_answer};
use crate::adapters::history::mask::Masked;
use crate::catalog::{Answer, Failure, check_expectations, excerpt, renew_expectations, said};
use crate::commands::engine::Engine;
use crate::commands::replay::report::Run;
use crate::document::{Change, Document, NodeId, Rules, diff};
use crate::domain::{Body, SavedRequest};
use crate::runtime::values::{Values, Who};

/// The status to expect of what nothing is known of.
const OK: u16 = 200;

/// A saved request to send.
#[derive(Clone, Debug)]
pub(super) struct Chosen {
    /// What its file says.
    pub(super) request: SavedRequest,
    /// The file.
    pub(super) path: PathBuf,
    /// Whether others can refer to it by its name.
    pub(super) is_saved: bool,
    /// Whether an answer is recorded for it.
    pub(super) is_recorded: bool,
}

/// What holds for all requests of one replay.
pub(super) struct Terms {
    /// What differs between any two answers.
    pub(super) rules: Rules,
    /// Whether what is answered is what the files expect from now on.
    pub(super) is_updating: bool,
    /// The names of the requests that others refer to: their answers are kept until the end.
    pub(super) referred: HashSet<String>,
}

/// Sends `chosen` for `who` and compares, or takes what was answered over.
pub(super) async fn run(
    values: &Values<Engine>,
    chosen: &Chosen,
    who: &Who,
    terms: &Terms,
) -> anyhow::Result<Run> {
    let request = &chosen.request;
    let sent = match chosen.is_saved && terms.referred.contains(request.name.as_str()) {
        true => values.send_once(request, who).await?,
        false => values.send(request, who).await?,
    };
    let recorded = match chosen.is_recorded {
        true => read_answer(&chosen.path)?,
        false => None,
    };
    let plain = Answer {
        response: &sent.answered.response,
        document: &sent.document,
        told: &sent.document,
    };
    let failed = failures(values.engine(), request, plain)?;
    let failed_by_status = !plain.response.is_success() && failed.iter().any(Failure::is_of_status);
    // Masking takes as long as all the rest, and most answers are as expected: nothing is told of them.
    let is_told = terms.is_updating || recorded.is_some() || !failed.is_empty();
    let masked = is_told.then(|| values.engine().masked(&sent.answered));
    let told = masked.as_ref().map(|masked| Document::parse(body(masked)));
    let told = told.as_ref().unwrap_or(&sent.document);
    let answer = Answer { told, ..plain };
    let compared = recorded.as_ref().filter(|body| !body.is_empty());
    let compared = compared.zip(masked.as_ref());
    let response = answer.response;
    let mut run = Run {
        status: response.status,
        took: response.timing.total,
        request_id: response.request_id().map(ToOwned::to_owned),
        failures: match is_told {
            true => failures(values.engine(), request, answer)?,
            false => failed, // none
        },
        said: failed_by_status.then(|| said(told)).flatten(),
        differences: compared.map_or_else(Vec::new, |(old, _)| {
            differences(old.clone(), told, &terms.rules)
        }),
        is_updated: false,
    };
    if let Some(masked) = masked.filter(|_| terms.is_updating) {
        run.is_updated = update(chosen, answer, &masked, recorded.is_some())?;
        if run.is_updated {
            run.failures.clear();
            run.differences.clear();
            run.said = None;
        }
    }
    Ok(run)
}

/// In what `sent` is not as expected; where nothing is expected, what the documentation promises is the least.
fn failures(
    engine: &Engine,
    request: &SavedRequest,
    answer: Answer<'_>,
) -> anyhow::Result<Vec<Failure>> {
    let response = answer.response;
    let endpoint = engine.called(&request.call)?;
    let mut expected = request.expect.clone();
    if expected.is_empty() {
        expected.status = Some(match endpoint.success {
            0 if response.is_success() => response.status,
            0 => OK,
            documented => documented,
        });
    }
    let known = Some((&*endpoint, engine.catalog()));
    Ok(check_expectations(&expected, answer, known))
}

/// In what the answer differs from the recorded one, in words; what differs between any two answers is left out.
fn differences(old: Body, new: &Document, rules: &Rules) -> Vec<String> {
    let old = Document::parse(old);
    let from = |node: NodeId| excerpt(&old, node);
    let to = |node: NodeId| excerpt(new, node);
    diff(&old, new, rules)
        .into_iter()
        .filter(|difference| !difference.is_volatile)
        .map(|difference| {
            let path = difference.path;
            match difference.change {
                Change::Added { to: node, .. } => format!("+ {path}: {}", to(node)),
                Change::Removed { from: node } => format!("- {path}: {}", from(node)),
                Change::Changed { from: old, to: new } => {
                    format!("~ {path}: {} → {}", from(old), to(new))
                }
                Change::Moved { .. } => format!("> {path}: moved"),
            }
        })
        .collect()
}

/// The body of what was answered, without its secrets.
fn body(masked: &Masked) -> Body {
    let response = masked.exchange.response();
    response
        .map(|response| response.body.clone())
        .unwrap_or_default()
}

/// Takes the answer for what is expected: mends expectations that are not met, renews the recorded answer; a request that
/// expects nothing yet gets its answer recorded. Answers with whether a file was changed.
fn update(
    chosen: &Chosen,
    answer: Answer<'_>,
    masked: &Masked,
    is_recorded: bool,
) -> anyhow::Result<bool> {
    let mut request = chosen.request.clone();
    request.expect = renew_expectations(&request.expect, answer);
    let old = read_optional(&chosen.path)?;
    let text = write(&chosen.path.display().to_string(), old.as_deref(), &request)?;
    let mut is_changed = old.as_ref() != Some(&text);
    if is_changed {
        atomic::write(&chosen.path, text.as_bytes(), Access::Shared)?;
    }
    if is_recorded || chosen.request.expect.is_empty() {
        let before = read_optional(&answer_path(&chosen.path))?;
        write_answer(&chosen.path, masked)?;
        is_changed |= before != read_optional(&answer_path(&chosen.path))?;
    }
    Ok(is_changed)
}
