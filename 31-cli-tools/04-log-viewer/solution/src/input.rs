//! Opening: a file, a pipe, or something compressed.
//!
//! What a file holds is told by its first bytes, not by its name. A pipe filter reads a compressed file as a stream. A
//! viewer wants any part of it at any time: it has the stream copied into a temporary file that has no name, and reads
//! that one while it grows. No memory is taken by it, and disk space up to a limit.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::Sender;

use flate2::read::MultiGzDecoder;

use crate::reader::Positioned;

/// The path that stands for standard input.
pub const STDIN: &str = "-";

const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];
const ZSTD_MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

/// How a source can be read.
pub enum Input {
    /// At any offset.
    File(Arc<File>),
    /// From the start to the end, once.
    Stream(Box<dyn Read + Send>),
}

/// Opens a path, or standard input for `-`.
///
/// # Errors
/// It cannot be opened or read, or is a directory.
pub fn open(path: &Path) -> io::Result<Input> {
    if path == Path::new(STDIN) {
        return decompressed(io::stdin()).map(Input::Stream);
    }
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !metadata.is_file() {
        return decompressed(file).map(Input::Stream);
    }
    let mut magic = [0; 4];
    let count = file.read_at(&mut magic, 0)?;
    if is_compressed(&magic[..count]) {
        return decompressed(file).map(Input::Stream);
    }
    Ok(Input::File(Arc::new(file)))
}

impl Input {
    /// Itself as a stream.
    pub fn into_stream(self) -> Box<dyn Read + Send> {
        match self {
            Self::File(file) => Box::new(Positioned::new(file, 0)),
            Self::Stream(stream) => stream,
        }
    }
}

fn is_compressed(start: &[u8]) -> bool {
    start.starts_with(GZIP_MAGIC) || start.starts_with(ZSTD_MAGIC)
}

/// What `source` holds, decompressed if need be; all members and frames of it.
fn decompressed(mut source: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    let mut start = Vec::new();
    source.by_ref().take(4).read_to_end(&mut start)?;
    let (is_gzip, is_zstd) = (start.starts_with(GZIP_MAGIC), start.starts_with(ZSTD_MAGIC));
    let whole = io::Cursor::new(start).chain(source);
    Ok(if is_gzip {
        Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(64 << 10, whole)))
    } else if is_zstd {
        Box::new(zstd::Decoder::new(whole)?)
    } else {
        Box::new(whole)
    })
}

/// Copies a stream into a temporary file without a name, on a thread, and returns the file at once. Why it ended before
/// the stream did is told to `failed` with `number`.
///
/// # Errors
/// There is no temporary file to be had.
pub fn spill(
    mut stream: Box<dyn Read + Send>,
    max_bytes: u64,
    number: usize,
    failed: Sender<(usize, String)>,
) -> io::Result<Arc<File>> {
    let file = Arc::new(temporary()?);
    let mut sink = Arc::clone(&file);
    std::thread::Builder::new()
        .name("spill".to_owned())
        .spawn(move || {
            let copied = io::copy(&mut stream.by_ref().take(max_bytes), &mut sink);
            let reason = match copied {
                Ok(_) if matches!(stream.read(&mut [0]), Ok(1)) => {
                    format!("cut: longer than {max_bytes} bytes (--spill-max)")
                }
                Ok(_) => return,
                Err(error) => crate::diagnostics::reason(&error),
            };
            let _ = sink.flush();
            let _ = failed.send((number, reason));
        })?;
    Ok(file)
}

/// `$TMPDIR`, else `/var/tmp`: `/tmp` is often memory.
fn temporary() -> io::Result<File> {
    let directory = std::env::var_os("TMPDIR").map_or_else(|| PathBuf::from("/var/tmp"), PathBuf::from);
    tempfile::tempfile_in(directory).or_else(|_| tempfile::tempfile())
}
