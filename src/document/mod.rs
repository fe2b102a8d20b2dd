//! JSON text as it came: an index over the bytes, and views on it. Nothing is copied, nothing is spelled anew.
