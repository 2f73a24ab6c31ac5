//! What the tests of the server share: the program, running; and a client that writes raw bytes and reads the wire
//! format by hand, so that neither the learner's code nor a forgiving client is what checks the learner's server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use http_server::limits::Limits;
use http_server::parser::{Event, Head, Parser};
use http_server::refusal::Refusal;
use phase7::process::{Running, Signal};
use phase7::{Scratch, net};

/// The program, running, with files of its own to serve.
pub struct Daemon {
    pub running: Running,
    pub address: SocketAddr,
    /// What it serves.
    pub root: Scratch,
}

impl Daemon {
    /// Starts `http-server ROOT --listen 127.0.0.1:0 --threads 1 OPTIONS…` on an empty root.
    #[track_caller]
    pub fn start(options: &[&str]) -> Self {
        Self::serving(Scratch::new(), options)
    }

    /// The same on a root that was made before.
    #[track_caller]
    pub fn serving(root: Scratch, options: &[&str]) -> Self {
        let program = phase7::program!()
            .arg(root.path())
            .args(["--listen", "127.0.0.1:0", "--threads", "1"]);
        let mut running = program.args(options).spawn();
        let address = running.wait_for_line("listening on ");
        Self {
            address: address.parse().expect("the line ends in an address"),
            running,
            root,
        }
    }

    #[track_caller]
    pub fn connect(&self) -> Client {
        Client::new(net::connect(self.address))
    }

    /// Sends one request on a connection of its own, and reads the answer.
    #[track_caller]
    pub fn ask(&self, method: &str, target: &str, fields: &[&str]) -> Answer {
        let mut client = self.connect();
        client.send(request(method, target, fields));
        client.answer(method)
    }

    /// Sends SIGTERM, and checks the exit code.
    #[track_caller]
    pub fn terminate(self, code: i32) {
        self.running.signal(Signal::SIGTERM);
        self.running.wait().expect_code(code);
    }
}

/// A request without body, as bytes.
pub fn request(method: &str, target: &str, fields: &[&str]) -> String {
    let fields: String = fields.iter().map(|field| format!("{field}\r\n")).collect();
    format!("{method} {target} HTTP/1.1\r\nHost: test\r\n{fields}\r\n")
}

/// A client on a connection.
pub struct Client {
    pub stream: BufReader<TcpStream>,
}

/// What a server has answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub fields: Vec<(String, String)>,
    /// Without chunks.
    pub body: Vec<u8>,
}

impl Client {
    pub fn new(stream: TcpStream) -> Self {
        Self {
            stream: BufReader::new(stream),
        }
    }

    #[track_caller]
    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let sent = self.stream.get_mut().write_all(bytes.as_ref());
        sent.expect("the server takes what it is sent");
    }

    /// Reads a head without its body.
    #[track_caller]
    pub fn head(&mut self) -> Answer {
        let line = self.line();
        let status = line
            .strip_prefix("HTTP/1.1 ")
            .and_then(|rest| rest.get(..3)?.parse().ok());
        let Some(status) = status else {
            panic!("a status line was expected: {line:?}")
        };
        let mut fields = Vec::new();
        loop {
            let line = self.line();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').expect("a field has a colon");
            fields.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        Answer {
            status,
            fields,
            body: Vec::new(),
        }
    }

    /// Reads the answer to a request of this method.
    #[track_caller]
    pub fn answer(&mut self, method: &str) -> Answer {
        let mut answer = self.head();
        if method == "HEAD" || matches!(answer.status, 100 | 204 | 304) {
            return answer;
        }
        if answer.field("transfer-encoding") == Some("chunked") {
            while let Some(chunk) = self.chunk() {
                answer.body.extend(chunk);
            }
        } else {
            let length = answer
                .field("content-length")
                .and_then(|length| length.parse().ok());
            let Some(length) = length else {
                panic!("no length: {answer:?}")
            };
            answer.body = self.exactly(length);
        }
        answer
    }

    /// Reads a chunk; `None` of the last one, without trailers.
    #[track_caller]
    pub fn chunk(&mut self) -> Option<Vec<u8>> {
        let line = self.line();
        let size = usize::from_str_radix(&line, 16);
        let size = size.unwrap_or_else(|_| panic!("the size of a chunk was expected: {line:?}"));
        let data = self.exactly(size);
        assert_eq!(self.line(), "", "behind a chunk");
        (size > 0).then_some(data)
    }

    #[track_caller]
    pub fn exactly(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        if let Err(error) = self.stream.read_exact(&mut bytes) {
            panic!("{count} bytes were expected: {error}");
        }
        bytes
    }

    #[track_caller]
    fn line(&mut self) -> String {
        let mut line = Vec::new();
        let read = self.stream.read_until(b'\n', &mut line);
        let text = String::from_utf8_lossy(&line).into_owned();
        match text.strip_suffix("\r\n") {
            Some(line) => line.to_owned(),
            None => panic!("a line was expected, and there is {text:?}: {read:?}"),
        }
    }

    /// Checks that the server closes the connection with nothing more to say, and without a reset.
    #[track_caller]
    pub fn expect_end(&mut self, what: &str) {
        let mut rest = Vec::new();
        let end = self.stream.read_to_end(&mut rest);
        assert!(
            end.is_ok() && rest.is_empty(),
            "{what}: the end of the connection was expected, and there is {:?}: {end:?}",
            String::from_utf8_lossy(&rest)
        );
    }
}

