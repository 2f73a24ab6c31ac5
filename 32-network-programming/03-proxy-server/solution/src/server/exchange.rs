//! One request and its response, each way at its own pace.
//!
//! A server may answer before it has read the whole request, and a client may wait for `100 Continue` before it sends the
//! body. So the body goes up while the response is awaited. Once the response has begun, only the response counts: a
//! body that is not through by then never will be, and both connections end with this exchange.

use std::borrow::Cow;
use std::pin::pin;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Proxy;
use super::connection::{Owed, Session};
use super::inbox::Inbox;
use crate::end::End;
use crate::http::body::{Body, Framing};
use crate::http::forward::{self, Answer, Exchange};
use crate::http::head;
use crate::meter::Meter;

/// Which connections may serve again.
pub(super) struct Kept {
    pub(super) client: bool,
    pub(super) upstream: bool,
}

/// Why there is no response, or not all of one.
pub(super) enum Failure {
    /// The upstream has closed without a word.
    Unanswered,
    /// The receiver takes no more.
    Unwritten,
    Ended(End),
}

impl<E: Into<End>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self::Ended(error.into())
    }
}

/// Passes a request on, and what is answered back.
pub(super) async fn exchange(
    request: &Exchange,
    client: &mut TcpStream,
    inbox: &mut Inbox,
    upstream: &mut TcpStream,
    session: &mut Session,
    meter: &Meter,
    proxy: &Proxy,
) -> Result<Kept, Failure> {
    let (mut from_client, mut to_client) = client.split();
    let (mut from_upstream, mut to_upstream) = upstream.split();
    let mut answers = Inbox::default();
    let (mut is_sent, mut is_sending) = (false, true);
    let mut answer = {
        let mut sending = pin!(send(request, inbox, &mut from_client, &mut to_upstream, meter));
        loop {
            let received = tokio::select! {
                // The request first: most are through at once.
                biased;
                sent = &mut sending, if is_sending => {
                    is_sending = false;
                    match sent {
                        Ok(()) => is_sent = true,
                        // A server that takes no more may have said why: that is read, then.
                        Err(Failure::Unwritten) => {}
                        Err(failure) => return Err(failure),
                    }
                    continue;
                }
                received = receive(request, &mut from_upstream, &mut answers, proxy) => received?,
            };
            if !received.is_interim {
                break received;
            }
            session.owed = Owed::Nothing;
            to_client.write_all(&received.head).await?;
            meter.add_down(received.head.len());
            session.owed = Owed::Response;
        }
    };
    let mut body = Body::new(answer.framing);
    // The head and what is here of the body are one write, and wake the client once.
    let begun = body.take(answers.bytes()).map_err(|_| End::BadAnswer)?;
    answer.head.extend_from_slice(&answers.bytes()[..begun]);
    answers.consume(begun);
    // From here on there is no other answer.
    session.owed = Owed::Nothing;
    to_client.write_all(&answer.head).await?;
    meter.add_down(answer.head.len());
    let down = |count| meter.add_down(count);
    let passed = pass(&mut body, &mut answers, &mut from_upstream, &mut to_client, down).await;
    let is_whole = passed.map_err(|failure| match failure {
        Failure::Unwritten => End::Lost,
        _ => End::BadAnswer,
    })?;
    // The end of the connection is the end of the body where nothing else is.
    if !is_whole && answer.framing != Framing::UntilClose {
        return Err(End::BadAnswer.into());
    }
    // What stands behind the answer was not asked for.
    let is_clean = answers.bytes().is_empty();
    Ok(Kept {
        client: answer.keeps_client && is_sent,
        upstream: answer.keeps_upstream && is_sent && is_clean,
    })
}

/// Sends head and body.
async fn send(
    request: &Exchange,
    inbox: &mut Inbox,
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    meter: &Meter,
) -> Result<(), Failure> {
    let mut body = Body::new(request.framing);
    // What is here of the body goes along.
    let begun = body.take(inbox.bytes())?;
    let first = match &inbox.bytes()[..begun] {
        [] => Cow::Borrowed(&request.head),
        bytes => Cow::Owned([&request.head, bytes].concat()),
    };
    to.write_all(&first).await.map_err(|_| Failure::Unwritten)?;
    inbox.consume(begun);
    meter.add_up(first.len());
    if pass(&mut body, inbox, from, to, |count| meter.add_up(count)).await? {
        Ok(())
    } else {
        // The client has ended in the middle of its request.
        Err(End::Malformed.into())
    }
}

/// Reads a response's head and says what becomes of it.
async fn receive(
    request: &Exchange,
    from: &mut (impl AsyncRead + Unpin),
    answers: &mut Inbox,
    proxy: &Proxy,
) -> Result<Answer, Failure> {
    loop {
        let read = head::response(answers.bytes()).map_err(|_| End::BadAnswer)?;
        if let Some((head, length)) = read {
            let answer = forward::response(&head, request, proxy.stop.is_cancelled());
            let answer = answer.map_err(|_| End::BadAnswer)?;
            answers.consume(length);
            return Ok(answer);
        }
        let is_first = answers.bytes().is_empty();
        match answers.read(from).await {
            Ok(1..) => {}
            Ok(0) | Err(_) if is_first => return Err(Failure::Unanswered),
            Ok(0) | Err(_) => return Err(End::BadAnswer.into()),
        }
    }
}

/// Passes a body on, as it is. False when the stream ended before the body did.
async fn pass(
    body: &mut Body,
    inbox: &mut Inbox,
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    mut moved: impl FnMut(usize),
) -> Result<bool, Failure> {
    while !body.is_done() {
        if inbox.bytes().is_empty() && inbox.read(from).await? == 0 {
            return Ok(false);
        }
        let count = body.take(inbox.bytes())?;
        to.write_all(&inbox.bytes()[..count])
            .await
            .map_err(|_| Failure::Unwritten)?;
        inbox.consume(count);
        moved(count);
    }
    Ok(true)
}
