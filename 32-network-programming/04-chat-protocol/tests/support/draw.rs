//! Frames as a line of text and as bytes, by the table of the brief and not by the code under test.
//!
//! `Say 2 rust hello there` is a frame of type 0x12; its fields stand in the order of the table, the text last. A name that is
//! empty is `-`. A token is 32 hexadecimal digits.

/// Type, name, and fields: `M` the magic, `1` `4` `8` numbers of so many bytes, `n` a name, `t` a text, `k` a token,
/// `K` a token that may be missing, `l` a list of names.
const TABLE: &[(u8, &str, &str)] = &[
    (0x01, "Hello", "M11n"),
    (0x02, "Resume", "M1k8"),
    (0x03, "Ping", "4"),
    (0x04, "Pong", "4"),
    (0x05, "Ack", "8"),
    (0x06, "Bye", ""),
    (0x10, "Join", "4n"),
    (0x11, "Leave", "4n"),
    (0x12, "Say", "4nt"),
    (0x13, "Whisper", "4nt"),
    (0x14, "Rename", "4n"),
    (0x15, "History", "4n81"),
    (0x16, "Who", "4n"),
    (0x81, "Welcome", "1K"),
    (0x82, "Resumed", "4"),
    (0x83, "ResumeFailed", ""),
    (0x84, "Gap", "84"),
    (0x85, "Goodbye", "1"),
    (0x90, "Done", "4"),
    (0x91, "Failed", "41"),
    (0x92, "Joined", "4n8"),
    (0x93, "Said", "48"),
    (0x94, "Message", "n8nt"),
    (0x95, "Whispered", "nt"),
    (0x96, "Past", "48nt"),
    (0x97, "PastEnd", "48"),
    (0x98, "Members", "41l"),
    (0xD0, "Presence", "1nnn"),
];

/// A frame of any type and body.
pub fn raw(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).expect("a test's body fits");
    let mut frame = length.to_be_bytes().to_vec();
    frame.push(kind);
    frame.extend_from_slice(body);
    frame
}

/// The bytes of a frame that stands here as text.
#[track_caller]
pub fn draw(line: &str) -> Vec<u8> {
    let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
    let known = TABLE.iter().find(|row| row.1 == name);
    let &(kind, _, fields) = known.unwrap_or_else(|| panic!("no frame is called {name}"));
    let mut body = Vec::new();
    let mut rest = rest;
    for field in fields.chars() {
        let mut word = || {
            let (word, behind) = rest.split_once(' ').unwrap_or((rest, ""));
            rest = behind;
            word
        };
        match field {
            'M' => body.extend_from_slice(b"CHAT"),
            '1' => body.push(number(word())),
            '4' => body.extend_from_slice(&number::<u32>(word()).to_be_bytes()),
            '8' => body.extend_from_slice(&number::<u64>(word()).to_be_bytes()),
            'n' => pack(&mut body, word()),
            't' => body.extend_from_slice(std::mem::take(&mut rest).as_bytes()),
            'k' | 'K' => {
                let digits = word();
                let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).expect("hexadecimal digits");
                body.extend((0..digits.len()).step_by(2).map(byte));
            }
            'l' => rest
                .split(' ')
                .filter(|name| !name.is_empty())
                .for_each(|name| pack(&mut body, name)),
            _ => unreachable!("the table has no other letter"),
        }
    }
    raw(kind, &body)
}

fn number<N: std::str::FromStr>(word: &str) -> N {
    word.parse()
        .unwrap_or_else(|_| panic!("{word:?} is no number of that size"))
}

fn pack(body: &mut Vec<u8>, name: &str) {
    let name = if name == "-" { "" } else { name };
    body.push(u8::try_from(name.len()).expect("a test's name fits"));
    body.extend_from_slice(name.as_bytes());
}

/// The frames that `bytes` start with, as text, and how many bytes those are.
#[track_caller]
pub fn describe(bytes: &[u8]) -> (Vec<String>, usize) {
    let (mut lines, mut at) = (Vec::new(), 0);
    while let Some(&[high, low, kind]) = bytes[at..].first_chunk::<3>() {
        let length = usize::from(u16::from_be_bytes([high, low]));
        let Some(body) = bytes[at + 3..].get(..length) else {
            break;
        };
        lines.push(describe_one(kind, body));
        at += 3 + length;
    }
    (lines, at)
}

fn describe_one(kind: u8, body: &[u8]) -> String {
    let Some(&(_, name, fields)) = TABLE.iter().find(|row| row.0 == kind) else {
        return format!("0x{kind:02X} {body:02X?}");
    };
    let mut rest = body;
    let mut words = vec![name.to_owned()];
    for field in fields.chars() {
        match field {
            'M' => assert_eq!(take(&mut rest, 4), b"CHAT", "the magic of {name}"),
            '1' | '4' | '8' => {
                let bytes = take(&mut rest, field as usize - '0' as usize);
                let number = bytes.iter().fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
                words.push(number.to_string());
            }
            'n' => words.push(unpack(&mut rest)),
            'k' => words.push(hex(take(&mut rest, 16))),
            'K' if rest.is_empty() => {}
            'K' => words.push(hex(take(&mut rest, 16))),
            't' => words.push(String::from_utf8_lossy(std::mem::take(&mut rest)).into_owned()),
            _ => {
                while !rest.is_empty() {
                    words.push(unpack(&mut rest));
                }
            }
        }
    }
    assert!(
        rest.is_empty(),
        "{} bytes too many in {name}: {body:02X?}",
        rest.len()
    );
    words.join(" ")
}

fn take<'a>(rest: &mut &'a [u8], count: usize) -> &'a [u8] {
    let split = rest.split_at_checked(count);
    let (taken, behind) = split.unwrap_or_else(|| panic!("a body is cut before {rest:02X?}"));
    *rest = behind;
    taken
}

fn unpack(rest: &mut &[u8]) -> String {
    let length = usize::from(take(rest, 1)[0]);
    match String::from_utf8_lossy(take(rest, length)).into_owned() {
        empty if empty.is_empty() => "-".to_owned(),
        name => name,
    }
}

/// Two digits a byte.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
