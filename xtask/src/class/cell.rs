//! Cells of a CSV file: text that no spreadsheet takes for a formula, and numbers that are numbers.
//!
//! Text is always in quotes, a number never is. A text whose first character is one that a spreadsheet starts a
//! formula with gets an apostrophe in front, which a spreadsheet takes for "this is text".

use std::fmt::Display;

use anyhow::{Context, Result};

use crate::report::escape::log;
use crate::run::failure::clean;

/// What a formula starts with, in half and full width.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// One cell, as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell(String);

impl Cell {
    /// Text, on one line.
    pub fn text(text: &str) -> Self {
        let starts_control = text.starts_with(['\t', '\r', '\n']);
        let line = one_line(text);
        let starts_formula = line.trim_start().starts_with(FORMULA);
        let mark = if starts_formula || starts_control { "'" } else { "" };
        Self(format!("\"{mark}{}\"", line.replace('"', "\"\"")))
    }

    /// A number.
    pub fn number(number: impl Display) -> Self {
        Self(number.to_string())
    }
}

/// Harmless text on one line, also in the log of a CI job.
pub fn one_line(text: &str) -> String {
    let words = clean(text).replace(['\n', '\t'], " ");
    log(words.trim_end())
}

/// The file: a row of headings, then the others.
///
/// # Errors
/// When a row is not as long as the headings, which would be a fault of ours.
pub fn file(headings: &[String], rows: &[Vec<Cell>]) -> Result<String> {
    // Cells bring their own quotes: the library decides by looks, and an id such as `007` looks like a number.
    let mut writer = csv::WriterBuilder::new()
        .quote_style(csv::QuoteStyle::Never)
        .from_writer(Vec::new());
    let headings: Vec<_> = headings.iter().map(|heading| Cell::text(heading)).collect();
    for row in std::iter::once(&headings).chain(rows) {
        writer
            .write_record(row.iter().map(|cell| cell.0.as_bytes()))
            .context("every row has a cell for each heading")?;
    }
    let bytes = writer
        .into_inner()
        .context("nothing fails to be written to memory")?;
    String::from_utf8(bytes).context("cells are text")
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Headings and rows, as a program reads them.
    pub fn read(file: &str) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(file.as_bytes());
        let fields = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
        reader.records().map(|record| fields(record.unwrap())).collect()
    }

    #[test]
    fn no_cell_is_a_formula() {
        for text in [
            "=1+1", "+1", "-1", "@x", "  =1", "\u{a0}=1", "\t=1", "\tplain", "\rplain", "＝1", "－1", "＠x",
            "＋1",
        ] {
            let Cell(cell) = Cell::text(text);
            assert!(cell.starts_with("\"'"), "{text:?}: {cell}");
        }
        for text in ["", "plain", "a=1", "'quoted", "a - b"] {
            assert_eq!(Cell::text(text).0, format!("\"{text}\""));
        }
    }

    #[test]
    fn text_is_quoted_and_a_number_is_not() {
        let headings = ["id", "name", "points"].map(str::to_owned);
        let row = vec![Cell::text("007"), Cell::text("a \"b\", c\nd"), Cell::number(12.5)];
        let file = file(&headings, &[row]).unwrap();
        assert_eq!(
            file,
            "\"id\",\"name\",\"points\"\n\"007\",\"a \"\"b\"\", c d\",12.5\n"
        );
        assert_eq!(read(&file)[1], ["007", "a \"b\", c d", "12.5"]);
    }

    #[test]
    fn nothing_in_a_cell_speaks_to_a_terminal() {
        let Cell(cell) = Cell::text("\u{1b}[2J\u{202e}x\r\n");
        assert_eq!(cell, "\"\\u{1b}[2J\\u{202e}x\\r\"");
    }

    #[test]
    fn a_row_of_the_wrong_length_is_an_error() {
        assert!(file(&["a".to_owned()], &[vec![Cell::text("a"), Cell::text("b")]]).is_err());
    }
}
