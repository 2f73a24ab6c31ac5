//! From a [`Spec`] to a running process. The only unsafe code stands here.
//!
//! Between fork and exec the child sets up what only it can set for itself, in this order:
//!
//! 1. its own process group, its user and its directory (the standard library does these)
//! 2. its signals: the supervisor blocks some to read them from a descriptor, and may have been started with some
//!    ignored; both survive exec, and a child that kept the mask would never see SIGTERM
//! 3. the parent-death signal, behind the change of user, which would clear it
//! 4. the file mode creation mask and the resource limits
//!
//! A program in between that does this and then executes the real one would need no unsafe code, but would cost every
//! start a second exec, which is most of what a start costs.

use std::io::{self, PipeReader};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::prctl;
use nix::sys::resource::setrlimit;
use nix::sys::signal::{self, SaFlags, SigAction, SigHandler, SigSet, SigmaskHow, Signal};
use nix::sys::stat::{Mode, umask};
use nix::unistd::{Pid, getpid, getppid};

use crate::config::Spec;
use crate::protocol::Exit;

/// A process that runs.
#[derive(Debug)]
pub struct Spawned {
    /// Its id, and that of its process group.
    pub pid: i32,
    /// What it prints, standard output and standard error in one: reading never blocks.
    pub output: PipeReader,
}

/// Starts the program of `spec`. When this returns, the program is being executed.
///
/// # Errors
/// When there is no such program, or the process cannot be made as the spec has it.
pub fn spawn(spec: &Spec) -> io::Result<Spawned> {
    let (output, input) = io::pipe()?;
    // Only our end: the child's is another open file, and a program does not expect its output to be non-blocking.
    fcntl(&output, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?;

    let mut command = Command::new(&spec.command[0]);
    command
        .args(&spec.command[1..])
        .envs(&spec.env)
        .current_dir(&spec.dir)
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(input.try_clone()?)
        .stderr(input);
    if let Some((uid, gid)) = spec.user {
        command.uid(uid).gid(gid);
    }
    let supervisor = getpid();
    let (mask, limits) = (spec.umask.and_then(Mode::from_bits), spec.limits.clone());
    let prepare = move || {
        reset_signals()?;
        die_with(supervisor)?;
        if let Some(mask) = mask {
            umask(mask);
        }
        for (resource, value) in &limits {
            setrlimit(*resource, *value, *value)?;
        }
        Ok(())
    };
    // SAFETY: between fork and exec only async-signal-safe calls are made: sigaction, sigprocmask, prctl, getppid,
    // umask and setrlimit. Nothing is allocated, freed or locked: the closure only reads what it has captured.
    unsafe { command.pre_exec(prepare) };
    let child = command.spawn()?;
    // `Child` is dropped without being waited for: the event loop reaps all processes alike.
    Ok(Spawned {
        pid: i32::try_from(child.id()).expect("process ids fit an i32"),
        output,
    })
}

/// No signal ignored, none blocked.
fn reset_signals() -> io::Result<()> {
    for signal in Signal::iterator().filter(|signal| !matches!(signal, Signal::SIGKILL | Signal::SIGSTOP)) {
        set_default(signal)?;
    }
    signal::sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None)?;
    Ok(())
}

fn set_default(signal: Signal) -> nix::Result<()> {
    let default = SigAction::new(SigHandler::SigDfl, SaFlags::empty(), SigSet::empty());
    // SAFETY: no handler is installed, so that nothing can run at a time when it must not.
    unsafe { signal::sigaction(signal, &default) }.map(drop)
}

/// Has the kernel kill this process when the supervisor dies.
fn die_with(supervisor: Pid) -> io::Result<()> {
    prctl::set_pdeathsig(Signal::SIGKILL)?;
    // The supervisor may have died before that call: then this process has another parent already, and the signal
    // will never come.
    if getppid() != supervisor {
        return Err(io::ErrorKind::BrokenPipe.into());
    }
    Ok(())
}

/// Sees to it that ended children stay until they are reaped. A parent that ignores SIGCHLD hands that down, and
/// the kernel would then reap by itself, without a word about how they ended.
///
/// # Errors
/// Never, for SIGCHLD can be set.
pub fn keep_ended_children() -> nix::Result<()> {
    set_default(Signal::SIGCHLD)
}

/// A child that has ended and how it did, if there is one. It stays a zombie until [`reap`]: as long as it is, its id
/// and that of its group cannot be given to anybody else, so that its group can be sent a signal safely.
///
/// `nix` has calls for this as well, but its `Signal` knows no real-time signals, and they end processes too.
pub fn ended_child() -> Option<(i32, Exit)> {
    let info = wait(libc::P_ALL, 0, libc::WEXITED | libc::WNOHANG | libc::WNOWAIT).ok()?;
    // SAFETY: a successful waitid filled in the fields of a SIGCHLD; all are zero when no child has ended.
    let (pid, status) = unsafe { (info.si_pid(), info.si_status()) };
    let exit = if info.si_code == libc::CLD_EXITED {
        Exit::Code(status)
    } else {
        Exit::Signal(status)
    };
    (pid != 0).then_some((pid, exit))
}

/// Takes an ended child out of the process table.
///
/// # Panics
/// When it is not a child that has ended.
pub fn reap(pid: i32) {
    let id = libc::id_t::try_from(pid).expect("process ids are positive");
    wait(libc::P_PID, id, libc::WEXITED | libc::WNOHANG).expect("an ended child can be reaped");
}

fn wait(kind: libc::idtype_t, id: libc::id_t, flags: libc::c_int) -> nix::Result<libc::siginfo_t> {
    // SAFETY: siginfo_t is plain data, of which all zeroes is a valid value; waitid writes to nothing else.
    let (result, info) = unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        (libc::waitid(kind, id, &raw mut info, flags), info)
    };
    nix::errno::Errno::result(result).map(|_| info)
}
