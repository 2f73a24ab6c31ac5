//! The line of a UART: a socket at whose other end the emulator sits.
//!
//! While the machine stands still nothing is sent, and what is given to it goes into the FIFO at once. So the bytes
//! and the moments of emulated time at which they are there are the same in every run.

use std::io::{ErrorKind, Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;

use crate::wait::{self, DEADLINE};

/// Bytes that the receive FIFO holds.
pub const FIFO: usize = 16;

nix::ioctl_read_bad!(
    /// How many bytes, with what the kernel adds to them, the peer has not read.
    unread,
    nix::libc::TIOCOUTQ,
    nix::libc::c_int
);

/// The test's end of the line.
pub struct Uart {
    stream: UnixStream,
    /// Everything that was sent so far.
    sent: Vec<u8>,
    /// How much of it was handed out.
    seen: usize,
}

impl Uart {
    pub fn new(stream: UnixStream) -> Self {
        stream
            .set_nonblocking(true)
            .expect("a socket can be made not to block");
        Self {
            stream,
            sent: Vec::new(),
            seen: 0,
        }
    }

    /// Everything that was sent. To be called while the machine stands still.
    pub fn sent(&mut self) -> &[u8] {
        match self.stream.read_to_end(&mut self.sent) {
            // The emulator has ended: what it sent before is here.
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) => panic!("cannot read what the UART has sent: {error}"),
        }
        &self.sent
    }

    /// What was sent since the last time.
    pub fn sent_since(&mut self) -> Vec<u8> {
        let seen = self.seen;
        let new = self.sent()[seen..].to_vec();
        self.seen += new.len();
        new
    }

    /// Gives bytes to the receive FIFO, and waits until they are there.
    #[track_caller]
    pub fn receive(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("a socket takes a few bytes");
        wait::until(
            "the UART to take the bytes that were sent to it",
            DEADLINE,
            || {
                let mut left = 0;
                // SAFETY: the descriptor is open, and the call writes one c_int through the pointer.
                let asked = unsafe { unread(self.stream.as_raw_fd(), &mut left) };
                asked.is_ok() && left == 0
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_handed_out_once() {
        let (ours, mut theirs) = UnixStream::pair().expect("a pair of sockets can be had");
        let mut uart = Uart::new(ours);
        theirs.write_all(b"one").expect("the other end is open");
        assert_eq!(uart.sent_since(), b"one");
        theirs.write_all(b" two").expect("the other end is open");
        assert_eq!(uart.sent_since(), b" two");
        assert_eq!(uart.sent(), b"one two");
    }

    #[test]
    fn bytes_are_given_until_the_peer_has_read_them() {
        let (ours, mut theirs) = UnixStream::pair().expect("a pair of sockets can be had");
        let peer = std::thread::spawn(move || {
            let mut bytes = [0; 3];
            theirs.read_exact(&mut bytes).expect("three bytes come");
            (theirs, bytes)
        });
        Uart::new(ours).receive(b"abc");
        assert_eq!(peer.join().expect("it ends").1, *b"abc");
    }
}
