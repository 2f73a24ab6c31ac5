//! The exercise's own bench, run against the reference.

#[path = "../../benches/shells.rs"]
mod shells;

fn main() {
    shells::main();
}
