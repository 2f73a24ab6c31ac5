//! The files below a directory, kept open for a moment.
//!
//! A file that was asked for stays open for [`VALIDITY`], and a short one is kept in memory: until then, a request for it
//! takes no system call beside those on its connection. It is found by the path as it stands in the target, so that
//! nothing has to be decoded.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::HeaderValue;
use nix::errno::Errno;
use nix::fcntl::{OFlag, OpenHow, ResolveFlag, openat2};
use nix::sys::stat::Mode;

use crate::path::RelativePath;
use crate::{date, mime};

/// How old what is served may be.
const VALIDITY: Duration = Duration::from_secs(1);

/// The longest file that is kept in memory. A longer one is better sent by the kernel.
const MAX_KEPT: u64 = 16 << 10;

/// Files that are kept open at most.
const MAX_OPEN: usize = 512;

/// What a directory looks like when no file of it is named.
const INDEX: &str = "index.html";

/// A file as it was when it was opened.
#[derive(Debug)]
pub(crate) struct Representation {
    pub(crate) file: Arc<File>,
    /// The content of a short file.
    pub(crate) content: Option<Bytes>,
    pub(crate) length: u64,
    pub(crate) modified: SystemTime,
    pub(crate) etag: HeaderValue,
    pub(crate) last_modified: HeaderValue,
    pub(crate) media_type: &'static str,
}

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Found {
    File(Arc<Representation>),
    /// A directory whose name was given without a slash behind it.
    Directory,
}

/// The files below a root.
#[derive(Debug)]
pub(crate) struct Files {
    root: OwnedFd,
    /// Paths as in targets, and when what they lead to was opened. Locked for a look-up, never across an `await`; each
    /// thread has its own, so that nobody waits.
    open: Mutex<HashMap<Bytes, (Instant, Arc<Representation>)>>,
}

impl Files {
    /// The files below `root`.
    pub(crate) fn new(root: &Path) -> io::Result<Self> {
        let root = nix::fcntl::open(
            root,
            OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC,
            Mode::empty(),
        )?;
        Ok(Self {
            root,
            open: Mutex::default(),
        })
    }

    /// The file that `path`, as it stands in a target, led to a moment ago.
    pub(crate) fn recent(&self, path: &[u8]) -> Option<Arc<Representation>> {
        let open = self.open.lock().expect("nobody panics with the lock held");
        let (opened, representation) = open.get(path)?;
        (opened.elapsed() < VALIDITY).then(|| Arc::clone(representation))
    }

    /// Opens what `name` leads to, and remembers it for `path`.
    pub(crate) fn find(&self, path: &[u8], name: &RelativePath) -> io::Result<Found> {
        let index = name.path.join(INDEX);
        let file_name = if name.is_directory { &index } else { &name.path };
        let opened = Instant::now();
        let file = File::from(self.open_beneath(file_name)?);
        let metadata = file.metadata()?;
        if metadata.is_dir() && !name.is_directory {
            return Ok(Found::Directory);
        }
        if !metadata.is_file() {
            return Err(io::ErrorKind::NotFound.into());
        }
        let representation = Arc::new(Representation::new(file, &metadata, mime::media_type(file_name))?);
        let mut open = self.open.lock().expect("nobody panics with the lock held");
        if open.len() >= MAX_OPEN {
            open.retain(|_, (opened, _)| opened.elapsed() < VALIDITY);
        }
        if open.len() < MAX_OPEN {
            open.insert(
                Bytes::copy_from_slice(path),
                (opened, Arc::clone(&representation)),
            );
        }
        Ok(Found::File(representation))
    }

    /// Opens a file below the root. The kernel sees to it that no symbolic link leads out, at the very moment of
    /// opening: a check before would be true of what was there before.
    fn open_beneath(&self, name: &Path) -> nix::Result<OwnedFd> {
        // A FIFO would block until somebody writes to it.
        let flags = OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOCTTY | OFlag::O_CLOEXEC;
        let how = OpenHow::new().flags(flags).resolve(ResolveFlag::RESOLVE_BENEATH);
        for _ in 0..8 {
            match openat2(&self.root, name, how) {
                // Something was renamed meanwhile, so that the kernel cannot tell.
                Err(Errno::EAGAIN) => {}
                opened => return opened,
            }
        }
        Err(Errno::EAGAIN)
    }
}

impl Representation {
    fn new(file: File, metadata: &Metadata, media_type: &'static str) -> io::Result<Self> {
        let length = metadata.len();
        let modified = metadata.modified()?;
        let content = if length <= MAX_KEPT {
            let mut content = vec![0; usize::try_from(length).expect("a short length")];
            file.read_exact_at(&mut content, 0)?;
            Some(content.into())
        } else {
            None
        };
        // The inode as well: a file that is renamed into the place of another may be as old and as long.
        let (seconds, nanoseconds) = (metadata.mtime(), metadata.mtime_nsec());
        let etag = format!("\"{seconds:x}.{nanoseconds:x}-{length:x}-{:x}\"", metadata.ino());
        Ok(Self {
            file: Arc::new(file),
            content,
            length,
            modified,
            etag: HeaderValue::try_from(etag).expect("quotes and digits"),
            last_modified: date::format(modified),
            media_type,
        })
    }
}
