//! The words of a date, each by itself: a day, a time of the day, an amount of time.

use jiff::civil::{Date, Time, Weekday};
use jiff::{Span, ToSpan, Zoned};

/// The longest offset, in its unit.
const OFFSET_MAX: i64 = 99_999;

/// A day: a word such as `fri`, a date, or so many days, weeks, months or years from today.
pub fn day(word: &str, now: &Zoned) -> Option<Date> {
    let today = now.date();
    match word {
        "today" => return Some(today),
        "tomorrow" => return today.tomorrow().ok(),
        "yesterday" => return today.yesterday().ok(),
        "eow" => {
            let days = 7 - today.weekday().to_monday_one_offset();
            return today.checked_add(i64::from(days).days()).ok();
        }
        "eom" => return Some(today.last_of_month()),
        "eoy" => return Some(today.last_of_year()),
        _ => {}
    }
    if let Some(weekday) = weekday(word) {
        return today.nth_weekday(1, weekday).ok();
    }
    if let Some((number, unit @ ('d' | 'w' | 'm' | 'y'))) = amount(word) {
        return today.checked_add(span(number, unit)?).ok();
    }
    if is_date(word, &[4, 2, 2]) {
        return word.parse().ok();
    }
    if is_date(word, &[2, 2]) {
        // The next such day; February 29 may be years away.
        return (0..=8).find_map(|years| {
            let date: Date = format!("{:04}-{word}", today.year() + years).parse().ok()?;
            (date >= today).then_some(date)
        });
    }
    None
}

fn weekday(word: &str) -> Option<Weekday> {
    const NAMES: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let index = NAMES
        .iter()
        .position(|name| *name == word || name[..3] == *word)?;
    Weekday::from_monday_zero_offset(i8::try_from(index).ok()?).ok()
}

/// Whether it is a digit that numbers are made of here.
pub fn is_digit(c: char) -> bool {
    c.is_ascii_digit()
}

/// Whether `word` is groups of digits of these lengths with `-` between them.
fn is_date(word: &str, lengths: &[usize]) -> bool {
    let is_group = |(group, length): (&str, &usize)| group.len() == *length && is_number(group);
    word.split('-').count() == lengths.len() && word.split('-').zip(lengths).all(is_group)
}

/// A time of the day.
pub fn clock(word: &str) -> Option<Time> {
    match word {
        "noon" => return Some(Time::constant(12, 0, 0, 0)),
        "midnight" => return Some(Time::MIN),
        _ => {}
    }
    let (digits, half) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        _ => (word, None),
    };
    let (hour, minute) = match digits.split_once(':') {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute),
        None if half.is_some() => (digits, "0"),
        _ => return None,
    };
    if !is_number(hour) || !is_number(minute) || hour.len() > 2 {
        return None;
    }
    let hour: i8 = hour.parse().ok()?;
    let hour = match half {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    Time::new(hour, minute.parse().ok()?, 0, 0).ok()
}

/// A number and the letter of its unit; `i` stands for minutes.
pub fn amount(word: &str) -> Option<(i64, char)> {
    let word = word.strip_prefix('+').unwrap_or(word);
    let (number, unit) = word.split_at(word.find(|c: char| !c.is_ascii_digit())?);
    let number = number.parse().ok().filter(|number| *number <= OFFSET_MAX)?;
    Some((number, unit_letter(unit)?))
}

fn unit_letter(unit: &str) -> Option<char> {
    Some(match unit {
        "min" | "mins" | "minute" | "minutes" => 'i',
        "h" | "hour" | "hours" => 'h',
        "d" | "day" | "days" => 'd',
        "w" | "week" | "weeks" => 'w',
        "m" | "month" | "months" => 'm',
        "y" | "year" | "years" => 'y',
        _ => return None,
    })
}

/// Whether it is the name of a unit.
pub fn is_unit(word: &str) -> bool {
    unit_letter(word).is_some()
}

/// Whether it is digits and nothing else.
pub fn is_number(word: &str) -> bool {
    !word.is_empty() && word.chars().all(is_digit)
}

fn span(number: i64, unit: char) -> Option<Span> {
    let span = Span::new();
    match unit {
        'd' => span.try_days(number),
        'w' => span.try_weeks(number),
        'm' => span.try_months(number),
        _ => span.try_years(number),
    }
    .ok()
}
