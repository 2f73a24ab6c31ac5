//! Which paths the minimal root holds: the view, with symbolic links followed and kept.
//!
//! `/lib64/ld-linux-x86-64.so.2` may be three links away from a file. Each link on the way becomes a link in the
//! root, and the file that they lead to is what is mounted, so that a path means the same inside as outside.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::sandbox::View;

/// How many links may follow one another, as in the kernel.
const LINKS_MAX: u32 = 40;

/// What may be done below a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Read and execute.
    Read,
    /// Write too.
    Write,
}

/// The machine's programs and libraries, and what they need to find each other.
const PROGRAMS: [&str; 12] = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/ld.so.preload",
];

/// Time zones are data that the standard library of many languages expects.
const ALWAYS: [&str; 1] = ["/usr/share/zoneinfo"];

/// Links and mounts, by the path that they stand at.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Symbolic links, and what they hold.
    pub links: BTreeMap<PathBuf, PathBuf>,
    /// Files and directories; a directory comes before what is in it.
    pub mounts: BTreeMap<PathBuf, Access>,
}

impl Plan {
    /// The plan for `view`; what it names and the machine lacks is left out.
    pub fn of(view: &View, libraries: &[PathBuf]) -> Self {
        let mut plan = Self::default();
        for (path, access) in paths(view, libraries) {
            plan.add(&path, access, 0);
        }
        plan.drop_what_is_there_already();
        plan
    }

    /// Adds what `path` leads to.
    fn add(&mut self, path: &Path, access: Access, links: u32) {
        let mut real = PathBuf::from("/");
        let mut rest = path.components();
        while let Some(component) = rest.next() {
            match component {
                Component::Normal(name) => real.push(name),
                Component::ParentDir => {
                    real.pop();
                    continue;
                }
                _ => continue,
            }
            let Ok(metadata) = real.symlink_metadata() else {
                return;
            };
            if metadata.is_symlink() {
                let Ok(target) = real.read_link() else { return };
                let parent = real.parent().unwrap_or(Path::new("/"));
                let next = parent.join(&target).join(rest.as_path());
                self.links.insert(real, target);
                if links < LINKS_MAX {
                    self.add(&next, access, links + 1);
                }
                return;
            }
        }
        if real != Path::new("/") {
            let known = self.mounts.entry(real).or_insert(access);
            *known = access.max(*known);
        }
    }

    /// A file in a directory that is mounted for the same access needs no mount of its own.
    fn drop_what_is_there_already(&mut self) {
        let all = self.mounts.clone();
        self.mounts.retain(|path, access| {
            let above = path.ancestors().skip(1).find_map(|above| all.get(above));
            above != Some(access)
        });
    }
}

/// The paths of a view, those that stand for its flags too.
pub fn paths<'a>(view: &'a View, libraries: &'a [PathBuf]) -> impl Iterator<Item = (PathBuf, Access)> + 'a {
    let programs = PROGRAMS.iter().filter(|_| view.programs).map(PathBuf::from);
    let libraries = libraries.iter().filter(|_| !view.programs).cloned();
    let always = ALWAYS.iter().map(PathBuf::from);
    let read = programs
        .chain(libraries)
        .chain(always)
        .chain(view.read.iter().cloned());
    let write = view.write.iter().cloned();
    read.map(|path| (path, Access::Read))
        .chain(write.map(|path| (path, Access::Write)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(read: &[&Path], write: &[&Path]) -> Plan {
        let mut plan = Plan::default();
        for path in read {
            plan.add(path, Access::Read, 0);
        }
        for path in write {
            plan.add(path, Access::Write, 0);
        }
        plan.drop_what_is_there_already();
        plan
    }

    #[test]
    fn links_are_kept_and_followed() {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("usr/lib")).unwrap();
        std::fs::write(root.join("usr/lib/libc.so.6"), "").unwrap();
        std::os::unix::fs::symlink("usr/lib", root.join("lib")).unwrap();
        std::os::unix::fs::symlink("../lib/libc.so.6", root.join("usr/libc.so")).unwrap();
        let plan = plan(&[&root.join("usr/libc.so")], &[]);
        let links = [
            (root.join("lib"), PathBuf::from("usr/lib")),
            (root.join("usr/libc.so"), PathBuf::from("../lib/libc.so.6")),
        ];
        assert_eq!(plan.links, BTreeMap::from(links));
        let mounts = [(root.join("usr/lib/libc.so.6"), Access::Read)];
        assert_eq!(plan.mounts, BTreeMap::from(mounts));
    }

    #[test]
    fn a_directory_takes_in_what_is_below_it_with_the_same_access() {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().canonicalize().unwrap();
        for name in ["a/b", "a/out"] {
            std::fs::create_dir_all(root.join(name)).unwrap();
        }
        let plan = plan(
            &[&root.join("a"), &root.join("a/b"), &root.join("nowhere")],
            &[&root.join("a/out")],
        );
        let mounts = [
            (root.join("a"), Access::Read),
            (root.join("a/out"), Access::Write),
        ];
        assert_eq!(plan.mounts, BTreeMap::from(mounts));
    }

    #[test]
    fn a_link_to_itself_leads_nowhere() {
        let scratch = tempfile::tempdir().unwrap();
        let root = scratch.path().canonicalize().unwrap();
        std::os::unix::fs::symlink("loop", root.join("loop")).unwrap();
        assert!(plan(&[&root.join("loop")], &[]).mounts.is_empty());
    }
}
