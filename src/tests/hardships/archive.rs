//! An HTTP archive is one by the schema that others publish.

use std::fs;
use std::process::Command;

use crate::harness::program::run_in;
use crate::harness::tools::install;

/// Tells on standard error what in `calls.har` is not as the schema says, and fails if anything.
const VALIDATE: &str = r#"
const schemas = require("har-schema");
const ajv = new (require("ajv"))({ allErrors: true });
ajv.addMetaSchema(require("ajv/lib/refs/json-schema-draft-06.json"));
for (const schema of Object.values(schemas)) ajv.addSchema(schema);
const archive = JSON.parse(require("fs").readFileSync("calls.har"));
if (!ajv.validate("har.json#", archive)) {
  console.error(JSON.stringify(ajv.errors));
  process.exit(1);
}
"#;

#[test]
fn an_exported_archive_is_valid_by_the_published_schema() {
    let tools = tempfile::tempdir().unwrap();
    if !install(tools.path(), &["har-schema@2.0.0", "ajv@6"]) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for arguments in [
        &["send", "accounts.list", "-p", "limit=10"][..],
        &["send", "GET", "/v1/nothing?at=all"],
        &["send", "POST", "/v1/nothing", "-d", "{\"a\": 1}"],
        &["send", "payment_instruments.list"],
    ] {
        run_in(&folder, arguments);
    }
    let exported = run_in(&folder, &["export", "har", "--last", "9"]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    assert_eq!(exported.out.matches("\"startedDateTime\"").count(), 4);
    let is_valid = |archive: &str| {
        fs::write(tools.path().join("calls.har"), archive).unwrap();
        let node = Command::new("node")
            .args(["-e", VALIDATE])
            .current_dir(tools.path())
            .output()
            .unwrap();
        (
            node.status.success(),
            String::from_utf8(node.stderr).unwrap(),
        )
    };
    assert_eq!(is_valid(&exported.out), (true, String::new()));
    let broken = exported.out.replace("\"startedDateTime\"", "\"began\"");
    let (valid, why) = is_valid(&broken);
    assert!(!valid && why.contains("startedDateTime"), "{why}");
}
