//! Small things that panes and popups are drawn with. They know text and cells, and nothing of the session.

pub(crate) mod amount;
pub(crate) mod measure;
pub(crate) mod rows;
pub(crate) mod scroll;
pub(crate) mod visible;
pub(crate) mod wrap;
