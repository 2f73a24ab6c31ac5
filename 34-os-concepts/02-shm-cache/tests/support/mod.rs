//! What both test files use: a region in a scratch directory, its bytes, and processes that use it.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use phase7::process::Output;
use phase7::{Program, Running, Scratch};
use shm_cache::digest::Key;
use shm_cache::{Clock, Config, SharedCache};

/// How long a test waits for other processes on a loaded machine.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Bytes of the page before the first set.
const HEADER_BYTES: u64 = 4096;
/// Slots of a set.
pub const SET_SLOTS: u64 = 32;

/// A region in a directory of its own.
pub struct Fixture {
    scratch: Scratch,
    pub config: Config,
}

impl Fixture {
    /// A new region.
    pub fn new(slots: u64, slab_bytes: u32) -> Self {
        let fixture = Self {
            scratch: Scratch::new(),
            config: Config { slots, slab_bytes },
        };
        drop(fixture.create());
        fixture
    }

    fn create(&self) -> SharedCache {
        SharedCache::create(&self.path(), self.config).expect("a region can be made")
    }

    pub fn path(&self) -> PathBuf {
        self.scratch.join("region")
    }

    /// A handle of it.
    #[track_caller]
    pub fn open(&self) -> SharedCache {
        SharedCache::open(&self.path()).expect("the region is in order")
    }

    /// A handle whose time is what the number says.
    pub fn open_with_clock(&self) -> (SharedCache, Arc<AtomicU64>) {
        let now_ns = Arc::new(AtomicU64::new(1_000));
        (self.open().with_clock(Clock::Manual(Arc::clone(&now_ns))), now_ns)
    }

    /// The bytes of the file.
    pub fn image(&self) -> Image {
        Image::open(&self.path(), self.config.slab_bytes)
    }

    /// The program with `command` for this region.
    pub fn program(&self, command: &str) -> Program {
        phase7::program!()
            .arg(command)
            .arg(self.path())
            .deadline(DEADLINE)
    }

    /// Runs the program with `command` for this region.
    #[track_caller]
    pub fn run<const N: usize>(&self, command: &str, arguments: [&str; N]) -> Output {
        self.program(command).args(arguments).run()
    }

    /// A process that is attached, and serves commands.
    #[track_caller]
    pub fn session(&self) -> Session {
        let mut running = self.program("session").spawn();
        running.wait_for_line("attached");
        Session { running, replies: 1 }
    }
}

/// A process that serves commands.
pub struct Session {
    pub running: Running,
    /// Lines that it has printed and we have read.
    replies: usize,
}

impl Session {
    /// Sends a command, and does not wait for the reply.
    pub fn send(&mut self, command: &str) {
        self.running.write(format!("{command}\n"));
    }

    /// Waits for the next reply.
    #[track_caller]
    pub fn reply(&mut self) -> String {
        let skipped = self.replies;
        self.replies += 1;
        self.running.wait_for_stdout("a reply", |text| {
            let complete = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
            complete.lines().nth(skipped).map(str::to_owned)
        })
    }

    /// Sends a command and returns the reply.
    #[track_caller]
    pub fn ask(&mut self, command: &str) -> String {
        self.send(command);
        self.reply()
    }
}

/// The bytes of a region's file, reached through the file and not through a mapping.
pub struct Image {
    file: File,
    slab_bytes: u32,
}

impl Image {
    pub fn open(path: &Path, slab_bytes: u32) -> Self {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .expect("the file is there");
        Self { file, slab_bytes }
    }

    pub fn bytes<const N: usize>(&self, at: u64) -> [u8; N] {
        let mut bytes = [0; N];
        self.file
            .read_exact_at(&mut bytes, at)
            .expect("the file is that long");
        bytes
    }

    pub fn u32(&self, at: u64) -> u32 {
        u32::from_le_bytes(self.bytes(at))
    }

    pub fn u64(&self, at: u64) -> u64 {
        u64::from_le_bytes(self.bytes(at))
    }

    pub fn write(&self, at: u64, bytes: &[u8]) {
        self.file
            .write_all_at(bytes, at)
            .expect("the file can be written");
    }

    pub fn truncate(&self, bytes: u64) {
        self.file.set_len(bytes).expect("the file can be cut");
    }

    pub fn len(&self) -> u64 {
        self.file.metadata().expect("it is there").len()
    }

    /// What the region's hashes begin with.
    pub fn seed(&self) -> u64 {
        self.u64(40)
    }

    pub fn slot_bytes(&self) -> u64 {
        (40 + u64::from(self.slab_bytes)).next_multiple_of(64)
    }

    pub fn set_count(&self) -> u64 {
        self.u64(24)
    }

    /// Where set `index` begins, which is where its lock is.
    pub fn set_at(&self, index: u64) -> u64 {
        HEADER_BYTES + index * (128 + SET_SLOTS * self.slot_bytes())
    }

    /// Where slot `index` of set `set` begins.
    pub fn slot_at(&self, set: u64, index: u64) -> u64 {
        self.set_at(set) + 128 + index * self.slot_bytes()
    }

    /// The tag of slot `index` of set `set`.
    pub fn tag(&self, set: u64, index: u64) -> u16 {
        u16::from_le_bytes(self.bytes(self.set_at(set) + 64 + 2 * index))
    }

    /// The set that a key belongs to.
    pub fn set_of(&self, key: &str) -> u64 {
        let hash = Key::new(key.as_bytes(), self.seed()).hash;
        ((u128::from(hash) * u128::from(self.set_count())) >> 64) as u64
    }

    /// The slot of a key: the one of its set that has its tag, and the key in it.
    #[track_caller]
    pub fn slot_of(&self, key: &str) -> u64 {
        let (set, tag) = (self.set_of(key), Key::new(key.as_bytes(), self.seed()).tag());
        let holds = |index: u64| {
            let mut bytes = vec![0; key.len()];
            let read = self.file.read_exact_at(&mut bytes, self.slot_at(set, index) + 40);
            read.is_ok() && bytes == key.as_bytes()
        };
        let index = (0..SET_SLOTS).find(|&index| self.tag(set, index) == tag && holds(index));
        self.slot_at(set, index.expect("a slot has the tag of the key, and the key"))
    }

    /// Turns one bit around.
    pub fn flip(&self, at: u64, bit: u32) {
        let [byte] = self.bytes(at);
        self.write(at, &[byte ^ 1 << bit]);
    }
}

/// The value of a key, as a string that is easy to compare.
#[track_caller]
pub fn get(cache: &SharedCache, key: &str) -> Option<String> {
    let mut buffer = vec![0; 1 << 20];
    let value = cache.get(key.as_bytes(), &mut buffer).expect("a key that can be");
    value.map(|value| String::from_utf8(value.to_vec()).expect("text"))
}

/// Stores a value for as long as there is room.
#[track_caller]
pub fn set(cache: &SharedCache, key: &str, value: &str) {
    cache
        .set(key.as_bytes(), value.as_bytes(), None)
        .expect("it fits");
}

/// Moves a manual clock on.
pub fn pass(now_ns: &AtomicU64, time: Duration) {
    now_ns.fetch_add(time.as_nanos() as u64, SeqCst);
}
