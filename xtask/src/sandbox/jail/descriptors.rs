//! Descriptors: closing what is not meant for the command, and watching a process.

use std::io;
use std::os::fd::{FromRawFd, OwnedFd, RawFd};

use nix::unistd::Pid;

/// Closes every descriptor but these.
pub fn close_but(keep: &[RawFd]) {
    each_gap(keep, 0);
}

/// Lets no descriptor but these outlive exec.
pub fn close_on_exec_but(keep: &[RawFd]) {
    each_gap(keep, libc::CLOSE_RANGE_CLOEXEC);
}

/// Calls `close_range` for each run of numbers between those of `keep`.
fn each_gap(keep: &[RawFd], flags: libc::c_uint) {
    for (first, last) in gaps(keep) {
        // SAFETY: the numbers belong to nothing that is used again: their owners here are forgotten or about to exec.
        let result = unsafe { libc::syscall(libc::SYS_close_range, first, last, flags) };
        debug_assert_eq!(result, 0, "close_range is older than every layer here");
    }
}

/// The runs of numbers that `keep` leaves open.
fn gaps(keep: &[RawFd]) -> Vec<(u32, u32)> {
    let mut keep: Vec<u32> = keep
        .iter()
        .filter_map(|number| u32::try_from(*number).ok())
        .collect();
    keep.sort_unstable();
    let mut gaps = Vec::new();
    let mut first = 0;
    for number in keep {
        if number > first {
            gaps.push((first, number - 1));
        }
        first = number + 1;
    }
    gaps.push((first, u32::MAX));
    gaps
}

/// A descriptor that becomes readable when the process has ended.
///
/// # Errors
/// When there is no such process, or the kernel is older than 5.3.
pub fn process(id: Pid) -> io::Result<OwnedFd> {
    // SAFETY: the call takes two numbers and returns a new descriptor or -1.
    let number = unsafe { libc::syscall(libc::SYS_pidfd_open, id.as_raw(), 0) };
    let number = RawFd::try_from(number).map_err(io::Error::other)?;
    if number < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the descriptor is new, so nothing else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_leave_out_what_is_kept() {
        assert_eq!(gaps(&[2, 0, 1, 7, 8]), [(3, 6), (9, u32::MAX)]);
        assert_eq!(gaps(&[]), [(0, u32::MAX)]);
        assert_eq!(gaps(&[1, 1, 4]), [(0, 0), (2, 3), (5, u32::MAX)]);
    }
}
