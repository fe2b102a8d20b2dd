//! The one place that reads the clock.

use jiff::tz::TimeZone;

use crate::domain::Timestamp;

/// The present moment.
pub fn now() -> Timestamp {
    Timestamp(jiff::Timestamp::now().as_millisecond())
}

/// The zone in which times of day are shown.
pub(crate) fn zone() -> TimeZone {
    TimeZone::system()
}
