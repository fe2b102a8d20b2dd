//! A key is pressed, and this is what follows.

use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use strum::IntoEnumIterator;

use crate::app::{
    Desktop, Modal, Msg, Subject, auth, modals, profiles, requests, resources, users,
};
use crate::config::{Action, Keymap, Resolution};
use crate::domain::{Draft, EndpointId, Environment, Hosts, Profile, Secret, UserKey};
use crate::ui::panes;
use crate::ui::screen::contexts_of;
use crate::ui::tests::fixture::{ADA, Session};

const BEN: UserKey = UserKey(2);

#[test]
fn help_begins_with_the_pane_that_has_the_keys() {
    for (key, heading) in [("5", "Inspector"), ("6", "Requests")] {
        let mut session = Session::loaded();
        session.press(key);
        session.press("?");
        let text = session.text(60, 15);
        let first = text.lines().find(|line| line.contains(heading));
        let inside = text.lines().skip_while(|line| !line.contains("Help"));
        assert!(
            inside.take(2).any(|line| line.contains(heading)),
            "{first:?} {text}"
        );
    }
}

#[test]
fn help_is_searched_by_words_and_by_keys() {
    let mut session = Session::loaded();
    session.press("?");
    let height = |text: &str| text.lines().filter(|line| line.contains('│')).count();
    let all = session.text(80, 24);
    assert!(
        session
            .press("/ s i g n space o u t q backspace")
            .is_empty()
    );
    let found = session.text(80, 24);
    assert!(found.contains("Sign out"), "{found}");
    assert!(!found.contains("Quit"), "{found}");
    assert_eq!(height(&found), height(&all));
    session.press("ctrl-u c t r l - r enter");
    insta::assert_snapshot!("help-found-80x24", session.text(80, 24));
    session.press("/ x x x");
    assert!(session.text(60, 15).contains("no key does that"));
    session.press("esc");
    assert_eq!(session.text(80, 24), all);
    assert_eq!(session.press("esc"), [Msg::Modals(modals::Msg::Close)]);
}

#[test]
fn no_chord_means_two_things_where_it_is_pressed() {
    let keymap = Keymap::built_in().unwrap();
    let mut chains: Vec<Vec<&str>> = panes::all()
        .iter()
        .map(|pane| contexts_of(&**pane))
        .collect();
    chains.push(vec!["popup", "list", "always"]);
    chains.push(vec!["help", "popup", "list", "always"]);
    chains.push(vec!["text", "always"]);
    chains.push(vec!["search", "text", "always"]);
    chains.push(vec!["program", "text", "always"]);
    chains.push(vec!["picker", "text", "always"]);
    chains.push(vec!["profiles", "picker", "text", "always"]);
    chains.push(vec!["fields", "form", "always"]);
    chains.push(vec!["fields", "form", "choice", "always"]);
    chains.push(vec!["composer", "choice", "form", "always"]);
    chains.push(vec!["composer", "list", "always"]);
    chains.push(vec!["confirm", "list", "always"]);
    chains.push(vec!["filter", "text", "always"]);
    chains.push(vec!["export", "always"]);
    chains.push(vec!["saving", "always"]);
    chains.push(vec!["run", "list", "always"]);
    chains.push(vec!["guide", "popup", "always"]);
    for chain in &chains {
        for name in chain {
            let context = keymap
                .contexts()
                .iter()
                .find(|context| context.name == *name);
            for binding in &context
                .unwrap_or_else(|| panic!("no table [{name}]"))
                .bindings
            {
                let found = keymap.resolve(chain, &binding.keys);
                if (chain[0], binding.action) == ("inspector", Action::NewUser) {
                    continue; // n is the next match there
                }
                assert_eq!(
                    found,
                    Resolution::Action(binding.action),
                    "{} in {chain:?}",
                    binding.shown()
                );
            }
        }
    }
    let used: Vec<_> = chains.concat();
    for context in keymap.contexts() {
        assert!(
            used.contains(&context.name.as_str()),
            "[{}] applies nowhere",
            context.name
        );
    }
}

#[test]
fn every_action_is_in_help() {
    let mut session = Session::new();
    session.send(Msg::open(Modal::Help));
    let text = session.text(300, 100);
    for action in Action::iter() {
        assert!(text.contains(action.meaning()), "{action:?}");
    }
}

#[test]
fn tab_and_numbers_move_the_focus() {
    let mut session = Session::new();
    let focused = |session: &Session| session.screen.panes[session.screen.focus].title();
    assert_eq!(focused(&session), "Test users");
    for (keys, title) in [
        ("1", "Credentials"),
        ("tab", "Authorization"),
        ("shift-tab shift-tab", "Requests"),
        ("shift-tab", "Inspector"),
        ("4", "Accounts"),
        ("3", "Test users"),
        ("2", "Authorization"),
        ("5", "Inspector"),
    ] {
        session.press(keys);
        assert_eq!(focused(&session), title);
    }
}

