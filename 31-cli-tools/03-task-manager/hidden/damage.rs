//! Rules 19 and 22 to 25: the bytes of the log.

use std::os::unix::fs::{PermissionsExt, symlink};

use task_manager::log::{self, MAGIC};
use task_manager::state::{Kind, Transaction};
use task_manager::writer::{KEPT, RECORDS_MAX};

use super::support::{Home, adding, now, task};

/// A log of these records.
fn log_of(transactions: &[Transaction]) -> Vec<u8> {
    let records = transactions
        .iter()
        .flat_map(|transaction| log::encode(&transaction.to_payload()));
    MAGIC.iter().copied().chain(records).collect()
}

/// A log of tasks 1 to `count`, each added by a transaction of its own, and where its records end.
fn log_with(count: u64) -> (Vec<u8>, Vec<usize>) {
    let transactions: Vec<_> = (1..=count)
        .map(|id| adding(vec![task(id, &format!("Task {id}"))]))
        .collect();
    let ends = (0..=transactions.len())
        .map(|count| log_of(&transactions[..count]).len())
        .collect();
    (log_of(&transactions), ends)
}

/// Wherever a write is cut short, the records before are there and the rest is no damage.
#[phase7::test(points = 3, rule = 22)]
fn a_log_may_be_cut_anywhere() {
    let (bytes, ends) = log_with(4);
    for len in 0..bytes.len() {
        let scan = log::scan(&bytes[..len]).unwrap_or_else(|damage| panic!("cut at {len}: {damage}"));
        let whole = ends.iter().filter(|end| **end <= len).count();
        let end = if whole == 0 { 0 } else { ends[whole - 1] };
        assert_eq!(
            scan.records.len(),
            whole.saturating_sub(1),
            "records, cut at {len}"
        );
        assert_eq!(
            (scan.end, scan.torn),
            (end, len - end),
            "end and rest, cut at {len}"
        );
    }
}

/// Whichever byte is another one, it is damage, found in the record that it stands in.
#[phase7::test(points = 3, rule = 23)]
fn no_byte_changes_unseen() {
    let (bytes, ends) = log_with(3);
    for at in 0..bytes.len() {
        for flip in [0x01, 0x02, 0x10, 0x20, 0x80, b'\n' ^ bytes[at]] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            if damaged == bytes {
                continue;
            }
            let record = ends.iter().rev().find(|end| **end <= at).copied().unwrap_or(0);
            match log::scan(&damaged) {
                Err(damage) => assert_eq!(damage.offset, record, "byte {at} flipped by {flip:#x}"),
                Ok(scan) => panic!(
                    "byte {at} flipped by {flip:#x}: {} records, {} torn",
                    scan.records.len(),
                    scan.torn
                ),
            }
        }
    }
}

/// The next writer cuts a torn record off, whatever its length, and says so; readers say nothing.
#[phase7::test(points = 2, rule = 22)]
fn a_torn_record_goes_with_the_next_write() {
    let home = Home::new();
    let (bytes, ends) = log_with(2);
    let long = log::encode(&adding(vec![task(3, &"long ".repeat(300))]).to_payload());
    for torn in [&bytes[ends[1]..ends[2] - 1], &long[..1000], &long[..1]] {
        home.files.write("tasks.log", [&bytes[..ends[1]], torn].concat());
        assert_eq!(home.ids(&[]), [1], "the reader");
        let output = home.run(&["add", "new"]).expect_code(0);
        let dropped = format!(
            "tasks.log: an unfinished write of {} bytes is dropped\n",
            torn.len()
        );
        assert!(
            output.stderr().ends_with(&dropped),
            "the writer: {}",
            output.stderr()
        );
        assert_eq!(output.stdout(), "added 2: new\n", "the id was not given");
        assert_eq!(
            home.ok(&["undo"]),
            "undid add\nremoved 2: new\n",
            "the log is whole again"
        );
    }
    home.files.write("tasks.log", &MAGIC[..5]);
    assert_eq!(
        home.run(&["add", "new"]).expect_code(0).stdout(),
        "added 1: new\n",
        "a torn header"
    );
}

/// Something else is no log, and a later format is not touched either.
#[phase7::test(points = 1, rule = 23)]
fn other_files_are_left_alone() {
    let home = Home::new();
    for text in ["Dear diary,\n", "%TASKS2\nsomething new\n", "%TASKS1 "] {
        home.files.write("tasks.log", text);
        for arguments in [&["list"][..], &["add", "x"], &["remove", "-y", "1"]] {
            let error = home.error(3, arguments);
            assert!(
                error.contains("tasks.log: damaged at byte 0: "),
                "{arguments:?}: {error}"
            );
        }
        assert_eq!(home.files.read("tasks.log"), text, "the file");
    }
    let (mut bytes, _) = log_with(1);
    for tail in [&b"zzz"[..], b"0000000g", b"00000010_", b"ABCDEF01 "] {
        let damage = log::scan(&[&bytes[..], tail].concat()).expect_err("no record begins like this");
        assert_eq!(damage.offset, bytes.len(), "where it begins: {tail:?}");
    }
    bytes.extend(log::encode(b"{\"kind\":\"conquer\"}"));
    home.files.write("tasks.log", &bytes);
    let error = home.error(3, &["add", "x"]);
    assert!(
        error.contains("; nothing is written, \"export --salvage\" prints what can be read"),
        "a record of a later program: {error}"
    );
    assert_eq!(std::fs::read(home.log()).expect("still there"), bytes, "the file");
}

