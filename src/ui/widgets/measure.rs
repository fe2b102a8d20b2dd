//! Sizes, durations and times of day in words, and text made to fit a width.

use std::borrow::Cow;
use std::time::Duration;

use jiff::tz::TimeZone;
use unicode_width::UnicodeWidthChar;
use unicode_width::UnicodeWidthStr;

use crate::domain::Timestamp;
pub(crate) use crate::domain::in_bytes as bytes;

/// `0.4 ms`, `12 ms`, `1.25 s`.
pub(crate) fn duration(duration: Duration) -> String {
    let micros = duration.as_micros();
    match micros {
        0..10_000 => format!("{}.{} ms", micros / 1000, micros % 1000 / 100),
        10_000..1_000_000 => format!("{} ms", micros / 1000),
        _ => format!(
            "{}.{:02} s",
            micros / 1_000_000,
            micros % 1_000_000 / 10_000
        ),
    }
}

/// The time of day of `at`, with the day in front where it is not that of `now`.
pub(crate) fn time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let zoned = |at: Timestamp| {
        let at = jiff::Timestamp::from_millisecond(at.0).ok()?;
        Some(at.to_zoned_datetime(zone.clone()))
    };
    let Some(at) = zoned(at) else {
        return "an unknown time".into(); // beyond the year 9999
    };
    let is_today = zoned(now).is_some_and(|now| now.date() == at.date());
    let format = if is_today { "%H:%M" } else { "%-d %b %H:%M" };
    at.strftime(format).to_string()
}

/// Columns that `text` takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// `text` cut to `columns`, with `…` where something is missing.
pub(crate) fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    if text.width() <= columns {
        return Cow::Borrowed(text);
    }
    match columns.checked_sub(1) {
        None => Cow::Borrowed(""),
        Some(room) => Cow::Owned(format!("{}…", start(text, room))),
    }
}

/// `text` cut to `columns` behind a whole word, where that leaves at least half of them in use.
pub(crate) fn fit_words(text: &str, columns: usize) -> Cow<'_, str> {
    let cut = fit(text, columns);
    let Cow::Owned(shown) = &cut else {
        return cut;
    };
    let is_inside = text
        .get(shown.len().saturating_sub('…'.len_utf8())..)
        .is_some_and(|rest| !rest.starts_with(' '));
    let kept = shown
        .trim_end_matches('…')
        .rsplit_once(' ')
        .map(|(kept, _)| kept.trim_end())
        .filter(|kept| is_inside && kept.width() * 2 >= columns);
    match kept {
        Some(kept) => Cow::Owned(format!("{kept}…")),
        None => cut,
    }
}

/// `text` cut in its middle to `columns`, so that its start and its end can be compared.
pub(crate) fn fit_middle(text: &str, columns: usize) -> Cow<'_, str> {
    if text.width() <= columns || columns < 3 {
        return fit(text, columns);
    }
    let tail = (columns - 1) / 2;
    let head = columns - 1 - tail;
    let end: String = text.chars().rev().collect();
    let end: String = start(&end, tail).chars().rev().collect();
    Cow::Owned(format!("{}…{end}", start(text, head)))
}

/// `text` cut at its start to `columns`.
pub(crate) fn fit_end(text: &str, columns: usize) -> Cow<'_, str> {
    if text.width() <= columns || columns == 0 {
        return fit(text, columns);
    }
    let end: String = text.chars().rev().collect();
    let end: String = start(&end, columns - 1).chars().rev().collect();
    Cow::Owned(format!("…{end}"))
}

/// A path as jq spells it, cut at its start to `columns`, before a whole step where that leaves at least half of them in use.
pub(crate) fn fit_path(path: &str, columns: usize) -> Cow<'_, str> {
    let cut = fit_end(path, columns);
    let Cow::Owned(shown) = &cut else {
        return cut;
    };
    let kept = shown.trim_start_matches('…');
    let step = kept.find(['.', '[']).and_then(|at| kept.get(at..));
    match step.filter(|step| (step.width() + 1) * 2 >= columns) {
        Some(step) => Cow::Owned(format!("…{step}")),
        None => cut,
    }
}

/// As much from the start of `text` as fits into `columns`.
fn start(text: &str, columns: usize) -> &str {
    let mut used = 0;
    let end = text.char_indices().find(|(_, letter)| {
        used += letter.width().unwrap_or(0);
        used > columns
    });
    end.map_or(text, |(at, _)| text.get(..at).unwrap_or_default())
}

/// `text` cut or filled with blanks to exactly `columns`.
pub(crate) fn pad(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    let blanks = columns.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(blanks))
}

/// The same with the blanks in front.
pub(crate) fn pad_left(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    let blanks = columns.saturating_sub(text.width());
    format!("{}{text}", " ".repeat(blanks))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_cut_before_a_whole_step() {
        let fit = |columns| fit_path(".accounts[5].connection_status", columns).into_owned();
        assert_eq!(fit(30), ".accounts[5].connection_status");
        assert_eq!(fit(26), "…[5].connection_status");
        assert_eq!(fit(20), "….connection_status");
        assert_eq!(fit(8), "…_status", "a name that is too long is cut");
    }

    #[test]
    fn sizes_and_durations_are_short() {
        for (count, expected) in [
            (0, "0 B"),
            (999, "999 B"),
            (1000, "1.0 KB"),
            (4_136, "4.1 KB"),
            (12_345, "12 KB"),
            (999_999, "999 KB"),
            (1_000_000, "1.0 MB"),
            (52_428_800, "52 MB"),
        ] {
            assert_eq!(bytes(count), expected);
        }
        for (micros, expected) in [
            (420, "0.4 ms"),
            (9_990, "9.9 ms"),
            (12_900, "12 ms"),
            (999_999, "999 ms"),
            (1_254_000, "1.25 s"),
        ] {
            assert_eq!(duration(Duration::from_micros(micros)), expected);
        }
    }

    #[test]
    fn a_time_of_another_day_says_so() {
        let now = Timestamp(1_764_000_000_000); // 2025-11-24 16:00 UTC
        let zone = TimeZone::UTC;
        assert_eq!(time(now, now, &zone), "16:00");
        let later = now.after(Duration::from_secs(9 * 3600));
        assert_eq!(time(later, now, &zone), "25 Nov 01:00");
        assert_eq!(time(Timestamp(i64::MAX), now, &zone), "an unknown time");
    }

    #[test]
    fn text_is_cut_by_columns_not_bytes() {
        assert_eq!(fit("abcdef", 6), "abcdef");
        assert_eq!(fit("abcdef", 4), "abc…");
        assert_eq!(fit("漢字漢字", 4), "漢…");
        assert_eq!(fit("ab", 0), "");
        assert_eq!(fit_words("First Platypus Bank", 19), "First Platypus Bank");
        assert_eq!(fit_words("First Platypus Bank", 17), "First Platypus…");
        assert_eq!(fit_words("First Platypus Bank", 15), "First Platypus…");
        assert_eq!(fit_words("First Platypus Bank", 12), "First Platy…");
        assert_eq!(fit_words("Zoë’s 漢字漢字", 10), "Zoë’s…");
        assert_eq!(fit_middle("0123456789", 7), "012…789");
        assert_eq!(fit_middle("0123456789", 8), "0123…789");
        assert_eq!(fit_end("0123456789", 4), "…789");
        assert_eq!(pad("漢", 4), "漢  ");
        assert_eq!(pad_left("12", 4), "  12");
    }
}