#[test]
fn users_are_selected_and_signed_in() {
    let select = |key| Msg::Users(users::Msg::Select(key));
    let mut session = Session::new();
    session.draw(80, 24);
    assert_eq!(session.press("j"), [select(Some(BEN))]);
    assert_eq!(session.press("k"), [select(Some(ADA))]);
    assert_eq!(session.press("G"), [select(None)]);
    assert_eq!(session.press("g"), [select(Some(ADA))]);
    assert_eq!(session.press("a"), [Msg::sign_in(Some(ADA))]);
    assert_eq!(session.press("enter"), [Msg::sign_in(Some(ADA))]);
    session.sign_in(ADA);
    assert_eq!(session.press("enter"), [Msg::load_accounts(ADA)]);
    let focused = session.screen.panes[session.screen.focus].title();
    assert_eq!(focused, "Accounts", "what was asked for comes to the front");
    assert_eq!(session.press("A"), [Msg::sign_in(None)]);
}

#[test]
fn tokens_are_renewed_and_forgotten_where_they_are_shown() {
    let mut session = Session::loaded();
    assert_eq!(session.press("3 R"), [Msg::refresh(ADA)]);
    assert_eq!(session.press("2 s"), [Msg::ask_sign_out(ADA)]);
    session.press("n");
    assert!(session.model.auth.grant(ADA).is_some(), "a no keeps them");
    session.press("s");
    assert_eq!(session.press("y"), [Msg::Modals(modals::Msg::Confirmed)]);
    assert_eq!(session.model.auth.grant(ADA), None);
    assert!(matches!(session.press("s"), [Msg::Notices(_)]));
}

#[test]
fn everywhere_the_same_keys_do_the_same() {
    let mut session = Session::new();
    for pane in ["1", "2", "3", "4", "5"] {
        session.press(pane);
        assert_eq!(session.press("q"), [Msg::Quit]);
        assert_eq!(session.press("ctrl-c"), [Msg::Quit]);
        assert_eq!(session.press("ctrl-z"), [Msg::Desktop(Desktop::Suspend)]);
        assert_eq!(session.press("x"), [Msg::Requests(requests::Msg::Cancel)]);
        assert_eq!(
            session.press("<"),
            [Msg::Requests(requests::Msg::ShowOlder)]
        );
        assert_eq!(
            session.press("."),
            [Msg::Requests(requests::Msg::ShowNewer)]
        );
        assert_eq!(session.press("?"), [Msg::open(Modal::Help)]);
        assert_eq!(session.press("esc"), [Msg::Modals(modals::Msg::Close)]);
    }
}

#[test]
fn the_client_secret_is_asked_for() {
    let profile = Profile {
        environment: Environment::Sandbox,
        hosts: Hosts::of(Environment::Sandbox),
        ..Profile::built_in()
    };
    let mut session = Session::on(profile);
    assert_eq!(
        session.press("1 c"),
        [Msg::Profiles(profiles::Msg::AskSecret)]
    );
    // Nothing can be chosen there: every letter is typed, and none of them is seen.
    session.press("q ? o i 1");
    assert!(session.text(80, 24).contains("•••••"));
    assert!(!session.text(80, 24).contains("q?oi1"));
    assert_eq!(
        session.press("enter"),
        [Msg::Modals(modals::Msg::Submit(Secret::new("q?oi1")))]
    );
    assert!(session.model.modals.stack.is_empty());
}

#[test]
fn accounts_are_walked_read_and_loaded_again() {
    let mut session = Session::loaded();
    session.draw(120, 36);
    let read = |id: &str| {
        Msg::send(
            Draft::new("accounts.get")
                .on_behalf_of(ADA)
                .with_path("id", id),
        )
    };
    assert!(session.press("j j").is_empty());
    assert_eq!(session.press("enter"), [read("acc_03")]);
    assert_eq!(
        session.press("r"),
        [Msg::Resources(resources::Msg::Reload {
            user: ADA,
            endpoint: EndpointId::new(resources::ACCOUNTS)
        })]
    );
    assert!(
        session.press("G enter").is_empty(),
        "an account without an id cannot be read"
    );
}

#[test]
fn the_next_page_is_loaded_at_the_last_row() {
    let mut session = Session::loading();
    session.answer(
        200,
        r#"{"accounts": [{"id": "a"}, {"id": "b"}], "more": true, "cursor": "c1"}"#,
    );
    session.draw(80, 24);
    let has_pages = session
        .model
        .resources
        .list(ADA, resources::ACCOUNTS)
        .unwrap()
        .next
        .is_some();
    if has_pages {
        assert_eq!(
            session.press("j"),
            [Msg::Resources(resources::Msg::LoadMore {
                user: ADA,
                endpoint: EndpointId::new(resources::ACCOUNTS)
            })]
        );
        assert!(session.press("j").is_empty(), "one page at a time");
    }
}

