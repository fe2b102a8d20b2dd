//! The lists of the API: pictures of each tab, and what keys do in them.

use crossterm::event::Event;

use crate::app::{Msg, requests, resources};
use crate::domain::{Draft, EndpointId, UserKey};
use crate::ui::tests::fixture::{
    ACCOUNTS, ADA, CARDS, ROUTINES, Session, TRANSACTIONS, TRANSFERS, USER,
};

const BEN: UserKey = UserKey(2);
const SIZES: [(u16, u16); 3] = [(80, 24), (120, 36), (200, 60)];

/// The keys that lead from the accounts to each tab, and what comes there.
const TABS: [(&str, &str, &str); 6] = [
    ("accounts", "4", ACCOUNTS),
    ("cards", "}", CARDS),
    ("routines", "} }", ROUTINES),
    ("transfers", "{ { {", TRANSFERS),
    ("transactions", "{ {", TRANSACTIONS),
    ("user", "{", USER),
];

/// Compares what `session` shows at all sizes.
fn assert_screens(name: &str, mut session: Session) {
    for (width, height) in SIZES {
        insta::assert_snapshot!(
            format!("tab-{name}-{width}x{height}"),
            session.text(width, height)
        );
    }
}

#[test]
fn every_tab() {
    for (name, keys, body) in TABS {
        assert_screens(name, Session::listing(keys, body));
    }
}

/// Transfers that did not go as they should: the row tells why, and so does the transfer itself.
#[test]
fn why_a_transfer_went_wrong_is_told_without_scrolling() {
    const WRONG: &str = r#"{"count": 2, "more": false, "transfers": [
      {"id": "0db327885a15b23a8b980d59ea14f19d42fcb45f", "routine_id": "r", "routine_name": "Rent", "amount": 3.13, "status": "failed", "failure_reason": "51 declined by the issuer: insufficient funds", "chargeback": null},
      {"id": "a9fe7bd95511e0c0c8d279ec0b092907931904cb", "routine_id": "r", "routine_name": "Rent", "amount": 3.77, "status": "processed", "failure_reason": null,
       "chargeback": {"exception_code": "R10", "exception_description": "not authorized by whoever was debited"}}]}"#;
    let mut session = Session::listing("{ { {", WRONG);
    let declined = "failed: 51 declined by the issuer: insufficient funds";
    for (width, height) in [(80, 24), (60, 15)] {
        let text = session.text(width, height);
        assert!(text.contains(declined), "{text}");
    }
    session.press("j");
    let claimed = "claimed back: R10 not authorized by whoever was debited · a9f";
    let text = session.text(80, 24);
    assert!(text.contains(claimed), "{text}");
    session.send(Msg::send(
        Draft::new("transfers.get")
            .with_path("id", "t")
            .on_behalf_of(ADA),
    ));
    session.answer(
        200,
        r#"{"id": "t", "status": "failed", "failure_reason": "R01 insufficient funds"}"#,
    );
    let text = session.text(80, 24);
    assert!(
        text.contains("   failed: R01 insufficient funds\n"),
        "{text}"
    );
}

/// Transfers of which three words are looked for, or that are sorted.
#[test]
fn rows_that_are_filtered_and_sorted() {
    let transfers = || Session::listing("{ { {", TRANSFERS);
    let mut filtered = transfers();
    filtered.press("/ r e n t space p");
    assert_screens("filtered", filtered);
    let mut sorted = transfers();
    sorted.draw(80, 24);
    sorted.press("s s s");
    assert_screens("sorted", sorted);
}

#[test]
fn a_tab_asks_for_its_list_when_it_is_visited_first_and_stays_for_the_next_user() {
    let load = |user, endpoint: &str| {
        Msg::Resources(resources::Msg::Load {
            user,
            endpoint: EndpointId::new(endpoint),
            filter: Vec::new(),
        })
    };
    let mut session = Session::loaded();
    assert_eq!(session.press("4 }"), [load(ADA, "cards.list")]);
    session.answer(200, CARDS);
    assert_eq!(session.press("{"), []);
    assert_eq!(session.press("}"), [], "once is enough");
    session.press("3 j");
    session.press("4");
    assert!(session.text(80, 24).contains("press a to sign in Ben Okri"));
    session.sign_in(BEN);
    assert!(
        session
            .text(80, 24)
            .contains("press r to ask for the cards")
    );
    session.press("3");
    assert_eq!(session.press("4"), [load(BEN, "cards.list")]);
    assert!(session.text(80, 24).contains("[Cards]"));
    session.send(Msg::load_accounts(BEN));
    assert!(
        session.text(80, 24).contains("[Accounts]"),
        "what was asked for"
    );
}

