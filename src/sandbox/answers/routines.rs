//! Answers about routines.

use serde_json::{Map, Value, json};

use crate::sandbox::answers::{Reply, transfers};
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::paging::{self, Rows};
use crate::sandbox::world::World;
use crate::sandbox::world::bank::Cents;
use crate::sandbox::world::calendar::date_time;
use crate::sandbox::world::fees;
use crate::sandbox::world::routines::{End, Routine, RoutineStatus};
use crate::sandbox::world::terms::{Door, ONE_TIME, Wish};

/// Fields of the types that watch balances and purchases. They are kept and shown, and do nothing here.
const OTHERS: [&str; 7] = [
    "threshold",
    "spending",
    "amount_start",
    "amount_increment",
    "minimum_transaction_threshold",
    "percent_of_transaction",
    "percent_of_balance",
];

/// `routines.list`
pub(crate) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = call.user();
    // The place of a routine is its place in the order of creation.
    let places: Vec<usize> = world
        .routines()
        .iter()
        .enumerate()
        .filter(|(_, routine)| routine.owner == user && routine.end != Some(End::Deleted))
        .map(|(place, _)| place)
        .collect();
    let rows = Rows {
        rows: places.as_slice(),
        place: |place: &usize| *place as u64,
        is_wanted: |_: &usize| true,
    };
    paging::page(call, &rows, |place| show(world, *place))
}

/// `routines.get`
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let (place, _) = world.routine(call.user(), call.parameter("id"))?;
    Ok(show(world, place).into())
}

/// `routines.create`
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let place = world.start_routine(call.user(), wish(call))?;
    Ok(show(world, place).into())
}

/// `routines.account_to_card`
pub(crate) fn account_to_card(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let mode = call.text("settlement_mode").unwrap_or_default();
    if mode == "gross_debit" && call.filled("client_correlation_id").is_none() {
        return Err(Refusal::bad_request(
            "client_correlation_id is required with settlement_mode gross_debit",
        ));
    }
    let wish = card_wish(call, Door::AccountToCard, mode);
    let place = world.start_routine(call.user(), wish)?;
    Ok(show_card_routine(world, place).into())
}

/// `routines.card_to_account`
pub(crate) fn card_to_account(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let wish = card_wish(call, Door::CardToAccount, "debit");
    let place = world.start_routine(call.user(), wish)?;
    Ok(show_card_routine(world, place).into())
}

/// `routines.book`. The names of the answer are the sandbox's own; any user may call it here, since nothing tells which
/// one is the client's business.
pub(crate) fn book(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let needed = ["source_id", "destination_id", "amount"];
    if let Some(name) = needed.iter().find(|name| !call.body.contains_key(**name)) {
        return Err(Refusal::bad_request(format!("{name} is required")));
    }
    let wish = Wish {
        door: Door::Book,
        kind: ONE_TIME.into(),
        payment: "ledger".into(),
        ..wish(call)
    };
    let place = world.start_routine(call.user(), wish)?;
    let routine = world.routines().get(place);
    let transfer = routine
        .and_then(|routine| routine.transfers.last())
        .and_then(|transfer| world.transfers().at(*transfer));
    Ok(json!({
        "routine_id": routine.map(|routine| &routine.id),
        "transfer_id": transfer.map(|transfer| &transfer.id),
    })
    .into())
}

/// `routines.preview`
pub(crate) fn preview(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let order = world.order(call.user(), wish(call))?;
    let wish = &order.wish;
    let fees = fees::of(wish.amount, wish.fee_percent);
    let id = world.new_id();
    let payment: &str = order.payment.into();
    Ok(json!({
        "id": id,
        "routine_type": wish.kind,
        "payment_type": payment,
        "source": order.source.id,
        "destination": order.destination.id,
        "pull_amount": fees.pull.dollars(),
        "push_amount": fees.push.dollars(),
        "astra_fee": fees.astra.dollars(),
        "customer_fee": fees.customer.dollars(),
        "estimated_settlement": "instant",
        "created": date_time(world.now()),
    })
    .into())
}

/// `routines.update`
pub(crate) fn update(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.parameter("id");
    let (_, routine) = world.routine(call.user(), id)?;
    if call
        .text("type")
        .is_some_and(|kind| kind != routine.order.wish.kind)
    {
        return Err(Refusal::bad_request("type cannot be changed"));
    }
    let is_active = call.body.get("active").and_then(Value::as_bool);
    let place = world.change_routine(call.user(), id, is_active, |wish| change(wish, call))?;
    Ok(show_changed(world, place).into())
}

/// `routines.delete`
pub(crate) fn delete(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    world.delete_routine(call.user(), call.parameter("id"))?;
    Ok(Reply::Empty)
}

