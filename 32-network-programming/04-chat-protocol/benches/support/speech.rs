//! What the clients of the load say, in this protocol and in IRC's.

/// Characters of a message.
const TEXT_LEN: usize = 64;

/// A protocol.
#[derive(Debug, Clone, Copy)]
pub enum Speech {
    /// This exercise's; members of version 2 acknowledge.
    Chat { version: u8 },
    /// RFC 2812.
    Irc,
}

impl Speech {
    /// What a client says to be in the room. Nicks are of equal length.
    pub fn enter(self, number: usize) -> Vec<u8> {
        match self {
            Self::Chat { version } => {
                let nick = format!("m{number:05}");
                let hello = [&b"CHAT"[..], &[version, version, 6], nick.as_bytes()].concat();
                let join = b"\0\0\0\x01\x05bench";
                [frame(0x01, &hello), frame(0x10, join)].concat()
            }
            Self::Irc => format!("NICK m{number:05}\r\nUSER m 0 * :m\r\nJOIN #bench\r\n").into_bytes(),
        }
    }

    /// A message; `id` is the number of the request.
    pub fn say(self, id: u32) -> Vec<u8> {
        let text = "x".repeat(TEXT_LEN);
        match self {
            Self::Chat { .. } => {
                let body = [&id.to_be_bytes()[..], b"\x05bench", text.as_bytes()].concat();
                frame(0x12, &body)
            }
            Self::Irc => format!("PRIVMSG #bench :{text}\r\n").into_bytes(),
        }
    }

    /// What a member says when it has got so many events since it entered.
    pub fn acknowledge(self, events: u64) -> Option<Vec<u8>> {
        match self {
            Self::Chat { version: 2 } => Some(frame(0x05, &events.to_be_bytes())),
            _ => None,
        }
    }
}

/// Understands what one member gets, as far as it counts.
#[derive(Default)]
pub struct Ear {
    /// What came of a header, or of a line.
    begun: Vec<u8>,
    /// Bytes of the body that are still to come.
    body_left: usize,
}

/// What was in a piece.
#[derive(Default)]
pub struct Heard {
    pub messages: u64,
    /// Numbered frames, the messages too.
    pub events: u64,
    pub has_entered: bool,
    pub is_pinged: bool,
}

impl Ear {
    pub fn hear(&mut self, bytes: &[u8], speech: Speech) -> Heard {
        let mut heard = Heard::default();
        match speech {
            Speech::Chat { .. } => self.hear_frames(bytes, &mut heard),
            Speech::Irc => self.hear_lines(bytes, &mut heard),
        }
        heard
    }

    fn hear_frames(&mut self, mut bytes: &[u8], heard: &mut Heard) {
        while !bytes.is_empty() {
            let skipped = self.body_left.min(bytes.len());
            (self.body_left, bytes) = (self.body_left - skipped, &bytes[skipped..]);
            let wanted = (3 - self.begun.len()).min(bytes.len());
            self.begun.extend_from_slice(&bytes[..wanted]);
            bytes = &bytes[wanted..];
            if let [high, low, kind] = self.begun[..] {
                self.body_left = usize::from(u16::from_be_bytes([high, low]));
                self.begun.clear();
                heard.messages += u64::from(kind == 0x94);
                heard.events += u64::from(kind & 0x90 == 0x90);
                heard.has_entered |= kind == 0x92;
                heard.is_pinged |= kind == 0x03;
            }
        }
    }

    fn hear_lines(&mut self, bytes: &[u8], heard: &mut Heard) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            let is_whole = part.ends_with(b"\n");
            if self.begun.is_empty() && is_whole {
                hear_line(part, heard);
                continue;
            }
            self.begun.extend_from_slice(part);
            if is_whole {
                hear_line(&std::mem::take(&mut self.begun), heard);
            }
        }
    }
}

fn hear_line(line: &[u8], heard: &mut Heard) {
    // Behind `:m00000!~m@127.0.0.1 `.
    if line.get(21..28) == Some(b"PRIVMSG") {
        heard.messages += 1;
    } else {
        heard.has_entered |= line.windows(5).any(|bytes| bytes == b" 366 ");
    }
}

/// The answer to a `Ping`.
pub fn pong() -> Vec<u8> {
    frame(0x04, &[0; 4])
}

fn frame(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).expect("a short body");
    [&length.to_be_bytes()[..], &[kind], body].concat()
}
