//! Defaults from a file and from the environment.
//!
//! ```text
//! # ~/.config/file-search/config: one flag a line
//! --line-number
//! --color auto
//! -g !*.min.js
//! ```
//!
//! The stronger source wins: command line, then [`OPTIONS_VARIABLE`], then the file.

/// The variable that holds flags, separated by blanks.
pub const OPTIONS_VARIABLE: &str = "FILE_SEARCH_OPTS";

/// The variable that names the file; empty, it says that there is none.
pub const FILE_VARIABLE: &str = "FILE_SEARCH_CONFIG";

/// The arguments in one line of the file: none when it is blank or begins with `#`, else a flag, and its value
/// when one follows behind blanks. Blanks around both are dropped; blanks within the value are kept.
pub fn arguments(line: &str) -> Vec<&str> {
    todo!("split {line:?}")
}
