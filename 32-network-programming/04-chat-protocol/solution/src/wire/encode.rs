//! Frames to bytes.

use std::sync::Arc;

use super::{Frame, HEADER_LEN, MAGIC, MAX_BODY, MAX_NAME, MAX_TEXT};

impl Frame<'_> {
    /// Appends the frame to `out`.
    ///
    /// # Panics
    /// When a name or a text is longer than a frame may carry: whoever made it should have looked.
    pub fn encode(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0, 0, self.kind()]);
        self.encode_body(&mut Writer(out));
        let length = out.len() - start - HEADER_LEN;
        assert!(length <= MAX_BODY, "a body of {length} bytes");
        let length = u16::try_from(length).expect("MAX_BODY fits");
        out[start..start + 2].copy_from_slice(&length.to_be_bytes());
    }

    /// The frame by itself, to be shared by all who get it.
    pub fn to_shared(&self) -> Arc<[u8]> {
        let mut bytes = Vec::with_capacity(128);
        self.encode(&mut bytes);
        bytes.into()
    }

    fn encode_body(&self, out: &mut Writer<'_>) {
        match *self {
            Self::Ping { nonce } | Self::Pong { nonce } => out.u32(nonce),
            Self::Hello { min, max, nick } => out.raw(&MAGIC).u8(min).u8(max).name(nick),
            Self::Resume {
                version,
                token,
                received,
            } => out.raw(&MAGIC).u8(version).raw(&token.0).u64(received),
            Self::Ack { received } => out.u64(received),
            Self::Bye | Self::ResumeFailed => out,
            Self::Join { id, room } | Self::Leave { id, room } | Self::Who { id, room } => {
                out.u32(id).name(room)
            }
            Self::Say { id, room, text } => out.u32(id).name(room).text(text),
            Self::Whisper { id, nick, text } => out.u32(id).name(nick).text(text),
            Self::Rename { id, nick } => out.u32(id).name(nick),
            Self::History {
                id,
                room,
                after,
                limit,
            } => out.u32(id).name(room).u64(after).u8(limit),
            Self::Welcome { version, token } => {
                let token = token.as_ref().map_or(&[][..], |token| &token.0);
                out.u8(version).raw(token)
            }
            Self::Resumed { request } => out.u32(request),
            Self::Gap { missed, answered } => out.u64(missed).u32(answered),
            Self::Goodbye { reason } => out.u8(reason.code()),
            Self::Done { id } => out.u32(id),
            Self::Failed { id, failure } => out.u32(id).u8(failure.code()),
            Self::Joined { id, room, last } => out.u32(id).name(room).u64(last),
            Self::Said { id, seq } => out.u32(id).u64(seq),
            Self::Message {
                room,
                seq,
                nick,
                text,
            } => out.name(room).u64(seq).name(nick).text(text),
            Self::Whispered { nick, text } => out.name(nick).text(text),
            Self::Past { id, seq, nick, text } => out.u32(id).u64(seq).name(nick).text(text),
            Self::PastEnd { id, last } => out.u32(id).u64(last),
            Self::Members { id, more, names } => out.u32(id).u8(more.into()).raw(names.packed()),
            Self::Presence {
                change,
                room,
                nick,
                new_nick,
            } => out.u8(change.code()).name(room).name(nick).name(new_nick),
            Self::Unknown { body, .. } => out.raw(body),
        };
    }
}

/// Appends the fields of a body, one behind the other.
struct Writer<'a>(&'a mut Vec<u8>);

impl Writer<'_> {
    fn raw(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend_from_slice(bytes);
        self
    }

    fn u8(&mut self, value: u8) -> &mut Self {
        self.raw(&[value])
    }

    fn u32(&mut self, value: u32) -> &mut Self {
        self.raw(&value.to_be_bytes())
    }

    fn u64(&mut self, value: u64) -> &mut Self {
        self.raw(&value.to_be_bytes())
    }

    /// A name: its length in a byte, then its bytes.
    fn name(&mut self, name: &str) -> &mut Self {
        assert!(name.len() <= MAX_NAME, "a name of {} bytes", name.len());
        let length = u8::try_from(name.len()).expect("MAX_NAME fits");
        self.u8(length).raw(name.as_bytes())
    }

    /// A text: the rest of the body.
    fn text(&mut self, text: &str) -> &mut Self {
        assert!(text.len() <= MAX_TEXT, "a text of {} bytes", text.len());
        self.raw(text.as_bytes())
    }
}
