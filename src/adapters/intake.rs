//! Takes bytes that arrive: in memory up to a limit, beyond it in a temporary file. Does not look into them.
//!
//! What has come can be looked at without copying it while more comes. The file has no name: nobody else can open or
//! shorten it, and it goes away with the body, even where the program is killed.

use std::fs::File;
use std::io::{self, Write as _};

use append_only_bytes::{AppendOnlyBytes, BytesSlice};
use mmap_io::{MemoryMappedFile, MmapMode};
use thiserror::Error;

use crate::domain::{Body, BodyLimits};

/// Room that is set aside for a smaller body may be many times its size: it is copied once more.
const COPIED: usize = 256 << 10;

/// Why no more is taken.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// It became larger than it may.
    #[error("more than {0} bytes")]
    TooLarge(usize),
    /// The temporary file cannot be written or read.
    #[error("the temporary file in {folder}: {error}")]
    File {
        /// Where it stands.
        folder: String,
        /// What the system said.
        error: io::Error,
    },
}

/// Bytes that arrive.
pub struct Intake {
    /// The beginning; all of it while there is no file.
    memory: AppendOnlyBytes,
    /// All of it, once it is too much for the memory.
    file: Option<File>,
    len: usize,
    limits: BodyLimits,
}

impl Intake {
    /// Takes up to `limits`. Room for `expected` bytes is set aside; more have to be moved as they come.
    pub fn new(expected: usize, limits: BodyLimits) -> Self {
        let expected = expected.min(limits.memory);
        Self {
            memory: AppendOnlyBytes::with_capacity(expected),
            file: None,
            len: 0,
            limits,
        }
    }

    /// Number of bytes that have come.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether nothing has come.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How much it may become.
    pub fn limits(&self) -> BodyLimits {
        self.limits
    }

    /// The beginning, as far as it is kept in memory; shared, not copied.
    pub fn beginning(&self) -> Body {
        Body::new(Shared(self.memory.slice(..)))
    }

    /// The same to look at.
    pub fn in_memory(&self) -> &[u8] {
        self.memory.as_bytes()
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// When that would be more than it may become, or the temporary file cannot be written.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), IntakeError> {
        let len = self.len.saturating_add(piece.len());
        if len > self.limits.largest {
            return Err(IntakeError::TooLarge(self.limits.largest));
        }
        match &mut self.file {
            Some(file) => file.write_all(piece).map_err(failed)?,
            None if len > self.limits.memory => {
                let mut file = tempfile::tempfile().map_err(failed)?;
                file.write_all(self.memory.as_bytes()).map_err(failed)?;
                file.write_all(piece).map_err(failed)?;
                self.file = Some(file);
            }
            None => self.memory.push_slice(piece),
        }
        self.len = len;
        Ok(())
    }

    /// All of it.
    ///
    /// # Errors
    /// When the temporary file cannot be looked at.
    pub fn finish(self) -> Result<Body, IntakeError> {
        match self.file {
            Some(file) => {
                let map = MemoryMappedFile::from_file(file, MmapMode::ReadOnly, "")
                    .map_err(|error| failed(io::Error::other(error.to_string())))?;
                Ok(Body::new(Mapped(map)))
            }
            None if self.len <= COPIED => Ok(Body::new(self.memory.as_bytes().to_vec())),
            None => Ok(Body::new(Shared(self.memory.to_slice()))),
        }
    }
}

fn failed(error: io::Error) -> IntakeError {
    IntakeError::File {
        folder: std::env::temp_dir().display().to_string(),
        error,
    }
}

/// A file that the system brings into memory where it is looked at.
struct Mapped(MemoryMappedFile);

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        let all = self.0.as_slice_bytes(0, self.0.len());
        all.unwrap_or_default() // only refused where it can be written to
    }
}

/// Bytes behind which others may still be written.
struct Shared(BytesSlice);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intake(memory: usize, largest: usize) -> Intake {
        let limits = BodyLimits {
            memory,
            largest,
            ..BodyLimits::default()
        };
        Intake::new(0, limits)
    }

    #[test]
    fn what_has_come_stays_as_it_was_while_more_comes() {
        let mut intake = intake(1 << 20, 1 << 20);
        intake.push(b"[1, ").unwrap();
        let seen = intake.beginning();
        for _ in 0..1000 {
            intake.push(b"2, ").unwrap();
        }
        assert_eq!(seen.as_bytes(), b"[1, ");
        assert_eq!(intake.finish().unwrap().len(), 3004);
    }

    #[test]
    fn what_is_too_much_for_the_memory_is_read_from_a_file() {
        for memory in [0, 1, 5, 9] {
            let mut intake = intake(memory, 100);
            for piece in ["ab", "cd", "ef", "", "ghij"] {
                intake.push(piece.as_bytes()).unwrap();
            }
            assert!(intake.in_memory().len() <= memory && intake.len() == 10);
            assert_eq!(intake.finish().unwrap().as_bytes(), b"abcdefghij");
        }
    }

    #[test]
    fn more_than_it_may_become_is_refused() {
        let mut intake = intake(1, 4);
        intake.push(b"abcd").unwrap();
        let refused = intake.push(b"e");
        assert!(matches!(refused, Err(IntakeError::TooLarge(4))));
    }
}
