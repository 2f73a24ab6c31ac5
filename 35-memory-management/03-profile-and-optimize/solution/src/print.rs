//! The report: sections divided by an empty line, columns divided by a tab.

use std::io::{self, BufWriter, Write};
use std::net::Ipv4Addr;

use super::clients::Clients;
use super::decimal;
use super::names::Names;
use super::record::Defect;
use super::slowest::Slowest;
use super::tally::Tally;

/// How many clients are listed.
const LISTED: usize = 10;

/// What is written at once.
const BUFFER_BYTES: usize = 32 << 10;

/// Prints the report.
///
/// # Errors
/// When `out` fails.
pub fn print(mut tally: Tally, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER_BYTES, out);
    summary(&tally, &mut out)?;
    statuses(&tally, &mut out)?;
    hours(&tally, &mut out)?;
    routes(tally.names, &mut out)?;
    clients(&mut tally.clients, &mut out)?;
    slowest(&tally.slowest, &mut out)?;
    out.flush()
}

fn summary(tally: &Tally, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "lines\t{}", tally.lines)?;
    writeln!(out, "valid\t{}", tally.all.requests)?;
    for (name, count) in Defect::NAMES.iter().zip(tally.defects) {
        writeln!(out, "bad {name}\t{count}")?;
    }
    writeln!(out, "bytes\t{}", tally.all.bytes)?;
    writeln!(out, "clients\t{}", tally.clients.count())?;

    let Some((first, last)) = tally.span else {
        return Ok(());
    };
    let span_ms = last.unix_ms() - first.unix_ms();
    for (name, time) in [("first", first), ("last", last)] {
        write!(out, "{name}\t")?;
        out.write_all(&time.text())?;
        writeln!(out)?;
    }
    writeln!(out, "seconds\t{}.{:03}", span_ms / 1000, span_ms % 1000)
}

fn statuses(tally: &Tally, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nstatus\trequests\tbytes")?;
    for (status, volume) in (100..).zip(&tally.statuses) {
        if volume.requests > 0 {
            writeln!(out, "{status}\t{}\t{}", volume.requests, volume.bytes)?;
        }
    }
    Ok(())
}

fn hours(tally: &Tally, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nhour\trequests\tp50\tp90\tp99\tmax")?;
    for (hour, durations) in tally.hours.iter().enumerate() {
        if durations.total() > 0 {
            write!(out, "{hour:02}\t{}", durations.total())?;
            for duration in durations.percentiles([50, 90, 99, 100]) {
                write!(out, "\t{duration}")?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// The one section that has no bound: its rows are written without `write!`.
fn routes(names: Names, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nroute\trequests\terrors\tbytes\tmean")?;
    names.each(|route, name| {
        out.write_all(name)?;
        for figure in [route.requests, route.errors, route.bytes] {
            out.write_all(b"\t")?;
            decimal::write(out, figure)?;
        }
        out.write_all(b"\t")?;
        decimal::write_tenths(out, route.duration_ms as f64 / route.requests as f64)?;
        out.write_all(b"\n")
    })
}

fn clients(clients: &mut Clients, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nclient\trequests\tbytes")?;
    for client in clients.largest(LISTED) {
        let address = Ipv4Addr::from_bits(client.address);
        writeln!(out, "{address}\t{}\t{}", client.requests, client.bytes)?;
    }
    Ok(())
}

fn slowest(slowest: &Slowest, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "\nms\tline\trequest")?;
    for request in slowest.requests() {
        write!(out, "{}\t{}\t", request.duration_ms, request.line)?;
        out.write_all(&request.text)?;
        writeln!(out)?;
    }
    Ok(())
}
