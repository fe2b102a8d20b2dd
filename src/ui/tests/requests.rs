//! Saved requests, the history and saving, at all sizes.

use std::time::Duration;

use crate::app::export::{Form, Kept, Msg as Export};
use crate::app::fixture::opened;
use crate::app::replay::Msg as Replay;
use crate::app::saved::Item;
use crate::app::{self, Env, Modal, Msg, history, saving, update};
use crate::domain::history::{EntryId, Summary};
use crate::domain::{
    EndpointId, Method, Place, Problem, RequestName, SavedKey, SavedRequest, Timestamp,
};
use crate::ui::tests::fixture::Session;
use crate::ui::tests::snapshots::assert_screens;

fn item(place: Place, name: &str, endpoint: &str, description: &str) -> Item {
    Item {
        key: SavedKey {
            place,
            name: name.into(),
        },
        request: Ok(SavedRequest {
            name: RequestName::parse(name).unwrap(),
            description: description.into(),
            call: EndpointId::new(endpoint).into(),
            ..SavedRequest::default()
        }),
    }
}

pub(super) fn saved() -> Session {
    let mut session = Session::loaded();
    let broken = Problem::new(
        "/home/ada/p/.astrascope/requests/cards/broken.toml:3: unknown key \"statsu\" in [expect]",
    )
    .hint("known are status, max_ms, shape, fields");
    session.model.saved.items = vec![
        item(
            Place::Project,
            "accounts",
            "accounts.list",
            "The accounts of the test user",
        ),
        Item {
            key: SavedKey {
                place: Place::Project,
                name: "cards/broken".into(),
            },
            request: Err(broken),
        },
        item(
            Place::Project,
            "routines/create",
            "routines.create",
            "A one-time routine",
        ),
        item(Place::Personal, "who-am-i", "user.get", "Who is signed in"),
    ];
    session.press("6");
    session
}

fn lines(session: &mut Session) {
    let line = |id: i64| Summary {
        id: EntryId(id),
        started_at: Timestamp(session.now.0 - (40 - id) * 3_000_000),
        profile: "built-in".into(),
        user: Some("Ada Byron".into()),
        endpoint: EndpointId::new("accounts.list"),
        method: if id % 5 == 0 {
            Method::Delete
        } else {
            Method::Get
        },
        url: format!("http://127.0.0.1:43121/v1/accounts/acc_{id:02}?limit=25"),
        status: [Some(200), Some(404), None][usize::try_from(id % 7)
            .unwrap()
            .min(2)
            .min(if id % 7 > 2 { 0 } else { 2 })],
        failure: (id % 7 == 2).then(|| "connection refused".into()),
        request_id: None,
        total: Duration::from_millis(12),
        size: 1800,
    };
    session.model.history.lines = (1..=40).rev().map(line).collect();
    session.model.history.total = Some(1234);
}

/// The files are read before `msg` goes on.
fn read_first(msg: Msg) -> Msg {
    Msg::Saved(app::saved::Msg::ReadFirst(Box::new(msg)))
}

#[test]
fn saved_requests_of_project_and_person_with_a_broken_file() {
    assert_screens("requests-saved", saved());
}

#[test]
fn nothing_is_saved_yet() {
    let mut session = Session::new();
    session.press("6");
    assert_screens("requests-none", session);
}

#[test]
fn the_history_newest_first() {
    let mut session = Session::loaded();
    lines(&mut session);
    session.press("6 }");
    assert_screens("requests-history", session);
}

#[test]
fn marked_exchanges_of_the_history_are_taken_out_together_the_oldest_first() {
    let mut session = Session::loaded();
    lines(&mut session);
    session.press("6 } space down space");
    let text = session.text(120, 36);
    for words in ["2 marked", "● 12:32", "y export marked"] {
        assert!(text.contains(words), "{words} {text}");
    }
    let kept = |ids: &[i64], form| Kept {
        ids: ids.iter().copied().map(EntryId).collect(),
        form,
    };
    let last = |session: &mut Session, keys: &str| session.press(keys).last().cloned();
    assert_eq!(
        last(&mut session, "y s"),
        Some(Msg::Export(Export::CopyKept(kept(&[38, 40], Form::Bundle))))
    );
    session.press("y h");
    assert!(
        session
            .text(120, 36)
            .contains("HTTP archive of 2 exchanges")
    );
    session.press("esc esc");
    assert!(
        !session.text(120, 36).contains("marked"),
        "Esc takes them away"
    );
    assert_eq!(
        last(&mut session, "y c"),
        Some(Msg::Export(Export::CopyKept(kept(&[37], Form::Curl)))),
        "the one under the cursor"
    );
    session.press("*");
    assert!(session.text(120, 36).contains("40 marked"));
    session.press("*");
    assert!(!session.text(120, 36).contains("marked"));
}

