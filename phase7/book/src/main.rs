//! Builds the book into `target/book`, and holds every link in it.
//!
//! mdBook is used as a library and not as an installed tool: the lock file pins its version, a machine that has
//! Cargo needs nothing else, and the links are checked against the very pages that were just rendered.
//!
//! Exit codes are the runner's: 0 built and no link is dead, 1 some link is, 2 the book could not be built.

mod check;
#[cfg(test)]
mod course;
mod links;
mod render;
#[cfg(test)]
mod snippets;

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("phase7-book: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode> {
    let book = Path::new(env!("CARGO_MANIFEST_DIR"));
    let repository = book
        .ancestors()
        .nth(2)
        .context("the book stands two directories below the root")?;
    let pages = render::render(book, repository)?;
    let faults = check::check(&book.join("text"), &pages, repository)?;
    for fault in &faults {
        eprintln!("{fault}");
    }
    if faults.is_empty() {
        println!("{}", pages.join("index.html").display());
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "phase7-book: {} dead {}",
        faults.len(),
        if faults.len() == 1 { "link" } else { "links" }
    );
    Ok(ExitCode::FAILURE)
}
