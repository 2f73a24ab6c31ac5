//! A connection in HTTP/1: requests one behind the other, answers in their order.
//!
//! ```text
//! read ──▶ Parser ──▶ Head ──▶ Site::respond ──▶ out ──▶ write, when nothing is left to parse
//! ```
//!
//! Pipelined requests that arrived together are answered together, with one write. The peer is read from only
//! when everything is written: a peer that does not read its answers does not get to ask more.

mod patience;

use std::io::Write;
use std::net::IpAddr;
use std::time::{Duration, SystemTime};

use bytes::{BufMut, Bytes, BytesMut};
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING};
use http::{HeaderValue, Method, StatusCode, Version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout};

use crate::access_log::Record;
use crate::date;
use crate::parser::{Event, Framing, Head, Parser};
use crate::refusal::Refusal;
use crate::request::Request;
use crate::response::{Body, Response};
use crate::serialise;
use crate::server::Shared;
use crate::transport::{Gone, Transport};
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

    /// Answers one request, and says whether another may follow.
    async fn exchange(&mut self, head: Head) -> Result<bool, Failure> {
        let response = self.shared.site.respond(&head.request);
        let request = &head.request;
        if matches!(response.body, Body::Request) {
            return self.echo(&head, &response).await;
        }
        // A client that waits for word about its body has got it: it may send the body or not. Where the next request
        // begins cannot be told then.
        let is_left = head.expects_continue && head.framing != Framing::None;
        if !is_left {
            let mut waited = self.shared.limits.body_timeout;
            while self.data(&mut waited).await?.is_some() {}
        }
        let keep_alive = head.keep_alive && !is_left && !self.shared.stop.is_cancelled();
        put_head(
            &response,
            Some(request),
            response.body.length(),
            keep_alive,
            &mut self.out,
        );
        let mut sent = 0;
        let mut ended = Ok(());
        match response.body {
            _ if request.method == Method::HEAD => {}
            Body::Empty | Body::Request => {}
            Body::Bytes(bytes) => {
                self.out.put_slice(&bytes);
                sent = bytes.len() as u64;
            }
            Body::File { file, range } => {
                self.flush().await?;
                let patience = self.shared.limits.write_timeout;
                let mut at = range.start;
                ended = self
                    .transport
                    .send_file(&file, &mut at, range.end, patience)
                    .await;
                sent = at - range.start;
            }
        }
        self.log(Some(request), response.status, sent);
        ended?;
        if self.out.len() >= OUT_MAX {
            self.flush().await?;
        }
        Ok(keep_alive)
    }

    /// Answers with the body of the request, as it comes.
    async fn echo(&mut self, head: &Head, response: &Response) -> Result<bool, Failure> {
        let (request, length) = match head.framing {
            Framing::None => (&head.request, Some(0)),
            Framing::Length(length) => (&head.request, Some(length)),
            Framing::Chunked => (&head.request, None),
        };
        // A client that has begun to send does not wait.
        if head.expects_continue && head.framing != Framing::None && self.parser.buffer().is_empty() {
            self.out.put_slice(b"HTTP/1.1 100 Continue\r\n\r\n");
        }
        let mut patience = self.shared.limits.body_timeout;
        // The head waits for the first bytes: a body that is refused at once gets a status of its own.
        let mut data = self.data(&mut patience).await?;
        let keep_alive = head.keep_alive && !self.shared.stop.is_cancelled();
        put_head(response, Some(request), length, keep_alive, &mut self.out);
        let mut sent = 0;
        while let Some(bytes) = data {
            sent += bytes.len() as u64;
            match length {
                Some(_) => self.out.put_slice(&bytes),
                None => serialise::chunk(&bytes, &mut self.out),
            }
            if self.out.len() >= OUT_MAX {
                self.flush().await?;
            }
            // The status is said: all that is left to a body that fails is an end that is seen to be none.
            data = match self.data(&mut patience).await {
                Ok(data) => data,
                Err(_) => {
                    self.log(Some(request), response.status, sent);
                    return Err(Failure::Gone);
                }
            };
        }
        if length.is_none() {
            serialise::last_chunk(&mut self.out);
        }
        self.log(Some(request), response.status, sent);
        Ok(keep_alive)
    }

    /// The next bytes of the body; `None` behind its end. `patience` is what waiting may still take; it grows
    /// with what comes, at the rate of [`MIN_BODY_RATE`](crate::limits::MIN_BODY_RATE).
    async fn data(&mut self, patience: &mut Duration) -> Result<Option<Bytes>, Failure> {
        loop {
            match self.parser.next()? {
                Some(Event::Data(data)) => {
                    *patience += Duration::from_secs(data.len() as u64) / patience::BODY_RATE;
                    return Ok(Some(data));
                }
                Some(Event::End) => return Ok(None),
                Some(event) => unreachable!("{event:?} inside a request"),
                None => {}
            }
            self.flush().await?;
            let started = Instant::now();
            match self.fill(started + *patience, false).await? {
                Filled::Bytes => *patience = patience.saturating_sub(started.elapsed()),
                Filled::EndOfStream => return Err(Refusal::BadRequest("cut off in a body").into()),
                Filled::TimedOut | Filled::Stopping => return Err(Refusal::Timeout.into()),
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

/// Appends the head of a response. A body without a length goes out in chunks.
fn put_head(
    response: &Response,
    request: Option<&Request>,
    length: Option<u64>,
    keep_alive: bool,
    out: &mut BytesMut,
) {
    out.reserve(512);
    serialise::status_line(response.status, out);
    serialise::field(&DATE, &date::now(), out);
    for (name, value) in &response.fields {
        serialise::field(name, value, out);
    }
    match length {
        _ if matches!(response.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) => {}
        Some(length) => {
            write!(out.writer(), "{CONTENT_LENGTH}: {length}\r\n").expect("memory takes what it is given");
        }
        None => serialise::field(&TRANSFER_ENCODING, &HeaderValue::from_static("chunked"), out),
    }
    let is_old = request.is_some_and(|request| request.version == Version::HTTP_10);
    match (keep_alive, is_old) {
        (false, _) => serialise::field(&CONNECTION, &HeaderValue::from_static("close"), out),
        // What a client of 1.0 asked for it wants to be told.
        (true, true) => serialise::field(&CONNECTION, &HeaderValue::from_static("keep-alive"), out),
        (true, false) => {}
    }
    out.put_slice(b"\r\n");
}
