//! The peer: one thread, one epoll instance, nothing that is not needed for an echo.
//!
//! *Bare* writes back what it read. *Framed* looks at the headers, and writes back whole frames only; what it
//! costs more is what any framing costs at the least. Neither has deadlines, a cap, or a way to stop.

use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};

/// The argument that makes the bench the bare peer.
pub const BARE: &str = "--epoll-bare";

/// The argument that makes it the framed one.
pub const FRAMED: &str = "--epoll-framed";

/// What the listener is to epoll; connections are their index.
const LISTENER: u64 = u64::MAX;

/// Whether this process is to be a peer, and then whether it looks at frames.
pub fn asked_for(arguments: &[String]) -> Option<bool> {
    match arguments.first()?.as_str() {
        BARE => Some(false),
        FRAMED => Some(true),
        _ => None,
    }
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// Bytes at the start of the buffer that are no whole frame yet.
    held: usize,
}

/// Serves until it is killed.
pub fn serve(is_framed: bool) {
    let listener = phase7::net::listener();
    listener
        .set_nonblocking(true)
        .expect("a socket can be made non-blocking");
    println!(
        "listening on {}",
        listener.local_addr().expect("a bound socket has an address")
    );
    let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC).expect("an epoll instance can be had");
    epoll
        .add(&listener, EpollEvent::new(EpollFlags::EPOLLIN, LISTENER))
        .expect("a listener can be watched");
    let mut connections: Vec<Option<Connection>> = Vec::new();
    let mut events = [EpollEvent::empty(); 128];
    loop {
        let count = epoll.wait(&mut events, EpollTimeout::NONE).expect("epoll waits");
        for event in &events[..count] {
            if event.data() == LISTENER {
                accept(&listener, &epoll, &mut connections);
                continue;
            }
            let slot = usize::try_from(event.data())
                .ok()
                .and_then(|at| connections.get_mut(at));
            let slot = slot.expect("an event names a connection");
            if slot
                .as_mut()
                .is_some_and(|connection| connection.echo(is_framed).is_none())
            {
                // Closing it takes it out of the epoll instance.
                *slot = None;
            }
        }
    }
}

fn accept(listener: &TcpListener, epoll: &Epoll, connections: &mut Vec<Option<Connection>>) {
    while let Ok((stream, _)) = listener.accept() {
        stream
            .set_nonblocking(true)
            .expect("a socket can be made non-blocking");
        stream.set_nodelay(true).expect("TCP has no delay to set");
        let flags = EpollFlags::EPOLLIN | EpollFlags::EPOLLET;
        let event = EpollEvent::new(flags, connections.len() as u64);
        epoll.add(&stream, event).expect("a connection can be watched");
        connections.push(Some(Connection {
            stream,
            buffer: vec![0; 16 << 10],
            held: 0,
        }));
    }
}

impl Connection {
    /// Reads until a read comes back short, echoing as it goes; `None` when the peer is gone.
    fn echo(&mut self, is_framed: bool) -> Option<()> {
        loop {
            let space = &mut self.buffer[self.held..];
            let room = space.len();
            let count = match self.stream.read(space) {
                Ok(0) => return None,
                Ok(count) => count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Some(()),
                Err(_) => return None,
            };
            let filled = self.held + count;
            let whole = if is_framed {
                whole_frames(&self.buffer[..filled])?
            } else {
                filled
            };
            // 64 connections with one frame each never fill a socket.
            self.stream.write_all(&self.buffer[..whole]).ok()?;
            self.buffer.copy_within(whole..filled, 0);
            self.held = filled - whole;
            if count < room {
                return Some(());
            }
        }
    }
}

/// How many bytes of `bytes` are whole frames; `None` for a frame that the buffer cannot hold.
fn whole_frames(bytes: &[u8]) -> Option<usize> {
    let mut whole = 0;
    while let Some((&header, behind)) = bytes[whole..].split_first_chunk::<4>() {
        let length = usize::try_from(u32::from_be_bytes(header))
            .ok()
            .filter(|length| *length <= 16_000)?;
        if behind.len() < length {
            break;
        }
        whole += 4 + length;
    }
    Some(whole)
}
