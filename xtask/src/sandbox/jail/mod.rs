//! The jail: this program, started again by the grader to confine one command.
//!
//! It stays outside the command's PID namespace, and outside its root, and only waits: for the init to end, or for the
//! lifeline to end, which means that the grader has let go or is dead. Either way nothing of the command is left.
//!
//! As root the minimal root is built first, while the toolchain below a directory of mode 0700 can still be reached,
//! and the user is left for good before any submitted code runs. An ordinary user enters a user namespace first, and
//! has there the capabilities that the rest needs.

mod capabilities;
mod command;
mod descriptors;
mod files;
mod filter;
mod init;
mod loopback;
mod mounts;
mod namespaces;
mod orphans;
mod plan;
mod root;
mod rules;

use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::process::ExitCode;

use nix::fcntl::{OFlag, open};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::sys::stat::Mode;
use nix::sys::wait::waitpid;
use nix::unistd::{ForkResult, Pid, fork};

use super::Layer;
use super::order::{At, Failed, JAIL, Message, Order, Step, Wires, send};

/// Whether this process was started as a jail.
pub fn is_asked_for() -> bool {
    std::env::var_os(JAIL).is_some()
}

/// Confines the command that the grader ordered, until it has ended.
pub fn run_jail() -> ExitCode {
    let Some(Wires {
        order,
        status,
        lifeline,
    }) = Wires::inherited()
    else {
        return ExitCode::from(2);
    };
    let order = match Order::read(order) {
        Ok(order) => order,
        Err(error) => {
            let failed = Failed {
                layer: None,
                why: format!("{error:#}"),
            };
            send(status.as_fd(), &Message::Failed(failed));
            return ExitCode::from(2);
        }
    };
    let keep = order.command.as_ref().map_or(&[][..], |command| &command.keep);
    let own = [status.as_raw_fd(), lifeline.as_raw_fd()];
    descriptors::close_but(&[&[0, 1, 2], keep, &own].concat());
    match start_init(&order, &status) {
        Ok(init) => {
            descriptors::close_but(&own);
            supervise(&order, init, &lifeline);
            ExitCode::SUCCESS
        }
        Err(failed) => {
            send(status.as_fd(), &Message::Failed(failed));
            ExitCode::from(2)
        }
    }
}

/// Forks the init into a PID namespace.
fn start_init(order: &Order, status: &OwnedFd) -> Step<Pid> {
    // Where memory runs short, a submission goes first.
    let _ = std::fs::write("/proc/self/oom_score_adj", "1000");
    prctl::set_child_subreaper(true).doing("become the reaper of orphans")?;
    let proc = open("/proc", OFlag::O_PATH | OFlag::O_CLOEXEC, Mode::empty()).doing("open /proc")?;
    if order.has(Layer::UserNamespace) && !order.has(Layer::OwnUser) {
        namespaces::enter_user_namespace(&proc)?;
    }
    if order.has(Layer::PidNamespace) {
        unshare(CloneFlags::CLONE_NEWPID).at(Layer::PidNamespace, "make a PID namespace")?;
    }
    let jail = descriptors::process(Pid::this()).doing("watch the jail")?;
    // SAFETY: a jail has one thread, so its copy may do whatever it could do.
    match unsafe { fork() }.doing("fork the init")? {
        ForkResult::Parent { child } => Ok(child),
        ForkResult::Child => init::run(order, status, &proc, &jail),
    }
}

/// Waits for the init, or ends it when the lifeline does.
fn supervise(order: &Order, init: Pid, lifeline: &OwnedFd) {
    if let Ok(process) = descriptors::process(init) {
        let mut watched = [
            PollFd::new(process.as_fd(), PollFlags::POLLIN),
            PollFd::new(lifeline.as_fd(), PollFlags::POLLIN),
        ];
        while poll(&mut watched, PollTimeout::NONE) == Err(nix::errno::Errno::EINTR) {}
        if watched[0].any() != Some(true) {
            let _ = kill(init, Signal::SIGKILL);
        }
    }
    let _ = waitpid(init, None);
    if !order.has(Layer::PidNamespace) {
        orphans::end();
    }
}
