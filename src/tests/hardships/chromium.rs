//! The hosted pages of the built-in sandbox in a browser that is not ours, by keyboard alone.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use crate::harness::program::{command, run_in, run_with};
use crate::harness::tools::{has, install, skip};
use crate::{home, sandbox};

/// What the script ends with where the browser does not start on this machine.
const NO_BROWSER: i32 = 77;

/// Opens the page that is its argument, and types and presses Tab and Enter until the redirect is there.
const DRIVE: &str = r#"
const { chromium } = require("playwright-core");
const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];
const options = { executablePath: process.argv[2], args: ["--no-sandbox", "--disable-gpu", ...quiet] };
(async () => {
  const browser = await chromium.launch(options).catch(() => process.exit(77));
  const page = await browser.newPage();
  await page.goto(process.argv[1]);
  for (let step = 0; step < 8 && !page.url().includes("/callback"); step++) {
    const focus = () => page.evaluate(() => document.activeElement.name || document.activeElement.tagName);
    if ((await focus()) === "BODY") await page.keyboard.press("Tab");
    const field = await focus();
    console.log(field);
    if (field === "phone") await page.keyboard.type("6505550101");
    if (field === "one_time_code") {
      const text = await page.evaluate(() => document.body.innerText);
      await page.keyboard.type(text.match(/\b\d{6}\b/)[0]);
    }
    await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  }
  console.log(await page.evaluate(() => document.body.innerText));
  await browser.close();
})();
"#;

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_by_the_keyboard_of_a_real_browser() {
    let Some(browser) = ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| has(name))
    else {
        return skip("there is no Chromium");
    };
    let path = Command::new("sh")
        .args(["-c", &format!("command -v {browser}")])
        .output();
    let path = String::from_utf8(path.unwrap().stdout).unwrap();
    let tools = tempfile::tempdir().unwrap();
    if !install(tools.path(), &["playwright-core@1.56.1"]) {
        return;
    }
    let sandbox = sandbox().await;
    let folder = home(sandbox.url(), sandbox.client_id(), "");
    let secret = sandbox.client_secret().reveal();
    let kept = run_with(&folder, &["login", "--secret-stdin"], secret);
    assert_eq!(kept.code, 0, "{}", kept.err);
    let mut login = command(folder.path(), &["login"]);
    login
        .env("BROWSER", "true")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = login.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let page = lines.find_map(|line| line.ok().filter(|line| line.starts_with("http")));
    let node = Command::new("node")
        .args(["-e", DRIVE, &page.unwrap(), path.trim()])
        .current_dir(tools.path())
        .output()
        .unwrap();
    if node.status.code() == Some(NO_BROWSER) {
        child.kill().unwrap();
        child.wait().unwrap();
        return skip("Chromium does not start here");
    }
    let seen = String::from_utf8_lossy(&node.stdout).into_owned();
    let problem = String::from_utf8_lossy(&node.stderr);
    assert!(seen.contains("Signed in"), "{seen}{problem}");
    let fields: Vec<_> = seen.lines().take(3).collect();
    assert_eq!(fields, ["phone", "one_time_code", "decision"]);
    let mut said = String::new();
    let mut out = child.stdout.take().unwrap();
    out.read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success());
    assert!(said.contains("Grace Hopper is signed in"), "{said}");
    let accounts = run_in(&folder, &["send", "accounts.list"]);
    assert_eq!(accounts.code, 0, "{}", accounts.err);
}
