//! Saved requests that the API refuses, and those that are meant to be.

use std::fs;

use tempfile::TempDir;

use crate::harness::program::{Ran, run_in, run_with};

/// From an account to itself.
const SAME: &str = "endpoint = \"routines.create\"\nbody = '''\n{\"type\":\"one-time\",\"name\":\"Rent\",\"payment_type\":\"ach\",\"source_id\":\"{{accounts[0].id}}\",\"destination_id\":\"{{accounts[0].id}}\",\"amount\":25.00}\n'''\n";

/// Without what is needed.
const HALF: &str = "endpoint = \"routines.create\"\nbody = '{\"type\":\"one-time\"}'\n";

/// A project with this saved request.
fn project(request: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let requests = folder.path().join(".astrascope/requests");
    fs::create_dir_all(&requests).unwrap();
    fs::write(requests.join("one.toml"), request).unwrap();
    folder
}

#[test]
fn after_another_status_the_api_itself_is_told_and_not_what_its_answer_lacks() {
    let expect = "\n[expect]\nstatus = 201\nshape = true\n\n[expect.fields]\nstatus = \"active\"\n";
    let same = format!("{SAME}{expect}");
    let project = project(&same);
    let Ran { code, out, .. } = run_in(&project, &["replay", "--junit", "report.xml"]);
    assert_eq!(code, 1, "{out}");
    let lines: Vec<_> = out.lines().map(str::trim).collect();
    assert_eq!(lines[1], "status: expected 201, found 400", "{out}");
    assert!(lines[2].starts_with("it says: "), "{out}");
    assert!(lines[3].starts_with("request-id"), "{out}");
    let report = fs::read_to_string(project.path().join("report.xml")).unwrap();
    assert!(
        report.contains("it says: ") && report.contains("failures=\"1\""),
        "{report}"
    );
    let out = run_in(&project, &["replay", "--json"]).out;
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let failures = report[0]["failures"].as_array().unwrap();
    assert_eq!(failures.len(), 3, "{out}");
    assert_eq!(failures[1], ".status: expected \"active\", found nothing");
    assert!(report[0]["said"].is_string(), "{out}");
}

#[test]
fn what_is_meant_to_be_refused_is_sent_as_it_is() {
    let ran = run_in(&project(HALF), &["replay"]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert!(
        ran.out.contains(": needed") && ran.out.contains("[expect] status = 400"),
        "{}",
        ran.out
    );
    let meant = format!("{HALF}\n[expect]\nstatus = 400\n");
    let ran = run_in(&project(&meant), &["replay"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    let curl =
        "curl https://api-sandbox.astra.finance/v1/routines --json '{\"type\":\"one-time\"}'";
    let ran = run_with(&project(&meant), &["import", "-"], curl);
    assert!(
        ran.err.contains("amount") && ran.err.contains("needed before it can be sent"),
        "{}",
        ran.err
    );
}
