//! The open tests: first the parts, from a date to the store, then the program.

mod support;

use phase7::pty::Terminal;
use serde_json::json;
use task_manager::config::Source;
use task_manager::filter::Filter;
use task_manager::log::{self, MAGIC};
use task_manager::recur::Recurrence;
use task_manager::state::{Kind, State};
use task_manager::{date, task::Status};

use support::{Home, adding, local, now, read_date, task};

/// A day has a first and a last second.
#[phase7::test(points = 1, rule = 1)]
fn days_have_names() {
    let day = |text| read_date(text, &now());
    assert_eq!(day("today"), "2026-11-20T00:00:00..2026-11-20T23:59:59", "today");
    assert_eq!(
        day("tomorrow"),
        "2026-11-21T00:00:00..2026-11-21T23:59:59",
        "tomorrow"
    );
    assert_eq!(
        day("yesterday"),
        "2026-11-19T00:00:00..2026-11-19T23:59:59",
        "yesterday"
    );
    assert_eq!(
        day("mon"),
        "2026-11-23T00:00:00..2026-11-23T23:59:59",
        "the next Monday"
    );
    assert_eq!(
        day("Friday"),
        "2026-11-27T00:00:00..2026-11-27T23:59:59",
        "today is Friday: the next one"
    );
    assert_eq!(
        day("2026-12-24"),
        "2026-12-24T00:00:00..2026-12-24T23:59:59",
        "a date"
    );
}

/// A day and a time are a moment.
#[phase7::test(points = 1, rule = 3)]
fn a_day_and_a_time_are_a_moment() {
    let at = |text| read_date(text, &now());
    for text in [
        "fri 17:00",
        "friday at 5pm",
        "17:00 fri",
        "2026-11-27 17:00",
        "2026-11-27T17:00",
    ] {
        assert_eq!(at(text), "2026-11-27T17:00:00", "{text}");
    }
    assert_eq!(at("noon"), "2026-11-20T12:00:00", "noon is still to come");
    assert_eq!(
        at("9:30"),
        "2026-11-21T09:30:00",
        "half past nine is over: tomorrow"
    );
}

/// Hours lead to a moment, days to a day.
#[phase7::test(points = 1, rule = 2)]
fn an_amount_of_time_leads_on_from_now() {
    let at = |text| read_date(text, &now());
    for text in ["3d", "+3d", "in 3 days", "3 days"] {
        assert_eq!(at(text), "2026-11-23T00:00:00..2026-11-23T23:59:59", "{text}");
    }
    assert_eq!(at("2h"), "2026-11-20T12:00:00", "two hours");
    assert_eq!(at("in 90 min"), "2026-11-20T11:30:00", "ninety minutes");
    assert_eq!(
        at("1m"),
        "2026-12-20T00:00:00..2026-12-20T23:59:59",
        "a month, not a minute"
    );
}

/// What is near is shown in words.
#[phase7::test(points = 1, rule = 6)]
fn dates_are_shown_in_words() {
    let show = |text: &str| date::show(local(text).timestamp(), &now());
    assert_eq!(show("2026-11-20T17:00"), "today 17:00", "a moment");
    assert_eq!(show("2026-11-21T23:59:59"), "tomorrow", "the end of a day");
    assert_eq!(show("2026-11-25T08:05"), "wed 08:05", "within a week");
    assert_eq!(show("2026-12-24T23:59:59"), "2026-12-24", "later");
}

/// Monthly from January 31 means the last day of each month.
#[phase7::test(points = 2, rule = 12)]
fn a_series_remembers_its_first_day() {
    let monthly: Recurrence = "monthly".parse().expect("a recurrence");
    let first = local("2026-01-31T12:00").datetime();
    let mut dates = vec![first];
    for _ in 0..3 {
        let next = monthly.next(first, *dates.last().expect("one is there"));
        dates.push(next.expect("the calendar goes on"));
    }
    let texts: Vec<String> = dates.iter().map(|date| date.date().to_string()).collect();
    assert_eq!(
        texts,
        ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"],
        "the series"
    );
}

