//! Undoes the content coding of a body while it arrives, up to a limit. Knows nothing of HTTP beyond the coding's name.
//!
//! The wire library could do it, but would take the headers that tell of the coding and the size away, and change the
//! order of the others.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use async_compression::tokio::write::{BrotliDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use thiserror::Error;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

/// The codings that are understood, for `accept-encoding`.
pub(super) const ACCEPTED: &str = "gzip, br, zstd, deflate";

/// The body became larger than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("more than {0} bytes")]
pub(super) struct TooLarge(pub(super) usize);

/// Takes a body piece by piece.
pub(super) enum Decoder {
    Plain(Store),
    Gzip(Box<GzipDecoder<Store>>),
    Brotli(Box<BrotliDecoder<Store>>),
    Zstd(Box<ZstdDecoder<Store>>),
    Zlib(Box<ZlibDecoder<Store>>),
}

impl Decoder {
    /// For a body of the content coding `coding`. What is no known coding, or several, is left as it is.
    pub(super) fn new(coding: Option<&str>, store: Store) -> Self {
        let coding = coding.map(|coding| coding.trim().to_ascii_lowercase());
        match coding.as_deref() {
            Some("gzip" | "x-gzip") => Self::Gzip(Box::new(GzipDecoder::new(store))),
            Some("br") => Self::Brotli(Box::new(BrotliDecoder::new(store))),
            Some("zstd") => Self::Zstd(Box::new(ZstdDecoder::new(store))),
            Some("deflate") => Self::Zlib(Box::new(ZlibDecoder::new(store))),
            _ => Self::Plain(store),
        }
    }

    fn writer(&mut self) -> &mut (dyn AsyncWrite + Unpin + Send) {
        match self {
            Self::Plain(store) => store,
            Self::Gzip(decoder) => decoder,
            Self::Brotli(decoder) => decoder,
            Self::Zstd(decoder) => decoder,
            Self::Zlib(decoder) => decoder,
        }
    }

    /// Takes the next piece.
    pub(super) async fn push(&mut self, piece: &[u8]) -> io::Result<()> {
        self.writer().write_all(piece).await
    }

    /// The decoded body; an error if the coding says that more should have come.
    pub(super) async fn finish(mut self) -> io::Result<Vec<u8>> {
        self.writer().shutdown().await?;
        let store = match self {
            Self::Plain(store) => store,
            Self::Gzip(decoder) => decoder.into_inner(),
            Self::Brotli(decoder) => decoder.into_inner(),
            Self::Zstd(decoder) => decoder.into_inner(),
            Self::Zlib(decoder) => decoder.into_inner(),
        };
        Ok(store.bytes)
    }
}

/// Bytes in memory, up to a limit.
pub(super) struct Store {
    bytes: Vec<u8>,
    limit: usize,
}

impl Store {
    pub(super) fn new(expected: usize, limit: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(expected.min(limit)),
            limit,
        }
    }
}

impl AsyncWrite for Store {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        piece: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.bytes.len() + piece.len() > self.limit {
            return Poll::Ready(Err(io::Error::other(TooLarge(self.limit))));
        }
        self.bytes.extend_from_slice(piece);
        Poll::Ready(Ok(piece.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use async_compression::tokio::write::{BrotliEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};

    use super::*;

    const TEXT: &[u8] = b"{\"accounts\": [], \"count\": 0, \"more\": \"more more more more more\"}";

    async fn encoded(coding: &str) -> Vec<u8> {
        macro_rules! encode {
            ($encoder:ident) => {{
                let mut encoder = $encoder::new(Vec::new());
                encoder.write_all(TEXT).await.unwrap();
                encoder.shutdown().await.unwrap();
                encoder.into_inner()
            }};
        }
        match coding {
            "gzip" => encode!(GzipEncoder),
            "br" => encode!(BrotliEncoder),
            "zstd" => encode!(ZstdEncoder),
            "deflate" => encode!(ZlibEncoder),
            _ => TEXT.to_vec(),
        }
    }

    #[tokio::test]
    async fn every_accepted_coding_is_undone_byte_by_byte() {
        for coding in ACCEPTED.split(", ").chain(["identity", "unheard-of"]) {
            let mut decoder = Decoder::new(Some(coding), Store::new(0, 1000));
            for byte in encoded(coding).await {
                decoder.push(&[byte]).await.unwrap();
            }
            assert_eq!(decoder.finish().await.unwrap(), TEXT, "{coding}");
        }
    }

    #[tokio::test]
    async fn half_a_body_is_an_error() {
        for coding in ACCEPTED.split(", ") {
            let whole = encoded(coding).await;
            let mut decoder = Decoder::new(Some(coding), Store::new(0, 1000));
            decoder.push(&whole[..whole.len() / 2]).await.unwrap();
            assert!(decoder.finish().await.is_err(), "{coding}");
        }
    }

    #[tokio::test]
    async fn the_limit_holds_for_the_decoded_size() {
        let mut decoder = Decoder::new(Some("gzip"), Store::new(0, TEXT.len() - 1));
        let pushed = decoder.push(&encoded("gzip").await).await;
        let error = match pushed {
            Err(error) => error,
            Ok(()) => decoder.finish().await.unwrap_err(),
        };
        assert!(error.get_ref().unwrap().is::<TooLarge>());
    }
}
