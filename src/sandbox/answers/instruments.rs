//! Answers about the settlement accounts of the client, and about banks that take instant payments.

use serde_json::{Value, json};

use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::paging;
use crate::sandbox::world::World;
use crate::sandbox::world::card_numbers::is_routing_number;
use crate::sandbox::world::instruments::Instrument;

/// `payment_instruments.list`; whole, since nothing is known of its paging.
pub(crate) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let names = call.endpoint.list.clone().unwrap_or_default();
    let shown = world.instruments().iter().rev().map(show).collect();
    Ok(paging::answer(names, shown, false, None))
}

/// `payment_instruments.get`
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let instrument = world.instrument(call.parameter("id"));
    instrument
        .map(|instrument| show(instrument).into())
        .ok_or_else(|| Refusal::not_found("there is no payment instrument with that id"))
}

fn show(instrument: &Instrument) -> Value {
    json!({
        "id": instrument.id,
        "account_number": instrument.account_number,
        "routing_number": instrument.routing_number,
        "available_balance": instrument.available.dollars(),
    })
}

/// `eligibility.check`. The shape is the sandbox's own: none is documented. The last two digits of the number decide.
pub(crate) fn eligibility(_: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let number = call.query.get("routing_number").map_or("", String::as_str);
    if !is_routing_number(number) {
        return Err(Refusal::bad_request(
            "routing_number is required, and must be a routing number with a right check digit, such as 222222226",
        ));
    }
    let ends_even = |place: usize| {
        let digit = number.chars().rev().nth(place).and_then(|c| c.to_digit(10));
        digit.is_some_and(|digit| digit % 2 == 0)
    };
    let (takes_rtp, takes_fednow) = (ends_even(0), ends_even(1));
    Ok(json!({
        "routing_number": number,
        "rtp": takes_rtp,
        "fednow": takes_fednow,
        "eligible": takes_rtp || takes_fednow,
    })
    .into())
}