#[test]
fn a_filter_is_typed_kept_and_taken_back() {
    let mut session = Session::listing("{ { {", TRANSFERS);
    session.draw(80, 24);
    assert!(session.press("/ q 1").is_empty(), "letters are typed");
    session.press("backspace backspace p a y o u t");
    let text = session.text(80, 24);
    assert!(text.contains("6 of 25 loaded, L loads the rest"), "{text}");
    let text = session.text(62, 20);
    assert!(text.contains("6 of 25 loaded\n"), "nothing is cut: {text}");
    assert!(!text.contains("Emergency"), "{text}");
    session.press("down down enter");
    assert_eq!(session.press("n").len(), 1, "keys are keys again");
    session.press("esc");
    assert!(session.text(80, 24).contains("Payout"));
    session.press("esc");
    assert!(session.text(80, 24).contains("Emergency"));
    session.press("/");
    session
        .screen
        .input(&Event::Paste(" Emer\r\ngency\n".into()), &session.model);
    let text = session.text(80, 24);
    assert!(
        text.contains("Emergency") && !text.contains("Payout"),
        "{text}"
    );
    session.press("x x");
    assert!(
        session
            .text(80, 24)
            .contains("no row has that; Esc shows all")
    );
    session.press("alt-s");
    assert!(session.text(80, 24).contains("Payout"), "Escape and a key");
}

#[test]
fn the_selected_row_stays_selected_when_the_order_changes() {
    let mut session = Session::listing("} }", ROUTINES);
    session.draw(80, 24);
    session.press("j j");
    let marked = |session: &mut Session| {
        let text = session.text(80, 24);
        let line = text.lines().find(|line| line.contains('▸')).unwrap();
        line.trim().to_owned()
    };
    assert!(marked(&mut session).contains("Holiday"));
    session.press("s s");
    assert!(session.text(80, 24).contains("amount $ ▼"));
    assert!(marked(&mut session).contains("Holiday"));
    session.press("S g");
    assert!(session.text(80, 24).contains("amount $ ▲"));
    assert!(marked(&mut session).contains("12.00"));
    session.press("s s s s s");
    assert!(
        !session.text(80, 24).contains(['▲', '▼']),
        "as it is listed"
    );
}

#[test]
fn an_account_leads_to_its_transfers_and_to_a_routine_from_it() {
    let mut session = Session::loaded();
    session.draw(80, 24);
    let values = vec![("source_id".to_owned(), "acc_02".to_owned())];
    assert_eq!(
        session.press("j N"),
        [Msg::compose("routines.create", values.clone())]
    );
    session.send(Msg::close_composer());
    let load = |filter| {
        Msg::Resources(resources::Msg::Load {
            user: ADA,
            endpoint: EndpointId::new("transfers.list"),
            filter,
        })
    };
    assert_eq!(session.press("t"), [load(values)]);
    session.answer(200, TRANSFERS);
    let text = session.text(80, 24);
    assert!(text.contains("[Transfers]"), "{text}");
    let scope = "only from Rainy day · Esc shows all transfers";
    assert!(text.contains(scope), "{text}");
    assert_eq!(session.press("esc"), [load(Vec::new())]);
    assert_eq!(session.press("+").len(), 1, "nothing adds a transfer");
    assert!(matches!(session.msgs[..], [Msg::Notices(_)]));
}

#[test]
fn a_routine_is_paused_resumed_deleted_and_followed() {
    let mut session = Session::listing("} }", ROUTINES);
    session.draw(80, 24);
    let list = session.model.resources.list(ADA, "routines.list").unwrap();
    let ids: Vec<String> = (0..5)
        .map(|row| list.text(row, "id").unwrap().into_owned())
        .collect();
    let pause = |id: &str, active: &str| {
        let values = [("id", id), ("active", active)];
        let owned = values.map(|(label, value)| (label.to_owned(), value.to_owned()));
        Msg::compose("routines.update", owned.to_vec())
    };
    assert!(session.text(80, 24).contains("P pause  D delete"));
    assert_eq!(session.press("P"), [pause(&ids[0], "false")]);
    session.send(Msg::close_composer());
    let delete = Draft::new("routines.delete")
        .on_behalf_of(ADA)
        .with_path("id", ids[0].clone());
    assert_eq!(session.press("D"), [Msg::send(delete)]);
    session.press("j");
    let text = session.text(80, 24);
    assert!(
        !text.contains("P pause") && !text.contains("D delete"),
        "{text}"
    );
    assert!(matches!(session.press("P"), [Msg::Notices(_)]));
    assert!(matches!(session.press("D"), [Msg::Notices(_)]));
    assert_eq!(session.press("j P"), [pause(&ids[2], "true")]);
    session.send(Msg::close_composer());
    let load = Msg::Resources(resources::Msg::Load {
        user: ADA,
        endpoint: EndpointId::new("routines.transfers"),
        filter: vec![("id".into(), ids[2].clone())],
    });
    assert_eq!(session.press("t"), [load]);
    session.answer(
        200,
        r#"{"transfers":[{"id":"t1","routine_name":"Holiday"}]}"#,
    );
    let text = session.text(80, 24);
    assert!(text.contains("only of routine Holiday"), "{text}");
    session.press("esc");
    let url = &session
        .model
        .requests
        .entries
        .back()
        .unwrap()
        .exchange
        .request
        .url;
    assert!(url.ends_with("/v1/transfers"), "{url}");
}

