//! The report: sections divided by an empty line, columns divided by a tab.

use std::io::{self, Write};

use super::record::{Defect, Record};
use super::tally::{Client, Tally, percentile};

/// How many clients and requests are listed.
const LISTED: usize = 10;

/// Prints the report.
pub fn print(tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
    summary(tally, out)?;
    statuses(tally, out)?;
    hours(tally, out)?;
    routes(tally, out)?;
    clients(tally, out)?;
    slowest(tally, out)
}

fn summary(tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
    let records: Vec<Record> = tally.lines.iter().filter_map(|line| line.clone().ok()).collect();
    writeln!(out, "lines\t{}", tally.lines.len())?;
    writeln!(out, "valid\t{}", records.len())?;
    for defect in Defect::ALL {
        let count = tally
            .lines
            .iter()
            .filter(|line| line.as_ref().err() == Some(&defect))
            .count();
        writeln!(out, "bad {}\t{count}", defect.name())?;
    }
    writeln!(
        out,
        "bytes\t{}",
        records.iter().map(|record| record.bytes).sum::<u64>()
    )?;
    writeln!(out, "clients\t{}", tally.clients.len())?;

    let mut times: Vec<_> = records.iter().map(|record| record.time.clone()).collect();
    times.sort_by_key(|time| time.unix_ms);
    if let (Some(first), Some(last)) = (times.first(), times.last()) {
        let span_ms = last.unix_ms - first.unix_ms;
        writeln!(out, "first\t{}", first.text)?;
        writeln!(out, "last\t{}", last.text)?;
        writeln!(out, "seconds\t{}.{:03}", span_ms / 1000, span_ms % 1000)?;
    }
    Ok(())
}

fn statuses(tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nstatus\trequests\tbytes")?;
    let mut statuses: Vec<_> = tally.statuses.clone().into_iter().collect();
    statuses.sort();
    for (status, (requests, bytes)) in statuses {
        writeln!(out, "{status}\t{requests}\t{bytes}")?;
    }
    Ok(())
}

fn hours(tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nhour\trequests\tp50\tp90\tp99\tmax")?;
    let mut hours: Vec<String> = tally.hours.keys().cloned().collect();
    hours.sort();
    for hour in hours {
        let durations = &tally.hours[&hour];
        write!(out, "{hour}\t{}", durations.len())?;
        for percent in [50, 90, 99, 100] {
            write!(out, "\t{}", percentile(durations, percent))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn routes(tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nroute\trequests\terrors\tbytes\tmean")?;
    let mut routes: Vec<(String, Vec<f64>)> = tally.durations.clone().into_iter().collect();
    routes.sort_by_key(|(route, durations)| (std::cmp::Reverse(durations.len()), route.clone()));
    for (route, durations) in routes {
        let mean = durations.iter().sum::<f64>() / durations.len() as f64;
        write!(out, "{route}\t{}", durations.len())?;
        write!(out, "\t{}\t{}", tally.errors[&route], tally.bytes[&route])?;
        writeln!(out, "\t{mean:.1}")?;
    }
    Ok(())
}

fn clients(tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nclient\trequests\tbytes")?;
    let mut clients: Vec<Client> = tally.clients.clone();
    clients.sort_by_key(|client| (std::cmp::Reverse(client.bytes), client.address.clone()));
    for client in clients.iter().take(LISTED) {
        writeln!(out, "{}\t{}\t{}", client.address, client.requests, client.bytes)?;
    }
    Ok(())
}

fn slowest(tally: &Tally, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\nms\tline\trequest")?;
    let mut slowest = tally.slowest.clone();
    slowest.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    for (duration_ms, number, request) in slowest.iter().take(LISTED) {
        writeln!(out, "{duration_ms}\t{number}\t{request}")?;
    }
    Ok(())
}
