//! The exercise's own bench, run against the reference.

#[path = "../../benches/viewer.rs"]
mod viewer;

fn main() {
    viewer::main();
}
