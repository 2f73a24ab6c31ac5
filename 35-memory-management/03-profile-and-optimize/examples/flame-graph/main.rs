//! Draws a flame graph: `cargo run --features lab --example flame-graph -- PROFILE OUT.svg`.
//!
//! The profile is one of two:
//!
//! ```text
//! valgrind --tool=callgrind --separate-callers=40 --callgrind-out-file=PROFILE PROGRAM …      everywhere; width = instructions
//! perf record --call-graph dwarf PROGRAM … && perf script > PROFILE                           width = samples, so time
//! ```
//!
//! callgrind usually adds up what a function costs whoever calls it. With `--separate-callers` it keeps a function apart
//! for each chain of callers, and the chain is its name, the innermost first: `parse'report'main`. That is a stack.

#[cfg(feature = "lab")]
mod draw;

#[cfg(feature = "lab")]
fn main() -> std::process::ExitCode {
    use std::process::ExitCode;

    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [profile, svg] = arguments.as_slice() else {
        eprintln!("usage: flame-graph PROFILE OUT.svg");
        return ExitCode::from(2);
    };
    match draw::draw(profile, svg) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("flame-graph: {error}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(not(feature = "lab"))]
fn main() {
    eprintln!("flame-graph: what it draws with is built on demand: add --features lab");
}
