//! Writes a log to standard output, to measure with: `access-log LINES [CLIENTS [ROUTES]]`.

#[path = "../tests/support/log.rs"]
mod log;

use std::io::{self, Write};
use std::process::ExitCode;

fn main() -> ExitCode {
    let numbers: Result<Vec<u64>, _> = std::env::args()
        .skip(1)
        .map(|argument| argument.parse())
        .collect();
    let (lines, clients, routes) = match numbers.as_deref() {
        Ok([lines]) => (*lines, 300, 20),
        Ok([lines, clients]) => (*lines, *clients, 20),
        Ok([lines, clients, routes]) => (*lines, *clients, *routes),
        _ => {
            eprintln!("usage: access-log LINES [CLIENTS [ROUTES]]");
            return ExitCode::from(2);
        }
    };
    let shape = log::Shape {
        clients: clients.max(1),
        routes: routes.max(1),
        ..log::Shape::day(1, lines as usize)
    };
    match io::stdout().write_all(&shape.log()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("access-log: {error}");
            ExitCode::FAILURE
        }
    }
}
