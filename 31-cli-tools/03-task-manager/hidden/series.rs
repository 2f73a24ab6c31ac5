//! Rules 8 to 13: ids, values, and tasks that come back.

use task_manager::recur::Recurrence;

use super::support::{Home, local};

/// A series of dates, each the first one later than the one before.
fn series(rule: &str, first: &str, count: usize) -> Vec<String> {
    let rule: Recurrence = rule.parse().expect("a recurrence");
    let first = local(first).datetime();
    let next = |date: &jiff::civil::DateTime| rule.next(first, *date);
    std::iter::successors(Some(first), next)
        .take(count)
        .map(|date| date.date().to_string())
        .collect()
}

/// An id is not given again, neither after a removal nor after an undo.
#[phase7::test(points = 1, rule = 8)]
fn ids_are_never_given_again() {
    let home = Home::new();
    home.ok(&["add", "a"]);
    home.ok(&["add", "b"]);
    home.ok(&["remove", "-y", "2"]);
    assert_eq!(home.ok(&["add", "c"]), "added 3: c\n", "after a removal");
    home.ok(&["undo"]);
    assert_eq!(home.ok(&["add", "d"]), "added 4: d\n", "after an undo");
}

/// What would break a line, a terminal or a filter does not get in.
#[phase7::test(points = 1, rule = 9)]
fn descriptions_and_names_are_checked() {
    let home = Home::new();
    assert_eq!(
        home.error(2, &["add", "  "]),
        "the description is empty",
        "blanks"
    );
    assert_eq!(
        home.error(2, &["add", "a\nb"]),
        "the description has a control character",
        "two lines"
    );
    assert_eq!(
        home.error(2, &["add", "\x1b[2J"]),
        "the description has a control character",
        "an escape sequence"
    );
    for name in ["", "a b", "a,b", "(a", "a\"", "wait!"] {
        for flag in ["--tag", "--project"] {
            let error = home.error(2, &["add", "x", flag, name]);
            assert!(
                error.starts_with(&format!("{flag}: cannot use {name:?} as a name")),
                "{flag} {name:?}: {error}"
            );
        }
    }
    assert_eq!(
        home.error(2, &["add", "x", "-p", "urgent"]),
        "--priority: cannot read the priority \"urgent\": it is H, M or L",
        "a priority"
    );
    assert_eq!(
        home.error(2, &["add", "x", "-r", "daily"]),
        "a task that recurs needs a due date",
        "no due date"
    );
    assert_eq!(
        home.error(2, &["add", "x", "-u", "eoy"]),
        "\"until\" is for tasks that recur",
        "no recurrence"
    );
    assert!(
        home.error(2, &["add", "x", "-d", "eom", "-r", "hourly"])
            .starts_with("--recur: cannot read the recurrence \"hourly\""),
        "a recurrence"
    );
    assert_eq!(
        home.run(&["list"]).expect_code(1).stdout(),
        "no tasks\n",
        "nothing was added"
    );
    home.ok(&["add", "Überweisung 日本", "-t", "größe"]);
    assert_eq!(
        home.exported(&["+größe"])[0]["description"],
        "Überweisung 日本",
        "letters are letters"
    );
}

/// All or none: one task that cannot be changed leaves the others as they are.
#[phase7::test(points = 1, rule = 10)]
fn a_command_does_all_or_nothing() {
    let home = Home::new();
    home.ok(&["add", "a", "-d", "eom", "-r", "daily"]);
    home.ok(&["add", "b"]);
    home.ok(&["done", "2"]);
    assert_eq!(
        home.error(1, &["done", "1-2", "2"]),
        "task 2 is done already",
        "named, and done"
    );
    assert_eq!(
        home.error(2, &["edit", "1-2", "--recur", "weekly"]),
        "a task that recurs needs a due date",
        "one of them"
    );
    assert_eq!(home.exported(&["1"])[0]["recur"], "daily", "the other one");
    assert_eq!(
        home.ok(&["done", "1-2"]),
        "done 1: a\nnext 3: a (due tue)\n".replace("tue", "2026-12-01"),
        "a range leaves out what is done"
    );
}

