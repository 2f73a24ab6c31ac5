//! The client for a terminal, or for a pipe: a line in is a command or a message, an event out is a line.

mod command;
mod render;

use std::future::{pending, poll_fn};
use std::io::{self, BufRead};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use rustls::ClientConfig;
use tokio::io::ReadBuf;
use tokio::sync::mpsc;
use tokio::time;

use crate::client::{Client, Event, Request};
use crate::connect::{Connecting, Stream, Target, connect};
use crate::wire::Reason;
use command::Prompt;

/// How often the core hears of the time.
const TICK: Duration = Duration::from_millis(50);

/// Requests that may wait for their answers until no more lines are read.
const MAX_WAITING: usize = 32;

/// How long `/quit` waits for the answers to what was asked before.
const QUIT_PATIENCE: Duration = Duration::from_secs(1);

/// Lines that are read ahead.
const LINES_AHEAD: usize = 16;

/// Why a session ended that nobody had asked to end.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SessionError {
    #[error("cannot connect to {target}: {source}")]
    Connect { target: Target, source: io::Error },
    #[error("the server says: {0}")]
    Refused(&'static str),
}

/// The connection, or what there is in its place.
enum Link {
    None,
    Connecting(Connecting),
    Open(Box<dyn Stream>),
}

/// One user's session, until `/quit`, the end of the input, or an end that cannot be helped.
pub(crate) async fn session(
    mut client: Client,
    target: Target,
    config: Option<Arc<ClientConfig>>,
    room: Option<String>,
) -> Result<(), SessionError> {
    let started = Instant::now();
    let mut prompt = Prompt::default();
    if let Some(room) = room {
        prompt.ask(&mut client, Request::Join { room });
    }
    let mut lines = Some(read_lines());
    // A line that is not obeyed before all that was asked for has its answer.
    let mut held: Option<String> = None;
    let mut quit_at = None;
    let mut ticks = time::interval(TICK);
    let mut link = Link::None;
    let mut was_connected = false;
    loop {
        while let Some(event) = client.poll_event() {
            if let Event::Finished { reason } = event {
                return match reason {
                    Some(Reason::Bye) | None => Ok(()),
                    Some(reason) => Err(SessionError::Refused(render::reason(reason))),
                };
            }
            was_connected |= matches!(event, Event::Welcome { .. });
            prompt.hear(&event);
            render::event(&event);
        }
        let now = started.elapsed();
        if matches!(link, Link::None) && client.connect_at().is_some_and(|at| now >= at) {
            link = Link::Connecting(connect(target.clone(), config.clone()));
        }
        if client.pending() == 0
            && let Some(line) = held.take()
        {
            prompt.obey(&mut client, &line);
            continue;
        }
        let is_done = lines.is_none() && held.is_none() && client.pending() == 0 && was_connected;
        if is_done || quit_at.is_some_and(|at| now >= at) {
            client.quit();
            quit_at = None;
        }
        tokio::select! {
            line = next_line(&mut lines), if held.is_none() && client.pending() < MAX_WAITING => match line {
                Some(line) if line.trim() == "/quit" => {
                    lines = None;
                    quit_at = Some(now + QUIT_PATIENCE);
                }
                Some(line) if command::is_in_turn(&line) => held = Some(line),
                Some(line) => prompt.obey(&mut client, &line),
                None => lines = None,
            },
            outcome = poll_fn(|context| poll(&mut link, &mut client, started.elapsed(), context)) => {
                if let Err(source) = outcome {
                    if !was_connected {
                        return Err(SessionError::Connect { target, source });
                    }
                    link = Link::None;
                    client.disconnected(started.elapsed());
                }
            }
            _ = ticks.tick() => client.tick(started.elapsed()),
        }
    }
}

/// Lines of standard input, read by a thread: a terminal cannot be read without blocking.
fn read_lines() -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel(LINES_AHEAD);
    std::thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.blocking_send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

async fn next_line(lines: &mut Option<mpsc::Receiver<String>>) -> Option<String> {
    match lines {
        Some(lines) => lines.recv().await,
        None => pending().await,
    }
}

/// One turn of the connection. Ready when something has happened; an error is its end.
fn poll(
    link: &mut Link,
    client: &mut Client,
    now: Duration,
    context: &mut Context<'_>,
) -> Poll<io::Result<()>> {
    match link {
        Link::None => Poll::Pending,
        Link::Connecting(connecting) => connecting.as_mut().poll(context).map_ok(|stream| {
            client.connected(now);
            *link = Link::Open(stream);
        }),
        Link::Open(stream) => poll_open(Pin::new(&mut **stream), client, now, context),
    }
}

fn poll_open(
    mut stream: Pin<&mut dyn Stream>,
    client: &mut Client,
    now: Duration,
    context: &mut Context<'_>,
) -> Poll<io::Result<()>> {
    if client.is_finished() {
        return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
    }
    let mut bytes = [0; 16 << 10];
    let mut input = ReadBuf::new(&mut bytes);
    let mut outcome = Poll::Pending;
    match stream.as_mut().poll_read(context, &mut input) {
        Poll::Ready(Ok(())) if !input.filled().is_empty() => {
            client.received(input.filled(), now);
            outcome = Poll::Ready(Ok(()));
        }
        Poll::Ready(Ok(())) => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
        Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
        Poll::Pending => {}
    }
    let mut written = Poll::Ready(Ok(0));
    while let Poll::Ready(Ok(_)) = written {
        let left = client.transmit(|bytes| {
            written = stream.as_mut().poll_write(context, bytes);
            match written {
                Poll::Ready(Ok(count)) => count,
                _ => 0,
            }
        });
        if left.is_none() {
            break;
        }
    }
    if let Poll::Ready(Err(error)) = written {
        return Poll::Ready(Err(error));
    }
    if let Poll::Ready(Err(error)) = stream.poll_flush(context) {
        return Poll::Ready(Err(error));
    }
    outcome
}
