//! One request and its answer: the body that comes with the one, and the body that goes out with the other.

use std::time::Duration;

use bytes::{BufMut, Bytes};
use http::Method;
use tokio::time::Instant;

use super::head::put_head;
use super::patience::BODY_RATE;
use super::{Connection, Failure, Filled, OUT_MAX};
use crate::parser::{Event, Framing, Head};
use crate::refusal::Refusal;
use crate::response::{Body, Response};
use crate::serialise;

impl Connection<'_> {
    /// Answers one request, and says whether another may follow.
    pub(super) async fn exchange(&mut self, head: Head) -> Result<bool, Failure> {
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
                    *patience += Duration::from_secs(data.len() as u64) / BODY_RATE;
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
}
