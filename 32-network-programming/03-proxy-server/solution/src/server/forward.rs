//! A client's HTTP requests, one after the other, on a connection that stays.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use tokio::net::TcpStream;
use tokio::time::{self, Instant};

use super::Proxy;
use super::connection::{Owed, Session};
use super::dial::dial;
use super::exchange::{Failure, exchange};
use super::inbox::Inbox;
use super::lull::Lull;
use super::tunnel;
use crate::end::End;
use crate::http::body::Framing;
use crate::http::forward::{self, Exchange, Plan};
use crate::http::head::{self, HEAD_MAX, RequestHead, is_named};
use crate::log::Protocol;
use crate::meter::Meter;

/// Methods that may be sent twice: the second time changes nothing (RFC 9110, section 9.2.2).
const IDEMPOTENT: [&str; 6] = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"];

/// Serves requests until the client ends, or one of them ends the connection.
pub(super) async fn requests(
    stream: &mut TcpStream,
    mut inbox: Inbox,
    mut deadline: Instant,
    session: &mut Session,
    meter: &Meter,
    proxy: &Proxy,
) -> Result<(), End> {
    session.protocol = Some(Protocol::Http);
    let mut lull = Lull::new(proxy);
    loop {
        session.owed = Owed::Response;
        let plan = time::timeout_at(deadline, plan(stream, &mut inbox, proxy)).await;
        let plan = plan.map_err(|_| End::Handshake)??;
        session.requests += 1;
        let exchange = match plan {
            Plan::Exchange(exchange) => exchange,
            Plan::Tunnel(target) => {
                session.protocol = Some(Protocol::Connect);
                return tunnel::to(target, stream, inbox, session, meter, proxy).await;
            }
        };
        session.target = Some(exchange.target.clone());
        let keeps_client = serve(&exchange, stream, &mut inbox, session, meter, proxy).await?;
        if !keeps_client || !has_next(stream, &mut inbox, &mut lull, proxy).await? {
            return Ok(());
        }
        deadline = Instant::now() + proxy.config.timeouts.handshake;
    }
}

/// Reads one head.
async fn plan(stream: &mut TcpStream, inbox: &mut Inbox, proxy: &Proxy) -> Result<Plan, End> {
    loop {
        if let Some((head, length)) = head::request(inbox.bytes())? {
            authorize(&head, proxy)?;
            let plan = forward::request(&head)?;
            inbox.consume(length);
            return Ok(plan);
        }
        debug_assert!(inbox.bytes().len() < HEAD_MAX, "a longer one is an error");
        if inbox.read(stream).await? == 0 {
            return Err(End::Malformed);
        }
    }
}

/// Checks `Proxy-Authorization: Basic`, RFC 7617.
fn authorize(head: &RequestHead<'_>, proxy: &Proxy) -> Result<(), End> {
    let Some(credentials) = &proxy.config.credentials else {
        return Ok(());
    };
    let field = head
        .fields
        .iter()
        .find(|field| is_named(field, "proxy-authorization"));
    let (_, value) = field.ok_or(End::Auth)?;
    let (scheme, encoded) = value.split_at_checked("Basic ".len()).ok_or(End::Auth)?;
    let decoded = BASE64_STANDARD
        .decode(encoded.trim_ascii())
        .map_err(|_| End::Auth)?;
    let colon = decoded.iter().position(|byte| *byte == b':').ok_or(End::Auth)?;
    let is_known = credentials.are(&decoded[..colon], &decoded[colon + 1..]);
    if is_known && scheme.eq_ignore_ascii_case(b"Basic ") {
        Ok(())
    } else {
        Err(End::Auth)
    }
}

/// Passes one request on, and its response back; whether the client may send another one.
async fn serve(
    request: &Exchange,
    stream: &mut TcpStream,
    inbox: &mut Inbox,
    session: &mut Session,
    meter: &Meter,
    proxy: &Proxy,
) -> Result<bool, End> {
    let is_bodiless = request.framing == Framing::Length(0);
    let may_repeat = is_bodiless && IDEMPOTENT.contains(&request.method.as_str());
    // What cannot be repeated does not take the chance that an idle connection closes at this moment.
    let mut may_reuse = may_repeat;
    loop {
        let mut upstream = dial(&request.target, may_reuse, session, proxy).await?;
        meter.watch(true);
        let exchanged = exchange(
            request,
            stream,
            inbox,
            &mut upstream.stream,
            session,
            meter,
            proxy,
        )
        .await;
        match exchanged {
            Ok(kept) => {
                meter.watch(false);
                if kept.upstream {
                    upstream.keep();
                }
                return Ok(kept.client);
            }
            // An idle connection that its server closed just then: once more, on a new one.
            Err(Failure::Unanswered) if upstream.is_reused => may_reuse = false,
            Err(Failure::Unanswered | Failure::Unwritten) => return Err(End::BadAnswer),
            Err(Failure::Ended(end)) => return Err(end),
        }
        meter.watch(false);
    }
}

/// Waits for the first byte of another request; idle clients are let go when the proxy stops.
async fn has_next(
    stream: &mut TcpStream,
    inbox: &mut Inbox,
    lull: &mut Lull<'_>,
    proxy: &Proxy,
) -> Result<bool, End> {
    if !inbox.bytes().is_empty() {
        return Ok(!proxy.stop.is_cancelled());
    }
    tokio::select! {
        biased;
        count = inbox.read(stream) => Ok(count.unwrap_or(0) > 0),
        () = lull.is_over(proxy.config.timeouts.idle) => Ok(false),
    }
}
