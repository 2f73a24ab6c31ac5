//! The other peer: what tokio itself costs. A task for each connection that writes back what it read, with no
//! look at frames, no deadline, no cap and no way to stop.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// The argument that makes the bench this peer.
pub const BARE: &str = "--tokio-bare";

/// Serves until it is killed.
pub fn serve() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be had").block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port can be had");
        println!(
            "listening on {}",
            listener.local_addr().expect("a bound socket has an address")
        );
        loop {
            let (mut stream, _) = listener.accept().await.expect("a connection can be accepted");
            tokio::spawn(async move {
                stream.set_nodelay(true).expect("TCP has no delay to set");
                let mut buffer = vec![0; 16 << 10];
                while let Ok(count @ 1..) = stream.read(&mut buffer).await {
                    if stream.write_all(&buffer[..count]).await.is_err() {
                        break;
                    }
                }
            });
        }
    });
}
