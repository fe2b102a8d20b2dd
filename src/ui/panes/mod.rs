//! The panes, in the one order in which they are numbered, focused and drawn.

mod authorization;
mod credentials;
mod inspector;
mod requests;
mod resources;
pub(super) mod users;

pub(crate) use inspector::file::FilePane;

use crate::ui::pane::Pane;

/// All panes in order.
pub(crate) fn all() -> Vec<Box<dyn Pane>> {
    vec![
        Box::new(credentials::Credentials),
        Box::new(authorization::Authorization::default()),
        Box::new(users::Users::default()),
        Box::new(resources::Resources::default()),
        Box::new(inspector::Inspector::default()),
        Box::new(requests::Requests::default()),
    ]
}
