//! What every exercise's tests use.
//!
//! - [`test`](macro@test), [`wire`](macro@wire): the attributes of a course test, and [`evidence`] behind them
//! - [`process`]: child processes with deadlines and a cap on output
//! - [`pty`]: a program on a terminal, and the screen it draws
//! - [`net`]: loopback sockets with deadlines
//! - [`mod@firmware`], [`qemu`]: firmware built for a board, and the board, emulated and watched from outside
//! - [`miri`]: the open tests, interpreted, for what unsafe code must not do
//! - [`valgrind`]: instructions and cache misses of a program, counted on a simulated processor
//! - [`wait`]: await a condition, never a duration
//! - [`counting`]: a global allocator that counts, and blocks of memory without unsafe code in a test
//! - [`scratch`]: a directory that goes when the test does
//!
//! Everything here ends by itself: a test that forgets to stop its child leaves nothing behind.

pub mod counting;
pub mod evidence;
pub mod firmware;
pub mod miri;
pub mod net;
pub mod process;
pub mod pty;
pub mod qemu;
pub mod scratch;
pub mod valgrind;
pub mod wait;

pub use phase7_macros::{test, wire};
pub use process::{Program, Running};
pub use scratch::Scratch;

/// The path of the program under test: the binary that has the package's name.
///
/// The same source finds the learner's binary in the exercise and the reference's in the solution.
#[macro_export]
macro_rules! program {
    () => {
        $crate::Program::new(env!(concat!("CARGO_BIN_EXE_", env!("CARGO_PKG_NAME"))))
    };
}

/// The path of the program under test, built for the board `$target`; see [`firmware::build`].
#[macro_export]
macro_rules! firmware {
    ($target:expr) => {
        $crate::firmware::build(::std::path::Path::new("."), env!("CARGO_PKG_NAME"), $target)
    };
}
