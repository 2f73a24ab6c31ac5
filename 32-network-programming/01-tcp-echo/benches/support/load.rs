//! The load: connections that each send a frame, wait for its echo, and send the next; and the CPU time of
//! the server that this is for.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};

/// The connections of one server. Between two runs they are open and idle.
pub struct Load {
    epoll: Epoll,
    connections: Vec<TcpStream>,
    frame: Vec<u8>,
}

impl Load {
    pub fn connect(address: SocketAddr, connections: usize, payload_len: usize) -> Self {
        let epoll = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC).expect("an epoll instance can be had");
        let connections: Vec<TcpStream> = (0..connections).map(|_| phase7::net::connect(address)).collect();
        for (at, stream) in connections.iter().enumerate() {
            stream
                .set_nonblocking(true)
                .expect("a socket can be made non-blocking");
            let event = EpollEvent::new(EpollFlags::EPOLLIN, at as u64);
            epoll.add(stream, event).expect("a connection can be watched");
        }
        let length = u32::try_from(payload_len).expect("a payload's length fits its header");
        let frame = [&length.to_be_bytes()[..], &vec![b'e'; payload_len]].concat();
        Self {
            epoll,
            connections,
            frame,
        }
    }

    /// Keeps one frame of every connection under way for `duration`, awaits the last, and counts the echoes.
    pub fn run(&mut self, duration: Duration) -> u64 {
        for stream in &mut self.connections {
            stream
                .write_all(&self.frame)
                .expect("a frame fits an idle socket");
        }
        let mut received = vec![0; self.connections.len()];
        let mut under_way = self.connections.len();
        let mut echoes = 0;
        let mut buffer = vec![0; self.frame.len()];
        let mut events = [EpollEvent::empty(); 128];
        let started = Instant::now();
        while under_way > 0 {
            let count = self
                .epoll
                .wait(&mut events, EpollTimeout::from(10_000_u16))
                .expect("epoll waits");
            assert!(count > 0, "the server has not answered for ten seconds");
            let is_over = started.elapsed() >= duration;
            for event in &events[..count] {
                let at = usize::try_from(event.data()).expect("an index");
                let stream = &mut self.connections[at];
                match stream.read(&mut buffer[received[at]..]) {
                    Ok(0) => panic!("the server closed a connection"),
                    Ok(count) => received[at] += count,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => continue,
                    Err(error) => panic!("a connection failed: {error}"),
                }
                if received[at] < self.frame.len() {
                    continue;
                }
                (received[at], echoes) = (0, echoes + 1);
                if is_over {
                    under_way -= 1;
                } else {
                    stream
                        .write_all(&self.frame)
                        .expect("a frame fits an idle socket");
                }
            }
        }
        echoes
    }
}

/// Nanoseconds that the processes of a group have run for, all threads together, from `schedstat(5)`.
pub fn cpu_ns(group: i32) -> u64 {
    let processes = fs::read_dir("/proc").expect("/proc is mounted").flatten();
    let in_group = processes.filter(|entry| {
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        // The name, in parentheses, may hold anything: fields are counted behind it.
        let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
        fields.split(' ').nth(2) == Some(group.to_string().as_str())
    });
    let tasks = in_group.flat_map(|entry| {
        fs::read_dir(entry.path().join("task"))
            .into_iter()
            .flatten()
            .flatten()
    });
    let times = tasks.filter_map(|task| {
        let schedstat = fs::read_to_string(task.path().join("schedstat")).ok()?;
        schedstat.split(' ').next()?.parse::<u64>().ok()
    });
    times.sum()
}