#[test]
fn the_request_id_of_the_row_is_copied() {
    let mut session = Session::loaded();
    lines(&mut session);
    session.model.history.lines[1].request_id = Some("req_39".into());
    session.press("6 }");
    let told = Msg::warning("this exchange has no request-id");
    assert_eq!(session.press("Y"), [told]);
    let copy = Msg::Desktop(app::Desktop::Copy {
        text: "req_39".into(),
        what: "request-id",
    });
    assert_eq!(session.press("down Y").last(), Some(&copy));
    assert_eq!(session.press("y i").last(), Some(&copy));
}

#[test]
fn all_that_a_search_has_found_is_marked_by_one_key() {
    let mut session = saved();
    session.press("6 / c r e a enter *");
    let text = session.text(120, 36);
    assert!(
        text.contains("1 marked") && text.contains("R send marked"),
        "{text}"
    );
    session.press("esc");
    assert!(
        session.text(120, 36).contains("1 marked"),
        "Esc leaves the search first"
    );
    session.press("esc");
    assert!(!session.text(120, 36).contains("marked"));
}

#[test]
fn a_search_that_finds_nothing_says_how_to_get_out() {
    let mut session = saved();
    session.press("/ x y z");
    let text = session.text(120, 36);
    assert!(text.contains("nothing has that"), "{text}");
    session.press("esc");
    assert!(session.text(120, 36).contains("who-am-i"));
}

#[test]
fn the_pane_keeps_its_place_while_somebody_searches() {
    let title = |session: &mut Session| {
        let text = session.text(120, 36);
        let row = text.lines().position(|line| line.starts_with(" 6 "));
        row.unwrap()
    };
    let mut session = Session::loaded();
    lines(&mut session);
    session.press("6 }");
    let place = title(&mut session);
    session.press("/");
    assert_eq!(title(&mut session), place, "the search");
    session.press("1 7");
    session.model.history.lines.truncate(1);
    assert_eq!(title(&mut session), place, "the history");
    let mut session = saved();
    session.press("6");
    let place = title(&mut session);
    session.press("/");
    assert_eq!(title(&mut session), place, "the search of saved requests");
    session.press("c r e a");
    assert_eq!(title(&mut session), place, "saved requests");
}

#[test]
fn what_was_found_stays_under_the_cursor_when_all_is_shown_again() {
    let mut session = Session::loaded();
    lines(&mut session);
    let all = session.model.history.lines.clone();
    session.press("6 } / 1 7 enter");
    session
        .model
        .history
        .lines
        .retain(|line| line.id == EntryId(17));
    session.model.history.query = "17".into();
    session.draw(80, 24);
    let asked = session.press("esc").to_vec();
    assert_eq!(asked, [Msg::History(history::Msg::ShowAround(EntryId(17)))]);
    session.draw(80, 24);
    let effects = update(
        &mut session.model,
        asked[0].clone(),
        Env { now: session.now },
    );
    let job = effects.iter().find_map(|effect| match effect {
        app::Effect::History(history::Effect::List { job, .. }) => Some(*job),
        _ => None,
    });
    let (job, page) = (
        job.unwrap(),
        history::Page {
            lines: all,
            total: 40,
        },
    );
    let result = Ok(page);
    session.send(Msg::History(history::Msg::Listed { job, result }));
    session.draw(80, 24);
    let read = |session: &mut Session| session.press("enter").last().cloned();
    let open = |id| {
        Some(Msg::History(history::Msg::Open(
            EntryId(id),
            history::Purpose::Show,
        )))
    };
    assert_eq!(read(&mut session), open(17));
    session.press("down");
    assert_eq!(read(&mut session), open(16), "among its neighbours");

    let mut session = saved();
    session.press("6 / c r e a enter esc");
    assert!(
        session
            .text(80, 24)
            .lines()
            .any(|line| line.starts_with(" ▸   routines/create"))
    );
}

