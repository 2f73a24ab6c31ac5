//! The exercise's bench, with the reference's servers.

extern crate tcp_echo_solution as tcp_echo;

#[path = "../../benches/echo.rs"]
mod echo;

fn main() {
    echo::main();
}
