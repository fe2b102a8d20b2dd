//! Entries in bank accounts: purchases and salaries that the seed makes up, day by day, and transfers that have arrived.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use crate::domain::Timestamp;
use crate::sandbox::random::Random;
use crate::sandbox::world::bank::{Account, Cents};
use crate::sandbox::world::transfers::TransferStatus;
use crate::sandbox::world::{World, calendar};

/// How many days back a bank tells entries: two years, as in Astra's webhook of the first load.
const DAYS_TOLD: i32 = 730;
/// One in so many days of an account has an entry of its own.
const QUIET_DAYS: u64 = 3;

/// A shop, or whoever else money goes to or comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Merchant {
    /// As the bank prints it.
    pub(crate) text: String,
    pub(crate) name: String,
    pub(crate) category: String,
    pub(crate) category_id: String,
    /// Least and greatest amount, in dollars; less than nothing where money comes in.
    lowest: i64,
    highest: i64,
}

/// One entry in an account.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) id: String,
    pub(crate) account: String,
    pub(crate) text: String,
    pub(crate) merchant: Option<String>,
    pub(crate) category: String,
    pub(crate) category_id: String,
    /// What left the account.
    pub(crate) amount: Cents,
    pub(crate) day: Date,
    pub(crate) is_pending: bool,
}

impl World {
    /// The first and last day within these bounds on which banks tell entries.
    pub(crate) fn told_days(&self, from: Date, to: Date) -> Option<(Date, Date)> {
        use jiff::ToSpan as _;
        let today = calendar::pacific_date(self.now())?;
        let first = today.checked_sub(DAYS_TOLD.days()).ok()?;
        let days = (from.max(first), to.min(today));
        (days.0 <= days.1).then_some(days)
    }

    /// The entries of one day in these accounts, in a fixed order; `arrived` are the places of its transfers.
    pub(crate) fn entries(
        &self,
        accounts: &[&Account],
        day: Date,
        arrived: &[usize],
    ) -> Vec<Entry> {
        let today = calendar::pacific_date(self.now());
        let mut entries = Vec::new();
        for account in accounts {
            let mut random = Random::new(self.setup.seed, &format!("{} {day}", account.id));
            if account.kind != "depository" || random.below(QUIET_DAYS) > 0 {
                continue;
            }
            if let Some(merchant) = random.choose(&self.merchants) {
                let amount = random.between(merchant.lowest * 100, merchant.highest * 100);
                entries.push(Entry {
                    id: random.hex(32),
                    account: account.id.clone(),
                    text: merchant.text.clone(),
                    merchant: Some(merchant.name.clone()),
                    category: merchant.category.clone(),
                    category_id: merchant.category_id.clone(),
                    amount: Cents(amount),
                    day,
                    is_pending: Some(day) == today,
                });
            }
        }
        for place in arrived {
            self.transfer_entries(*place, accounts, day, &mut entries);
        }
        entries
    }

    /// The places of `user`'s transfers that arrived from `first` to `last`, by day. Of all others only the moment is
    /// looked at, since to tell the day of each takes longer than all the rest of a page.
    pub(crate) fn arrivals(
        &self,
        user: &str,
        first: Date,
        last: Date,
    ) -> BTreeMap<Date, Vec<usize>> {
        let after = last.tomorrow().ok().and_then(calendar::start_of_pacific);
        let start = calendar::start_of_pacific(first);
        let is_within = |moment: Timestamp| {
            start.is_none_or(|start| moment >= start) && after.is_none_or(|after| moment < after)
        };
        let day_of = calendar::pacific_dates();
        let mut days: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
        for place in self.transfers.of_owner(user) {
            let arrived = self
                .transfers
                .at(*place)
                .filter(|transfer| transfer.status == TransferStatus::Processed)
                .filter(|transfer| is_within(transfer.arrival))
                .and_then(|transfer| day_of(transfer.arrival));
            if let Some(day) = arrived {
                days.entry(day).or_default().push(*place);
            }
        }
        days
    }

    fn transfer_entries(
        &self,
        place: usize,
        accounts: &[&Account],
        day: Date,
        into: &mut Vec<Entry>,
    ) {
        let Some(transfer) = self.transfers.at(place) else {
            return;
        };
        let order = &transfer.order;
        for (id, amount, end) in [
            (&order.source.id, transfer.amount.0, "out"),
            (&order.destination.id, -transfer.amount.0, "in"),
        ] {
            if accounts.iter().any(|account| account.id == *id) {
                into.push(Entry {
                    id: format!("{}{end}", transfer.id),
                    account: id.clone(),
                    text: format!("ASTRA TRANSFER {}", order.wish.name),
                    merchant: None,
                    category: "Transfer".into(),
                    category_id: "21000000".into(),
                    amount: Cents(amount),
                    day,
                    is_pending: false,
                });
            }
        }
    }
}
