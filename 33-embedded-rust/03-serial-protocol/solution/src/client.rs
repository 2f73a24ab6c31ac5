//! The host's end of the protocol, in real time.

use std::io;
use std::time::{Duration, Instant};

use crate::crc::Crc32;
use crate::frame::PAYLOAD_MAX;
use crate::link::{Link, State, Versions};
use crate::message::{self, CHUNK_MAX, Info, Refusal, Reply, Request, VERSIONS};
use crate::port::Port;

/// How long a request may stay without its answer, once it has been delivered.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How long the client waits for bytes before it looks at the clock again.
const NAP: Duration = Duration::from_millis(5);

/// Why a request has no answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The line failed.
    #[error("the line failed: {0}")]
    Io(#[from] io::Error),
    /// Nobody has answered.
    #[error("the device does not answer")]
    Lost,
    /// No version in common.
    #[error("the device speaks versions {} to {} of the protocol, this program {} to {}",
        .0.min, .0.max, VERSIONS.min, VERSIONS.max)]
    Version(Versions),
    /// The device does not do it.
    #[error("the device refuses: {0:?}")]
    Refused(Refusal),
    /// The answer is to another question.
    #[error("the device answers something else")]
    Unexpected,
}

/// A device that said welcome.
pub struct Client {
    port: Port,
    link: Link,
    started: Instant,
}

impl Client {
    /// Says hello as session `number`, and waits for the welcome.
    ///
    /// # Errors
    /// When the device refuses or does not answer.
    pub fn connect(port: Port, number: u16) -> Result<Self, Error> {
        let mut client = Self {
            port,
            link: Link::connect(VERSIONS, number),
            started: Instant::now(),
        };
        while client.link.state() == State::Connecting {
            client.step()?;
        }
        Ok(client)
    }

    /// Sends what is due.
    fn send_due(&mut self) -> Result<(), Error> {
        // Milliseconds wrap, as the link's ticks do.
        let now = self.started.elapsed().as_millis() as u32;
        while let Some(bytes) = self.link.poll(now) {
            self.port.send(bytes)?;
        }
        Ok(())
    }

    /// Sends what is due and takes what comes, for a moment.
    fn step(&mut self) -> Result<(), Error> {
        self.send_due()?;
        let mut bytes = [0; 256];
        let count = self.port.receive(&mut bytes, NAP)?;
        for &byte in &bytes[..count] {
            self.link.receive(byte);
        }
        match self.link.state() {
            State::Lost => Err(Error::Lost),
            State::Refused(versions) => Err(Error::Version(versions)),
            _ => Ok(()),
        }
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// When there is none, or it is a refusal.
    pub fn ask(&mut self, request: &Request) -> Result<Reply, Error> {
        let mut payload = [0; PAYLOAD_MAX];
        let payload = message::encode(request, &mut payload).expect("a chunk of CHUNK_MAX bytes fits");
        self.link.send(payload).map_err(|_| Error::Lost)?;
        let asked = Instant::now();
        let answer = loop {
            self.step()?;
            if let Some(answer) = self.link.take() {
                break answer;
            }
            if self.link.is_sending() || asked.elapsed() < PATIENCE {
                continue;
            }
            return Err(Error::Lost);
        };
        // Its acknowledgement: without it the device would send the answer until it gives the line up.
        self.send_due()?;
        match message::decode(&answer) {
            None => Err(Error::Unexpected),
            Some(Reply::Refused(refusal)) => Err(Error::Refused(refusal)),
            Some(reply) => Ok(reply),
        }
    }
    /// Brings `image` into the device's flash and marks it for a trial. `progress` hears how much has been written.
    ///
    /// After a line was lost, another client may go on where this one was.
    ///
    /// # Errors
    /// When the device refuses or does not answer.
    pub fn update(&mut self, image: &[u8], mut progress: impl FnMut(usize)) -> Result<(), Error> {
        let length = u32::try_from(image.len()).map_err(|_| Error::Refused(Refusal::BadLength))?;
        let crc = Crc32::of(image);
        let mut reply = self.ask(&Request::Begin { length, crc })?;
        loop {
            let Reply::Progress { written: offset } = reply else {
                return Err(Error::Unexpected);
            };
            let rest = image.get(offset as usize..).ok_or(Error::Unexpected)?;
            progress(offset as usize);
            if rest.is_empty() {
                break;
            }
            let data = &rest[..rest.len().min(CHUNK_MAX)];
            reply = self.ask(&Request::Chunk { offset, data })?;
        }
        match self.ask(&Request::Finish)? {
            Reply::Done => Ok(()),
            _ => Err(Error::Unexpected),
        }
    }

    /// What the device runs.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn info(&mut self) -> Result<Info, Error> {
        match self.ask(&Request::Info)? {
            Reply::Info(info) => Ok(info),
            _ => Err(Error::Unexpected),
        }
    }
}
