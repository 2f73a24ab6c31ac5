//! The commands. Given: nothing in this file is left to do.
//!
//! | exit code | meaning |
//! |---|---|
//! | 0 | done |
//! | 1 | `get`, `remove`: the key is not there; `check`: something was damaged |
//! | 2 | not done: the command line is wrong, or the region, or the request |

use std::ffi::OsString;
use std::io::{self, BufRead, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::cache::SharedCache;
use crate::error::{CacheError, OpenError};
use crate::hammer;
use crate::layout::Config;

/// A key-value cache in shared memory, for many processes and without a server.
#[derive(Parser)]
#[command(name = "shm-cache", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a region in a new file; on a tmpfs, such as /dev/shm, it stays in memory
    Create {
        /// The file
        path: PathBuf,
        #[command(flatten)]
        shape: Shape,
    },
    /// Print the value of KEY
    Get {
        /// The file of the region
        path: PathBuf,
        /// The key
        key: OsString,
    },
    /// Store VALUE for KEY
    Set {
        /// The file of the region
        path: PathBuf,
        /// The key
        key: OsString,
        /// The value
        value: OsString,
        /// Milliseconds until the entry expires
        #[arg(long, value_name = "MS")]
        ttl_ms: Option<u64>,
    },
    /// Drop the entry of KEY
    Remove {
        /// The file of the region
        path: PathBuf,
        /// The key
        key: OsString,
    },
    /// Show what the region holds and what has happened to it
    Stats {
        /// The file of the region
        path: PathBuf,
    },
    /// Look at every entry, and drop those that are damaged
    Check {
        /// The file of the region
        path: PathBuf,
    },
    /// Serve commands from standard input, one a line: get KEY, set KEY VALUE (MS), remove KEY, stats
    Session {
        /// The file of the region
        path: PathBuf,
    },
    /// Read and write as fast as possible, and print the history of it
    #[command(hide = true)]
    Hammer {
        /// The file of the region
        path: PathBuf,
        #[command(flatten)]
        load: hammer::Load,
    },
}

#[derive(Args)]
struct Shape {
    /// Entries that the region has room for
    #[arg(long, default_value_t = Config::default().slots)]
    slots: u64,
    /// Bytes for a key and a value together
    #[arg(long, value_name = "BYTES", default_value_t = Config::default().slab_bytes)]
    slab: u32,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum CliError {
    #[error("{}: {error}", path.display())]
    Open {
        path: PathBuf,
        #[source]
        error: OpenError,
    },
    #[error(transparent)]
    Request(#[from] CacheError),
    #[error("cannot print: {0}")]
    Print(#[from] io::Error),
}

/// The program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    match execute(cli.command) {
        Ok(code) => code,
        Err(CliError::Print(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "shm-cache: {error}");
            ExitCode::from(2)
        }
    }
}

/// Help and version as they are; of a mistake the first line, which names it.
fn usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    let _ = writeln!(io::stderr(), "shm-cache: {}", line.trim_start_matches("error: "));
    ExitCode::from(2)
}

fn execute(command: Command) -> Result<ExitCode, CliError> {
    let mut stdout = io::stdout().lock();
    let found = match command {
        Command::Create { path, shape } => {
            let config = Config {
                slots: shape.slots,
                slab_bytes: shape.slab,
            };
            SharedCache::create(&path, config).map_err(|error| CliError::Open { path, error })?;
            true
        }
        Command::Get { path, key } => {
            let cache = open(path)?;
            let mut buffer = vec![0; cache.stats().slab_bytes as usize];
            let value = cache.get(key.as_bytes(), &mut buffer)?;
            if let Some(value) = value {
                stdout.write_all(value)?;
                stdout.write_all(b"\n")?;
            }
            value.is_some()
        }
        Command::Set {
            path,
            key,
            value,
            ttl_ms,
        } => {
            let ttl = ttl_ms.map(Duration::from_millis);
            open(path)?.set(key.as_bytes(), value.as_bytes(), ttl)?;
            true
        }
        Command::Remove { path, key } => open(path)?.remove(key.as_bytes())?,
        Command::Stats { path } => {
            write!(stdout, "{}", table(&open(path)?))?;
            true
        }
        Command::Check { path } => {
            let damaged = open(path)?.check();
            writeln!(stdout, "{damaged} damaged")?;
            damaged == 0
        }
        Command::Session { path } => {
            session(&open(path)?, &mut stdout)?;
            true
        }
        Command::Hammer { path, load } => {
            hammer::run(&open(path)?, &load, &mut stdout)?;
            true
        }
    };
    stdout.flush()?;
    Ok(ExitCode::from(if found { 0 } else { 1 }))
}

fn open(path: PathBuf) -> Result<SharedCache, CliError> {
    SharedCache::open(&path).map_err(|error| CliError::Open { path, error })
}

/// The figures, one a line.
fn table(cache: &SharedCache) -> String {
    let stats = cache.stats();
    [
        ("slots", stats.slots),
        ("slab_bytes", u64::from(stats.slab_bytes)),
        ("entries", stats.entries),
        ("evictions", stats.evictions),
        ("expirations", stats.expirations),
        ("corruptions", stats.corruptions),
        ("recoveries", stats.recoveries),
    ]
    .map(|(name, count)| format!("{name} {count}\n"))
    .concat()
}

/// Answers line by line until standard input ends.
fn session(cache: &SharedCache, stdout: &mut impl Write) -> Result<(), CliError> {
    writeln!(stdout, "attached")?;
    stdout.flush()?;
    let mut buffer = vec![0; cache.stats().slab_bytes as usize];
    for line in io::stdin().lock().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let reply = match words[..] {
            ["get", key] => cache.get(key.as_bytes(), &mut buffer).map(|value| match value {
                Some(value) => format!("value {}", String::from_utf8_lossy(value)),
                None => "miss".to_owned(),
            }),
            ["set", key, value] => cache
                .set(key.as_bytes(), value.as_bytes(), None)
                .map(|()| "stored".to_owned()),
            ["set", key, value, ttl_ms] => {
                let ttl = Duration::from_millis(ttl_ms.parse().unwrap_or(0));
                cache
                    .set(key.as_bytes(), value.as_bytes(), Some(ttl))
                    .map(|()| "stored".to_owned())
            }
            ["remove", key] => cache
                .remove(key.as_bytes())
                .map(|was_there| if was_there { "removed" } else { "miss" }.to_owned()),
            ["stats"] => Ok(table(cache).trim_end().replace('\n', ", ")),
            _ => Ok(format!("error: cannot understand {line:?}")),
        };
        let reply = reply.unwrap_or_else(|error| format!("error: {error}"));
        writeln!(stdout, "{reply}")?;
        stdout.flush()?;
    }
    Ok(())
}
