//! What a test needs that starts a compiler: the toolchains, the dependencies' sources, and where they are.
//!
//! Of Cargo's home only what a build reads: its credentials stand beside that, and no test may see them.

use std::ffi::OsString;
use std::path::PathBuf;

use super::Machine;

/// What of Cargo's home a build without a network reads.
const CARGO_HOME: [&str; 5] = ["bin", "registry", "git", "config.toml", "config"];

/// The files and directories that must be readable.
pub fn toolchain_paths() -> Vec<PathBuf> {
    let machine = Machine::here();
    let mut paths = vec![machine.rustup_home.clone(), machine.miri_library.clone()];
    paths.extend(CARGO_HOME.map(|name| cargo_home().join(name)));
    paths
}

/// The variables that name them.
pub fn toolchain_variables() -> Vec<(OsString, OsString)> {
    let machine = Machine::here();
    let mut variables = vec![
        ("RUSTUP_HOME".into(), machine.rustup_home.clone().into_os_string()),
        ("CARGO_HOME".into(), cargo_home().into_os_string()),
    ];
    if machine.has_miri_library() {
        variables.push((
            "MIRI_SYSROOT".into(),
            machine.miri_library.clone().into_os_string(),
        ));
    }
    if let Some(toolchain) = std::env::var_os("RUSTUP_TOOLCHAIN") {
        variables.push(("RUSTUP_TOOLCHAIN".into(), toolchain));
    }
    variables
}

/// Where Cargo keeps what belongs to the user.
pub fn cargo_home() -> PathBuf {
    std::env::var_os("CARGO_HOME").map_or_else(
        || std::env::home_dir().unwrap_or_default().join(".cargo"),
        PathBuf::from,
    )
}
