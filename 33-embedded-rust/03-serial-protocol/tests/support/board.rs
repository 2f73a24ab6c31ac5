//! The firmware under test on its board, and the host at the other end of its line, in emulated time.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::time::Duration;

use phase7::qemu::{Board, UART_FIFO};
use serial_protocol::message::{Reply, Request};

use super::noise::Noise;
use super::peer::{ACK, DATA, Ear, Frame, HELLO, WELCOME, frame, reply, request};

/// How long the FIFO's 16 bytes take at 115200 baud.
const FIFO_TIME: Duration = Duration::from_micros(1_400);

/// The time after which the host sends a frame again.
const RETRY: Duration = Duration::from_millis(100);

/// How often it does.
const TRIES: usize = 40;

/// A host at the board's line.
pub struct Host {
    pub board: Board,
    /// What the line does to bytes on their way to the board, and from it.
    pub noise: [Noise; 2],
    ear: Ear,
    version: u8,
    session: u16,
    sequence: u8,
    /// The sequence number of the board's next message.
    expected: u8,
    /// Messages of the board's that were new.
    pub delivered: Vec<Vec<u8>>,
}

impl Host {
    /// The board with the firmware, 10 ms after reset, on a line without noise.
    pub fn boot() -> Self {
        let mut board = Board::boot(&phase7::firmware!("thumbv7m-none-eabi"));
        board.run_for(Duration::from_millis(10));
        Self {
            board,
            noise: [Noise::new(1, 0), Noise::new(2, 0)],
            ear: Ear::default(),
            version: 0,
            session: 0,
            sequence: 0,
            expected: 0,
            delivered: Vec::new(),
        }
    }

    /// Sends bytes at the speed of the line; the frames that come back meanwhile.
    #[track_caller]
    pub fn send(&mut self, bytes: &[u8]) -> Vec<Frame> {
        let mut frames = Vec::new();
        for piece in self.noise[0].pass(bytes).chunks(UART_FIFO) {
            self.board.uart_receive(piece);
            frames.extend(self.listen(FIFO_TIME));
        }
        frames
    }

    /// The frames that come while `time` passes.
    #[track_caller]
    pub fn listen(&mut self, time: Duration) -> Vec<Frame> {
        self.board.run_for(time);
        let bytes = self.board.uart_sent();
        self.ear.hear(&self.noise[1].pass(&bytes))
    }

    /// Sends a frame again and again until `answers` finds what it waits for.
    #[track_caller]
    fn insist<T>(&mut self, sent: &Frame, mut answers: impl FnMut(&mut Self, &Frame) -> Option<T>) -> T {
        for _ in 0..TRIES {
            let mut frames = self.send(&sent.wire());
            let until = self.board.time() + RETRY;
            loop {
                for frame in frames {
                    if let Some(answer) = answers(self, &frame) {
                        return answer;
                    }
                }
                if self.board.time() >= until || self.board.has_reset() {
                    break;
                }
                frames = self.listen(Duration::from_millis(2));
            }
        }
        panic!("the board does not answer {sent:?}");
    }

    /// Says hello; the version that the board agrees on.
    #[track_caller]
    pub fn hello(&mut self, session: u16, versions: [u8; 2]) -> u8 {
        (self.session, self.sequence, self.expected) = (session, 0, 0);
        let hello = frame(0, HELLO, session, 0, &versions);
        self.version = self.insist(&hello, |host, answer| {
            (answer.kind == WELCOME && answer.session == host.session).then(|| answer.payload[0])
        });
        self.version
    }

    /// Asks, and gives the answer; acknowledges it.
    #[track_caller]
    pub fn ask(&mut self, question: &Request) -> Reply {
        self.ask_bytes(&request(question))
    }

    /// Sends any payload as a message, and gives the answer; acknowledges it.
    #[track_caller]
    pub fn ask_bytes(&mut self, payload: &[u8]) -> Reply {
        let data = frame(self.version, DATA, self.session, self.sequence, payload);
        let before = self.delivered.len();
        // The answer may come before the acknowledgement, which is lost then.
        self.insist(&data, |host, answer| {
            host.take(answer);
            (host.delivered.len() > before).then_some(())
        });
        self.sequence = self.sequence.wrapping_add(1);
        reply(&self.delivered[before])
    }

    /// Does with a frame of the board's what an end does, the acknowledgement included.
    #[track_caller]
    fn take(&mut self, came: &Frame) {
        if (came.kind, came.session, came.version) != (DATA, self.session, self.version) {
            return;
        }
        let ack = frame(self.version, ACK, self.session, came.sequence, &[]);
        if came.sequence == self.expected {
            self.expected = self.expected.wrapping_add(1);
            self.delivered.push(came.payload.clone());
        }
        self.send(&ack.wire());
    }

    /// Brings an image over in chunks of 128 bytes; the answer to its end.
    #[track_caller]
    pub fn update(&mut self, image: &[u8], crc: u32) -> Reply {
        let length = image.len() as u32;
        assert_eq!(
            self.ask(&Request::Begin { length, crc }),
            Reply::Progress { written: 0 },
            "the answer to Begin"
        );
        for (number, data) in (0..).zip(image.chunks(128)) {
            let offset = number * 128;
            assert_eq!(
                self.ask(&Request::Chunk { offset, data }),
                Reply::Progress {
                    written: offset + data.len() as u32
                },
                "the answer to the chunk at {offset}"
            );
        }
        self.ask(&Request::Finish)
    }

    /// Asks for a restart, and sees the board through it.
    #[track_caller]
    pub fn restart(&mut self) {
        assert_eq!(self.ask(&Request::Restart), Reply::Done, "the answer to Restart");
        for _ in 0..100 {
            if self.board.has_reset() {
                break;
            }
            self.listen(Duration::from_millis(20));
        }
        assert!(
            self.board.has_reset(),
            "the board restarts within 2 s of its answer"
        );
        self.cut_power();
    }

    /// Resets the board at once, whatever it does.
    #[track_caller]
    pub fn cut_power(&mut self) {
        self.board.reset();
        self.ear = Ear::default();
        self.board.uart_sent();
        self.board.run_for(Duration::from_millis(10));
    }
}
