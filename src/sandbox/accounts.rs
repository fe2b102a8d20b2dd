//! Answers about the bank accounts of the signed-in user.

use serde_json::{Value, json};

use crate::domain::Timestamp;
use crate::sandbox::bank::{Account, Cents};
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::paging;
use crate::sandbox::world::World;

/// `accounts.list`
pub(crate) fn list(world: &mut World, call: &Call<'_>) -> Result<Value, Refusal> {
    let accounts = world.accounts_of(call.user());
    paging::page(
        call,
        accounts.map(|account| (account.sequence, account)),
        show,
    )
}

/// `accounts.get`; another user's account is not there, so that nobody learns that it exists.
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Result<Value, Refusal> {
    let id = call.parameter("id");
    let account = world
        .accounts_of(call.user())
        .find(|account| account.id == id);
    account
        .map(show)
        .ok_or_else(|| Refusal::not_found("this user has no account with that id"))
}

fn show(account: &Account) -> Value {
    json!({
        "id": account.id,
        "official_name": account.official_name,
        "name": account.name,
        "nickname": account.nickname,
        "mask": account.mask,
        "institution_name": account.institution.name,
        "institution_logo": account.institution.logo,
        "type": account.kind,
        "subtype": account.subtype,
        "current_balance": account.current.dollars(),
        "available_balance": account.available.map(Cents::dollars),
        "last_balance_update_on": date_time(account.updated_at),
        "connection_status": if account.is_connected { "connected" } else { "error" },
    })
}

/// A moment as working clients of the API have seen it: UTC to the microsecond, without a zone.
pub(crate) fn date_time(moment: Timestamp) -> Option<String> {
    let moment = jiff::Timestamp::from_millisecond(moment.0).ok()?;
    Some(moment.strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_six_digits_of_a_second_and_no_zone() {
        let text = date_time(Timestamp(1_772_471_045_120)).unwrap();
        assert_eq!(text, "2026-03-02T17:04:05.120000");
    }
}
