//! The same program, with the reference's library.

extern crate cache_friendly_solution as cache_friendly;

#[path = "../main.rs"]
mod driver;

fn main() -> std::process::ExitCode {
    driver::main()
}
