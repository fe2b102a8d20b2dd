//! Lists that are searched by typing: operations of the catalogue, test users.

mod choosing;
mod operation_rows;
mod operations;
mod profiles;
mod users;

pub(super) use operations::Operations;
pub(super) use profiles::Profiles;
pub(super) use users::Users;
