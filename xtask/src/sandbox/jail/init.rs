//! The init: process 1 of the command's PID namespace.
//!
//! A test as process 1 would ignore the signals that it raises, and never reap. The init does that for it, and its
//! own end is the end of every process of the namespace.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sched::{CloneFlags, clone, unshare};
use nix::sys::prctl;
use nix::sys::signal::Signal;
use nix::sys::stat::{Mode, umask};
use nix::unistd::{Pid, sethostname};

use super::{command, descriptors, loopback, mounts, namespaces, root};
use crate::sandbox::order::{At, Failed, Message, Order, Step, send};
use crate::sandbox::{Layer, MESSAGE_QUEUES, View};

/// Stack of the process that becomes the command, until it does.
const STACK_BYTES: usize = 512 << 10;

/// Confines itself, starts the command, and reports how it ended.
pub fn run(order: &Order, status: &OwnedFd, proc: &OwnedFd, jail: &OwnedFd) -> ! {
    let started = prepare(order, proc, jail).and_then(|()| start_command(order, status));
    let code = match started {
        Ok(command) => {
            descriptors::close_but(&[status.as_raw_fd()]);
            match reap_until(command) {
                Some(raw) => send(status.as_fd(), &Message::Ended(raw)),
                None => send(status.as_fd(), &Message::Failed(lost())),
            }
            0
        }
        Err(failed) => {
            send(status.as_fd(), &Message::Failed(failed));
            2
        }
    };
    // SAFETY: ends this copy of the jail at once; the handlers that it skips are the jail's.
    unsafe { libc::_exit(code) }
}

/// Puts on every layer that the command shares with its init.
fn prepare(order: &Order, proc: &OwnedFd, jail: &OwnedFd) -> Step<()> {
    umask(Mode::from_bits_truncate(0o022));
    let trial = View {
        proc: order.has(Layer::Proc),
        ..View::default()
    };
    let view = order.command.as_ref().map_or(&trial, |command| &command.view);
    if order.has_root() {
        unshare(CloneFlags::CLONE_NEWNS).at(Layer::MountNamespace, "make a mount namespace")?;
        root::build(order, view)?;
    }
    if order.has(Layer::NetworkNamespace) {
        unshare(CloneFlags::CLONE_NEWNET).at(Layer::NetworkNamespace, "make a network namespace")?;
        loopback::bring_up().at(Layer::NetworkNamespace, "bring loopback up")?;
    }
    if order.has(Layer::IpcNamespace) {
        let both = CloneFlags::CLONE_NEWIPC | CloneFlags::CLONE_NEWUTS;
        unshare(both).at(Layer::IpcNamespace, "make an IPC namespace")?;
        sethostname("sandbox").at(Layer::IpcNamespace, "name the host")?;
        if order.has_root() {
            // Landlock goes by what a path leads to, so message queues need one. A kernel without them has none.
            let quiet = libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC;
            let _ = mounts::mount(c"mqueue", Path::new(MESSAGE_QUEUES), quiet, "");
        }
    }
    if order.has(Layer::OwnUser) {
        namespaces::become_user(order.user)?;
        if order.has(Layer::UserNamespace) {
            namespaces::enter_user_namespace(proc)?;
        }
    }
    // Only now: a change of user takes both back.
    prctl::set_dumpable(false).doing("close the init to debuggers")?;
    prctl::set_pdeathsig(Signal::SIGKILL).doing("end with the jail")?;
    prctl::set_child_subreaper(true).doing("become the reaper of orphans")?;
    let mut watched = [PollFd::new(jail.as_fd(), PollFlags::POLLIN)];
    match poll(&mut watched, PollTimeout::ZERO) {
        Ok(0) => Ok(()),
        _ => Err(Failed {
            layer: None,
            why: "the jail ended while the command was being started".to_owned(),
        }),
    }
}

/// Starts the process that becomes the command. It borrows the init's memory until exec, as `vfork` does: page
/// tables need not be copied, nor every page that is touched, which is 0.2 ms of a start.
fn start_command(order: &Order, status: &OwnedFd) -> Step<Pid> {
    let become_command = || -> isize {
        let message = match command::run(order, status) {
            Ok(()) => Message::Holds,
            Err(failed) => Message::Failed(failed),
        };
        send(status.as_fd(), &message);
        // SAFETY: as in `run`.
        unsafe { libc::_exit(127) }
    };
    let mut stack = vec![0; STACK_BYTES];
    let flags = CloneFlags::CLONE_VM | CloneFlags::CLONE_VFORK;
    // SAFETY: the init has one thread, which the kernel holds until the new process has left this memory by exec or
    // exit; until then it alone uses the heap. Its stack is larger than the few calls above exec need.
    unsafe { clone(Box::new(become_command), &mut stack, flags, Some(libc::SIGCHLD)) }
        .doing("start the command")
}

/// Reaps whatever ends until the command does; its raw wait status.
fn reap_until(command: Pid) -> Option<i32> {
    loop {
        let mut raw = 0;
        // SAFETY: the status lives through the call.
        let id = unsafe { libc::waitpid(-1, &raw mut raw, 0) };
        if id == command.as_raw() {
            return Some(raw);
        }
        if id < 0 && Errno::last() != Errno::EINTR {
            return None;
        }
    }
}

fn lost() -> Failed {
    Failed {
        layer: None,
        why: "the init lost sight of the command".to_owned(),
    }
}

/// Where the command's program is: itself, or the first along the environment's `PATH`.
pub fn find_program(order: &crate::sandbox::Command) -> Option<PathBuf> {
    if order.program.components().count() > 1 {
        return Some(order.program.clone());
    }
    let (_, path) = order.environment.iter().find(|(name, _)| name == "PATH")?;
    std::env::split_paths(path)
        .map(|directory| directory.join(&order.program))
        .find(|path| path.is_file())
}
