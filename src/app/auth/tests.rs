//! Every order of events of a sign-in.
