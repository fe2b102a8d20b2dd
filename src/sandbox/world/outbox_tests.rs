//! No news is missed, and none is told of what nobody was to be told.

use std::time::Duration;

use proptest::prelude::*;

use crate::domain::{Timestamp, UserStatus};
use crate::sandbox::clock::Clock;
use crate::sandbox::world::bank::Cents;
use crate::sandbox::world::outbox::Kind;
use crate::sandbox::world::terms::Wish;
use crate::sandbox::world::{Setup, World, calendar};

fn world() -> World {
    let setup = Setup::of_tests(Clock::frozen(Timestamp(1_780_000_000_000)));
    World::new(setup).unwrap()
}

#[test]
fn what_happened_while_nobody_was_told_is_no_news() {
    let mut world = world();
    let user = world.users()[0].id.clone();
    world.add_history(&user, 1).unwrap();
    world.tell_news(true);
    world.tell_news(false);
    world.set_status(&user, UserStatus::Suspended).unwrap();
    world.tell_news(true);
    assert_eq!(world.next_moment(), None);
    world.catch_up();
    assert_eq!(world.take_news(), []);
    world.set_status(&user, UserStatus::Approved).unwrap();
    let kinds: Vec<_> = world.take_news().iter().map(|news| news.kind).collect();
    assert_eq!(kinds[0], Kind::UserUpdated);
    assert!(kinds.len() > 1 && kinds[1..].iter().all(|kind| *kind == Kind::RoutineUpdated));
}

/// Something that somebody does with the routines of one user.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Start {
        is_recurring: bool,
        days: u64,
        source: usize,
    },
    Pause(usize, bool),
    Cancel,
    Delete(usize),
    Status(usize),
    /// Starts a check that comes to its outcome by itself.
    ShowDocument,
    Reconnect,
    Pass(u64),
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        (any::<bool>(), 0..4_u64, 0..9_usize).prop_map(|(is_recurring, days, source)| {
            Deed::Start {
                is_recurring,
                days,
                source,
            }
        }),
        (0..4_usize, any::<bool>()).prop_map(|(place, is_active)| Deed::Pause(place, is_active)),
        Just(Deed::Cancel),
        (0..4_usize).prop_map(Deed::Delete),
        (0..UserStatus::ALL.len()).prop_map(Deed::Status),
        Just(Deed::ShowDocument),
        Just(Deed::Reconnect),
        (1..300_000_u64).prop_map(Deed::Pass),
    ]
}

/// What cannot be done is refused, and leaves everything as it was.
fn act(world: &mut World, user: &str, deed: Deed) {
    let ids = |world: &World| {
        world
            .routines()
            .iter()
            .map(|it| it.id.clone())
            .collect::<Vec<_>>()
    };
    match deed {
        Deed::Start {
            is_recurring,
            days,
            source,
        } => {
            let accounts: Vec<_> = world.accounts_of(user).map(|it| it.id.clone()).collect();
            let day = world.now().after(Duration::from_secs(days * 86_400));
            let wish = Wish {
                kind: if is_recurring {
                    "recurring"
                } else {
                    "one-time"
                }
                .into(),
                payment: "ach".into(),
                source: accounts[source % accounts.len()].clone(),
                destination: accounts[(source + 1) % accounts.len()].clone(),
                amount: Cents(100),
                start: calendar::pacific_date(day).map(|day| day.to_string()),
                frequency: is_recurring.then(|| "weekly".into()),
                ..Wish::default()
            };
            let _ = world.start_routine(user, wish);
        }
        Deed::Pause(place, is_active) => {
            if let Some(id) = ids(world).get(place) {
                let _ = world.change_routine(user, id, Some(is_active), |_| {});
            }
        }
        Deed::Cancel => {
            let last = world.transfers().of_owner(user).last().copied();
            let last = last.and_then(|place| world.transfers().at(place));
            if let Some(id) = last.map(|transfer| transfer.id.clone()) {
                let _ = world.cancel(user, &id);
            }
        }
        Deed::Delete(place) => {
            if let Some(id) = ids(world).get(place) {
                let _ = world.delete_routine(user, id);
            }
        }
        Deed::Status(place) => {
            let _ = world.set_status(user, UserStatus::ALL[place]);
        }
        Deed::ShowDocument => {
            let _ = world.set_status(user, UserStatus::Document);
            world.take_document(user);
        }
        Deed::Reconnect => {
            let banks: Vec<_> = world
                .institutions()
                .iter()
                .map(|it| it.id.clone())
                .collect();
            banks.iter().for_each(|bank| world.reconnect(user, bank));
        }
        Deed::Pass(seconds) => world.pass(Duration::from_secs(seconds)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_routine_changes_its_status_untold(deeds in proptest::collection::vec(deed(), 1..30)) {
        let mut world = world();
        // Somebody with accounts whose links are severed.
        let severed = world.accounts().iter().find(|account| !account.is_connected);
        let user = severed.map(|account| account.owner.clone()).unwrap();
        world.tell_news(true);
        for deed in deeds {
            act(&mut world, &user, deed);
            for routine in world.routines() {
                prop_assert_eq!(routine.told, Some(world.routine_status(routine)), "{:?}", deed);
            }
        }
    }
}
