//! What was read of a stream and not used yet.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// What one read may add.
const READ_LEN: usize = 16 << 10;

/// Bytes that wait for whoever reads next. Those who look for the end of something bound how many they are.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    bytes: Vec<u8>,
    /// Where the unused ones begin.
    start: usize,
}

impl Inbox {
    /// The bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..]
    }

    /// Lets go of the first `count` of them.
    pub(super) fn consume(&mut self, count: usize) {
        self.start += count;
        debug_assert!(self.start <= self.bytes.len(), "only what is there is used");
        if self.start == self.bytes.len() {
            self.bytes.clear();
            self.start = 0;
        }
    }

    /// All of them, and none is left.
    pub(super) fn take(&mut self) -> Vec<u8> {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.drain(..std::mem::take(&mut self.start));
        bytes
    }

    /// Reads once. 0 is the end of the stream. Nothing is lost when this is dropped.
    pub(super) async fn read(&mut self, stream: &mut (impl AsyncRead + Unpin)) -> io::Result<usize> {
        if self.start > 0 {
            self.bytes.drain(..self.start);
            self.start = 0;
        }
        self.bytes.reserve(READ_LEN);
        stream.read_buf(&mut self.bytes).await
    }
}
