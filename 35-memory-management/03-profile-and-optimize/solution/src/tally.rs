//! The figures that the report is made of.

use super::clients::Clients;
use super::histogram::Histogram;
use super::names::Names;
use super::record::{self, Defect, Record};
use super::slowest::Slowest;
use super::{route, time};

/// Requests and bytes.
#[derive(Debug, Clone, Copy, Default)]
pub struct Volume {
    /// How many requests.
    pub requests: u64,
    /// The size of all responses.
    pub bytes: u64,
}

/// Everything that is worth knowing of the lines so far.
#[derive(Debug)]
pub struct Tally {
    /// How many there were.
    pub lines: u64,
    /// How many of them were malformed in which way.
    pub defects: [u64; Defect::NAMES.len()],
    /// The well-formed ones.
    pub all: Volume,
    /// The earliest and the latest moment.
    pub span: Option<(time::Text, time::Text)>,
    /// By status, from 100 to 599.
    pub statuses: Vec<Volume>,
    /// The durations in each hour of the day.
    pub hours: Vec<Histogram>,
    /// By route.
    pub names: Names,
    /// By client.
    pub clients: Clients,
    /// The longest requests.
    pub slowest: Slowest,
    /// The route in hand; kept for its memory.
    name: Vec<u8>,
}

impl Tally {
    /// Figures of nothing.
    pub fn new() -> Self {
        Self {
            lines: 0,
            defects: [0; Defect::NAMES.len()],
            all: Volume::default(),
            span: None,
            statuses: vec![Volume::default(); 500],
            hours: vec![Histogram::EMPTY; 24],
            names: Names::new(),
            clients: Clients::new(),
            slowest: Slowest::default(),
            name: Vec::new(),
        }
    }

    /// Adds all lines of a block that have a terminator, and returns the rest.
    pub fn add_lines<'a>(&mut self, block: &'a [u8]) -> &'a [u8] {
        let mut rest = block;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let line = &rest[..end];
            self.add(line.strip_suffix(b"\r").unwrap_or(line));
            rest = &rest[end + 1..];
        }
        rest
    }

    /// Adds what is behind the last terminator, if there is anything: a `\r` at its end is content.
    pub fn add_last(&mut self, rest: &[u8]) {
        if !rest.is_empty() {
            self.add(rest);
        }
    }

    #[inline]
    fn add(&mut self, line: &[u8]) {
        self.lines += 1;
        match record::parse(line) {
            Ok(record) => self.add_record(&record),
            Err(defect) => self.defects[defect as usize] += 1,
        }
    }

    #[inline]
    fn add_record(&mut self, record: &Record) {
        self.all.add(record.bytes);
        self.statuses[usize::from(record.status) - 100].add(record.bytes);
        self.hours[record.time.hour].add(record.duration_ms);

        let (first, last) = self.span.get_or_insert((*record.time.text, *record.time.text));
        if record.time.text > last {
            *last = *record.time.text;
        } else if record.time.text < first {
            *first = *record.time.text;
        }

        let client = self.clients.client(record.client);
        client.requests += 1;
        client.bytes += record.bytes;

        route::write(record.method, record.target, &mut self.name);
        let route = self.names.route(&self.name);
        route.requests += 1;
        route.errors += u64::from(record.status >= 500);
        route.bytes += record.bytes;
        route.duration_ms += u64::from(record.duration_ms);

        self.slowest
            .add(record.duration_ms, self.lines, record.method, record.target);
    }
}

impl Volume {
    #[inline]
    fn add(&mut self, bytes: u64) {
        self.requests += 1;
        self.bytes += bytes;
    }
}
