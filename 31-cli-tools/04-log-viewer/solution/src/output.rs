//! What the pipe filter prints: records as they were, or as JSON, and the histogram as a table.

use std::io::{self, Write};
use std::ops::ControlFlow;

use serde_json::{Map, Value};

use crate::histogram::Histogram;
use crate::level::Level;
use crate::record::Record;
use crate::time;

/// How a record is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Style {
    /// Its lines, byte by byte.
    #[default]
    Raw,
    /// An object of JSON, in a line.
    Json,
}

/// Prints records.
#[derive(Debug)]
pub struct Printer<W> {
    out: W,
    style: Style,
    with_name: bool,
}

impl<W: Write> Printer<W> {
    /// A printer to `out`; with `with_name` raw lines are preceded by the name of their file and a colon.
    pub fn new(out: W, style: Style, with_name: bool) -> Self {
        Self {
            out,
            style,
            with_name,
        }
    }

    /// Prints a record.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn record(&mut self, record: &Record<'_>) -> io::Result<()> {
        match self.style {
            Style::Raw if self.with_name => {
                for line in record.bytes.split_inclusive(|byte| *byte == b'\n') {
                    write!(self.out, "{}:", record.file)?;
                    self.out.write_all(line)?;
                }
            }
            Style::Raw => self.out.write_all(record.bytes)?,
            Style::Json => {
                serde_json::to_writer(&mut self.out, &as_json(record)).map_err(io::Error::from)?;
                return self.out.write_all(b"\n");
            }
        }
        if record.bytes.last() != Some(&b'\n') {
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Hands on what was printed.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Prints events over time in at most `rows` rows: where each begins, how many, and how many of each level.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn histogram(&mut self, histogram: &Histogram, rows: usize) -> io::Result<()> {
        write!(self.out, "{:<27} {:>8}", "from", "all")?;
        for level in Level::ALL {
            write!(self.out, " {:>8}", level.name())?;
        }
        writeln!(self.out, " {:>8}", "none")?;
        for bin in histogram.bins(rows) {
            let all: u64 = bin.counts.iter().sum();
            write!(self.out, "{} {all:>8}", time::rfc3339(bin.start_us))?;
            for count in bin.counts {
                write!(self.out, " {count:>8}")?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }
}

/// `file`, `offset`, `format`, `time`, `level`, `message`, `fields`, `text`.
fn as_json(record: &Record<'_>) -> Value {
    let text = |bytes: &[u8]| Value::from(String::from_utf8_lossy(bytes));
    let mut fields = Map::new();
    record.fields(&mut |name, value| {
        fields.entry(name).or_insert_with(|| text(&value));
        ControlFlow::Continue(())
    });
    let mut object = Map::new();
    object.insert("file".to_owned(), record.file.into());
    object.insert("offset".to_owned(), record.offset.into());
    object.insert("format".to_owned(), record.head.format.name().into());
    object.insert("time".to_owned(), record.head.time_us.map(time::rfc3339).into());
    object.insert("level".to_owned(), record.head.level.map(Level::name).into());
    object.insert("message".to_owned(), text(&record.message()));
    object.insert("fields".to_owned(), fields.into());
    object.insert("text".to_owned(), text(record.text()));
    object.into()
}
