//! Rules 1 to 7: dates.

use jiff::ToSpan;
use task_manager::date;

use super::support::{Home, local, now, read_date};

/// The ends of the week, the month and the year; days of the year without the year.
#[phase7::test(points = 1, rule = 1)]
fn ends_of_things_are_days() {
    let day = |text| {
        read_date(text, &now())
            .split_once("T00:00:00..")
            .map(|(day, _)| day.to_owned())
    };
    assert_eq!(day("eow").as_deref(), Some("2026-11-22"), "Sunday");
    assert_eq!(day("eom").as_deref(), Some("2026-11-30"), "the end of November");
    assert_eq!(day("EOY").as_deref(), Some("2026-12-31"), "in capitals");
    assert_eq!(day("12-24").as_deref(), Some("2026-12-24"), "still to come");
    assert_eq!(day("11-20").as_deref(), Some("2026-11-20"), "today");
    assert_eq!(day("11-19").as_deref(), Some("2027-11-19"), "over for this year");
    assert_eq!(day("02-29").as_deref(), Some("2028-02-29"), "the next leap year");
    let sunday = read_date("eow", &local("2026-11-22T10:00"));
    assert!(
        sunday.starts_with("2026-11-22T"),
        "a week ends on its Sunday, seen from there: {sunday}"
    );
}

/// A month later is the same day, or the last one.
#[phase7::test(points = 1, rule = 2)]
fn a_month_from_its_end_is_shorter() {
    let from = |text, now: &str| {
        read_date(text, &local(now))
            .split_once('T')
            .map(|(day, _)| day.to_owned())
    };
    assert_eq!(
        from("1m", "2026-01-31T10:00").as_deref(),
        Some("2026-02-28"),
        "January 31 and a month"
    );
    assert_eq!(
        from("+1y", "2028-02-29T10:00").as_deref(),
        Some("2029-02-28"),
        "February 29 and a year"
    );
    assert_eq!(
        from("in 2 weeks", "2026-12-25T10:00").as_deref(),
        Some("2027-01-08"),
        "two weeks"
    );
    assert_eq!(
        read_date("3d 17:00", &now()),
        "2026-11-23T17:00:00",
        "an amount of days has a time of the day"
    );
    assert_eq!(
        read_date("in 3 days at 5pm", &now()),
        "2026-11-23T17:00:00",
        "in words"
    );
}

/// Twelve hours are not twelve days: noon, midnight, am and pm.
#[phase7::test(points = 1, rule = 3)]
fn twelve_is_the_hour_before_one() {
    let at = |text| read_date(text, &now());
    assert_eq!(at("tomorrow 12am"), "2026-11-21T00:00:00", "midnight");
    assert_eq!(
        at("tomorrow 12:30pm"),
        "2026-11-21T12:30:00",
        "half an hour past noon"
    );
    assert_eq!(
        at("tomorrow midnight"),
        "2026-11-21T00:00:00",
        "a day begins with it"
    );
    assert_eq!(at("10:00"), "2026-11-21T10:00:00", "now is not to come");
    assert_eq!(at("now"), "2026-11-20T10:00:00", "now");
    assert_eq!(at("2026-11-27T16:00:00Z"), "2026-11-27T17:00:00", "UTC");
    assert_eq!(
        at("20261127T160000Z"),
        "2026-11-27T17:00:00",
        "as Taskwarrior writes it"
    );
    assert_eq!(
        at("2026-11-27T17:00:00+03:00"),
        "2026-11-27T15:00:00",
        "with an offset"
    );
}

/// A skipped hour is moved forward, of a doubled one the first is meant; hours are counted, not read off.
#[phase7::test(points = 2, rule = 4)]
fn clocks_are_changed() {
    let spring = local("2026-03-28T10:00");
    assert_eq!(
        read_date("tomorrow 2:30", &spring),
        "2026-03-29T03:30:00",
        "half past two does not exist"
    );
    assert_eq!(
        read_date("24h", &spring),
        "2026-03-29T11:00:00",
        "a day of 23 hours"
    );
    let autumn = local("2026-10-24T10:00");
    let first = date::parse("tomorrow 2:30", &autumn).expect("it exists twice");
    assert_eq!(
        first.first.to_string(),
        "2026-10-25T00:30:00Z",
        "the first of both"
    );
    let day = date::parse("tomorrow", &autumn).expect("a day");
    assert_eq!(
        day.last.as_second() - day.first.as_second(),
        25 * 3600 - 1,
        "a day of 25 hours"
    );
}

/// What is due on a day is late when the day is over.
#[phase7::test(points = 1, rule = 5)]
fn a_day_lasts_to_its_last_second() {
    let home = Home::new();
    home.ok(&["add", "a", "-d", "today"]);
    let list = |now: &str| {
        home.program(&["list"])
            .env("TASK_MANAGER_NOW", now)
            .run()
            .expect_code(0)
            .stdout()
    };
    assert!(
        list("2026-11-20T23:59:59").ends_with("\n1 task\n"),
        "in the last second"
    );
    assert!(
        list("2026-11-21T00:00:00").ends_with("\n1 task, 1 overdue\n"),
        "a second later"
    );
    assert_eq!(home.exported(&[])[0]["due"], "2026-11-20T22:59:59Z", "in UTC");
}

/// Whatever is shown can be typed.
#[phase7::test(points = 2, rule = 6)]
fn what_is_shown_can_be_typed() {
    let now = now();
    for hours in (-30..24 * 9).step_by(7) {
        let moment = now.timestamp() + hours.hours();
        let shown = date::show(moment, &now);
        let typed = date::parse(&shown, &now).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(typed.last, moment, "{shown:?}");
    }
    let show = |text: &str| date::show(local(text).timestamp(), &now);
    assert_eq!(show("2026-11-27T00:00"), "fri 00:00", "in a week");
    assert_eq!(show("2026-11-28T23:59:59"), "2026-11-28", "in more than a week");
    assert_eq!(show("2026-11-18T23:59:59"), "2026-11-18", "before yesterday");
}

/// What is no date is refused, with its words.
#[phase7::test(points = 1, rule = 7)]
fn nonsense_is_no_date() {
    for text in [
        "",
        "  ",
        "frid",
        "fri fri",
        "25:00",
        "13pm",
        "0pm",
        "17",
        "5:3",
        "12:60",
        "2026-13-01",
        "2026-02-30",
        "02-30",
        "in",
        "in fri",
        "3 days ago",
        "-3d",
        "99999999999999999999d",
        "99999y",
        "1.5h",
        "tomorrow now",
        "5pm 6pm",
        "2026-11-27T",
        "at",
        "26-11-27",
        "+5:30",
        "fri +17:00",
    ] {
        let read = read_date(text, &now());
        assert_eq!(read, format!("cannot read the date {text:?}"), "{text:?}");
    }
    let home = Home::new();
    assert_eq!(
        home.error(2, &["add", "x", "--due", "frid"]),
        "--due: cannot read the date \"frid\"",
        "the program"
    );
    assert_eq!(
        home.run(&["list"]).expect_code(1).stdout(),
        "no tasks\n",
        "nothing was added"
    );
}
