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

    /// What the server has sent by the time that the client is in the room, at its end.
    pub fn has_entered(self, heard: &[u8]) -> bool {
        match self {
            Self::Chat { .. } => heard.windows(6).any(|bytes| bytes == b"\x05bench") && ends_in_joined(heard),
            Self::Irc => heard.windows(5).any(|bytes| bytes == b" 366 "),
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

    /// Bytes of the message as a member gets it.
    pub fn delivery_len(self) -> usize {
        match self {
            Self::Chat { .. } => 3 + 6 + 8 + 7 + TEXT_LEN,
            Self::Irc => ":m00000!~m@127.0.0.1 PRIVMSG #bench :\r\n".len() + TEXT_LEN,
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

fn ends_in_joined(heard: &[u8]) -> bool {
    heard.windows(4).any(|bytes| bytes == [0, 18, 0x92, 0])
}

fn frame(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).expect("a short body");
    [&length.to_be_bytes()[..], &[kind], body].concat()
}
