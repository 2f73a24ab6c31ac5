//! Rules 20, 21 and 26: crashes, writers side by side, and undo.

use std::collections::BTreeSet;
use std::fs::File;
use std::time::{Duration, Instant};

use phase7::process::Signal;
use phase7::wait;
use task_manager::log;

use super::support::{Home, adding, now, task};

/// Lets so much time pass that the program is at another place each time.
fn spin(duration: Duration) {
    let started = Instant::now();
    while started.elapsed() < duration {
        std::hint::spin_loop();
    }
}

/// Killed at any moment: what was said to be there is there, and nothing else is wrong.
#[phase7::test(points = 3, rule = 20, timeout_s = 30)]
fn a_killed_program_loses_nothing_it_told() {
    let home = Home::new();
    let mut told = BTreeSet::new();
    for round in 0..40_u32 {
        let mut running = home.program(&["add", &format!("Task of round {round}")]).spawn();
        spin(Duration::from_micros(u64::from(round % 20) * 250));
        if round % 4 == 0 {
            running.wait_for_line("added ");
        }
        running.signal(Signal::SIGKILL);
        let output = running.wait();
        if output.stdout().contains('\n') {
            told.insert(round);
        }
        let state = home
            .store()
            .read()
            .unwrap_or_else(|error| panic!("after round {round}: {error}"));
        let there: BTreeSet<u32> = state
            .tasks
            .values()
            .filter_map(|task| task.description.rsplit(' ').next()?.parse().ok())
            .collect();
        assert!(there.is_superset(&told), "told: {told:?}, there: {there:?}");
        assert_eq!(there.len(), state.tasks.len(), "each once");
    }
    assert!(told.len() >= 10, "some were told: {told:?}");
}

/// An import that is killed is there as a whole or not at all.
#[phase7::test(points = 2, rule = 20, timeout_s = 30)]
fn a_killed_import_is_whole_or_absent() {
    const TASKS: usize = 200;
    let home = Home::new();
    let objects: Vec<String> = (0..TASKS)
        .map(|number| format!("{{\"description\":\"Task {number}\"}}"))
        .collect();
    home.files.write("tasks.json", format!("[{}]", objects.join(",")));
    let mut count = 0;
    for round in 0..14_u32 {
        let running = home.program(&["import", "tasks.json"]).spawn();
        // Until the log is touched at all, nothing is at stake.
        let size = || std::fs::metadata(home.log()).map_or(0, |metadata| metadata.len());
        let before = size();
        if round % 2 == 0 {
            wait::until("the log to grow", wait::DEADLINE, || size() != before);
        }
        spin(Duration::from_micros(u64::from(round) * 300));
        running.signal(Signal::SIGKILL);
        let told = running.wait().stdout().contains("imported");
        let now_there = home
            .store()
            .read()
            .unwrap_or_else(|error| panic!("after round {round}: {error}"))
            .tasks
            .len();
        assert!(
            now_there == count || now_there == count + TASKS,
            "{count} tasks before, {now_there} after"
        );
        assert!(!told || now_there == count + TASKS, "what was told is there");
        count = now_there;
    }
    home.run(&["add", "one more"]).expect_code(0);
    assert_eq!(
        home.store().read().expect("no damage").tasks.len(),
        count + 1,
        "the store goes on"
    );
}

/// Writers take turns: no task is lost, no id is given twice.
#[phase7::test(points = 3, rule = 21, timeout_s = 30)]
fn writers_take_turns() {
    const WRITERS: usize = 24;
    let home = Home::new();
    let running: Vec<_> = (0..WRITERS)
        .map(|number| home.program(&["add", &format!("Task {number}")]).spawn())
        .collect();
    let mut ids = BTreeSet::new();
    for running in running {
        let text = running.wait().expect_code(0).stdout();
        let id = text
            .strip_prefix("added ")
            .and_then(|rest| rest.split_once(':'))
            .map(|(id, _)| id.to_owned());
        ids.insert(id.unwrap_or_else(|| panic!("an id in {text:?}")));
    }
    assert_eq!(ids.len(), WRITERS, "ids that were told");
    let state = home.store().read().expect("no damage");
    let names: BTreeSet<&str> = state
        .tasks
        .values()
        .map(|task| task.description.as_str())
        .collect();
    assert_eq!(
        (names.len(), state.tasks.len()),
        (WRITERS, WRITERS),
        "tasks that are there"
    );
}

