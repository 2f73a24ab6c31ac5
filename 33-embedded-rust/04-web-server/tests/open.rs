//! The open tests, from the wire up: the controller, requests, answers, a connection, the server, the board.

#[path = "open/answers.rs"]
mod answers;
#[path = "open/connection.rs"]
mod connection;
#[path = "open/ethernet.rs"]
mod ethernet;
#[path = "open/firmware.rs"]
mod firmware;
#[path = "open/request.rs"]
mod request;
#[path = "open/server.rs"]
mod server;

#[path = "support/board.rs"]
mod board;
#[path = "support/chip.rs"]
mod chip;
#[path = "support/http.rs"]
mod http;
#[path = "support/lab.rs"]
mod lab;
#[path = "support/parts.rs"]
mod parts;
#[path = "support/talk.rs"]
mod talk;
