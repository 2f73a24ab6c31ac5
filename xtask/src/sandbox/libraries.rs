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

/// The loader, the library, its mathematics, and the unwinder.
const NAMES: [&str; 7] = [
    "ld-linux-x86-64.so.2",
    "ld-linux-aarch64.so.1",
    "ld-musl-x86_64.so.1",
    "ld-musl-aarch64.so.1",
    "libc.so.6",
    "libm.so.6",
    "libgcc_s.so.1",
];

/// Parts that are empty since glibc 2.34 has them in `libc.so.6`.
const OLD_NAMES: [&str; 5] = [
    "libpthread.so.0",
    "libdl.so.2",
    "librt.so.1",
    "libnss_files.so.2",
    "libresolv.so.2",
];

/// Every one that this machine has, under each name that it can be asked for.
pub fn find() -> Vec<PathBuf> {
    let old_names = OLD_NAMES.iter().filter(|_| has_parts());
    let names: Vec<_> = NAMES.iter().chain(old_names).collect();
    DIRECTORIES
        .iter()
        .flat_map(|directory| names.iter().map(|name| Path::new(directory).join(name)))
        .filter(|path| path.exists())
        .collect()
}

/// Whether the C library is older than 2.34.
fn has_parts() -> bool {
    #[cfg(target_env = "gnu")]
    {
        // SAFETY: the function takes nothing and returns a string that is never freed.
        let version = unsafe { std::ffi::CStr::from_ptr(libc::gnu_get_libc_version()) };
        let version = version.to_str().unwrap_or_default();
        let minor = version.strip_prefix("2.").and_then(|rest| rest.parse().ok());
        minor.is_some_and(|minor: u32| minor < 34)
    }
    #[cfg(not(target_env = "gnu"))]
    false
}
