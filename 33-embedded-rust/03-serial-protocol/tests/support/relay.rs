//! A device behind a socket: the library's own, with a line between that may be noisy.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serial_protocol::node::Node;

use super::cut::CutFlash;
use super::noise::Noise;

/// A device that takes one connection after another, on a thread of its own.
pub struct Relay {
    pub address: SocketAddr,
    ends: Arc<AtomicBool>,
    device: Option<JoinHandle<CutFlash>>,
}

impl Relay {
    /// Starts the device. One byte in `one_in` is damaged, each way; 0: none.
    pub fn start(seed: u64, one_in: usize) -> Self {
        let listener = phase7::net::listener();
        let address = listener.local_addr().expect("a listener has an address");
        listener
            .set_nonblocking(true)
            .expect("a socket can be made not to block");
        let ends = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&ends);
        let device = std::thread::spawn(move || {
            let mut noise = [Noise::new(seed, one_in), Noise::new(seed + 1, one_in)];
            let Ok(mut node) = Node::start(CutFlash::new()) else {
                panic!("the flash has power")
            };
            let started = Instant::now();
            let mut line: Option<TcpStream> = None;
            while !is_over.load(Ordering::Relaxed) {
                // The next host is heard once the one before has hung up.
                if line.is_none()
                    && let Ok((stream, _)) = listener.accept()
                {
                    stream
                        .set_read_timeout(Some(Duration::from_millis(1)))
                        .expect("a deadline that is not zero");
                    stream.set_nodelay(true).expect("TCP has no delay to set");
                    line = Some(stream);
                }
                let Some(stream) = &mut line else {
                    std::thread::sleep(Duration::from_millis(1));
                    continue;
                };
                let mut bytes = [0; 512];
                match stream.read(&mut bytes) {
                    Ok(0) => line = None,
                    Ok(count) => noise[0]
                        .pass(&bytes[..count])
                        .iter()
                        .for_each(|&byte| node.receive(byte)),
                    Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {}
                    Err(_) => line = None,
                }
                let now = started.elapsed().as_millis() as u32;
                while let Some(bytes) = node.poll(now, 0) {
                    let passed = noise[1].pass(bytes);
                    // A host that has gone hears nothing, as on a line of wire.
                    let _ = line.as_mut().map(|stream| stream.write_all(&passed));
                }
                if node.is_restart_due() {
                    let Ok(anew) = Node::start(node.release()) else {
                        panic!("the flash has power")
                    };
                    node = anew;
                }
            }
            node.release()
        });
        Self {
            address,
            ends,
            device: Some(device),
        }
    }

    /// Runs the program against it.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> phase7::process::Output {
        phase7::program!()
            .args(["--port", &format!("tcp:{}", self.address)])
            .args(arguments)
            .deadline(Duration::from_secs(40))
            .run()
    }

    /// Ends the device and gives its flash.
    #[track_caller]
    pub fn stop(mut self) -> CutFlash {
        self.ends.store(true, Ordering::Relaxed);
        let device = self.device.take().expect("it is stopped once");
        device.join().expect("the device does not panic")
    }
}
