//! Rules 14 to 18: filters.

use task_manager::filter::Filter;

use super::support::{Home, local, now, task};

/// The ids of ten tasks that pass: 1 to 3 due on Friday at 17:00, Saturday and Sunday; 4 to 6 with H, M and L; 7 in
/// `home`, 8 in `homework`; 9 tagged; 10 with nothing.
#[track_caller]
fn ids(text: &str) -> Vec<u64> {
    let mut tasks: Vec<_> = (1..=10)
        .map(|id| task(id, &format!("Task number {id}")))
        .collect();
    for (task, due) in
        tasks
            .iter_mut()
            .zip(["2026-11-20T17:00", "2026-11-21T23:59:59", "2026-11-22T23:59:59"])
    {
        task.due = Some(local(due).timestamp());
    }
    for (task, priority) in tasks[3..].iter_mut().zip(["H", "M", "L"]) {
        task.priority = Some(priority.parse().expect("a priority"));
    }
    tasks[6].project = Some("home".to_owned());
    tasks[7].project = Some("homework".to_owned());
    tasks[8].tags = vec!["a:b".to_owned(), "x".to_owned()];
    tasks[9].description = "See http://example.org or (perhaps) 日本".to_owned();
    let filter = Filter::parse(text, &now()).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    tasks
        .iter()
        .filter(|task| filter.matches(task))
        .map(|task| task.id)
        .collect()
}

/// Each field.
#[phase7::test(points = 2, rule = 14)]
fn every_field_has_its_tests() {
    assert_eq!(ids("project:home"), [7], "a name is not a prefix");
    assert_eq!(
        ids("project:none -x"),
        Vec::<u64>::new(),
        "a word that begins with a sign is text"
    );
    assert_eq!(ids("not project:none"), [7, 8], "in any project");
    assert_eq!(ids("+a:b"), [9], "a tag may have an operator in it");
    assert_eq!(ids("tag:x"), [9], "the long way");
    assert_eq!(ids("tag:none 8-10"), [8, 10], "without tags");
    assert_eq!(ids("priority>=M"), [4, 5], "an order");
    assert_eq!(ids("priority<M id:1,5-7"), [1, 6, 7], "none is less than L");
    assert_eq!(
        ids("priority=none due:none project:none tag:none"),
        [10],
        "nothing at all"
    );
    assert_eq!(
        ids("HTTP://example"),
        [10],
        "what has no field is text, in either case"
    );
    assert_eq!(ids("\"or (perhaps)\""), [10], "quotes make text");
    assert_eq!(ids("\"due:none\""), Vec::<u64>::new(), "of fields too");
    assert_eq!(ids("日本"), [10], "in any letters");
    assert_eq!(ids("recur:any"), Vec::<u64>::new(), "none recurs");
}

/// `not` before `and` before `or`; ids side by side are one list.
#[phase7::test(points = 2, rule = 15)]
fn words_bind_like_in_a_sentence() {
    assert_eq!(ids("1 2 5-6 9,10"), [1, 2, 5, 6, 9, 10], "ids");
    assert_eq!(ids("1 2 due:tomorrow"), [2], "and a test");
    assert_eq!(ids("1 or 2 due:tomorrow"), [1, 2], "or binds least");
    assert_eq!(ids("(1 or 2) and due:tomorrow"), [2], "parentheses");
    assert_eq!(ids("not 1-8 or 1"), [1, 9, 10], "not binds most");
    assert_eq!(ids("!1-8 !9"), [10], "as a sign");
    assert_eq!(ids("not not 3"), [3], "twice");
    assert_eq!(ids("!(1-3 or 5-10)"), [4], "of parentheses");
}