/// Recurrences are read and written.
#[phase7::test(points = 1, rule = 11)]
fn recurrences_are_words_or_intervals() {
    let written = |text: &str| {
        text.parse::<Recurrence>()
            .map(|recurrence| recurrence.to_string())
    };
    for text in [
        "daily", "weekdays", "weekly", "monthly", "yearly", "3d", "2w", "6m", "999y",
    ] {
        assert_eq!(written(text).as_deref(), Ok(text), "{text}");
    }
    assert_eq!(written("1w").as_deref(), Ok("weekly"), "an interval with a name");
    assert_eq!(written("P2W").as_deref(), Ok("2w"), "as ISO 8601 has it");
    for text in ["", "sometimes", "0d", "1000d", "-1d", "d", "3"] {
        assert!(written(text).is_err(), "{text:?} is no recurrence");
    }
}

/// Tests side by side must all hold.
#[phase7::test(points = 2, rule = 14)]
fn a_filter_chooses_tasks() {
    let mut garden = task(1, "Rake the leaves");
    garden.project = Some("home.garden".to_owned());
    garden.due = Some(local("2026-11-21T23:59:59").timestamp());
    let mut shop = task(2, "Buy Milk");
    shop.tags = vec!["shop".to_owned()];
    shop.priority = Some("H".parse().expect("a priority"));
    let mut done = task(3, "Buy leaves");
    done.status = Status::Completed;
    let tasks = [garden, shop, done];
    let ids = |text: &str| -> Vec<u64> {
        let filter = Filter::parse(text, &now()).expect("a filter");
        tasks
            .iter()
            .filter(|task| filter.matches(task))
            .map(|task| task.id)
            .collect()
    };
    assert_eq!(ids(""), [1, 2, 3], "nothing is asked for");
    assert_eq!(ids("2"), [2], "an id");
    assert_eq!(ids("+shop"), [2], "a tag");
    assert_eq!(ids("project:home"), [1], "what lies in a project");
    assert_eq!(ids("priority:H"), [2], "a priority");
    assert_eq!(ids("due:tomorrow"), [1], "a day");
    assert_eq!(ids("leaves"), [1, 3], "a word");
    assert_eq!(ids("leaves status:done"), [3], "both");
    assert_eq!(ids("milk or rake"), [1, 2], "one of both, in either case");
    assert_eq!(ids("buy and not (+shop or rake)"), [3], "parentheses");
}

/// A record as it stands in the file, byte by byte.
#[phase7::test(points = 1, rule = 19)]
fn a_record_is_a_line() {
    let record = log::encode(b"{\"kind\":\"add\"}");
    assert_eq!(
        String::from_utf8_lossy(&record),
        "0000000e 2322098e {\"kind\":\"add\"}\n",
        "length, checksum, payload"
    );
}

/// What was written is found again.
#[phase7::test(points = 1, rule = 19)]
fn a_scan_finds_the_records() {
    let bytes = [&MAGIC[..], &log::encode(b"{}"), &log::encode(b"[1]")].concat();
    let scan = log::scan(&bytes).expect("no damage");
    let found: Vec<(usize, &[u8])> = scan
        .records
        .iter()
        .map(|record| (record.offset, record.payload))
        .collect();
    assert_eq!(found, [(8, &b"{}"[..]), (29, b"[1]")], "offsets and payloads");
    assert_eq!(
        (scan.end, scan.torn),
        (bytes.len(), 0),
        "the end of the last record, and what lies behind"
    );
    let empty = log::scan(b"").expect("no damage");
    assert_eq!(
        (empty.records.len(), empty.end),
        (0, 0),
        "a log that was never written to"
    );
}

/// The beginning of a record is no damage; another byte is.
#[phase7::test(points = 2, rule = 22)]
fn a_torn_record_is_not_damage() {
    let whole = [&MAGIC[..], &log::encode(b"{}")].concat();
    let second = log::encode(b"[1,2]");
    let torn = [&whole[..], &second[..second.len() - 1]].concat();
    let scan = log::scan(&torn).expect("a torn record is no damage");
    assert_eq!(
        (scan.records.len(), scan.end, scan.torn),
        (1, whole.len(), second.len() - 1),
        "what is left"
    );
    let mut damaged = [&whole[..], &second[..]].concat();
    let last = damaged.len() - 3;
    damaged[last] ^= 1;
    let damage = log::scan(&damaged).expect_err("a byte is wrong");
    assert_eq!(damage.offset, whole.len(), "where the record begins");
}

