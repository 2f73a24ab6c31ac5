//! The server on another allocator: the general-purpose heap of the exercise `memory-pool` serves a crowd.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use memory_pool_solution::Heap;
use tcp_echo_solution::frame::encode;
use tcp_echo_solution::limits::Limits;
use tcp_echo_solution::{listen, tasks, threads};
use tokio_util::sync::CancellationToken;

#[global_allocator]
static HEAP: Heap = Heap::new();

/// Clients at a time.
const CLIENTS: usize = 30;

/// Frames that each of them sends.
const FRAMES: usize = 40;

/// A client: frames from no bytes to some tens of thousands, each of which comes back.
fn talk(address: SocketAddr, client: usize) {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a socket takes a timeout");
    for round in 0..FRAMES {
        let payload = vec![client as u8 ^ round as u8; client * round * 37 % 30_000];
        let frame = encode(&payload);
        stream.write_all(&frame).expect("the server reads");
        let mut echo = vec![0; frame.len()];
        stream.read_exact(&mut echo).expect("the server answers");
        assert!(echo == frame, "the echo of frame {round} of client {client}");
    }
}

/// A crowd, twice: what the second one needs is there already.
fn crowds(address: SocketAddr) {
    let crowd = || {
        thread::scope(|scope| {
            for client in 0..CLIENTS {
                scope.spawn(move || talk(address, client));
            }
        });
        HEAP.report().mapped_bytes
    };
    let first = crowd();
    let second = (0..3).map(|_| crowd()).max().expect("there were three");
    assert!(first > 0, "the program runs on the heap");
    assert!(
        second <= 2 * first + (8 << 20),
        "{first} bytes mapped for a crowd, then {second}"
    );
}

#[test]
fn threads_serve_a_crowd_on_the_heap() {
    let listener = listen::listen((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let stop = CancellationToken::new();
    thread::scope(|scope| {
        let server = scope.spawn(|| threads::serve(listener, &Limits::default(), &stop));
        crowds(address);
        stop.cancel();
        let summary = server
            .join()
            .expect("no thread panics")
            .expect("the server serves");
        assert_eq!(summary.served, 4 * CLIENTS as u64, "connections");
    });
}

#[test]
fn tasks_serve_a_crowd_on_the_heap() {
    let listener = listen::listen((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    let stop = CancellationToken::new();
    let runtime = tokio::runtime::Runtime::new().expect("tokio starts");
    let server = runtime.spawn(tasks::serve(listener, Limits::default(), stop.clone()));
    crowds(address);
    stop.cancel();
    let summary = runtime
        .block_on(server)
        .expect("no task panics")
        .expect("the server serves");
    assert_eq!(summary.served, 4 * CLIENTS as u64, "connections");
}
