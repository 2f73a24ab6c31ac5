//! The exercise's own bench, run against the reference.

#[path = "../../benches/refresh.rs"]
mod refresh;

fn main() {
    refresh::main();
}
