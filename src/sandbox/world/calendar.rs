//! Days and moments as banks and the API count them: Pacific start dates, Eastern cut-offs, banking days.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use crate::domain::Timestamp;

/// Rules of the two zones, written out so that no database of time zones is needed on the machine.
const PACIFIC: &str = "PST8PDT,M3.2.0,M11.1.0";
const EASTERN: &str = "EST5EDT,M3.2.0,M11.1.0";

/// A zone; UTC cannot happen, since both rules are sound and a test reads them.
fn zone(rule: &str) -> TimeZone {
    TimeZone::posix(rule).unwrap_or(TimeZone::UTC)
}

fn date_in(rule: &str, moment: Timestamp) -> Option<Date> {
    let moment = jiff::Timestamp::from_millisecond(moment.0).ok()?;
    Some(moment.to_zoned_datetime(zone(rule)).date())
}

fn moment_in(rule: &str, date: Date, hour: i8) -> Option<Timestamp> {
    let moment = date.at(hour, 0, 0, 0).to_zoned_datetime(zone(rule)).ok()?;
    Some(Timestamp(moment.timestamp().as_millisecond()))
}

/// The day that it is in California, by which start dates are counted.
pub(crate) fn pacific_date(moment: Timestamp) -> Option<Date> {
    date_in(PACIFIC, moment)
}

/// Tells the days of many moments in California: the rule of the zone is read once.
pub(crate) fn pacific_dates() -> impl Fn(Timestamp) -> Option<Date> {
    let zone = zone(PACIFIC);
    move |moment| {
        let moment = jiff::Timestamp::from_millisecond(moment.0).ok()?;
        Some(moment.to_zoned_datetime(zone.clone()).date())
    }
}

/// The first moment of a day in California.
pub(crate) fn start_of_pacific(date: Date) -> Option<Timestamp> {
    moment_in(PACIFIC, date, 0)
}

/// The day that it is in New York, by which the Federal Reserve counts.
pub(crate) fn eastern_date(moment: Timestamp) -> Option<Date> {
    date_in(EASTERN, moment)
}

/// A full hour of a day in New York.
pub(crate) fn eastern(date: Date, hour: i8) -> Option<Timestamp> {
    moment_in(EASTERN, date, hour)
}

/// The banking day that comes `count` banking days after `date`; `None` at the end of time.
pub(crate) fn banking_day_after(date: Date, count: u8) -> Option<Date> {
    let mut day = date;
    for _ in 0..count {
        day = day.tomorrow().ok()?;
        while !is_banking_day(day) {
            day = day.tomorrow().ok()?;
        }
    }
    Some(day)
}

/// Whether the Federal Reserve settles payments on this day.
fn is_banking_day(date: Date) -> bool {
    let is_weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    // A holiday on a Sunday is kept on Monday; one on a Saturday is not moved.
    let is_moved = date.weekday() == Weekday::Monday && date.yesterday().is_ok_and(is_holiday);
    !is_weekend && !is_moved && !is_holiday(date)
}

/// The holidays of the Federal Reserve Banks.
fn is_holiday(date: Date) -> bool {
    let nth = |weekday: Weekday, n: i8| {
        date.weekday() == weekday
            && date
                .nth_weekday_of_month(n, weekday)
                .is_ok_and(|day| day == date)
    };
    match date.month() {
        1 => date.day() == 1 || nth(Weekday::Monday, 3),
        2 => nth(Weekday::Monday, 3),
        5 => nth(Weekday::Monday, -1),
        6 => date.day() == 19,
        7 => date.day() == 4,
        9 => nth(Weekday::Monday, 1),
        10 => nth(Weekday::Monday, 2),
        11 => date.day() == 11 || nth(Weekday::Thursday, 4),
        12 => date.day() == 25,
        _ => false,
    }
}

/// A moment as working clients of the API have seen it: UTC to the microsecond, without a zone.
pub(crate) fn date_time(moment: Timestamp) -> Option<String> {
    let moment = jiff::Timestamp::from_millisecond(moment.0).ok()?;
    Some(moment.strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string())
}

/// The day that a text names: `2026-03-02`, or a date and time, of which the day counts. One with a zone is moved to
/// California.
pub(crate) fn day(text: &str) -> Option<Date> {
    if let Ok(moment) = text.parse::<jiff::Timestamp>() {
        return pacific_date(Timestamp(moment.as_millisecond()));
    }
    text.parse::<jiff::civil::DateTime>()
        .map(jiff::civil::DateTime::date)
        .or_else(|_| text.parse::<Date>())
        .ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn moments_have_six_digits_of_a_second_and_no_zone() {
        let text = date_time(Timestamp(1_772_471_045_120)).unwrap();
        assert_eq!(text, "2026-03-02T17:04:05.120000");
    }

    #[test]
    fn zones_keep_summer_time() {
        for (day, hour) in [(date(2026, 1, 15), "22:00"), (date(2026, 7, 15), "21:00")] {
            let moment = date_time(eastern(day, 17).unwrap()).unwrap();
            assert_eq!(moment, format!("{day}T{hour}:00.000000"));
            let midnight = start_of_pacific(day).unwrap();
            assert_eq!(pacific_date(midnight), Some(day));
            let before = Timestamp(midnight.0 - 1);
            assert_eq!(pacific_date(before), day.yesterday().ok());
            assert_eq!(eastern_date(before), Some(day));
        }
    }

    #[test]
    fn banking_days_leave_out_weekends_and_holidays() {
        for (start, count, end) in [
            (date(2026, 3, 2), 1, date(2026, 3, 3)),
            (date(2026, 3, 6), 1, date(2026, 3, 9)),
            (date(2026, 3, 7), 2, date(2026, 3, 10)),
            (date(2026, 11, 25), 1, date(2026, 11, 27)),
            (date(2026, 7, 2), 1, date(2026, 7, 3)),
            (date(2027, 7, 2), 1, date(2027, 7, 6)),
            (date(2026, 5, 22), 4, date(2026, 5, 29)),
        ] {
            assert_eq!(banking_day_after(start, count), Some(end), "{start}");
        }
        assert_eq!(banking_day_after(Date::MAX, 1), None);
    }

    #[test]
    fn days_are_read_from_dates_and_moments() {
        for (text, expected) in [
            ("2026-03-02", Some(date(2026, 3, 2))),
            ("2026-03-02T09:00:00", Some(date(2026, 3, 2))),
            ("2026-03-02T03:00:00Z", Some(date(2026, 3, 1))),
            ("2026-02-30", None),
            ("soon", None),
        ] {
            assert_eq!(day(text), expected, "{text}");
        }
    }
}
