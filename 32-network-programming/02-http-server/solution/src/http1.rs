//! A connection in HTTP/1: requests one behind the other, answers in their order.
//!
//! ```text
//! read ──▶ Parser ──▶ Head ──▶ Site::respond ──▶ out ──▶ write, when nothing is left to parse
//! ```
//!
//! Pipelined requests that arrived together are answered together, with one write. The peer is read from only
//! when everything is written: a peer that does not read its answers does not get to ask more.

mod exchange;
mod head;
mod patience;

use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use bytes::{BufMut, BytesMut};
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};

use crate::access_log::Record;
use crate::parser::{Event, Head, Parser};
use crate::refusal::Refusal;
use crate::request::Request;
use crate::response::{Body, Response};
use crate::server::Shared;
use crate::transport::{Gone, Transport};
use head::put_head;
use patience::Patience;

/// Room for one read.
const READ: usize = 16 << 10;

/// Answers that wait for the end of pipelined requests take no more memory than this and one short body.
const OUT_MAX: usize = 64 << 10;

/// How long a peer is listened to behind the last answer. Closing a socket with unread bytes in it sends a reset, and a
/// reset may destroy the answer on its way.
const LINGER: Duration = Duration::from_secs(1);

/// Why a request was not answered as its handler would.
enum Failure {
    Refused(Refusal),
    Gone,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Gone> for Failure {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

/// What became of waiting for bytes.
enum Filled {
    Bytes,
    EndOfStream,
    TimedOut,
    Stopping,
}

struct Connection<'a> {
    transport: Transport,
    peer: IpAddr,
    shared: &'a Shared,
    parser: Parser,
    /// Answers that are not written yet.
    out: BytesMut,
    patience: Patience<'a>,
}

/// Serves a connection to its end.
pub(crate) async fn serve(transport: Transport, peer: IpAddr, shared: &Shared) {
    let mut connection = Connection {
        transport,
        peer,
        shared,
        parser: Parser::new(&shared.limits),
        out: BytesMut::new(),
        patience: Patience::new(&shared.stop),
    };
    match connection.requests().await {
        Ok(()) => connection.end().await,
        Err(Failure::Refused(refusal)) => {
            connection.refuse(refusal);
            connection.end().await;
        }
        Err(Failure::Gone) => {}
    }
}

/// Tells a new connection that there is no room for it.
pub(crate) async fn turn_away(mut transport: Transport) {
    let mut out = BytesMut::new();
    let response = Response::plain(Refusal::Busy.status());
    put_head(&response, None, response.body.length(), false, &mut out);
    if let Body::Bytes(text) = response.body {
        out.put_slice(&text);
    }
    let _ = transport.send(&out, LINGER).await;
    linger(&mut transport).await;
}

/// Ends our direction, and lets the peer end the other.
async fn linger(transport: &mut Transport) {
    let discard = async {
        let mut discarded = vec![0; 4096];
        if transport.shutdown().await.is_ok() {
            while matches!(transport.read(&mut discarded).await, Ok(1..)) {}
        }
    };
    let _ = timeout(LINGER, discard).await;
}

impl Connection<'_> {
    /// Answers requests until one of both sides has enough.
    async fn requests(&mut self) -> Result<(), Failure> {
        while let Some(head) = self.head().await? {
            if !self.exchange(head).await? {
                break;
            }
        }
        Ok(())
    }

    /// The next head; `None` when none comes.
    async fn head(&mut self) -> Result<Option<Head>, Failure> {
        let mut until = None;
        let mut has_begun = false;
        loop {
            match self.parser.next()? {
                Some(Event::Head(head)) => return Ok(Some(head)),
                Some(event) => unreachable!("{event:?} between two requests"),
                None => {}
            }
            self.flush().await?;
            if !has_begun && !self.parser.is_idle() {
                has_begun = true;
                until = None;
            }
            let limits = &self.shared.limits;
            let wait = if has_begun {
                limits.head_timeout
            } else {
                limits.idle_timeout
            };
            let until = *until.get_or_insert_with(|| Instant::now() + wait);
            match self.fill(until, !has_begun).await? {
                Filled::Bytes => {}
                Filled::TimedOut if has_begun => return Err(Refusal::Timeout.into()),
                Filled::EndOfStream if has_begun => {
                    return Err(Refusal::BadRequest("cut off in a head").into());
                }
                Filled::TimedOut | Filled::EndOfStream | Filled::Stopping => return Ok(None),
            }
        }
    }

    /// Reads until `until`; or until the server stops, where that `is_idle`.
    async fn fill(&mut self, until: Instant, is_idle: bool) -> Result<Filled, Gone> {
        let buffer = self.parser.buffer();
        buffer.reserve(READ);
        let read = self.transport.read_buf(buffer);
        match self.patience.or(read, until, is_idle).await {
            Ok(Ok(0)) => Ok(Filled::EndOfStream),
            Ok(Ok(_)) => Ok(Filled::Bytes),
            Ok(Err(_)) => Err(Gone),
            Err(reason) => Ok(reason),
        }
    }

    /// Writes what waits to be written.
    async fn flush(&mut self) -> Result<(), Gone> {
        if !self.out.is_empty() {
            self.transport
                .send(&self.out, self.shared.limits.write_timeout)
                .await?;
            self.out.clear();
        }
        Ok(())
    }

    /// Answers what is no request that is served.
    fn refuse(&mut self, refusal: Refusal) {
        let response = Response::plain(refusal.status());
        put_head(&response, None, response.body.length(), false, &mut self.out);
        if let Body::Bytes(text) = response.body {
            self.out.put_slice(&text);
            self.log(None, response.status, text.len() as u64);
        }
    }

    /// Writes what is left, and closes.
    async fn end(&mut self) {
        if self.flush().await.is_ok() {
            linger(&mut self.transport).await;
        }
    }

    fn log(&self, request: Option<&Request>, status: StatusCode, body_sent: u64) {
        if let Some(log) = &self.shared.log {
            log.write(&Record {
                peer: self.peer,
                time: SystemTime::now(),
                request,
                status,
                body_sent,
            });
        }
    }
}
