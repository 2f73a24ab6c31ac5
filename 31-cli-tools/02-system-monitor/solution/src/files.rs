//! Files of `/proc`: made at the moment when they are read, without a size, and gone without notice.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What is read of a process's file. `stat` and `status` are shorter; of a command line there may be megabytes.
const RECORD_MAX_BYTES: usize = 4096;

/// What is read of a file of the system. The longest, `stat`, has some bytes for each interrupt of the machine.
const FILE_MAX_BYTES: u64 = 4 << 20;

/// The error of a read from a file of a process that has ended meanwhile: no such process.
const ESRCH: i32 = 3;

/// Reads a file into `buffer`, to its end. Its size is not asked for: files of `/proc` have none.
///
/// # Errors
/// It cannot be opened or read.
pub fn read_file(path: &Path, buffer: &mut Vec<u8>) -> io::Result<()> {
    buffer.clear();
    File::open(path)?.take(FILE_MAX_BYTES).read_to_end(buffer)?;
    Ok(())
}

/// Reads a file of one record into `buffer`, or the beginning of it. The kernel hands out such a record in one read, so
/// that there is no need to ask for more, and it would cost a quarter of the system calls.
///
/// # Errors
/// It cannot be opened or read.
pub fn read_record(path: &Path, buffer: &mut Vec<u8>) -> io::Result<()> {
    let mut file = File::open(path)?;
    buffer.resize(RECORD_MAX_BYTES, 0);
    loop {
        match file.read(buffer) {
            Ok(count) => {
                buffer.truncate(count);
                return Ok(());
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether what was to be read is not there, or is there no more.
pub fn is_absent(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound || error.raw_os_error() == Some(ESRCH)
}
