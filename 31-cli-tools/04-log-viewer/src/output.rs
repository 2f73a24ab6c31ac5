//! What the pipe filter prints: records as they were, or as JSON, and the histogram as a table.

/// How a record is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Style {
    /// Its lines, byte by byte.
    #[default]
    Raw,
    /// An object of JSON, in a line.
    Json,
}
