//! The host's end of the protocol, in real time.

use std::io;
use std::time::{Duration, Instant};

use crate::link::{Link, Versions};
use crate::message::{CHUNK_MAX, Info, Refusal, Reply, Request, VERSIONS};
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
        let link = Link::connect(VERSIONS, number);
        let client = Self {
            port,
            link,
            started: Instant::now(),
        };
        todo!(
            "say hello until {:?} is up, as time goes on from {:?}",
            client.link,
            client.started
        )
    }

    /// Asks, and waits for the answer.
    ///
    /// # Errors
    /// When there is none, or it is a refusal.
    pub fn ask(&mut self, request: &Request) -> Result<Reply, Error> {
        let nothing = self.port.receive(&mut [], NAP)?;
        todo!("send {request:?}, and within {PATIENCE:?} take the answer, after {nothing} bytes")
    }
    /// Brings `image` into the device's flash and marks it for a trial. `progress` hears how much has been written.
    ///
    /// After a line was lost, another client may go on where this one was.
    ///
    /// # Errors
    /// When the device refuses or does not answer.
    pub fn update(&mut self, image: &[u8], mut progress: impl FnMut(usize)) -> Result<(), Error> {
        progress(0);
        todo!(
            "bring over the CRC and the {} bytes, {CHUNK_MAX} at a time, then finish",
            image.len()
        )
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