/// A day is an interval: before it, in it, behind it.
#[phase7::test(points = 2, rule = 16)]
fn days_are_compared_whole() {
    assert_eq!(ids("due:today"), [1], "within the day");
    assert_eq!(ids("due<tomorrow"), [1], "before its first second");
    assert_eq!(ids("due<=tomorrow"), [1, 2], "until its last");
    assert_eq!(ids("due>today"), [2, 3], "behind its last");
    assert_eq!(ids("due>=today"), [1, 2, 3], "from its first");
    assert_eq!(
        ids("due<today"),
        Vec::<u64>::new(),
        "no date is not before a date"
    );
    assert_eq!(ids("due:\"today 17:00\""), [1], "a moment, in quotes");
    assert_eq!(ids("due<2h"), Vec::<u64>::new(), "an amount");
    assert_eq!(ids("entry=now").len(), 10, "when they were added");
    assert_eq!(ids("end:none").len(), 10, "none is done");
}

/// What is not a filter is refused, with a word on why.
#[phase7::test(points = 1, rule = 14)]
fn wrong_filters_are_refused() {
    let error = |text: &str| match Filter::parse(text, &now()) {
        Ok(filter) => panic!("{text:?} is {filter:?}"),
        Err(error) => error.to_string(),
    };
    assert_eq!(error("due:frid"), "cannot read \"frid\" as due", "a date");
    assert_eq!(error("status:open"), "cannot read \"open\" as status", "a status");
    assert_eq!(error("project:"), "cannot read \"\" as project", "no value");
    assert_eq!(
        error("project<a"),
        "\"project\" can be compared with ':' only",
        "no order"
    );
    assert_eq!(error("\"a"), "a quote is not closed", "a quote");
    assert_eq!(error("(a"), "a parenthesis is not closed", "a parenthesis");
    assert_eq!(error("a )"), "a test is missing before \")\"", "another one");
    assert_eq!(error("a or"), "a test is missing before the end", "an end");
    assert_eq!(error("and a"), "a test is missing before \"and\"", "a beginning");
    assert_eq!(
        error(&"(".repeat(100_000)),
        "nested more than 64 levels deep",
        "the stack is safe"
    );
    let home = Home::new();
    assert_eq!(
        home.error(2, &["list", "due:frid"]),
        "filter: cannot read \"frid\" as due",
        "the program"
    );
}

/// Pending tasks are meant, unless something else is said.
#[phase7::test(points = 1, rule = 17)]
fn pending_tasks_are_meant() {
    let home = Home::new();
    for text in ["a", "b", "c"] {
        home.ok(&["add", text, "-p", "H"]);
    }
    home.ok(&["done", "2"]);
    assert_eq!(home.ids(&["priority:H"]), [1, 3], "a filter of something else");
    assert_eq!(home.ids(&["status:any"]), [1, 2, 3], "any");
    assert_eq!(home.ids(&["status:done"]), [2], "done");
    assert_eq!(home.ids(&["2-3"]), [2, 3], "ids");
    assert_eq!(
        home.ok(&["done", "priority:H"]),
        "done 1: a\ndone 3: c\n",
        "other commands too"
    );
    assert_eq!(
        home.error(1, &["done", "priority:H"]),
        "no task matches",
        "none is left"
    );
    assert_eq!(home.exported(&[]).len(), 3, "an export has all");
}

/// Whoever names an id means that task.
#[phase7::test(points = 1, rule = 18)]
fn a_named_task_must_be_there() {
    let home = Home::new();
    home.ok(&["add", "a"]);
    assert_eq!(
        home.error(1, &["done", "1", "7"]),
        "there is no task 7",
        "one of two"
    );
    assert_eq!(home.ids(&[]), [1], "the other one is not touched");
    assert_eq!(
        home.error(1, &["edit", "(a or 3)", "-p", "H"]),
        "there is no task 3",
        "within a filter"
    );
    assert_eq!(
        home.ok(&["edit", "1-9", "-p", "H"]),
        "edited 1: a\n",
        "a range may have gaps"
    );
    assert_eq!(
        home.ok(&["edit", "a", "not", "8", "-p", "L"]),
        "edited 1: a\n",
        "nor is it meant where it is denied"
    );
    assert_eq!(
        home.error(1, &["remove", "-y", "xyz"]),
        "no task matches",
        "nothing matches"
    );
}
