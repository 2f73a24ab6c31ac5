//! Messages a second and round trips between two processes on two processors, over the four transports; beside them a
//! ready-made ring between two threads.
//!
//! `cargo bench -p ipc-queue-solution` measures the reference. A word behind `--` picks the rows whose names contain it.
//! A harness of its own: what is measured is two processes, and the time of both counts.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use ipc_queue::transport::{self, Transport};
use ipc_queue::{Batch, Options, Wait};
use nix::sched::{CpuSet, sched_setaffinity};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use nix::unistd::Pid;

/// Messages at once, where a row says so.
const AT_ONCE: usize = 32;

/// Rounds of each row; the middle one is shown.
const ROUNDS: usize = 5;

/// One row of the table.
#[derive(Clone, Copy)]
struct Row {
    name: &'static str,
    transport: Transport,
    sole: bool,
    batch: bool,
    /// Messages of 64 bytes that take a good part of a second.
    count: usize,
}

const ROWS: [Row; 7] = [
    row("pipe", Transport::Pipe, false, false, 500_000),
    row("socket", Transport::Socket, false, false, 400_000),
    row("mq", Transport::Mq, false, false, 100_000),
    row("ring", Transport::Ring, false, false, 6_000_000),
    row("ring, sole", Transport::Ring, true, false, 10_000_000),
    row("ring, 32 at once", Transport::Ring, false, true, 20_000_000),
    row("ring, sole, 32 at once", Transport::Ring, true, true, 20_000_000),
];

const fn row(name: &'static str, transport: Transport, sole: bool, batch: bool, count: usize) -> Row {
    Row {
        name,
        transport,
        sole,
        batch,
        count,
    }
}

/// What one round has shown.
#[derive(Clone, Copy)]
struct Flow {
    rate: f64,
    /// Nanoseconds of processor time a message, of both sides.
    cpu_ns: f64,
}

/// All of it, or the other process of one measurement.
pub fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(["partner", role, transport, path, there, size, count]) = words(&arguments).as_deref() {
        let path = Path::new(path);
        return partner(
            role,
            named(transport),
            path,
            Path::new(there),
            number(size),
            number(count),
        );
    }
    let filter = arguments.iter().find(|word| !word.starts_with('-'));
    let wanted = |name: &str| filter.is_none_or(|filter| name.contains(filter.as_str()));
    println!(
        "{:24} {:>22} {:>22} {:>12} {:>12}",
        "", "64 B", "4 KiB", "64 B", "4 KiB"
    );
    println!(
        "{:24} {:>22} {:>22} {:>12} {:>12}",
        "", "M/s  (CPU ns)", "M/s  (CPU ns)", "µs and back", "µs and back"
    );
    for row in ROWS.iter().filter(|row| wanted(row.name)) {
        let mut line = format!("{:24}", row.name);
        for size in [64, 4096] {
            let count = if size == 64 { row.count } else { row.count / 5 };
            show(
                &mut line,
                &mut (0..ROUNDS).map(|_| flow(row, size, count)).collect::<Vec<_>>(),
            );
        }
        if !row.batch {
            for size in [64, 4096] {
                let _ = write!(line, " {:>12.2}", round_trip(row, size));
            }
        }
        println!("{line}");
    }
    if wanted("rtrb") {
        let mut line = format!("{:24}", "rtrb, two threads");
        show(
            &mut line,
            &mut (0..ROUNDS).map(|_| rtrb::<64>(10_000_000)).collect::<Vec<_>>(),
        );
        show(
            &mut line,
            &mut (0..ROUNDS).map(|_| rtrb::<4096>(1_000_000)).collect::<Vec<_>>(),
        );
        println!("{line}");
    }
}

fn words(arguments: &[String]) -> Option<Vec<&str>> {
    Some(arguments.iter().map(String::as_str).collect())
}

fn number(text: &str) -> usize {
    text.parse().expect("this program wrote it")
}

fn named(text: &str) -> Transport {
    ROWS.iter()
        .map(|row| row.transport)
        .find(|transport| format!("{transport:?}") == text)
        .expect("this program wrote it")
}

fn show(line: &mut String, rounds: &mut [Flow]) {
    rounds.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    let flow = rounds[rounds.len() / 2];
    let _ = write!(
        line,
        " {:>22}",
        format!("{:.2}  ({:.0})", flow.rate / 1e6, flow.cpu_ns)
    );
}

/// The longest message of a pipe is a few bytes short of 4 KiB.
fn fitting(transport: Transport, size: usize) -> usize {
    match transport {
        Transport::Pipe => size.min(ipc_queue::pipe::MESSAGE_MAX),
        _ => size,
    }
}

fn make(row: &Row, path: &Path, size: usize) {
    let options = Options {
        // For the ring what half of a processor's own cache holds; for the others what they can have.
        capacity: match row.transport {
            Transport::Ring => (256 << 10) / size.max(64),
            _ => 10,
        },
        max_message: size,
        sole: row.sole,
    };
    transport::create(row.transport, path, &options).expect("the queue can be made");
}

/// A path in memory that nobody else has.
fn place(name: &str) -> PathBuf {
    Path::new("/dev/shm").join(format!("ipc-queue-{}-{name}", std::process::id()))
}

