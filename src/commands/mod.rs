//! The subcommands, one file each: they put the layers below together and choose the exit code.

pub mod sandbox;
