//! The recorded answer of a saved request: a file beside its own, masked, with which later answers are compared.

use std::path::{Path, PathBuf};

use crate::adapters::files::atomic::{self, Access};
use crate::adapters::files::read_optional;
use crate::adapters::history::mask::Masked;
use crate::domain::{Body, Outcome, Problem};

/// Where the answer of the request in the file `path` is recorded: `accounts.answer.json` beside `accounts.toml`.
pub fn answer_path(path: &Path) -> PathBuf {
    path.with_extension("answer.json")
}

/// The answer recorded for the request in the file `path`. An empty file asks for one to be recorded.
///
/// # Errors
/// When it is there but cannot be read.
pub fn read_answer(path: &Path) -> Result<Option<Body>, Problem> {
    let text = read_optional(&answer_path(path))?;
    Ok(text.map(|text| Body::from(text.as_str())))
}

/// Records the answer of `masked` for the request in the file `path`, a member a line, so that git shows small differences.
///
/// # Errors
/// When there is no answer, it is no JSON or too large, or the file cannot be written.
pub fn write_answer(path: &Path, masked: &Masked) -> Result<(), Problem> {
    let fail = |why: &str| Problem::new("the answer is not recorded").because(why);
    let Outcome::Done(response) = &masked.exchange.outcome else {
        return Err(fail("there is none"));
    };
    if response.body.len() < masked.response_size {
        return Err(fail("it is larger than 1 MiB"));
    }
    let value: serde_json::Value =
        serde_json::from_slice(response.body.as_bytes()).map_err(|_| fail("it is no JSON"))?;
    let text = format!("{value:#}\n");
    atomic::write(&answer_path(path), text.as_bytes(), Access::Shared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::formats::fixture::entry;
    use crate::adapters::history::mask::{Marks, mask};
    use crate::domain::{Exchange, JobId, Method};

    #[test]
    fn an_answer_is_recorded_beside_its_request_without_its_secrets() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("v1.2.toml");
        assert_eq!(read_answer(&path), Ok(None));
        let entry = entry(Method::Get, "https://api.example/x");
        let mut exchange = Exchange {
            job: JobId::default(),
            endpoint: entry.endpoint,
            user: None,
            request: entry.request,
            started_at: entry.started_at,
            outcome: entry.outcome,
        };
        let mut record = |text: &str| {
            if let Outcome::Done(response) = &mut exchange.outcome {
                response.body = Body::from(text);
            }
            write_answer(&path, &mask(&exchange, &Marks::default(), &[]))
        };
        record("{\"b\":1,\"access_token\":\"s3cr3t-t0ken\"}").unwrap();
        let text = std::fs::read_to_string(folder.path().join("v1.2.answer.json")).unwrap();
        assert_eq!(
            text,
            "{\n  \"b\": 1,\n  \"access_token\": \"••••••••\"\n}\n"
        );
        assert!(
            record("<html>")
                .unwrap_err()
                .to_string()
                .contains("no JSON")
        );
        assert_eq!(read_answer(&path).unwrap().unwrap().len(), text.len());
    }
}
