//! The other end of the line, written once more from the brief: it shares no code with what is tested.
#![allow(dead_code, reason = "each test file uses a part of it")]

use serial_protocol::message::{Reply, Request};

/// The kinds of frames.
pub const DATA: u8 = 0;
pub const ACK: u8 = 1;
pub const HELLO: u8 = 2;
pub const WELCOME: u8 = 3;
pub const REFUSE: u8 = 4;

/// A frame that came over the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub version: u8,
    pub kind: u8,
    pub session: u16,
    pub sequence: u8,
    pub payload: Vec<u8>,
}

/// A frame with these parts.
pub fn frame(version: u8, kind: u8, session: u16, sequence: u8, payload: &[u8]) -> Frame {
    Frame {
        version,
        kind,
        session,
        sequence,
        payload: payload.to_vec(),
    }
}

impl Frame {
    /// Its bytes before they are stuffed, with their checksum.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.version << 4 | self.kind];
        bytes.extend(self.session.to_le_bytes());
        bytes.push(self.sequence);
        bytes.extend(&self.payload);
        bytes.extend(crc16(&bytes).to_be_bytes());
        bytes
    }

    /// Its bytes on the line.
    pub fn wire(&self) -> Vec<u8> {
        on_the_line(&self.bytes())
    }
}

/// What the CRC-16 of any bytes with their CRC behind them is.
const RESIDUE: u16 = 0xE2F0;

/// Any bytes, stuffed and between two zeros.
pub fn on_the_line(bytes: &[u8]) -> Vec<u8> {
    [vec![0], stuff(bytes), vec![0]].concat()
}

/// CRC-16/GENIBUS, bit by bit.
pub fn crc16(bytes: &[u8]) -> u16 {
    let mut crc = 0xFFFF_u16;
    for byte in bytes {
        for bit in (0..8).rev() {
            let feedback = (crc >> 15 == 1) != (byte >> bit & 1 == 1);
            crc = crc << 1 ^ if feedback { 0x1021 } else { 0 };
        }
    }
    !crc
}

/// COBS, by cutting.
pub fn stuff(data: &[u8]) -> Vec<u8> {
    let mut rest = [data, &[0]].concat();
    let mut out = Vec::new();
    while !rest.is_empty() {
        let zero = rest
            .iter()
            .position(|&byte| byte == 0)
            .expect("a zero stands at the end");
        let run: Vec<u8> = rest.drain(..zero.min(254)).collect();
        out.push(run.len() as u8 + 1);
        out.extend(&run);
        // A full run swallows no zero, but the one that was thought behind the data.
        if run.len() < 254 || rest.len() == 1 {
            rest.remove(0);
        }
    }
    out
}

/// COBS, backwards; nothing when it is none.
pub fn unstuff(mut coded: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    while let [code @ 1..=255, rest @ ..] = coded {
        let (run, behind) = rest.split_at_checked(usize::from(code - 1))?;
        out.extend(run);
        if *code < 255 && !behind.is_empty() {
            out.push(0);
        }
        coded = behind;
    }
    coded.is_empty().then_some(out)
}

/// Hears frames in what an end sends.
#[derive(Default)]
pub struct Ear {
    /// Bytes since the last zero.
    rest: Vec<u8>,
    /// What was no frame.
    pub damaged: usize,
}

impl Ear {
    /// The whole frames that these bytes end.
    pub fn hear(&mut self, bytes: &[u8]) -> Vec<Frame> {
        let mut frames = Vec::new();
        for &byte in bytes {
            if byte != 0 {
                self.rest.push(byte);
                continue;
            }
            let coded = std::mem::take(&mut self.rest);
            if coded.is_empty() {
                continue;
            }
            match unstuff(&coded).filter(|frame| frame.len() >= 6 && crc16(frame) == RESIDUE) {
                Some(frame) => frames.push(Frame {
                    version: frame[0] >> 4,
                    kind: frame[0] & 15,
                    session: u16::from_le_bytes([frame[1], frame[2]]),
                    sequence: frame[3],
                    payload: frame[4..frame.len() - 2].to_vec(),
                }),
                None => self.damaged += 1,
            }
        }
        frames
    }
}

/// The frames in `bytes`, which nothing has damaged.
#[track_caller]
pub fn heard(bytes: &[u8]) -> Vec<Frame> {
    let mut ear = Ear::default();
    let frames = ear.hear(bytes);
    assert_eq!(
        (ear.damaged, &ear.rest[..]),
        (0, &[][..]),
        "bytes beside whole frames in {bytes:02x?}"
    );
    frames
}

/// A request as it stands in a payload.
pub fn request(request: &Request) -> Vec<u8> {
    let mut bytes = [0; 200];
    postcard::to_slice(request, &mut bytes)
        .expect("a request is short")
        .to_vec()
}

/// The reply that a payload is.
#[track_caller]
pub fn reply(payload: &[u8]) -> Reply {
    match postcard::from_bytes(payload) {
        Ok(reply) => reply,
        Err(error) => panic!("the payload {payload:02x?} is no reply: {error}"),
    }
}
