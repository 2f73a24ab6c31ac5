//! Times and durations as a policy writes them.

use anyhow::{Context, Result, bail};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp, Zoned};

/// A moment: with an offset, with a zone in brackets, or local in `timezone`.
///
/// # Errors
/// Says what the text lacks.
pub fn moment(text: &str, timezone: Option<&TimeZone>) -> Result<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    if let Ok(at) = text.parse::<Zoned>() {
        return Ok(at.timestamp());
    }
    const SHAPE: &str =
        "a time is `2026-11-01T23:59:00Z`, `2026-11-01T23:59:00+01:00`, or local as `2026-11-01T23:59:00`";
    let Ok(local) = text.parse::<DateTime>() else {
        bail!("{text:?} is no time: {SHAPE}");
    };
    if !text.contains(':') {
        bail!("{text:?} has no time of day: {SHAPE}");
    }
    let timezone = timezone.with_context(|| {
        format!(
            "{text} is a local time, and no zone is set: add an offset, or `timezone = \"Europe/Berlin\"` (your \
             zone) above the tables"
        )
    })?;
    let zoned = timezone.to_ambiguous_zoned(local).later();
    Ok(zoned
        .with_context(|| format!("{text} is no time in this zone"))?
        .timestamp())
}

/// A duration that is not negative: `15m`, `7d`, `1d 12h`.
///
/// # Errors
/// Shows the shape.
pub fn duration(text: &str) -> Result<SignedDuration> {
    let parse = || -> Result<SignedDuration> {
        let span: Span = text.parse()?;
        Ok(span.to_duration(SpanRelativeTo::days_are_24_hours())?)
    };
    match parse() {
        Ok(duration) if !duration.is_negative() => Ok(duration),
        _ => bail!("{text:?} is no duration: write `90s`, `15m`, `2h`, `7d` or `1d 12h`"),
    }
}

/// A duration in words: its two largest units.
pub fn in_words(duration: SignedDuration) -> String {
    let minutes = duration.as_secs() / 60;
    let units = [
        (minutes / (24 * 60), "day"),
        (minutes / 60 % 24, "hour"),
        (minutes % 60, "minute"),
    ];
    let words: Vec<_> = units
        .iter()
        .skip_while(|(count, _)| *count == 0)
        .take(2)
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| counted(*count, unit))
        .collect();
    if words.is_empty() {
        return "less than a minute".to_owned();
    }
    words.join(" ")
}

/// `1 day`, `2 days`.
pub fn counted(count: i64, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    #[test]
    fn local_times_follow_the_clocks() {
        let at = |text| moment(text, Some(&berlin())).unwrap().to_string();
        assert_eq!(at("2026-11-01T23:59:00"), "2026-11-01T22:59:00Z");
        assert_eq!(at("2026-07-01 23:59"), "2026-07-01T21:59:00Z");
        // 02:30 comes twice on the last Sunday of October; the later one is an hour more.
        assert_eq!(at("2026-10-25T02:30:00"), "2026-10-25T01:30:00Z");
        assert_eq!(at("2026-11-01T23:59:00-05:00"), "2026-11-02T04:59:00Z");
        assert_eq!(
            at("2026-11-01T23:59:00[America/New_York]"),
            "2026-11-02T04:59:00Z"
        );
    }

    #[test]
    fn a_local_time_without_a_zone_says_so() {
        let error = moment("2026-11-01T23:59:00", None).unwrap_err();
        assert!(error.to_string().contains("no zone is set"), "{error}");
        let error = moment("2026-11-01", Some(&berlin())).unwrap_err();
        assert!(error.to_string().contains("no time of day"), "{error}");
        let error = moment("soon", None).unwrap_err();
        assert!(error.to_string().contains("is no time"), "{error}");
    }

    #[test]
    fn durations_have_units() {
        assert_eq!(duration("7d").unwrap(), SignedDuration::from_hours(7 * 24));
        assert_eq!(duration("1d 12h").unwrap(), SignedDuration::from_hours(36));
        assert_eq!(duration("15m").unwrap(), SignedDuration::from_mins(15));
        for text in ["", "15", "-15m", "1 fortnight", "2 months"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn words_have_two_units() {
        let words = |minutes| in_words(SignedDuration::from_mins(minutes));
        assert_eq!(words(0), "less than a minute");
        assert_eq!(words(61), "1 hour 1 minute");
        assert_eq!(words(2 * 24 * 60 + 3 * 60 + 7), "2 days 3 hours");
        assert_eq!(words(24 * 60 + 7), "1 day");
    }
}
