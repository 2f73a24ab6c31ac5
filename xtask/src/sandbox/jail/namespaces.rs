//! The user namespace, and the identity in it.

use std::os::fd::{AsRawFd, OwnedFd};

use nix::fcntl::{OFlag, openat};
use nix::sched::{CloneFlags, unshare};
use nix::sys::prctl;
use nix::sys::stat::Mode;
use nix::unistd::{Gid, Uid, getegid, geteuid, setgroups, setresgid, setresuid};

use super::capabilities;
use crate::sandbox::Layer;
use crate::sandbox::order::{At, Step};
use crate::sandbox::probe::USER;

/// Leaves root for good.
pub fn become_user((uid, gid): (u32, u32)) -> Step<()> {
    let (uid, gid) = (Uid::from_raw(uid), Gid::from_raw(gid));
    capabilities::drop_bounding();
    setgroups(&[]).at(Layer::OwnUser, "leave root's groups")?;
    setresgid(gid, gid, gid).at(Layer::OwnUser, format!("become group {gid}"))?;
    setresuid(uid, uid, uid).at(Layer::OwnUser, format!("become user {uid}"))
}

/// Enters a user namespace that knows one user and one group: those of this process, under their own numbers. Root
/// that could not become somebody else goes by another number there.
pub fn enter_user_namespace(proc: &OwnedFd) -> Step<()> {
    let (uid, gid) = (geteuid().as_raw(), getegid().as_raw());
    let inside = |id| if id == 0 { USER } else { id };
    // The files below belong to root while the process counts as changed, as it does after it has left root.
    prctl::set_dumpable(true).at(Layer::UserNamespace, "own its files in /proc")?;
    unshare(CloneFlags::CLONE_NEWUSER).at(Layer::UserNamespace, "make a user namespace")?;
    let maps = [
        ("self/setgroups", "deny".to_owned()),
        ("self/uid_map", format!("{} {uid} 1", inside(uid))),
        ("self/gid_map", format!("{} {gid} 1", inside(gid))),
    ];
    for (name, text) in maps {
        let write = || -> nix::Result<()> {
            let file = openat(proc, name, OFlag::O_WRONLY | OFlag::O_CLOEXEC, Mode::empty())?;
            nix::unistd::write(&file, text.as_bytes())?;
            Ok(())
        };
        write().at(Layer::UserNamespace, format!("write {name}"))?;
    }
    debug_assert!(proc.as_raw_fd() > 2, "/proc is not a standard stream");
    Ok(())
}
