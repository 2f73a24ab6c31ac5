//! hyper on one thread, with the body in memory: what a server costs that serves no files, and has no deadlines.

use std::convert::Infallible;

use bytes::Bytes;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// The argument that asks for it, followed by the length of the body.
pub const ARGUMENT: &str = "--plain-hyper";

/// Serves for ever.
pub fn serve(length: usize) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be had").block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port can be had");
        println!(
            "listening on {}",
            listener.local_addr().expect("a bound socket has an address")
        );
        let body = Bytes::from(vec![b'x'; length]);
        loop {
            let (stream, _) = listener.accept().await.expect("a connection can be accepted");
            stream.set_nodelay(true).expect("TCP has no delay to set");
            let body = body.clone();
            let answer = service_fn(move |_| {
                let response = hyper::Response::new(Full::new(body.clone()));
                async { Ok::<_, Infallible>(response) }
            });
            tokio::spawn(async move {
                let _ = hyper::server::conn::http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), answer)
                    .await;
            });
        }
    });
}
