//! The exercise's own bench, run against the reference.

extern crate profile_and_optimize_solution as profile_and_optimize;

#[path = "../../benches/report.rs"]
mod report;

fn main() {
    report::main();
}
