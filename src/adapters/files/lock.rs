//! A lock between instances of the program: a file that one of them holds.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use crate::adapters::files::atomic::{self, Access};

/// Held until it is dropped; let go by the system if the program dies.
#[derive(Debug)]
pub struct Lock {
    _file: Option<fs::File>,
}

impl Lock {
    /// Waits until nobody else holds the lock at `path`. Where none can be made, as in a home that is read-only, nothing can
    /// be written either, and the writing that follows tells of it.
    pub fn wait(path: &Path) -> Self {
        let open = || -> io::Result<fs::File> {
            if let Some(folder) = path.parent() {
                atomic::make_folder(folder, Access::Private)?;
            }
            let mut options = OpenOptions::new();
            let file = options
                .create(true)
                .truncate(false)
                .write(true)
                .open(path)?;
            file.lock()?;
            Ok(file)
        };
        Self { _file: open().ok() } // the reason is told by the writing that follows
    }
}
