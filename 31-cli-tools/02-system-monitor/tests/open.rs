//! The open tests: from the bytes of a file to the program on a terminal.

#[path = "open/list.rs"]
mod list;
#[path = "open/program.rs"]
mod program;
#[path = "open/rates.rs"]
mod rates;
#[path = "open/reading.rs"]
mod reading;
#[path = "open/screen.rs"]
mod screen;
mod support;
