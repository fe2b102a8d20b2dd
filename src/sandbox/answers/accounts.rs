//! Answers about the bank accounts of the signed-in user.

use serde_json::{Value, json};

use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::paging;
use crate::sandbox::world::World;
use crate::sandbox::world::bank::{Account, Cents};
use crate::sandbox::world::calendar::date_time;

/// `accounts.list`
pub(crate) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = call.user();
    let accounts = paging::Rows {
        rows: world.accounts(),
        place: |account: &Account| account.sequence,
        is_wanted: |account: &Account| account.owner == user,
    };
    paging::page(call, &accounts, show)
}

/// `accounts.get`; another user's account is not there, so that nobody learns that it exists.
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let id = call.parameter("id");
    let account = world
        .accounts_of(call.user())
        .find(|account| account.id == id);
    account
        .map(|account| show(account).into())
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
