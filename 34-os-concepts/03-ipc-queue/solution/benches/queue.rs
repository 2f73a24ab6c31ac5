//! The exercise's own bench, run against the reference.

extern crate ipc_queue_solution as ipc_queue;

#[path = "../../benches/queue.rs"]
mod queue;

fn main() {
    queue::main();
}
