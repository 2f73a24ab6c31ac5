//! What a step of a workflow hands on to the reporter's step: the output `result`.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine as _;

use super::outcome;
use crate::score::Report;

/// The value of the output: the document, as base64.
///
/// # Errors
/// Never in practice: every part of it is JSON.
pub fn output(report: &Report) -> Result<String> {
    let text = serde_json::to_string(&outcome(report)?).context("an outcome is JSON")?;
    Ok(base64::engine::general_purpose::STANDARD.encode(text))
}

/// Sets the output in the file that `GITHUB_OUTPUT` names. Base64 has no line feed that could set another.
///
/// # Errors
/// When the file cannot be written.
pub fn set_output(report: &Report, path: &Path) -> Result<()> {
    let line = format!("result={}\n", output(report)?);
    let append = || -> std::io::Result<()> {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path)?;
        file.write_all(line.as_bytes())
    };
    append().with_context(|| format!("cannot write {}, which GITHUB_OUTPUT names", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn the_output_is_one_line_more_and_holds_the_document() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("output");
        std::fs::write(&path, "before=1\n").unwrap();
        let report = fixture::report();
        set_output(&report, &path).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let (before, value) = text.split_once("result=").unwrap();
        assert_eq!(before, "before=1\n");
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(value.trim_end())
            .unwrap();
        let document: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        let text = super::super::text(&report).unwrap();
        assert_eq!(
            document,
            serde_json::from_str::<serde_json::Value>(&text).unwrap()
        );
    }
}
