//! The exercise's bench, with the reference's server.

extern crate chat_protocol_solution as chat_protocol;

#[path = "../../benches/fanout.rs"]
mod fanout;

fn main() {
    fanout::main();
}