/// `routines.transfers`
pub(crate) fn list_transfers(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let (_, routine) = world.routine(call.user(), call.parameter("id"))?;
    let rows = Rows {
        rows: routine.transfers.as_slice(),
        place: |place: &usize| *place as u64,
        is_wanted: |_: &usize| true,
    };
    paging::page(call, &rows, |place| transfers::show_at(world, *place))
}

fn wish(call: &Call<'_>) -> Wish {
    let mut wish = Wish {
        kind: call.filled("type").unwrap_or_default(),
        ..Wish::default()
    };
    change(&mut wish, call);
    wish.destination_user = call.filled("destination_user_id");
    wish.fee_percent = call.number("customer_debit_fee_percent_override");
    wish
}

/// Takes over what the body holds; the rest stays.
fn change(wish: &mut Wish, call: &Call<'_>) {
    for (name, field) in [
        ("name", &mut wish.name),
        ("payment_type", &mut wish.payment),
        ("source_id", &mut wish.source),
        ("destination_id", &mut wish.destination),
    ] {
        if let Some(text) = call.filled(name) {
            *field = text;
        }
    }
    for (name, field) in [
        ("start_date", &mut wish.start),
        ("preferred_settlement_speed", &mut wish.speed),
        ("frequency", &mut wish.frequency),
        ("client_correlation_id", &mut wish.correlation_id),
    ] {
        if let Some(text) = call.filled(name) {
            *field = Some(text);
        }
    }
    if let Some(dollars) = call.number("amount") {
        wish.amount = Cents::of_dollars(dollars);
    }
    for name in OTHERS {
        if let Some(value) = call.body.get(name) {
            wish.others.insert(name.to_owned(), value.clone());
        }
    }
}

fn card_wish(call: &Call<'_>, door: Door, route: &str) -> Wish {
    let part = |object: &str, name: &str| call.text_in(object, name).map(str::to_owned);
    Wish {
        door,
        kind: ONE_TIME.into(),
        payment: "debit".into(),
        source: part("source", "id").unwrap_or_default(),
        destination: part("destination", "id").unwrap_or_default(),
        destination_user: part("destination", "user_id"),
        fee_percent: call.number("debit_fee_percent"),
        card_route: Some(route.to_owned()),
        ..wish(call)
    }
}

fn missing(place: usize) -> Value {
    json!({ "id": place.to_string() }) // cannot happen: a routine is never taken out
}

fn show(world: &World, place: usize) -> Value {
    let Some(routine) = world.routines().get(place) else {
        return missing(place);
    };
    let status = world.routine_status(routine);
    let mut shown = terms(routine, status);
    let name: &str = status.into();
    shown.insert("status".into(), name.into());
    shown.insert("created".into(), date_time(routine.created).into());
    Value::Object(shown)
}

fn show_changed(world: &World, place: usize) -> Value {
    let Some(routine) = world.routines().get(place) else {
        return missing(place);
    };
    let mut shown = terms(routine, world.routine_status(routine));
    shown.shift_remove("destination_user_id");
    for name in OTHERS {
        let value = routine.order.wish.others.get(name);
        shown.insert(name.into(), value.cloned().unwrap_or(Value::Null));
    }
    Value::Object(shown)
}

/// What all answers about a routine hold.
fn terms(routine: &Routine, status: RoutineStatus) -> Map<String, Value> {
    let (order, wish) = (&routine.order, &routine.order.wish);
    let payment: &str = order.payment.into();
    Map::from_iter(
        [
            ("id", json!(routine.id)),
            ("type", json!(wish.kind)),
            ("name", json!(wish.name)),
            ("payment_type", json!(payment)),
            ("source_id", json!(order.source.id)),
            ("destination_id", json!(order.destination.id)),
            ("destination_user_id", json!(wish.destination_user)),
            ("amount", json!(wish.amount.dollars())),
            ("start_date", json!(order.start.to_string())),
            ("preferred_settlement_speed", json!(wish.speed)),
            ("frequency", json!(wish.frequency)),
            ("client_correlation_id", json!(wish.correlation_id)),
            ("active", json!(status == RoutineStatus::Active)),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    )
}

fn show_card_routine(world: &World, place: usize) -> Value {
    let Some(routine) = world.routines().get(place) else {
        return missing(place);
    };
    let status = world.routine_status(routine);
    let name: &str = status.into();
    let (order, wish) = (&routine.order, &routine.order.wish);
    json!({
        "id": routine.id,
        "type": wish.kind,
        "name": wish.name,
        "status": name,
        "amount": wish.amount.dollars(),
        "source": {"id": order.source.id},
        "destination": {"id": order.destination.id, "user_id": wish.destination_user},
        "debit_fee_percent": wish.fee_percent,
        "payment_route": wish.card_route,
        "active": status == RoutineStatus::Active,
        "blocked": matches!(
            status,
            RoutineStatus::UserSuspended | RoutineStatus::RequiresUserVerification
        ),
        "start_date": order.start.to_string(),
        "created": date_time(routine.created),
    })
}
