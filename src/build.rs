//! Rebuilds the program when a file of `assets` comes, goes or changes: an embedded folder alone would miss an added file.

fn main() {
    println!("cargo::rerun-if-changed=assets");
}
