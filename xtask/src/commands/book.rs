//! `book`: builds the book and checks its links.
//!
//! The book has a package of its own, so that the grader does not compile mdBook: nobody needs the one to use the
//! other.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::Ended;
use crate::catalogue::workspace_root;

/// Builds the book; its program prints where it stands, or which links are dead.
///
/// # Errors
/// When it cannot be built.
pub fn run() -> Result<Ended> {
    let root = workspace_root()?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--quiet", "--package", "phase7-book"])
        .current_dir(&root)
        .status()
        .context("cannot start cargo")?;
    match status.code() {
        Some(0) => Ok(Ended::Holds),
        Some(1) => Ok(Ended::FallsShort),
        _ => bail!("the book cannot be built"),
    }
}
