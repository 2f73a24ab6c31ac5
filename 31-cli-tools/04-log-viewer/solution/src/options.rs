//! What the flags mean together.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::tz::{Offset, TimeZone};

use crate::cli::Cli;
use crate::filter::{self, Filter, FilterError};
use crate::time::Clock;

/// A flag that means nothing.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// The filter is none; printed in several lines.
    #[error("filter: {0}")]
    Filter(#[from] FilterError),
    /// A flag's value is none of its kind.
    #[error("{flag}: {reason}")]
    Flag {
        /// The flag, as it is written.
        flag: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

/// The clock that the flags describe.
///
/// # Errors
/// There is no such zone, or no such time.
pub fn clock(cli: &Cli) -> Result<Clock, OptionsError> {
    let zone = match &cli.zone {
        None => TimeZone::system(),
        Some(name) => zone(name).ok_or_else(|| flag("--zone", format!("no zone: {name}")))?,
    };
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let clock = Clock::new(since_epoch.as_micros() as i64, zone.clone());
    let Some(now) = &cli.now else { return Ok(clock) };
    let now_us = time(&clock, "--now", now)?;
    Ok(Clock::new(now_us, zone))
}

/// What all flags that choose records come to.
///
/// # Errors
/// One of them is wrong.
pub fn filter(cli: &Cli, clock: &Clock) -> Result<Filter, OptionsError> {
    let mut filters = Vec::new();
    filters.extend(cli.level.map(Filter::at_least));
    let since = cli.since.as_deref().map(|text| time(clock, "--since", text));
    let until = cli.until.as_deref().map(|text| time(clock, "--until", text));
    filters.push(Filter::between(since.transpose()?, until.transpose()?));
    if let Some(pattern) = &cli.grep {
        let regex = filter::regex(pattern).map_err(|reason| flag("--grep", reason))?;
        filters.push(Filter::text_matches(regex));
    }
    if let Some(text) = &cli.filter {
        filters.push(Filter::parse(text, clock)?);
    }
    Ok(Filter::all(filters))
}

fn time(clock: &Clock, name: &'static str, text: &str) -> Result<i64, OptionsError> {
    clock
        .value(text)
        .ok_or_else(|| flag(name, format!("no time: {text}")))
}

fn flag(flag: &'static str, reason: String) -> OptionsError {
    OptionsError::Flag { flag, reason }
}

/// A zone by its name, or by how many hours and minutes it is ahead: `+02:00`.
fn zone(name: &str) -> Option<TimeZone> {
    let (sign, rest) = match name.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ if name == "UTC" => return Some(TimeZone::UTC),
        _ => return TimeZone::get(name).ok(),
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let is_zone = (0..24).contains(&hours) && (0..60).contains(&minutes);
    let seconds = sign * (hours * 60 + minutes) * 60;
    is_zone.then(|| Offset::from_seconds(seconds).ok().map(TimeZone::fixed))?
}