#[test]
fn the_inspector_is_driven_from_everywhere() {
    let mut session = Session::loaded();
    session.press("1 ]");
    assert!(session.text(120, 36).contains("[Request]"));
    session.press("[ [");
    assert!(session.text(120, 36).contains("[Timing]"));
    let id = "2f0c6d1e-8a4b-4f6e-9c57-0b1f3d2a7e90".to_owned();
    let copy = |text, what| Msg::Desktop(Desktop::Copy { text, what });
    assert_eq!(session.press("Y"), [copy(id, "request-id")]);
    assert!(matches!(
        session.press("y b"),
        [
            Msg::Modals(_),
            Msg::Modals(_),
            Msg::Desktop(Desktop::Copy { what: "body", .. })
        ]
    ));
    assert_eq!(
        session.press("5 r"),
        [Msg::Requests(requests::Msg::SendAgain)]
    );
}

#[test]
fn a_question_is_answered_by_keys_by_typing_and_by_pasting() {
    let auth = |msg| Msg::Auth(msg);
    let submit = |text: &str| Msg::Modals(modals::Msg::Submit(Secret::new(text)));
    let mut session = Session::signing_in();
    assert_eq!(session.press("o"), [auth(auth::Msg::OpenBrowser)]);
    assert_eq!(session.press("c"), [auth(auth::Msg::CopyUrl)]);
    assert!(
        session.press("q w").is_empty(),
        "letters that choose nothing are typed"
    );
    assert!(session.press("o").is_empty(), "and then all of them are");
    session
        .screen
        .input(&Event::Paste("\r\nx y\n".into()), &session.model);
    assert_eq!(session.press("enter"), [submit("qwox y")]);
    assert!(session.model.modals.top().is_some_and(
        |modal| matches!(modal, Modal::Prompt(prompt) if prompt.subject == Subject::SignIn)
    ));
    assert!(session.press("i").is_empty());
    assert!(session.press("c").is_empty());
    assert!(session.press("backspace").is_empty());
    assert_eq!(
        session.press("c"),
        [auth(auth::Msg::CopyUrl)],
        "an empty field gives the keys back"
    );
    assert_eq!(session.press("enter"), [auth(auth::Msg::Walk)]);
    assert_eq!(session.press("esc"), [Msg::Modals(modals::Msg::Close)]);
    assert_eq!(session.model.auth.flow, None);
}

#[test]
fn escape_and_a_key_right_after_it_are_two_keys() {
    let mut session = Session::new();
    session.press("?");
    assert_eq!(
        session.press("alt-q"),
        [Msg::Modals(modals::Msg::Close), Msg::Quit]
    );
}

#[test]
fn a_click_focuses_and_selects_and_the_wheel_scrolls() {
    let mut session = Session::loaded();
    session.draw(200, 60);
    let mut mouse = |kind, column, row| {
        let event = MouseEvent {
            kind,
            column,
            row,
            modifiers: KeyModifiers::NONE,
        };
        let msgs = session.screen.input(&Event::Mouse(event), &session.model);
        (msgs, session.screen.panes[session.screen.focus].title())
    };
    let click = MouseEventKind::Down(MouseButton::Left);
    assert_eq!(mouse(click, 100, 6), (vec![], "Accounts"));
    assert_eq!(mouse(click, 100, 30).1, "Requests", "below the table");
    assert_eq!(mouse(click, 2, 2), (vec![], "Credentials"));
    assert_eq!(mouse(click, 2, 59), (vec![], "Credentials"));
    assert_eq!(
        mouse(MouseEventKind::ScrollDown, 150, 30),
        (vec![], "Credentials")
    );
    assert_eq!(
        mouse(MouseEventKind::Moved, 150, 30),
        (vec![], "Credentials")
    );
}

#[test]
fn a_click_on_the_name_of_a_tab_opens_it() {
    let mut session = Session::loaded();
    for (name, open) in [
        ("Routines", "[Routines]"),
        ("Timing", "[Timing]"),
        ("History", "[History]"),
    ] {
        let text = session.text(120, 36);
        let found = text.lines().enumerate().find_map(|(row, line)| {
            let at = line.find(&format!(" {name} "))?;
            Some((row, line[..at].chars().count() + 2))
        });
        let (row, column) = found.unwrap();
        let mouse = MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: u16::try_from(column).unwrap(),
            row: u16::try_from(row).unwrap(),
            modifiers: KeyModifiers::NONE,
        };
        let msgs = session.screen.input(&Event::Mouse(mouse), &session.model);
        assert!(msgs.len() <= 2, "only what that tab needs: {msgs:?}");
        let text = session.text(120, 36);
        assert!(text.contains(open), "{text}");
    }
}
