//! A directory of the test's own, gone when the test is.

use std::path::{Path, PathBuf};

/// An empty temporary directory with short ways to fill and read it.
pub struct Scratch {
    /// Removes the tree on drop.
    directory: tempfile::TempDir,
}

impl Scratch {
    /// Makes the directory.
    #[expect(
        clippy::new_without_default,
        reason = "making a directory is not a default value"
    )]
    pub fn new() -> Self {
        let directory = tempfile::Builder::new()
            .prefix("phase7-")
            .tempdir()
            .expect("a temporary directory can be made");
        Self { directory }
    }

    /// The directory itself.
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// The path of `name` below it.
    pub fn join(&self, name: impl AsRef<Path>) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file, making the directories above it, and returns its path.
    #[track_caller]
    pub fn write(&self, name: impl AsRef<Path>, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(name);
        let parent = path.parent().expect("a file below a directory has a parent");
        std::fs::create_dir_all(parent).expect("directories can be made in a scratch directory");
        std::fs::write(&path, contents).expect("a file can be written in a scratch directory");
        path
    }

    /// Reads a file as text; an absent one is empty.
    #[track_caller]
    pub fn read(&self, name: impl AsRef<Path>) -> String {
        match std::fs::read(self.join(name)) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => panic!("cannot read a file of the scratch directory: {error}"),
        }
    }
}
