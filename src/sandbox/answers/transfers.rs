//! Answers about transfers, their legs and their batches.

use serde_json::{Value, json};

use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::paging::{self, Rows};
use crate::sandbox::world::World;
use crate::sandbox::world::bank::Cents;
use crate::sandbox::world::calendar::date_time;
use crate::sandbox::world::transfers::{Transfer, TransferStatus};

/// `transfers.list`; by index, so that a page costs the same wherever it lies in a long list.
pub(crate) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let status: Option<TransferStatus> = call
        .query
        .get("status")
        .and_then(|status| status.parse().ok());
    let source = call.query.get("source_id").filter(|id| !id.is_empty());
    let ledger = world.transfers();
    let rows = Rows {
        rows: ledger.of_owner(call.user()),
        place: |place: &usize| *place as u64,
        is_wanted: |place: &usize| {
            ledger.at(*place).is_some_and(|transfer| {
                status.is_none_or(|status| status == transfer.status)
                    && source.is_none_or(|source| *source == transfer.order.source.id)
            })
        },
    };
    paging::page(call, &rows, |place| show_at(world, *place))
}

/// `transfers.get`
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let transfer = world.transfers().find(call.user(), call.parameter("id"))?;
    Ok(show(world, transfer).into())
}

/// `transfers.cancel`
pub(crate) fn cancel(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    world.cancel(call.user(), call.parameter("id"))?;
    get(world, call)
}

/// `transfers.segments`. The shape is the sandbox's own: none is documented.
pub(crate) fn segments(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let transfer = world.transfers().find(call.user(), call.parameter("id"))?;
    let status: &str = transfer.status.into();
    let (source, destination) = (&transfer.order.source, &transfer.order.destination);
    let legs = [("pull", source), ("push", destination)].map(|(kind, party)| {
        json!({
            "id": format!("{}-{kind}", transfer.id),
            "transfer_id": transfer.id,
            "type": kind,
            "resource_id": party.id,
            "amount": transfer.amount.dollars(),
            "status": status,
            "initiated": date_time(transfer.initiated),
            "updated": date_time(transfer.updated),
        })
    });
    Ok(json!({"count": legs.len(), "segments": legs}).into())
}

/// `batch_transfers.get`. The shape is the sandbox's own: none is documented.
pub(crate) fn batch(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.parameter("id");
    let ledger = world.transfers();
    let Some(batch) = ledger.batches().get(id) else {
        return Err(Refusal::not_found(
            "there is no batch of transfers with that id",
        ));
    };
    let transfers: Vec<_> = batch
        .transfers
        .iter()
        .filter_map(|place| ledger.at(*place))
        .collect();
    let sum: i64 = transfers.iter().map(|transfer| transfer.amount.0).sum();
    let ids: Vec<_> = transfers.iter().map(|transfer| &transfer.id).collect();
    Ok(json!({
        "id": id,
        "status": "processed",
        "count": ids.len(),
        "amount": Cents(sum).dollars(),
        "transfers": ids,
        "created": date_time(batch.settled),
    })
    .into())
}

/// The transfer at `place`, as lists show it.
pub(crate) fn show_at(world: &World, place: usize) -> Value {
    world
        .transfers()
        .at(place)
        .map_or(Value::Null, |transfer| show(world, transfer))
}

fn show(world: &World, transfer: &Transfer) -> Value {
    let (order, wish) = (&transfer.order, &transfer.order.wish);
    let (payment, status): (&str, &str) = (order.payment.into(), transfer.status.into());
    let routine = world.routines().get(transfer.routine);
    json!({
        "id": transfer.id,
        "routine_id": routine.map(|routine| &routine.id),
        "routine_type": wish.kind,
        "routine_name": wish.name,
        "client_correlation_id": wish.correlation_id,
        "source_id": order.source.id,
        "destination_id": order.destination.id,
        "amount": transfer.amount.dollars(),
        "payment_type": payment,
        "initiated": date_time(transfer.initiated),
        "updated": date_time(transfer.updated),
        "estimated_clearing_date": date_time(transfer.arrival),
        "status": status,
        "destination_user_id": wish.destination_user,
        "astra_settlement_reason": null,
        "failure_reason": transfer.failure.as_deref(),
        "chargeback": chargeback(transfer),
    })
}

fn chargeback(transfer: &Transfer) -> Value {
    let Some((moment, reason)) = &transfer.claim else {
        return Value::Null;
    };
    let moment = date_time(*moment);
    let (code, words) = reason.split_once(' ').unwrap_or((reason, ""));
    let digits = transfer.claim_digits();
    json!({
        "cb_id": transfer.claim_id(),
        "action_status": "open",
        "status_date": moment,
        "exception_id": format!("E{digits}"),
        "exception_type": "chargeback",
        "exception_code": code,
        "exception_description": words,
        "exception_date": moment,
        "exception_settled_amount": transfer.amount.dollars(),
        "original_settled_amount": transfer.amount.dollars(),
        "original_creation_date": date_time(transfer.initiated),
        "original_processed_date": date_time(transfer.arrival),
        "merchant_reference_id": null,
        "network_id": null,
        "user_id": transfer.owner,
        "created": moment,
        "updated": moment,
    })
}