/// Ids go up, whatever becomes of the tasks.
#[phase7::test(points = 1, rule = 8)]
fn an_id_is_given_once() {
    let mut state = State::default();
    state.apply(adding(vec![task(1, "a"), task(2, "b")]));
    let mut removal = adding(vec![]);
    (removal.kind, removal.drop) = (Kind::Remove, vec![2]);
    state.apply(removal);
    assert_eq!(
        state.tasks.keys().copied().collect::<Vec<_>>(),
        [1],
        "what is left"
    );
    assert_eq!(
        (state.next_id, state.records),
        (3, 2),
        "the next id, and the transactions so far"
    );
}

/// What one writer commits, a reader finds.
#[phase7::test(points = 2, rule = 20)]
fn a_commit_is_there_to_read() {
    let home = Home::new();
    let store = home.store();
    assert_eq!(
        store.read().expect("it does not exist yet").tasks.len(),
        0,
        "nothing yet"
    );
    let mut writer = store.lock().expect("nobody else writes");
    writer.commit(adding(vec![task(1, "a")])).expect("there is room");
    assert_eq!(
        store.read().expect("no damage").tasks[&1].description,
        "a",
        "while the lock is held"
    );
    writer.commit(adding(vec![task(2, "b")])).expect("there is room");
    drop(writer);
    assert_eq!(store.read().expect("no damage").next_id, 3, "after both");
}

/// Undo takes back the last transaction, then the one before.
#[phase7::test(points = 2, rule = 26)]
fn undo_goes_back_step_by_step() {
    let home = Home::new();
    let mut writer = home.store().lock().expect("nobody else writes");
    writer
        .commit(adding(vec![task(1, "first")]))
        .expect("there is room");
    let mut edit = adding(vec![task(1, "second")]);
    edit.kind = Kind::Edit;
    writer.commit(edit).expect("there is room");
    let (kind, _) = writer
        .undo(now().timestamp())
        .expect("no damage")
        .expect("there is something");
    assert_eq!(
        (kind, writer.state.tasks[&1].description.as_str()),
        (Kind::Edit, "first"),
        "the edit"
    );
    let (kind, _) = writer
        .undo(now().timestamp())
        .expect("no damage")
        .expect("there is something");
    assert_eq!((kind, writer.state.tasks.len()), (Kind::Add, 0), "the add");
    assert!(
        writer.undo(now().timestamp()).expect("no damage").is_none(),
        "nothing is left"
    );
}