/// Intervals are counted from the first date.
#[phase7::test(points = 2, rule = 12)]
fn ends_of_months_do_not_drift() {
    assert_eq!(
        series("monthly", "2027-12-31T09:00", 4),
        ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"],
        "monthly"
    );
    assert_eq!(
        series("yearly", "2028-02-29T09:00", 5),
        [
            "2028-02-29",
            "2029-02-28",
            "2030-02-28",
            "2031-02-28",
            "2032-02-29"
        ],
        "yearly"
    );
    assert_eq!(
        series("3m", "2026-11-30T09:00", 3),
        ["2026-11-30", "2027-02-28", "2027-05-30"],
        "every three months"
    );
    assert_eq!(
        series("2w", "2026-11-20T09:00", 3),
        ["2026-11-20", "2026-12-04", "2026-12-18"],
        "every two weeks"
    );
    assert_eq!(
        series("10d", "2026-12-25T09:00", 2),
        ["2026-12-25", "2027-01-04"],
        "every ten days"
    );
    assert_eq!(
        series("weekdays", "2026-11-19T09:00", 4),
        ["2026-11-19", "2026-11-20", "2026-11-23", "2026-11-24"],
        "weekdays"
    );
    assert_eq!(
        series("999y", "9000-01-01T09:00", 3).len(),
        2,
        "the calendar ends with the year 9999"
    );
}

/// Late: what was missed is skipped. Early: the series goes on from the due date.
#[phase7::test(points = 2, rule = 12)]
fn what_was_missed_is_skipped() {
    let home = Home::new();
    home.ok(&["add", "late", "-d", "2026-10-30 18:00", "-r", "weekly"]);
    assert_eq!(
        home.ok(&["done", "1"]),
        "done 1: late\nnext 2: late (due today 18:00)\n",
        "the next one after now"
    );
    home.ok(&[
        "add",
        "early",
        "-d",
        "2026-12-31",
        "-r",
        "monthly",
        "-t",
        "x",
        "-p",
        "L",
        "-P",
        "home",
    ]);
    assert_eq!(
        home.ok(&["done", "3"]),
        "done 3: early\nnext 4: early (due 2027-01-31)\n",
        "the next one after its date"
    );
    let next = &home.exported(&["4"])[0];
    assert_eq!(
        (&next["tags"][0], &next["priority"], &next["project"]),
        (&"x".into(), &"L".into(), &"home".into()),
        "all about it"
    );
    home.ok(&["add", "summer", "-d", "2026-03-28 02:30", "-r", "daily"]);
    let done = |now| {
        home.program(&["done", "summer"])
            .env("TASK_MANAGER_NOW", now)
            .run()
            .expect_code(0)
            .stdout()
    };
    assert!(
        done("2026-03-28T12:00").contains("(due tomorrow 03:30)"),
        "a time that the clocks skip"
    );
    assert!(
        done("2026-03-29T12:00").contains("(due tomorrow 02:30)"),
        "is back on the day after"
    );
}

/// A series ends.
#[phase7::test(points = 1, rule = 12)]
fn a_series_has_an_end() {
    let home = Home::new();
    home.ok(&["add", "a", "-d", "tomorrow", "-r", "daily", "-u", "2026-11-22"]);
    assert_eq!(
        home.ok(&["done", "1"]),
        "done 1: a\nnext 2: a (due sun)\n",
        "on the last day itself"
    );
    assert_eq!(home.ok(&["done", "2"]), "done 2: a\n", "none after it");
}

/// `none` takes away, and what depends on it goes too; a new date begins a new series.
#[phase7::test(points = 1, rule = 13)]
fn a_new_date_is_a_new_series() {
    let home = Home::new();
    home.ok(&[
        "add",
        "a",
        "-d",
        "2026-12-31",
        "-r",
        "monthly",
        "-u",
        "2028-01-01",
        "-p",
        "H",
        "-P",
        "home",
    ]);
    home.ok(&["edit", "1", "-d", "2026-12-15"]);
    assert_eq!(
        home.ok(&["done", "1"]),
        "done 1: a\nnext 2: a (due 2027-01-15)\n",
        "from the 15th on"
    );
    assert_eq!(
        home.error(2, &["edit", "2", "-d", "none"]),
        "a task that recurs needs a due date",
        "it still recurs"
    );
    home.ok(&[
        "edit", "2", "-r", "none", "-p", "none", "-P", "none", "-d", "none",
    ]);
    let task = &home.exported(&["2"])[0];
    for field in ["recur", "anchor", "until", "priority", "project", "due"] {
        assert!(task.get(field).is_none(), "{field} is gone: {task}");
    }
}
