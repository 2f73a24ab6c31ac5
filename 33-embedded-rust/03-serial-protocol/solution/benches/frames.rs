//! The exercise's bench, with the reference's codec.

extern crate serial_protocol_solution as serial_protocol;

#[path = "../../benches/frames.rs"]
mod frames;

fn main() {
    frames::main();
}
