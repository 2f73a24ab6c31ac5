//! The access log: one line for each connection, when it has ended.
//!
//! ```text
//! protocol=connect client=127.0.0.1:50122 target=example.com:443 address=93.184.216.34:443 requests=1 up=517 down=4180 ms=238 end=done
//! ```
//!
//! Fields are always these, in this order; what is not known is `-`. No value contains a blank: a target is in the log
//! only when it has passed for one, so that a client cannot write lines of its own.

use std::fmt;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};
use std::time::Duration;

use crate::end::End;
use crate::target::Target;

/// Lines that may wait to be written. A reader that stalls costs lines, never the proxy's time.
const WAITING_MAX: usize = 4096;

/// What a client speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// HTTP requests that are passed on.
    Http,
    /// A tunnel that was asked for with CONNECT.
    Connect,
    /// A tunnel that was asked for with SOCKS5.
    Socks5,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What the client speaks, once it has said something.
    pub protocol: Option<Protocol>,
    /// Who.
    pub client: SocketAddr,
    /// Where to; of several requests the last one's.
    pub target: Option<Target>,
    /// The address that is connected to, likewise.
    pub address: Option<SocketAddr>,
    /// Requests that were read.
    pub requests: u64,
    /// Bytes that were passed on to upstreams.
    pub up: u64,
    /// Bytes that were passed on to the client.
    pub down: u64,
    /// From accept to end.
    pub duration: Duration,
    /// Why it ended.
    pub end: End,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = match self.protocol {
            None => "-",
            Some(Protocol::Http) => "http",
            Some(Protocol::Connect) => "connect",
            Some(Protocol::Socks5) => "socks5",
        };
        write!(f, "protocol={protocol} client={}", self.client)?;
        match &self.target {
            Some(target) => write!(f, " target={target}")?,
            None => f.write_str(" target=-")?,
        }
        match self.address {
            Some(address) => write!(f, " address={address}")?,
            None => f.write_str(" address=-")?,
        }
        let (requests, up, down, ms) = (self.requests, self.up, self.down, self.duration.as_millis());
        write!(
            f,
            " requests={requests} up={up} down={down} ms={ms} end={}",
            self.end
        )
    }
}

/// Where lines go: a thread writes them, since a pipe that is full would stop every task of the proxy.
#[derive(Debug, Clone)]
pub struct Log {
    sender: SyncSender<Entry>,
}

impl Log {
    /// A log that a thread writes. The receiver is disconnected when the log and its clones are gone, and all is written.
    pub fn new(mut output: impl Write + Send + 'static) -> (Self, Receiver<()>) {
        let (sender, entries) = sync_channel::<Entry>(WAITING_MAX);
        let (writing, written) = channel();
        std::thread::spawn(move || {
            let _writing = writing;
            for entry in entries {
                // Nobody may be reading, which is no reason not to serve.
                let _ = writeln!(output, "{entry}").and_then(|()| output.flush());
            }
        });
        (Self { sender }, written)
    }

    /// Writes a line, soon.
    pub fn write(&self, entry: Entry) {
        let _ = self.sender.try_send(entry);
    }
}