impl Answer {
    /// The value of a field that stands there once.
    #[track_caller]
    pub fn field(&self, name: &str) -> Option<&str> {
        let mut values = self.fields.iter().filter(|(field, _)| field == name);
        let value = values.next().map(|(_, value)| value.as_str());
        assert!(values.next().is_none(), "{name} stands there once: {self:?}");
        value
    }

    /// Itself, if it has this status.
    #[track_caller]
    pub fn expect(self, status: u16, what: &str) -> Self {
        assert_eq!(self.status, status, "{what}: the status of {self:?}");
        self
    }
}

/// A request as the parser has told it: its head, and its body in one piece.
pub type Told = (Head, Vec<u8>);

/// All requests in `bytes`, pushed in pieces of `size`; and the refusal behind them, if there is one.
#[track_caller]
pub fn parse(bytes: &[u8], size: usize, limits: &Limits) -> (Vec<Told>, Option<Refusal>) {
    let mut parser = Parser::new(limits);
    let (mut requests, mut open) = (Vec::new(), None);
    for piece in bytes.chunks(size.max(1)) {
        parser.push(piece);
        loop {
            match parser.next() {
                Ok(None) => break,
                Ok(Some(Event::Head(head))) => {
                    assert!(open.is_none(), "a head inside a request");
                    open = Some((head, Vec::new()));
                }
                Ok(Some(Event::Data(data))) => {
                    assert!(!data.is_empty(), "data of no bytes");
                    let (_, body) = open.as_mut().expect("data comes behind a head");
                    body.extend_from_slice(&data);
                }
                Ok(Some(Event::End)) => requests.push(open.take().expect("an end comes behind a head")),
                Err(refusal) => return (requests, Some(refusal)),
            }
        }
    }
    (requests, None)
}

/// The only request in `bytes`.
#[track_caller]
pub fn parse_one(bytes: &[u8]) -> Told {
    match parse(bytes, bytes.len(), &Limits::default()) {
        (mut requests, None) if requests.len() == 1 => requests.remove(0),
        other => panic!(
            "one request was expected of {:?}: {other:?}",
            bytes.escape_ascii().to_string()
        ),
    }
}

/// The status that `bytes` are refused with.
#[track_caller]
pub fn refused(bytes: &[u8], limits: &Limits) -> Option<u16> {
    let (_, refusal) = parse(bytes, bytes.len(), limits);
    refusal.map(|refusal| refusal.status().as_u16())
}

/// Limits that no test meets by accident.
pub fn roomy() -> Limits {
    Limits {
        head_timeout: Duration::from_secs(60),
        ..Limits::default()
    }
}
