//! The exercise's bench, with the reference's parser.

extern crate web_server_solution as web_server;

#[path = "../../benches/requests.rs"]
mod requests;

fn main() {
    requests::main();
}
