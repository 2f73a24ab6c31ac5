//! The dynamic loader and the C library: what a Rust program needs where there are no other programs.

use std::path::{Path, PathBuf};

/// Where distributions keep them.
const DIRECTORIES: [&str; 8] = [
    "/lib64",
    "/lib",
    "/usr/lib64",
    "/usr/lib",
    "/lib/x86_64-linux-gnu",
    "/usr/lib/x86_64-linux-gnu",
    "/lib/aarch64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
];

/// The loader, the library, the parts that older versions keep in files of their own, and the unwinder.
const NAMES: [&str; 12] = [
    "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
    "ld-musl-x86_64.so.1",
    "ld-musl-aarch64.so.1",
    "libc.so.6",
    "libm.so.6",
    "libpthread.so.0",
    "libdl.so.2",
    "librt.so.1",
    "libnss_files.so.2",
    "libresolv.so.2",
    "libgcc_s.so.1",
];

/// Every one that this machine has, under each name that it can be asked for.
pub fn find() -> Vec<PathBuf> {
    let directories = DIRECTORIES.iter().map(Path::new);
    directories
        .flat_map(|directory| NAMES.iter().map(|name| directory.join(name)))
        .filter(|path| path.exists())
        .collect()
}
