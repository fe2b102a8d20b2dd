//! Lists that are searched by typing: operations of the catalogue, test users.

mod choosing;
mod operation_rows;
mod operations;
mod users;

pub(super) use operations::Operations;
pub(super) use users::Users;
