//! The exercise's own bench, run against the reference.

extern crate process_supervisor_solution as process_supervisor;

#[path = "../../benches/supervise.rs"]
mod supervise;

fn main() {
    supervise::main();
}
