//! Answers about cards and the numbers that they begin with.

use serde_json::{Value, json};

use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::paging::{self, Rows};
use crate::sandbox::world::World;
use crate::sandbox::world::calendar::date_time;
use crate::sandbox::world::cards::{Card, CardStatus, Holder, NewCard};

fn missing() -> Refusal {
    Refusal::not_found("this user has no card with that id")
}

/// `cards.list`; deleted cards are not in it.
pub(crate) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = call.user();
    let cards = Rows {
        rows: world.cards(),
        place: |card: &Card| card.sequence,
        is_wanted: |card: &Card| card.owner == user && card.status != CardStatus::Removed,
    };
    paging::page(call, &cards, show)
}

/// `cards.get`; a deleted card can still be read, since old transfers name it.
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let card = world.card(call.user(), call.parameter("id"));
    card.map(|card| show(card).into()).ok_or_else(missing)
}

/// `cards.create`
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    let new = NewCard {
        number: text("card_number"),
        security_code: text("card_security_code"),
        expiration: text("expiration_date"),
        holder: Holder {
            first_name: text("first_name"),
            last_name: text("last_name"),
            street_line_1: call.filled("street_line_1"),
            street_line_2: call.filled("street_line_2"),
            city: call.filled("city"),
            state: call.filled("state"),
            zip_code: text("zip_code"),
        },
        is_added_by_user: call.is_true("added_by_user"),
        is_from_client: true,
    };
    let id = world.add_card(call.user(), new)?;
    let card = world.card(call.user(), &id);
    card.map(|card| show(card).into()).ok_or_else(missing)
}

/// `cards.delete`
pub(crate) fn delete(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    world.remove_card(call.user(), call.parameter("id"))?;
    Ok(Reply::Empty)
}

/// `cards.assess`. The shape is the sandbox's own: none is documented.
pub(crate) fn assess(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let card = world
        .card(call.user(), call.parameter("id"))
        .ok_or_else(missing)?;
    let (risk, recommendation) = match card.status {
        CardStatus::Approved if card.reasons.is_empty() => ("low", "approve"),
        CardStatus::Approved | CardStatus::Flagged => ("medium", "review"),
        CardStatus::Rejected | CardStatus::Removed => ("high", "decline"),
    };
    Ok(json!({
        "card_id": card.id,
        "risk": risk,
        "recommendation": recommendation,
        "reason_codes": card.reasons,
    })
    .into())
}

/// `bins.get`
pub(crate) fn bin(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let Some(bin) = world.bin(call.parameter("bin")) else {
        return Err(Refusal::not_found("no issuer is known for these digits"));
    };
    Ok(json!({
        "bin": bin.bin,
        "card_brand": bin.card_brand,
        "card_type": bin.card_type,
        "interchange_category": bin.interchange_category,
        "issuer_name": bin.issuer_name,
        "settlement_network": bin.settlement_network,
    })
    .into())
}

fn show(card: &Card) -> Value {
    let holder = &card.holder;
    json!({
        "id": card.id,
        "card_company": card.company,
        "expiration_date": card.expiration,
        "last_four_digits": card.last_four,
        "first_six_digits": card.first_six,
        "card_type": card.kind,
        "first_name": holder.first_name,
        "last_name": holder.last_name,
        "street_line_1": holder.street_line_1,
        "street_line_2": holder.street_line_2,
        "city": holder.city,
        "state": holder.state,
        "zip_code": holder.zip_code,
        "address_verified": card.is_address_known,
        "pull_enabled": card.is_usable(),
        "push_enabled": card.is_usable(),
        "removed": card.status == CardStatus::Removed,
        "review_status": card.status.name(),
        "status": card.status.name(),
        "created": date_time(card.created),
    })
}
