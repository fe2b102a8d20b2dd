//! How large a body may become, as `config.toml` says it under `[bodies]`.

use crate::config::profiles::Mistake;
use crate::config::profiles::table::Table;
use crate::domain::BodyLimits;

const KEYS: [&str; 3] = ["memory", "largest", "unpacked"];

/// Units of a size, and their bytes.
const UNITS: [(&str, usize); 7] = [
    ("B", 1),
    ("KB", 1000),
    ("MB", 1000 * 1000),
    ("GB", 1000 * 1000 * 1000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];

pub(super) fn read(table: &Table<'_>) -> Result<BodyLimits, Mistake> {
    table.allow(&KEYS)?;
    let usual = BodyLimits::default();
    Ok(BodyLimits {
        memory: table.plain("memory", size)?.unwrap_or(usual.memory),
        largest: table.plain("largest", size)?.unwrap_or(usual.largest),
        unpacked: table.plain("unpacked", times)?.unwrap_or(usual.unpacked),
    })
}

/// `512 MiB`, or a number of bytes.
fn size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = text.get(digits.len()..).unwrap_or_default().trim();
    let known = UNITS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(unit));
    let factor = match known {
        Some((_, factor)) => Some(*factor),
        None => unit.is_empty().then_some(1),
    };
    let size = factor.and_then(|factor| digits.parse::<usize>().ok()?.checked_mul(factor));
    size.ok_or_else(|| format!("\"{}\" is no size such as \"512 MiB\"", text.escape_debug()))
}

fn times(text: &str) -> Result<usize, String> {
    let count = text.parse().ok().filter(|count| *count > 0);
    count.ok_or_else(|| format!("\"{}\" is no number from 1 on", text.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    fn limits(text: &str) -> Result<BodyLimits, String> {
        let settings = Settings::parse("config.toml", text);
        settings
            .map(|settings| settings.bodies)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn sizes_are_told_in_units_or_bytes() {
        let text = "[bodies]\nmemory = \"64 MiB\"\nlargest = 5000\nunpacked = 30";
        let read = limits(text).unwrap();
        assert_eq!(
            (read.memory, read.largest, read.unpacked),
            (64 << 20, 5000, 30)
        );
        assert_eq!(limits("").unwrap(), BodyLimits::default());
        assert_eq!(size("1gb"), Ok(1_000_000_000));
    }

    #[test]
    fn what_is_no_size_is_told_with_its_place() {
        let wrong = |text: &str| limits(text).unwrap_err();
        assert_eq!(
            wrong("[bodies]\nmemory = \"much\""),
            "config.toml:2:10: memory: \"much\" is no size such as \"512 MiB\""
        );
        assert_eq!(
            wrong("[bodies]\nunpacked = 0"),
            "config.toml:2:12: unpacked: \"0\" is no number from 1 on"
        );
        assert_eq!(
            wrong("[bodies]\nsize = 1"),
            "config.toml:2:1: unknown key \"size\" in [bodies]; there are: memory, largest, unpacked"
        );
        assert_eq!(
            wrong("bodies = 1"),
            "config.toml:1:10: bodies: this is not a table but of type integer"
        );
    }
}
