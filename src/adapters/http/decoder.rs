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

use crate::adapters::intake::{Intake, IntakeError};

/// The codings that are understood, for `accept-encoding`.
pub(super) const ACCEPTED: &str = "gzip, br, zstd, deflate";

/// A body that unpacks to no more than this does no harm, however little was sent for it. Tests pack less.
const HARMLESS: usize = if cfg!(test) { 1 << 20 } else { 64 << 20 };

/// Why no more of a body is taken.
#[derive(Debug, Error)]
pub(super) enum Refused {
    /// It is too much, or cannot be kept.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// Little was sent, and far more came out of it.
    #[error("{sent} bytes become more than {unpacked}")]
    Bomb { sent: usize, unpacked: usize },
}

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

    fn store(&mut self) -> &mut Store {
        match self {
            Self::Plain(store) => store,
            Self::Gzip(decoder) => decoder.get_mut(),
            Self::Brotli(decoder) => decoder.get_mut(),
            Self::Zstd(decoder) => decoder.get_mut(),
            Self::Zlib(decoder) => decoder.get_mut(),
        }
    }

    /// Takes the next piece.
    pub(super) async fn push(&mut self, piece: &[u8]) -> io::Result<()> {
        self.store().sent += piece.len();
        let writer = self.writer();
        writer.write_all(piece).await?;
        writer.flush().await // what is decoded is there to be looked at
    }

    /// Number of bytes taken so far, as they were sent.
    pub(super) fn sent(&mut self) -> usize {
        self.store().sent
    }

    /// What has been decoded so far.
    pub(super) fn decoded(&mut self) -> &Intake {
        &self.store().intake
    }

    /// The decoded body; an error if the coding says that more should have come.
    pub(super) async fn finish(mut self) -> io::Result<Intake> {
        self.writer().shutdown().await?;
        let store = match self {
            Self::Plain(store) => store,
            Self::Gzip(decoder) => decoder.into_inner(),
            Self::Brotli(decoder) => decoder.into_inner(),
            Self::Zstd(decoder) => decoder.into_inner(),
            Self::Zlib(decoder) => decoder.into_inner(),
        };
        Ok(store.intake)
    }
}

/// Takes what is decoded, and compares it with what was sent.
pub(super) struct Store {
    intake: Intake,
    sent: usize,
}

impl Store {
    pub(super) fn new(intake: Intake) -> Self {
        Self { intake, sent: 0 }
    }

    fn take(&mut self, piece: &[u8]) -> Result<(), Refused> {
        let unpacked = self.intake.len() + piece.len();
        let most = self.sent.saturating_mul(self.intake.limits().unpacked);
        if unpacked > HARMLESS && unpacked > most {
            let sent = self.sent;
            return Err(Refused::Bomb { sent, unpacked });
        }
        Ok(self.intake.push(piece)?)
    }
}

impl AsyncWrite for Store {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
        piece: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Err(refused) = self.take(piece) {
            return Poll::Ready(Err(io::Error::other(refused)));
        }
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
    use crate::domain::BodyLimits;

    const TEXT: &[u8] = b"{\"accounts\": [], \"count\": 0, \"more\": \"more more more more more\"}";

    async fn encoded(coding: &str, text: &[u8]) -> Vec<u8> {
        macro_rules! encode {
            ($encoder:ident) => {{
                let fast = async_compression::Level::Fastest;
                let mut encoder = $encoder::with_quality(Vec::new(), fast);
                encoder.write_all(text).await.unwrap();
                encoder.shutdown().await.unwrap();
                encoder.into_inner()
            }};
        }
        match coding {
            "gzip" => encode!(GzipEncoder),
            "br" => encode!(BrotliEncoder),
            "zstd" => encode!(ZstdEncoder),
            "deflate" => encode!(ZlibEncoder),
            _ => text.to_vec(),
        }
    }

    fn store(limits: BodyLimits) -> Store {
        Store::new(Intake::new(0, limits))
    }

    async fn undo(mut decoder: Decoder, pieces: &[&[u8]]) -> io::Result<Intake> {
        for piece in pieces {
            decoder.push(piece).await?;
        }
        decoder.finish().await
    }

    #[tokio::test]
    async fn every_accepted_coding_is_undone_byte_by_byte() {
        for coding in ACCEPTED.split(", ").chain(["identity", "unheard-of"]) {
            let decoder = Decoder::new(Some(coding), store(BodyLimits::default()));
            let whole = encoded(coding, TEXT).await;
            let bytes: Vec<&[u8]> = whole.chunks(1).collect();
            let decoded = undo(decoder, &bytes).await.unwrap();
            assert_eq!(decoded.in_memory(), TEXT, "{coding}");
        }
    }

    #[tokio::test]
    async fn what_has_come_is_there_before_the_end() {
        let text: Vec<u8> = (0..40_000_u32).flat_map(u32::to_le_bytes).collect();
        for coding in ACCEPTED.split(", ").chain(["identity"]) {
            let whole = encoded(coding, &text).await;
            let mut decoder = Decoder::new(Some(coding), store(BodyLimits::default()));
            let half = whole.len() * 9 / 10;
            decoder.push(&whole[..half]).await.unwrap();
            assert_eq!(decoder.sent(), half);
            let decoded = decoder.decoded().in_memory();
            assert!(!decoded.is_empty() && text.starts_with(decoded), "{coding}");
        }
    }

    #[tokio::test]
    async fn half_a_body_is_an_error() {
        for coding in ACCEPTED.split(", ") {
            let whole = encoded(coding, TEXT).await;
            let decoder = Decoder::new(Some(coding), store(BodyLimits::default()));
            let half = undo(decoder, &[&whole[..whole.len() / 2]]).await;
            assert!(half.is_err(), "{coding}");
        }
    }

    async fn refused(coding: &str, text: &[u8], limits: BodyLimits) -> Refused {
        let decoder = Decoder::new(Some(coding), store(limits));
        let pushed = undo(decoder, &[&encoded(coding, text).await]).await;
        let error = pushed.err().unwrap().into_inner().unwrap();
        *error.downcast().unwrap()
    }

    #[tokio::test]
    async fn the_limit_holds_for_the_decoded_size() {
        let limits = BodyLimits {
            largest: TEXT.len() - 1,
            ..BodyLimits::default()
        };
        let refused = refused("gzip", TEXT, limits).await;
        assert!(matches!(refused, Refused::Intake(IntakeError::TooLarge(_))));
    }

    #[tokio::test]
    async fn a_bomb_is_stopped_where_it_becomes_one() {
        let zeros = vec![0; HARMLESS + 1];
        for coding in ["br", "zstd"] {
            let refused = refused(coding, &zeros, BodyLimits::default()).await;
            assert!(matches!(refused, Refused::Bomb { .. }), "{coding}");
        }
    }
}
