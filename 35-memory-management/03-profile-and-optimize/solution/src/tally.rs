//! The figures that the report is made of.

use super::clients::Clients;
use super::histogram::Histogram;
use super::names::Names;
use super::record::{self, Defect, Record};
use super::route;
use super::slowest::Slowest;
use super::time::Time;

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
    pub span: Option<(Time, Time)>,
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
    /// Where the name of a route is written; kept for its memory.
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

    /// Adds all lines. The last one may lack its line feed.
    pub fn add_lines(&mut self, mut log: &[u8]) {
        while !log.is_empty() {
            self.lines += 1;
            let (line, rest) = record::parse(log);
            match line {
                Ok(record) => self.add_record(&record),
                Err(defect) => self.defects[defect as usize] += 1,
            }
            log = rest;
        }
    }

    #[inline]
    fn add_record(&mut self, record: &Record) {
        self.all.add(record.bytes);
        self.statuses[usize::from(record.status) - 100].add(record.bytes);
        self.hours[record.time.hour()].add(record.duration_ms);

        let (first, last) = self.span.get_or_insert((record.time, record.time));
        // Most logs are in order, and most lines are done with at the first comparison.
        if record.time >= *last {
            *last = record.time;
        } else if record.time < *first {
            *first = record.time;
        }

        let client = self.clients.client(record.client);
        client.requests += 1;
        client.bytes += record.bytes;

        let name = route::name(record.request, &mut self.name);
        let route = self.names.route(name);
        route.requests += 1;
        route.errors += u64::from(record.status >= 500);
        route.bytes += record.bytes;
        route.duration_ms += u64::from(record.duration_ms);

        self.slowest.add(record.duration_ms, self.lines, record.request);
    }
}

impl Volume {
    #[inline]
    fn add(&mut self, bytes: u64) {
        self.requests += 1;
        self.bytes += bytes;
    }
}
