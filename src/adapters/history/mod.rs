//! What was sent and answered, kept over sessions and without its secrets. Decides neither what is kept nor what is shown.

pub mod mask;
