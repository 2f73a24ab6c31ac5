//! A crowd that reads, one that speaks, and the CPU time of a server.

use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags, EpollTimeout};
use nix::sys::resource::{Resource, getrlimit, setrlimit};

use super::speech::{Ear, Speech, pong};

/// How fast the speaker speaks.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Messages that are said at once.
    pub burst: u64,
    /// Bursts that are under way at a time: the next one is said when the first of these has been heard by all.
    pub under_way: u64,
}

/// Connections that wait to be accepted at a time. ngircd lets ten wait: whoever comes then asks again a second later.
const CONNECTING: usize = 8;

/// Events after which a member acknowledges.
const ACK_EVERY: u64 = 64;

/// A member that reads.
struct Member {
    stream: TcpStream,
    ear: Ear,
    /// Events that it has got.
    events: u64,
    acknowledged: u64,
    has_entered: bool,
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
    /// Lets everybody enter, a few at a time.
    pub fn gather(address: SocketAddr, count: usize, speech: Speech) -> Self {
        let epoll = Epoll::new(EpollCreateFlags::empty()).expect("epoll can be had");
        let mut members: Vec<Member> = Vec::with_capacity(count + 1);
        for number in 0..=count {
            members.push(Member::connect(address, speech, number));
            if number % CONNECTING == 0 || number == count {
                members.iter_mut().for_each(|member| member.enter(speech));
            }
        }
        let speaker = members.remove(0).stream;
        for (at, member) in members.iter().enumerate() {
            let event = EpollEvent::new(EpollFlags::EPOLLIN, at as u64);
            epoll.add(&member.stream, event).expect("a socket can be watched");
        }
        Self {
            speech,
            speaker,
            members,
            epoll,
            said: 0,
        }
    }

    /// Speaks for so long, and reads until all has been heard; how many deliveries that made.
    pub fn run(&mut self, pace: Pace, turn: Duration) -> u64 {
        let started = Instant::now();
        let count = self.members.len() as u64;
        let said_before = self.said;
        let mut heard = self.said * count;
        let mut events = vec![EpollEvent::empty(); 1024];
        let mut block = vec![0; 64 << 10];
        loop {
            let is_over = started.elapsed() >= turn;
            let ahead = pace.burst * (pace.under_way - 1) * count;
            while !is_over && self.said * count - heard <= ahead {
                self.speak(pace.burst, &mut block);
            }
            if heard == self.said * count {
                return (self.said - said_before) * count;
            }
            let ready = self.epoll.wait(&mut events, EpollTimeout::from(30_000_u16));
            let ready = ready.expect("epoll waits");
            assert!(ready > 0, "nothing has come for half a minute");
            for event in &events[..ready] {
                let member = &mut self.members[usize::try_from(event.data()).expect("an index")];
                heard += member.read(&mut block, self.speech);
            }
        }
    }

    /// Shows that everybody is alive, while others are measured.
    pub fn tend(&mut self) {
        let Speech::Chat { .. } = self.speech else {
            return;
        };
        let mut block = vec![0; 64 << 10];
        for member in &mut self.members {
            member.read(&mut block, self.speech);
            member
                .stream
                .write_all(&pong())
                .expect("a frame fits an idle socket");
        }
        while matches!(self.speaker.read(&mut block), Ok(1..)) {}
        self.speaker
            .write_all(&pong())
            .expect("a frame fits an idle socket");
    }

    fn speak(&mut self, burst_len: u64, block: &mut [u8]) {
        let mut burst = Vec::new();
        for _ in 0..burst_len {
            self.said += 1;
            // The first request was to enter.
            let id = u32::try_from(self.said + 1).expect("a short bench");
            burst.extend(self.speech.say(id));
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
    /// Connects, and asks to enter.
    fn connect(address: SocketAddr, speech: Speech, number: usize) -> Self {
        let mut stream = phase7::net::connect(address);
        stream.write_all(&speech.enter(number)).expect("the server reads");
        Self {
            stream,
            ear: Ear::default(),
            events: 0,
            acknowledged: 0,
            has_entered: false,
        }
    }

    /// Reads until it is in the room.
    fn enter(&mut self, speech: Speech) {
        let mut block = vec![0; 64 << 10];
        while !self.has_entered {
            self.read(&mut block, speech);
        }
        let set = self.stream.set_nonblocking(true);
        set.expect("a socket can be made not to block");
    }

    /// Reads once; how many messages that brought.
    fn read(&mut self, block: &mut [u8], speech: Speech) -> u64 {
        let count = match self.stream.read(block) {
            Ok(0) => panic!("the server closed a connection"),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => 0,
            Err(error) => panic!("a connection failed: {error}"),
        };
        let heard = self.ear.hear(&block[..count], speech);
        self.events += heard.events;
        self.has_entered |= heard.has_entered;
        let mut reply = Vec::new();
        if heard.is_pinged {
            reply.extend(pong());
        }
        if self.events >= self.acknowledged + ACK_EVERY {
            self.acknowledged = self.events;
            reply.extend(speech.acknowledge(self.events).unwrap_or_default());
        }
        self.stream
            .write_all(&reply)
            .expect("a frame fits an idle socket");
        heard.messages
    }
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
