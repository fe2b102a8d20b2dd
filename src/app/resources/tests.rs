//! Lists: pages, filters, loading all, loading again after a write.

use crate::app::fixture::{ADA, Session, answer};
use crate::app::resources::{List, Msg};
use crate::app::{Effect, Msg as AppMsg, profiles, requests};
use crate::domain::{Draft, EndpointId};

fn page(ids: std::ops::Range<u32>, cursor: Option<&str>) -> String {
    let items: Vec<_> = ids
        .map(|id| format!("{{\"id\":\"a{id}\",\"nickname\":null}}"))
        .collect();
    let cursor = cursor.map_or("null".into(), |cursor| format!("\"{cursor}\""));
    let more = cursor != "null";
    format!(
        "{{\"count\":{},\"accounts\":[{}],\"cursor\":{cursor},\"more\":{more}}}",
        items.len(),
        items.join(",")
    )
}

fn accounts() -> EndpointId {
    EndpointId::new("accounts.list")
}

fn list(session: &Session) -> &List {
    session.model.resources.list(ADA, "accounts.list").unwrap()
}

/// URLs of the calls asked for since the last look.
fn urls(session: &mut Session) -> Vec<String> {
    let url = |effect: Effect| match effect {
        Effect::Requests(requests::Effect::Call { request, .. }) => Some(request.url),
        _ => None,
    };
    session.take_effects().into_iter().filter_map(url).collect()
}

#[test]
fn pages_follow_each_other_and_a_reload_starts_anew() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    session.answer(job, 200, &page(0..25, Some("c1")));
    assert_eq!(
        (list(&session).rows.len(), list(&session).next.as_deref()),
        (25, Some("c1"))
    );
    session.take_effects();
    session.send(AppMsg::Resources(Msg::LoadMore {
        user: ADA,
        endpoint: accounts(),
    }));
    session.send(AppMsg::Resources(Msg::LoadMore {
        user: ADA,
        endpoint: accounts(),
    }));
    assert_eq!(
        urls(&mut session),
        ["http://127.0.0.1:1/v1/accounts?cursor=c1"],
        "one page at a time"
    );
    let job = session.model.requests.entries.back().unwrap().exchange.job;
    session.answer(job, 200, &page(25..40, None));
    assert_eq!(
        (list(&session).rows.len(), &list(&session).next),
        (40, &None)
    );
    assert_eq!(list(&session).text(39, "id").unwrap(), "a39");
    assert_eq!(list(&session).text(39, "nickname"), None);
    let job = session.list_accounts(ADA);
    session.answer(job, 200, &page(0..3, None));
    assert_eq!(list(&session).rows.len(), 3);
}

#[test]
fn all_pages_are_loaded_one_after_the_other_and_can_be_stopped() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    session.answer(job, 200, &page(0..10, Some("c1")));
    session.send(AppMsg::Resources(Msg::LoadAll {
        user: ADA,
        endpoint: accounts(),
    }));
    assert!(session.model.resources.is_loading_all());
    let exchange = &session.model.requests.entries.back().unwrap().exchange;
    let url = &exchange.request.url;
    assert!(
        url.ends_with("cursor=c1&limit=100"),
        "the largest pages: {url}"
    );
    let job = exchange.job;
    session.answer(job, 200, &page(10..20, Some("c2")));
    assert!(list(&session).is_loading, "the next page follows by itself");
    session.send(AppMsg::Resources(Msg::StopLoading));
    let job = session.model.requests.entries.back().unwrap().exchange.job;
    session.answer(job, 200, &page(20..30, Some("c3")));
    assert_eq!(
        (list(&session).rows.len(), list(&session).is_loading),
        (30, false)
    );
}

#[test]
fn pages_that_follow_do_not_take_the_inspector() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let first = session.list_accounts(ADA);
    session.answer(first, 200, &page(0..25, Some("c1")));
    session.send(AppMsg::Resources(Msg::LoadMore {
        user: ADA,
        endpoint: accounts(),
    }));
    assert_eq!(
        session.model.requests.current().unwrap().exchange.job,
        first
    );
}

#[test]
fn a_failed_page_keeps_what_was_loaded_and_says_why() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    session.answer(job, 200, &page(0..25, Some("c1")));
    let job = session.list_accounts(ADA);
    session.answer(job, 500, "{}");
    assert_eq!(list(&session).rows.len(), 25);
    assert_eq!(
        list(&session).problem.as_ref().unwrap().what,
        "the API answered 500"
    );
}

#[test]
fn an_answer_without_its_items_is_told() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let job = session.list_accounts(ADA);
    session.answer(job, 200, "{\"things\":[]}");
    assert_eq!(
        list(&session).problem.as_ref().unwrap().what,
        "the answer has no \"accounts\""
    );
}

