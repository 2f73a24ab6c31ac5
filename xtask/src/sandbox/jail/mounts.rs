//! The mount calls. A tree is cloned, made read-only while nobody can see it, and only then attached.

use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// What holds for every mount of the view.
pub const PLAIN: u64 = libc::MOUNT_ATTR_NOSUID | libc::MOUNT_ATTR_NODEV;

/// What holds for those that are not written.
pub const READ_ONLY: u64 = PLAIN | libc::MOUNT_ATTR_RDONLY;

/// A path as the kernel takes it.
fn text(path: &Path) -> io::Result<CString> {
    CString::new(path.as_os_str().as_bytes()).map_err(io::Error::other)
}

/// The answer of a call that returns -1 for an error.
fn check(result: libc::c_long) -> io::Result<libc::c_long> {
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(result)
}

/// Lets no mount made here appear outside.
pub fn make_private() -> io::Result<()> {
    let flags = libc::MS_REC | libc::MS_PRIVATE;
    // SAFETY: the path lives through the call; the other pointers may be null for a change of propagation.
    let result = unsafe {
        libc::mount(
            std::ptr::null(),
            c"/".as_ptr(),
            std::ptr::null(),
            flags,
            std::ptr::null(),
        )
    };
    check(result.into()).map(drop)
}

/// A detached copy of the tree at `path`, with everything mounted below it.
pub fn clone_tree(path: &Path) -> io::Result<OwnedFd> {
    let path = text(path)?;
    let flags = libc::OPEN_TREE_CLONE | libc::OPEN_TREE_CLOEXEC | libc::AT_RECURSIVE as libc::c_uint;
    // SAFETY: the path lives through the call, which returns a new descriptor.
    let number = check(unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, path.as_ptr(), flags) })?;
    let number = RawFd::try_from(number).map_err(io::Error::other)?;
    // SAFETY: the descriptor is new, so nothing else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// Adds attributes to every mount of a detached tree.
pub fn restrict(tree: &OwnedFd, attributes: u64) -> io::Result<()> {
    let flags = libc::AT_EMPTY_PATH | libc::AT_RECURSIVE;
    set_attributes(tree.as_raw_fd(), c"", flags, attributes)
}

/// Makes the mount at `path`, and none below it, read-only.
pub fn make_read_only(path: &CStr) -> io::Result<()> {
    set_attributes(libc::AT_FDCWD, path, 0, libc::MOUNT_ATTR_RDONLY)
}

fn set_attributes(directory: RawFd, path: &CStr, flags: libc::c_int, attributes: u64) -> io::Result<()> {
    let change = libc::mount_attr {
        attr_set: attributes,
        attr_clr: 0,
        propagation: 0,
        userns_fd: 0,
    };
    // SAFETY: the path and the structure, whose size is given, live through the call.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            directory,
            path.as_ptr(),
            flags,
            &raw const change,
            size_of::<libc::mount_attr>(),
        )
    };
    check(result).map(drop)
}

/// Attaches a detached tree at `path`.
pub fn attach(tree: &OwnedFd, path: &Path) -> io::Result<()> {
    let path = text(path)?;
    // SAFETY: both paths live through the call.
    let result = unsafe {
        libc::syscall(
            libc::SYS_move_mount,
            tree.as_raw_fd(),
            c"".as_ptr(),
            libc::AT_FDCWD,
            path.as_ptr(),
            libc::MOVE_MOUNT_F_EMPTY_PATH,
        )
    };
    check(result).map(drop)
}

/// Mounts a file system of the kernel's own.
pub fn mount(kind: &CStr, path: &Path, flags: libc::c_ulong, options: &str) -> io::Result<()> {
    let (path, options) = (text(path)?, CString::new(options).map_err(io::Error::other)?);
    // SAFETY: all four strings live through the call.
    let result = unsafe {
        libc::mount(
            kind.as_ptr(),
            path.as_ptr(),
            kind.as_ptr(),
            flags,
            options.as_ptr().cast(),
        )
    };
    check(result.into()).map(drop)
}

/// Makes the current directory the root and lets go of the old one, which is on top of it in between.
pub fn pivot() -> io::Result<()> {
    // SAFETY: both paths live through the call.
    check(unsafe { libc::syscall(libc::SYS_pivot_root, c".".as_ptr(), c".".as_ptr()) })?;
    // SAFETY: the path lives through the call.
    check(unsafe { libc::umount2(c".".as_ptr(), libc::MNT_DETACH) }.into())?;
    std::env::set_current_dir("/")
}
