//! Queues for tests: each in a directory of its own, removed with it.

#![allow(dead_code, reason = "each of the two test files uses its part")]

pub mod model;

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ipc_queue::transport::{self, Transport};
use ipc_queue::{Options, Receiver, RecvError, SendError, Sender, Wait};
use phase7::{Program, Scratch};

/// How long a test waits for what must happen.
pub const DEADLINE: Duration = Duration::from_secs(12);

/// What [`Queue::new`] makes: the most that every machine allows a message queue.
pub const OPTIONS: Options = Options {
    capacity: 8,
    max_message: 1024,
    sole: false,
};

/// A queue at a path.
pub struct Queue {
    /// How its messages go.
    pub transport: Transport,
    /// Where it is.
    pub path: PathBuf,
    scratch: Scratch,
}

impl Queue {
    /// A new one.
    #[track_caller]
    pub fn new(transport: Transport) -> Self {
        Self::with(transport, &OPTIONS)
    }

    /// A new one with these options.
    #[track_caller]
    pub fn with(transport: Transport, options: &Options) -> Self {
        let scratch = Scratch::new();
        let path = scratch.join("queue");
        transport::create(transport, &path, options).expect("a queue can be made");
        Self {
            transport,
            path,
            scratch,
        }
    }

    /// A sending end.
    #[track_caller]
    pub fn sender(&self) -> Box<dyn Sender> {
        transport::open_sender(self.transport, &self.path, Wait::at_most(DEADLINE))
            .expect("it can be opened to send")
    }

    /// A receiving end.
    #[track_caller]
    pub fn receiver(&self) -> Box<dyn Receiver> {
        transport::open_receiver(self.transport, &self.path).expect("it can be opened to receive")
    }

    /// One of each; the receiver has seen the sender.
    #[track_caller]
    pub fn ends(&self) -> (Box<dyn Sender>, Box<dyn Receiver>) {
        let receiver = self.receiver();
        (self.sender(), receiver)
    }

    /// The program under test with this command, and this queue as its argument.
    pub fn program(&self, command: &str) -> Program {
        let transport = format!("{:?}", self.transport).to_lowercase();
        phase7::program!()
            .args([command, "--transport", &transport])
            .arg(&self.path)
            .deadline(DEADLINE)
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        // A message queue outlives its file.
        let _ = std::panic::catch_unwind(|| transport::remove(self.transport, &self.path));
    }
}

/// The next message, which must come.
#[track_caller]
pub fn next(receiver: &mut dyn Receiver) -> Vec<u8> {
    let mut buffer = vec![0xEE; receiver.max_message()];
    let length = receiver
        .recv_timeout(&mut buffer, DEADLINE)
        .expect("a message comes");
    buffer.truncate(length);
    buffer
}

/// What a receive without waiting says.
pub fn try_next(receiver: &mut dyn Receiver) -> Result<Vec<u8>, RecvError> {
    let mut buffer = vec![0xEE; receiver.max_message()];
    let length = receiver.try_recv(&mut buffer)?;
    buffer.truncate(length);
    Ok(buffer)
}

/// Sends numbered messages until one does not fit any more; how many did, and the error.
pub fn fill(sender: &mut dyn Sender, message: &[u8]) -> (usize, SendError) {
    let mut count = 0;
    loop {
        match sender.try_send(message) {
            Ok(()) => count += 1,
            Err(error) => return (count, error),
        }
        assert!(count < 1_000_000, "a queue is bounded");
    }
}

/// Receives until no sender is left, which must come.
#[track_caller]
pub fn drain(receiver: &mut dyn Receiver) -> Vec<String> {
    let mut buffer = vec![0; receiver.max_message()];
    let mut messages = Vec::new();
    let deadline = Instant::now() + DEADLINE;
    loop {
        match receiver.recv_within(&mut buffer, Wait::Until(deadline)) {
            Ok(length) => messages.push(String::from_utf8_lossy(&buffer[..length]).into_owned()),
            Err(RecvError::Disconnected) => return messages,
            Err(error) => panic!("behind {} messages: {error}", messages.len()),
        }
    }
}

/// Holds what receivers have got, as lines "NAME NUMBER", against what was sent: each number of each sender once,
/// and in order at each receiver.
#[track_caller]
pub fn assert_each_once(received: &[Vec<String>], senders: &[&str], count: usize) {
    let mut seen: HashMap<&str, Vec<usize>> = HashMap::new();
    for lines in received {
        let mut last: HashMap<&str, usize> = HashMap::new();
        for line in lines {
            let (name, number) = parts(line);
            if let Some(before) = last.insert(name, number) {
                assert!(before < number, "{name} {number} came behind {name} {before}");
            }
            seen.entry(name).or_default().push(number);
        }
    }
    for name in senders {
        let mut numbers = seen.remove(name).unwrap_or_default();
        numbers.sort_unstable();
        let wanted: Vec<usize> = (0..count).collect();
        assert!(
            numbers == wanted,
            "{} of {count} messages of {name}, or one twice",
            numbers.len()
        );
    }
}

/// Name and number of a line.
#[track_caller]
pub fn parts(line: &str) -> (&str, usize) {
    line.split_once(' ')
        .and_then(|(name, number)| Some((name, number.parse().ok()?)))
        .unwrap_or_else(|| panic!("{line:?} is no message that was sent"))
}
