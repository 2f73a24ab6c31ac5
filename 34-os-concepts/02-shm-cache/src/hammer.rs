//! A load that keeps its own history, for the tests. Given: nothing in this file is left to do.
//!
//! ```text
//! set 3 17.42 81250      key 3, the value that begins with 17.42, begun at 81250 ns
//! done - 81910           and done at 81910 ns
//! get 3 - 82000          …
//! done 17.42 82100       found this value; - stands for a miss
//! ```
//!
//! Between two operations that are written down there are others on keys of their own, so that whoever is killed was
//! probably at work. A value that is not whole ends the program.

use std::io::{self, Write};

use nix::time::{ClockId, clock_gettime};

use crate::cache::SharedCache;

/// What to do.
#[derive(clap::Args)]
pub struct Load {
    /// The first part of each value that this process writes
    #[arg(long)]
    worker: u64,
    /// Keys that are written down
    #[arg(long)]
    keys: u64,
    /// Keys that are not
    #[arg(long, default_value_t = 8)]
    others: u64,
    /// Operations that are written down
    #[arg(long)]
    operations: u64,
    /// How many of a hundred are removals
    #[arg(long, default_value_t = 0)]
    removals: u64,
    /// Bytes of the longest value
    #[arg(long)]
    value: usize,
    /// Operations that are not written down behind each one that is
    #[arg(long, default_value_t = 40)]
    noise: u64,
}

/// Numbers without a pattern (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// Runs the load, and prints `end` behind it.
///
/// # Errors
/// When it cannot print, or reads what nobody wrote.
pub fn run(cache: &SharedCache, load: &Load, stdout: &mut impl Write) -> io::Result<()> {
    let mut numbers = Numbers((load.worker + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut buffer = vec![0; load.value];
    for count in 0..load.operations {
        let key = numbers.below(load.keys);
        let name = format!("key {key}");
        let id = format!("{}.{count}", load.worker);
        let chosen = numbers.below(100);
        if chosen < load.removals {
            write_line(stdout, &format!("remove {key} - {}\n", now_ns()))?;
            cache.remove(name.as_bytes()).map_err(io::Error::other)?;
            write_line(stdout, &format!("done - {}\n", now_ns()))?;
        } else if chosen < load.removals + (100 - load.removals) / 2 {
            let value = fill(&id, load.value, &mut numbers);
            write_line(stdout, &format!("set {key} {id} {}\n", now_ns()))?;
            cache
                .set(name.as_bytes(), &value, None)
                .map_err(io::Error::other)?;
            write_line(stdout, &format!("done - {}\n", now_ns()))?;
        } else {
            write_line(stdout, &format!("get {key} - {}\n", now_ns()))?;
            let value = cache
                .get(name.as_bytes(), &mut buffer)
                .map_err(io::Error::other)?;
            let now_ns = now_ns();
            let found = value.map_or(Ok("-"), verify)?;
            write_line(stdout, &format!("done {found} {now_ns}\n"))?;
        }
        for _ in 0..load.noise {
            let name = format!("other {}", numbers.below(load.others));
            if numbers.below(4) == 0 {
                let value = cache
                    .get(name.as_bytes(), &mut buffer)
                    .map_err(io::Error::other)?;
                value.map_or(Ok("-"), verify)?;
            } else {
                let value = fill(&id, load.value, &mut numbers);
                cache
                    .set(name.as_bytes(), &value, None)
                    .map_err(io::Error::other)?;
            }
        }
    }
    write_line(stdout, "end\n")
}

/// One call of `write(2)`, so that what was written survives us.
fn write_line(stdout: &mut impl Write, line: &str) -> io::Result<()> {
    stdout.write_all(line.as_bytes())?;
    stdout.flush()
}

/// A value of any length that says in each part whose it is: `17.42;17.42;17.42;17`.
fn fill(id: &str, bytes_max: usize, numbers: &mut Numbers) -> Vec<u8> {
    let bytes_min = id.len() + 1;
    let bytes = bytes_min as u64 + numbers.below((bytes_max - bytes_min + 1) as u64);
    let pattern = id.bytes().chain([b';']);
    pattern.cycle().take(bytes as usize).collect()
}

/// Whose value it is, if it is one and whole.
fn verify(value: &[u8]) -> io::Result<&str> {
    let end = value.iter().position(|byte| *byte == b';');
    let whole = end.filter(|end| value.chunks(end + 1).all(|part| part == &value[..part.len()]));
    whole
        .and_then(|end| str::from_utf8(&value[..end]).ok())
        .ok_or_else(|| {
            io::Error::other(format!(
                "read what nobody wrote: {:?}",
                String::from_utf8_lossy(value)
            ))
        })
}

/// The time by the clock that all processes share.
fn now_ns() -> u64 {
    let now = clock_gettime(ClockId::CLOCK_MONOTONIC).expect("Linux has this clock");
    now.tv_sec() as u64 * 1_000_000_000 + now.tv_nsec() as u64
}