#[test]
fn a_pending_transfer_is_cancelled_and_a_card_deleted() {
    let mut session = Session::listing("{ { {", TRANSFERS);
    session.draw(80, 24);
    let call = |endpoint: &str, id: &str| {
        Msg::send(Draft::new(endpoint).on_behalf_of(ADA).with_path("id", id))
    };
    let id = |session: &Session, list: &str, row| {
        let list = session.model.resources.list(ADA, list).unwrap();
        list.text(row, "id").unwrap().into_owned()
    };
    let first = id(&session, "transfers.list", 0);
    assert_eq!(session.press("C"), [call("transfers.cancel", &first)]);
    assert!(matches!(session.press("j C"), [Msg::Notices(_)]));
    let second = id(&session, "transfers.list", 1);
    assert_eq!(session.press("enter"), [call("transfers.get", &second)]);
    let mut session = Session::listing("}", CARDS);
    session.draw(80, 24);
    let last = id(&session, "cards.list", 3);
    assert!(
        matches!(session.press("G D"), [Msg::Notices(_)]),
        "{last} is gone already"
    );
    let first = id(&session, "cards.list", 0);
    assert_eq!(session.press("g D"), [call("cards.delete", &first)]);
}

#[test]
fn everything_is_loaded_page_by_page_and_can_be_stopped() {
    let transfers = || EndpointId::new("transfers.list");
    let mut session = Session::listing("{ { {", TRANSFERS);
    assert_eq!(
        session.press("L"),
        [Msg::Resources(resources::Msg::LoadAll {
            user: ADA,
            endpoint: transfers()
        })]
    );
    let text = session.text(80, 24);
    assert!(text.contains("loaded 25 …  x stops"), "{text}");
    session.answer(200, TRANSFERS);
    assert!(session.text(80, 24).contains("loaded 50 …"));
    assert_eq!(
        session.press("x"),
        [Msg::Resources(resources::Msg::StopLoading)]
    );
    session.answer(200, TRANSFERS);
    let text = session.text(80, 24);
    assert!(text.contains("75, more below"), "{text}");
    assert_eq!(
        session.press("G"),
        [Msg::Resources(resources::Msg::LoadMore {
            user: ADA,
            endpoint: transfers()
        })]
    );
    assert_eq!(session.press("x"), [Msg::Requests(requests::Msg::Cancel)]);
}

#[test]
fn an_empty_list_and_a_refused_one_say_what_to_press() {
    for (keys, list, words) in [
        ("}", "cards", "press + to add one"),
        ("} }", "routines", "press N to make one"),
        (
            "{ { {",
            "transfers",
            "routines make them: press N to make one",
        ),
        ("{ {", "transactions", "press r to ask again"),
    ] {
        let mut session = Session::loaded();
        session.press("4");
        session.press(keys);
        let empty = format!("{{\"count\":0,\"{list}\":[]}}");
        session.answer(200, empty);
        let text = session.text(80, 24);
        assert!(text.contains(words), "{text}");
        session.model.auth.states.clear();
        session.sign_in_for_good(ADA);
        session.press("r");
        session.answer(503, "{}");
        let text = session.text(80, 24);
        assert!(text.contains("the API answered 503"), "{text}");
    }
}

#[test]
fn the_status_of_the_user_says_what_can_be_done_next() {
    for (status, words) in [
        ("approved", "N composes one"),
        ("pending", "r asks again"),
        ("retry", "V opens the page that asks for them"),
        ("document", "V opens the page that takes it"),
        ("suspended", "n makes another test user"),
        ("rejected", "n makes another test user"),
    ] {
        let mut session = Session::loaded();
        assert_eq!(session.press("4 {"), [Msg::identify(ADA)]);
        assert!(session.text(80, 24).contains("loading…"));
        session.answer(200, format!("{{\"status\":\"{status}\"}}"));
        let text = session.text(80, 24);
        assert!(text.contains(words), "{text}");
    }
    let mut session = Session::loaded();
    session.model.auth.states.clear();
    session.sign_in_for_good(ADA);
    session.press("4 {");
    session.answer(500, "{}");
    assert!(session.text(80, 24).contains("the API answered 500"));
    assert_eq!(session.press("r"), [Msg::identify(ADA)]);
}

#[test]
fn a_routine_is_started_while_the_accounts_are_on_their_way() {
    let mut session = Session::loading();
    session.press("4 N");
    session.press("tab tab tab ctrl-o");
    let text = session.text(80, 24);
    assert!(text.contains("the values are on their way"), "{text}");
    session.answer(200, ACCOUNTS);
    assert!(session.text(80, 24).contains("Checking 6789"));
}

#[test]
fn a_routine_of_no_account_takes_the_first_that_is_listed() {
    let mut session = Session::loading();
    session.answer(200, ACCOUNTS);
    session.press("4 } } } N");
    let text = session.text(80, 24);
    assert!(text.contains("Checking 6789"), "{text}");
}
