//! The open tests, from the line up: checksums and stuffing, the link, the update, the interrupt, the board.

#[path = "open/codec.rs"]
mod codec;
#[path = "open/hardware.rs"]
mod hardware;
#[path = "open/link.rs"]
mod link;
#[path = "open/program.rs"]
mod program;
#[path = "open/update.rs"]
mod update;

#[path = "support/board.rs"]
mod board;
#[path = "support/cut.rs"]
mod cut;
#[path = "support/fifo.rs"]
mod fifo;
#[path = "support/noise.rs"]
mod noise;
#[path = "support/pair.rs"]
mod pair;
#[path = "support/peer.rs"]
mod peer;
#[path = "support/relay.rs"]
mod relay;
