//! The servers behind the proxies: a thread for each connection.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use super::load::ANSWER_LEN;

/// Sends back what comes.
pub fn echo() -> SocketAddr {
    serve(|mut stream| {
        let mut buffer = vec![0; 256 << 10];
        while let Ok(count @ 1..) = stream.read(&mut buffer) {
            if stream.write_all(&buffer[..count]).is_err() {
                return;
            }
        }
    })
}

/// Answers each head, whatever it asks for.
pub fn http() -> SocketAddr {
    serve(|mut stream| {
        let body = "x".repeat(ANSWER_LEN);
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {ANSWER_LEN}\r\n\r\n{body}");
        let (mut buffer, mut filled) = (vec![0; 4096], 0);
        while let Ok(count @ 1..) = stream.read(&mut buffer[filled..]) {
            filled += count;
            if buffer[..filled].ends_with(b"\r\n\r\n") {
                filled = 0;
                if stream.write_all(answer.as_bytes()).is_err() {
                    return;
                }
            }
        }
    })
}

fn serve(connection: fn(TcpStream)) -> SocketAddr {
    let listener = phase7::net::listener();
    let address = listener.local_addr().expect("a bound socket has an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = stream.set_nodelay(true);
            std::thread::spawn(move || connection(stream));
        }
    });
    address
}