/// A list for people.
#[phase7::test(points = 2, rule = 29)]
fn a_list_is_a_table() {
    let home = Home::new();
    insta::assert_snapshot!(home.ok(&["add", "Buy", "milk", "-d", "tomorrow", "-t", "shop", "-p", "H"]), @"added 1: Buy milk (due tomorrow)");
    home.ok(&["add", "Call Ann", "--due", "yesterday"]);
    home.ok(&["add", "Read", "--project", "home.books"]);
    insta::assert_snapshot!(home.ok(&["list"]), @r"
    ID  DUE        P  PROJECT     TAGS  TASK
     2  yesterday                       Call Ann
     1  tomorrow   H              shop  Buy milk
     3                home.books        Read

    3 tasks, 1 overdue
    ");
}

/// A task that recurs comes back when it is done, and undo takes both back.
#[phase7::test(points = 2, rule = 12)]
fn a_recurring_task_comes_back() {
    let home = Home::new();
    home.ok(&["add", "Pay the rent", "--due", "2026-12-01", "--recur", "monthly"]);
    insta::assert_snapshot!(home.ok(&["done", "1"]), @r"
    done 1: Pay the rent
    next 2: Pay the rent (due 2027-01-01)
    ");
    insta::assert_snapshot!(home.ok(&["undo"]), @r"
    undid done
    restored 1: Pay the rent (due 2026-12-01)
    removed 2: Pay the rent (due 2027-01-01)
    ");
    assert_eq!(home.ids(&[]), [1], "the pending tasks");
}

/// Values are changed and taken away.
#[phase7::test(points = 1, rule = 13)]
fn an_edit_changes_what_it_names() {
    let home = Home::new();
    home.ok(&["add", "Buy milk", "-d", "tomorrow", "-t", "shop", "-P", "home"]);
    let text = home.ok(&[
        "edit",
        "1",
        "--description",
        "Buy bread",
        "-d",
        "none",
        "-t",
        "food",
        "--untag",
        "shop",
    ]);
    assert_eq!(text, "edited 1: Buy bread\n", "what is said of it");
    let task = &home.exported(&[])[0];
    assert_eq!(task["description"], "Buy bread", "the description");
    assert_eq!(
        (&task["due"], &task["tags"], &task["project"]),
        (&json!(null), &json!(["food"]), &json!("home")),
        "the rest"
    );
}

/// Without a terminal, what is missing is an error.
#[phase7::test(points = 1, rule = 38)]
fn nobody_is_asked_without_a_terminal() {
    let home = Home::new();
    home.ok(&["add", "a"]);
    assert_eq!(
        home.error(2, &["add"]),
        "add: a description is missing",
        "no description"
    );
    assert_eq!(
        home.error(2, &["remove", "1"]),
        "remove: --yes is missing, and nobody can be asked",
        "no consent"
    );
    assert_eq!(home.ok(&["remove", "1", "--yes"]), "removed 1: a\n", "consent");
}

/// At a terminal, what is missing is asked for.
#[phase7::test(points = 1, rule = 37)]
fn a_removal_is_confirmed_at_a_terminal() {
    let home = Home::new();
    home.ok(&["add", "Buy milk"]);
    let mut terminal = Terminal::spawn_command(home.command(&["remove", "1"]), 24, 80);
    terminal.wait_for("Remove 1: Buy milk?");
    terminal.type_keys("y");
    terminal.wait_for("removed 1: Buy milk");
    assert_eq!(terminal.wait(), 0, "the exit code");
}

/// What one store exports, another one imports.
#[phase7::test(points = 2, rule = 34)]
fn tasks_go_from_store_to_store() {
    let (here, there) = (Home::new(), Home::new());
    here.ok(&[
        "add", "Pay", "-d", "eom", "-r", "monthly", "-P", "home", "-p", "M", "-t", "b", "-t", "a",
    ]);
    here.ok(&["done", "1"]);
    let text = here.ok(&["export"]);
    let import = || {
        there
            .program(&["import"])
            .stdin(text.clone())
            .run()
            .expect_code(0)
            .stdout()
    };
    assert_eq!(
        import(),
        "imported 2 tasks: 2 new, 0 updated, 0 left out\n",
        "the first time"
    );
    assert_eq!(there.ok(&["export"]), text, "nothing is lost");
    assert_eq!(
        import(),
        "imported 2 tasks: 0 new, 2 updated, 0 left out\n",
        "the second time"
    );
}

/// A damaged store is reported, and left as it is.
#[phase7::test(points = 2, rule = 23)]
fn a_damaged_store_is_not_written() {
    let home = Home::new();
    home.ok(&["add", "a"]);
    home.ok(&["add", "b"]);
    let mut bytes = std::fs::read(home.log()).expect("the log is there");
    bytes[40] ^= 0x20;
    home.files.write("tasks.log", &bytes);
    for arguments in [&["list"][..], &["add", "c"], &["undo"], &["export"]] {
        let error = home.error(3, arguments);
        assert!(
            error.contains("tasks.log: damaged at byte 8: "),
            "{arguments:?}: {error}"
        );
    }
    assert_eq!(std::fs::read(home.log()).expect("still there"), bytes, "the file");
}

/// A stronger source wins, setting by setting.
#[phase7::test(points = 1, rule = 39)]
fn settings_come_from_three_sources() {
    let file =
        Source::from_toml("width = 100\nconfirm = false\nformat = \"tsv\"\n", "config.toml").expect("TOML");
    let flags = Source {
        width: Some(80),
        ..Source::default()
    };
    let both = flags.over(file);
    assert_eq!(
        (both.width, both.confirm, both.color),
        (Some(80), Some(false), None),
        "flags over file"
    );
    let error = Source::from_toml("width = 1\ncolour = \"never\"\n", "config.toml").expect_err("no such key");
    assert_eq!(error.place, "config.toml:2", "where it is wrong");
}

/// Completions for three shells.
#[phase7::test(points = 1, rule = 41)]
fn completions_are_printed() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish"] {
        let script = home.ok(&["completions", shell]);
        for word in ["task-manager", "salvage", "untag"] {
            assert!(script.contains(word), "{shell} knows {word}");
        }
    }
}
