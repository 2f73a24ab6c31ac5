//! The minimal root: a file system in memory that holds the view and becomes `/`.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use super::files::{self, DEVICES};
use super::mounts::{self, PLAIN, READ_ONLY};
use super::plan::{Access, Plan};
use crate::sandbox::order::{At, Order, Step};
use crate::sandbox::{Layer, View};

/// A tree that is cloned and not attached yet.
struct Tree {
    tree: OwnedFd,
    path: PathBuf,
    is_directory: bool,
}

/// Builds the root in the calling process's mount namespace and moves there.
///
/// All trees are cloned before anything is attached, so nothing of the view is hidden by what is built.
pub fn build(order: &Order, view: &View) -> Step<()> {
    let layer = Layer::MountNamespace;
    mounts::make_private().at(layer, "keep mounts to itself")?;
    let plan = Plan::of(view, &order.libraries);
    let mut trees = Vec::new();
    for (path, access) in &plan.mounts {
        let mut tree = clone(path, *access).at(layer, format!("take {} over", path.display()))?;
        tree.path = view.inside(path);
        trees.push(tree);
    }
    for name in DEVICES {
        let path = Path::new("/dev").join(name);
        let tree = clone_device(&path).at(layer, format!("take {} over", path.display()))?;
        trees.push(tree);
    }
    enter_empty_root().at(layer, "make an empty root")?;
    fill(order, view, &plan).at(layer, "fill the root")?;
    for tree in trees {
        tree.attach()
            .at(layer, format!("attach {}", tree.path.display()))?;
    }
    files::make_dev(view.tmp_mb, view.proc).at(layer, "make /dev")?;
    if view.proc && order.has(Layer::Proc) {
        let flags = libc::MS_NOSUID | libc::MS_NODEV | libc::MS_NOEXEC | libc::MS_RDONLY;
        std::fs::create_dir_all("proc").at(layer, "make /proc")?;
        mounts::mount(c"proc", Path::new("proc"), flags, "").at(Layer::Proc, "mount /proc")?;
    }
    mounts::pivot().at(layer, "change the root")?;
    mounts::make_read_only(c"/").at(layer, "make the root read-only")
}

/// Mounts an empty file system over the root and goes there; paths from `/` still lead to the old one.
fn enter_empty_root() -> io::Result<()> {
    let flags = libc::MS_NOSUID | libc::MS_NODEV;
    mounts::mount(c"tmpfs", Path::new("/"), flags, "mode=755,size=16m")?;
    std::env::set_current_dir("/..")
}

/// Makes what is not mounted from outside.
fn fill(order: &Order, view: &View, plan: &Plan) -> io::Result<()> {
    let (uid, gid) = order.user;
    files::write_etc(uid, gid)?;
    files::make_room("tmp", view.tmp_mb)?;
    for (path, target) in &plan.links {
        files::make_link(relative(path), target)?;
    }
    Ok(())
}

fn clone(path: &Path, access: Access) -> io::Result<Tree> {
    let is_directory = path.is_dir();
    let tree = mounts::clone_tree(path)?;
    let attributes = match access {
        Access::Read => READ_ONLY,
        Access::Write => PLAIN,
    };
    mounts::restrict(&tree, attributes)?;
    let path = path.to_owned();
    Ok(Tree {
        tree,
        path,
        is_directory,
    })
}

/// A device keeps being one, and its file cannot be changed.
fn clone_device(path: &Path) -> io::Result<Tree> {
    let tree = mounts::clone_tree(path)?;
    mounts::restrict(&tree, READ_ONLY & !libc::MOUNT_ATTR_NODEV)?;
    Ok(Tree {
        tree,
        path: path.to_owned(),
        is_directory: false,
    })
}

impl Tree {
    fn attach(&self) -> io::Result<()> {
        let path = relative(&self.path);
        files::make_place(path, self.is_directory)?;
        mounts::attach(&self.tree, path)
    }
}

/// The path below the new root, which is the current directory.
fn relative(path: &Path) -> &Path {
    path.strip_prefix("/").unwrap_or(path)
}
