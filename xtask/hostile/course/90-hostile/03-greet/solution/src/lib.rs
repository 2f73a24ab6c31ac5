//! Greets: the honest answer, with the places where an attack is put.
// Items.

use std::process::ExitCode;

/// The program.
#[allow(unreachable_code)]
pub fn main() -> ExitCode {
    // Statements.
    let names: Vec<_> = std::env::args().skip(1).collect();
    for name in &names {
        println!("hello, {name}");
    }
    ExitCode::from(u8::from(names.is_empty()))
}
