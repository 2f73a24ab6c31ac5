//! System calls on plain numbers: the only unsafe code.
//!
//! A shell is about descriptors as numbers: `3>&1` means these two and no others, whoever owns them. The standard
//! library's types own what they stand for and would close it, so the calls are made here, thinly, and everything above
//! is safe code. Three things are to be known about them:
//!
//! - The process has one thread, always. So the child of [`fork`] may do what any process may, allocate for instance.
//! - Descriptors from [`SAVED_MIN`] on are the shell's own and are closed by exec.
//! - A signal's handler only notes that it came, and [`take_pending`] asks; only that of a hangup acts.

use std::ffi::{CStr, CString};
use std::os::fd::RawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use nix::errno::Errno;
use nix::sys::termios::{SetArg, Termios};
use nix::unistd::{ForkResult, Pid};

/// The first descriptor that the shell takes for itself.
pub const SAVED_MIN: RawFd = 100;

/// One more than the largest number of a signal.
pub const SIGNALS: usize = 65;

/// Makes a process: `None` in the child.
///
/// # Errors
/// When there may be no more processes.
pub fn fork() -> nix::Result<Option<Pid>> {
    // SAFETY: the process has one thread, so that no lock can be held by one that the child lacks.
    match unsafe { nix::unistd::fork() }? {
        ForkResult::Child => Ok(None),
        ForkResult::Parent { child } => Ok(Some(child)),
    }
}

/// Replaces the process; returns only when that fails.
pub fn exec(path: &CStr, arguments: &[CString], environment: &[CString]) -> Errno {
    match nix::unistd::execve(path, arguments, environment) {
        Ok(never) => match never {},
        Err(error) => error,
    }
}

/// Ends the process at once, without what Rust's or C's library do at an exit.
pub fn exit(status: i32) -> ! {
    // SAFETY: _exit has no precondition.
    unsafe { libc::_exit(status) }
}

/// Opens a file, closed by exec.
///
/// # Errors
/// As open(2).
pub fn open(path: &[u8], flags: i32) -> nix::Result<RawFd> {
    let path = CString::new(path).map_err(|_| Errno::ENOENT)?;
    loop {
        // SAFETY: the path is a string that ends in a zero byte.
        let result = unsafe { libc::open(path.as_ptr(), flags | libc::O_CLOEXEC, 0o666) };
        match Errno::result(result) {
            Err(Errno::EINTR) => {}
            result => return result,
        }
    }
}

/// Makes `to` another name of `from`, kept by exec.
///
/// # Errors
/// `EBADF` when `from` is not open.
pub fn duplicate(from: RawFd, to: RawFd) -> nix::Result<()> {
    if from == to {
        return keep(from);
    }
    // SAFETY: the numbers are no pointers, and nobody but the script owns a descriptor by its number.
    Errno::result(unsafe { libc::dup2(from, to) }).map(drop)
}

/// Takes the close-on-exec flag from a descriptor.
fn keep(descriptor: RawFd) -> nix::Result<()> {
    // SAFETY: as in `duplicate`.
    Errno::result(unsafe { libc::fcntl(descriptor, libc::F_SETFD, 0) }).map(drop)
}

/// Another name of a descriptor, out of the way of scripts and closed by exec.
///
/// # Errors
/// `EBADF` when it is not open.
pub fn save(descriptor: RawFd) -> nix::Result<RawFd> {
    // SAFETY: as in `duplicate`.
    Errno::result(unsafe { libc::fcntl(descriptor, libc::F_DUPFD_CLOEXEC, SAVED_MIN) })
}

/// Closes a descriptor, open or not.
pub fn close(descriptor: RawFd) {
    // SAFETY: as in `duplicate`.
    unsafe { libc::close(descriptor) };
}

/// A pipe: its reading and its writing end, both closed by exec.
///
/// # Errors
/// When there may be no more descriptors.
pub fn pipe() -> nix::Result<(RawFd, RawFd)> {
    let mut ends = [0; 2];
    // SAFETY: pipe2 writes two numbers to the array.
    Errno::result(unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) })?;
    Ok((ends[0], ends[1]))
}

/// A file without a name, closed by exec: in memory, or where a sandbox forbids that in `/tmp`.
///
/// # Errors
/// When there may be no more descriptors, or `/tmp` takes no such file.
pub fn nameless_file() -> nix::Result<RawFd> {
    // SAFETY: the name is a string that ends in a zero byte.
    let made = unsafe { libc::memfd_create(c"here-document".as_ptr(), libc::MFD_CLOEXEC) };
    match Errno::result(made) {
        Err(Errno::EPERM | Errno::ENOSYS) => {
            let flags = libc::O_TMPFILE | libc::O_RDWR | libc::O_CLOEXEC;
            // SAFETY: as above.
            Errno::result(unsafe { libc::open(c"/tmp".as_ptr(), flags, 0o600) })
        }
        made => made,
    }
}

