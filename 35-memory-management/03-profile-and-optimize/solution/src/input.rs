//! Where the bytes of a log come from: a map of a file, or a stream in blocks.

use std::fs::File;
use std::io::{self, ErrorKind, Read};

use memmap2::{Advice, Mmap};

/// What a block has room for at first. A line that is longer makes it grow.
const BLOCK_BYTES: usize = 64 << 10;

/// The file in memory, if it is one that can be mapped.
///
/// A pipe cannot, and neither can a file of `/proc`, whose length is said to be 0 whatever it holds.
pub fn map(file: &File) -> Option<Mmap> {
    let metadata = file.metadata().ok()?;
    if !metadata.is_file() || metadata.len() == 0 {
        return None;
    }
    // SAFETY: the map is read-only and private to this call of `report_file`, whose documentation asks the caller that
    // nobody changes the file meanwhile; a file that were cut would end the process by a signal.
    let map = unsafe { Mmap::map(file) }.ok()?;
    // Advice for the kernel's read-ahead; a file system that does not know it serves as well.
    let _ = map.advise(Advice::Sequential);
    Some(map)
}

/// Reads to the end in blocks, and calls `take` with each: whole lines, but for the last one if it has no line feed.
///
/// # Errors
/// When reading fails; an interruption is not a failure.
pub fn blocks(input: &mut dyn Read, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; BLOCK_BYTES];
    let mut filled = 0;
    loop {
        if filled == buffer.len() {
            buffer.resize(2 * filled, 0);
        }
        match input.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => {
                let new = filled;
                filled += count;
                // Only new bytes can end a line: one that is longer than many blocks is not searched again and again.
                if let Some(end) = memchr::memrchr(b'\n', &buffer[new..filled]) {
                    let taken = new + end + 1;
                    take(&buffer[..taken]);
                    buffer.copy_within(taken..filled, 0);
                    filled -= taken;
                }
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    take(&buffer[..filled]);
    Ok(())
}
