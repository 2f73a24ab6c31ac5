//! Reads and writes of 64-byte values, beside a cache inside the process and beside two servers.
//!
//! `cargo bench -p shm-cache-solution` measures the reference. Without redis-server or memcached (packages of Debian) the
//! rows of that server are left out. In-process rows are CPU time, the best of several rounds taken in turn: other work
//! on the machine disturbs them least. Rows of servers are requests one by one over a UNIX socket.

use std::fs;
use std::hint::black_box;
use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::time::{ClockId, clock_gettime};
use quick_cache::sync::Cache;
use shm_cache::{Config, SharedCache};

const ROUNDS: usize = 5;
const OPERATIONS: u32 = 1_000_000;
const VALUE: [u8; 64] = [7; 64];

type Key = [u8; 16];

/// CPU time of this thread.
fn cpu() -> Duration {
    Duration::from(clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("Linux has this clock"))
}

/// Keys in an order without a pattern.
fn keys(count: usize) -> Vec<Key> {
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    (0..OPERATIONS)
        .map(|_| key((next() % count as u64) as usize))
        .collect()
}

fn key(number: usize) -> Key {
    format!("key:{number:012}")
        .into_bytes()
        .try_into()
        .expect("16 bytes")
}

/// Nanoseconds of CPU for each of `keys`.
fn time(keys: &[Key], mut act: impl FnMut(&Key)) -> f64 {
    let start = cpu();
    for key in keys {
        act(black_box(key));
    }
    (cpu() - start).as_nanos() as f64 / keys.len() as f64
}

/// The best of each column.
fn best<const N: usize>(mut round: impl FnMut() -> [f64; N]) -> [f64; N] {
    (0..ROUNDS)
        .map(|_| round())
        .fold([f64::INFINITY; N], |best, row| {
            std::array::from_fn(|column| best[column].min(row[column]))
        })
}

/// Ours beside quick_cache, one thread, `count` keys in caches with room for twice as many.
fn in_process(directory: &Path, count: usize) {
    let path = directory.join(format!("cache-{count}"));
    let config = Config {
        slots: 2 * count as u64,
        slab_bytes: 88,
    };
    let ours = SharedCache::create(&path, config).expect("there is room");
    let quick: Cache<Key, [u8; 64]> = Cache::new(2 * count);
    for key in (0..count).map(key) {
        ours.set(&key, &VALUE, None).expect("it fits");
        quick.insert(key, VALUE);
    }
    let keys = keys(count);
    let mut buffer = [0; 64];
    let row = best(|| {
        [
            time(&keys, |key| {
                black_box(ours.get(key, &mut buffer).expect("a good key"));
            }),
            time(&keys, |key| {
                black_box(quick.get(key));
            }),
            time(&keys, |key| ours.set(key, &VALUE, None).expect("it fits")),
            time(&keys, |key| quick.insert(*key, VALUE)),
        ]
    });
    println!(
        "{count:>8} keys   get {:6.1} ns, quick_cache {:6.1}   set {:6.1} ns, quick_cache {:6.1}",
        row[0], row[1], row[2], row[3]
    );
    let path = &path;
    for processes in [1, 2] {
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..processes {
                scope.spawn(|| {
                    let cache = SharedCache::open(path).expect("it is there");
                    let mut buffer = [0; 64];
                    time(&keys, |key| {
                        black_box(cache.get(key, &mut buffer).expect("a good key"));
                    });
                    time(&keys, |key| {
                        black_box(cache.get(key, &mut buffer).expect("a good key"));
                    })
                });
            }
        });
        let rate = f64::from(2 * processes * OPERATIONS) / start.elapsed().as_secs_f64() / 1e6;
        println!("{count:>8} keys   {processes} handles at once: {rate:.1} M gets a second of wall clock");
    }
}

/// A server that is killed when it is dropped.
struct Server {
    child: Child,
    stream: UnixStream,
}

