//! The program: it hands standard input to the library and prints what comes back. Nobody edits this file.

use std::io::Read;

fn main() -> std::io::Result<()> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    println!("{}", @krate@_solution::lines(&text));
    Ok(())
}
