//! The hidden tests: the edges that the rules name.
//!
//! - [`frames`]: what is no frame
//! - [`sessions`], [`requests`]: the server's core, one rule at a time
//! - [`resume`], [`pressure`]: clients that go and come, and clients that do not read
//! - [`deadlines`]: what happens when nothing does, and when there are too many
//! - [`clients`]: the client's core
//! - [`models`]: random sessions against the reference model, and on a network that breaks
//! - [`sockets`], [`program`]: a thousand clients, a proxy, and the command line

mod clients;
mod deadlines;
mod frames;
mod models;
mod pressure;
mod program;
mod requests;
mod resume;
mod sessions;
mod sockets;
#[allow(dead_code, reason = "each test file uses its part")]
#[path = "../tests/support/mod.rs"]
mod support;

use chat_protocol::wire::Frame;
use support::hall::{Hall, roomy};

#[global_allocator]
static ALLOCATOR: phase7::counting::Counting = phase7::counting::Counting::new(std::alloc::System);

/// A frame keeps its text.
#[phase7::wire]
fn a_frame_keeps_its_text() {
    let text = "what was said";
    let frame = Frame::Whispered { nick: "ada", text }.to_shared();
    let parsed = Frame::parse(frame[2], &frame[3..]);
    assert_eq!(
        parsed,
        Ok(Frame::Whispered {
            nick: "ada",
            text: "what nobody said"
        })
    );
}

/// A message comes to those who are in the room.
#[phase7::wire]
fn a_message_comes_to_the_room() {
    let mut hall = Hall::new(roomy());
    let ada = hall.enter_room("ada", 2, "rust");
    hall.send(ada, "Say 2 rust hello");
    assert_eq!(hall.heard(ada), ["Message rust 1 ada goodbye", "Said 2 7"]);
}
