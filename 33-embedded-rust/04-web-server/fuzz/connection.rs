//! Any bytes at all, into a connection: all at once, and byte by byte.
//!
//! - nothing panics
//! - how the bytes are cut changes nothing about the answers
//! - after a refusal nothing is answered any more
#![no_main]

use libfuzzer_sys::fuzz_target;
use web_server::connection::{Action, Connection};
use web_server::sensor::Temperature;
use web_server::site::{Hardware, Site};

/// A light that can be switched, and a sensor that depends on it.
struct Parts(bool);

impl Hardware for Parts {
    fn temperature(&mut self) -> Option<Temperature> {
        self.0.then_some(Temperature { sixteenths: -1 })
    }

    fn is_led_on(&mut self) -> bool {
        self.0
    }

    fn set_led(&mut self, on: bool) {
        self.0 = on;
    }
}

fuzz_target!(|bytes: &[u8]| {
    let whole = answers(std::iter::once(bytes));
    let pieces = answers(bytes.chunks(1));
    assert_eq!(whole, pieces, "answers to the whole, and to single bytes");
});

/// All that the connection sends.
fn answers<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut site = Site::new(Parts(false));
    let mut connection = Connection::new();
    connection.open(0);
    let mut sent = Vec::new();
    let mut is_closed = false;
    for mut piece in pieces {
        while !piece.is_empty() {
            let taken = connection.receive(piece, &mut site, 0);
            piece = &piece[taken..];
            while !connection.to_send().is_empty() {
                assert!(!is_closed, "an answer after the last");
                let count = connection.to_send().len();
                sent.extend_from_slice(connection.to_send());
                connection.sent(count, 0);
            }
            is_closed |= connection.poll(&mut site, 0) == Action::Close;
        }
    }
    sent
}