#[test]
fn a_period_that_is_asked_for_is_filled_in() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let endpoint = EndpointId::new("transactions.list");
    session.send(AppMsg::Resources(Msg::Load {
        user: ADA,
        endpoint,
        filter: Vec::new(),
    }));
    let url = urls(&mut session).remove(0);
    assert!(
        url.ends_with("/v1/transactions?date_start=1969-12-02&date_end=1970-01-01"),
        "{url}"
    );
}

#[test]
fn a_period_ends_on_the_day_of_the_server() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let endpoint = EndpointId::new("transactions.list");
    let reload = AppMsg::Resources(Msg::Reload {
        user: ADA,
        endpoint: endpoint.clone(),
    });
    let ends_on = |session: &mut Session, day: &str| {
        let url = urls(session).remove(0);
        assert!(url.ends_with(&format!("date_end={day}")), "{url}");
    };
    session.send(reload.clone());
    ends_on(&mut session, "1970-01-01");
    let job = session.model.requests.entries.back().unwrap().exchange.job;
    let mut answer = answer(200, "{\"count\":0,\"transactions\":[]}");
    let date = "Mon, 02 Mar 2026 12:32:00 GMT";
    answer.response.headers = vec![("date".into(), date.into())];
    answer.response.received_at = session.now;
    let result = Ok(answer);
    session.send(AppMsg::Requests(requests::Msg::Finished { job, result }));
    session.send(reload);
    ends_on(&mut session, "2026-03-02");
    let dates = [("date_start", "2020-01-01"), ("date_end", "2020-02-01")];
    let filter = dates.map(|(name, day)| (name.to_owned(), day.to_owned()));
    session.send(AppMsg::Resources(Msg::Load {
        user: ADA,
        endpoint,
        filter: filter.into(),
    }));
    ends_on(&mut session, "2020-02-01");
    let name = session.model.profiles.current.name.clone();
    session.send(AppMsg::Profiles(profiles::Msg::Switch(name)));
    assert_eq!(
        session.model.resources.ahead, 0,
        "another profile is another server"
    );
}

#[test]
fn after_a_write_what_it_may_have_changed_is_loaded_again() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let endpoint = EndpointId::new("transfers.list");
    let filter = vec![("status".to_owned(), "pending".to_owned())];
    session.send(AppMsg::Resources(Msg::Load {
        user: ADA,
        endpoint,
        filter,
    }));
    let job = session.model.requests.entries.back().unwrap().exchange.job;
    session.answer(job, 200, "{\"count\":0,\"transfers\":[]}");
    session.send(AppMsg::send(
        Draft::new("transfers.cancel")
            .with_path("id", "t1")
            .on_behalf_of(ADA),
    ));
    let job = session.model.requests.entries.back().unwrap().exchange.job;
    session.take_effects();
    session.answer(job, 200, "{\"id\":\"t1\"}");
    assert_eq!(
        urls(&mut session),
        ["http://127.0.0.1:1/v1/transfers?status=pending"]
    );
    assert_eq!(
        session.model.requests.current().unwrap().exchange.job,
        job,
        "the write stays in the Inspector"
    );
}

#[test]
fn a_list_below_one_object_keeps_its_path_from_page_to_page() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let endpoint = EndpointId::new("routines.transfers");
    session.send(AppMsg::Resources(Msg::Load {
        user: ADA,
        endpoint: endpoint.clone(),
        filter: vec![("id".into(), "r1".into())],
    }));
    let job = session.model.requests.entries.back().unwrap().exchange.job;
    session.answer(
        job,
        200,
        r#"{"transfers":[{"id":"t1"}],"more":true,"cursor":"c1"}"#,
    );
    session.send(AppMsg::Resources(Msg::LoadMore {
        user: ADA,
        endpoint,
    }));
    assert_eq!(
        urls(&mut session),
        [
            "http://127.0.0.1:1/v1/routines/r1/transfers",
            "http://127.0.0.1:1/v1/routines/r1/transfers?cursor=c1"
        ]
    );
}

#[test]
fn what_the_api_last_said_of_a_user_is_kept_until_they_are_dropped() {
    let mut session = Session::new();
    session.sign_in(ADA);
    let mut ask = |status, body: &str| {
        session.send(AppMsg::identify(ADA));
        let job = session.model.requests.entries.back().unwrap().exchange.job;
        session.answer(job, status, body);
    };
    ask(200, r#"{"id":"u1","status":"retry"}"#);
    ask(500, "{}");
    let person = session.model.resources.person(ADA).unwrap();
    let status = person.get(person.root().unwrap(), "status").unwrap();
    assert_eq!(person.text(status), "retry");
    session.send(AppMsg::drop_accounts(ADA));
    assert!(session.model.resources.person(ADA).is_none());
}
