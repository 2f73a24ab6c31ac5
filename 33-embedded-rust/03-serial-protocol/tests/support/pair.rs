//! Two links and a line between them, in a time of their own.
#![allow(dead_code, reason = "each test file uses a part of it")]

use serial_protocol::link::{Link, State, Versions};

use super::noise::Noise;

/// The versions that both ends of a [`Pair`] speak.
pub const VERSIONS: Versions = Versions { min: 1, max: 2 };

/// Two ends and the line.
pub struct Pair {
    /// The end that says hello, and the one that listens.
    pub ends: [Link; 2],
    /// What the line does to the bytes that each end sends.
    pub noise: [Noise; 2],
    /// The tick, a millisecond.
    pub now: u32,
    /// Bytes on the line: when they arrive, at which end, and which.
    line: Vec<(u32, usize, u8)>,
    /// Ticks that the line takes.
    pub delay: u32,
}

impl Pair {
    /// Two ends that have not met, at tick `now`.
    pub fn new(now: u32) -> Self {
        Self {
            ends: [Link::connect(VERSIONS, 0xABCD), Link::listen(VERSIONS)],
            noise: [Noise::new(1, 0), Noise::new(2, 0)],
            now,
            line: Vec::new(),
            delay: 1,
        }
    }

    /// Two ends that are up.
    #[track_caller]
    pub fn up() -> Self {
        let mut pair = Self::new(0);
        for _ in 0..5 {
            pair.step();
        }
        let up = State::Up { version: 2 };
        assert_eq!(
            pair.ends.each_ref().map(Link::state),
            [up, up],
            "both ends after a hello"
        );
        pair
    }

    /// Lets one tick pass: what is due is sent, and what arrives is received.
    pub fn step(&mut self) {
        for (end, link) in self.ends.iter_mut().enumerate() {
            while let Some(bytes) = link.poll(self.now) {
                let arrives = self.now.wrapping_add(self.delay);
                let passed = self.noise[end].pass(bytes);
                self.line
                    .extend(passed.iter().map(|&byte| (arrives, 1 - end, byte)));
            }
        }
        self.now = self.now.wrapping_add(1);
        let (now, ends) = (self.now, &mut self.ends);
        self.line.retain(|&(arrives, end, byte)| {
            let waits = arrives.wrapping_sub(now) as i32 > 0;
            if !waits {
                ends[end].receive(byte);
            }
            waits
        });
    }

    /// Sends `messages` from both ends at once, and gives what was delivered at the listener and at the connector.
    #[track_caller]
    pub fn carry(&mut self, messages: &[Vec<u8>], ticks: usize) -> [Vec<Vec<u8>>; 2] {
        let mut next = [0, 0];
        let mut delivered = [Vec::new(), Vec::new()];
        for _ in 0..ticks {
            for end in 0..2 {
                if next[end] < messages.len() && self.ends[end].send(&messages[next[end]]).is_ok() {
                    next[end] += 1;
                }
                if let Some(message) = self.ends[end].take() {
                    delivered[1 - end].push(message.to_vec());
                }
            }
            if delivered
                .iter()
                .all(|messages_so_far| messages_so_far.len() >= messages.len())
                && self.ends.iter().all(|end| !end.is_sending())
            {
                break;
            }
            self.step();
        }
        delivered
    }
}