/// The other process, once it is ready.
struct Partner {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Partner {
    fn start(role: &str, row: &Row, path: &Path, back: &Path, size: usize, count: usize) -> Self {
        let role = if row.batch {
            format!("{role}-batch")
        } else {
            role.to_owned()
        };
        let mut child = Command::new(std::env::current_exe().expect("a program has a path"))
            .args(["partner", &role, &format!("{:?}", row.transport)])
            .args([path, back])
            .args([size.to_string(), count.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program can be started again");
        let lines = BufReader::new(child.stdout.take().expect("it is piped"));
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("it prints");
        line
    }
}

fn say(text: &str) {
    println!("{text}");
    std::io::stdout().flush().expect("standard output is a pipe");
}

fn pin(processor: usize) {
    let mut set = CpuSet::new();
    set.set(processor).expect("a small number");
    // On a machine with one processor both share it.
    let _ = sched_setaffinity(Pid::from_raw(0), &set);
}

fn cpu(who: UsageWho) -> Duration {
    let usage = getrusage(who).expect("everybody may ask");
    let micros = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(micros.unsigned_abs())
}

/// Sends `count` messages to another process, until that has them all.
fn flow(row: &Row, size: usize, count: usize) -> Flow {
    let size = fitting(row.transport, size);
    let path = place("queue");
    make(row, &path, size);
    let mut partner = Partner::start("sink", row, &path, &path, size, count);
    partner.line();
    pin(0);
    let mut sender = transport::open_sender(row.transport, &path, Wait::Forever).expect("it is there");
    let message = vec![7; size];
    let before = cpu(UsageWho::RUSAGE_SELF);
    let started = Instant::now();
    if row.batch {
        let messages = vec![message.as_slice(); AT_ONCE];
        let mut left = count;
        while left > 0 {
            let at_once = left.min(AT_ONCE);
            left -= sender
                .send_batch(&messages[..at_once], Wait::Forever)
                .expect("it is read");
        }
    } else {
        for _ in 0..count {
            sender.send(&message).expect("it is read");
        }
    }
    let theirs: u64 = partner.line().trim().parse().expect("its time in nanoseconds");
    let elapsed = started.elapsed();
    let ours = cpu(UsageWho::RUSAGE_SELF) - before;
    let _ = partner.child.wait();
    transport::remove(row.transport, &path).expect("it can be removed");
    Flow {
        rate: count as f64 / elapsed.as_secs_f64(),
        cpu_ns: (ours.as_nanos() as f64 + theirs as f64) / count as f64,
    }
}

/// The middle one of many round trips, in microseconds.
fn round_trip(row: &Row, size: usize) -> f64 {
    let size = fitting(row.transport, size);
    let count = 20_000;
    let (path, back) = (place("there"), place("back"));
    make(row, &path, size);
    make(row, &back, size);
    let mut receiver = transport::open_receiver(row.transport, &back).expect("it is there");
    let mut partner = Partner::start("echo", row, &path, &back, size, count);
    partner.line();
    pin(0);
    let mut sender = transport::open_sender(row.transport, &path, Wait::Forever).expect("it is there");
    let message = vec![7; size];
    let mut buffer = vec![0; receiver.max_message()];
    let mut times: Vec<Duration> = (0..count)
        .map(|_| {
            let started = Instant::now();
            sender.send(&message).expect("it is read");
            receiver.recv(&mut buffer).expect("it comes back");
            started.elapsed()
        })
        .collect();
    let _ = partner.child.wait();
    for path in [path, back] {
        transport::remove(row.transport, &path).expect("it can be removed");
    }
    times.sort();
    times[count / 2].as_nanos() as f64 / 1e3
}

/// The other process: takes what comes, or sends it back.
fn partner(role: &str, transport: Transport, path: &Path, back: &Path, size: usize, count: usize) {
    pin(1);
    let mut receiver = transport::open_receiver(transport, path).expect("it is there");
    let mut buffer = vec![0; receiver.max_message()];
    say("ready");
    match role {
        "sink" => {
            let before = cpu(UsageWho::RUSAGE_SELF);
            for _ in 0..count {
                let length = receiver.recv(&mut buffer).expect("messages come");
                assert_eq!(length, size, "the length of a message");
            }
            say(&(cpu(UsageWho::RUSAGE_SELF) - before).as_nanos().to_string());
        }
        "sink-batch" => {
            let before = cpu(UsageWho::RUSAGE_SELF);
            let mut batch = Batch::new(AT_ONCE, receiver.max_message());
            let mut left = count;
            while left > 0 {
                receiver
                    .recv_batch(&mut batch, Wait::Forever)
                    .expect("messages come");
                for index in 0..batch.len() {
                    assert_eq!(batch.message(index).len(), size, "the length of a message");
                }
                left -= batch.len();
            }
            say(&(cpu(UsageWho::RUSAGE_SELF) - before).as_nanos().to_string());
        }
        _ => {
            let mut sender = transport::open_sender(transport, back, Wait::Forever).expect("it is there");
            for _ in 0..count {
                let length = receiver.recv(&mut buffer).expect("messages come");
                sender.send(&buffer[..length]).expect("it is read");
            }
        }
    }
}

/// The same between two threads of one process that spin, through a ring of arrays.
fn rtrb<const SIZE: usize>(count: usize) -> Flow {
    let (mut producer, mut consumer) = rtrb::RingBuffer::<[u8; SIZE]>::new((256 << 10) / SIZE);
    let before = cpu(UsageWho::RUSAGE_SELF);
    let started = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            pin(1);
            let mut buffer = [0; SIZE];
            for _ in 0..count {
                buffer = loop {
                    match consumer.pop() {
                        Ok(message) => break message,
                        Err(_) => std::hint::spin_loop(),
                    }
                };
                std::hint::black_box(&buffer);
            }
            std::hint::black_box(buffer);
        });
        pin(0);
        let message = std::hint::black_box([7; SIZE]);
        for _ in 0..count {
            while producer.push(message).is_err() {
                std::hint::spin_loop();
            }
        }
    });
    Flow {
        rate: count as f64 / started.elapsed().as_secs_f64(),
        cpu_ns: (cpu(UsageWho::RUSAGE_SELF) - before).as_nanos() as f64 / count as f64,
    }
}
