//! The one file that a session of `astrascope view` shows: on its way, read, or not to be read.

use std::sync::Arc;

use crate::app::Model;
use crate::document::Document;
use crate::domain::{Problem, Progress};

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
    Reading {
        /// How far.
        progress: Progress,
        /// The index over what was read.
        document: Option<Arc<Document>>,
    },
    /// All of it, with the index over it.
    Read(Arc<Document>),
    /// It could not be read.
    Failed(Problem),
}

/// What may happen to the file.
#[derive(Clone, Debug, PartialEq)]
pub enum Msg {
    /// More of it was read.
    Read {
        /// How far it is read.
        progress: Progress,
        /// The index over what was read, if that was looked at again.
        document: Option<Arc<Document>>,
    },
    /// Reading it ended.
    Ended(Result<Arc<Document>, Problem>),
}

impl File {
    /// A file of which nothing was read yet.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            content: Content::Reading {
                progress: Progress::default(),
                document: None,
            },
        }
    }

    /// Its name without folders and extension, for what is made of it.
    pub fn base(&self) -> &str {
        let name = self.name.rsplit(['/', '\\']).next().unwrap_or_default();
        name.rsplit_once('.').map_or(name, |(base, _)| base)
    }
}

impl Content {
    /// What can be looked at of it.
    pub fn document(&self) -> Option<&Arc<Document>> {
        match self {
            Self::Reading { document, .. } => document.as_ref(),
            Self::Read(document) => Some(document),
            Self::Failed(_) => None,
        }
    }
}

pub(crate) fn update(model: &mut Model, msg: Msg) {
    let Some(file) = &mut model.file else {
        return; // of a file that nobody looks at
    };
    match msg {
        Msg::Read { progress, document } => {
            let document = document.or(file.content.document().cloned());
            file.content = Content::Reading { progress, document };
        }
        Msg::Ended(Ok(document)) => file.content = Content::Read(document),
        Msg::Ended(Err(problem)) => file.content = Content::Failed(problem),
    }
}
