//! The exercise's own bench, run against the reference.

extern crate file_search_solution as file_search;

#[path = "../../benches/search.rs"]
mod search;

fn main() {
    search::main();
}
