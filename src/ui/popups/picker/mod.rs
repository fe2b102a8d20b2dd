//! Lists that are searched by typing: operations of the catalogue, test users.

mod choosing;
mod operations;
mod users;

pub(super) use operations::Operations;
pub(super) use users::Users;
