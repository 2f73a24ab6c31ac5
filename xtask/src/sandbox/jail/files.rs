//! What the minimal root holds beside the view: `/etc` without the machine's names, `/dev`, and room to write.
//!
//! Paths here are relative: the new root is the current directory until it becomes the root.

use std::fs::Permissions;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::mounts;

/// What a program may expect of `/dev`.
pub const DEVICES: [&str; 6] = ["null", "zero", "full", "random", "urandom", "tty"];

/// MiB of `/tmp` where the view does not say.
const TMP_MB: u64 = 256;

/// Bytes of a private file system for each file that it may hold.
const BYTES_PER_FILE: u64 = 4096;

/// Links of `/dev` that need a `/proc`.
const STREAMS: [(&str, &str); 4] = [
    ("fd", "/proc/self/fd"),
    ("stdin", "/proc/self/fd/0"),
    ("stdout", "/proc/self/fd/1"),
    ("stderr", "/proc/self/fd/2"),
];

/// Writes `/etc`: the user, `localhost`, and nothing that asks a network.
pub fn write_etc(uid: u32, gid: u32) -> io::Result<()> {
    std::fs::create_dir("etc")?;
    let nobody = 65_534;
    let files = [
        (
            "etc/passwd",
            format!(
                "root:x:0:0::/:/bin/sh\nlearner:x:{uid}:{gid}::/tmp:/bin/sh\nnobody:x:{nobody}:{nobody}::/:/bin/sh\n"
            ),
        ),
        (
            "etc/group",
            format!("root:x:0:\ntty:x:5:\nlearner:x:{gid}:\nnogroup:x:{nobody}:\n"),
        ),
        (
            "etc/hosts",
            "127.0.0.1 localhost sandbox\n::1 localhost\n".to_owned(),
        ),
        (
            "etc/nsswitch.conf",
            "passwd: files\ngroup: files\nhosts: files\n".to_owned(),
        ),
    ];
    for (path, text) in files {
        std::fs::write(path, text)?;
    }
    Ok(())
}

/// Makes the rest of `/dev`, where the devices are attached already.
pub fn make_dev(megabytes: u64, has_proc: bool) -> io::Result<()> {
    let quiet = libc::MS_NOSUID | libc::MS_NOEXEC;
    std::fs::create_dir("dev/pts")?;
    mounts::mount(
        c"devpts",
        Path::new("dev/pts"),
        quiet,
        "newinstance,ptmxmode=0666,mode=0620",
    )?;
    symlink("pts/ptmx", "dev/ptmx")?;
    make_room("dev/shm", megabytes)?;
    std::fs::create_dir("dev/mqueue")?;
    for (name, target) in STREAMS.iter().filter(|_| has_proc) {
        symlink(target, Path::new("dev").join(name))?;
    }
    Ok(())
}

/// Makes a directory that everybody may write to, of a limited size.
pub fn make_room(path: &str, megabytes: u64) -> io::Result<()> {
    std::fs::create_dir(path)?;
    let megabytes = if megabytes == 0 { TMP_MB } else { megabytes };
    let files = (megabytes << 20) / BYTES_PER_FILE;
    let options = format!("mode=1777,size={megabytes}m,nr_inodes={files}");
    mounts::mount(
        c"tmpfs",
        Path::new(path),
        libc::MS_NOSUID | libc::MS_NODEV,
        &options,
    )
}

/// Makes something for a tree to be attached to, and the directories above it.
pub fn make_place(path: &Path, is_directory: bool) -> io::Result<()> {
    if is_directory {
        return std::fs::create_dir_all(path);
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    match std::fs::File::create_new(path) {
        Ok(file) => file.set_permissions(Permissions::from_mode(0o444)),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes a symbolic link, and the directories above it, unless something is there.
pub fn make_link(path: &Path, target: &Path) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    match symlink(target, path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
