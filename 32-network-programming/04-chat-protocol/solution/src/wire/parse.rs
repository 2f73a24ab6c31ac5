//! Bytes to frames: a type and a body in, a frame or an error out.

use super::{
    Change, FROM_SERVER, Failure, Frame, MAGIC, MAX_NAME, MAX_TEXT, NUMBERED, Names, OPTIONAL, Reason, Token,
    WireError,
};

impl<'a> Frame<'a> {
    /// Reads the body of a frame of type `kind`.
    ///
    /// # Errors
    /// [`WireError::Malformed`] when the body is shorter or longer than its type's, is not UTF-8 where it should be, or has a
    /// name, a text or a code that no frame carries; [`WireError::UnknownType`] when nobody may skip it.
    pub fn parse(kind: u8, body: &'a [u8]) -> Result<Self, WireError> {
        let mut fields = Reader { rest: body };
        match fields.frame(kind) {
            Some(frame) if fields.rest.is_empty() => Ok(frame),
            Some(_) => Err(WireError::Malformed { kind }),
            None if is_known(kind) => Err(WireError::Malformed { kind }),
            // A request of a later version still has a number, or it could not be answered.
            None if kind & (FROM_SERVER | OPTIONAL | NUMBERED) == OPTIONAL | NUMBERED && body.len() < 4 => {
                Err(WireError::Malformed { kind })
            }
            None if kind & OPTIONAL != 0 => Ok(Self::Unknown { kind, body }),
            None => Err(WireError::UnknownType { kind }),
        }
    }
}

fn is_known(kind: u8) -> bool {
    matches!(kind, 0x01..=0x06 | 0x10..=0x16 | 0x81..=0x85 | 0x90..=0x98 | 0xD0)
}

/// Takes the fields of a body from its front; `None` is a field that is not there, or not as it must be.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn frame(&mut self, kind: u8) -> Option<Frame<'a>> {
        Some(match kind {
            0x01 => {
                self.magic()?;
                let (min, max) = (self.u8()?, self.u8()?);
                let nick = self.name()?;
                (min <= max).then_some(Frame::Hello { min, max, nick })?
            }
            0x02 => {
                self.magic()?;
                Frame::Resume {
                    version: self.u8()?,
                    token: self.token()?,
                    received: self.u64()?,
                }
            }
            0x03 => Frame::Ping { nonce: self.u32()? },
            0x04 => Frame::Pong { nonce: self.u32()? },
            0x05 => Frame::Ack {
                received: self.u64()?,
            },
            0x06 => Frame::Bye,
            0x10..=0x16 => self.request(kind)?,
            0x81 => {
                let version = self.u8()?;
                let token = if version >= 2 { Some(self.token()?) } else { None };
                Frame::Welcome { version, token }
            }
            0x82 => Frame::Resumed { request: self.u32()? },
            0x83 => Frame::ResumeFailed,
            0x84 => Frame::Gap {
                missed: self.u64()?,
                answered: self.u32()?,
            },
            0x85 => Frame::Goodbye {
                reason: Reason::from_code(self.u8()?)?,
            },
            0x90..=0x98 => self.event(kind)?,
            0xD0 => Frame::Presence {
                change: Change::from_code(self.u8()?)?,
                room: self.name()?,
                nick: self.name()?,
                new_nick: self.name()?,
            },
            _ => return None,
        })
    }

    fn request(&mut self, kind: u8) -> Option<Frame<'a>> {
        let (id, name) = (self.u32()?, self.name()?);
        Some(match kind {
            0x10 => Frame::Join { id, room: name },
            0x11 => Frame::Leave { id, room: name },
            0x12 => Frame::Say {
                id,
                room: name,
                text: self.text()?,
            },
            0x13 => Frame::Whisper {
                id,
                nick: name,
                text: self.text()?,
            },
            0x14 => Frame::Rename { id, nick: name },
            0x15 => Frame::History {
                id,
                room: name,
                after: self.u64()?,
                limit: self.u8()?,
            },
            _ => Frame::Who { id, room: name },
        })
    }

    fn event(&mut self, kind: u8) -> Option<Frame<'a>> {
        Some(match kind {
            0x94 => Frame::Message {
                room: self.name()?,
                seq: self.u64()?,
                nick: self.name()?,
                text: self.text()?,
            },
            0x95 => Frame::Whispered {
                nick: self.name()?,
                text: self.text()?,
            },
            _ => self.answer(kind, self.rest.first_chunk().map(|id| u32::from_be_bytes(*id))?)?,
        })
    }

    fn answer(&mut self, kind: u8, id: u32) -> Option<Frame<'a>> {
        self.take(4)?;
        Some(match kind {
            0x90 => Frame::Done { id },
            0x91 => Frame::Failed {
                id,
                failure: Failure::from_code(self.u8()?)?,
            },
            0x92 => Frame::Joined {
                id,
                room: self.name()?,
                last: self.u64()?,
            },
            0x93 => Frame::Said { id, seq: self.u64()? },
            0x96 => Frame::Past {
                id,
                seq: self.u64()?,
                nick: self.name()?,
                text: self.text()?,
            },
            0x97 => Frame::PastEnd {
                id,
                last: self.u64()?,
            },
            _ => Frame::Members {
                id,
                more: match self.u8()? {
                    0 => false,
                    1 => true,
                    _ => return None,
                },
                names: Names::new(self.take(self.rest.len())?)?,
            },
        })
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u8(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    fn token(&mut self) -> Option<Token> {
        self.array().map(Token)
    }

    fn magic(&mut self) -> Option<()> {
        (self.array()? == MAGIC).then_some(())
    }

    fn name(&mut self) -> Option<&'a str> {
        let length = usize::from(self.u8()?);
        let bytes = self.take(length).filter(|_| length <= MAX_NAME)?;
        std::str::from_utf8(bytes).ok()
    }

    fn text(&mut self) -> Option<&'a str> {
        let bytes = self
            .take(self.rest.len())
            .filter(|bytes| bytes.len() <= MAX_TEXT)?;
        std::str::from_utf8(bytes).ok()
    }
}
