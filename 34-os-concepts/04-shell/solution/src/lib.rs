//! A small POSIX shell: it reads commands, expands their words, and runs them, from a script or from a terminal.
//!
//! From text to processes:
//!
//! - [`ast`]: the syntax tree
//! - [`parser`]: text to tree
//! - [`pattern`], [`arithmetic`]: the two small languages inside words
//! - `expand`, `fields`, `trim`, `glob`: words to fields
//! - `redirect`: descriptors, and how they are put back
//! - `execute`, `command`, `process`: lists and compound commands, simple commands, children
//! - `jobs`, `trap`: process groups and the terminal, signals
//! - `builtins`: the commands that are part of the shell
//! - `input`, `interactive`, [`complete`]: where commands come from
//! - `shell`, `variables`, `options`, `signals`: what a shell knows
//! - `kernel`: system calls on plain numbers (the only unsafe code)
//! - `cli`: the command line
//!
//! XCU is the Shell and Utilities volume of POSIX.1; its chapter 2 is about this program.

pub mod arithmetic;
pub mod ast;
mod builtins;
mod cli;
mod command;
pub mod complete;
mod execute;
mod expand;
mod fields;
mod glob;
mod input;
mod interactive;
mod jobs;
mod kernel;
mod options;
pub mod parser;
pub mod pattern;
mod process;
mod redirect;
mod shell;
mod signals;
mod trap;
mod trim;
mod variables;

pub use cli::main;
