//! Answers about entries in the user's bank accounts, which page by their own rules.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::sandbox::answers::Reply;
use crate::sandbox::call::Call;
use crate::sandbox::envelope::Refusal;
use crate::sandbox::paging;
use crate::sandbox::world::World;
use crate::sandbox::world::bank::Account;
use crate::sandbox::world::entries::Entry;

/// Entries a page unless asked otherwise (the API's schema).
const DEFAULT_SIZE: usize = 50;
/// The most that the sandbox gives at once; Astra's own bound is not documented.
const LARGEST_SIZE: usize = 500;

/// Days whose transfers are looked up together.
const DAYS_AT_ONCE: i32 = 31;

/// `transactions.list`; newest first.
pub(crate) fn list(world: &mut World, call: &Call<'_>) -> Result<Reply, Refusal> {
    let names = call.endpoint.list.clone().unwrap_or_default();
    let (from, to) = (day(call, "date_start")?, day(call, "date_end")?);
    if from > to {
        return Err(Refusal::bad_request(
            "date_end must not be before date_start",
        ));
    }
    let size = match call.query.get(&names.size).map(|text| text.parse()) {
        None => DEFAULT_SIZE,
        Some(Ok(size)) if (1..=LARGEST_SIZE).contains(&size) => size,
        Some(_) => {
            let description = format!("{} must be from 1 to {LARGEST_SIZE}", names.size);
            return Err(Refusal::bad_request(description));
        }
    };
    let id = call.endpoint.id.as_str();
    let start = match call.query.get(&names.cursor).filter(|it| !it.is_empty()) {
        None => None,
        Some(cursor) => Some(
            paging::read_cursor::<String>(id, cursor)
                .and_then(|place| read_place(&place))
                .ok_or_else(|| paging::foreign_cursor(&names))?,
        ),
    };
    let accounts = accounts(world, call)?;
    let mut found = collect(world, call.user(), &accounts, (from, to), start, size + 1);
    let more = found.len() > size;
    found.truncate(size);
    let last = found.last().filter(|_| more);
    let cursor = last.map(|(day, number, _)| paging::write_cursor(id, &format!("{day}.{number}")));
    let shown = found.iter().map(|(.., entry)| show(entry)).collect();
    Ok(paging::answer(names, shown, more, cursor))
}

fn day(call: &Call<'_>, name: &str) -> Result<Date, Refusal> {
    let text = call.query.get(name).map_or("", String::as_str);
    text.parse()
        .map_err(|_| Refusal::bad_request(format!("{name} is required, as a date")))
}

/// A day and the number of an entry on it, after which a page begins.
type Place = (Date, usize);

fn read_place(text: &str) -> Option<Place> {
    let (day, number) = text.split_once('.')?;
    Some((day.parse().ok()?, number.parse().ok()?))
}

fn accounts<'a>(world: &'a World, call: &Call<'_>) -> Result<Vec<&'a Account>, Refusal> {
    let all = world.accounts().iter();
    let own = all.filter(|account| account.owner == call.user());
    match call.query.get("account_id").filter(|id| !id.is_empty()) {
        None => Ok(own.collect()),
        Some(id) => match world.account(call.user(), id) {
            Some(account) => Ok(vec![account]),
            None => Err(Refusal::not_found(
                "account_id: this user has no account with that id",
            )),
        },
    }
}

/// Up to `count` entries after `start`, from the last day back.
fn collect(
    world: &World,
    user: &str,
    accounts: &[&Account],
    (from, to): (Date, Date),
    start: Option<Place>,
    count: usize,
) -> Vec<(Date, usize, Entry)> {
    let mut found = Vec::new();
    let Some((first, last)) = world.told_days(from, to) else {
        return found;
    };
    let mut day = start.map_or(last, |(day, _)| day.min(last));
    // A page spans few days as a rule: transfers are sorted into those of a month at a time.
    let mut month = (day, BTreeMap::new());
    while day >= first && found.len() < count {
        if day <= month.0 {
            let begin = day.checked_sub(DAYS_AT_ONCE.days()).unwrap_or(Date::MIN);
            month = (
                begin,
                world.arrivals(user, begin.tomorrow().unwrap_or(begin), day),
            );
        }
        let after = start.filter(|(start, _)| *start == day);
        let skipped = after.map_or(0, |(_, number)| number + 1);
        let arrived = month.1.get(&day).map_or(&[][..], Vec::as_slice);
        let entries = world.entries(accounts, day, arrived);
        let entries = entries.into_iter().enumerate();
        let left = count - found.len();
        let rest = entries.skip(skipped).take(left);
        found.extend(rest.map(|(number, entry)| (day, number, entry)));
        let Ok(before) = day.yesterday() else {
            break;
        };
        day = before;
    }
    found
}

fn show(entry: &Entry) -> Value {
    json!({
        "id": entry.id,
        "name": entry.text,
        "account_id": entry.account,
        "amount": entry.amount.dollars(),
        "category": entry.category,
        "date": entry.day.to_string(),
        "pending": entry.is_pending,
        "merchant_name": entry.merchant,
        "category_id": entry.category_id,
    })
}
