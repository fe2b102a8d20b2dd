//! Text in another encoding than UTF-8, read as the `content-type` header says; and whether bytes are text at all.

use crate::domain::Body;

/// Bytes that tell whether a body is text.
const PROBE: usize = 4096;

/// What the bytes 0x80 to 0x9f mean in windows-1252, which the web also reads iso-8859-1 as.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// `body` in UTF-8, if `content_type` or a byte order mark names another encoding that is known.
pub(super) fn decoded(body: &Body, content_type: Option<&str>) -> Option<Body> {
    let bytes = body.as_bytes();
    let text = match (bytes, charset(content_type).as_deref()) {
        ([0xff, 0xfe, rest @ ..], _) => wide(rest, u16::from_le_bytes),
        ([0xfe, 0xff, rest @ ..], _) => wide(rest, u16::from_be_bytes),
        (_, Some("utf-16le")) => wide(bytes, u16::from_le_bytes),
        (_, Some("utf-16" | "utf-16be")) => wide(bytes, u16::from_be_bytes),
        (_, Some("iso-8859-1" | "latin1" | "windows-1252" | "cp1252")) if !bytes.is_ascii() => {
            bytes.iter().map(|byte| letter(*byte)).collect()
        }
        _ => return None,
    };
    Some(Body::new(text))
}

/// What stands behind `charset=`, in lower case.
fn charset(content_type: Option<&str>) -> Option<String> {
    let lower = content_type?.to_ascii_lowercase();
    let (_, name) = lower.split_once("charset=")?;
    let name = name.split(';').next().unwrap_or_default();
    Some(name.trim().trim_matches('"').to_owned())
}

fn wide(bytes: &[u8], read: fn([u8; 2]) -> u16) -> String {
    let pairs = bytes.chunks_exact(2);
    let units = pairs
        .filter_map(|pair| <[u8; 2]>::try_from(pair).ok())
        .map(read);
    char::decode_utf16(units)
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn letter(byte: u8) -> char {
    let windows = byte
        .checked_sub(0x80)
        .and_then(|at| WINDOWS.get(usize::from(at)));
    windows.copied().unwrap_or(char::from(byte))
}

/// Whether bytes are text: hardly any control character among the first, and no zero.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    let head = bytes.get(..PROBE).unwrap_or(bytes);
    let is_odd = |byte: &&u8| matches!(byte, 1..=8 | 14..=26 | 28..=31);
    let broken: usize = head.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    !head.contains(&0) && (head.iter().filter(is_odd).count() + broken) * 10 <= head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], content_type: &str) -> Option<String> {
        let decoded = decoded(&Body::new(bytes.to_vec()), Some(content_type))?;
        Some(String::from_utf8(decoded.as_bytes().to_vec()).unwrap())
    }

    #[test]
    fn the_charset_of_the_header_is_obeyed() {
        let latin = "text/html; charset=ISO-8859-1";
        assert_eq!(text(b"caf\xe9 \x80", latin).unwrap(), "café €");
        assert_eq!(text(b"plain", latin), None);
        let wide = "text/plain; Charset=\"utf-16LE\"; x=y";
        assert_eq!(text(b"a\0\xe9\0", wide).unwrap(), "aé");
        assert_eq!(text(b"\xfe\xff\0a", "text/plain").unwrap(), "a");
        assert_eq!(text("é".as_bytes(), "text/plain; charset=utf-8"), None);
        assert_eq!(text(b"\xe9", "text/plain"), None);
    }

    #[test]
    fn text_is_told_from_other_bytes() {
        assert!(is_text("<p>é\x1b[0m</p>".as_bytes()));
        assert!(is_text(b""));
        assert!(!is_text(b"\x89PNG\r\n\x1a\n\0"));
        assert!(!is_text(b"\xff\xd8\xff\xe0\x01\x02"));
    }
}
