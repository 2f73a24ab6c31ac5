//! A crowd that reads, one that speaks, and the CPU time of a server.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use super::speech::Speech;

/// Messages that are said at once.
const BURST: u64 = 32;

/// Messages after which a member acknowledges.
const ACK_EVERY: u64 = 64;

/// A member that reads.
struct Member {
    stream: TcpStream,
    /// Bytes of messages, ever.
    heard: u64,
    /// Events that came while the others entered, and the messages that were acknowledged.
    entered_events: u64,
    acknowledged: u64,
}

/// A room full of members, and a speaker.
pub struct Crowd {
    speech: Speech,
    speaker: TcpStream,
    members: Vec<Member>,
    epoll: Epoll,
    /// Messages said, ever.
    said: u64,
}

impl Crowd {
    /// Lets everybody enter, one behind the other, and reads what that makes the server say.
    pub fn gather(address: SocketAddr, count: usize, speech: Speech) -> Self {
        let speaker = enter(address, speech, 0);
        let epoll = Epoll::new(EpollCreateFlags::empty()).expect("epoll can be had");
        let mut members: Vec<Member> = (1..=count)
            .map(|number| Member {
                stream: enter(address, speech, number),
                heard: 0,
                entered_events: 0,
                acknowledged: 0,
            })
            .collect();
        for (at, member) in members.iter_mut().enumerate() {
            member.entered_events = 1 + (count - 1 - at) as u64;
            drain(&mut member.stream, speech, member.entered_events - 1);
            member
                .stream
                .set_nonblocking(true)
                .expect("a socket can be made not to block");
            let event = EpollEvent::new(EpollFlags::EPOLLIN, at as u64);
            epoll.add(&member.stream, event).expect("a socket can be watched");
        }
        speaker
            .set_nonblocking(true)
            .expect("a socket can be made not to block");
        Self {
            speech,
            speaker,
            members,
            epoll,
            said: 0,
        }
    }

    /// Speaks for so long, and reads until all has been heard; how many deliveries that made.
    pub fn run(&mut self, turn: Duration) -> u64 {
        let started = Instant::now();
        let length = self.speech.delivery_len() as u64;
        let count = self.members.len() as u64;
        let said_before = self.said;
        let mut heard = self.said * count * length;
        let mut events = vec![EpollEvent::empty(); 1024];
        let mut block = vec![0; 64 << 10];
        loop {
            let is_over = started.elapsed() >= turn;
            while !is_over && self.said * count * length - heard <= BURST * count * length {
                self.speak(&mut block);
            }
            if heard == self.said * count * length {
                return (self.said - said_before) * count;
            }
            let ready = self
                .epoll
                .wait(&mut events, EpollTimeout::from(5000_u16))
                .expect("epoll waits");
            assert!(ready > 0, "nothing has come for five seconds");
            for event in &events[..ready] {
                let member = &mut self.members[usize::try_from(event.data()).expect("an index")];
                heard += member.read(&mut block, self.speech, length);
            }
        }
    }

    fn speak(&mut self, block: &mut [u8]) {
        let mut burst = Vec::new();
        for _ in 0..BURST {
            self.said += 1;
            burst.extend(
                self.speech
                    .say(u32::try_from(self.said + 1).expect("a short bench")),
            );
        }
        // What the speaker hears is read, and not counted.
        while matches!(self.speaker.read(block), Ok(1..)) {}
        let mut rest = &burst[..];
        while !rest.is_empty() {
            match self.speaker.write(rest) {
                Ok(count) => rest = &rest[count..],
                Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::yield_now(),
                Err(error) => panic!("the speaker is cut off: {error}"),
            }
        }
    }
}

impl Member {
    fn read(&mut self, block: &mut [u8], speech: Speech, length: u64) -> u64 {
        let count = match self.stream.read(block) {
            Ok(0) => panic!("the server closed a connection"),
            Ok(count) => count as u64,
            Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
            Err(error) => panic!("a connection failed: {error}"),
        };
        self.heard += count;
        let messages = self.heard / length;
        if messages >= self.acknowledged + ACK_EVERY {
            self.acknowledged = messages;
            if let Some(ack) = speech.acknowledge(self.entered_events + messages) {
                self.stream.write_all(&ack).expect("a frame fits an idle socket");
            }
        }
        count
    }
}

fn enter(address: SocketAddr, speech: Speech, number: usize) -> TcpStream {
    let mut stream = phase7::net::connect(address);
    stream.write_all(&speech.enter(number)).expect("the server reads");
    let (mut heard, mut block) = (Vec::new(), [0; 64 << 10]);
    while !speech.has_entered(&heard) {
        let count = stream.read(&mut block).expect("the server answers");
        assert!(
            count > 0,
            "the server closed: {:?}",
            String::from_utf8_lossy(&heard)
        );
        heard.extend_from_slice(&block[..count]);
    }
    stream
}

/// Reads what the server says when `later` others enter.
fn drain(stream: &mut TcpStream, speech: Speech, later: u64) {
    let length = match speech {
        Speech::Chat { version: 2 } => 3 + 1 + 6 + 7 + 1,
        Speech::Chat { .. } => 0,
        Speech::Irc => ":m00000!~m@127.0.0.1 JOIN :#bench\r\n".len() as u64,
    };
    let mut announced = vec![0; usize::try_from(later * length).expect("it fits")];
    stream
        .read_exact(&mut announced)
        .expect("the server tells who enters");
}

/// Two sockets for each member, here and in the server.
pub fn raise_descriptor_limit() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit can be read");
    setrlimit(Resource::RLIMIT_NOFILE, hard.min(1 << 16), hard).expect("up to the hard limit");
}

/// Nanoseconds that the process has run for, all threads together, from `schedstat(5)`.
pub fn cpu_ns(process: i32) -> u64 {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).expect("/proc is mounted");
    let times = tasks.flatten().filter_map(|task| {
        let schedstat = fs::read_to_string(task.path().join("schedstat")).ok()?;
        schedstat.split(' ').next()?.parse::<u64>().ok()
    });
    times.sum()
}