#[test]
fn a_search_of_the_history_asks_the_store() {
    let mut session = Session::loaded();
    lines(&mut session);
    session.press("6 } /");
    assert_eq!(
        session.press("4"),
        [Msg::History(history::Msg::Search("4".into()))]
    );
}

#[test]
fn the_keys_of_a_saved_request() {
    let mut session = saved();
    let first = session.model.saved.items[0].key.clone();
    use crate::app::replay::Then;
    for (key, then) in [
        ("e", Then::Compose),
        ("r", Then::Send),
        ("R", Then::Compare),
    ] {
        assert_eq!(
            session.press(key),
            [read_first(Msg::Replay(Replay::Saved(first.clone(), then)))],
            "{key}"
        );
    }
    session.press("space down space");
    let marked = vec![first, session.model.saved.items[2].key.clone()];
    assert_eq!(
        session.press("R"),
        [read_first(Msg::Runs(app::runs::Msg::Start(marked)))]
    );
}

#[test]
fn the_form_in_which_a_request_is_saved() {
    let mut session = Session::loaded();
    session.press("5 down s");
    assert_eq!(session.model.modals.stack, [Modal::Saving]);
    session.press("tab h e l l o space y o u");
    let saving = session.model.saving.as_ref().unwrap();
    assert_eq!(saving.request.description, "hello you");
    assert_screens("saving", session);
}

#[test]
fn an_error_is_offered_as_what_is_expected_and_what_holds_without_it_is_told() {
    let mut session = Session::loading();
    session.answer(404, r#"{"code":404}"#);
    session.press("5 s");
    let text = session.text(80, 24);
    assert!(text.contains("expect       · status 404"), "{text}");
    session.press("tab tab tab");
    let text = session.text(80, 24);
    assert!(text.contains("without it a success is expected"), "{text}");
    session.press("space");
    let text = session.text(80, 24);
    assert!(text.contains("expect       ✓ status 404"), "{text}");
    assert!(text.contains("held against the answer each time"), "{text}");
}

#[test]
fn a_name_that_cannot_be_one_is_told_in_the_form() {
    let mut session = Session::loaded();
    session.press("5 s / enter");
    insta::assert_snapshot!("saving-wrong-80x24", session.text(80, 24));
}

#[test]
fn a_composed_request_is_saved_from_the_composer() {
    let mut session = Session::loaded();
    session.send(Msg::compose("transfers.list", Vec::new()));
    session.press("ctrl-s");
    assert_eq!(session.model.modals.stack.last(), Some(&Modal::Saving));
    assert_eq!(
        session.model.saving.as_ref().unwrap().name,
        "transfers/list"
    );
}

#[test]
fn an_exchange_that_is_asked_for_comes_into_sight_on_a_small_screen() {
    let mut session = saved();
    session.press("6");
    assert!(!session.text(60, 15).contains("[Response]"));
    let job = session.model.requests.current().unwrap().exchange.job;
    session.send(Msg::show_exchange(job));
    let text = session.text(60, 15);
    assert!(text.contains("[Response]"), "{text}");
    session.press("6");
    assert!(
        !session.text(60, 15).contains("[Response]"),
        "once is enough"
    );
}

#[test]
fn an_exchange_that_is_in_sight_already_takes_no_keys_away() {
    let mut session = saved();
    session.press("6");
    session.text(120, 36);
    let job = session.model.requests.current().unwrap().exchange.job;
    session.send(Msg::show_exchange(job));
    session.text(120, 36);
    session.press("space");
    assert!(session.text(120, 36).contains("1 marked"));
}

#[test]
fn what_was_not_whole_in_the_history_is_told_in_the_inspector() {
    let mut session = Session::new();
    let mut opened = opened("http://x/v1/accounts/a1");
    opened.entry.response_size = 2_000_000;
    session.send(Msg::show_opened(opened));
    session.press("5");
    let text = session.text(120, 36);
    assert!(text.contains("from the history"), "{text}");
    assert!(text.contains("of 2.0 MB were kept"), "{text}");
    let _ = saving::Msg::Shown;
}
