//! Notices: what they say and how, and when they go.

use std::path::Path;
use std::time::Duration;

use crate::app::Msg;
use crate::ui::tests::fixture::Session;

/// Columns of a notice at 80 columns, beside its mark, help and quit.
const ROOM: usize = 59;

/// Words with which nothing was done.
const REFUSING: [&str; 8] = [
    "no", "not", "nobody", "nothing", "cannot", "only", "own", "always",
];

/// The notices of `kind` below `folder` whose text is fixed.
fn fixed(kind: &str, folder: &Path) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts.extend(fixed(kind, &path));
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap_or_default();
        let calls = source.split(kind).skip(1);
        let literals = calls.filter_map(|call| call.trim_start().strip_prefix('"'));
        texts.extend(literals.filter_map(|text| Some(text.split_once('"')?.0.to_owned())));
    }
    texts
}

#[test]
fn fixed_notices_fit_the_footer_and_a_refusal_warns() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let warnings = fixed(concat!("Msg::", "warning("), &source);
    let told = fixed(concat!("Msg::", "notice("), &source);
    assert!(warnings.len() > 30 && told.len() > 3, "they are found");
    let is_refusal = |text: &&String| {
        let mut words = text.split(|c: char| !c.is_alphabetic());
        words.any(|word| REFUSING.contains(&word)) && !text.starts_with("it goes with")
    };
    assert_eq!(told.iter().find(is_refusal), None);
    let is_long =
        |text: &&String| text.chars().count() > ROOM && !text.starts_with("a notice that");
    let long: Vec<_> = warnings.iter().chain(&told).filter(is_long).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn a_notice_goes_with_the_next_key_once_it_could_be_read() {
    let mut session = Session::new();
    session.press("1 x");
    let notice = |session: &mut Session| session.text(100, 30).contains("! no call is running");
    session.press("j");
    assert!(notice(&mut session), "nobody has read it yet");
    session.now = session.now.after(Duration::from_secs(1));
    assert!(notice(&mut session), "no key was pressed");
    session.press("j");
    assert!(!notice(&mut session));
    session.press("x");
    assert!(notice(&mut session));
}

#[test]
fn nobody_is_edited_or_removed_while_somebody_new_is_chosen() {
    let mut session = Session::new();
    session.press("3 G");
    for key in ["E", "D"] {
        let msgs = session.press(key).to_vec();
        assert!(
            msgs.contains(&Msg::warning("no test user is selected")),
            "{key} {msgs:?}"
        );
    }
}
