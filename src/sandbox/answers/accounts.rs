//! Answers about the bank accounts of the signed-in user.

use serde_json::{Value, json};

use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::paging::{self, Rows};
use crate::sandbox::world::World;
use crate::sandbox::world::accounts::NewAccount;
use crate::sandbox::world::bank::{Account, Cents};
use crate::sandbox::world::calendar::date_time;

/// `accounts.list`
pub(crate) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let user = call.user();
    let accounts = Rows {
        rows: world.accounts(),
        place: |account: &Account| account.sequence,
        is_wanted: |account: &Account| account.owner == user,
    };
    paging::page(call, &accounts, show)
}

/// `accounts.get`; another user's account is not there, so that nobody learns that it exists.
pub(crate) fn get(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    world
        .account(call.user(), call.parameter("id"))
        .map(|account| show(account).into())
        .ok_or_else(|| Refusal::not_found("this user has no account with that id"))
}

/// `accounts.create` and `accounts.create_old`
pub(crate) fn create(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    let new = NewAccount {
        institution_id: text("institution_id"),
        name: text("name"),
        subtype: text("bank_account_type"),
        account_number: text("account_number"),
        routing_number: text("routing_number"),
    };
    let id = world.create_account(call.user(), &new)?;
    let account = world.account(call.user(), &id);
    Ok(account.map(show_created).unwrap_or_default().into())
}

/// `accounts.link`
pub(crate) fn link(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let token = call.text("processor_token").unwrap_or_default();
    let institution = call.text("institution_id").filter(|id| !id.is_empty());
    let account = world.link_account(call.user(), token, institution)?;
    Ok(json!({"id": account.id, "institution_id": account.institution.id}).into())
}

/// `accounts.delete`
pub(crate) fn delete(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    world.remove_account(call.user(), call.parameter("id"))?;
    Ok(Reply::Empty)
}

/// `webhooks.notify`: the bank of the client says that a balance has changed. The answer is empty, as its shape is not
/// documented.
pub(crate) fn notify(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let text = |name: &str| call.text(name).unwrap_or_default();
    world.refresh_balance(text("resource_id"), text("institution_id"))?;
    Ok(Reply::Empty)
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
        "current_balance": account.current.map(Cents::dollars),
        "available_balance": account.available.map(Cents::dollars),
        "last_balance_update_on": date_time(account.updated_at),
        "connection_status": connection(account),
    })
}

fn show_created(account: &Account) -> Value {
    json!({
        "id": account.id,
        "official_name": account.official_name,
        "name": account.name,
        "mask": account.mask,
        "institution_name": account.institution.name,
        "institution_logo": account.institution.logo,
        "type": account.kind,
        "subtype": account.subtype,
        "connection_status": connection(account),
    })
}

fn connection(account: &Account) -> &'static str {
    match account.is_connected {
        true => "connected",
        false => "error",
    }
}
