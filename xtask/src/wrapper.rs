//! This program as Cargo's `RUSTC_WORKSPACE_WRAPPER`: it records what Cargo would compile of an exercise.
//!
//! Cargo calls `xtask RUSTC ARGUMENTS…` for the packages of the stage, and only for them. What is an exercise's becomes
//! a [`Recipe`] and is not compiled; the course's own support crates are.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, ExitCode};

use crate::recipe::Recipe;

/// The variable that makes this program the wrapper: the directory for recipes.
pub const RECIPES: &str = "PHASE7_RECIPES";

/// The variable that names the packages to record, with commas.
pub const EXERCISES: &str = "PHASE7_EXERCISES";

/// Whether this process was started as the wrapper.
pub fn is_asked_for() -> bool {
    std::env::var_os(RECIPES).is_some()
        && std::env::args_os().nth(1).is_some_and(|compiler| {
            Path::new(&compiler)
                .file_stem()
                .is_some_and(|name| name == "rustc")
        })
}

/// Records an exercise's call; becomes the compiler for any other.
pub fn run() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(compiler), Some(directory)) = (arguments.next(), std::env::var_os(RECIPES)) else {
        return ExitCode::from(2);
    };
    let arguments: Vec<_> = arguments.collect();
    let package = std::env::var("CARGO_PKG_NAME").unwrap_or_default();
    let exercises = std::env::var(EXERCISES).unwrap_or_default();
    if !package.is_empty() && exercises.split(',').any(|exercise| exercise == package) {
        let arguments: Vec<_> = arguments
            .iter()
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect();
        let recipe = Recipe::of_this_call(Path::new(&compiler), &arguments);
        return match recipe.keep(Path::new(&directory)) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                crate::console::error(&error);
                ExitCode::from(2)
            }
        };
    }
    let error = Command::new(compiler).args(arguments).exec();
    eprintln!("xtask: cannot start the compiler: {error}");
    ExitCode::from(2)
}