/// What can be read is printed, what cannot is named, and a new store takes it.
#[phase7::test(points = 3, rule = 24)]
fn a_damaged_store_is_salvaged() {
    let home = Home::new();
    let (bytes, ends) = log_with(5);
    let salvaged = |at: usize, new: u8| {
        let mut damaged = bytes.clone();
        damaged[at] = new;
        home.files.write("tasks.log", &damaged);
        let output = home.run(&["export", "--salvage"]).expect_code(3);
        let tasks: Vec<serde_json::Value> =
            serde_json::from_str(&output.stdout()).expect("an array of tasks");
        assert!(
            output.stderr().contains("tasks.log: damaged at byte "),
            "{}",
            output.stderr()
        );
        assert_eq!(
            std::fs::read(home.log()).expect("still there"),
            damaged,
            "the file"
        );
        tasks
            .iter()
            .filter_map(|task| task["id"].as_u64())
            .collect::<Vec<_>>()
    };
    assert_eq!(salvaged(ends[1] + 40, b'~'), [1, 3, 4, 5], "a byte of a payload");
    assert_eq!(salvaged(ends[1] + 40, b'\n'), [1, 3, 4, 5], "a line feed in it");
    assert_eq!(salvaged(ends[1], b'f'), [1, 3, 4, 5], "a length beyond the end");
    assert_eq!(salvaged(ends[2] - 1, b' '), [1, 2, 3, 4, 5], "a terminator alone");
    assert_eq!(salvaged(ends[4] + 30, b'~'), [1, 2, 3, 4], "the last record");
    assert_eq!(salvaged(0, b'#'), [1, 2, 3, 4, 5], "the header");
    let other = Home::new();
    let text = home.run(&["export", "--salvage"]).stdout();
    other.program(&["import"]).stdin(text).run().expect_code(0);
    assert_eq!(other.ids(&[]), [1, 2, 3, 4, 5], "in a new store");
}

/// A long log becomes a base and its last records: nothing is lost, and what was last can be undone.
#[phase7::test(points = 3, rule = 25)]
fn a_long_log_is_compacted() {
    let home = Home::new();
    let mut transactions = vec![adding(
        (1..=6).map(|id| task(id, &format!("Task {id}"))).collect(),
    )];
    let mut removal = adding(vec![]);
    (removal.kind, removal.drop) = (Kind::Remove, vec![6]);
    transactions.push(removal);
    for count in transactions.len()..RECORDS_MAX {
        let mut edit = adding(vec![task(1, &format!("Edit {count}"))]);
        edit.kind = Kind::Edit;
        transactions.push(edit);
    }
    home.files.write("tasks.log", log_of(&transactions));
    let before = home.store().read().expect("no damage");
    assert_eq!(before.records, RECORDS_MAX, "as long as a log may be");
    let mode = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(home.log(), mode).expect("it is the test's own");

    home.ok(&["edit", "2", "-p", "H"]);
    let after = home.store().read().expect("no damage");
    assert_eq!(after.records, 1 + KEPT, "a base and the last records");
    assert_eq!(
        (after.tasks.len(), after.next_id),
        (5, 7),
        "the tasks, and an id that was never given"
    );
    assert_eq!(
        after.tasks[&1].description,
        format!("Edit {}", RECORDS_MAX - 1),
        "as it was last"
    );
    let mode = std::fs::metadata(home.log())
        .expect("it is there")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640, "whoever might read it may still");

    let mut writer = home.store().lock().expect("no damage");
    for count in 0..KEPT {
        let undone = writer.undo(now().timestamp()).expect("no damage");
        assert!(undone.is_some(), "undo number {count}");
    }
    assert!(
        writer.undo(now().timestamp()).expect("no damage").is_none(),
        "the base cannot be undone"
    );
    let left = format!("Edit {}", RECORDS_MAX - KEPT);
    assert_eq!(
        writer.state.tasks[&1].description, left,
        "as it was before the last {KEPT}"
    );
    writer.compact().expect("there is room");
    writer
        .commit(adding(vec![task(8, "last")]))
        .expect("into the new file");
    assert_eq!(
        home.store().read().expect("no damage").tasks[&8].description,
        "last",
        "who writes on writes to the new file"
    );
}

/// A store is its owner's, and may lie elsewhere.
#[phase7::test(points = 1, rule = 27)]
fn a_store_is_private_and_may_be_a_link() {
    let home = Home::new();
    home.ok(&["--file", "deep/er/tasks", "add", "a"]);
    let mode = std::fs::metadata(home.files.join("deep/er/tasks"))
        .expect("it was made")
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0, "nobody else reads it");
    symlink("deep/er/tasks", home.log()).expect("a link can be made");
    home.ok(&["add", "b"]);
    let mut writer = home.store().lock().expect("no damage");
    for id in 3..=KEPT as u64 + 5 {
        writer
            .commit(adding(vec![task(id, "more")]))
            .expect("there is room");
    }
    writer.compact().expect("there is room");
    drop(writer);
    assert!(home.log().is_symlink(), "the link is still one");
    assert_eq!(
        home.ok(&["--file", "deep/er/tasks", "list", "1"]).lines().last(),
        Some("1 task"),
        "the file is where it was"
    );
}
