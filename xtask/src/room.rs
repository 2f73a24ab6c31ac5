//! Room in memory for files that live for seconds.
//!
//! A unit gets hundreds of small files and loses them again at once. On ext4 that grows dear: a new file does not take
//! the place of one that went within the last minutes, and looks at each of those first. With bump-allocator, whose units
//! get 230 files each, that was most of what the grader did in the kernel: 9 % of a `verify` of that exercise.
//!
//! Root may put such files into memory without a trace: in a mount namespace of the grader's own, which goes with it.

use std::path::Path;

use anyhow::{Context, Result};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sched::{CloneFlags, unshare};

/// Bytes of a room: many times what a unit's caches take, and far from what a machine has.
const OPTIONS: &str = "mode=755,size=1g,nr_inodes=65536";

/// Mounts of this process's own, if it may make any.
#[derive(Debug, Clone, Copy)]
pub struct Rooms {
    are_ours: bool,
}

impl Rooms {
    /// Leaves the machine's mount namespace, with the calling thread and those that it starts later.
    pub fn open() -> Self {
        let none: Option<&Path> = None;
        // Mounts of the machine are seen as they come; none of ours is seen there.
        let enter = || -> nix::Result<()> {
            unshare(CloneFlags::CLONE_NEWNS)?;
            mount(none, "/", none, MsFlags::MS_REC | MsFlags::MS_SLAVE, none)
        };
        Self {
            are_ours: enter().is_ok(),
        }
    }

    /// Makes the directory `path`: in memory where that can be, else on the disk.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn make(self, path: &Path) -> Result<()> {
        std::fs::create_dir_all(path).with_context(|| format!("cannot make {}", path.display()))?;
        if self.are_ours {
            let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
            // A kernel or a container without tmpfs leaves it on the disk.
            let _ = mount(Some("tmpfs"), path, Some("tmpfs"), flags, Some(OPTIONS));
        }
        Ok(())
    }
}

/// Removes what [`Rooms::make`] has made, if it has.
pub fn remove(path: &Path) {
    // What is no mount, or none of ours, is removed file by file.
    let _ = umount2(path, MntFlags::MNT_DETACH | MntFlags::UMOUNT_NOFOLLOW);
    let _ = crate::broom::remove(path);
}
