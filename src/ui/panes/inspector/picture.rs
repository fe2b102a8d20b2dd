//! What kind of picture or other known file some bytes are, told from their beginning. Nothing is decoded.

use crate::ui::widgets::measure;

/// `PNG 2×2, 118 B`, for a file of `size` bytes that begins with `head`; `None` if it is nothing known.
pub(super) fn describe(head: &[u8], size: usize) -> Option<String> {
    let size = measure::bytes(size);
    let big = |at: usize, count: usize| -> Option<usize> {
        let bytes = head.get(at..at + count)?;
        Some(
            bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
        )
    };
    let little = |at: usize, count: usize| -> Option<usize> {
        let bytes = head.get(at..at + count)?;
        Some(
            bytes
                .iter()
                .rev()
                .fold(0, |sum, byte| sum << 8 | usize::from(*byte)),
        )
    };
    let (name, columns, rows) = match head {
        [0x89, b'P', b'N', b'G', ..] => ("PNG", big(16, 4), big(20, 4)),
        [b'G', b'I', b'F', b'8', ..] => ("GIF", little(6, 2), little(8, 2)),
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => ("BMP", little(18, 4), little(22, 4)),
        [0xff, 0xd8, 0xff, ..] => {
            let size = jpeg(head);
            (
                "JPEG",
                size.map(|(columns, _)| columns),
                size.map(|(_, rows)| rows),
            )
        }
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => {
            let size = webp(head);
            (
                "WebP",
                size.map(|(columns, _)| columns),
                size.map(|(_, rows)| rows),
            )
        }
        [b'%', b'P', b'D', b'F', b'-', ..] => ("PDF", None, None),
        [0x1f, 0x8b, 8, ..] => ("gzip", None, None),
        [b'P', b'K', 3, 4, ..] => ("ZIP", None, None),
        _ => return None,
    };
    Some(match (columns, rows) {
        (Some(columns), Some(rows)) => format!("{name} {columns}×{rows}, {size}"),
        _ => format!("{name}, {size}"),
    })
}

/// Size of a WebP, of which there are three kinds: simple, lossless, extended.
fn webp(head: &[u8]) -> Option<(usize, usize)> {
    let byte = |at: usize| head.get(at).copied().map(usize::from);
    let word = |at: usize| Some(byte(at)? | byte(at + 1)? << 8);
    match head.get(12..16)? {
        b"VP8 " => Some((word(26)? & 0x3fff, word(28)? & 0x3fff)),
        b"VP8L" => {
            let bits = word(21)? | word(23)? << 16;
            Some(((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1))
        }
        b"VP8X" => {
            let wide = |at: usize| Some((word(at)? | byte(at + 2)? << 16) + 1);
            Some((wide(24)?, wide(27)?))
        }
        _ => None,
    }
}

/// Size of a JPEG: it stands in the first frame header behind other segments.
fn jpeg(head: &[u8]) -> Option<(usize, usize)> {
    let word = |at: usize| -> Option<usize> {
        let bytes = head.get(at..at + 2)?;
        Some(usize::from(bytes[0]) << 8 | usize::from(bytes[1]))
    };
    let mut at = 2;
    loop {
        let marker = *head.get(at + 1)?;
        match marker {
            0xc0..=0xcf if !matches!(marker, 0xc4 | 0xc8 | 0xcc) => {
                return Some((word(at + 7)?, word(at + 5)?));
            }
            _ => at += 2 + word(at + 2)?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        let gif = b"GIF89a\x0a\x00\x14\x00";
        assert_eq!(describe(gif, 2048).unwrap(), "GIF 10×20, 2.0 KB");
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x0b\x08\0\x10\0\x20";
        assert_eq!(describe(jpeg, 17).unwrap(), "JPEG 32×16, 17 B");
        assert_eq!(describe(b"\xff\xd8\xff\xe0", 4).unwrap(), "JPEG, 4 B");
        let webp = |rest: &[u8]| {
            let head = [b"RIFF\0\0\0\0WEBP", rest].concat();
            describe(&head, head.len()).unwrap()
        };
        let lossy = b"VP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x20\0\x10\0";
        assert_eq!(webp(lossy), "WebP 32×16, 30 B");
        assert_eq!(webp(b"VP8L\0\0\0\0\x2f\x1f\xc0\x03\0"), "WebP 32×16, 25 B");
        let extended = b"VP8X\0\0\0\0\0\0\0\0\x1f\0\0\x0f\0\0";
        assert_eq!(webp(extended), "WebP 32×16, 30 B");
        assert_eq!(webp(b"VP8X"), "WebP, 16 B");
        assert_eq!(describe(b"%PDF-1.7", 8).unwrap(), "PDF, 8 B");
        assert_eq!(describe(b"<html>", 6), None);
        assert_eq!(describe(b"", 0), None);
    }
}
