//! Text in another encoding than UTF-8, as the `content-type` header or a byte order mark says.

use encoding_rs::{Encoding, UTF_8};

/// `bytes` as text, if they are in another encoding that is known.
pub(super) fn decoded(bytes: &[u8], content_type: Option<&str>) -> Option<String> {
    let marked = Encoding::for_bom(bytes);
    let (encoding, mark) = match marked {
        Some((encoding, mark)) => (encoding, mark),
        None => (Encoding::for_label(charset(content_type?)?.as_bytes())?, 0),
    };
    let text = bytes.get(mark..).unwrap_or_default();
    if encoding == UTF_8 || encoding.is_ascii_compatible() && text.is_ascii() {
        return None; // it reads the same
    }
    let (text, _) = encoding.decode_without_bom_handling(text);
    Some(text.into_owned())
}

/// What stands behind `charset=`.
fn charset(content_type: &str) -> Option<&str> {
    const NAME: &str = "charset=";
    let lower = content_type.to_ascii_lowercase();
    let at = lower.find(NAME)? + NAME.len();
    let rest = content_type.get(at..)?;
    Some(rest.split(';').next()?.trim().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8], content_type: &str) -> Option<String> {
        decoded(bytes, Some(content_type))
    }

    #[test]
    fn the_charset_of_the_header_is_obeyed() {
        let latin = "text/html; charset=ISO-8859-1";
        assert_eq!(text(b"caf\xe9 \x80", latin).unwrap(), "café €");
        assert_eq!(text(b"plain", latin), None);
        let wide = "text/plain; Charset=\"utf-16LE\"; x=y";
        assert_eq!(text(b"a\0\xe9\0", wide).unwrap(), "aé");
        let japanese = "text/plain;charset=Shift_JIS";
        assert_eq!(text(b"\x93\xfa\x96{", japanese).unwrap(), "日本");
        let russian = "text/plain; charset=koi8-r";
        assert_eq!(text(b"\xc4\xc1", russian).unwrap(), "да");
        assert_eq!(text("é".as_bytes(), "text/plain; charset=utf-8"), None);
        assert_eq!(text(b"\xe9", "text/plain; charset=unheard-of"), None);
        assert_eq!(text(b"\xe9", "text/plain"), None);
    }

    #[test]
    fn a_byte_order_mark_is_believed_before_the_header() {
        assert_eq!(text(b"\xfe\xff\0a", "text/plain").unwrap(), "a");
        assert_eq!(decoded(b"\xff\xfea\0", None).unwrap(), "a");
        let wrong = "text/plain; charset=latin1";
        assert_eq!(text("\u{feff}é".as_bytes(), wrong), None);
    }
}
