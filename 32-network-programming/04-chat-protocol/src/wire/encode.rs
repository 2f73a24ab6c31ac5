//! Frames to bytes.

use std::sync::Arc;

use super::Frame;

impl Frame<'_> {
    /// Appends the frame to `out`.
    ///
    /// # Panics
    /// When a name or a text is longer than a frame may carry: whoever made it should have looked.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.reserve(super::HEADER_LEN);
        todo!("append the header and the body of {self:?}")
    }

    /// The frame by itself, to be shared by all who get it.
    pub fn to_shared(&self) -> Arc<[u8]> {
        let mut bytes = Vec::with_capacity(128);
        self.encode(&mut bytes);
        bytes.into()
    }
}
