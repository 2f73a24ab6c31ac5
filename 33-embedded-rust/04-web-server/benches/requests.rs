//! Requests on the host: the parser beside `httparse`, and a whole exchange of a connection.
//!
//! `cargo bench -p web-server-solution` measures the reference, `cargo bench -p web-server` yours. `httparse` looks at a head
//! that has come whole and keeps nothing of it; this parser takes bytes as they come and copies what it keeps. The firmware is
//! measured from outside; see the README of the solution.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput};
use web_server::connection::Connection;
use web_server::request::{Parser, Progress};
use web_server::sensor::Temperature;
use web_server::site::{Hardware, Site};

/// What curl sends.
const CURL: &[u8] =
    b"GET /api/temperature HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n";

/// What a browser sends.
const BROWSER: &[u8] = b"GET /api/status HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\
    User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n\
    Accept: */*\r\nAccept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\
    Referer: http://127.0.0.1:8080/\r\nConnection: keep-alive\r\nSec-Fetch-Dest: empty\r\n\
    Sec-Fetch-Mode: cors\r\nSec-Fetch-Site: same-origin\r\nPriority: u=4\r\n\r\n";

/// A sensor that never changes, and a light that nobody sees.
struct Parts;

impl Hardware for Parts {
    fn temperature(&mut self) -> Option<Temperature> {
        Some(Temperature { sixteenths: 376 })
    }

    fn is_led_on(&mut self) -> bool {
        false
    }

    fn set_led(&mut self, _on: bool) {}
}

fn parse(criterion: &mut Criterion, name: &str, head: &[u8]) {
    let mut group = criterion.benchmark_group(format!("parse, {name}"));
    group.throughput(Throughput::Bytes(head.len() as u64));
    group.bench_function("this parser", |bencher| {
        let mut parser = Parser::new();
        bencher.iter(|| {
            let (taken, progress) = parser.feed(black_box(head));
            assert_eq!(progress, Progress::Complete);
            black_box(parser.request());
            parser.next();
            taken
        });
    });
    group.bench_function("httparse", |bencher| {
        bencher.iter(|| {
            let mut fields = [httparse::EMPTY_HEADER; 16];
            let mut request = httparse::Request::new(&mut fields);
            let status = request.parse(black_box(head));
            assert!(matches!(status, Ok(httparse::Status::Complete(_))));
            black_box(request.headers.len())
        });
    });
    group.finish();
}

fn exchange(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("exchange");
    group.throughput(Throughput::Elements(1));
    group.bench_function("temperature", |bencher| {
        let connection = || {
            let mut connection = Connection::new();
            connection.open(0);
            (connection, Site::new(Parts))
        };
        bencher.iter_batched_ref(
            connection,
            |(connection, site)| {
                connection.receive(black_box(CURL), site, 1);
                let length = black_box(connection.to_send()).len();
                connection.sent(length, 2);
                length
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

/// Runs the bench.
pub fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    parse(&mut criterion, "curl", CURL);
    parse(&mut criterion, "browser", BROWSER);
    exchange(&mut criterion);
    criterion.final_summary();
}
