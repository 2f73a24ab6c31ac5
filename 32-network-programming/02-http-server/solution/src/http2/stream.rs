//! One stream of HTTP/2: a request and its answer.

use std::future::poll_fn;
use std::net::IpAddr;
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::{Bytes, BytesMut};
use h2::server::SendResponse;
use h2::{Reason, RecvStream, SendStream};
use http::header::{CONTENT_LENGTH, DATE};
use http::{HeaderValue, Method, StatusCode, Version};
use tokio::time::{Instant, timeout};

use crate::access_log::Record;
use crate::date;
use crate::limits::MIN_BODY_RATE;
use crate::refusal::Refusal;
use crate::request::Request;
use crate::response::{Body, Response};
use crate::server::Shared;

/// Bytes of a file that are read at a time: the frame that every peer accepts.
const BLOCK: usize = 16 << 10;

/// How long a peer is listened to behind a refusal.
const LINGER: Duration = Duration::from_secs(1);

/// What went wrong with a stream, and what its peer is told.
enum Failure {
    /// A status, as long as none was sent.
    Status(StatusCode),
    Reset(Reason),
    Gone,
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Status(refusal.status())
    }
}

impl From<h2::Error> for Failure {
    fn from(_: h2::Error) -> Self {
        Self::Gone
    }
}

/// One request and its answer.
pub(super) async fn stream(
    request: http::Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    peer: IpAddr,
    shared: Arc<Shared>,
) {
    let (head, mut body) = request.into_parts();
    let target = head.uri.path_and_query().map_or("*", |target| target.as_str());
    let request = Request {
        method: head.method,
        target: Bytes::copy_from_slice(target.as_bytes()),
        version: Version::HTTP_2,
        headers: head.headers,
    };
    // The size of the head was held against its limit by `h2`, which does not count fields.
    let is_long = request.headers.len() > shared.limits.max_fields;
    let mut exchange = Exchange {
        shared: &shared,
        body_sent: 0,
        status: StatusCode::OK,
        patience: shared.limits.body_timeout,
        body_left: shared.limits.max_body,
    };
    let ended = if is_long {
        Err(Refusal::FieldsTooLarge.into())
    } else {
        exchange.run(&request, &mut body, &mut respond).await
    };
    match ended {
        Ok(()) => {}
        Err(Failure::Status(status)) => {
            exchange.status = status;
            let _ = respond.send_response(head_of(&Response::empty(status), Some(0)), true);
            // A stream that is dropped with its body unread is reset, and that may overtake the status.
            let _ = timeout(LINGER, discard(&mut body)).await;
        }
        Err(Failure::Reset(reason)) => respond.send_reset(reason),
        Err(Failure::Gone) => {}
    }
    if let Some(log) = &shared.log {
        log.write(&Record {
            peer,
            time: SystemTime::now(),
            request: Some(&request),
            status: exchange.status,
            body_sent: exchange.body_sent,
        });
    }
}

/// Takes what still comes of a body, and throws it away.
async fn discard(body: &mut RecvStream) {
    while let Some(Ok(data)) = body.data().await {
        if body.flow_control().release_capacity(data.len()).is_err() {
            break;
        }
    }
}

/// The state of one request.
struct Exchange<'a> {
    shared: &'a Shared,
    status: StatusCode,
    body_sent: u64,
    /// How long the request's body may still be waited for.
    patience: Duration,
    /// How long it may still be.
    body_left: u64,
}

impl Exchange<'_> {
    async fn run(
        &mut self,
        request: &Request,
        body: &mut RecvStream,
        respond: &mut SendResponse<Bytes>,
    ) -> Result<(), Failure> {
        let response = self.shared.site.respond(request);
        self.status = response.status;
        let announced = request
            .headers
            .get(CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok()?.parse().ok());
        if announced.is_some_and(|length: u64| length > self.body_left) {
            return Err(Refusal::ContentTooLarge.into());
        }
        if matches!(response.body, Body::Request) {
            let mut data = self.data(body).await?;
            let mut stream = respond.send_response(head_of(&response, announced), false)?;
            while let Some(bytes) = data {
                self.send(&mut stream, bytes).await?;
                // The status is said.
                data = match self.data(body).await {
                    Err(Failure::Status(_)) => return Err(Failure::Reset(Reason::ENHANCE_YOUR_CALM)),
                    data => data?,
                };
            }
            stream.send_data(Bytes::new(), true)?;
            return Ok(());
        }
        while self.data(body).await?.is_some() {}
        let head = head_of(&response, response.body.length());
        let is_empty = request.method == Method::HEAD || response.body.length() == Some(0);
        let mut stream = respond.send_response(head, is_empty)?;
        if is_empty {
            return Ok(());
        }
        match response.body {
            Body::Empty | Body::Request => {}
            Body::Bytes(bytes) => self.send(&mut stream, bytes).await?,
            Body::File { file, range } => {
                let mut at = range.start;
                while at < range.end {
                    let left = usize::try_from(range.end - at).unwrap_or(BLOCK);
                    let mut block = BytesMut::zeroed(left.min(BLOCK));
                    match file.read_at(&mut block, at) {
                        Ok(count @ 1..) => block.truncate(count),
                        // Shorter than it was, or not to be read.
                        _ => return Err(Failure::Reset(Reason::INTERNAL_ERROR)),
                    }
                    at += block.len() as u64;
                    self.send(&mut stream, block.freeze()).await?;
                }
            }
        }
        stream.send_data(Bytes::new(), true)?;
        Ok(())
    }

    /// The next bytes of the request's body.
    async fn data(&mut self, body: &mut RecvStream) -> Result<Option<Bytes>, Failure> {
        let started = Instant::now();
        let data = match timeout(self.patience, body.data()).await {
            Ok(None) => return Ok(None),
            Ok(Some(data)) => data?,
            Err(_) => return Err(Refusal::Timeout.into()),
        };
        let earned = Duration::from_secs(data.len() as u64).div_f64(MIN_BODY_RATE as f64);
        self.patience = self.patience.saturating_sub(started.elapsed()) + earned;
        body.flow_control().release_capacity(data.len())?;
        let left = self.body_left.checked_sub(data.len() as u64);
        self.body_left = left.ok_or(Refusal::ContentTooLarge)?;
        Ok(Some(data))
    }

    /// Sends bytes as the peer gives room for them.
    async fn send(&mut self, stream: &mut SendStream<Bytes>, mut bytes: Bytes) -> Result<(), Failure> {
        while !bytes.is_empty() {
            stream.reserve_capacity(bytes.len());
            let room = poll_fn(|context| stream.poll_capacity(context));
            let room = match timeout(self.shared.limits.write_timeout, room).await {
                Ok(Some(room)) => room?,
                Ok(None) => return Err(Failure::Gone),
                Err(_) => return Err(Failure::Reset(Reason::CANCEL)),
            };
            let part = bytes.split_to(room.min(bytes.len()));
            self.body_sent += part.len() as u64;
            stream.send_data(part, false)?;
        }
        Ok(())
    }
}

/// The head of a response as `h2` takes it. Nothing in it is about the connection.
fn head_of(response: &Response, length: Option<u64>) -> http::Response<()> {
    let mut head = http::Response::new(());
    *head.status_mut() = response.status;
    let headers = head.headers_mut();
    headers.insert(DATE, date::now());
    for (name, value) in &response.fields {
        headers.append(name, value.clone());
    }
    if let Some(length) = length
        && !matches!(response.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
    {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    head
}
