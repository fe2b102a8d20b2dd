//! Whether bytes are text at all.

/// Bytes that tell whether a body is text.
const PROBE: usize = 4096;

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

    #[test]
    fn text_is_told_from_other_bytes() {
        assert!(is_text("<p>é\x1b[0m</p>".as_bytes()));
        assert!(is_text(b""));
        assert!(!is_text(b"\x89PNG\r\n\x1a\n\0"));
        assert!(!is_text(b"\xff\xd8\xff\xe0\x01\x02"));
    }
}