/// Moves the position in a file.
///
/// # Errors
/// `ESPIPE` for what has none.
pub fn seek(descriptor: RawFd, offset: i64, whence: i32) -> nix::Result<i64> {
    // SAFETY: as in `duplicate`.
    Errno::result(unsafe { libc::lseek(descriptor, offset, whence) })
}

/// Reads once.
///
/// # Errors
/// As read(2), `EINTR` too.
pub fn read(descriptor: RawFd, buffer: &mut [u8]) -> nix::Result<usize> {
    // SAFETY: the kernel writes at most as many bytes as the buffer has.
    let count = unsafe { libc::read(descriptor, buffer.as_mut_ptr().cast(), buffer.len()) };
    Errno::result(count).map(|count| usize::try_from(count).expect("a count of bytes is not negative"))
}

/// Writes all of it.
///
/// # Errors
/// As write(2).
pub fn write_all(descriptor: RawFd, mut bytes: &[u8]) -> nix::Result<()> {
    while !bytes.is_empty() {
        // SAFETY: the kernel reads at most as many bytes as the slice has.
        let count = unsafe { libc::write(descriptor, bytes.as_ptr().cast(), bytes.len()) };
        match Errno::result(count) {
            Ok(count) => bytes = &bytes[usize::try_from(count).expect("a count of bytes is not negative")..],
            Err(Errno::EINTR) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// What has become of a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It has ended with this code.
    Exited(i32),
    /// This signal has ended it.
    Killed(i32),
    /// This signal has stopped it.
    Stopped(i32),
    /// It goes on.
    Continued,
}

/// Waits for a change of a process, or of any in group `-id`; with `WNOHANG` among the flags, `None` when there is none.
///
/// # Errors
/// `ECHILD` when there is no such child, `EINTR` when a signal has been noted.
pub fn wait(id: i32, flags: i32) -> nix::Result<Option<(Pid, Change)>> {
    let mut status = 0;
    // SAFETY: waitpid writes one number.
    let pid = Errno::result(unsafe { libc::waitpid(id, &raw mut status, flags) })?;
    let change = if libc::WIFEXITED(status) {
        Change::Exited(libc::WEXITSTATUS(status))
    } else if libc::WIFSIGNALED(status) {
        Change::Killed(libc::WTERMSIG(status))
    } else if libc::WIFSTOPPED(status) {
        Change::Stopped(libc::WSTOPSIG(status))
    } else {
        Change::Continued
    };
    Ok((pid != 0).then_some((Pid::from_raw(pid), change)))
}

/// Whether a descriptor is a terminal.
pub fn is_terminal(descriptor: RawFd) -> bool {
    // SAFETY: as in `duplicate`.
    unsafe { libc::isatty(descriptor) == 1 }
}

/// Whether this process may access a file in this way: `R_OK`, `W_OK`, `X_OK` of access(2), as the effective user.
pub fn may_access(path: &Path, mode: i32) -> bool {
    let Ok(path) = CString::new(path.as_os_str().as_bytes()) else {
        return false;
    };
    // SAFETY: the path is a string that ends in a zero byte.
    unsafe { libc::faccessat(libc::AT_FDCWD, path.as_ptr(), mode, libc::AT_EACCESS) == 0 }
}

/// The process group in a terminal's foreground.
///
/// # Errors
/// `ENOTTY` when it is not this session's terminal.
pub fn foreground(terminal: RawFd) -> nix::Result<Pid> {
    // SAFETY: as in `duplicate`.
    Errno::result(unsafe { libc::tcgetpgrp(terminal) }).map(Pid::from_raw)
}

/// Puts a process group into a terminal's foreground.
///
/// # Errors
/// `EPERM` when there is no such group in this session.
pub fn set_foreground(terminal: RawFd, group: Pid) -> nix::Result<()> {
    // SAFETY: as in `duplicate`.
    Errno::result(unsafe { libc::tcsetpgrp(terminal, group.as_raw()) }).map(drop)
}

/// The modes of a terminal.
pub fn modes(terminal: RawFd) -> Option<Termios> {
    // SAFETY: termios is plain data, of which all zeroes is a valid value, and tcgetattr writes to nothing else.
    let modes = unsafe {
        let mut modes: libc::termios = std::mem::zeroed();
        (libc::tcgetattr(terminal, &raw mut modes) == 0).then_some(modes)
    };
    modes.map(Termios::from)
}

/// Sets the modes of a terminal when all output has been written.
pub fn set_modes(terminal: RawFd, modes: &Termios) {
    // SAFETY: the descriptor is the shell's own and stays open as long as it runs.
    let terminal = unsafe { std::os::fd::BorrowedFd::borrow_raw(terminal) };
    // A terminal that is gone has no modes.
    let _ = nix::sys::termios::tcsetattr(terminal, SetArg::TCSADRAIN, modes);
}

/// What a signal does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// What the system has for it.
    Default,
    /// Nothing.
    Ignored,
    /// It is noted, and interrupts a system call that waits.
    Noted,
    /// It is handed on to all jobs, the stopped ones go on to see it, and it ends the process.
    HandedOn,
}

/// Process groups to which a hangup is handed on; 0 for none. A handler can look at nothing but atomics.
static GROUPS: [AtomicI32; 64] = [const { AtomicI32::new(0) }; 64];

/// Says which process groups a hangup is handed on to. Those beyond the 64th have to be told by the kernel alone.
pub fn set_groups(groups: impl Iterator<Item = Pid>) {
    let groups = groups.map(Pid::as_raw).chain(std::iter::repeat(0));
    for (slot, group) in GROUPS.iter().zip(groups) {
        slot.store(group, Ordering::Release);
    }
}

extern "C" fn hand_on(signal: libc::c_int) {
    for slot in &GROUPS {
        let group = slot.load(Ordering::Acquire);
        if group > 0 {
            // SAFETY: kill, signal and raise are async-signal-safe and take no pointers.
            unsafe {
                libc::kill(-group, signal);
                libc::kill(-group, libc::SIGCONT);
            }
        }
    }
    // SAFETY: as above. The signal is blocked while its handler runs, so that it ends the process behind it.
    unsafe {
        libc::signal(signal, libc::SIG_DFL);
        libc::raise(signal);
    }
}

static PENDING: [AtomicBool; SIGNALS] = [const { AtomicBool::new(false) }; SIGNALS];
static ANY_PENDING: AtomicBool = AtomicBool::new(false);

extern "C" fn note(signal: libc::c_int) {
    if let Some(pending) = usize::try_from(signal)
        .ok()
        .and_then(|signal| PENDING.get(signal))
    {
        pending.store(true, Ordering::Relaxed);
        ANY_PENDING.store(true, Ordering::Release);
    }
}

/// Whether a signal has been noted. Cheap enough to be asked between any two commands.
pub fn is_any_pending() -> bool {
    ANY_PENDING.load(Ordering::Acquire)
}

/// The signals that have been noted since the last call, by number.
pub fn take_pending() -> Vec<i32> {
    ANY_PENDING.store(false, Ordering::Release);
    (1..)
        .zip(&PENDING[1..])
        .filter(|(_, pending)| pending.swap(false, Ordering::AcqRel))
        .map(|(signal, _)| signal)
        .collect()
}

/// A signal that has been noted and not been taken; `ignored` is passed over unless `counts`.
pub fn pending_but(ignored: i32, counts: bool) -> Option<i32> {
    (1..)
        .zip(&PENDING[1..])
        .filter(|(signal, pending)| (counts || *signal != ignored) && pending.load(Ordering::Acquire))
        .map(|(signal, _)| signal)
        .next()
}

/// Sets what a signal does; returns whether it was ignored.
///
/// # Errors
/// `EINVAL` for SIGKILL, SIGSTOP and what is no signal.
pub fn set_disposition(signal: i32, disposition: Disposition) -> nix::Result<bool> {
    // SAFETY: sigaction is plain data, of which all zeroes is a valid value. The handler stores to atomics, which is
    // async-signal-safe.
    unsafe {
        let mut new: libc::sigaction = std::mem::zeroed();
        let mut old: libc::sigaction = std::mem::zeroed();
        new.sa_sigaction = match disposition {
            Disposition::Default => libc::SIG_DFL,
            Disposition::Ignored => libc::SIG_IGN,
            Disposition::Noted => note as extern "C" fn(libc::c_int) as libc::sighandler_t,
            Disposition::HandedOn => hand_on as extern "C" fn(libc::c_int) as libc::sighandler_t,
        };
        Errno::result(libc::sigaction(signal, &raw const new, &raw mut old))?;
        Ok(old.sa_sigaction == libc::SIG_IGN)
    }
}

/// Whether a signal is ignored.
pub fn is_ignored(signal: i32) -> bool {
    // SAFETY: as in `set_disposition`; nothing is changed.
    unsafe {
        let mut old: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, std::ptr::null(), &raw mut old) == 0 && old.sa_sigaction == libc::SIG_IGN
    }
}

/// Blocks all signals, and returns the mask that was.
pub fn block_signals() -> libc::sigset_t {
    // SAFETY: both sets are plain data that the calls fill in.
    unsafe {
        let mut all: libc::sigset_t = std::mem::zeroed();
        let mut old: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut all);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const all, &raw mut old);
        old
    }
}

/// Lets the signals through that `mask` lets through, until one has come; then they are blocked again.
pub fn wait_for_signal(mask: &libc::sigset_t) {
    // SAFETY: the mask is one that `block_signals` returned.
    unsafe { libc::sigsuspend(mask) };
}

/// Sets the mask.
pub fn restore_signals(mask: &libc::sigset_t) {
    // SAFETY: the mask is one that `block_signals` returned.
    unsafe { libc::sigprocmask(libc::SIG_SETMASK, mask, std::ptr::null_mut()) };
}
