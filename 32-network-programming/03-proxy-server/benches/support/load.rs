//! The load: connections that each send a message, wait for its answer, and send the next; and the CPU time of a proxy.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

/// How a client comes to the server.
#[derive(Debug, Clone)]
pub struct Route {
    /// Where to connect.
    pub address: SocketAddr,
    /// What to say first, which is answered with a head; empty for nothing.
    pub greeting: String,
    /// The target of an HTTP request.
    pub url: String,
}

/// The length of an HTTP answer, head and body.
pub const ANSWER_LEN: usize = 1024;

/// The connections through one proxy. Between two runs they are open and idle.
pub struct Load {
    connections: Vec<TcpStream>,
    message: Vec<u8>,
    /// Bytes of a tunnel's answer; of an HTTP answer the body tells.
    answer_len: Option<usize>,
}

impl Load {
    pub fn connect(route: &Route, connections: usize, message_len: Option<usize>) -> Self {
        let connect = |_| {
            let mut stream = phase7::net::connect(route.address);
            if message_len.is_some() && !route.greeting.is_empty() {
                stream
                    .write_all(route.greeting.as_bytes())
                    .expect("the proxy takes a request");
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.extend(phase7::net::read_exact(&mut stream, 1));
                }
            }
            stream
        };
        let request = || {
            format!(
                "GET {} HTTP/1.1\r\nHost: bench.test\r\nAccept: */*\r\n\r\n",
                route.url
            )
            .into_bytes()
        };
        Self {
            connections: (0..connections).map(connect).collect(),
            message: message_len.map_or_else(request, |length| vec![b'x'; length]),
            answer_len: message_len,
        }
    }

    /// Keeps one message of every connection under way for `duration`, and counts the answers.
    pub fn run(&self, duration: Duration) -> u64 {
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let clients: Vec<_> = self
                .connections
                .iter()
                .map(|stream| scope.spawn(|| self.client(stream, &is_over)))
                .collect();
            std::thread::sleep(duration);
            is_over.store(true, Relaxed);
            clients
                .into_iter()
                .map(|client| client.join().expect("a client does not panic"))
                .sum()
        })
    }

    fn client(&self, mut stream: &TcpStream, is_over: &AtomicBool) -> u64 {
        let mut buffer = vec![0; self.answer_len.unwrap_or(4096)];
        let mut count = 0;
        while !is_over.load(Relaxed) {
            stream
                .write_all(&self.message)
                .expect("the proxy takes a message");
            match self.answer_len {
                Some(_) => stream.read_exact(&mut buffer).expect("the answer comes"),
                None => read_answer(stream, &mut buffer),
            }
            count += 1;
        }
        count
    }
}

/// Reads a head and a body of [`ANSWER_LEN`].
fn read_answer(mut stream: &TcpStream, buffer: &mut [u8]) {
    let (mut filled, mut end) = (0, usize::MAX);
    while filled < end {
        let count = stream.read(&mut buffer[filled..]).expect("the answer comes");
        assert!(count > 0, "the proxy has closed");
        filled += count;
        if end == usize::MAX
            && let Some(at) = buffer[..filled].windows(4).position(|bytes| bytes == b"\r\n\r\n")
        {
            assert!(buffer.starts_with(b"HTTP/1.1 200"), "the answer is good");
            end = at + 4 + ANSWER_LEN;
        }
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
