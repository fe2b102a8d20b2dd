//! When a transfer arrives, and until when it can be called back.

use std::time::Duration;

use jiff::civil::Date;

use crate::domain::Timestamp;
use crate::sandbox::world::calendar;
use crate::sandbox::world::terms::{Order, Payment, Speed};

/// Until 17:00 Eastern time of the first banking day after its start a transfer can be cancelled (the API's schema).
const CALLED_BACK_UNTIL: i8 = 17;
/// Payments of a banking day arrive when nothing of that day can be called back any more.
const ARRIVES_AT: i8 = 18;
/// A card network answers within seconds, or some minutes.
const FASTEST_DEBIT: Duration = Duration::from_secs(5);
const SLOWEST_DEBIT: Duration = Duration::from_secs(90);

/// When a transfer of `order` that starts at `moment` arrives. `draw` decides where that is left to chance.
pub(crate) fn arrival(order: &Order, moment: Timestamp, draw: u64) -> Timestamp {
    let days = match (order.payment, order.speed) {
        (Payment::Debit, _) => {
            let span = SLOWEST_DEBIT.as_secs() - FASTEST_DEBIT.as_secs() + 1;
            return moment
                .after(FASTEST_DEBIT)
                .after(Duration::from_secs(draw % span));
        }
        (Payment::Ledger, _) | (_, Speed::RealTime | Speed::SameDay) => return moment,
        (Payment::Ach, Speed::NextDay) => 1,
        (Payment::Ach, Speed::TwoDays) => 2,
        (Payment::Ach, Speed::FourDays) => 4,
    };
    banking_day(moment, days)
        .and_then(|day| calendar::eastern(day, ARRIVES_AT))
        .unwrap_or(Timestamp(i64::MAX)) // never, at the end of time
}

/// The last moment at which a transfer that started at `moment` can be cancelled; `None` where it never can: what goes
/// over card networks, in real time or within the book has gone at once.
pub(crate) fn deadline(order: &Order, moment: Timestamp) -> Option<Timestamp> {
    match (order.payment, order.speed) {
        (Payment::Debit | Payment::Ledger, _) | (_, Speed::RealTime | Speed::SameDay) => None,
        (Payment::Ach, _) => calendar::eastern(banking_day(moment, 1)?, CALLED_BACK_UNTIL),
    }
}

fn banking_day(moment: Timestamp, count: u8) -> Option<Date> {
    calendar::banking_day_after(calendar::eastern_date(moment)?, count)
}
