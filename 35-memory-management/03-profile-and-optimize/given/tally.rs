//! The figures that the report is made of.

use std::collections::HashMap;

use super::record::{self, Defect, Record};

/// Everything that was seen so far.
#[derive(Debug, Default)]
pub struct Tally {
    /// What each line was.
    pub lines: Vec<Result<Record, Defect>>,
    /// The durations of the requests in each hour of the day.
    pub hours: HashMap<String, Vec<f64>>,
    /// Requests and bytes of each status.
    pub statuses: HashMap<String, (u64, u64)>,
    /// The durations of the requests on each route.
    pub durations: HashMap<String, Vec<f64>>,
    /// The requests on each route that ended in an error of the server.
    pub errors: HashMap<String, u64>,
    /// The bytes of each route.
    pub bytes: HashMap<String, u64>,
    /// All clients.
    pub clients: Vec<Client>,
    /// All requests by their durations, with the number of the line and what was asked for.
    pub slowest: Vec<(f64, usize, String)>,
}

/// What one client has asked for.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its address.
    pub address: String,
    /// How often it asked.
    pub requests: u64,
    /// How much it got.
    pub bytes: u64,
}

impl Tally {
    /// Adds the line with this number.
    pub fn add(&mut self, number: usize, line: Result<Record, Defect>) {
        if let Ok(record) = &line {
            self.add_record(number, record.clone());
        }
        self.lines.push(line);
    }

    fn add_record(&mut self, number: usize, record: Record) {
        let durations = self.hours.entry(record.time.hour.clone()).or_default();
        durations.push(record.duration_ms);

        let status = self.statuses.entry(record.status.to_string()).or_default();
        status.0 += 1;
        status.1 += record.bytes;

        let route = route(&record);
        self.durations
            .entry(route.clone())
            .or_default()
            .push(record.duration_ms);
        *self.errors.entry(route.clone()).or_default() += u64::from(record.status >= 500);
        *self.bytes.entry(route.clone()).or_default() += record.bytes;

        match self
            .clients
            .iter_mut()
            .find(|client| client.address == record.client)
        {
            Some(client) => {
                client.requests += 1;
                client.bytes += record.bytes;
            }
            None => self.clients.push(Client {
                address: record.client.clone(),
                requests: 1,
                bytes: record.bytes,
            }),
        }

        let request = format!("{} {}", record.method, record.target);
        self.slowest.push((record.duration_ms, number, request));
    }
}

/// The method, and the path without its query, where each segment that is a number is written as `:id`.
fn route(record: &Record) -> String {
    let path = record.target.split('?').next().unwrap_or_default();
    let segments: Vec<String> = path
        .split('/')
        .map(|segment| {
            if record::is_number(segment) {
                ":id".to_owned()
            } else {
                segment.to_owned()
            }
        })
        .collect();
    format!("{} {}", record.method, segments.join("/"))
}

/// The duration that `percent` of all do not exceed (nearest rank), rounded up to two significant digits.
pub fn percentile(durations: &[f64], percent: usize) -> u64 {
    let mut sorted = durations.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100);
    round_up(sorted[rank - 1])
}

/// Rounds up to two significant digits: 7, 99, 100, 110 for 101, 1000 for 991.
fn round_up(duration: f64) -> u64 {
    let mut unit = 1.0;
    while duration > 100.0 * unit {
        unit *= 10.0;
    }
    ((duration / unit).ceil() * unit) as u64
}
