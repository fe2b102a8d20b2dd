//! The one file that a session of `astrascope view` shows: on its way, read, or not to be read.

use std::sync::Arc;

use crate::app::Model;
use crate::document::Document;
use crate::domain::Problem;

/// A file and how far it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// As it was named on the command line.
    pub name: String,
    /// What was read of it.
    pub content: Content,
}

/// How far a file is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// It is being read.
    Reading,
    /// All of it, with the index over it.
    Read(Arc<Document>),
    /// It could not be read.
    Failed(Problem),
}

/// What may happen to the file.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// Reading it ended.
    Ended(Result<Arc<Document>, Problem>),
}

impl File {
    /// A file of which nothing was read yet.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            content: Content::Reading,
        }
    }

    /// Its name without folders and extension, for what is made of it.
    pub fn base(&self) -> &str {
        let name = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(base, _)| base)
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg) {
    let Msg::Ended(result) = msg;
    if let Some(file) = &mut model.file {
        file.content = match result {
            Ok(document) => Content::Read(document),
            Err(problem) => Content::Failed(problem),
        };
    }
}
