//! What both test files need: hashes that a test chooses, values that count their ends, and simulated misses.

use std::hash::{BuildHasher, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use cache_friendly::group::Control;
use phase7::Scratch;
use phase7::valgrind::{Caches, callgrind};

/// The hash of a `u64` is the number itself.
#[derive(Debug, Clone, Default)]
pub struct Itself;

impl BuildHasher for Itself {
    type Hasher = ItselfHasher;

    fn build_hasher(&self) -> ItselfHasher {
        ItselfHasher(0)
    }
}

/// See [`Itself`].
pub struct ItselfHasher(u64);

impl Hasher for ItselfHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0 << 8 | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// A key whose search begins at `group`, with this tag. Keys of different `number` differ.
pub fn key(tag: u8, number: u64, group: u64) -> u64 {
    assert!(tag < 128 && number < 1 << 16 && group < 1 << 16);
    u64::from(tag) << 57 | number << 16 | group
}

/// The control bytes of a group: those that are given, and EMPTY ones.
pub fn control(bytes: &[u8]) -> Control {
    let mut control = Control::EMPTY;
    control.0[..bytes.len()].copy_from_slice(bytes);
    control
}

/// How many values there are of those made with it.
#[derive(Debug, Clone, Default)]
pub struct Alive(Arc<AtomicUsize>);

/// A value that counts its end.
#[derive(Debug)]
pub struct Counted {
    /// What it is a value of.
    pub number: u64,
    alive: Arc<AtomicUsize>,
}

impl Alive {
    /// One more value.
    pub fn value(&self, number: u64) -> Counted {
        self.0.fetch_add(1, Relaxed);
        Counted {
            number,
            alive: Arc::clone(&self.0),
        }
    }

    /// Values made and not dropped; a value dropped twice counts twice.
    pub fn count(&self) -> isize {
        self.0.load(Relaxed).cast_signed()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Relaxed);
    }
}

/// Numbers without a pattern, the same ones at every run (xorshift).
pub struct Numbers(pub u64);

impl Numbers {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number less than `bound`.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// What a run of the driver says, and its misses in the first level (32 KiB, 8 ways, lines of 64 bytes).
pub fn simulate(structure: &str, count: u64, first: u64, second: u64) -> (u64, u64) {
    let arguments = [count, first, second].map(|number| number.to_string());
    let program = phase7::program!().arg(structure).args(arguments);
    let (output, counts) = callgrind(program, Some(Caches::USUAL));
    let output = output.expect_code(0);
    let result = output.stdout().trim().parse();
    (result.expect("the driver prints a number"), counts.first_misses())
}

/// A directory made like `/sys/devices/system/node`: for each node its number, `cpulist` and `distance`.
pub fn nodes(nodes: &[(&str, &str, &str)]) -> Scratch {
    let directory = Scratch::new();
    for (id, cpus, distances) in nodes {
        let node = directory.path().join(format!("node{id}"));
        std::fs::create_dir(&node).expect("a directory");
        write(&node.join("cpulist"), cpus);
        write(&node.join("distance"), distances);
    }
    write(&directory.path().join("online"), "0-1\n");
    directory
}

/// Writes a file.
pub fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file");
}
