//! The exercise's own bench, run against the reference.

extern crate task_manager_solution as task_manager;

#[path = "../../benches/store.rs"]
mod store;

fn main() {
    store::main();
}
