//! Servers behind the proxy: one thread for each connection, and a script.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use phase7::net;

/// A server, and how many connections it has had.
pub struct Origin {
    pub address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Request {
    /// With its empty line.
    pub head: String,
    pub body: Vec<u8>,
    /// The number of its connection, from 1.
    pub connection: usize,
}

impl Origin {
    /// A server whose connections `serve` has to itself, with their numbers from 1.
    pub fn start(serve: impl Fn(TcpStream, usize) + Send + Sync + 'static) -> Self {
        Self::start_on(net::listener(), serve)
    }

    pub fn start_on(listener: TcpListener, serve: impl Fn(TcpStream, usize) + Send + Sync + 'static) -> Self {
        let address = listener.local_addr().expect("a bound socket has an address");
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&connections);
        let serve = Arc::new(serve);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let number = counted.fetch_add(1, SeqCst) + 1;
                let deadline = Some(Duration::from_secs(20));
                stream
                    .set_read_timeout(deadline)
                    .expect("a deadline that is not zero");
                let serve = Arc::clone(&serve);
                std::thread::spawn(move || serve(stream, number));
            }
        });
        Self { address, connections }
    }

    /// A server that returns what it is sent.
    pub fn echo() -> Self {
        Self::start(|mut stream, _| {
            let mut copy = stream.try_clone().expect("a descriptor can be duplicated");
            let _ = std::io::copy(&mut copy, &mut stream);
            let _ = stream.shutdown(std::net::Shutdown::Write);
        })
    }

    /// A server of HTTP/1.1 connections that stay: what comes is noted, and `answer` says what goes back.
    pub fn http(
        answer: impl Fn(&Request) -> Vec<u8> + Send + Sync + 'static,
    ) -> (Self, Arc<Mutex<Vec<Request>>>) {
        let requests = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&requests);
        let origin = Self::start(move |stream, number| {
            let mut reader = BufReader::new(&stream);
            while let Some((head, body)) = read_request(&mut reader) {
                let request = Request {
                    head,
                    body,
                    connection: number,
                };
                noted
                    .lock()
                    .expect("nobody panics with the lock held")
                    .push(request.clone());
                if (&stream).write_all(&answer(&request)).is_err() {
                    return;
                }
            }
        });
        (origin, requests)
    }

    /// How many connections it has had.
    pub fn connections(&self) -> usize {
        self.connections.load(SeqCst)
    }
}

/// A response with a length.
pub fn ok(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// A GET through the proxy.
pub fn get(address: SocketAddr, path: &str) -> String {
    format!("GET http://{address}{path} HTTP/1.1\r\nHost: {address}\r\n\r\n")
}

fn line(reader: &mut impl BufRead) -> Option<String> {
    let mut line = String::new();
    let count = reader.read_line(&mut line).ok()?;
    (count > 0).then_some(line)
}

/// A request, its body as it stands on the wire: of a chunked one, chunk sizes and all.
pub fn read_request(reader: &mut impl BufRead) -> Option<(String, Vec<u8>)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push_str(&line(reader)?);
    }
    let lower = head.to_ascii_lowercase();
    let mut body = Vec::new();
    if lower.contains("\r\ntransfer-encoding: chunked\r\n") {
        while !body.ends_with(b"0\r\n\r\n") {
            body.extend_from_slice(line(reader)?.as_bytes());
        }
    } else if let Some((_, rest)) = lower.split_once("\r\ncontent-length: ") {
        let length: usize = rest.split("\r\n").next()?.parse().ok()?;
        body.resize(length, 0);
        reader.read_exact(&mut body).ok()?;
    }
    Some((head, body))
}
