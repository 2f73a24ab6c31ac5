//! The exercise's bench, with the reference's server.

extern crate http_server_solution as http_server;

#[path = "../../benches/requests.rs"]
mod requests;

fn main() {
    requests::main();
}
