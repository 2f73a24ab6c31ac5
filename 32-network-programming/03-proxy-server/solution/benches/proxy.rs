//! The exercise's bench, with the reference's proxy.

extern crate proxy_server_solution as proxy_server;

#[path = "../../benches/proxy.rs"]
mod proxy;

fn main() {
    proxy::main();
}