/// A lock that somebody holds keeps writers waiting, and readers not.
#[phase7::test(points = 2, rule = 21)]
fn readers_do_not_wait() {
    let home = Home::new();
    home.ok(&["add", "a"]);
    let lock = File::options()
        .write(true)
        .open(home.files.join("tasks.log.lock"))
        .expect("the lock lies beside the log");
    lock.lock().expect("nobody else has it");
    let mut writer = home.program(&["add", "b"]).spawn();
    assert_eq!(home.ids(&[]), [1], "a reader");
    assert_eq!(home.exported(&[]).len(), 1, "another one");
    assert!(!writer.has_ended(), "the writer waits");
    lock.unlock().expect("it is held");
    writer.wait_for_line("added 2: b");
    // A writer looks at the log after it has the lock: what was written in between is seen.
    let mut first = home.store().lock().expect("no damage");
    let second = home.program(&["add", "d"]).spawn();
    spin(Duration::from_millis(20));
    first.commit(adding(vec![task(3, "c")])).expect("there is room");
    drop(first);
    assert_eq!(
        second.wait().expect_code(0).stdout(),
        "added 4: d\n",
        "the next id"
    );
}

/// What a reader takes for damage while a writer cuts off a torn record is looked at again under the lock.
#[phase7::test(points = 2, rule = 21)]
fn a_reader_looks_twice() {
    let home = Home::new();
    home.ok(&["add", "a"]);
    let whole = std::fs::read(home.log()).expect("the log is there");
    // What a reader may see that has read half of a torn record before a writer put another one in its place.
    let torn = log::encode(&adding(vec![task(2, "torn")]).to_payload());
    let new = log::encode(&adding(vec![task(2, "Something new, and longer")]).to_payload());
    let mixed = [&whole[..], &torn[..60], &new[60..]].concat();
    let lock = File::options()
        .write(true)
        .open(home.files.join("tasks.log.lock"))
        .expect("the lock lies beside the log");
    lock.lock().expect("nobody else has it");
    // A rename, so that nobody sees a part.
    let put = |bytes: Vec<u8>| {
        let new = home.files.write("other", bytes);
        std::fs::rename(new, home.log()).expect("both are the test's own");
    };
    put(mixed);
    let mut reader = home.program(&["list", "--format=tsv"]).spawn();
    let started = Instant::now();
    while started.elapsed() < Duration::from_millis(300) {
        spin(Duration::from_millis(5));
        assert!(!reader.has_ended(), "it waits: {}", reader.stderr_so_far());
    }
    put([&whole[..], &new[..]].concat());
    lock.unlock().expect("it is held");
    let output = reader.wait().expect_code(0);
    assert_eq!(output.stdout().lines().count(), 2, "both tasks");
}

/// Each undo goes one step further back, past what undo has done.
#[phase7::test(points = 2, rule = 26)]
fn undo_is_not_undone() {
    let home = Home::new();
    home.ok(&["add", "a"]);
    home.ok(&["edit", "1", "-p", "H"]);
    home.ok(&["remove", "-y", "1"]);
    assert_eq!(home.ok(&["undo"]), "undid remove\nrestored 1: a\n", "the removal");
    assert_eq!(
        home.ok(&["undo"]),
        "undid edit\nrestored 1: a\n",
        "the edit, not the undo"
    );
    assert_eq!(home.exported(&[])[0].get("priority"), None, "as it was before");
    home.ok(&["edit", "1", "-p", "L"]);
    assert_eq!(
        home.ok(&["undo"]),
        "undid edit\nrestored 1: a\n",
        "what was done since"
    );
    assert_eq!(
        home.ok(&["undo"]),
        "undid add\nremoved 1: a\n",
        "and then what is left"
    );
    assert_eq!(home.error(1, &["undo"]), "nothing to undo", "the beginning");
    home.program(&["import"])
        .stdin("{\"description\":\"x\"}{\"description\":\"y\"}")
        .run()
        .expect_code(0);
    assert_eq!(
        home.ok(&["undo"]),
        "undid import\nremoved 2: x\nremoved 3: y\n",
        "an import at once"
    );
    let state = home.store().read().expect("no damage");
    assert_eq!(
        (state.tasks.len(), state.next_id),
        (0, 4),
        "the records stand there, and so do the ids"
    );
    assert!(
        now().timestamp() > jiff::Timestamp::UNIX_EPOCH,
        "the present of the tests"
    );
}
