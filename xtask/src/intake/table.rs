//! CSV as spreadsheets write it: any of the usual encodings, separators and line ends; rows with their lines.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::limits::TABLE_MAX;
use crate::run::failure::clean;

/// A table with a header row.
#[derive(Debug)]
pub struct Table {
    path: PathBuf,
    columns: Vec<String>,
    rows: Vec<Row>,
}

/// One row.
#[derive(Debug)]
pub struct Row {
    /// Its line in the file, from 1.
    pub line: u64,
    cells: Vec<String>,
}

impl Table {
    /// Reads the table at `path`.
    ///
    /// # Errors
    /// When it cannot be read, or has no header: `file:line: what is wrong`.
    pub fn read(path: &Path) -> Result<Self> {
        let failed = || format!("cannot read {}", path.display());
        let mut bytes = Vec::new();
        let file = std::fs::File::open(path).with_context(failed)?;
        file.take(TABLE_MAX + 1)
            .read_to_end(&mut bytes)
            .with_context(failed)?;
        if bytes.len() as u64 > TABLE_MAX {
            bail!(
                "{} is larger than {} MiB: is it a table?",
                path.display(),
                TABLE_MAX >> 20
            );
        }
        Self::parse(path, &text(&bytes))
    }

    fn parse(path: &Path, text: &str) -> Result<Self> {
        let (separator, text, skipped) = separator(text);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .has_headers(false)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut lines = Lines::new(text);
        let mut rows = Vec::new();
        for record in reader.records() {
            let at = |line: u64| format!("{}:{}", path.display(), line + skipped);
            let record = record.map_err(|error| {
                let line = error.position().map_or(1, csv::Position::line);
                anyhow::anyhow!("{}: it is no CSV: {error}", at(line))
            })?;
            let line = lines.of(record.position().map_or(0, csv::Position::byte)) + skipped;
            let cells: Vec<_> = record
                .iter()
                .map(|cell| clean(cell).replace(['\n', '\t'], " "))
                .collect();
            if cells.iter().any(|cell| !cell.is_empty()) {
                rows.push(Row { line, cells });
            }
        }
        if rows.is_empty() {
            bail!(
                "{}:1: it is empty: the first row names the columns",
                path.display()
            );
        }
        let header = rows.remove(0);
        Ok(Self {
            path: path.to_owned(),
            columns: header.cells.iter().map(|name| name.to_lowercase()).collect(),
            rows,
        })
    }

    /// The rows below the header.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The columns whose name fulfils `is`.
    pub fn columns(&self, is: impl Fn(&str) -> bool) -> Vec<usize> {
        (0..self.columns.len())
            .filter(|index| is(&self.columns[*index]))
            .collect()
    }

    /// The column called `name`.
    ///
    /// # Errors
    /// When there is none, or two.
    pub fn column(&self, name: &str) -> Result<usize> {
        match self.columns(|column| column == name)[..] {
            [index] => Ok(index),
            [] => bail!(
                "{}:1: it has no column {name:?}; its columns are {}",
                self.path.display(),
                self.columns.join(", ")
            ),
            _ => bail!("{}:1: it has two columns {name:?}", self.path.display()),
        }
    }

    /// `file:line` of a row.
    pub fn at(&self, line: u64) -> String {
        format!("{}:{line}", self.path.display())
    }
}

impl Row {
    /// The text in a column, if there is any.
    pub fn cell(&self, column: usize) -> Option<&str> {
        self.cells
            .get(column)
            .map(String::as_str)
            .filter(|cell| !cell.is_empty())
    }
}

/// The bytes as text: by their mark, else UTF-8, else UTF-16 if it looks like it, else what Western Windows writes.
pub fn text(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding
            .decode_without_bom_handling(&bytes[mark..])
            .0
            .into_owned();
    }
    let zeros = |odd: usize| {
        bytes
            .iter()
            .skip(odd)
            .step_by(2)
            .take(200)
            .filter(|byte| **byte == 0)
            .count()
    };
    let half = bytes.len().div_ceil(2).min(200) / 2;
    let encoding = match (zeros(0), zeros(1)) {
        (_, low) if low > half => UTF_16LE,
        (high, _) if high > half => UTF_16BE,
        _ if std::str::from_utf8(bytes).is_ok() => encoding_rs::UTF_8,
        _ => WINDOWS_1252,
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

/// Tells the lines of rows, which come in their order.
struct Lines<'t> {
    rest: &'t [u8],
    start: u64,
    line: u64,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            rest: text.as_bytes(),
            start: 0,
            line: 1,
        }
    }

    /// The line of the row that the reader was about to read at `byte`: empty lines before it are not its own.
    fn of(&mut self, byte: u64) -> u64 {
        let before = usize::try_from(byte.saturating_sub(self.start)).unwrap_or(usize::MAX);
        let before = before.min(self.rest.len());
        let empty = self.rest[before..]
            .iter()
            .take_while(|byte| b"\r\n".contains(byte))
            .count();
        let (passed, rest) = self.rest.split_at(before + empty);
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.start += passed.len() as u64;
        self.rest = rest;
        self.line
    }
}

/// The separator, the text behind Excel's `sep=` line, and how many lines that was.
fn separator(text: &str) -> (u8, &str, u64) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if let [separator] = first
        .trim_end()
        .strip_prefix("sep=")
        .unwrap_or_default()
        .as_bytes()
    {
        return (*separator, rest, 1);
    }
    let count = |separator: &u8| first.bytes().filter(|byte| byte == separator).count();
    // `max_by_key` gives the last of equals: the comma.
    let separator = [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',');
    (separator, text, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
        let table = Table::parse(Path::new("t.csv"), &text(bytes)).unwrap();
        assert_eq!(table.columns, ["id", "name"]);
        table.rows.into_iter().map(|row| row.cells).collect()
    }

    #[test]
    fn spreadsheets_write_many_dialects() {
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let big = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        for bytes in [
            b"id,name\ns1,\xc3\xa9\n".to_vec(),
            b"\xef\xbb\xbfid,name\r\ns1,\xc3\xa9\r\n".to_vec(),
            b"id;name\r\ns1;\xe9".to_vec(),
            b"sep=;\r\nid;name\r\ns1;\xe9\r\n".to_vec(),
            b"ID\tName\n\n s1 \t\"\xc3\xa9\"\n,,\n".to_vec(),
            utf16("\u{feff}id\tname\ns1\té\n"),
            utf16("id,name\ns1,é\n"),
            big("\u{feff}id,name\ns1,é\n"),
            big("id,name\ns1,é\n"),
        ] {
            assert_eq!(cells(&bytes)[0], ["s1", "é"], "{bytes:?}");
        }
    }

    #[test]
    fn a_row_knows_its_line() {
        let table = Table::parse(Path::new("t.csv"), "sep=,\nid,name\n\ns1,\"a\nb\"\ns2,c\n").unwrap();
        let lines: Vec<_> = table.rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [4, 6]);
        assert_eq!(table.rows[0].cell(1), Some("a b"));
    }

    #[test]
    fn what_is_missing_is_said_with_its_place() {
        let table = Table::parse(Path::new("t.csv"), "login,name\nx,y\n").unwrap();
        let error = table.column("id").unwrap_err().to_string();
        assert_eq!(
            error,
            "t.csv:1: it has no column \"id\"; its columns are login, name"
        );
        assert!(Table::parse(Path::new("t.csv"), "\n\n").is_err());
    }
}