impl Server {
    /// Starts a server, and connects to its socket as soon as that is there.
    fn start(command: &mut Command, socket: &Path) -> io::Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            match UnixStream::connect(socket) {
                Ok(stream) => return Ok(Self { child, stream }),
                Err(error) if Instant::now() > deadline => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(error);
                }
                Err(_) => thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    /// Nanoseconds on a CPU of all its threads.
    fn cpu_ns(&self) -> f64 {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id())).expect("it lives");
        let times = tasks.map(|task| {
            let text = fs::read_to_string(task.expect("an entry").path().join("schedstat"));
            let text = text.expect("the kernel counts");
            let first = text.split(' ').next().and_then(|time| time.parse::<f64>().ok());
            first.expect("a number")
        });
        times.sum()
    }

    /// Sends `request` and reads `reply_bytes`, `count` times.
    fn exchange(
        &mut self,
        name: &str,
        count: u32,
        request: impl Fn(u32) -> Vec<u8>,
        reply_bytes: usize,
    ) -> io::Result<f64> {
        let mut reply = vec![0; reply_bytes];
        let (start, server, client) = (Instant::now(), self.cpu_ns(), cpu());
        for number in 0..count {
            self.stream.write_all(&request(number))?;
            self.stream.read_exact(&mut reply)?;
        }
        let wall_ns = start.elapsed().as_nanos() as f64 / f64::from(count);
        let server_ns = (self.cpu_ns() - server) / f64::from(count);
        let client_ns = (cpu() - client).as_nanos() as f64 / f64::from(count);
        println!(
            "{name}: {:.0} a second, {server_ns:.0} ns of the server's CPU, {client_ns:.0} of the client's",
            1e9 / wall_ns
        );
        Ok(server_ns)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const REQUESTS: u32 = 100_000;

fn redis(directory: &Path) -> io::Result<()> {
    let socket = directory.join("redis");
    let mut command = Command::new("redis-server");
    command
        .args(["--port", "0", "--save", "", "--unixsocket"])
        .arg(&socket)
        .arg("--dir")
        .arg(directory);
    let mut server = Server::start(&mut command, &socket)?;
    let value = str::from_utf8(&VALUE).expect("ASCII");
    let name = |number: u32| format!("key:{:012}", number % 10_000);
    let set =
        |number| format!("*3\r\n$3\r\nSET\r\n$16\r\n{}\r\n$64\r\n{value}\r\n", name(number)).into_bytes();
    let get = |number| format!("*2\r\n$3\r\nGET\r\n$16\r\n{}\r\n", name(number)).into_bytes();
    server.exchange("redis SET", REQUESTS, set, "+OK\r\n".len())?;
    server.exchange("redis GET", REQUESTS, get, "$64\r\n".len() + 64 + 2)?;
    Ok(())
}

fn memcached(directory: &Path) -> io::Result<()> {
    let socket = directory.join("memcached");
    let mut command = Command::new("memcached");
    // It refuses to run as root without being told to.
    command.args(["-u", "root", "-t", "1", "-s"]).arg(&socket);
    let mut server = Server::start(&mut command, &socket)?;
    let value = str::from_utf8(&VALUE).expect("ASCII");
    let name = |number: u32| format!("key:{:012}", number % 10_000);
    let set = |number| format!("set {} 0 0 64\r\n{value}\r\n", name(number)).into_bytes();
    let get = |number| format!("get {}\r\n", name(number)).into_bytes();
    server.exchange("memcached SET", REQUESTS, set, "STORED\r\n".len())?;
    let reply = "VALUE key:000000000000 0 64\r\n".len() + 64 + "\r\nEND\r\n".len();
    server.exchange("memcached GET", REQUESTS, get, reply)?;
    Ok(())
}

/// All of them.
pub fn main() {
    let directory = tempfile::tempdir_in("/dev/shm").expect("Linux has shared memory");
    for count in [10_000, 200_000] {
        in_process(directory.path(), count);
    }
    for (name, run) in [
        ("redis", redis as fn(&Path) -> io::Result<()>),
        ("memcached", memcached),
    ] {
        if let Err(error) = run(directory.path()) {
            println!("{name} was not measured: {error}");
        }
    }
}
